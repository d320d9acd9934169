package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Nature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Systems whose feeds forget what is older than some time, and outages that are longer. In some histories only. */
final class Forgetting {
    private Forgetting() {}

    /** Drawn apart, so that the seeds of before are the histories they were. */
    static boolean drawn(long seed) {
        return seed >= Scenario.WIDE && random(seed).nextInt(3) == 0;
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0x9B05688C2B3E6C1FL);
    }

    /** A random for the systems of a history. */
    static SplittableRandom natures(long seed) {
        return random(~seed);
    }

    /** Most feeds forget, some so soon that a hub which is slow has not read it. */
    static Nature in(Nature nature, SplittableRandom random) {
        boolean keeps = random.nextInt(4) == 0;
        int seconds = 120 + random.nextInt(1200);
        return keeps ? nature : nature.remembering(Duration.ofSeconds(seconds));
    }

    /** Systems that are away for long, and what is deleted there meanwhile. */
    static List<Scenario.Step> steps(long seed, long end, int count) {
        var random = random(seed).split();
        var steps = new ArrayList<Scenario.Step>();
        for (int i = 0; i < count; i++) {
            long at = random.nextLong(end);
            var kind = random.nextInt(3) == 0 ? Scenario.Kind.STOP : Scenario.Kind.OUTAGE;
            steps.add(new Scenario.Step(Duration.ofMillis(at), kind, random.nextLong()));
            at += random.nextLong(120_000);
            steps.add(new Scenario.Step(Duration.ofMillis(at), Scenario.Kind.DELETE, random.nextLong()));
        }
        return steps;
    }
}
