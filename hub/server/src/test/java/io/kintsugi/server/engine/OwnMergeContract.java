package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.SurvivorId;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Cell;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.deletion.Deleting;
import io.kintsugi.server.engine.stewardship.MergeStandings;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What a merge of golden records does to the systems that hold both, through the whole flow; on the in-memory store and on the graph.
 * crm merges and keeps the winner's id, hot merges and makes a new one, web can only delete, erp can do neither.
 */
abstract class OwnMergeContract {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04");
    private static final Map<String, Object> BRUNO =
            Map.of("first", "Bruno", "last", "Silva", "email", "bruno@silva.example", "born", "1975-05-05");
    private static final Duplicates DECIDED = new Duplicates(When.MERGE_DECIDED, true);

    private HubUnderTest hub;
    private String anna;
    private String bruno;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void twoPeopleInEachSystem() {
        hub = new HubUnderTest(emptyStore(), false, "crm", "erp", "hot", "web");
        for (var system : hub.systems.values()) {
            system.edit("1", ANNA);
            hub.takeIn();
            system.edit("2", BRUNO);
            hub.takeIn();
        }
        hub.system("crm").merges = SurvivorId.WINNER_KEPT;
        hub.system("hot").merges = SurvivorId.NEW_ID;
        hub.system("erp").deletes = false;
        for (var name : hub.systems.keySet()) hub.duplicates(name, DECIDED);
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        anna = hub.golden("crm:contact:1").id();
        bruno = hub.golden("crm:contact:2").id();
        assertThat(anna).isNotEqualTo(bruno);
    }

    private MergeEvent merge() {
        var event = hub.stewardship.merge(List.of(anna, bruno), null, Map.of(), "the same", "ada");
        hub.clock.advance(Duration.ofMinutes(1));
        return event;
    }

    private void unmerge(MergeEvent event) {
        var survivor = hub.currentId(event.survivor());
        var revision = hub.store
                .read(tx -> tx.goldens().find(List.of(survivor)))
                .get(survivor)
                .revision();
        hub.stewardship.unmerge(event.id(), UnmergeMode.SINGLE, revision, "not the same", "ada");
        hub.clock.advance(Duration.ofMinutes(1));
    }

    private RecordState state(String key) {
        var record = RecordKey.parse(key);
        return hub.store
                .read(tx -> tx.records().find(List.of(record)))
                .get(record)
                .state();
    }

    private OutboundChange change(String key) {
        var changeKey = OutboundChange.updateKey(RecordKey.parse(key));
        return hub.store.read(tx -> tx.outbox().find(List.of(changeKey))).get(changeKey);
    }

    private Set<Object> emails(String system) {
        var emails = new TreeSet<Object>();
        hub.system(system)
                .records()
                .values()
                .forEach(record -> emails.add(record.fields().get("email")));
        return emails;
    }

    private long deletions() {
        return hub.store
                .read(tx -> tx.deletions().list(Deletions.Filter.ALL, null, 100))
                .items()
                .size();
    }

    @Test
    @DisplayName(
            "MRG-2: each system holds one record where it can, all are of one golden and hold the same, nothing is lost")
    void eachSystemInItsWay() {
        hub.system("web").edit("2", Map.of("city", "Lisbon"));
        hub.settle();
        merge();
        hub.settle();
        assertThat(hub.system("crm").records().keySet()).containsExactly("1");
        assertThat(hub.system("hot").records().keySet()).containsExactly("1+2");
        assertThat(hub.system("web").records().keySet()).containsExactly("1");
        assertThat(hub.system("erp").records().keySet()).as("can do neither").containsExactly("1", "2");
        assertThat(hub.clusters()).hasSize(1);
        assertThat(hub.values("crm:contact:1")).containsEntry("city", "Lisbon");
        for (var system : hub.systems.values()) {
            for (var record : system.records().values()) {
                assertThat(record.fields())
                        .containsEntry("city", "Lisbon")
                        .containsEntry("email", hub.system("crm").value("1", "email"));
            }
        }
        for (var gone : List.of("crm:contact:2", "hot:contact:2", "web:contact:2")) {
            assertThat(state(gone)).as(gone).isEqualTo(RecordState.FOLDED);
            assertThat(hub.golden(gone).id()).as("its id leads there").isEqualTo(anna);
        }
        assertThat(hub.currentId(bruno)).isEqualTo(anna);
        assertThat(deletions()).as("a merge is no deletion").isZero();
        assertThat(hub.system("crm").merged).hasSize(1);
    }

