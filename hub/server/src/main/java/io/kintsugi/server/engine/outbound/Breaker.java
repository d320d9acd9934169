package io.kintsugi.server.engine.outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * Whether one system is sent writes (SYN-7). One that took nothing of {@value #MOST} batches in a row is left alone, then asked with one
 * write at a time until it takes one, after pauses that grow: what waits for it would use up its attempts otherwise. Immutable and pure.
 *
 * @param fruitless batches in a row of which nothing was taken
 * @param until when one write is tried again; null as long as everything is sent
 * @param why what the system said last; null as long as everything is sent
 */
public record Breaker(int fruitless, Instant until, String why) {
    static final int MOST = 5;
    static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration FIRST = Duration.ofSeconds(30);
    static final Breaker CLOSED = new Breaker(0, null, null);

    /** Whether nothing is sent now. */
    boolean isOpen(Instant now) {
        return until != null && now.isBefore(until);
    }

    /** Whether one write at a time is sent, to see whether the system takes it; a failure is no attempt of that write. */
    boolean probes() {
        return until != null;
    }

    /** What a person is told while not everything is sent. */
    public String problem() {
        return "it takes no writes now, so they wait, and one is tried at " + until + "; it is read as ever. It says: "
                + why;
    }

    /** After a batch; one of which nothing is known says nothing, and any answer to the matter ends it. */
    Breaker after(Collection<Outcome> batch, Instant now) {
        boolean answers = batch.stream().anyMatch(outcome -> !isUnwilling(outcome) && !isUnknown(outcome));
        if (answers) return CLOSED;
        if (batch.isEmpty() || batch.stream().anyMatch(Breaker::isUnknown)) return this;
        int count = fruitless + 1;
        if (count < MOST) return new Breaker(count, null, null);
        var said = ((Outcome.Again) batch.iterator().next()).why();
        return new Breaker(count, now.plus(pause(count - MOST)), said);
    }

    private static boolean isUnwilling(Outcome outcome) {
        return outcome instanceof Outcome.Again again && !again.reread();
    }

    private static boolean isUnknown(Outcome outcome) {
        return outcome instanceof Outcome.Unknown;
    }

    private static Duration pause(int failures) {
        var pause = FIRST.multipliedBy(1L << Math.min(failures, 10));
        return pause.compareTo(LONGEST) > 0 ? LONGEST : pause;
    }
}
