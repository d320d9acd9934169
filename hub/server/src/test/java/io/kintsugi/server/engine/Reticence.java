package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Nature;
import io.kintsugi.connector.simulated.Trait;
import java.util.EnumSet;
import java.util.SplittableRandom;

/** Systems that do not tell what was deleted, and systems in which the hub cannot delete. In some histories only. */
final class Reticence {
    private Reticence() {}

    /** Drawn apart, so that the seeds of before are the histories they were. */
    static boolean drawn(long seed) {
        return seed >= Scenario.WIDE && random(seed).nextInt(3) == 0;
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0x1F83D9ABFB41BD6BL);
    }

    /** A random for the systems of a history. */
    static SplittableRandom natures(long seed) {
        return random(~seed);
    }

    static Nature in(Nature nature, SplittableRandom random) {
        var traits = EnumSet.copyOf(nature.traits());
        if (random.nextInt(3) == 0) traits.remove(Trait.TELLS_DELETES);
        if (random.nextInt(3) == 0) traits.remove(Trait.DELETES);
        return nature.with(traits);
    }
}
