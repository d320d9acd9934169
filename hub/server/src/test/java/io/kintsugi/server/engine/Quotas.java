package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Nature;
import io.kintsugi.connector.simulated.Vices.Allowance;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Systems that answer so many calls in a while and no more, whether they declare it or not. In some histories only. */
final class Quotas {
    /** Calls of one round, with all that is looked up before a write: who answers fewer of them in a row takes no write. */
    private static final int ROUND = 9;

    private final History history;
    private final Map<String, Deque<Instant>> called = new HashMap<>();
    private final Map<String, Instant> closed = new HashMap<>();

    Quotas(History history) {
        this.history = history;
    }

    /** Drawn apart, so that the seeds of before are the histories they were. */
    static boolean drawn(long seed) {
        return seed >= Scenario.WIDEST && random(seed).nextBoolean();
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0x9B05688C2B3E6C1FL);
    }

    /** A random for the systems of a history. */
    static SplittableRandom natures(long seed) {
        return random(~seed);
    }

    static Nature in(Nature nature, SplittableRandom random) {
        if (random.nextInt(3) == 0) return nature;
        var window = Duration.ofSeconds(5 + random.nextInt(20));
        var allowance = new Allowance(ROUND + random.nextInt(12), window, random.nextBoolean());
        return nature.with(nature.vices().allowing(allowance));
    }

    /** A hub that starts does not know what the one before it has spent, or was asked. */
    void starts() {
        called.clear();
        closed.clear();
    }

    /** A call leaves the hub: no more than was declared leave in any window, and none while the system wants to be left alone (SYN-9). */
    void ofCall(String system) {
        var allowance = history.systems.get(system).nature().vices().allowance();
        if (allowance == null) return;
        var now = history.time.instant();
        if (now.isBefore(closed.getOrDefault(system, Instant.MIN))) {
            history.violate("HASTE", system + " is called, and had asked for a pause until " + closed.get(system));
        }
        var recent = called.computeIfAbsent(system, id -> new ArrayDeque<>());
        while (!recent.isEmpty() && !recent.peek().plus(allowance.window()).isAfter(now)) recent.remove();
        recent.add(now);
        if (allowance.declared() && recent.size() > allowance.calls()) {
            history.violate("OVER_QUOTA", system + " is called " + recent.size() + " times in " + allowance.window());
        }
    }

    void ofRefusal(String system, Duration pause) {
        history.note("LIMITED " + system + " " + pause);
        closed.put(system, history.time.instant().plus(pause));
    }
}
