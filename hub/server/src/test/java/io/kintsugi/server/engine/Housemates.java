package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.SimulatedSystem.Effect;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.RecordKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * People of one address in a history: two that share it are entered in one minute, or one of them in two systems, right while the hub
 * creates. In some histories only.
 */
final class Housemates {
    private static final List<String> FIRST = List.of("Olga", "Piotr", "Quirin", "Rosa");
    private final History history;

    Housemates(History history) {
        this.history = history;
    }

    /** Drawn apart, so that the seeds of before are the histories they were. */
    static boolean drawn(long seed) {
        return random(seed).nextInt(3) == 0;
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0x3C6EF372FE94F82BL);
    }

    static List<Scenario.Step> steps(long seed, long end, int count) {
        var random = random(seed).split();
        var steps = new ArrayList<Scenario.Step>();
        for (int i = 0; i < count; i++) {
            long at = random.nextLong(end);
            var house = random.nextInt(1000) * 16L;
            for (int j = 0; j < 2 + random.nextInt(3); j++) {
                var soon = Duration.ofMillis(at + random.nextLong(120_000));
                steps.add(new Scenario.Step(soon, Scenario.Kind.MOVE_IN, house + random.nextInt(16)));
            }
        }
        return steps;
    }

    /** @param dice a house times 16, and who enters it in which system */
    void moveIn(long dice) {
        int who = (int) (dice % 4);
        var names = List.copyOf(history.systems.keySet());
        var system = history.systems.get(names.get((int) (dice / 4 % 4) % names.size()));
        long house = dice / 16;
        var email = "house" + house + "@example.com";
        boolean there = system.rows().values().stream()
                .anyMatch(row ->
                        email.equals(row.value("email")) && FIRST.get(who).equals(row.value("firstName")));
        if (there) return;
        var values = new HashMap<>(Map.of(
                "firstName",
                FIRST.get(who),
                "lastName",
                List.of("Ulrich", "Vasquez", "Weber", "Xenakis").get(who),
                "email",
                email,
                "birthDate",
                "19" + (50 + who * 11) + "-1" + (who % 3) + "-0" + (1 + who)));
        values.put("note", history.newValue("note"));
        var id = system.create(values);
        history.note("PERSON moves in " + system.id() + " " + id + " " + values);
        history.remember(system, id, values.keySet());
        history.createdByPeople.add(system.id() + " " + id);
    }

    /** What the hub creates is nobody that it could have looked up, and of one address only one is under way (R7). */
    void ofEffect(Effect effect) {
        if (!(effect.op() instanceof WriteOp.Create)) return;
        var email = effect.after().value("email");
        if (email == null) return;
        var open = history
                .store
                .read(tx -> tx.outbox().list(effect.system(), null, null, 500).items())
                .stream()
                .filter(change -> change.open() && change.target() == null)
                .filter(change -> email.equals(change.intent().values().get("email")))
                .toList();
        if (open.size() > 1) {
            history.violate(
                    "CREATED_TOGETHER",
                    effect.system() + " " + email + " for "
                            + open.stream().map(OutboundChange::goldenId).toList());
        }
        var mine = open.stream()
                .filter(change -> change.intent().id().equals(effect.op().opId()))
                .findFirst();
        if (mine.isEmpty()) return;
        if (history.merges > 0) return;
        var system = history.systems.get(effect.system());
        for (var row : system.rows().values()) {
            boolean merged =
                    system.mergedAway().stream().map(system::mergedInto).anyMatch(row.id()::equals);
            if (merged) continue; // it has cells that are older than itself
            var cell = row.cells().get("email");
            if (cell == null || !email.equals(cell.value())) continue;
            var shown = cell.at().plus(system.nature().vices().index()); // before that no look-up finds it
            if (!shown.isBefore(mine.get().intent().sentAt())) continue;
            var key = new RecordKey(effect.system(), "contact", row.id());
            if (history.store.read(tx -> tx.records().find(List.of(key))).isEmpty()) {
                history.violate("UNLOOKED", effect.system() + " created " + email + " beside " + key);
            }
        }
    }
}
