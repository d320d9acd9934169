package io.kintsugi.core.sync;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** What a system should be told, and what is known once it has been told. Pure. */
public final class Outbound {
    private Outbound() {}

    /** A value to write and the golden version it stands for. */
    public record Write(String value, long version) {}

    /**
     * What a record still lacks of its golden. Agreement is by version first and by value second: a system that rewrites what it is
     * given rests once its image of a version is known, instead of being written for ever. Of a reference only the value counts: the
     * record it leads to may have become part of another golden since. One that leads where the system itself had said, by another
     * record, is given back as its own word.
     *
     * @param target what the system holds, in {@linkplain io.kintsugi.core.model.Referents golden terms}; null for a record to create
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
            if (value == null || target == null && value.value().isEmpty()) continue;
            long version = value.version();
            if (target != null) {
                var state = target.states().get(attribute);
                var kind = type.apply(attribute);
                if (state != null && (state.hold() != null || agrees(state, kind, value))) continue;
                if (Equivalence.same(kind, target.value(attribute), value.value())) continue;
                boolean its = kind == AttributeType.REFERENCE && state != null && state.recalled();
                if (its && value.value().equals(state.original())) version = AttributeState.GIVEN_BACK;
            }
            writes.put(attribute, new Write(value.value(), version));
        }
        return writes;
    }

    /** Whether a system is known to hold its image of a golden value. */
    static boolean agrees(AttributeState state, AttributeType type, GoldenValue value) {
        return type != AttributeType.REFERENCE && state.agreed() && state.base() == value.version();
    }

    /**
     * What the system holds after a write of the hub arrived there.
     *
     * @param target what it held before; null after a create
     * @param readBack what it was read to hold after the write; null if it was not read. A sent attribute that it does not name is
     *     taken to be as sent
     * @param proven whether {@code readBack} is certainly the state this write left; then a value that differs is the system's own
     *     image of what was sent, unless it is a reference. Otherwise a value that is neither {@linkplain Equivalence#same the same} nor {@linkplain
     *     Equivalence#looksLikeImage what systems make of it} is an image or a person's edit: it is kept as no evidence and put on hold, so it neither reaches the golden nor is overwritten until somebody decides.
     *     Where a create found more than it had sent, a person may have made the record: then it is not the hub's, whatever is decided (DEL-8)
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
        return new Confirmation(target, intent, readBack, proven, type, now).record(key, stream, sourceAt);
    }

    /**
     * A record that was found to be what a create made, though it was known already: what was written to it or edited in it since the
     * create goes on.
     *
     * @param known what the hub knew of it; null for nothing
     * @param created what {@link #confirm} makes of the create
     */
    public static SourceRecord adopted(SourceRecord known, SourceRecord created, Intent create) {
        if (known == null) return created;
        var values = new HashMap<>(created.attributes());
        var states = new HashMap<>(created.states());
        for (var attribute : known.attributes().keySet()) {
            var state = known.states().get(attribute);
            boolean since = state != null && (state.copied() || state.base() > 0);
            if (!since && create.values().containsKey(attribute)) continue;
            values.put(attribute, known.attributes().get(attribute));
            if (state == null) states.remove(attribute);
            else states.put(attribute, state);
        }
        return new SourceRecord(
                known.key(),
                known.stream(),
                known.state(),
                values,
                states,
                Absorb.later(known.sourceAt(), created.sourceAt()),
                known.observedAt(),
                created.version() == null ? known.version() : created.version(),
                created.written());
    }

    /** How far the clocks of a system and of the hub may be apart. */
    private static final Duration CLOCKS = Duration.ofSeconds(1);

