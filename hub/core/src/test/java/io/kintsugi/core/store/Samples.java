package io.kintsugi.core.store;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Evidence;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.model.SourceRecord;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Small valid things of the model for tests; whatever a test does not care about has one fixed value. */
public final class Samples {
    private Samples() {}

    /** Some seconds after a fixed instant that has nanoseconds. */
    public static Instant at(long seconds) {
        return Instant.parse("2026-03-01T08:00:00.123456789Z").plusSeconds(seconds);
    }

    /** Key of a contact. */
    public static RecordKey key(String system, String id) {
        return new RecordKey(system, "contact", id);
    }

    public static SortedKeys keys(RecordKey... keys) {
        return new SortedKeys(keys);
    }

    /** Sorted keys, short to write. */
    public static final class SortedKeys extends TreeSet<RecordKey> {
        private static final long serialVersionUID = 1L;

        private SortedKeys(RecordKey... keys) {
            super(Arrays.asList(keys));
        }
    }

    public static TreeSet<String> sorted(String... words) {
        return new TreeSet<>(Arrays.asList(words));
    }

    /** A live contact; attributes are pairs of name and value. */
    public static SourceRecord record(RecordKey key, String... attributes) {
        return SourceRecord.observed(key, "contacts", map(attributes), at(-60), at(0), "v1");
    }

    /** The same, seen later. */
    public static SourceRecord recordAt(RecordKey key, long seconds, String... attributes) {
        return SourceRecord.observed(key, "contacts", map(attributes), null, at(seconds), null);
    }

    public static Map<String, String> map(String... pairs) {
        var map = new TreeMap<String, String>();
        for (int i = 0; i < pairs.length; i += 2) map.put(pairs[i], pairs[i + 1]);
        return map;
    }

    /** A contact in use, changed when it was created; attributes are pairs of name and value. */
    public static GoldenRecord golden(String id, String... attributes) {
        return goldenAt(id, 0, attributes);
    }

    public static GoldenRecord goldenAt(String id, long seconds, String... attributes) {
        var values = new TreeMap<String, GoldenValue>();
        map(attributes).forEach((name, value) -> values.put(name, value(value)));
        return new GoldenRecord(id, "contact", GoldenState.ACTIVE, 1, values, null, at(seconds), at(seconds));
    }

    /** A deletion seen some seconds after {@link #at}(0), with nothing to be done yet. */
    public static Deletion deletion(String id, RecordKey origin, long seconds) {
        return new Deletion(
                id,
                origin,
                origin.entityType(),
                null,
                Deletion.Evidence.FEED,
                Deletion.DeletionState.SEEN,
                List.of(),
                at(seconds),
                1,
                at(seconds),
                null);
    }

    /** A step that deletes; {@code seconds} is when it is due if it moves. */
    public static Deletion.Step step(String system, RecordKey target, Deletion.StepState state, long seconds) {
        return new Deletion.Step(
                system,
                target,
                Deletion.Action.PROPAGATE,
                state,
                null,
                null,
                state.moves() ? at(seconds) : null,
                at(1));
    }

    public static GoldenValue value(String value) {
        return new GoldenValue(value, 7, key("crm", "1"), null, "SYSTEM_RANK", 1);
    }

    public static GoldenRecord retired(String id, String into) {
        return new GoldenRecord(id, "contact", GoldenState.RETIRED, 2, Map.of(), into, at(0), at(1));
    }

    public static GoldenRecord deleted(String id) {
        return new GoldenRecord(id, "contact", GoldenState.DELETED, 2, Map.of(), null, at(0), at(1));
    }

    /** A change without details. */
    /** A golden without records, that keeps a value it had from one. */
    public static GoldenRecord leftBehind(String id, RecordKey from, String attribute, String value) {
        var kept = new GoldenValue(value, 1, from, null, "rule", 1);
        return new GoldenRecord(id, "contact", GoldenState.DELETED, 1, Map.of(attribute, kept), null, at(0), at(0));
    }

    public static GoldenRevision revision(String goldenId, long revision) {
        return new GoldenRevision(
                goldenId,
                "contact",
                0,
                revision,
                at(revision),
                Cause.UPDATED,
                List.of(),
                List.of(),
                List.of(),
                null,
                null);
    }

