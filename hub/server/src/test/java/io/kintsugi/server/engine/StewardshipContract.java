package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.MatchRulesReader;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.server.engine.resolution.Verdicts;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stewards decide, through the whole flow; on the in-memory store and on the graph. */
abstract class StewardshipContract {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04");
    private static final Map<String, Object> BRUNO =
            Map.of("first", "Bruno", "last", "Silva", "email", "bruno@silva.example", "born", "1975-05-05");
    private static final Map<String, Object> CARLA =
            Map.of("first", "Carla", "last", "Rossi", "email", "carla@rossi.example", "born", "1990-09-09");
    /** A Lee and a number are likely Anna Lee of that number, not surely. */
    private static final Map<String, Object> SWITCHBOARD = Map.of("last", "Lee", "phone", "+44 113 496 0001");

    private static final Map<String, Object> LEE =
            Map.of("first", "Anna", "last", "Lee", "phone", "+44 113 496 0001", "email", "anna@lee.example");

    private HubUnderTest hub;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void threeSystems() {
        hub = new HubUnderTest(emptyStore(), false, "crm", "erp", "web");
    }

    /** Takes a merge apart as it is now. */
    private static void unmerge(HubUnderTest hub, MergeEvent event, String note) {
        var golden = hub.currentId(event.survivor());
        long revision = hub.store.read(
                tx -> tx.goldens().find(List.of(golden)).get(golden).revision());
        hub.stewardship.unmerge(event.id(), UnmergeMode.SINGLE, revision, note, "sam");
    }

    @Test
    @DisplayName("ID-3: a retired id leads to the survivor; after unmerge it is in use again with its records")
    void mergeAndUnmerge() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("9", BRUNO);
        hub.settle();
        var anna = hub.golden("crm:contact:1");
        var bruno = hub.golden("erp:contact:9");
        hub.clock.advance(Duration.ofMinutes(1));
        var preview = hub.stewardship.previewMerge(List.of(anna.id(), bruno.id()), bruno.id());
        assertThat(preview.result().id()).isEqualTo(bruno.id());
        assertThat(hub.clusters()).as("a preview changes nothing").hasSize(2);

        var event = hub.stewardship.merge(
                List.of(anna.id(), bruno.id()), bruno.id(), Map.of(anna.id(), anna.revision()), "same desk", "sam");
        hub.settle();
        assertThat(hub.currentId(anna.id())).isEqualTo(bruno.id());
        assertThat(hub.clusters()).containsExactly(Set.of("crm:contact:1", "erp:contact:9"));

