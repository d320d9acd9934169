package io.kintsugi.server.engine.outbound;

import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent.Refusal;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.engine.deletion.DeletionBook;
import io.kintsugi.server.engine.resolution.Adoption;
import io.kintsugi.server.engine.resolution.Folds;
import io.kintsugi.server.engine.resolution.ForeignChanges;
import io.kintsugi.server.engine.shared.Children;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.ReferenceBook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Step 13: records what is known of sent changes, a batch at a time: the number of queries does not depend on how many there are.
 * The same outcome twice has the effect of one, because an intent that is no longer open is left alone.
 */
public final class Settlement {
    private final LiveModel model;

    Settlement(LiveModel model) {
        this.model = model;
    }

    /**
     * @param sent with the intent that was sent
     * @param target what the system was believed to hold when it was sent; null for a create
     */
    record Finding(OutboundChange sent, SourceRecord target, Outcome outcome) {}

    /**
     * Stores outcomes of one stream.
     *
     * @return records of the stream that somebody changed meanwhile, to be read and taken in before the next try
     */
    Set<String> settle(HubTransaction tx, String stream, Collection<Finding> findings, Instant now) {
        var done = findings.stream()
                .filter(finding -> finding.outcome() instanceof Outcome.Done)
                .map(Finding::sent)
                .toList();
        var goldens = Adoption.read(tx, model.get(), done);
        var records = new TreeSet<>(goldens.partners());
        var keys = new TreeSet<String>();
        for (var finding : findings) {
            keys.add(finding.sent().key());
            if (finding.outcome() instanceof Outcome.Restored || finding.outcome() instanceof Outcome.Folded)
                records.add(finding.sent().intent().into());
            if (finding.sent().target() != null) records.add(finding.sent().target());
            else if (finding.outcome() instanceof Outcome.Done at) records.add(created(finding.sent(), at));
        }
        var deleted = findings.stream()
                .filter(finding -> finding.outcome() instanceof Outcome.Deleted)
                .map(finding -> finding.sent().target())
                .toList();
        var buried = Folds.into(tx, deleted);
        records.addAll(buried);
        var held = tx.records().lock(records); // records before the outbox, each in order
        var changes = tx.outbox().lock(keys);
        var apart = apart(tx, findings);
        var result = new Result(goldens, held, stream, now);
        for (var found : findings) {
            var finding = blockedForGood(found, apart);
            var change = changes.get(finding.sent().key());
            if (change != null
                    && change.open()
                    && change.intent().id().equals(finding.sent().intent().id())) result.take(change, finding);
        }
        for (var key : buried) result.buried(key);
        result.save(tx);
        return result.reread;
    }

    /** Records in the way of others that were taken out of their golden: they stay what they are until a person says otherwise. */
    private static Set<RecordKey> apart(HubTransaction tx, Collection<Finding> findings) {
        var inTheWay = new TreeSet<RecordKey>();
        for (var finding : findings) inTheWay.addAll(inTheWay(finding));
        var apart = new TreeSet<RecordKey>();
        if (inTheWay.isEmpty()) return apart;
        tx.records().find(inTheWay).values().stream()
                .filter(record -> record.state() == RecordState.DISCONNECTED || record.state() == RecordState.SEVERED)
                .forEach(record -> apart.add(record.key()));
        return apart;
    }

    private static List<RecordKey> inTheWay(Finding finding) {
        if (!(finding.outcome() instanceof Outcome.InTheWay found)) return List.of();
        var change = finding.sent();
        return found.ids().stream()
                .map(id -> new RecordKey(change.system(), change.entityType(), id))
                .toList();
    }