    @Test
    @DisplayName(
            "MRG-4: an unmerge gives each system both records back, under the golden ids they had, with the edits since")
    void andBack() {
        hub.system("web").edit("2", Map.of("city", "Lisbon"));
        hub.settle();
        var event = merge();
        hub.settle();
        hub.system("crm").edit("1", Map.of("phone", "+48 601 234 567"));
        hub.settle();
        assertThat(hub.system("erp").value("2", "phone")).isEqualTo("+48 601 234 567");
        unmerge(event);
        assertThat(hub.golden("web:contact:2").id()).as("at once").isEqualTo(bruno);
        hub.settle();
        assertThat(hub.clusters()).hasSize(2);
        for (var name : hub.systems.keySet()) {
            assertThat(emails(name)).as(name).containsExactly("anna.kowalski@acme.example", "bruno@silva.example");
            assertThat(hub.system(name).records()).as(name).hasSize(2);
            for (var record : hub.system(name).records().values()) {
                boolean isAnna = "Anna".equals(record.fields().get("first"));
                assertThat(record.fields().get("city")).as(name).isEqualTo(isAnna ? null : "Lisbon");
                assertThat(record.fields().get("phone")).as(name).isEqualTo(isAnna ? "+48 601 234 567" : null);
            }
        }
        assertThat(hub.golden("crm:contact:1").id()).isEqualTo(anna);
        assertThat(hub.golden("crm:contact:2").id())
                .as("the old id leads to it")
                .isEqualTo(bruno);
        assertThat(state("crm:contact:2")).isEqualTo(RecordState.MERGED);
        var again = hub.system("crm").records().keySet().stream()
                .filter(id -> !id.equals("1"))
                .findFirst()
                .orElseThrow();
        assertThat(hub.golden("crm:contact:" + again).id()).isEqualTo(bruno);
        hub.system("crm").edit(again, Map.of("city", "Porto"));
        hub.settle();
        assertThat(hub.system("erp").value("2", "city")).isEqualTo("Porto");
        assertThat(hub.clusters()).hasSize(2);
    }

    @Test
    @DisplayName("MRG-2: only what people or systems said is the same is merged, unless the policy says all")
    void onlyWhatWasDecided() {
        hub.system("crm").edit("3", ANNA);
        hub.settle();
        assertThat(hub.golden("crm:contact:3").id()).isEqualTo(anna);
        assertThat(hub.system("crm").records()).hasSize(3);
        hub.duplicates("crm", new Duplicates(When.MERGE, false));
        hub.system("crm").edit("3", Map.of("city", "Gdynia"));
        hub.settle();
        assertThat(hub.system("crm").records().keySet()).containsExactly("1", "2");
        assertThat(hub.system("erp").value("1", "city")).isEqualTo("Gdynia");
    }

    @Test
    @DisplayName("MRG-5: what is said before a merge names what each system does, and that it is not all given back")
    void saidBefore() {
        var plan = hub.stewardship.previewMerge(List.of(anna, bruno), null).plan();
        assertThat(plan.steps())
                .extracting(step -> step.system() + " " + step.method() + " " + step.reversibility())
                .containsExactly(
                        "crm NATIVE PARTIAL", "erp CONVERGE PARTIAL", "hot NATIVE PARTIAL", "web DELETE PARTIAL");
    }

    @Test
    @DisplayName("MRG-2: nothing is deleted to make one of two unless the policy allows it")
    void noDeleteUnasked() {
        hub.duplicates("web", new Duplicates(When.MERGE_DECIDED, false));
        merge();
        hub.settle();
        assertThat(hub.system("web").records().keySet()).containsExactly("1", "2");
    }

