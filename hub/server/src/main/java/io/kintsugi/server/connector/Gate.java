package io.kintsugi.server.connector;

import io.kintsugi.connector.spi.Capabilities.Quota;
import io.kintsugi.connector.spi.ConnectorContext.RateGate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/**
 * Lets as much through as the declared quota of a bucket allows in any window of its length (SYN-9), and keeps the pauses that a
 * system asks for. Without a quota everything passes. A concurrency needs no gate: one thread talks to one system. Thread-safe.
 */
final class Gate implements RateGate {
    private static final long LONGEST_NAP_MILLIS = 1000; // the clock may jump

    private final Clock clock;
    private final ArrayDeque<Spent> spent = new ArrayDeque<>();
    private long spentUnits;
    private Instant closedUntil = Instant.MIN;
    private Quota quota;

    Gate(Clock clock) {
        this.clock = clock;
    }

    private record Spent(Instant at, int cost) {}

    /** From now on this is the limit; what was spent counts. */
    synchronized void limit(Quota declared) {
        quota = declared.units() == null ? null : declared;
    }

    @Override
    public void acquire(int cost) throws InterruptedException {
        for (var wait = take(cost); !wait.isZero(); wait = take(cost)) {
            Thread.sleep(Math.max(1, Math.min(wait.toMillis(), LONGEST_NAP_MILLIS)));
        }
    }

    /** Spends the cost and returns zero, or spends nothing and says how long to wait before it is asked again. */
    synchronized Duration take(int cost) {
        var now = clock.instant();
        if (now.isBefore(closedUntil)) return Duration.between(now, closedUntil);
        if (quota == null) return Duration.ZERO;
        while (!spent.isEmpty() && !spent.peek().at().plus(quota.window()).isAfter(now)) {
            spentUnits -= spent.remove().cost();
        }
        if (spentUnits + cost > quota.units() && !spent.isEmpty()) { // what costs more than all units goes alone
            return Duration.between(now, spent.peek().at().plus(quota.window()));
        }
        spent.add(new Spent(now, cost));
        spentUnits += cost;
        return Duration.ZERO;
    }

    @Override
    public synchronized void penalise(Duration retryAfter) {
        var until = clock.instant().plus(retryAfter);
        if (until.isAfter(closedUntil)) closedUntil = until;
    }
}
