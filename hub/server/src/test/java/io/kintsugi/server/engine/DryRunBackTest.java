package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.SurvivorId;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.dryrun.DryChange.Kind;
import io.kintsugi.server.engine.dryrun.DryRun.Change;
import io.kintsugi.server.engine.dryrun.DryRun.Copy;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.stewardship.Stewardship;
import io.kintsugi.server.engine.stewardship.Stewardship.PlannedWrite;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dry runs of decisions after which systems are asked for what they had. */
class DryRunBackTest extends DryRunScenes {
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.kintsugi.server.engine.DryRunTest#seeds")
    @DisplayName("SYN-11: the dry run of a restore tells which records come back with their id, and which are new ones")
    void aRestore(long seed) {
        var random = new Random(seed);
        var hub = hub(random, seed);
        var all = new Rule(Action.PROPAGATE, Action.PROPAGATE, Duration.ZERO, Conflict.EDIT_WINS);
        hub.deletes(new DeletePolicy("contact", 1, all, List.of(), Brake.USUAL));
        hub.settle();
        var alone = hub.system("crm").records().keySet().stream()
                .filter(id -> inCrm(hub, hub.golden("crm:contact:" + id)) == 1)
                .toList();
        var gone = any(random, alone);
        hub.system("crm").delete(gone);
        later(hub);
        var deletion = deletion(hub);
        var told = foretold(
                hub,
                decision(hub, stewardship -> stewardship.restore(deletion.id(), deletion.revision(), "sam")),
                () -> {
                    hub.stewardship.restore(deletion.id(), deletion.revision(), "sam");
                    later(hub);
                });
        assertThat(told.changes().stream().filter(change -> change.kind() == Kind.UNDELETE))
                .allSatisfy(
                        change -> assertThat(change.why()).startsWith("comes back with its id if " + change.system()));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("io.kintsugi.server.engine.DryRunTest#seeds")
    @DisplayName(
            "SYN-11: the dry run of an unmerge tells which records come back with their id, and which are new ones")
    void anUnmerge(long seed) {
        var random = new Random(seed);
        var hub = hub(random, seed);
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        var goldens = List.copyOf(goldens(hub).keySet());
        var one = any(random, goldens);
        var two = any(random, goldens.stream().filter(id -> !id.equals(one)).toList());
        for (var name : hub.systems.keySet()) {
            if (random.nextInt(4) > 0) hub.duplicates(name, new Duplicates(When.MERGE_DECIDED, true));
        }
        var merge = hub.stewardship.merge(List.of(one, two), null, Map.of(), "the same", "ada");
        later(hub);
        long revision = goldens(hub).get(merge.survivor()).revision();
        Consumer<Stewardship> unmerge =
                stewardship -> stewardship.unmerge(merge.id(), UnmergeMode.SINGLE, revision, "no", "ada");
        var preview = hub.stewardship.previewUnmerge(merge.id(), UnmergeMode.SINGLE);
        foretold(hub, decision(hub, unmerge), () -> {
            unmerge.accept(hub.stewardship);
            later(hub);
        });
        var back = new TreeSet<String>();
        hub.systems.forEach((name, system) -> system.undeleted.forEach(id -> back.add(name + ":contact:" + id)));
        assertThat(preview.writes().stream().filter(write -> write.kind().equals("UNDELETE")))
                .as("some may wait for an answer")
                .extracting(write -> write.target().toString())
                .containsAll(back);
        assertThat(preview.writes().stream().filter(write -> write.kind().equals("CREATE")))
                .extracting(PlannedWrite::system)
                .containsAll(created(hub));
    }

    private static List<String> created(HubUnderTest hub) {
        var created = new ArrayList<String>();
        hub.systems.forEach((name, system) ->
                system.effects.stream().filter(WriteOp.Create.class::isInstance).forEach(op -> created.add(name)));
        return created;
    }

    private static HubUnderTest hub(Random random, long seed) {
        var hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "erp", "web");
        people(hub, seed, 8);
        for (var system : hub.systems.values()) {
            system.undeletes = random.nextBoolean();
            system.merges = random.nextInt(3) == 0 ? null : SurvivorId.WINNER_KEPT;
            system.undeletesLosers = system.undeletes;
        }
        return hub;
    }

    private static void later(HubUnderTest hub) {
        hub.settle();
        for (int minutes : List.of(2, 2, 6)) {
            hub.clock.advance(Duration.ofMinutes(minutes));
            hub.settle();
        }
    }

    private static <T> T any(Random random, Collection<T> of) {
        return List.copyOf(of).get(random.nextInt(of.size()));
    }

    private static Deletion deletion(HubUnderTest hub) {
        return hub.store
                .read(tx -> tx.deletions().list(Deletions.Filter.ALL, null, 9))
                .items()
                .get(0);
    }

    private static long inCrm(HubUnderTest hub, GoldenRecord goldenOrNull) {
        if (goldenOrNull == null) return 0;
        var id = goldenOrNull.id();
        return hub.store.read(tx -> tx.goldens().members(List.of(id))).get(id).stream()
                .filter(member -> member.record().key().system().equals("crm"))
                .count();
    }

    /** What a steward decides, as a dry run makes it. */
    private static Change decision(HubUnderTest hub, Consumer<Stewardship> decides) {
        return new Change(Set.of(), store -> hub.model.get(), copy -> decides.accept(stewardship(copy)), store -> {});
    }

    private static Stewardship stewardship(Copy copy) {
        var events = new HubEvents();
        var resolver = new Resolver(copy.store(), copy.model(), copy.clock(), Ids.secure(copy.clock()), events);
        return new Stewardship(copy.store(), copy.model(), resolver, copy.clock(), events, system -> null);
    }
}
