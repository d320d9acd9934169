package io.kintsugi.core.sync;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.ContentHash;
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
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** What a system should be told, and what is known once it has been told. Pure. */
public final class Outbound {
    private static final String UNDECIDED = "neither what was there nor what was sent";

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
     * What the system holds after a write of the hub arrived there.
     *
     * @param target what it held before; null after a create
     * @param readBack what it was read to hold after the write; null if it was not read. A sent attribute that it does not name is
     *     taken to be as sent
     * @param proven whether {@code readBack} is certainly the state this write left; then a value that differs is the system's own
     *     image of what was sent. Otherwise a value that is not {@linkplain Equivalence#same the same} is an image or a person's
     *     edit: it is kept as no evidence and put on hold, so it neither reaches the golden nor is overwritten until somebody decides
     * @param sourceAt time of each sent value in the system it came from: a copy is as old as its original
     * @return its {@link #held} attributes are what cannot be decided
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
        var read = readBack == null ? Map.<String, String>of() : readBack.attributes();
        intent.values().forEach((attribute, sent) -> {
            var held = read.getOrDefault(attribute, sent);
            boolean image = proven || Equivalence.same(type.apply(attribute), sent, held);
            var changedAt = sourceAt.get(attribute);
            long version = intent.versions().getOrDefault(attribute, 0L);
            var hold = image ? null : UNDECIDED;
            states.put(
                    attribute,
                    target == null
                            ? new AttributeState(changedAt, version, image, true, null, hold)
                            : AttributeState.copy(
                                    changedAt, version, image, states.get(attribute), values.get(attribute), hold));
            values.put(attribute, held);
        });
        boolean foreign = false;
        for (var entry : read.entrySet()) {
            var attribute = entry.getKey();
            if (entry.getValue().equals(values.get(attribute))
                    || intent.values().containsKey(attribute)) continue;
            values.put(attribute, entry.getValue());
            if (target == null) continue; // what the system itself fills in
            foreign = true;
            var state = states.get(attribute);
            states.put(attribute, AttributeState.original(changedAt(readBack, now), state == null ? 0 : state.base()));
        }
        return new SourceRecord(
                key,
                stream,
                RecordState.LIVE,
                values,
                states,
                target == null ? null : target.sourceAt(),
                foreign || target == null ? now : target.observedAt(),
                readBack != null ? readBack.version() : target == null ? null : target.version(),
                ContentHash.of(values));
    }

    private static Instant changedAt(Absorb.Observation seen, Instant now) {
        return seen.sourceAt() == null || seen.sourceAt().isAfter(now) ? now : seen.sourceAt();
    }

    /** What a reading says of an update whose outcome is not known. */
    public enum Arrival {
        /** Everything that was sent is there. */
        ARRIVED,
        /** Everything that was to be changed is as it was before. */
        MISSING,
        /** Something is neither as it was nor as it was sent. */
        UNCLEAR
    }

    /**
     * @param target what was held before the update
     * @param images what the mapping makes of each sent value when it is written and read again; a missing one counts as the value
     * @param seen the record as it is now; attributes that it does not name say nothing
     */
    public static Arrival arrival(
            SourceRecord target,
            Intent intent,
            Map<String, String> images,
            Absorb.Observation seen,
            Function<String, AttributeType> type) {
        boolean arrived = false;
        boolean missing = true;
        boolean all = true;
        for (var sent : intent.values().entrySet()) {
            var attribute = sent.getKey();
            var value = seen.attributes().get(attribute);
            if (value == null) continue;
            boolean there = value.equals(images.get(attribute))
                    || Equivalence.same(type.apply(attribute), sent.getValue(), value);
            arrived |= there;
            all &= there;
            missing &= value.equals(target.attributes().get(attribute));
        }
        if (arrived && all) return Arrival.ARRIVED;
        return missing ? Arrival.MISSING : Arrival.UNCLEAR;
    }

    /** Attributes that are not written until a person has decided; sorted, empty for none. */
    public static SortedSet<String> held(SourceRecord record) {
        var held = new TreeSet<String>();
        record.states().forEach((attribute, state) -> {
            if (state.hold() != null) held.add(attribute);
        });
        return held;
    }

    /** The record without its holds, so that what it lacks of its golden is written. */
    public static SourceRecord released(SourceRecord record) {
        var states = new HashMap<>(record.states());
        states.replaceAll((attribute, state) -> new AttributeState(
                state.changedAt(), state.base(), state.agreed(), state.copied(), state.original(), null));
        return new SourceRecord(
                record.key(),
                record.stream(),
                record.state(),
                record.attributes(),
                states,
                record.sourceAt(),
                record.observedAt(),
                record.version(),
                record.written());
    }
}
