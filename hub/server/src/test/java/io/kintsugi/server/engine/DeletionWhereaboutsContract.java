package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Cell;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Deletions of records whose goldens are merged and parted meanwhile; on the in-memory store and on the graph. */
abstract class DeletionWhereaboutsContract {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04");
    private static final Map<String, Object> BRUNO =
            Map.of("first", "Bruno", "last", "Silva", "email", "bruno@silva.example", "born", "1975-05-05");

    private HubUnderTest hub;
    private String anna;
    private String bruno;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    /** What the crm deletes is deleted in the erp, and kept in the web shop. */
    @BeforeEach
    void annaInThreeAndBrunoInOne() {
        hub = new HubUnderTest(emptyStore(), false, "crm", "erp", "web");
        policy(new Rule(Action.PROPAGATE, Action.PROPAGATE, Duration.ZERO, Conflict.EDIT_WINS));
        for (var name : hub.systems.keySet()) hub.system(name).edit("1", ANNA);
        hub.system("web").edit("9", BRUNO);
        hub.settle();
        anna = hub.golden("crm:contact:1").id();
        bruno = hub.golden("web:contact:9").id();
        hub.clock.advance(Duration.ofMinutes(1));
    }

    private void policy(Rule crmToErp) {
        hub.deletes(new DeletePolicy(
                "contact", 1, DeletePolicy.FLAG_ONLY, List.of(new Cell("crm", "erp", crmToErp)), Brake.USUAL));
    }

    private void later() {
        hub.settle();
        for (int minutes : List.of(2, 2, 61, 2, 2, 61, 2, 2)) {
            hub.clock.advance(Duration.ofMinutes(minutes));
            hub.settle();
        }
    }

    private Deletion only() {
        var all = hub.store
                .read(tx -> tx.deletions().list(Deletions.Filter.ALL, null, 9))
                .items();
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    private void deletedInTheCrm() {
        hub.system("crm").delete("1");
        later();
        assertThat(hub.system("erp").records()).isEmpty();
    }

    /** The golden of the one record of a system. */
    private String goldenIn(String system) {
        assertThat(hub.system(system).records()).hasSize(1);
        var id = hub.system(system).records().keySet().iterator().next();
        return hub.golden(system + ":contact:" + id).id();
    }

    @Test
    @DisplayName("DEL-10: what is restored is part of the golden record in which the deleted record is now")
    void theGoldenWhereTheRecordIsNow() {
        var merge = hub.stewardship.merge(List.of(anna, bruno), bruno, Map.of(), "the same", "ada");
        hub.settle();
        deletedInTheCrm();
        assertThat(only().goldenId()).isEqualTo(bruno);
        long revision = hub.golden("web:contact:9").revision();
        hub.stewardship.unmerge(merge.id(), UnmergeMode.SINGLE, revision, "not the same", "ada");
        later();
        hub.stewardship.restore(only().id(), only().revision(), "sam");
        later();
        assertThat(List.of(goldenIn("crm"), goldenIn("erp"))).containsOnly(anna);
        assertThat(hub.system("crm").records().values())
                .allSatisfy(record -> assertThat(record.fields()).containsEntry("email", ANNA.get("email")));
    }

    @Test
    @DisplayName(
            "DEL-10: what is still to come back comes back though its golden record is merged into another meanwhile")
    void mergedWhileItComesBack() {
        deletedInTheCrm();
        hub.stewardship.restore(only().id(), only().revision(), "sam");
        hub.stewardship.merge(List.of(anna, bruno), bruno, Map.of(), "the same", "ada");
        later();
        assertThat(List.of(goldenIn("crm"), goldenIn("erp"))).containsOnly(bruno);
    }

    @Test
    @DisplayName("DEL-1: what is another thing again by the time its delete leaves is not deleted")
    void anotherThingBeforeItLeaves() {
        var erp = hub.system("erp");
        erp.edit("9", BRUNO);
        hub.settle();
        var merge = hub.stewardship.merge(List.of(anna, bruno), anna, Map.of(), "the same", "ada");
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(2));
        hub.system("crm").delete("1");
        hub.read("crm");
        hub.resolver.resolvePending(20);
        hub.clock.advance(Duration.ofMinutes(2));
        hub.resolver.resolvePending(20);
        assertThat(only().steps().stream().filter(step -> step.state() == StepState.SENT))
                .hasSize(2);
        long revision = hub.golden("web:contact:1").revision();
        hub.stewardship.unmerge(merge.id(), UnmergeMode.SINGLE, revision, "not the same", "ada");
        hub.send("erp");
        assertThat(erp.records()).containsOnlyKeys("9");
        later();
        assertThat(erp.records()).containsOnlyKeys("9");
    }

