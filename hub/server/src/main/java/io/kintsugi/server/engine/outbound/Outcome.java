package io.kintsugi.server.engine.outbound;

import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.sync.Absorb.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeSet;

/** What is known of a change after it was sent, or after its system was read to find out. */
public sealed interface Outcome {
    /** Tries that may fail before a person has to look. A system that is away as a whole costs none, and is waited for, for ever. */
    int MAX_ATTEMPTS = 8;

    /**
     * It is there.
     *
     * @param held the record as it was read after the write; null if it was not
     * @param proven whether {@code held} is certainly what the write left
     */
    record Done(String externalId, Observation held, boolean proven) implements Outcome {}

    /** It was to be deleted, and is gone. */
    record Deleted() implements Outcome {}

    /** It was to be merged into another record of its system, and is gone. */
    record Folded() implements Outcome {}

    /** It was to come back, and is there again. */
    record Restored() implements Outcome {}

    /** It was to come back, and its system says for good that it cannot: another one is to be created in its place. */
    record Lost(String why) implements Outcome {}

    /**
     * It is not there; trying again may help.
     *
     * @param reread whether the record must be read first, because somebody changed it
     */
    record Again(String why, boolean reread) implements Outcome {}

    /**
     * Records that are there already are in the way of it. Once they are known, they may be what was to be written.
     *
     * @param ids of these records
     */
    record InTheWay(String why, List<String> ids) implements Outcome {}

    /** It was not tried; that is no attempt. */
    record Untried(String why) implements Outcome {}

    /**
     * It may be there: only reading the system tells.
     *
     * @param from not to be read before
     * @param failed whether reading was tried and did not tell
     */
    record Unknown(String why, Instant from, boolean failed) implements Outcome {}

    /**
     * It is there, but what the system made of it has not been read.
     *
     * @param externalId the record that was written
     * @param version its version after the write; null if it has none
     */
    record Unread(String externalId, String version, Instant from) implements Outcome {}

    /**
     * The system does not take it as its schema is; it goes when that or the mapping changes.
     *
     * @param why says what a person can do
     */
    record Unfitting(String why) implements Outcome {}

    /**
     * The system does not take some of its values; the others go at once.
     *
     * @param refused why, by attribute
     */
    record HeldBack(SortedMap<String, String> refused) implements Outcome {}

    /** Only a person can help. */
    record Stuck(String why) implements Outcome {}

    /** It may be there, and nothing the hub can read tells: a person has to look before it is sent again. */
    record Untraceable(String why) implements Outcome {}

    /** Whether nothing more is tried by itself as things are. */
    default boolean rests() {
        return this instanceof Stuck || this instanceof Unfitting;
    }

    /** The change after an outcome other than {@link Done}, {@link Deleted}, {@link Folded} and {@link Restored}: due, verifying or parked, and parked for good after {@link #MAX_ATTEMPTS}. */
    default OutboundChange applyTo(OutboundChange change, Instant now) {
        if (this instanceof Again again) {
            return counted(change, OutboundState.DUE, again.why(), now.plus(backOff(change.attempts())), now);
        }
        if (this instanceof InTheWay found) {
            return counted(change, OutboundState.DUE, found.why(), now.plus(backOff(change.attempts())), now);
        }
        if (this instanceof Lost lost) {
            return change(change, OutboundState.DUE, lost.why(), now, change.attempts(), now)
                    .withIntent(change.intent().refused());
        }
        if (this instanceof Untried untried) {
            return change(change, OutboundState.DUE, untried.why(), now, change.attempts(), now);
        }
        if (this instanceof Unknown unknown) {
            if (!unknown.failed()) {
                return change(change, OutboundState.VERIFYING, unknown.why(), unknown.from(), change.attempts(), now);
            }
            var counted = counted(change, OutboundState.VERIFYING, unknown.why(), unknown.from(), now);
            return counted.open() ? counted : counted.withIntent(change.intent().lost());
        }
        if (this instanceof Unread unread) {
            var confirmed = change(
                    change,
                    OutboundState.VERIFYING,
                    "written, but not read since",
                    unread.from(),
                    change.attempts(),
                    now);
            return confirmed.withIntent(change.intent().confirmed(unread.externalId(), unread.version()));
        }
        if (this instanceof Unfitting unfitting) {
            return change(change, OutboundState.HELD, unfitting.why(), now, change.attempts(), now);
        }
        if (this instanceof HeldBack held) {
            var why = String.join("; ", new TreeSet<>(held.refused().values()));
            return change(change, OutboundState.DUE, why, now, change.attempts(), now)
                    .withIntent(change.intent().without(held.refused()));
        }
        if (this instanceof Untraceable lost) {
            return change(change, OutboundState.PARKED, lost.why(), now, change.attempts() + 1, now)
                    .withIntent(change.intent().lost());
        }
        if (this instanceof Stuck stuck) {
            return change(change, OutboundState.PARKED, stuck.why(), now, change.attempts() + 1, now);
        }
        throw new IllegalStateException("what was done is settled with its record");
    }

    private static OutboundChange counted(
            OutboundChange change, OutboundState state, String why, Instant at, Instant now) {
        int attempts = change.attempts() + 1;
        return attempts > MAX_ATTEMPTS
                ? change(change, OutboundState.PARKED, why, now, attempts, now)
                : change(change, state, why, at, attempts, now);
    }

    /** A copy in a state in which nothing but a new mark or a person brings it further. */
    static OutboundChange rest(OutboundChange change, OutboundState state, String why, Instant now) {
        int attempts = state == OutboundState.SETTLED ? 0 : change.attempts();
        return change(change, state, why, change.dueAt(), attempts, now);
    }

    /** A copy in another state. An open one needs attention at {@code at}, a due one is due then. */
    static OutboundChange change(
            OutboundChange change, OutboundState state, String why, Instant at, int attempts, Instant now) {
        boolean verifying = state == OutboundState.VERIFYING;
        return new OutboundChange(
                change.key(),
                change.goldenId(),
                change.system(),
                change.entityType(),
                change.target(),
                state,
                verifying && change.dirty(),
                change.markedAt(),
                at,
                attempts,
                verifying ? at : null,
                change.intent(),
                why,
                now,
                change.cause());
    }

    /** One second, doubled with each failure, at most five minutes. */
    static Duration backOff(int attempts) {
        return Duration.ofSeconds(Math.min(300, 1L << Math.min(attempts, 9)));
    }
}