    public static Membership member(RecordKey record, String goldenId, String... contributes) {
        return new Membership(record, goldenId, at(0), Origin.RULE, Set.of(contributes));
    }

    /** An active match. */
    public static Link link(RecordKey a, RecordKey b, Origin origin) {
        return new Link(
                a,
                b,
                origin,
                Decision.MATCH,
                LinkState.ACTIVE,
                12.25,
                List.of(new Evidence("email", "ann@example.com", "ann@example.com", "exact", 12.25)),
                "contact|email|ann@example.com",
                "contact v1",
                at(0));
    }

    /** A merge by a steward that moved records, each with its key's golden. */
    public static MergeEvent merge(String id, long seconds, String survivor, String absorbed, RecordKey... moved) {
        return new MergeEvent(
                id,
                "contact",
                survivor,
                List.of(absorbed),
                Stream.of(moved).map(key -> new MergeEvent.Move(key, absorbed)).toList(),
                List.of(),
                Origin.STEWARD,
                "ada",
                null,
                at(seconds),
                null,
                null,
                null);
    }

    public static MergeEvent undone(MergeEvent e) {
        return new MergeEvent(
                e.id(),
                e.entityType(),
                e.survivor(),
                e.absorbed(),
                e.moved(),
                e.links(),
                e.origin(),
                e.by(),
                e.note(),
                e.at(),
                e.at().plusSeconds(1),
                "bob",
                null);
    }

    /** An open question whether records are the same. */
    public static Review review(String id, double score, RecordKey... records) {
        return review(id, Kind.CANDIDATE, ReviewState.OPEN, "contact", score, 0, records);
    }

    public static Review review(
            String id,
            Kind kind,
            ReviewState state,
            String entityType,
            double score,
            long opened,
            RecordKey... records) {
        boolean decided = state == ReviewState.DECIDED;
        return new Review(
                id,
                kind,
                state,
                entityType,
                List.of(),
                Stream.of(records).sorted().toList(),
                score,
                "they look alike",
                "{}",
                1,
                at(opened),
                decided ? at(opened + 1) : null,
                decided ? "ada" : null,
                decided ? Decision.MATCH : null,
                null,
                null);
    }

    /** A mark for an existing record. */
    public static Outbox.Marker marker(String goldenId, RecordKey target, long seconds) {
        return new Outbox.Marker(goldenId, target.system(), target.entityType(), target, at(seconds));
    }

    /** A mark for a record to be created. */
    public static Outbox.Marker createMarker(String goldenId, String system, long seconds) {
        return new Outbox.Marker(goldenId, system, "contact", null, at(seconds));
    }

    /** A change marked and due at an instant, with a lease and an intent where the state needs them. */
    public static OutboundChange change(RecordKey target, String goldenId, OutboundState state, long seconds) {
        boolean fresh = state == OutboundState.DUE;
        boolean parked = state == OutboundState.PARKED || state == OutboundState.HELD;
        return new OutboundChange(
                OutboundChange.updateKey(target),
                goldenId,
                target.system(),
                target.entityType(),
                target,
                state,
                false,
                at(seconds),
                at(seconds),
                parked ? 3 : 0,
                state == OutboundState.SENDING ? at(seconds + 30) : null,
                fresh ? null : intent(Intent.Kind.UPDATE),
                parked ? "the system refuses it" : null,
                at(seconds));
    }

    /** A create that is on its way or waits to go. */
    public static OutboundChange create(String goldenId, String system, OutboundState state, long seconds) {
        return new OutboundChange(
                OutboundChange.createKey(goldenId, system, "contact"),
                goldenId,
                system,
                "contact",
                null,
                state,
                false,
                at(seconds),
                at(seconds),
                0,
                state == OutboundState.SENDING ? at(seconds + 30) : null,
                state == OutboundState.DUE ? null : intent(Intent.Kind.CREATE),
                null,
                at(seconds));
    }

    public static Intent intent(Intent.Kind kind) {
        return new Intent(
                "i1", kind, map("email", "ann@example.com", "phone", ""), Map.of("email", 7L, "phone", 0L), at(1));
    }

    /** A load that runs. */
    public static Run run(String id, long started) {
        return new Run(
                id, "load", "crm", "contacts", RunState.RUNNING, Map.of("read", 3L), -1, at(started), null, null);
    }
}
