package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Nature;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.Vices;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Systems in which a field takes certain values only, until somebody adds those that are missing and a steward has what was held back sent
 * again. In some histories only.
 */
final class Picklists {
    private static final String FIELD = "tier";

    /** How often one value of one record may be refused: a hub that is killed, or gets no answer, does not know that it was. */
    private static final int MOST = 12;

    private final History history;
    private final Map<String, Integer> declined = new HashMap<>();

    Picklists(History history) {
        this.history = history;
    }

    /** Drawn apart, so that the seeds of before are the histories they were. */
    static boolean drawn(long seed) {
        return seed >= Scenario.WIDEST && random(seed).nextInt(3) == 0;
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0x5BE0CD19137E2179L);
    }

    /** A random for the systems of a history. */
    static SplittableRandom natures(long seed) {
        return random(~seed);
    }

    static Nature in(Nature nature, SplittableRandom random) {
        if (random.nextBoolean()) return nature;
        return nature.with(nature.vices().choosing(Map.of(FIELD, Picklists::isOption)));
    }

    /** Two of three values of people, and those of automations. */
    private static boolean isOption(String value) {
        return value.startsWith("t-") || Math.floorMod(value.hashCode(), 3) > 0;
    }

    static List<Scenario.Step> steps(long seed, long end, int count) {
        var random = random(seed).split();
        var steps = new ArrayList<Scenario.Step>();
        for (int i = 0; i < count; i++) {
            var at = Duration.ofMillis(random.nextLong(end));
            steps.add(new Scenario.Step(at, Scenario.Kind.ADD_OPTIONS, random.nextLong()));
        }
        return steps;
    }

    /** The missing options are added to a system, and a steward has sent again what waits for a person there. */
    void complete(SimulatedSystem system) {
        if (system.nature().vices().options().isEmpty()) return;
        history.note("PERSON adds options in " + system.id());
        system.become(system.nature().with(system.nature().vices().choosing(Vices.NONE.options())));
        if (!history.hub.up()) return; // whoever looks at what is parked in the end does it
        var parked = history.store.read(tx ->
                tx.outbox().list(system.id(), OutboundState.PARKED, null, 100).items());
        for (var change : parked) history.hub.dispatcher().retry(change.key());
    }

    /** A value that was refused is not sent again and again. */
    void ofDecline(String system, WriteOp op, String field) {
        var change = history.changeOf(system, op.opId());
        if (change == null) return;
        var value = op instanceof WriteOp.Create create
                ? create.set().get(field)
                : ((WriteOp.Update) op).set().get(field);
        history.note("DECLINED " + change.key() + " " + field + " = " + value);
        if (declined.merge(change.key() + " " + field + " " + value, 1, Integer::sum) == MOST) {
            history.violate(
                    "SENT_AGAIN", change.key() + " " + field + " = " + value + " was refused " + MOST + " times");
        }
    }

    /** Whether a record lacks a value because its system does not take it; that must be there to see (SCH-4). */
    boolean isRefused(RecordKey record, String field, String value) {
        if (history.systems.get(record.system()).nature().vices().takes(field, value)) return false;
        var key = OutboundChange.updateKey(record);
        var change = history.store.read(tx -> tx.outbox().find(List.of(key)).get(key));
        boolean waits =
                change != null && (change.state() == OutboundState.PARKED || change.state() == OutboundState.HELD);
        if (!waits || !change.problem().contains(field)) {
            history.violate(
                    "REFUSAL_UNSEEN",
                    record + " does not take " + field + " = " + value + ", and " + key + " is "
                            + (change == null ? "not there" : change.state() + " " + change.problem()));
        }
        return true;
    }
}