    @Test
    @DisplayName("MRG-6: a system that is away holds up no other, and is merged when it is back")
    void oneAway() {
        hub.system("crm").down = true;
        merge();
        hub.settle();
        assertThat(hub.system("web").records()).hasSize(1);
        assertThat(hub.system("crm").records()).hasSize(2);
        hub.system("crm").down = false;
        hub.settle();
        assertThat(hub.system("crm").records()).hasSize(1);
    }

    @Test
    @DisplayName("MRG-6: a system that refuses holds up no other; the reason is there to see, and a retry goes on")
    void oneRefuses() {
        hub.system("web").poisoned = op -> op instanceof WriteOp.Delete;
        merge();
        hub.settle();
        assertThat(hub.system("crm").records()).hasSize(1);
        assertThat(change("web:contact:2").state()).isEqualTo(OutboundState.PARKED);
        assertThat(change("web:contact:2").problem()).contains("VALIDATION");
        hub.system("web").poisoned = op -> false;
        hub.dispatcher.retry(change("web:contact:2").key());
        hub.settle();
        assertThat(hub.system("web").records().keySet()).containsExactly("1");
        assertThat(state("web:contact:2")).isEqualTo(RecordState.FOLDED);
    }

    private String standing(MergeEvent event) {
        return hub.store.read(tx -> {
            var now = tx.merges().find(event.id()).orElseThrow();
            var standing = new MergeStandings(hub.model).of(tx, List.of(now)).get(event.id());
            var steps = new StringBuilder(standing.state().name());
            for (var step : standing.systems())
                steps.append(' ').append(step.system()).append(' ').append(step.progress());
            return steps.toString();
        });
    }

    @Test
    @DisplayName("MRG-6: how far each system has come with a merge, and with taking it back, is there to see")
    void howFarSystemsAre() {
        hub.system("crm").down = true;
        hub.system("web").poisoned = op -> op instanceof WriteOp.Delete;
        var event = merge();
        assertThat(standing(event)).isEqualTo("PARTIALLY_SETTLED crm PLANNED erp PLANNED hot PLANNED web PLANNED");
        hub.settle();
        assertThat(standing(event)).isEqualTo("PARTIALLY_SETTLED crm PLANNED erp CONFIRMED hot CONFIRMED web FAILED");
        hub.system("crm").down = false;
        hub.system("web").poisoned = op -> false;
        hub.dispatcher.retry(change("web:contact:2").key());
        hub.settle();
        assertThat(standing(event)).isEqualTo("SETTLED crm CONFIRMED erp CONFIRMED hot CONFIRMED web CONFIRMED");
        hub.system("crm").down = true;
        unmerge(event);
        hub.settle();
        assertThat(standing(event))
                .isEqualTo("PARTIALLY_SETTLED crm PLANNED erp COMPENSATED hot COMPENSATED web COMPENSATED");
        hub.system("crm").down = false;
        hub.settle();
        assertThat(standing(event))
                .isEqualTo("SETTLED crm COMPENSATED erp COMPENSATED hot COMPENSATED web COMPENSATED");
    }

    @Test
    @DisplayName("MRG-6: a write whose answer is awaited is under way")
    void underWay() {
        hub.system("crm").hidden.addAll(Set.of("1", "2"));
        hub.system("crm").loseReplies = true;
        var event = merge();
        hub.settle();
        assertThat(standing(event)).contains("crm EXECUTING");
    }

    @Test
    @DisplayName("R1: a merge whose reply is lost is looked up, not sent again and not taken for a deletion")
    void lostReply() {
        for (var system : hub.systems.values()) system.loseReplies = true;
        merge();
        for (int round = 0; round < 4; round++) {
            hub.settle();
            hub.clock.advance(Duration.ofMinutes(3));
        }
        for (var system : hub.systems.values()) system.loseReplies = false;
        hub.settle();
        assertThat(hub.system("crm").merged).hasSize(1);
        assertThat(hub.system("hot").merged).hasSize(1);
        assertThat(state("crm:contact:2")).isEqualTo(RecordState.FOLDED);
        assertThat(state("web:contact:2")).isEqualTo(RecordState.FOLDED);
        assertThat(deletions()).isZero();
    }

