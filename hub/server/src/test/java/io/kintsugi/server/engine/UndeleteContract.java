package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.SurvivorId;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.lifecycle.MergePlan;
import io.kintsugi.core.lifecycle.MergePlan.Back;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.server.engine.stewardship.Reversals;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes back to systems that can undelete: the record that was there, under its id; on the in-memory store and on the graph. */
abstract class UndeleteContract {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04");
    private static final Map<String, Object> BRUNO =
            Map.of("first", "Bruno", "last", "Silva", "email", "bruno@silva.example", "born", "1975-05-05");

    private HubUnderTest hub;
    private SimulatedSystem erp;
    private String inErp;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void annaInBoth() {
        hub = new HubUnderTest(emptyStore(), true, "crm", "erp");
        var all = new Rule(Action.PROPAGATE, Action.PROPAGATE, Duration.ZERO, Conflict.EDIT_WINS);
        hub.deletes(new DeletePolicy("contact", 1, all, List.of(), Brake.USUAL));
        erp = hub.system("erp");
        erp.undeletes = true;
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        inErp = erp.records().keySet().iterator().next();
    }

    private void later() {
        hub.settle();
        for (int minutes : List.of(2, 2, 6)) {
            hub.clock.advance(Duration.ofMinutes(minutes));
            hub.settle();
        }
    }

    private Deletion deletion() {
        return hub.store
                .read(tx -> tx.deletions().list(Deletions.Filter.ALL, null, 9))
                .items()
                .get(0);
    }

    private void deleteEverywhere() {
        hub.system("crm").delete("1");
        later();
        assertThat(erp.records()).isEmpty();
    }

    private void restore() {
        hub.stewardship.restore(deletion().id(), deletion().revision(), "sam");
    }

    private RecordState stateInErp() {
        var key = RecordKey.parse("erp:contact:" + inErp);
        return hub.store.read(tx -> tx.records().find(List.of(key))).get(key).state();
    }

    private long created() {
        return erp.effects.stream().filter(WriteOp.Create.class::isInstance).count();
    }

    @Test
    @DisplayName(
            "DEL-10: a restored record comes back with its id where its system can, and is brought up to date there")
    void theOldRecordWithItsId() {
        var golden = hub.golden("crm:contact:1").id();
        deleteEverywhere();
        restore();
        later();
        assertThat(erp.records().keySet()).containsExactly(inErp);
        assertThat(hub.golden("erp:contact:" + inErp).id()).isEqualTo(golden);
        assertThat(created()).as("creates, the first one among them").isEqualTo(1);
        assertThat(hub.system("crm").records())
                .as("crm cannot, and has a new one")
                .hasSize(1)
                .doesNotContainKey("1");
        assertThat(deletion().state()).isEqualTo(DeletionState.SETTLED);
        var inCrm = hub.system("crm").records().keySet().iterator().next();
        hub.system("crm").edit(inCrm, Map.of("city", "Lisbon"));
        later();
        assertThat(erp.value(inErp, "city")).isEqualTo("Lisbon");
    }

    @Test
    @DisplayName("DEL-10: where both systems can undelete, one that is back first does not keep the other away")
    void bothComeBack() {
        hub.system("crm").undeletes = true;
        deleteEverywhere();
        restore();
        later();
        assertThat(erp.records().keySet()).containsExactly(inErp);
        assertThat(hub.system("crm").records().keySet()).containsExactly("1");
        assertThat(deletion().state()).isEqualTo(DeletionState.SETTLED);
    }

    @Test
    @DisplayName("DEL-10: what is restored before it is known that its delete arrived is there again all the same")
    void theDeleteIsUnderWay() throws ConnectorException {
        erp.loseReplies = true;
        erp.fault = op -> {
            if (!(op instanceof WriteOp.Delete)) return null;
            erp.delete(inErp);
            return new WriteResult.Ambiguous(op.opId(), "no reply within the deadline");
        };
        hub.system("crm").delete("1");
        hub.settle();
        for (int i = 0; i < 70 && erp.records().containsKey(inErp); i++) {
            hub.clock.advance(Duration.ofSeconds(5));
            hub.takeIn();
            hub.sendOnce("erp");
        }
        assertThat(erp.records()).isEmpty();
        assertThat(stateInErp()).as("the hub does not know yet").isEqualTo(RecordState.LIVE);
        restore();
        hub.sendOnce("erp");
        hub.clock.advance(Duration.ofMinutes(2));
        hub.resolver.resolvePending(20);
        assertThat(stateInErp()).as("still not").isEqualTo(RecordState.LIVE);
        erp.loseReplies = false;
        erp.fault = op -> null;
        later();
        assertThat(erp.records()).hasSize(1);
        assertThat(deletion().state()).isEqualTo(DeletionState.SETTLED);
    }

