package io.kintsugi.core.sync;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** What a system should be told, and what is known once it has been told. Pure. */
public final class Outbound {
    private Outbound() {}

    /** A value to write and the golden version it stands for. */
    public record Write(String value, long version) {}

    /**
     * What a record still lacks of its golden. Agreement is by version first and by value second: a system that rewrites what it is
     * given rests once its image of a version is known, instead of being written for ever.
     *
     * @param target what the system holds; null for a record to create
     * @param writable attributes the mapping lets the hub write there
     * @return empty if the system is in step; an attribute the golden has no value for is left alone
     */
    public static SortedMap<String, Write> plan(
            Map<String, GoldenValue> golden,
            SourceRecord target,
            Collection<String> writable,
            Function<String, AttributeType> type) {
        var writes = new TreeMap<String, Write>();
        for (var attribute : writable) {
            var value = golden.get(attribute);
            if (value == null) continue;
            if (target != null) {
                var state = target.states().get(attribute);
                if (state != null && (state.hold() != null || (state.agreed() && state.base() == value.version()))) {
                    continue;
                }
                if (Equivalence.same(type.apply(attribute), target.value(attribute), value.value())) continue;
            }
            writes.put(attribute, new Write(value.value(), value.version()));
        }
        return writes;
    }

    /**
     * What the system holds after a write it confirmed.
     *
     * @param target what it held before; null after a create
     * @param readBack what it was read to hold after the write; null if it was not read
     * @param proven whether {@code readBack} is certainly the state this write left, because the reply or the version says so; then
     *     a value that differs is the system's own image of what was sent. Otherwise only a value that is plainly the sent one
     *     rewritten counts as an image, and any other is somebody's change
     * @param sourceAt time of each sent value in the system it came from: a copy is as old as its original
     */
    public static SourceRecord confirm(
            SourceRecord target,
            RecordKey key,
            String stream,
            Intent intent,
            Absorb.Observation readBack,
            boolean proven,
            Map<String, Instant> sourceAt,
            Function<String, AttributeType> type,
            Instant now) {
        var values = new HashMap<>(target == null ? Map.<String, String>of() : target.attributes());
        var states = new HashMap<>(target == null ? Map.<String, AttributeState>of() : target.states());
        boolean foreign = false;
        var held = readBack == null ? intent.values() : readBack.attributes();
        for (var entry : held.entrySet()) {
            var attribute = entry.getKey();
            var now0 = entry.getValue();
            var sent = intent.values().get(attribute);
            if (sent != null) {
                boolean image = proven || readBack == null || plainlyRewritten(type.apply(attribute), sent, now0);
                values.put(attribute, now0);
                states.put(
                        attribute,
                        new AttributeState(
                                image ? sourceAt.get(attribute) : now,
                                intent.versions().getOrDefault(attribute, 0L),
                                image,
                                image,
                                null));
                foreign |= !image;
            } else if (!now0.equals(values.get(attribute))) {
                boolean unknownBefore = target == null;
                values.put(attribute, now0);
                if (!unknownBefore) {
                    foreign = true;
                    var state = states.get(attribute);
                    states.put(
                            attribute, new AttributeState(now, state == null ? 0 : state.base(), false, false, null));
                }
            }
        }
        var record = new SourceRecord(
                key,
                stream,
                RecordState.LIVE,
                values,
                states,
                target == null ? null : target.sourceAt(),
                foreign || target == null ? now : target.observedAt(),
                readBack == null ? (target == null ? null : target.version()) : readBack.version(),
                null);
        return new SourceRecord(
                record.key(),
                record.stream(),
                record.state(),
                record.attributes(),
                record.states(),
                record.sourceAt(),
                record.observedAt(),
                record.version(),
                record.hash());
    }

    /**
     * Whether a system seems to hold its own form of what it was sent: trimmed, re-cased, re-spaced or cut off. For use only while a
     * write of that value is known to be open or just done; anywhere else a person's edit would be lost.
     *
     * @param held null if unknown
     */
    public static boolean plainlyRewritten(AttributeType type, String sent, String held) {
        if (Equivalence.same(type, sent, held)) return true;
        if (held == null) return false;
        var left = squeeze(sent);
        var right = squeeze(held);
        return left.equalsIgnoreCase(right)
                || (right.length() >= 8 && left.regionMatches(true, 0, right, 0, right.length()));
    }

    private static String squeeze(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }
}