    @Test
    @DisplayName(
            "R1, R17: what the hub merged by a lost delete and what it went into are told gone at once: it comes back with that one")
    void lostReplyAndTheOtherDeleted() {
        var web = hub.system("web");
        web.loseReplies = true;
        merge();
        for (int round = 0; round < 4 && web.records().size() > 1; round++) { // no feed is read in between
            hub.resolver.resolvePending(20);
            hub.send("web");
            hub.clock.advance(Duration.ofMinutes(1));
        }
        web.loseReplies = false;
        assertThat(web.records()).containsOnlyKeys("1");
        assertThat(state("web:contact:2")).isEqualTo(RecordState.LIVE);
        var merged = web.records().get("1").fields();
        web.delete("1");
        hub.settle();
        assertThat(state("web:contact:2")).isEqualTo(RecordState.DELETED);
        assertThat(deletions()).as("of the one that people deleted").isEqualTo(1);
        hub.clock.advance(Duration.ofMinutes(1));
        web.edit("1", merged);
        hub.settle();
        assertThat(state("web:contact:2")).isEqualTo(RecordState.FOLDED);
    }

    @Test
    @DisplayName("DEL-1, R17: what others are being merged into is severed when it is known what became of it")
    void severedWhileAnotherIsMergedIntoIt() {
        var sever = new Rule(Action.SEVER, Action.SEVER, Duration.ZERO, Conflict.DELETE_WINS);
        var cells = List.of(new Cell("web", "hot", sever));
        hub.deletes(new DeletePolicy("contact", 1, DeletePolicy.FLAG_ONLY, cells, Brake.USUAL));
        hub.duplicates("web", Duplicates.KEEP);
        var hot = hub.system("hot");
        hot.loseReplies = true;
        merge();
        for (int round = 0; round < 4 && hot.merged.isEmpty(); round++) { // no feed is read in between
            hub.resolver.resolvePending(20);
            hub.send("hot");
            hub.clock.advance(Duration.ofMinutes(1));
        }
        assertThat(hot.merged).hasSize(1);
        hub.system("web").delete("1");
        hub.system("web").delete("2");
        for (int round = 0; round < 3; round++) {
            hub.read("web");
            hub.resolver.resolvePending(20);
            hub.look("web");
            hub.clock.advance(Duration.ofMinutes(1));
        }
        hot.loseReplies = false;
        for (int round = 0; round < 4; round++) {
            hub.read("hot");
            lookAtDeletions(); // before what the merge made is resolved, as where it comes in between
            hub.settle();
            hub.clock.advance(Duration.ofMinutes(2));
        }
        var left = hot.records().keySet().iterator().next();
        assertThat(hot.records()).hasSize(1);
        assertThat(state("hot:contact:" + left)).isEqualTo(RecordState.SEVERED);
    }

    private void lookAtDeletions() {
        var now = hub.clock.instant();
        hub.store.write(tx -> {
            new Deleting(tx, hub.model, now).bringFurther(tx.deletions().due(now, 20));
            return null;
        });
    }

    @Test
    @DisplayName("R3: what a record was to be merged into is deleted meanwhile, and the record stays")
    void theOtherIsDeletedMeanwhile() {
        merge();
        for (int round = 0; round < 4; round++) { // no feed is read in between
            for (var name : List.of("crm", "web")) hub.send(name);
            hub.resolver.resolvePending(20);
            hub.clock.advance(Duration.ofMinutes(1));
            for (var name : List.of("crm", "web")) hub.system(name).delete("1");
        }
        assertThat(hub.system("crm").records()).containsOnlyKeys("2");
        assertThat(hub.system("web").records()).containsOnlyKeys("2");
        assertThat(hub.system("crm").merged).isEmpty();
        assertThat(state("crm:contact:1")).isEqualTo(RecordState.DELETED);
    }

