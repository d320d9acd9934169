package io.kintsugi.server.engine.erasure;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.Erasure.ErasureState;
import io.kintsugi.core.model.Erasure.Means;
import io.kintsugi.core.model.Erasure.StepState;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Erasures.Remains;
import io.kintsugi.core.store.Erasures.Suppression;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Outbox.Marker;
import io.kintsugi.server.engine.audit.AuditJournal;
import io.kintsugi.server.engine.recovery.ConflictJournal;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.Pseudonyms;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Brings one erasure further in one transaction, and has the hub forget once no system has to be asked any more. Used once. */
final class ErasureWork {
    private static final Set<AttributeType> TELLING = EnumSet.of(
            AttributeType.EMAIL, AttributeType.PHONE, AttributeType.IDENTIFIER, AttributeType.PARTIAL_IDENTIFIER);
    private static final int SHORTEST = 5; // shorter texts stand in many a row by chance
    private final HubTransaction tx;
    private final LiveModel model;
    private final Resolver resolver;
    private final ErasureMeans means;
    private final Instant now;

    ErasureWork(HubTransaction tx, LiveModel model, Resolver resolver, ErasureMeans means, Instant now) {
        this.tx = tx;
        this.model = model;
        this.resolver = resolver;
        this.means = means;
        this.now = now;
    }

    /** @return the erasure as it is now; null if nothing has changed */
    Erasure further(String id) {
        var before = tx.erasures().find(List.of(id)).get(id);
        tx.goldens().claim(new TreeSet<>(before.goldenIds()));
        var changes = new ArrayList<OutboundChange>();
        for (var golden : before.goldenIds()) changes.addAll(tx.outbox().ofGolden(golden));
        var joined = ErasureRequest.scope(tx, before.goldenId());
        for (var change : changes) { // a create that was under way
            if (change.target() != null && !joined.containsKey(change.target())) {
                joined.putAll(unseated(change.target()));
            }
        }
        var erasure = tx.erasures().lock(new TreeSet<>(Set.of(id))).get(id);
        if (erasure.state() != ErasureState.RUNNING) return null;
        var after = moved(joinedBy(erasure, joined));
        boolean waits = after.steps().stream().anyMatch(step -> step.state() == StepState.WAITING)
                || changes.stream().anyMatch(change -> awaited(after, change));
        var result = waits ? after : forget(after);
        if (result.equals(erasure)) return null;
        tx.erasures().save(List.of(result));
        return result;
    }

    private Map<RecordKey, SourceRecord> unseated(RecordKey key) {
        return tx.records().lock(new TreeSet<>(Set.of(key)));
    }

    /** Whether the answer to something that was sent may still bring a record about. */
    private static boolean awaited(Erasure erasure, OutboundChange change) {
        if (!change.open()) return false;
        return change.target() == null
                || erasure.steps().stream()
                        .filter(step -> step.state() == StepState.WAITING)
                        .anyMatch(step -> change.target().equals(erasure.target(step)));
    }

    /** Records that became known of the thing since it was asked for go too. */
    private Erasure joinedBy(Erasure erasure, Map<RecordKey, SourceRecord> records) {
        var hashes = Pseudonyms.of(tx);
        var known = new HashSet<String>();
        erasure.steps().forEach(step -> known.add(step.hash()));
        var fresh = new ArrayList<SourceRecord>();
        for (var record : records.values()) if (!known.contains(hashes.of(record.key()))) fresh.add(record);
        if (fresh.isEmpty()) return erasure;
        var steps = new ArrayList<>(erasure.steps());
        var suppressions = new ArrayList<Suppression>();
        for (var record : fresh) {
            steps.add(ErasureRequest.step(record, hashes, means, now));
            suppressions.add(new Suppression(hashes.of(record.key()), erasure.id()));
        }
        steps.sort(Comparator.comparing(Erasure.Step::system).thenComparing(Erasure.Step::hash));
        var after = erasure.withSteps(steps, now);
        ErasureRequest.freeze(tx, resolver, fresh, erasure.by(), now);
        tx.erasures().suppress(suppressions);
        tx.outbox().mark(ErasureRequest.markers(after, now));
        return after;
    }