    @Test
    @DisplayName("DEL-1: what is taken out of its golden record before its delete leaves, and joins again, is deleted")
    void joinsAgainBeforeItLeaves() {
        policy(new Rule(Action.PROPAGATE, Action.PROPAGATE, Duration.ZERO, Conflict.DELETE_WINS));
        hub.system("crm").delete("1");
        hub.read("crm");
        hub.resolver.resolvePending(20);
        hub.clock.advance(Duration.ofMinutes(2));
        hub.resolver.resolvePending(20);
        var key = RecordKey.parse("erp:contact:1");
        hub.store.write(tx -> {
            var record = tx.records().lock(new TreeSet<>(Set.of(key))).get(key);
            tx.records().save(List.of(record.withState(RecordState.DISCONNECTED)));
            tx.records().markPending(List.of(key));
            return null;
        });
        hub.resolver.resolvePending(20);
        hub.send("erp");
        assertThat(hub.system("erp").records()).containsOnlyKeys("1");
        hub.system("erp").edit("1", Map.of("city", "Gdansk"));
        later();
        assertThat(hub.system("erp").records()).isEmpty();
    }

    @Test
    @DisplayName("DEL-8: what people made their own after its delete was decided, and before it leaves, is asked about")
    void madeTheirOwnBeforeItLeaves() {
        var onlyTheHubs = new Rule(Action.PROPAGATE, Action.DISCONNECT, Duration.ZERO, Conflict.DELETE_WINS);
        hub = new HubUnderTest(emptyStore(), true, "crm", "erp");
        policy(onlyTheHubs);
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        var erp = hub.system("erp");
        var created = erp.records().keySet().iterator().next();
        hub.system("crm").delete("1");
        hub.read("crm");
        hub.resolver.resolvePending(20);
        hub.clock.advance(Duration.ofMinutes(2));
        hub.resolver.resolvePending(20);
        assertThat(only().steps()).anyMatch(step -> step.state() == StepState.SENT);
        erp.edit("77", BRUNO);
        hub.read("erp");
        hub.resolver.resolvePending(20);
        erp.merge(created, "77", false);
        erp.edit(created, Map.of("city", "Gdansk"));
        hub.read("erp");
        hub.resolver.resolvePending(20);
        hub.send("erp");
        assertThat(erp.records()).containsOnlyKeys(created);
        later();
        assertThat(erp.records()).containsOnlyKeys(created);
        assertThat(only().steps()).anyMatch(step -> step.state() == StepState.ASKED);
    }

    @Test
    @DisplayName("DEL-1: of two deletions that take a record out at once the one for good holds")
    void severedAndDisconnectedAtOnce() {
        for (var severs : List.of("crm", "erp")) {
            annaInThreeAndBrunoInOne();
            var sever = new Rule(Action.SEVER, Action.SEVER, Duration.ZERO, Conflict.DELETE_WINS);
            var disconnect = new Rule(Action.DISCONNECT, Action.DISCONNECT, Duration.ZERO, Conflict.DELETE_WINS);
            hub.deletes(new DeletePolicy(
                    "contact",
                    1,
                    DeletePolicy.FLAG_ONLY,
                    List.of(
                            new Cell("crm", "web", severs.equals("crm") ? sever : disconnect),
                            new Cell("erp", "web", severs.equals("erp") ? sever : disconnect)),
                    Brake.USUAL));
            hub.system("crm").delete("1");
            hub.system("erp").delete("1");
            later();
            var key = RecordKey.parse("web:contact:1");
            assertThat(hub.store
                            .read(tx -> tx.records().find(List.of(key)))
                            .get(key)
                            .state())
                    .isEqualTo(RecordState.SEVERED);
        }
    }

    @Test
    @DisplayName("DEL-1: a record that was merged into one that was never read, and is gone by then, is gone with it")
    void mergedIntoWhatWasNeverRead() {
        var crm = hub.system("crm");
        crm.edit("99", ANNA);
        crm.merge("99", "1", false);
        crm.delete("99");
        later();
        var key = RecordKey.parse("crm:contact:1");
        assertThat(hub.store
                        .read(tx -> tx.records().find(List.of(key)))
                        .get(key)
                        .state())
                .isEqualTo(RecordState.DELETED);
        assertThat(hub.system("erp").records())
                .as("what follows from its deletion")
                .isEmpty();
    }
}
