package io.kintsugi.server.engine;

import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/** Policies are published while everything goes on. In some histories only. */
final class Publications {
    private final History history;
    int published;

    Publications(History history) {
        this.history = history;
    }

    /** Drawn apart, so that the seeds of before are the histories they were. */
    static boolean drawn(long seed) {
        return seed >= Scenario.WIDER && random(seed).nextInt(3) == 0;
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0x3C6EF372FE94F82BL);
    }

    static List<Scenario.Step> steps(long seed, long end, int count) {
        var random = random(seed).split();
        var steps = new ArrayList<Scenario.Step>();
        for (int i = 0; i < count; i++) {
            var at = Duration.ofMillis(random.nextLong(end));
            steps.add(new Scenario.Step(at, Scenario.Kind.PUBLISH, random.nextLong()));
        }
        return steps;
    }

    /** Another authority policy, or another delete policy. */
    void publish(SplittableRandom random) {
        var before = history.model();
        var authority = before.authority().get("contact");
        var deletes = before.deletes().get("contact");
        if (random.nextInt(3) == 0) {
            deletes = deletes(deletes, random);
        } else {
            authority = authority(authority, random);
        }
        history.note("STEWARD publishes " + authority.defaultRule() + " and " + deletes);
        published++;
        history.publish(new HubModel(
                before.entityTypes(),
                before.matching(),
                Map.of("contact", authority),
                Map.of("contact", deletes),
                before.systems()));
    }

    private AuthorityPolicy authority(AuthorityPolicy before, SplittableRandom random) {
        var names = new ArrayList<>(history.systems.keySet());
        Collections.shuffle(names, new Random(random.nextLong()));
        var chosen = random.nextBoolean()
                ? new Rule(Strategy.LATEST, List.of())
                : new Rule(Strategy.SYSTEM_RANK, List.copyOf(names));
        var rule = Clears.with(chosen, before.defaultRule().nulls());
        return new AuthorityPolicy("contact", before.version() + 1, rule, Map.of());
    }

    private DeletePolicy deletes(DeletePolicy before, SplittableRandom random) {
        var drawn = DeletionLife.draw(List.copyOf(history.systems.keySet()), random);
        return new DeletePolicy("contact", before.version() + 1, drawn.defaultRule(), drawn.cells(), drawn.brake());
    }
}
