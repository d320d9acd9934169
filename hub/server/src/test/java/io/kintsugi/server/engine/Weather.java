package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Line;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.WriteOp;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What goes wrong between the hub and its systems: time passes on every call, some are refused, lost, late or answered in vain. */
final class Weather implements Line {
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private final VirtualTime time;
    private final SplittableRandom random;
    private final Map<String, Integer> outages = new HashMap<>();
    private final Map<String, Integer> reads = new HashMap<>();
    private boolean fair;

    private final double roughness;

    /** @param roughness how much more often things go wrong than usually; 1 for as often */
    Weather(VirtualTime time, SplittableRandom random, double roughness) {
        this.time = time;
        this.random = random;
        this.roughness = roughness;
    }

    /** From now on nothing goes wrong any more, and nobody is away. */
    void clearUp() {
        fair = true;
        outages.clear();
    }

    void outage(String system, Duration length) {
        if (!fair) fail(system, length);
    }

    /** How often the hub has asked a system what it holds, in vain or not. */
    int reads(String system) {
        return reads.getOrDefault(system, 0);
    }

    /** Whether a system cannot be reached now. */
    boolean away(String system) {
        return outages.getOrDefault(system, 0) > 0;
    }

    /** A system is away, whatever else the weather is like. */
    void fail(String system, Duration length) {
        outages.merge(system, 1, Integer::sum);
        time.after(length, () -> outages.merge(system, -1, Integer::sum));
    }

    private boolean chance(double share) {
        return !fair && random.nextDouble() < share * roughness;
    }

    private void pass(int atMostMillis) {
        time.pass(Duration.ofMillis(1 + random.nextInt(atMostMillis)));
    }

    @Override
    public Fate request(String system, boolean writes) throws ConnectorException {
        if (!writes) reads.merge(system, 1, Integer::sum);
        if (away(system)) {
            pass(2000);
            throw new ConnectorException.Transient(system + " is away", null);
        }
        if (chance(0.02)) {
            pass(500);
            throw new ConnectorException.RateLimited(
                    ConnectorException.RateLimited.Scope.BURST, Duration.ofSeconds(5), system + " has had enough");
        }
        if (chance(0.02)) {
            time.pass(DEADLINE);
            return Fate.LOST;
        }
        if (writes && chance(0.02)) {
            time.pass(DEADLINE);
            return Fate.LATE;
        }
        pass(400);
        return Fate.ARRIVES;
    }

    @Override
    public boolean reply(String system) {
        if (chance(0.03)) {
            time.pass(DEADLINE);
            return false;
        }
        pass(400);
        return true;
    }

    @Override
    public void later(Runnable effect) {
        time.after(Duration.ofMillis(random.nextInt(25_000)), effect);
    }

    @Override
    public RecordError refusal(WriteOp op) {
        return chance(0.01)
                ? new RecordError(RecordError.Code.LOCKED, null, "LOCKED", "somebody has it open", List.of(), true)
                : null;
    }

    @Override
    public int repeats() {
        return chance(0.1) ? 1 + random.nextInt(5) : 0;
    }
}
