package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.SimulatedSystem;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Automations in two or more systems that each insist on a value of their own, some seconds after anything else comes. In some histories only. */
final class Automations {
    private static final String FIELD = "tier";

    private final History history;
    private final SplittableRandom random;
    private final Set<String> insisting = new HashSet<>();
    private Instant last = Instant.MIN;

    Automations(History history, long seed) {
        this.history = history;
        this.random = random(~seed);
    }

    /** Drawn apart, so that the seeds of before are the histories they were. */
    static boolean drawn(long seed) {
        return seed >= Scenario.WIDER && random(seed).nextInt(10) == 0;
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0xBB67AE8584CAA73BL);
    }

    /** Which systems insist: at least two. */
    void begin(List<String> systems) {
        int first = random.nextInt(systems.size());
        for (int i = 0; i < systems.size(); i++) {
            if (i < 2 || random.nextBoolean()) insisting.add(systems.get((first + i) % systems.size()));
        }
    }

    /** What the hub writes is changed back. */
    void ofEffect(SimulatedSystem.Effect effect) {
        if (effect.after() == null || !insisting.contains(effect.system())) return;
        var id = effect.after().id();
        history.time.after(Duration.ofMillis(500 + random.nextLong(4_000)), () -> insist(effect.system(), id));
    }

    /** Whether a system sets the same value again and again, which shows no more than the first time if nobody looks between. */
    boolean insistsOn(String system, String field) {
        return field.equals(FIELD) && insisting.contains(system);
    }

    /** Whether they have been content for a while, so that the hub has read what they did. */
    boolean atRest() {
        var read = Duration.ofMinutes(3).plus(history.longestIndex());
        return last.isBefore(history.time.instant().minus(read));
    }

    private void insist(String name, String id) {
        var system = history.systems.get(name);
        var row = system.rows().get(id);
        var own = "t-" + name;
        if (row == null
                || row.value(FIELD) != null && own.equals(row.value(FIELD).strip())) return;
        history.note("AUTOMATION of " + name + " changes " + id + " back");
        last = history.time.instant();
        history.edits++;
        system.edit(id, Map.of(FIELD, own));
        history.remember(system, id, Set.of(FIELD));
    }
}