    @Test
    @DisplayName("DEL-10: what the system does not have any more is created anew, once")
    void tooLate() {
        deleteEverywhere();
        erp.bin.clear();
        restore();
        later();
        assertThat(erp.undeleted).as("asked once").containsExactly(inErp);
        assertThat(erp.records()).hasSize(1).doesNotContainKey(inErp);
        assertThat(created()).isEqualTo(2);
        assertThat(deletion().state()).isEqualTo(DeletionState.SETTLED);
    }

    @Test
    @DisplayName("SYN-5: an undelete whose reply is lost is looked up, and nothing is created beside it")
    void lostReply() {
        deleteEverywhere();
        erp.loseReplies = true;
        restore();
        later();
        erp.loseReplies = false;
        later();
        assertThat(erp.undeleted).containsExactly(inErp);
        assertThat(erp.records().keySet()).containsExactly(inErp);
        assertThat(created()).isEqualTo(1);
    }

    @Test
    @DisplayName(
            "SYN-2: an undelete that arrives late, and after the hub was killed, is waited for: nothing is created meanwhile")
    void lateAndKilled() {
        deleteEverywhere();
        erp.late = true;
        restore();
        hub.settle();
        hub.restart();
        hub.clock.advance(Duration.ofSeconds(30));
        hub.settle();
        assertThat(erp.undeleted).containsExactly(inErp);
        assertThat(erp.records()).isEmpty();
        erp.arrive();
        erp.late = false;
        later();
        assertThat(erp.undeleted).containsExactly(inErp);
        assertThat(erp.records().keySet()).containsExactly(inErp);
        assertThat(created()).isEqualTo(1);
    }

    @Test
    @DisplayName("SYN-5: an undelete that did not arrive is sent again, and never turned into a create")
    void neverArrived() {
        deleteEverywhere();
        erp.late = true;
        restore();
        hub.settle();
        erp.late = false;
        later();
        assertThat(erp.undeleted).containsExactly(inErp, inErp);
        assertThat(erp.records().keySet()).containsExactly(inErp);
        assertThat(created()).isEqualTo(1);
    }

    @Test
    @DisplayName("DEL-5: the delete that the hub has undone is told late, and deletes nothing")
    void oldNewsOfTheDelete() {
        erp.aliases = false; // then a delete that is told is not half of a merge
        deleteEverywhere();
        restore();
        hub.send("erp");
        assertThat(stateInErp()).as("before the feed has told it").isEqualTo(RecordState.LIVE);
        hub.read("erp");
        hub.clock.advance(Duration.ofSeconds(1));
        erp.tellDeleted(inErp);
        later();
        assertThat(stateInErp()).isEqualTo(RecordState.LIVE);
        assertThat(erp.records().keySet()).containsExactly(inErp);
        assertThat(hub.system("crm").records()).hasSize(1);
    }

    @Test
    @DisplayName(
            "DEL-10: what somebody entered there meanwhile is taken in first, and nothing is brought back beside it")
    void enteredMeanwhile() {
        deleteEverywhere();
        erp.edit("77", ANNA);
        restore();
        hub.send("erp"); // before the feed has told it
        later();
        assertThat(erp.undeleted).isEmpty();
        assertThat(erp.records().keySet()).containsExactly("77");
    }

    @Test
    @DisplayName("SYN-3: a write that arrives after its record was deleted and brought back is the hub's, no edit")
    void lateWriteToWhatCameBack() {
        hub.deletes(DeletePolicy.none("contact"));
        erp.fault = op -> new WriteResult.Ambiguous(op.opId(), "no reply within the deadline");
        hub.system("crm").edit("1", Map.of("city", "Lisbon"));
        hub.read("crm");
        hub.resolver.resolvePending(20);
        hub.send("erp");
        erp.delete(inErp);
        hub.clock.advance(Duration.ofSeconds(5));
        hub.settle();
        assertThat(stateInErp()).isEqualTo(RecordState.DELETED);
        erp.restore(inErp);
        hub.read("erp");
        assertThat(stateInErp()).isEqualTo(RecordState.LIVE);
        erp.fault = op -> null;
        erp.edit(inErp, Map.of("city", "Lisbon"));
        later();
        var key = RecordKey.parse("erp:contact:" + inErp);
        var record = hub.store.read(tx -> tx.records().find(List.of(key))).get(key);
        assertThat(record.value("city")).isEqualTo("Lisbon");
        assertThat(record.states().get("city").copied()).isTrue();
    }