    /** What is known of the records that the hub was to delete. */
    private Erasure moved(Erasure erasure) {
        var keys = new TreeSet<RecordKey>();
        for (var step : erasure.steps()) if (step.state() == StepState.WAITING) keys.add(erasure.target(step));
        if (keys.isEmpty()) return erasure;
        var records = tx.records().lock(keys);
        var changes = new HashMap<RecordKey, OutboundChange>();
        tx.outbox()
                .lock(new TreeSet<>(keys.stream().map(OutboundChange::updateKey).toList()))
                .values()
                .forEach(change -> changes.put(change.target(), change));
        var marks = new ArrayList<Marker>();
        var after = erasure.withSteps(
                step -> {
                    var key = erasure.target(step);
                    if (step.state() != StepState.WAITING) return step;
                    var record = records.get(key);
                    if (record == null || record.state().gone()) return gone(step);
                    var change = changes.get(key);
                    if (change == null || change.state() == OutboundState.SETTLED) {
                        marks.add(new Marker(
                                erasure.goldenId(), key.system(), key.entityType(), key, now, Cause.DECISION));
                        return step;
                    }
                    boolean rests = change.state() == OutboundState.PARKED || change.state() == OutboundState.HELD;
                    return rests ? step.to(StepState.BY_HAND, refused(step, change), now) : step;
                },
                now);
        tx.outbox().mark(marks);
        return after;
    }

    private Erasure.Step gone(Erasure.Step step) {
        return means.of(step.system(), step.stream()) == Means.ARCHIVE
                ? step.to(
                        StepState.BY_HAND,
                        step.system() + " archived it and keeps it; delete it there for good, then say so here",
                        now)
                : step.to(StepState.TOLD, null, now);
    }

    /** What a system said may hold values of the record, so only its kind is kept. */
    private static String refused(Erasure.Step step, OutboundChange change) {
        boolean asked = change.intent() != null && change.intent().kind() == Intent.Kind.DELETE;
        var problem = String.valueOf(change.problem());
        int end = problem.indexOf(':');
        var code = end > 0 && problem.substring(0, end).matches("[A-Z_]{3,40}")
                ? " (" + problem.substring(0, end) + ")"
                : "";
        return asked ? step.system() + " did not delete it" + code : "it could not be sent to " + step.system();
    }

    /** The hub forgets everything but the ids of the goldens. The erasure is not saved. */
    Erasure forget(Erasure erasure) {
        var joined = ErasureRequest.scope(tx, erasure.goldenId());
        var keys = new TreeSet<>(joined.keySet());
        for (var step : erasure.steps()) if (step.externalId() != null) keys.add(erasure.target(step));
        var type = model.rules(erasure.entityType()).type();
        var matcher = model.rules(erasure.entityType()).matcher();
        var blocks = new TreeSet<String>();
        var texts = new HashSet<String>(erasure.goldenIds());
        for (var record : tx.records().lock(keys).values()) {
            var held = new ArrayList<>(List.of(record.attributes(), record.evidence()));
            tx.records().revisions(record.key(), Integer.MAX_VALUE).forEach(was -> held.add(was.attributes()));
            texts.add(record.key().toString());
            for (var values : held) {
                blocks.addAll(matcher.blockKeys(matcher.profile(record.key(), values)));
                for (var attribute : type.attributes()) addTelling(texts, attribute, values);
            }
        }
        var children = tx.references().to(keys);
        children.removeAll(keys);
        AuditJournal.forget(tx, model.get(), keys, now);
        ConflictJournal.forget(tx, new HashSet<>(erasure.goldenIds()), keys, now);
        var removed = new TreeMap<>(tx.erasures()
                .remove(new Remains(
                        new HashSet<>(erasure.goldenIds()),
                        keys,
                        blocks,
                        texts,
                        now,
                        model.rules(erasure.entityType()).policies())));
        tx.records().markPending(children);
        return erasure.removed(removed, now);
    }

    private static void addTelling(Set<String> texts, Attribute attribute, Map<String, String> values) {
        var value = values.get(attribute.name());
        if (value != null && value.length() >= SHORTEST && TELLING.contains(attribute.type())) texts.add(value);
    }
}
