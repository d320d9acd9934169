package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Nature;
import java.time.Duration;
import java.util.SplittableRandom;

/** Systems in which look-ups by a key, and the feed, ask an index that lags behind, as they declare. In some histories only. */
final class Searches {
    private Searches() {}

    /** Drawn apart, so that the seeds of before are the histories they were. */
    static boolean drawn(long seed) {
        return seed >= Scenario.WIDEST && random(seed).nextBoolean();
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0x510E527FADE682D1L);
    }

    /** A random for the systems of a history. */
    static SplittableRandom natures(long seed) {
        return random(~seed);
    }

    static Nature in(Nature nature, SplittableRandom random) {
        if (random.nextInt(3) == 0) return nature;
        return nature.with(nature.vices().searching(Duration.ofSeconds(1 + random.nextInt(300))));
    }
}
