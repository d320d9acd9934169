package io.kintsugi.server.engine.explain;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.MatchDecision;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.survivorship.Survivors.Choice;
import io.kintsugi.core.survivorship.Survivorship;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.ProfileCache;
import io.kintsugi.server.engine.shared.Profiles;
import io.kintsugi.server.engine.shared.ReferenceBook;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Says why: why two records are (not) the same, why a value survived, what a description would match. Reads only; thread-safe. */
public final class Explanations {
    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;

    public Explanations(HubStore store, LiveModel model, Clock clock) {
        this.store = store;
        this.model = model;
        this.clock = clock;
    }

    /**
     * Compares two records as they are now, whatever was decided before; also answers why they are <em>not</em> the same.
     *
     * @throws HubException with {@code NOT_FOUND} if one is unknown, {@code UNPROCESSABLE} if their types differ
     */
    public MatchDecision compare(RecordKey a, RecordKey b) {
        if (!a.entityType().equals(b.entityType())) {
            throw new HubException(
                    HubErrorCode.UNPROCESSABLE,
                    a + " and " + b + " are of different entity types and are never compared");
        }
        var records = store.read(tx -> tx.records().find(List.of(a, b)));
        for (var key : List.of(a, b)) {
            if (!records.containsKey(key)) throw new HubException(HubErrorCode.NOT_FOUND, "there is no record " + key);
        }
        var matcher = model.rules(a.entityType()).matcher();
        boolean ordered = a.compareTo(b) <= 0;
        var one = records.get(ordered ? a : b);
        var other = records.get(ordered ? b : a);
        var profiles = new Profiles(matcher, new ProfileCache());
        store.read(tx -> {
            profiles.learn(tx, List.of(profiles.whole(one), profiles.whole(other)));
            return null;
        });
        return matcher.compare(profiles.of(one), profiles.of(other));
    }

    /** A record that fits a description. */
    public record Scored(RecordKey record, String goldenId, MatchDecision decision) {}

    /**
     * Finds records that a description would match, best first, without writing anything.
     *
     * @return at most {@code limit}; empty if nothing in the description identifies anything
     */
    public List<Scored> search(String entityType, Map<String, String> attributes, int limit) {
        var rules = model.rules(entityType);
        var asked = rules.matcher().profile(new RecordKey("search", entityType, "search"), attributes);
        var keys = rules.matcher().blockKeys(asked);
        if (keys.isEmpty()) return List.of();
        return store.read(tx -> {
            var found = new ArrayList<Scored>();
            var around = tx.blocks().near(keys, rules.matching().maxBlock());
            var profiles = new Profiles(rules.matcher(), new ProfileCache());
            var whole = new ArrayList<>(List.of(asked));
            for (var near : around) whole.add(profiles.whole(near.record()));
            if (!around.isEmpty()) profiles.learn(tx, whole);
            for (var near : around) {
                var decision = rules.matcher().compare(profiles.telling(asked), profiles.of(near.record()));
                if (decision.decision() != Decision.NO_MATCH) {
                    found.add(new Scored(near.record().key(), near.goldenId(), decision));
                }
            }
            found.sort(Comparator.comparingDouble((Scored s) -> -s.decision().score())
                    .thenComparing(Scored::record));
            return List.copyOf(found.subList(0, Math.min(limit, found.size())));
        });
    }

    /**
     * How one value was decided.
     *
     * @param choice among the values as they are now
     * @param policyVersion version of the policy
     */
    public record Value(Choice choice, long policyVersion) {}

    /**
     * How each attribute of a golden is decided (DA-4).
     *
     * @throws HubException with {@code NOT_FOUND} if there is no such golden
     */
    public Map<String, Value> values(String goldenId) {
        var id = store.read(tx -> tx.goldens().currentId(goldenId));
        var golden = store.read(tx -> tx.goldens().find(List.of(id)).get(id));
        if (golden == null) throw new HubException(HubErrorCode.NOT_FOUND, "there is no golden record " + goldenId);
        var type = model.rules(golden.entityType()).type();
        var members = store.read(tx -> {
            var records = tx.goldens().members(List.of(id)).getOrDefault(id, List.of()).stream()
                    .map(member -> member.record())
                    .toList();
            var referents = new ReferenceBook(tx, model.get()).read(type, records, List.of(golden));
            return records.stream().map(referents::inGoldenTerms).toList();
        });
        var authority = model.rules(golden.entityType()).authority();
        var values = new TreeMap<String, Value>();
        Survivorship.survive(members, authority, golden.stewardValues(), clock.instant())
                .choices()
                .forEach((attribute, choice) -> values.put(attribute, new Value(choice, authority.version())));
        return values;
    }
}
