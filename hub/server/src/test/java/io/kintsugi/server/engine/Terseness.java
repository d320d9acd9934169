package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Nature;
import java.util.SplittableRandom;

/** Systems that only name the record that another was merged into, so that it has to be asked for by itself. In some histories only. */
final class Terseness {
    private Terseness() {}

    /** Drawn apart, so that the seeds of before are the histories they were. */
    static boolean drawn(long seed) {
        return seed >= Scenario.WIDEST && random(seed).nextBoolean();
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0xD807AA98A3030242L);
    }

    /** A random for the systems of a history. */
    static SplittableRandom natures(long seed) {
        return random(~seed);
    }

    static Nature in(Nature nature, SplittableRandom random) {
        return random.nextInt(3) == 0 ? nature : nature.with(nature.vices().naming());
    }
}
