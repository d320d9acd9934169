package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.core.policy.AuthorityPolicy.NullPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;

/** People make values empty, and the policy says what that means. In some histories only. */
final class Clears {
    private final History history;

    Clears(History history) {
        this.history = history;
    }

    /** Drawn apart, so that the seeds of before are the histories they were. */
    static boolean drawn(long seed) {
        return seed >= Scenario.WIDE && random(seed).nextBoolean();
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0x510E527FADE682D1L);
    }

    static List<Scenario.Step> steps(long seed, long end, int count) {
        var random = random(seed).split();
        var steps = new ArrayList<Scenario.Step>();
        for (int i = 0; i < count; i++) {
            var at = Duration.ofMillis(random.nextLong(end));
            steps.add(new Scenario.Step(at, Scenario.Kind.CLEAR, random.nextLong()));
        }
        return steps;
    }

    /** The rule of a history, with what an empty value means in it. */
    static Rule in(Rule rule, long seed) {
        return with(rule, NullPolicy.values()[random(~seed).nextInt(NullPolicy.values().length)]);
    }

    static Rule with(Rule rule, NullPolicy nulls) {
        return new Rule(
                rule.when(),
                rule.strategies(),
                rule.sameRecordAs(),
                rule.ranking(),
                rule.only(),
                rule.trust(),
                nulls,
                rule.tieBreak(),
                rule.onForeignWrite(),
                rule.override(),
                rule.writeTo(),
                rule.onDisconnect());
    }

    void clear(SimulatedSystem system, SplittableRandom random) {
        var id = History.any(system, random);
        if (id == null) return;
        var row = system.rows().get(id);
        var filled = History.EDITED.stream()
                .filter(field -> row.value(field) != null)
                .toList();
        if (filled.isEmpty()) return;
        var field = filled.get(random.nextInt(filled.size()));
        history.edits++;
        history.note("PERSON clears " + system.id() + " " + id + " " + field);
        var values = new HashMap<String, String>();
        values.put(field, null);
        system.edit(id, values);
        history.entered.computeIfAbsent(field, f -> new HashSet<>()).add("");
    }
}
