package io.kintsugi.core.sync;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * Takes in what a system was just seen to hold: three ways between the base (what it last held), the observation, and the write that
 * may be under way. Pure; the same observation twice changes nothing the second time.
 */
public final class Absorb {
    private Absorb() {}

    /** What became of an observation. read = stored + unchanged + echo + unmappable. */
    public enum Disposition {
        STORED,
        UNCHANGED,
        ECHO
    }

    /**
     * What was read.
     *
     * @param attributes canonical; empty text means known to be empty, an absent key unknown
     * @param sourceAt when the system says it changed; null if it does not say
     */
    public record Observation(
            RecordKey key, String stream, Map<String, String> attributes, Instant sourceAt, String version) {
        public Observation {
            attributes = Map.copyOf(attributes);
        }
    }

    /**
     * Whether a feed may have told an old state of the record: it differs from what the hub knows, and is not younger. A feed that
     * lags, repeats or tells past states shows this after an own write or a look-up; clocks that go by seconds show it without that.
     * Whatever is told of a record that is gone is doubtful: of one that the hub deleted, what people had done right before is told
     * after. Only a look-up can tell then.
     *
     * @param prior null for a record never seen, of which nothing is old
     */
    public static boolean doubtful(SourceRecord prior, Observation seen) {
        if (prior != null && prior.state().gone()) return true;
        if (prior == null || prior.sourceAt() == null || seen.sourceAt() == null) return false;
        if (seen.sourceAt().isAfter(prior.sourceAt())) return false;
        return seen.attributes().entrySet().stream()
                .anyMatch(entry -> !entry.getValue().equals(prior.attributes().get(entry.getKey())));
    }

    /** @param record what to store; for UNCHANGED it equals what is stored but for the version */
    public record Result(Disposition disposition, SourceRecord record) {}

    /**
     * @param prior what the hub believes the system holds; null for a record never seen
     * @param intent open write to this record, or the last one to a record that comes back, which may have arrived before it went; null
     *     if there is none. An open intent proves its own values and nothing else: a
     *     value that is {@linkplain Equivalence#same the same} as the sent one is the hub's own, while one that is neither what was
     *     held nor what was sent may be the system's form of it or a person's edit. It is left alone here, because whoever closes
     *     the intent reads the record again and decides. Attributes that were not sent are taken in as always
     * @param type type of each attribute; null for unknown ones
     */
    public static Result absorb(
            SourceRecord prior, Observation seen, Intent intent, Function<String, AttributeType> type, Instant now) {
        return absorb(prior, seen, intent, prior != null && prior.state().gone(), type, now);
    }

    /**
     * The same for what is read next of a record that has just come back: its last write may have arrived by then, but nobody waits for
     * that one and would read the record again.
     */
    public static Result absorbFurther(
            SourceRecord prior, Observation seen, Intent last, Function<String, AttributeType> type, Instant now) {
        return absorb(prior, seen, last, true, type, now);
    }

    private static Result absorb(
            SourceRecord prior,
            Observation seen,
            Intent intent,
            boolean closed,
            Function<String, AttributeType> type,
            Instant now) {
        var sourceAt = seen.sourceAt() != null && seen.sourceAt().isAfter(now) ? now : seen.sourceAt(); // clock skew
        if (prior == null) {
            return new Result(
                    Disposition.STORED,
                    SourceRecord.observed(seen.key(), seen.stream(), seen.attributes(), sourceAt, now, seen.version()));
        }
        return new Reading(prior, seen, sourceAt, intent, closed, type, now).result();
    }

    /** A known record while what was read of it is entered, attribute by attribute. */
    private static final class Reading {
        private final SourceRecord prior;
        private final Observation seen;
        private final Instant sourceAt;
        private final Intent intent;
        private final boolean closed;
        private final Function<String, AttributeType> type;
        private final Instant now;
        private final boolean returned;
        private final Map<String, String> values;
        private final Map<String, AttributeState> states;
        private boolean foreign;
        private boolean own;
        private boolean left;