    @Test
    @DisplayName("R3: what a person merged into a third record meanwhile is where that person put it")
    void somebodyElseMerged() {
        hub.system("crm").edit("9", Map.of("first", "Zoe", "last", "Zimmer", "email", "zoe@zimmer.example"));
        hub.settle();
        var zoe = hub.golden("crm:contact:9").id();
        merge();
        hub.system("crm").merge("9", "2", false);
        hub.settle();
        assertThat(hub.system("crm").merged)
                .noneMatch(command -> command.losers().get(0).id().equals("2"));
        assertThat(state("crm:contact:2")).isEqualTo(RecordState.MERGED);
        assertThat(hub.currentId(zoe)).isEqualTo(hub.currentId(anna));
    }

    @Test
    @DisplayName("R17: a person who deletes what two records were merged into has deleted both")
    void theMergedOneIsDeleted() {
        merge();
        hub.settle();
        hub.system("crm").delete("1");
        hub.settle();
        assertThat(state("crm:contact:2")).isEqualTo(RecordState.DELETED);
        assertThat(state("crm:contact:1")).isEqualTo(RecordState.DELETED);
        hub.system("web").delete("1");
        hub.system("hot").delete("1+2");
        hub.system("erp").delete("1");
        hub.system("erp").delete("2");
        hub.settle();
        assertThat(hub.store
                        .read(tx -> tx.goldens().find(List.of(anna)))
                        .get(anna)
                        .state())
                .isEqualTo(GoldenState.DELETED);
    }

    @Test
    @DisplayName("R17: a merge of the hub that its system tells after both are deleted says nothing new")
    void theMergedOneIsDeletedAndToldOnceMore() {
        merge();
        hub.settle();
        hub.system("crm").delete("1");
        hub.settle();
        hub.system("crm").repeat(3);
        hub.settle();
        assertThat(state("crm:contact:2")).isEqualTo(RecordState.DELETED);
        assertThat(state("crm:contact:1")).isEqualTo(RecordState.DELETED);
    }

    @Test
    @DisplayName("R17: with what a record was merged into that was merged on since, all of them are deleted")
    void theLastOfAChainIsDeleted() {
        merge();
        hub.settle();
        hub.system("crm").edit("0", Map.of("first", "Zoe", "last", "Zimmer", "email", "zoe@zimmer.example"));
        hub.settle();
        var zoe = hub.golden("crm:contact:0").id();
        hub.stewardship.merge(List.of(anna, zoe), zoe, Map.of(), "the same", "ada");
        hub.clock.advance(Duration.ofMinutes(1));
        hub.settle();
        assertThat(hub.system("crm").merged)
                .extracting(command -> command.winner().id())
                .containsExactly("1", "0");
        hub.system("crm").delete("0");
        hub.settle();
        for (var id : List.of("0", "1", "2"))
            assertThat(state("crm:contact:" + id)).isEqualTo(RecordState.DELETED);
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("crm").edit("0", Map.of("first", "Zoe", "last", "Zimmer", "email", "zoe@zimmer.example"));
        hub.settle();
        for (var id : List.of("1", "2")) assertThat(state("crm:contact:" + id)).isEqualTo(RecordState.FOLDED);
    }

    @Test
    @DisplayName("R17, MRG-4: when that is there again, so is what went into it, and an unmerge gives that back")
    void theMergedOneComesBack() {
        var event = merge();
        hub.settle();
        var merged = hub.system("web").records().get("1").fields();
        hub.system("web").delete("1");
        hub.settle();
        assertThat(state("web:contact:2")).isEqualTo(RecordState.DELETED);
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("web").edit("1", merged);
        hub.settle();
        assertThat(state("web:contact:2")).isEqualTo(RecordState.FOLDED);
        unmerge(event);
        hub.settle();
        assertThat(hub.system("web").records()).hasSize(2);
        assertThat(emails("web")).containsExactlyInAnyOrder(ANNA.get("email"), BRUNO.get("email"));
    }

