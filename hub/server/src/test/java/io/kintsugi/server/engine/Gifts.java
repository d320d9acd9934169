package io.kintsugi.server.engine;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.StewardValue;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;

/** Stewards give golden records values of their own, and take them back. In some histories only. */
final class Gifts {
    private static final List<LifeCycle> LIFE_CYCLES =
            List.of(LifeCycle.FOREVER, LifeCycle.UNTIL_WINNER_CHANGES, LifeCycle.UNTIL_ANY_RELOAD);

    private final History history;

    Gifts(History history) {
        this.history = history;
    }

    /** Drawn apart, so that the seeds of before are the histories they were. */
    static boolean drawn(long seed) {
        return seed >= Scenario.WIDE && random(seed).nextInt(3) == 0;
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0x5BE0CD19137E2179L);
    }

    /** Each is given, and perhaps taken back some minutes later. */
    static List<Scenario.Step> steps(long seed, long end, int count) {
        var random = random(seed).split();
        var steps = new ArrayList<Scenario.Step>();
        for (int i = 0; i < count; i++) {
            long at = random.nextLong(end);
            steps.add(new Scenario.Step(Duration.ofMillis(at), Scenario.Kind.GIVE, random.nextLong()));
            at += random.nextLong(600_000);
            if (random.nextBoolean()) {
                steps.add(new Scenario.Step(Duration.ofMillis(at), Scenario.Kind.TAKE_BACK, random.nextLong()));
            }
        }
        return steps;
    }

    void give(SplittableRandom random) {
        var goldens = history.goldens();
        goldens.removeIf(golden -> golden.state() != GoldenState.ACTIVE);
        if (goldens.isEmpty() || !history.hub.up()) return;
        var golden = goldens.get(random.nextInt(goldens.size()));
        var field = History.EDITED.get(random.nextInt(History.EDITED.size()));
        var value = history.newValue(field);
        var lifeCycle = LIFE_CYCLES.get(random.nextInt(LIFE_CYCLES.size()));
        history.edits++;
        history.note("STEWARD gives " + golden.id() + " " + field + "=" + value + " " + lifeCycle);
        history.entered.computeIfAbsent(field, f -> new HashSet<>()).add(value); // copies of it may outlive it
        try {
            history.hub
                    .stewardship()
                    .giveValue(golden.id(), golden.revision(), field, value, lifeCycle, null, null, "sam");
        } catch (HubException e) {
            history.note("refused: " + e.getMessage());
        }
    }

    void takeBack(SplittableRandom random) {
        var goldens = history.goldens();
        goldens.removeIf(golden -> golden.stewardValues().stream().noneMatch(StewardValue::holds));
        if (goldens.isEmpty() || !history.hub.up()) return;
        var golden = goldens.get(random.nextInt(goldens.size()));
        var given = golden.stewardValues().stream().filter(StewardValue::holds).toList();
        var field = given.get(random.nextInt(given.size())).attribute();
        history.note("STEWARD takes back what was given to " + golden.id() + " " + field);
        try {
            history.hub.stewardship().takeValueBack(golden.id(), golden.revision(), field, null, "sam");
        } catch (HubException e) {
            history.note("refused: " + e.getMessage());
        }
    }

    /** Whether what a golden record has is what a steward gave it. */
    static boolean holds(GoldenRecord golden, String field) {
        return golden.stewardValues().stream()
                .anyMatch(given -> given.holds()
                        && given.attribute().equals(field)
                        && given.value().equals(golden.value(field)));
    }
}
