package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.SurvivorId;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.store.HubStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Merges of several records into one, in a system that takes some of them in one call; on the in-memory store and on the graph. */
abstract class SeveralLosersContract {
    private static final List<String> NAMES = List.of("Kowalski", "Silva", "Moreau", "Tanaka");

    private HubUnderTest hub;
    private SimulatedSystem crm;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void fourPeople() {
        hub = new HubUnderTest(emptyStore(), false, "crm");
        crm = hub.system("crm");
        crm.merges = SurvivorId.WINNER_KEPT;
        for (int i = 1; i <= 4; i++) {
            var last = NAMES.get(i - 1);
            crm.edit(
                    Integer.toString(i),
                    Map.of(
                            "first",
                            "Ann" + i,
                            "last",
                            last,
                            "email",
                            last.toLowerCase() + "@acme.example",
                            "born",
                            "198" + i + "-03-04"));
            hub.takeIn();
        }
        hub.duplicates("crm", new Duplicates(When.MERGE_DECIDED, true));
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
    }

    private void merge() {
        var all = List.of("1", "2", "3", "4").stream()
                .map(id -> hub.golden("crm:contact:" + id).id())
                .toList();
        hub.stewardship.merge(all, all.get(0), Map.of(), "the same", "ada");
        hub.clock.advance(Duration.ofMinutes(1));
    }

    private void later() {
        for (int i = 0; i < 5; i++) {
            hub.settle();
            hub.clock.advance(Duration.ofMinutes(3));
        }
    }

    private RecordState state(String id) {
        var key = RecordKey.parse("crm:contact:" + id);
        return hub.store.read(tx -> tx.records().find(List.of(key))).get(key).state();
    }

    private OutboundChange change(String id) {
        var key = OutboundChange.updateKey(RecordKey.parse("crm:contact:" + id));
        return hub.store.read(tx -> tx.outbox().find(List.of(key))).get(key);
    }

    private void allInOne() {
        assertThat(crm.records().keySet()).containsExactly("1");
        for (var gone : List.of("2", "3", "4")) {
            assertThat(state(gone)).as(gone).isEqualTo(RecordState.FOLDED);
            assertThat(change(gone).state()).as(gone).isEqualTo(OutboundState.SETTLED);
        }
        assertThat(hub.clusters()).hasSize(1);
    }

    @Test
    @DisplayName("MRG-2: as many records go in one call as the system declares, and the others in the next")
    void asManyAsDeclared() {
        crm.maxLosers = 2;
        merge();
        later();
        allInOne();
        assertThat(crm.asked).hasSize(2).allSatisfy(losers -> assertThat(losers).hasSizeLessThanOrEqualTo(2));
    }

    @Test
    @DisplayName("MRG-2: a system that takes them all is asked once, one that takes pairs three times")
    void onceOrThrice() {
        crm.maxLosers = 3;
        merge();
        later();
        allInOne();
        assertThat(crm.asked).hasSize(1);
        fourPeople();
        merge();
        later();
        allInOne();
        assertThat(crm.asked).hasSize(3);
    }

    @Test
    @DisplayName("MRG-6: what a merge of several left out is read, and goes by itself")
    void leftOut() {
        crm.maxLosers = 3;
        crm.leavesOut = loser -> loser.equals("3") && crm.asked.size() == 1;
        merge();
        later();
        allInOne();
        assertThat(crm.asked).hasSize(2);
        assertThat(crm.asked.get(1)).containsExactly("3");
    }

    @Test
    @DisplayName("MRG-6: one record with which the system refuses a merge does not keep the others from theirs")
    void refusedWithOthers() {
        crm.maxLosers = 3;
        crm.refusesLoser = "3"::equals;
        merge();
        later();
        assertThat(crm.records().keySet()).containsExactly("1", "3");
        assertThat(state("2")).isEqualTo(RecordState.FOLDED);
        assertThat(state("4")).isEqualTo(RecordState.FOLDED);
        assertThat(state("3")).isEqualTo(RecordState.LIVE);
        assertThat(change("3").state()).as("a person has to look").isEqualTo(OutboundState.PARKED);
    }

    @Test
    @DisplayName("SYN-2, R1: after a lost reply and a kill each record is looked up, and none is merged twice")
    void lostReplyAndKill() {
        crm.maxLosers = 3;
        crm.loseReplies = true;
        crm.leavesOut = "4"::equals;
        merge();
        for (int i = 0; i < 60 && crm.asked.isEmpty(); i++) {
            hub.read("crm");
            hub.resolver.resolvePending(20);
            hub.send("crm");
            hub.clock.advance(Duration.ofSeconds(1));
        }
        assertThat(crm.records().keySet()).containsExactly("1", "4");
        hub.restart();
        crm.loseReplies = false;
        crm.leavesOut = loser -> false;
        later();
        allInOne();
        assertThat(crm.asked).hasSize(2);
        assertThat(crm.asked.get(1)).containsExactly("4");
    }

    @Test
    @DisplayName("MRG-2: a system that makes a new record of them makes one of all")
    void newId() {
        crm.maxLosers = 3;
        crm.merges = SurvivorId.NEW_ID;
        merge();
        later();
        assertThat(crm.asked).hasSize(1);
        assertThat(crm.records()).hasSize(1);
        assertThat(hub.clusters()).hasSize(1);
        for (var gone : List.of("2", "3", "4")) assertThat(state(gone)).as(gone).isEqualTo(RecordState.FOLDED);
    }
}