        hub.clock.advance(Duration.ofMinutes(1));
        unmerge(hub, event, "no");
        hub.settle();
        assertThat(hub.golden("crm:contact:1").id()).isEqualTo(anna.id());
        assertThat(hub.golden("erp:contact:9").id()).isEqualTo(bruno.id());
        assertThat(hub.golden("crm:contact:1").state()).isEqualTo(GoldenState.ACTIVE);
        assertThat(hub.currentId(anna.id())).isEqualTo(anna.id());
    }

    @Test
    @DisplayName("MRG-7: a merge on a stale revision is refused")
    void aStaleMergeIsRefused() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("9", BRUNO);
        hub.settle();
        var anna = hub.golden("crm:contact:1");
        var bruno = hub.golden("erp:contact:9");
        hub.system("crm").edit("1", Map.of("city", "Gdansk"));
        hub.settle();
        assertThatThrownBy(() -> hub.stewardship.merge(
                        List.of(anna.id(), bruno.id()), null, Map.of(anna.id(), anna.revision()), null, "sam"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.REVISION_CONFLICT))
                .hasMessageContaining("reload and retry");
    }

    @Test
    @DisplayName("ID-4: a steward's NO_MATCH survives a full rematch and the record's deletion and return")
    void aVerdictOutlivesEverything() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("1", ANNA);
        hub.settle();
        var golden = hub.golden("crm:contact:1");
        assertThat(hub.golden("erp:contact:1").id()).isEqualTo(golden.id());
        // tell them apart: a rule merge has no event, so a steward merges and unmerges another way round: by a verdict
        // on the pair
        var key = new TreeSet<>(List.of(RecordKey.parse("crm:contact:1"), RecordKey.parse("erp:contact:1")));
        hub.store.write(tx -> {
            new Verdicts(tx, "sam", hub.clock.instant()).different(List.of(List.of(key.first()), List.of(key.last())));
            tx.records().markPending(key);
            return null;
        });
        hub.settle();
        assertThat(hub.clusters()).containsExactlyInAnyOrder(Set.of("crm:contact:1"), Set.of("erp:contact:1"));
        hub.store.write(tx -> {
            tx.records().markPending(key);
            return null;
        });
        hub.system("erp").delete("1");
        hub.settle();
        hub.system("erp").edit("1", ANNA);
        hub.settle();
        assertThat(hub.clusters()).containsExactlyInAnyOrder(Set.of("crm:contact:1"), Set.of("erp:contact:1"));
    }

    @Test
    void aQuestionIsAnsweredAndTheAnswerTakenBack() {
        hub.system("crm").edit("1", SWITCHBOARD);
        hub.system("erp").edit("2", LEE);
        hub.settle();
        assertThat(hub.clusters()).hasSize(2);
        var review = onlyQuestion();
        assertThatThrownBy(
                        () -> hub.stewardship.decide(review.id(), review.revision() + 1, Decision.MATCH, null, "sam"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.REVISION_CONFLICT));
        var decided = hub.stewardship.decide(review.id(), review.revision(), Decision.MATCH, "same phone", "sam");
        assertThat(decided.state()).isEqualTo(ReviewState.DECIDED);
        assertThat(hub.clusters()).hasSize(1);
        var undone = hub.stewardship.undo(review.id(), decided.revision(), "sam");
        assertThat(undone.state()).isEqualTo(ReviewState.OPEN);
        assertThat(hub.clusters()).hasSize(2);
        var apart = hub.stewardship.decide(review.id(), undone.revision(), Decision.NO_MATCH, "two people", "sam");
        hub.settle();
        assertThat(apart.decision()).isEqualTo(Decision.NO_MATCH);
        assertThat(hub.clusters()).hasSize(2);
    }

    @Test
    @DisplayName("ID-3: after an unmerge each golden has its own id and records, also where the absorbed one is larger")
    void anUnmergeRestoresALargerGolden() {
        hub.system("crm").edit("1", ANNA);
        hub.settle();
        hub.system("erp").edit("9", BRUNO);
        hub.system("web").edit("9", BRUNO);
        hub.settle();
        var anna = hub.golden("crm:contact:1").id();
        var bruno = hub.golden("erp:contact:9").id();
        var event = merge(anna, bruno);
        assertThat(event.survivor()).isEqualTo(anna);
        hub.clock.advance(Duration.ofMinutes(1));
        unmerge(hub, event, "no");
        hub.settle();
        assertGoldens(Map.of("crm:contact:1", anna, "erp:contact:9", bruno, "web:contact:9", bruno));
        assertThat(hub.currentId(bruno)).isEqualTo(bruno);
    }

    @Test
    @DisplayName("ID-3, MRG-8: chained merges come apart in any order, under the ids there were")
    void chainedMergesComeApartInAnyOrder() {
        for (boolean newestFirst : List.of(true, false)) {
            hub = new HubUnderTest(emptyStore(), false, "crm", "erp", "web");
            var ids = new ArrayList<String>();
            for (var record : List.of("web", "crm", "erp")) { // the middle one has the smallest key
                hub.system(record)
                        .edit(
                                "1",
                                Map.of("web", ANNA, "crm", BRUNO, "erp", CARLA).get(record));
                hub.settle();
                ids.add(hub.golden(record + ":contact:1").id());
            }
            var inner = merge(ids.get(1), ids.get(2));
            var outer = merge(ids.get(0), ids.get(1));
            assertThat(hub.clusters()).hasSize(1);
            unmerge(hub, newestFirst ? outer : inner, null);
            hub.settle();
            assertGoldens(
                    newestFirst
                            ? Map.of(
                                    "web:contact:1",
                                    ids.get(0),
                                    "crm:contact:1",
                                    ids.get(1),
                                    "erp:contact:1",
                                    ids.get(1))
                            : Map.of(
                                    "web:contact:1",
                                    ids.get(0),
                                    "crm:contact:1",
                                    ids.get(0),
                                    "erp:contact:1",
                                    ids.get(2)));
            unmerge(hub, newestFirst ? inner : outer, null);
            hub.settle();
            assertGoldens(
                    Map.of("web:contact:1", ids.get(0), "crm:contact:1", ids.get(1), "erp:contact:1", ids.get(2)));
        }
    }

    @Test
    @DisplayName("ID-4: a steward's merge holds when one of its records is deleted, and when that returns")
    void aMergeOutlivesTheDeletionOfAnyOfItsRecords() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("1", BRUNO);
        hub.system("web").edit("1", CARLA);
        hub.settle();
        var survivor = hub.golden("crm:contact:1").id();
        hub.stewardship.merge(
                List.of(
                        survivor,
                        hub.golden("erp:contact:1").id(),
                        hub.golden("web:contact:1").id()),
                survivor,
                Map.of(),
                null,
                "sam");
        hub.settle();
        for (var system : List.of("crm", "erp", "web")) {
            hub.system(system).delete("1");
            hub.settle();
            assertThat(hub.clusters()).as("without " + system).hasSize(1);
            hub.system(system).edit("1", ANNA);
            hub.settle();
            assertGoldens(Map.of("crm:contact:1", survivor, "erp:contact:1", survivor, "web:contact:1", survivor));
        }
    }

    @Test
    @DisplayName("DEL-5: an unmerge creates no record again that its system had deleted")
    void anUnmergeCreatesNoDeletedRecordAgain() {
        hub = new HubUnderTest(emptyStore(), false, "crm", "erp", "web");
        hub.system("web").edit("1", ANNA);
        hub.settle();
        hub.system("crm").edit("9", BRUNO);
        hub.system("erp").edit("2", BRUNO);
        hub.settle();
        var event = merge(
                hub.golden("web:contact:1").id(), hub.golden("erp:contact:2").id());
        hub.system("crm").delete("9");
        hub.settle();
        unmerge(hub, event, null);
        hub.settle();
        assertThat(hub.golden("crm:contact:9").id())
                .isEqualTo(hub.golden("erp:contact:2").id());
    }

    @Test
    @DisplayName("MRG-4: an unmerge gives back what only copies of the hub still held, on either side")
    void anUnmergeGivesBackWhatOnlyCopiesHeld() {
        for (var survives : List.of("anna", "bruno")) {
            hub = new HubUnderTest(emptyStore(), true, "crm", "erp");
            hub.system("crm").edit("1", ANNA);
            hub.system("crm").edit("2", BRUNO);
            hub.settle();
            var anna = hub.golden("crm:contact:1").id();
            var bruno = hub.golden("crm:contact:2").id();
            hub.clock.advance(Duration.ofMinutes(1));
            hub.system("crm").delete("1");
            hub.settle();
            var before = held("erp");
            var survivor = survives.equals("anna") ? anna : bruno;
            var event = hub.stewardship.merge(List.of(anna, bruno), survivor, Map.of(), null, "sam");
            hub.settle();
            assertThat(held("erp").values()).as("only Bruno is somebody's word").allSatisfy(fields -> assertThat(fields)
                    .containsAllEntriesOf(BRUNO));
            hub.clock.advance(Duration.ofMinutes(1));
            unmerge(hub, event, null);
            hub.settle();
            assertThat(held("erp")).as(survives).isEqualTo(before);
            assertThat(hub.system("crm").records().keySet()).as(survives).containsExactly("2");
        }
    }

    @Test
    @DisplayName("MRG-4: a value of which only copies are left stays with the side it was entered on")
    void copiesStayWithTheSideOfTheirOriginal() {
        hub = new HubUnderTest(emptyStore(), true, "crm", "erp");
        hub.system("crm").edit("1", ANNA);
        hub.system("crm").edit("2", BRUNO);
        hub.system("crm").edit("3", LEE);
        hub.settle();
        var anna = hub.golden("crm:contact:1").id();
        var bruno = hub.golden("crm:contact:2").id();
        var lee = hub.golden("crm:contact:3").id();
        hub.clock.advance(Duration.ofMinutes(1));
        hub.system("crm").delete("3");
        hub.settle();
        var event = hub.stewardship.merge(List.of(anna, bruno), bruno, Map.of(), null, "sam");
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        hub.stewardship.merge(List.of(bruno, lee), bruno, Map.of(), null, "sam");
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        unmerge(hub, event, null);
        hub.settle();
        var number = LEE.get("phone");
        hub.system("erp").records().values().forEach(record -> assertThat(
                        record.fields().get("phone"))
                .as(record.fields().toString())
                .isEqualTo(ANNA.get("email").equals(record.fields().get("email")) ? null : number));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "MRG-4: copies of a side's own values stay so through a merge that is undone, and outlive the original")
    void copiesOfItsOwnOutliveTheOriginal(boolean written) {
        for (var survives : List.of("anna", "bruno")) {
            hub = new HubUnderTest(emptyStore(), true, "crm", "erp");
            hub.system("crm").edit("1", ANNA);
            hub.system("crm").edit("2", BRUNO);
            hub.settle();
            var before = held("erp");
            var anna = hub.golden("crm:contact:1").id();
            var bruno = hub.golden("crm:contact:2").id();
            hub.clock.advance(Duration.ofMinutes(1));
            var survivor = survives.equals("anna") ? anna : bruno;
            var event = hub.stewardship.merge(List.of(anna, bruno), survivor, Map.of(), null, "sam");
            if (written) hub.settle();
            hub.clock.advance(Duration.ofMinutes(1));
            unmerge(hub, event, null);
            hub.settle();
            hub.clock.advance(Duration.ofMinutes(1));
            hub.system("crm").delete("1");
            hub.system("crm").delete("2");
            hub.settle();
            assertThat(held("erp")).as(survives).isEqualTo(before);
        }
    }

    @Test
    @DisplayName("MRG-4: what the hub made is found again after an unmerge, though what it was made of is gone")
    void whatWasMadeStaysWithItsSide() {
        for (var survives : List.of("anna", "bruno")) {
            hub = new HubUnderTest(emptyStore(), true, "crm", "erp", "web");
            hub.system("crm").edit("1", ANNA);
            hub.system("web").edit("3", ANNA);
            hub.settle();
            hub.clock.advance(Duration.ofMinutes(1));
            hub.system("crm").edit("2", BRUNO);
            hub.settle();
            var anna = hub.golden("web:contact:3").id();
            var bruno = hub.golden("crm:contact:2").id();
            hub.clock.advance(Duration.ofMinutes(1));
            var survivor = survives.equals("anna") ? anna : bruno;
            var event = hub.stewardship.merge(List.of(anna, bruno), survivor, Map.of(), null, "sam");
            hub.settle();
            assertThat(held("erp").values()).as("Bruno was entered last").allSatisfy(fields -> assertThat(fields)
                    .containsAllEntriesOf(BRUNO));
            hub.clock.advance(Duration.ofMinutes(1));
            hub.system("crm").delete("1");
            hub.settle();
            unmerge(hub, event, null);
            hub.settle();
            assertThat(hub.clusters()).as(survives).hasSize(2);
            assertThat(hub.golden("web:contact:3").id()).as(survives).isEqualTo(anna);
            assertThat(hub.system("crm").records().keySet()).as(survives).containsExactly("2");
            assertThat(held("erp").values())
                    .as(survives)
                    .satisfiesExactlyInAnyOrder(
                            fields -> assertThat(fields).containsAllEntriesOf(ANNA),
                            fields -> assertThat(fields).containsAllEntriesOf(BRUNO));
        }
    }

    @Test
    @DisplayName("MRG-4: the preview of an unmerge says which new records wait for an open question")
    void thePreviewSaysWhichNewRecordsWait() {
        hub = new HubUnderTest(emptyStore(), true, "crm", "erp", "web");
        hub.system("crm").edit("1", SWITCHBOARD);
        hub.system("erp").edit("2", LEE);
        hub.system("web").edit("9", CARLA);
        hub.settle();
        var event = merge(
                hub.golden("erp:contact:2").id(), hub.golden("web:contact:9").id());
        assertThat(newRecords(event)).isEqualTo(Map.of("crm", true, "web", true));
        var review = onlyQuestion();
        hub.stewardship.decide(review.id(), review.revision(), Decision.NO_MATCH, null, "sam");
        hub.settle();
        assertThat(newRecords(event)).isEqualTo(Map.of("crm", false, "web", false));
        unmerge(hub, event, null);
        hub.settle();
        for (var system : List.of("crm", "web"))
            assertThat(held(system).values()).as(system).anyMatch(fields -> "Anna".equals(fields.get("first")));
    }

    /** In which systems an unmerge would create a record, and whether that would wait. */
    private Map<String, Boolean> newRecords(MergeEvent event) {
        var records = new TreeMap<String, Boolean>();
        for (var write :
                hub.stewardship.previewUnmerge(event.id(), UnmergeMode.SINGLE).writes()) {
            if (write.kind().equals("CREATE")) records.put(write.system(), write.waits());
            else assertThat(write.waits()).as(write.toString()).isFalse();
        }
        return records;
    }

    @Test
    @DisplayName("ID-6: a question that goes away frees what it held back for both goldens")
    void aQuestionThatGoesAwayHoldsNothingBack() {
        hub = new HubUnderTest(emptyStore(), true, "crm", "erp");
        var shipped = hub.model.get();
        hub.model.publish(new HubModel(
                shipped.entityTypes(),
                Map.of(
                        "contact",
                        new MatchPolicy("contact", 1, MatchRulesReader.shipped(EntityType.Kind.PERSON), Set.of("crm"))),
                shipped.authority(),
                shipped.systems()));
        hub.system("crm").edit("1", ANNA);
        hub.system("crm").edit("2", ANNA);
        hub.settle();
        assertThat(onlyQuestion().kind()).isEqualTo(Kind.DISPUTED);
        assertThat(outbound(OutboundState.HELD)).isEqualTo(2);
        hub.system("crm").edit("1", BRUNO);
        hub.settle();
        assertThat(questions()).isEmpty();
        assertThat(outbound(OutboundState.HELD)).isZero();
        assertThat(hub.system("erp").records()).hasSize(2);
    }

    @Test
    @DisplayName(
            "ID-4: two goldens that a steward told apart are never asked about again, whichever of their records come to mind")
    void aStewardIsNotAskedAgain() {
        hub.system("crm").edit("1", SWITCHBOARD);
        hub.system("erp").edit("1", LEE);
        hub.settle();
        var review = onlyQuestion();
        hub.stewardship.decide(review.id(), review.revision(), Decision.NO_MATCH, null, "sam");
        hub.settle();
        hub.system("web")
                .edit(
                        "3",
                        Map.of(
                                "first",
                                "Anna",
                                "last",
                                "Lee",
                                "phone",
                                "+44 161 496 0777",
                                "email",
                                "anna@lee.example"));
        hub.settle();
        assertThat(hub.golden("web:contact:3").id())
                .isEqualTo(hub.golden("erp:contact:1").id());
        hub.system("erp").edit("1", Map.of("phone", ""));
        hub.settle();
        hub.system("crm").edit("1", Map.of("phone", "+44 161 496 0777"));
        hub.settle();
        assertThat(questions()).isEmpty();
    }

    @Test
    @DisplayName(
            "ID-4: an answer can be taken back after it was carried to the systems: what the hub wrote is no evidence")
    void anAnswerIsTakenBackAfterItWasWritten() {
        hub.system("crm").edit("1", SWITCHBOARD);
        hub.system("erp").edit("2", LEE);
        hub.settle();
        var review = onlyQuestion();
        hub.stewardship.decide(review.id(), review.revision(), Decision.MATCH, null, "sam");
        hub.settle();
        var crm = RecordKey.parse("crm:contact:1");
        var written = hub.store.read(tx -> tx.records().find(List.of(crm)).get(crm));
        assertThat(written.value("email")).isEqualTo("anna@lee.example");
        assertThat(written.evidence().get("email")).isNullOrEmpty();

        var decided =
                hub.store.read(tx -> tx.reviews().find(List.of(review.id()))).get(review.id());
        hub.stewardship.undo(review.id(), decided.revision(), "sam");
        hub.settle();
        assertThat(hub.clusters()).hasSize(2);
        assertThat(onlyQuestion().records()).isEqualTo(review.records());
        assertThat(hub.system("crm").value("1", "email"))
                .as("given back, as by an unmerge")
                .isNull();
        assertThat(hub.system("crm").value("1", "phone")).isEqualTo(SWITCHBOARD.get("phone"));
    }

    @Test
    @DisplayName(
            "MRG-8: where an answer that made two golden records one is taken back, each gets what was given to it and merged into it")
    void anAnswerIsTakenBackAfterAMerge() {
        hub.system("erp").edit("2", SWITCHBOARD);
        hub.settle();
        hub.system("crm").edit("1", LEE);
        hub.system("web").edit("9", CARLA);
        hub.settle();
        var switchboard = hub.golden("erp:contact:2");
        var lee = hub.golden("crm:contact:1");
        hub.stewardship.giveValue(lee.id(), lee.revision(), "city", "Leeds", null, null, null, "sam");
        hub.settle();
        hub.clock.advance(Duration.ofMinutes(1));
        var asked = onlyQuestion();
        hub.stewardship.decide(asked.id(), asked.revision(), Decision.MATCH, null, "sam");
        hub.settle();
        assertThat(hub.currentId(lee.id())).isEqualTo(switchboard.id());
        merge(switchboard.id(), hub.golden("web:contact:9").id());
        var decided =
                hub.store.read(tx -> tx.reviews().find(List.of(asked.id()))).get(asked.id());
        hub.stewardship.undo(asked.id(), decided.revision(), "sam");
        hub.settle();
        assertGoldens(Map.of(
                "erp:contact:2", switchboard.id(), "web:contact:9", switchboard.id(), "crm:contact:1", lee.id()));
        assertThat(hub.values("crm:contact:1")).containsEntry("city", "Leeds");
        assertThat(hub.values("erp:contact:2").get("city")).isNullOrEmpty();
        var links = hub.store.read(tx -> tx.links().of(Set.of(RecordKey.parse("crm:contact:1"))));
        assertThat(links)
                .as("no word that they are not the same")
                .noneMatch(link -> link.active() && link.decision() == Decision.NO_MATCH);
    }

    private MergeEvent merge(String survivor, String other) {
        hub.clock.advance(Duration.ofMinutes(1));
        var event = hub.stewardship.merge(List.of(survivor, other), survivor, Map.of(), null, "sam");
        hub.clock.advance(Duration.ofMinutes(1));
        hub.settle();
        return event;
    }

    private void assertGoldens(Map<String, String> goldenOfRecord) {
        goldenOfRecord.forEach((record, id) -> {
            assertThat(hub.golden(record).id()).as(record).isEqualTo(id);
            assertThat(hub.golden(record).state()).as(record).isEqualTo(GoldenState.ACTIVE);
        });
    }

    private Map<String, Map<String, Object>> held(String system) {
        var held = new TreeMap<String, Map<String, Object>>();
        hub.system(system).records().forEach((id, record) -> held.put(id, record.fields()));
        return held;
    }

    private List<Review> questions() {
        return hub.store
                .read(tx -> tx.reviews()
                        .list(new Reviews.Filter(null, ReviewState.OPEN, null, null, null, "score"), null, 10))
                .items();
    }

    private Review onlyQuestion() {
        assertThat(questions()).hasSize(1);
        return questions().get(0);
    }

    private long outbound(OutboundState state) {
        return hub.store.read(tx -> tx.outbox().counts()).stream()
                .filter(count -> count.state() == state)
                .mapToLong(count -> count.changes())
                .sum();
    }
}