    private static Finding blockedForGood(Finding finding, Set<RecordKey> apart) {
        var blocking = inTheWay(finding).stream().filter(apart::contains).toList();
        if (blocking.isEmpty()) return finding;
        var names = blocking.stream().map(RecordKey::externalId).collect(Collectors.joining(", "));
        var why = names + " is in the way, and was taken out of its golden record; take it back there, or change or"
                + " delete it in " + finding.sent().system() + ", then retry. "
                + ((Outcome.InTheWay) finding.outcome()).why();
        return new Finding(finding.sent(), finding.target(), new Outcome.Stuck(why));
    }

    private static RecordKey created(OutboundChange create, Outcome.Done done) {
        return new RecordKey(create.system(), create.entityType(), done.externalId());
    }

    /** What a batch changes; decided without the store. */
    private final class Result {
        private final Adoption goldens;
        private final Map<RecordKey, SourceRecord> held;
        private final String stream;
        private final Instant now;
        private final Map<RecordKey, SourceRecord> records = new HashMap<>();
        private final List<Link> links = new ArrayList<>();
        private final List<OutboundChange> changes = new ArrayList<>();
        private final Map<RecordKey, RecordKey> places = new HashMap<>();
        private final Set<String> reread = new TreeSet<>();

        Result(Adoption goldens, Map<RecordKey, SourceRecord> held, String stream, Instant now) {
            this.goldens = goldens;
            this.held = held;
            this.stream = stream;
            this.now = now;
        }

        void take(OutboundChange change, Finding finding) {
            boolean create = change.intent().kind().adds();
            // what was observed while the write was under way could not be told from it, so it is read again
            boolean touched = !create && !Objects.equals(held.get(change.target()), finding.target());
            if (finding.outcome() instanceof Outcome.Deleted) {
                deleted(change);
            } else if (finding.outcome() instanceof Outcome.Folded) {
                folded(change);
            } else if (finding.outcome() instanceof Outcome.Restored) {
                changes.add(settled(change, held.get(change.intent().into()), now));
            } else if (!(finding.outcome() instanceof Outcome.Done done)) {
                boolean known =
                        !(finding.outcome() instanceof Outcome.Unknown || finding.outcome() instanceof Outcome.Unread);
                boolean asked = finding.outcome() instanceof Outcome.Again again && again.reread();
                if (!create && (asked || touched && known))
                    reread.add(change.target().externalId());
                if (finding.outcome() instanceof Outcome.InTheWay found) reread.addAll(found.ids());
                changes.add(finding.outcome().applyTo(change, now));
            } else if (create) {
                created(change, done);
            } else {
                if (touched) reread.add(change.target().externalId());
                updated(change, done, touched);
            }
        }

        private void created(OutboundChange change, Outcome.Done done) {
            var key = Settlement.created(change, done);
            var seen = done.held() != null
                    ? done.held()
                    : new Observation(key, stream, change.intent().values(), null, null);
            var record = goldens.record(
                    change,
                    seen,
                    done.proven(),
                    model.rules(change.entityType()).attributeTypes(),
                    now);
            records.put(record.key(), Outbound.adopted(held.get(key), record, change.intent()));
            links.addAll(goldens.links(change, record, now));
            goldens.replaced(change).ifPresent(replaced -> {
                var before = held.getOrDefault(replaced.key(), replaced);
                if (before.state() == RecordState.RETURNING && !before.key().equals(key)) {
                    records.put(before.key(), before.withState(RecordState.MERGED));
                    places.put(before.key(), key);
                }
            });
            changes.add(settled(change, records.get(record.key()), now));
        }

        private void deleted(OutboundChange change) {
            var record = held.get(change.target());
            if (record != null && record.state() != RecordState.DELETED) {
                records.put(record.key(), record.withState(RecordState.DELETED));
            }
            changes.add(Outcome.change(change, OutboundState.SETTLED, null, now, 0, now));
        }

        /** What went into a record that is deleted goes with it. */
        private void buried(RecordKey key) {
            var record = held.get(key);
            if (record != null && record.state() == RecordState.FOLDED) {
                records.put(key, record.withState(RecordState.DELETED));
            }
        }