    @Test
    @DisplayName("MRG-4: what a merge deleted comes back with its id when the merge is taken back")
    void unmergeOfADelete() {
        erp.undeletesLosers = false;
        unmerged(null);
    }

    @Test
    @DisplayName(
            "MRG-4, MRG-5: what a system merged comes back with its id, where the system says that it can take merges back")
    void unmergeOfANativeMerge() {
        erp.undeletesLosers = true;
        unmerged(SurvivorId.WINNER_KEPT);
    }

    @ParameterizedTest(name = "into the same record: {0}")
    @ValueSource(booleans = {true, false})
    @DisplayName("MRG-3: what people merge once more after an unmerge has brought it back is asked about")
    void mergedOnceMore(boolean same) {
        erp.undeletesLosers = true;
        unmerged(SurvivorId.WINNER_KEPT);
        var command = erp.merged.get(0);
        var winner = command.winner().id();
        var loser = command.losers().get(0).id();
        erp.merge(same ? winner : loser, same ? loser : winner, false);
        later();
        var open = new Reviews.Filter(null, ReviewState.OPEN, null, null, null, "openedAt");
        assertThat(hub.store.read(tx -> tx.reviews().list(open, null, 9)).items())
                .singleElement()
                .satisfies(review -> assertThat(review.reason()).contains("erp"));
    }

    @Test
    @DisplayName("MRG-5: a merge says of each system whether an unmerge gives its old record back, or a new one")
    void whatIsSaidOfAMerge() {
        hub.system("crm").edit("2", BRUNO);
        hub.settle();
        hub.duplicates("erp", new Duplicates(When.MERGE_DECIDED, true));
        assertThat(saidOfErp()).isEqualTo(Back.OLD_RECORD);
        erp.merges = SurvivorId.WINNER_KEPT;
        erp.undeletesLosers = false;
        assertThat(saidOfErp()).as("only what was deleted").isEqualTo(Back.NEW_RECORD);
        erp.undeletesLosers = true;
        assertThat(saidOfErp()).isEqualTo(Back.OLD_RECORD);
        erp.merges = null;
        erp.undeletes = false;
        assertThat(saidOfErp()).isEqualTo(Back.NEW_RECORD);
        erp.undeletes = true;
        hub.clock.advance(Duration.ofMinutes(1));
        var event = hub.stewardship.merge(both(), null, Map.of(), "the same", "ada");
        later();
        var standing = hub.store.read(tx -> new Reversals(hub.model, hub::catalog).of(tx, List.of(event)));
        assertThat(back(standing.get(event.id()))).isEqualTo(Back.OLD_RECORD);
        erp.undeletes = false;
        standing = hub.store.read(tx -> new Reversals(hub.model, hub::catalog).of(tx, List.of(event)));
        assertThat(back(standing.get(event.id()))).isEqualTo(Back.NEW_RECORD);
    }

    private List<String> both() {
        return List.of(
                hub.golden("crm:contact:1").id(), hub.golden("crm:contact:2").id());
    }

    private Back saidOfErp() {
        return back(hub.stewardship.previewMerge(both(), null).plan());
    }

    private static Back back(MergePlan plan) {
        return plan.steps().stream()
                .filter(step -> step.system().equals("erp"))
                .findFirst()
                .orElseThrow()
                .back();
    }

    private void unmerged(SurvivorId merges) {
        erp.merges = merges;
        hub.system("crm").edit("2", BRUNO);
        hub.settle();
        hub.duplicates("erp", new Duplicates(When.MERGE_DECIDED, true));
        var anna = hub.golden("crm:contact:1").id();
        var bruno = hub.golden("crm:contact:2").id();
        var before = Map.copyOf(erp.records());
        assertThat(before).hasSize(2);
        hub.clock.advance(Duration.ofMinutes(1));
        var event = hub.stewardship.merge(List.of(anna, bruno), null, Map.of(), "the same", "ada");
        later();
        assertThat(erp.records()).hasSize(1);
        var golden = hub.golden("crm:contact:1");
        hub.stewardship.unmerge(event.id(), UnmergeMode.SINGLE, golden.revision(), "not the same", "ada");
        later();
        assertThat(erp.records().keySet()).isEqualTo(before.keySet());
        before.forEach((id, was) ->
                assertThat(erp.value(id, "email")).isEqualTo(was.fields().get("email")));
        assertThat(hub.golden("crm:contact:2").id()).isEqualTo(bruno);
        assertThat(hub.store
                        .read(tx -> tx.outbox().list("erp", OutboundState.PARKED, null, 9))
                        .items())
                .isEmpty();
    }
}
