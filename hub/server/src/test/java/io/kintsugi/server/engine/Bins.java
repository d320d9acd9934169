package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Nature;
import io.kintsugi.connector.simulated.Trait;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Histories in which systems can bring back what was deleted there: what these are like, and what happens more often in them.
 * They also merge several records in one call.
 */
final class Bins {
    private Bins() {}

    /** Drawn apart, and not for the seeds that were kept before, so that these are the histories they were. */
    static boolean drawn(long seed) {
        return random(seed).nextInt(4) == 0;
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0x6A09E667F3BCCA02L);
    }

    /** A random for the systems of a history. */
    static SplittableRandom natures(long seed) {
        return random(~seed);
    }

    /** Most systems keep what was deleted: for ever, or not long. */
    static Nature in(Nature nature, SplittableRandom random) {
        int x = random.nextInt(8);
        if (x == 0) return nature;
        var traits = EnumSet.copyOf(nature.traits());
        traits.add(Trait.UNDELETES);
        if (nature.has(Trait.MERGES_KEEPING_ID) && random.nextBoolean()) traits.add(Trait.UNDELETES_LOSERS);
        var bin = x > 4 ? null : Duration.ofSeconds(30 + random.nextInt(900));
        return nature.with(traits).keeping(bin).merging(1 + random.nextInt(3));
    }

    /** Deletes spread, so that there is something to bring back. */
    static DeletePolicy deletes(SplittableRandom random) {
        var action = random.nextInt(4) == 0 ? Action.RECREATE : Action.PROPAGATE;
        var conflict = random.nextBoolean() ? Conflict.DELETE_WINS : Conflict.EDIT_WINS;
        var rule = new Rule(action, action, Duration.ZERO, conflict);
        return new DeletePolicy("contact", 1, rule, List.of(), Brake.USUAL);
    }

    /** Deletes, and some minutes after each a steward who undoes one. */
    static List<Scenario.Step> steps(long seed, long end, int count) {
        var random = random(seed).split();
        var steps = new ArrayList<Scenario.Step>();
        for (int i = 0; i < count; i++) {
            long at = random.nextLong(end + 60_000);
            steps.add(new Scenario.Step(Duration.ofMillis(at), Scenario.Kind.DELETE, random.nextLong()));
            for (int tries = 0; tries < 2; tries++) {
                at += 100_000 + random.nextLong(300_000);
                steps.add(new Scenario.Step(Duration.ofMillis(at), Scenario.Kind.RESTORE, random.nextLong()));
            }
        }
        return steps;
    }
}
