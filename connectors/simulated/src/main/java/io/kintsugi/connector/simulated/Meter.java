package io.kintsugi.connector.simulated;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/** Counts the calls that a system answers. */
final class Meter {
    private final ArrayDeque<Instant> answered = new ArrayDeque<>();
    private final Clock clock;

    Meter(Clock clock) {
        this.clock = clock;
    }

    /** A call is there. Returns zero if it is answered, otherwise after what time one may be. */
    Duration take(Vices.Allowance allowance) {
        if (allowance == null) return Duration.ZERO;
        var now = clock.instant();
        while (!answered.isEmpty() && !answered.peek().plus(allowance.window()).isAfter(now)) answered.remove();
        if (answered.size() >= allowance.calls()) {
            return Duration.between(now, answered.peek().plus(allowance.window()));
        }
        answered.add(now);
        return Duration.ZERO;
    }
}
