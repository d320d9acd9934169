package io.kintsugi.server.engine.dryrun;

import io.kintsugi.core.model.Deletion.Means;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.server.engine.dryrun.DryChange.Kind;
import io.kintsugi.server.engine.dryrun.DryChange.Value;
import io.kintsugi.server.engine.outbound.Dispatch.Sendable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a dry run has noted so far. Several writes of one record are one change, from what was there first to what is there last. Not
 * thread-safe.
 */
final class DryBook {
    private static final Comparator<DryChange> ORDER = Comparator.comparing(DryChange::kind)
            .thenComparing(change -> change.system() == null ? "" : change.system())
            .thenComparing(DryChange::label)
            .thenComparing(change -> String.valueOf(change.record()))
            .thenComparing(change -> change.goldens().toString());

    private final Map<String, DryChange> writes = new LinkedHashMap<>();
    private final List<DryChange> others = new ArrayList<>();
    private final Set<String> unlisted = new HashSet<>();
    private final Map<String, Map<Kind, Long>> systems = new TreeMap<>();
    private final Map<Kind, Long> hub = new EnumMap<>(Kind.class);
    private long more;

    /**
     * A write that would be sent.
     *
     * @param means how a record goes there; null if the system has not said
     */
    void written(String key, String system, StreamMapping stream, Sendable sendable, String label, Means means) {
        var change = sendable.change();
        var intent = change.intent();
        boolean undelete = intent.kind() == Intent.Kind.UNDELETE;
        var record = undelete ? intent.into() : change.target();
        var next = new DryChange(
                Kind.valueOf(intent.kind().name()),
                system,
                change.entityType(),
                record == null ? null : record.toString(),
                List.of(change.goldenId()),
                label,
                undelete ? List.of() : values(stream, intent, sendable.target()), // an undelete sends none
                why(intent, system, stream, means));
        var before = writes.get(key);
        if (before != null) writes.put(key, joined(before, next));
        else if (!unlisted.contains(key)) add(key, next);
    }

    private static String why(Intent intent, String system, StreamMapping stream, Means means) {
        return switch (intent.kind()) {
            case UNDELETE -> "comes back with its id if " + system + " still has it, and else as a new record";
            case MERGE -> "merged into " + intent.into().externalId() + " in " + system;
            case DELETE -> means == null ? null : instead(stream, means);
            default -> null;
        };
    }

    /** What is done instead of removing a record; null if it is removed. */
    private static String instead(StreamMapping stream, Means means) {
        return switch (means) {
            case INACTIVATE ->
                stream.whenDeleted().field() + " becomes "
                        + stream.whenDeleted().value() + "; the record stays there";
            case ARCHIVE -> "kept there among what is deleted";
            case DELETE, BY_HAND -> null;
        };
    }

    private void add(String key, DryChange change) {
        count(change);
        if (writes.size() + others.size() < DryRun.MOST) writes.put(key, change);
        else unlisted(key);
    }

    private void unlisted(String key) {
        unlisted.add(key);
        more++;
    }

    /** Something that is no write. */
    void note(DryChange change) {
        count(change);
        if (writes.size() + others.size() < DryRun.MOST) others.add(change);
        else more++;
    }

    private void count(DryChange change) {
        var counts = change.system() == null
                ? hub
                : systems.computeIfAbsent(change.system(), name -> new EnumMap<>(Kind.class));
        counts.merge(change.kind(), 1L, Long::sum);
    }

    private static List<Value> values(StreamMapping stream, Intent intent, SourceRecord target) {
        var values = new ArrayList<Value>();
        new TreeMap<>(intent.values())
                .forEach((attribute, value) -> values.add(new Value(
                        attribute,
                        field(stream, attribute),
                        target == null ? null : target.value(attribute),
                        value.isEmpty() ? null : value)));
        return values;
    }

    private static String field(StreamMapping stream, String attribute) {
        return stream.fields().stream()
                .filter(field -> field.writable() && field.attribute().equals(attribute))
                .map(StreamMapping.FieldMapping::field)
                .findFirst()
                .orElse(attribute);
    }

    private DryChange joined(DryChange before, DryChange after) {
        var values = new TreeMap<String, Value>();
        before.values().forEach(value -> values.put(value.attribute(), value));
        for (var value : after.values()) {
            var first = values.get(value.attribute());
            var from = first == null ? before.kind() == Kind.CREATE ? null : value.from() : first.from();
            values.put(value.attribute(), new Value(value.attribute(), value.field(), from, value.to()));
        }
        boolean ends = after.kind() == Kind.DELETE || after.kind() == Kind.MERGE;
        var kind = ends ? after.kind() : before.kind();
        if (kind != before.kind()) {
            var counts = systems.get(before.system());
            counts.merge(before.kind(), -1L, Long::sum);
            counts.merge(kind, 1L, Long::sum);
        }
        return new DryChange(
                kind,
                before.system(),
                before.entityType(),
                before.record(),
                after.goldens(),
                after.label(),
                ends ? List.of() : List.copyOf(values.values()),
                ends ? after.why() : before.why());
    }

    /** How many records would be written. */
    long writes() {
        return writes.size() + unlisted.size();
    }

    /** Everything that is listed, in its order. */
    List<DryChange> changes() {
        var all = new ArrayList<>(writes.values());
        all.addAll(others);
        all.sort(ORDER);
        return all;
    }

    Iterable<DryChange> listedWrites() {
        return writes.values();
    }

    long more() {
        return more;
    }

    Map<String, Map<Kind, Long>> systems() {
        return systems;
    }

    Map<Kind, Long> hub() {
        return hub;
    }
}