    @Test
    @DisplayName("MRG-4: a person's edit of a record that is created anew is not lost, whenever it comes")
    void editedWhileItReturns() {
        var event = merge();
        hub.settle();
        unmerge(event);
        hub.system("crm").fault = op -> op instanceof WriteOp.Create
                ? new WriteResult.Ambiguous(op.opId(), "no reply within the deadline")
                : null;
        hub.system("erp").edit("2", Map.of("city", "Porto"));
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(5));
        hub.system("crm").fault = op -> null;
        hub.settle();
        assertThat(hub.system("crm").records()).hasSize(2);
        assertThat(emails("crm")).hasSize(2);
        var back = hub.system("crm").records().values().stream()
                .filter(record -> "Bruno".equals(record.fields().get("first")))
                .findFirst()
                .orElseThrow();
        assertThat(back.fields()).containsEntry("city", "Porto");
    }

    @Test
    @DisplayName("MRG-4: what went into a record that was merged on since comes back too")
    void mergedOn() {
        var first = merge();
        hub.settle();
        hub.system("hot").edit("3", Map.of("first", "Zoe", "last", "Zimmer", "email", "zoe@zimmer.example"));
        hub.settle();
        var zoe = hub.golden("hot:contact:3").id();
        hub.stewardship.merge(List.of(anna, zoe), anna, Map.of(), "the same", "ada");
        hub.clock.advance(Duration.ofMinutes(1));
        hub.settle();
        assertThat(state("hot:contact:1+2")).isEqualTo(RecordState.MERGED);
        unmerge(first);
        hub.settle();
        assertThat(hub.system("hot").records()).hasSize(2);
        assertThat(emails("hot")).contains("bruno@silva.example");
        assertThat(hub.golden("hot:contact:2").id()).isEqualTo(bruno);
    }

    @Test
    @DisplayName(
            "MRG-3: what people merged into a record just before the hub merged that on is that one's again after an unmerge")
    void mergedIntoOneThatGoesOn() {
        var crm = hub.system("crm");
        crm.edit("3", Map.of("first", "Zoe", "last", "Zimmer", "email", "zoe@zimmer.example"));
        hub.settle();
        crm.leavesOut = loser -> {
            if (crm.records().containsKey("3")) crm.merge(loser, "3", false);
            return false;
        };
        var event = merge();
        hub.settle();
        assertThat(crm.records().keySet()).containsExactly("1");
        assertThat(hub.golden("crm:contact:3").id()).isEqualTo(anna);
        unmerge(event);
        hub.settle();
        assertThat(hub.golden("crm:contact:2").id()).isEqualTo(bruno);
        assertThat(hub.golden("crm:contact:3").id()).isEqualTo(bruno);
    }

    @Test
    @DisplayName("MRG-4: what is merged once more after it came back is merged in the systems once more")
    void thereAndBackAgain() {
        var event = merge();
        hub.settle();
        unmerge(event);
        hub.settle();
        var second = hub.stewardship.merge(List.of(anna, bruno), null, Map.of(), "after all", "ada");
        hub.settle();
        assertThat(hub.system("crm").records()).hasSize(1);
        assertThat(hub.clusters()).hasSize(1);
        unmerge(second);
        hub.settle();
        assertThat(hub.system("crm").records()).hasSize(2);
        assertThat(hub.golden("erp:contact:2").id()).isEqualTo(bruno);
    }

    @Test
    @DisplayName("DEL-5: what has a twin in its golden after an unmerge does not come back when people delete the twin")
    void whatHasATwinStaysGone() {
        var event = merge();
        hub.settle();
        assertThat(state("crm:contact:2")).isEqualTo(RecordState.FOLDED);
        hub.system("crm").edit("3", BRUNO);
        hub.takeIn();
        unmerge(event);
        hub.settle();
        assertThat(hub.golden("crm:contact:3").id()).isEqualTo(bruno);
        assertThat(state("crm:contact:2")).isEqualTo(RecordState.FOLDED);
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("crm").delete("3");
        hub.settle();
        hub.clock.advance(Duration.ofHours(1));
        hub.settle();
        assertThat(hub.system("crm").records().keySet()).containsExactly("1");
    }
}