        private void folded(OutboundChange change) {
            var record = held.get(change.target());
            if (record != null && record.state() == RecordState.LIVE) {
                var into = held.get(change.intent().into());
                boolean there = into == null || into.state() != RecordState.DELETED;
                records.put(record.key(), record.withState(there ? RecordState.FOLDED : RecordState.DELETED));
                links.add(Folds.link(record.key(), change.intent().into(), now));
            }
            changes.add(Outcome.change(change, OutboundState.SETTLED, null, now, 0, now));
        }

        private void updated(OutboundChange change, Outcome.Done done, boolean touched) {
            var target = held.get(change.target());
            var seen = touched && done.held() != null ? sentOnly(done.held(), change, target) : done.held();
            var record = Outbound.confirm(
                    target,
                    change.target(),
                    stream,
                    change.intent(),
                    seen,
                    done.proven(),
                    goldens.sourceTimes(change),
                    model.rules(change.entityType()).attributeTypes(),
                    now);
            var authority = model.rules(change.entityType()).authority();
            var held = Outbound.holdForeign(
                    target, record, attribute -> ForeignChanges.mayHold(authority, attribute)); // seen when read back
            records.put(held.key(), held);
            changes.add(settled(change, held, now));
        }

        void save(HubTransaction tx) {
            tx.records().save(records.values(), now);
            new ReferenceBook(tx, model.get()).note(records.values());
            tx.links().save(links);
            tx.records().markPending(records.keySet());
            DeletionBook.follow(tx, places, now);
            tx.outbox().save(changes);
            Children.released(tx, model.get(), held, records.values(), now);
        }
    }

    /** Of a reply that is older than what was observed since, only what answers the write counts. */
    private static Observation sentOnly(Observation seen, OutboundChange change, SourceRecord target) {
        var values = new HashMap<>(seen.attributes());
        values.keySet().retainAll(change.intent().values().keySet());
        return new Observation(
                seen.key(), seen.stream(), values, seen.sourceAt(), target == null ? null : target.version());
    }

    /**
     * A change whose write is there: settled, due again if it was marked meanwhile, parked if a person has to look. What was created may
     * be another thing by then, so that one is to be created once more; what is to be asked about it is asked at the record itself.
     */
    public static OutboundChange settled(OutboundChange change, SourceRecord record, Instant now) {
        boolean adds = change.intent().kind().adds();
        Collection<String> undecided = adds ? Set.of() : Outbound.held(record);
        var heldBack = adds ? Map.<String, Refusal>of() : change.intent().heldBack();
        var problem = !undecided.isEmpty() ? undecided(undecided) : heldBack.isEmpty() ? null : heldBack(heldBack);
        var state = !undecided.isEmpty() || problem != null && !change.dirty()
                ? OutboundState.PARKED
                : change.dirty() ? OutboundState.DUE : OutboundState.SETTLED;
        return new OutboundChange(
                change.key(),
                change.goldenId(),
                change.system(),
                change.entityType(),
                adds && change.dirty() ? null : record.key(),
                state,
                false,
                change.markedAt(),
                now,
                0,
                null,
                change.intent(),
                problem,
                now,
                change.cause());
    }

    /** Why attributes are held, and what a person can do. */
    static String undecided(Collection<String> attributes) {
        return "it is not known whose value " + String.join(", ", attributes)
                + " has now: it is neither what was there nor what was sent. Retry to write the golden value over it, "
                + "or change it in the system once more to keep that";
    }

    /** Which values a system refused, and what becomes of them. */
    static String heldBack(Map<String, Refusal> heldBack) {
        var reasons = new ArrayList<String>();
        new TreeMap<>(heldBack)
                .forEach((attribute, refusal) -> reasons.add(attribute + " is held back: " + refusal.why()));
        return String.join("; ", reasons)
                + ". It is sent again when its golden value changes, or by a retry. All that can be sent without it is sent";
    }
}