        Reading(
                SourceRecord prior,
                Observation seen,
                Instant sourceAt,
                Intent intent,
                boolean closed,
                Function<String, AttributeType> type,
                Instant now) {
            this.prior = prior;
            this.seen = seen;
            this.sourceAt = sourceAt;
            this.intent = intent;
            this.closed = closed;
            this.type = type;
            this.now = now;
            returned = prior.state().gone();
            foreign = returned;
            values = new HashMap<>(prior.attributes());
            states = new HashMap<>(prior.states());
        }

        Result result() {
            seen.attributes().forEach((attribute, value) -> {
                if (!value.equals(prior.attributes().get(attribute))) enter(attribute, value);
            });
            var stamp = foreign ? sourceAt : left ? prior.sourceAt() : later(prior.sourceAt(), sourceAt);
            keepTimes(prior, stamp, states);
            var record = new SourceRecord(
                    prior.key(),
                    seen.stream(),
                    returned || foreign && prior.state() == RecordState.DISCONNECTED ? RecordState.LIVE : prior.state(),
                    values,
                    states,
                    stamp,
                    foreign ? now : prior.observedAt(),
                    left ? prior.version() : seen.version(), // a write that names it is refused
                    prior.written());
            if (foreign) return new Result(Disposition.STORED, record);
            boolean echo = own || (prior.written() != null && prior.written().equals(record.hash()));
            return new Result(echo ? Disposition.ECHO : Disposition.UNCHANGED, record);
        }

        private void enter(String attribute, String value) {
            var state = prior.states().get(attribute);
            var sent = intent == null ? null : intent.values().get(attribute);
            long version = sent == null ? 0 : intent.versions().getOrDefault(attribute, 0L);
            if (sent == null && returned && isUnread(state)) {
                sent = prior.attributes().get(attribute);
                version = state.base();
            }
            var kind = type.apply(attribute);
            boolean mine = sent != null
                    && (Equivalence.same(kind, sent, value) || closed && Equivalence.looksLikeImage(kind, sent, value));
            if (sent != null && !mine && !closed) {
                left = true;
                return;
            }
            values.put(attribute, value);
            if (mine) {
                own = true;
                var form = kind == AttributeType.REFERENCE ? null : value;
                var changedAt = state == null ? prior.sourceAt() : state.changedAt();
                var held = prior.attributes().get(attribute);
                var copy = AttributeState.written(
                        sent, form, changedAt, version, true, state, held, prior.sourceAt(), null);
                put(states, attribute, copy);
            } else {
                foreign = true;
                var at = sourceAt == null ? now : sourceAt;
                states.put(attribute, AttributeState.original(at, state == null ? 0 : state.base()));
            }
        }
    }

    /** Whether a copy was never read, so that its system may hold another form of it. */
    static boolean isUnread(AttributeState state) {
        return state != null && state.copied() && !state.agreed() && !state.recalled() && state.sent() == null;
    }

    /** A record that is taken to be as it was created, because it went before it was read: nobody knows what its system made of that. */
    public static SourceRecord unread(SourceRecord record) {
        var states = new HashMap<>(record.states());
        states.replaceAll((attribute, state) -> state.copied() ? state.unread() : state);
        return record.withStates(states);
    }

    /** @param state null if nothing is known of the attribute but its value */
    static void put(Map<String, AttributeState> states, String attribute, AttributeState state) {
        if (state == null) states.remove(attribute);
        else states.put(attribute, state);
    }

    /** The later of two instants; null only if both are. */
    static Instant later(Instant a, Instant b) {
        if (a == null || b == null) return a == null ? b : a;
        return a.isAfter(b) ? a : b;
    }

    /** The record's stamp moves: attributes that did not change keep the time they had, also an unknown one. */
    static void keepTimes(SourceRecord prior, Instant stamp, Map<String, AttributeState> states) {
        if (Objects.equals(stamp, prior.sourceAt())) return;
        for (var entry : prior.attributes().entrySet()) {
            if (entry.getValue().isEmpty()) continue; // a state would say that its system had cleared it
            states.putIfAbsent(entry.getKey(), AttributeState.original(prior.sourceAt(), 0));
        }
    }
}
