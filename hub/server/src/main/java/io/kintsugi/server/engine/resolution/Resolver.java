package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.lifecycle.GivenBack;
import io.kintsugi.core.lifecycle.ResolutionPlan;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.deletion.Deleting;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.Memory;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * Steps 4 to 10 of the flow: pending records → links, clusters, goldens, outbox, in one transaction per batch. Thread-safe; any
 * number of resolvers may work on one store, because each claims block keys and then goldens before it reads what it decides on.
 */
public final class Resolver {
    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final Ids ids;
    private final HubEvents events;
    private final Memory memory;

    public Resolver(HubStore store, LiveModel model, Clock clock, Ids ids, HubEvents events) {
        this(store, model, clock, ids, events, Memory.empty());
    }

    private Resolver(HubStore store, LiveModel model, Clock clock, Ids ids, HubEvents events, Memory memory) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.ids = ids;
        this.events = events;
        this.memory = memory;
    }

    /** One that works by the same rules and remembers other things. */
    public Resolver with(Memory other) {
        return new Resolver(store, model, clock, ids, events, other);
    }

    /**
     * Why a resolution is run, beyond records that changed.
     *
     * @param chosen ids a steward chose to survive
     * @param by user or rule set
     * @param back what is given back to retired goldens
     */
    public record Occasion(
            Origin origin, Set<String> chosen, String by, String note, List<PairKey> links, GivenBack back) {
        /** Records changed, and the rules decide. */
        public static final Occasion RULES = new Occasion(Origin.RULE, Set.of(), "rules", null, List.of());

        public Occasion(Origin origin, Set<String> chosen, String by, String note, List<PairKey> links) {
            this(origin, chosen, by, note, links, GivenBack.NOTHING);
        }

        /** Two records in their order. */
        public record PairKey(RecordKey a, RecordKey b) {
            public static PairKey of(RecordKey a, RecordKey b) {
                return a.compareTo(b) < 0 ? new PairKey(a, b) : new PairKey(b, a);
            }
        }
    }

    /** What a resolution did, by golden. */
    public record Outcome(
            int records,
            List<GoldenRecord> goldens,
            List<GoldenRevision> revisions,
            List<ResolutionPlan.Absorption> absorptions,
            int openedReviews,
            List<ForeignChanges.Alert> alerts) {
        public static final Outcome NOTHING = new Outcome(0, List.of(), List.of(), List.of(), 0, List.of());
    }

    /** Resolves up to {@code limit} pending records. Returns how many it resolved; 0 when none waits. */
    public int resolvePending(int limit) {
        var batch = store.read(tx -> tx.records().pending(limit));
        if (!batch.isEmpty()) return resolve(batch);
        return wakeDue(limit) ? resolvePending(limit) : 0;
    }

    /**
     * Does what time brings: goldens whose values it has changed (trust that decayed, a steward's value that ended) wait for
     * resolution, and deletions whose grace is over go on.
     *
     * @return whether there was anything
     */
    boolean wakeDue(int limit) {
        boolean values = wakeValues(limit);
        return bringDeletionsFurther(limit) || values;
    }

    /** Only while nothing waits for resolution: a record that waits may be an edit that keeps something from being deleted. */
    private boolean bringDeletionsFurther(int limit) {
        var due = store.read(tx -> tx.deletions().due(clock.instant(), limit));
        if (due.isEmpty()) return false;
        store.write(tx -> {
            new Deleting(tx, model, clock.instant()).bringFurther(due);
            return null;
        });
        return true;
    }

    private boolean wakeValues(int limit) {
        var now = clock.instant();
        if (store.read(tx -> tx.goldens().due(now, limit)).isEmpty()) return false;
        return store.write(tx -> {
            var due = tx.goldens().due(now, limit);
            var wake = new ArrayList<RecordKey>();
            tx.goldens().members(due).values().forEach(members -> members.stream()
                    .map(member -> member.record())
                    .filter(record -> record.state() == RecordState.LIVE)
                    .findFirst()
                    .ifPresent(record -> wake.add(record.key())));
            tx.records().markPending(wake);
            return !wake.isEmpty();
        });
    }

    /** Resolves those of the records that still wait. Doing it twice is the same as once. */
    public int resolve(Collection<RecordKey> batch) {
        var outcome = store.write(tx -> byType(
                batch, (type, keys) -> resolution(tx, type, Occasion.RULES).runPending(keys)));
        announce(outcome);
        return outcome.records();
    }

    /** Brings a record into the form in which it is compared, so that its resolution finds it in memory. */
    public void prepare(RecordKey key, Map<String, String> attributes) {
        var matcher = model.rules(key.entityType()).matcher();
        var hash = ContentHash.of(attributes);
        if (memory.profiles().find(matcher, key, hash) == null) {
            memory.profiles().keep(matcher, hash, matcher.profile(key, attributes));
        }
    }

    /** Forgets what it remembers of records, because some of them were erased. Costs time only. */
    public void forget() {
        memory.profiles().clear();
    }

    /** Resolves records within the caller's transaction, pending or not. The caller announces the outcome after the commit. */
    public Outcome resolve(HubTransaction tx, Collection<RecordKey> records, Occasion occasion) {
        return byType(records, (type, keys) -> resolution(tx, type, occasion).run(keys));
    }

    private Resolution resolution(HubTransaction tx, String entityType, Occasion occasion) {
        return new Resolution(tx, model.get(), model.rules(entityType), ids, clock.instant(), occasion, memory);
    }

    /** Versions of the policies by which records of a type are resolved now. */
    String policies(String entityType) {
        return model.get().policies(entityType);
    }

    private static Outcome byType(
            Collection<RecordKey> records, BiFunction<String, SortedSet<RecordKey>, Outcome> resolution) {
        var byType = new TreeMap<String, SortedSet<RecordKey>>();
        for (var key : records) {
            byType.computeIfAbsent(key.entityType(), t -> new TreeSet<>()).add(key);
        }
        var outcomes = new ArrayList<Outcome>();
        byType.forEach((type, keys) -> outcomes.add(resolution.apply(type, keys)));
        return outcomes.size() == 1 ? outcomes.get(0) : join(outcomes);
    }

    /** Tells listeners what a resolution did. Called after its commit. */
    public void announce(Outcome outcome) {
        if (outcome.revisions().size() > 200) { // a bulk load: one event says that much happened
            events.publish("golden.changed", Map.of("count", outcome.revisions().size()));
        } else {
            for (var revision : outcome.revisions()) {
                events.publish(
                        "golden.changed",
                        Map.of(
                                "id", revision.goldenId(),
                                "entityType", revision.entityType(),
                                "revision", revision.revision(),
                                "cause", revision.cause().name(),
                                "at", revision.at()));
            }
        }
        for (var alert : outcome.alerts()) {
            events.publish(
                    "authority.alert",
                    Map.of(
                            "golden", alert.golden(),
                            "record", alert.record().toString(),
                            "attribute", alert.attribute()));
        }
        if (outcome.openedReviews() > 0) {
            events.publish("review.changed", Map.of("opened", outcome.openedReviews()));
        }
    }

    /** What several resolutions did, as one. */
    public static Outcome join(List<Outcome> outcomes) {
        var goldens = new ArrayList<GoldenRecord>();
        var revisions = new ArrayList<GoldenRevision>();
        var absorptions = new ArrayList<ResolutionPlan.Absorption>();
        var alerts = new ArrayList<ForeignChanges.Alert>();
        int records = 0;
        int reviews = 0;
        for (var outcome : outcomes) {
            records += outcome.records();
            reviews += outcome.openedReviews();
            goldens.addAll(outcome.goldens());
            revisions.addAll(outcome.revisions());
            absorptions.addAll(outcome.absorptions());
            alerts.addAll(outcome.alerts());
        }
        return new Outcome(records, goldens, revisions, absorptions, reviews, alerts);
    }
}