    /**
     * Whether a record may be what a create made that carries no key of its own: it holds what identifies the thing, holds something
     * wherever something was sent, more of it as it was sent or in a form of that than otherwise, and did not change before the create was
     * sent. A person who enters the same thing in the same minute cannot be told from the hub, unless the system has said what it made.
     */
    public static boolean mayHaveMade(Intent create, Absorb.Observation seen, Function<String, AttributeType> type) {
        if (create.made() != null) return create.made().equals(seen.key().externalId());
        if (seen.sourceAt() != null && seen.sourceAt().isBefore(create.sentAt().minus(CLOCKS))) return false;
        boolean identified = false;
        int alike = 0;
        for (var sent : create.values().entrySet()) {
            var value = seen.attributes().getOrDefault(sent.getKey(), "");
            if (value.isEmpty() && !sent.getValue().isEmpty()) return false;
            var kind = type.apply(sent.getKey());
            boolean same = Equivalence.same(kind, sent.getValue(), value);
            if (identifies(kind) && same) identified = true;
            alike += same || Equivalence.looksLikeImage(kind, sent.getValue(), value) ? 1 : -1;
        }
        return identified && alike > 0;
    }

    /** Whether one value of the type is enough to find a thing by. */
    public static boolean identifies(AttributeType type) {
        return type == AttributeType.EMAIL || type == AttributeType.IDENTIFIER;
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

    /** Attributes of which nobody knows whose value they have, so that they are not written; sorted, empty for none. */
    public static SortedSet<String> held(SourceRecord record) {
        return holding(record, AttributeState::undecided);
    }

    /** Attributes that were changed there against what is trusted more, and are left so; sorted, empty for none. */
    public static SortedSet<String> foreign(SourceRecord record) {
        return holding(record, AttributeState::foreign);
    }

    /** Attributes that refer to records the hub does not know yet; sorted, empty for none. */
    public static SortedSet<String> unresolved(SourceRecord inGoldenTerms) {
        return holding(inGoldenTerms, AttributeState::unresolved);
    }

    private static SortedSet<String> holding(SourceRecord record, Predicate<AttributeState> wanted) {
        var held = new TreeSet<String>();
        record.states().forEach((attribute, state) -> {
            if (wanted.test(state)) held.add(attribute);
        });
        return held;
    }

    /**
     * Holds what a system has just changed by itself, so that it is not written over before it is known whether it survives.
     *
     * @param before what was known of the record; null for one never seen, which has changed nothing
     * @param after what was taken in of it
     * @param asks whether such a change of an attribute is to be left there
     */
    public static SourceRecord holdForeign(SourceRecord before, SourceRecord after, Predicate<String> asks) {
        if (before == null) return after;
        var states = new HashMap<>(after.states());
        after.attributes().forEach((attribute, value) -> {
            var state = after.states().get(attribute);
            boolean changed = state != null
                    && !state.copied()
                    && !value.equals(before.attributes().get(attribute));
            if (changed && asks.test(attribute)) states.put(attribute, state.withHold(AttributeState.FOREIGN));
        });
        return after.withStates(states);
    }

    /** The record with one attribute left as it is, against what is trusted more; whose a value is, if nobody knows it, a person still says. */
    public static SourceRecord hold(SourceRecord record, String attribute) {
        var states = new HashMap<>(record.states());
        var state = states.get(attribute);
        if (state != null && state.undecided()) return record;
        states.put(
                attribute,
                (state == null ? AttributeState.original(record.sourceAt(), 0) : state)
                        .withHold(AttributeState.FOREIGN));
        return record.withStates(states);
    }

    /** The record without the hold of one attribute. */
    public static SourceRecord letGo(SourceRecord record, String attribute) {
        var states = new HashMap<>(record.states());
        states.computeIfPresent(attribute, (name, state) -> state.withHold(null));
        return record.withStates(states);
    }

    /** The record without the holds of {@link #held}, so that what it lacks of its golden is written. */
    public static SourceRecord released(SourceRecord record) {
        var states = new HashMap<>(record.states());
        boolean made = states.values().stream().anyMatch(state -> state.made() && !state.undecided());
        states.replaceAll((attribute, state) -> {
            if (state.foreign()) return state;
            var open = state.withHold(null);
            return state.undecided() && !made
                    ? open.replacing(record.attributes().get(attribute))
                    : open;
        });
        return record.withStates(states);
    }
}
