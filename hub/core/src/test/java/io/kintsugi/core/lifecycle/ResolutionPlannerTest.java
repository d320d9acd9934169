package io.kintsugi.core.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.RecordState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a resolution makes of records, links and goldens, as pictures before and after. */
class ResolutionPlannerTest {
    @Test
    void aNewRecordIsAGoldenOfItsOwn() {
        var picture = new Picture().record("crm:1").resolve().shows("new1: crm:1");
        assertThat(picture.plan().revisions()).extracting(GoldenRevision::cause).containsExactly(Cause.CREATED);
    }

    @Test
    void aRecordThatMatchesIsAttached() {
        var picture = new Picture("G1: crm:1").record("erp:2").matches("crm:1", "erp:2");
        picture.resolve().shows("G1: crm:1 erp:2");
        var revision = picture.plan().revisions().get(0);
        assertThat(revision.cause()).isEqualTo(Cause.UPDATED);
        assertThat(revision.joined()).containsExactly(Picture.key("erp:2"));
        assertThat(revision.revision()).isEqualTo(2);
    }

    @Test
    void aRecordMovesToTheGoldenItMatchesNow() {
        var picture = new Picture("G1: crm:1 erp:2 web:3", "G2: web:4");
        picture.matches("crm:1", "erp:2").matches("web:3", "web:4");
        picture.resolve().shows("G1: crm:1 erp:2", "G2: web:3 web:4");
        assertThat(picture.plan().absorptions()).isEmpty();
        assertThat(picture.plan().revisions()).anySatisfy(revision -> {
            assertThat(revision.goldenId()).isEqualTo("G1");
            assertThat(revision.cause()).isEqualTo(Cause.SPLIT);
            assertThat(revision.left()).containsExactly(Picture.key("web:3"));
        });
    }

    @Test
    void goldensThatMatchMergeIntoTheOlderOne() {
        var picture = new Picture("G1: crm:1", "G2: erp:2 erp:9-").matches("crm:1", "erp:2");
        picture.resolve().shows("G1: crm:1 erp:2 erp:9-", "G2 -> G1");
        assertThat(picture.plan().absorptions()).singleElement().satisfies(absorption -> {
            assertThat(absorption.survivor()).isEqualTo("G1");
            assertThat(absorption.moved())
                    .extracting(move -> move.record().externalId())
                    .containsExactly("2", "9");
        });
        assertThat(picture.plan().revisions())
                .extracting(GoldenRevision::cause)
                .containsExactly(Cause.ABSORBED, Cause.RETIRED);
    }

    @Test
    void aStewardsChoiceSurvivesWhateverItsAge() {
        new Picture("G1: crm:1", "G2: erp:2")
                .stewardSaysSame("crm:1", "erp:2")
                .resolve("G2")
                .shows("G1 -> G2", "G2: crm:1 erp:2");
    }

    @Test
    void recordsThatMatchNoMoreSplitUnderANewId() {
        new Picture("G1: crm:1 erp:2 web:3")
                .matches("crm:1", "erp:2")
                .resolve()
                .shows("G1: crm:1 erp:2", "new1: web:3");
    }

    @Test
    void aGoldenWithoutLiveRecordsIsDeletedAndRevivedUnderItsId() {
        var picture = new Picture("G1: crm:1").deleted("crm:1").resolve().shows("G1 deleted: crm:1-");
        picture.record("crm:1").resolve().shows("G1: crm:1");
        assertThat(picture.plan().revisions()).extracting(GoldenRevision::cause).containsExactly(Cause.REVIVED);
    }

    @Test
    @DisplayName("ID-3: a golden whose only record loses its keys and gets them back has the id it had")
    void aGoldenIsRevivedWhenItsRecordHasKeysAgain() {
        new Picture("G1: crm:1")
                .state("crm:1", RecordState.UNKEYED)
                .resolve()
                .shows("G1 deleted: crm:1?")
                .state("crm:1", RecordState.LIVE)
                .resolve()
                .shows("G1: crm:1");
    }

    @Test
    @DisplayName("ID-5: a record without keys has no say in clusters or values, and nothing is created beside it")
    void aRecordWithoutKeysHasNoSay() {
        var picture = new Picture("G1: crm:1 erp:2?").resolve().shows("G1: crm:1 erp:2?");
        assertThat(picture.golden("G1").value("phone")).isEqualTo("1");
        assertThat(picture.plan().members().get("G1"))
                .extracting(member -> member.key().system())
                .containsExactly("crm");
        assertThat(picture.plan().gone().get("G1")).containsExactly(Picture.key("erp:2"));
    }

    @Test
    void planningAgainChangesNothing() {
        var picture =
                new Picture("G1: crm:1", "G2: erp:2").matches("crm:1", "erp:2").resolve();
        assertThat(picture.resolve().plan().assign()).isEmpty();
        assertThat(picture.plan().goldens()).isEmpty();
        assertThat(picture.plan().revisions()).isEmpty();
    }

    @Test
    @DisplayName("ID-3: unmerge gives the older golden back its record and the larger absorbed one its own")
    void anUnmergeRestoresBothGoldens() {
        new Picture("G1: crm:1", "G2: erp:2 web:3")
                .matches("erp:2", "web:3")
                .stewardSaysSame("crm:1", "erp:2")
                .resolve()
                .shows("G1: crm:1 erp:2 web:3", "G2 -> G1")
                .stewardSaysDifferent("crm:1", "erp:2")
                .stewardSaysDifferent("crm:1", "web:3")
                .resolve()
                .shows("G1: crm:1", "G2: erp:2 web:3");
    }

    @Test
    @DisplayName("ID-7: without the bridge the former goldens are there again under their ids")
    void removingTheBridgeRestoresTheGoldensItJoined() {
        new Picture("G1: crm:1", "G2: erp:2 erp:3")
                .matches("erp:2", "erp:3")
                .record("web:9")
                .matches("crm:1", "web:9")
                .matches("erp:2", "web:9")
                .matches("erp:3", "web:9")
                .matches("crm:1", "erp:2")
                .resolve()
                .shows("G1: crm:1 erp:2 erp:3 web:9", "G2 -> G1")
                .deleted("web:9")
                .forget("crm:1", "erp:2")
                .resolve()
                .shows("G1: crm:1 web:9-", "G2: erp:2 erp:3");
    }

    @Test
    @DisplayName("ID-4: a steward's merge holds when the record its verdicts hang on is deleted")
    void aDeletedRecordStillTiesWhatAStewardTiedToIt() {
        new Picture("G1: crm:1", "G2: erp:1", "G3: web:1")
                .stewardSaysSame("crm:1", "erp:1")
                .stewardSaysSame("crm:1", "web:1")
                .resolve()
                .deleted("crm:1")
                .resolve()
                .shows("G1: crm:1- erp:1 web:1", "G2 -> G1", "G3 -> G1")
                .record("crm:1")
                .resolve()
                .shows("G1: crm:1 erp:1 web:1", "G2 -> G1", "G3 -> G1");
    }

    @Test
    @DisplayName("ID-4: a chain of deleted records ties its live ends, whoever said so")
    void aChainOfDeletedRecordsTiesItsEnds() {
        new Picture("G1: crm:1 crm:2 erp:1 web:1")
                .stewardSaysSame("crm:1", "crm:2")
                .sourceSaysSame("crm:1", "erp:1")
                .stewardSaysSame("crm:2", "web:1")
                .deleted("crm:1")
                .deleted("crm:2")
                .resolve()
                .shows("G1: crm:1- crm:2- erp:1 web:1");
    }

    @Test
    void aDeletedRecordTiesNothingByRules() {
        new Picture("G1: crm:1 erp:1 web:1")
                .matches("crm:1", "erp:1")
                .matches("crm:1", "web:1")
                .deleted("crm:1")
                .resolve()
                .shows("G1: crm:1- erp:1", "new1: web:1");
    }

    @Test
    void aNewerNoMatchIsStrongerThanWhatADeletedRecordTies() {
        new Picture("G1: crm:1- erp:1 web:1")
                .stewardSaysSame("crm:1", "erp:1")
                .stewardSaysSame("crm:1", "web:1")
                .stewardSaysDifferent("erp:1", "web:1")
                .resolve()
                .shows("G1: crm:1- erp:1", "new1: web:1");
    }

    @Test
    @DisplayName(
            "ID-4: what a steward told apart is not tied by two records that are gone, whatever a system said of them")
    void goneRecordsThatAreToldApartTieNothing() {
        new Picture("G1: crm:1 crm:2 erp:1- erp:2- web:3")
                .sourceSaysSame("crm:1", "erp:1")
                .sourceSaysSame("crm:2", "erp:2")
                .sourceSaysSame("erp:1", "erp:2")
                .stewardSaysSame("erp:2", "web:3")
                .stewardSaysDifferent("crm:1", "crm:2")
                .stewardSaysDifferent("erp:1", "erp:2")
                .resolve()
                .shows("G1: crm:2 erp:2- web:3", "new1: crm:1 erp:1-");
    }

    @Test
    void aSuccessorTakesTheDeletedRecordsPlaceInADuplicateFreeSystem() {
        new Picture(Set.of("crm"), "G1: crm:1- erp:1")
                .stewardSaysSame("crm:1", "erp:1")
                .record("crm:2")
                .matches("crm:2", "erp:1")
                .resolve()
                .shows("G1: crm:1- crm:2 erp:1");
    }

    @Test
    @DisplayName(
            "DEL-5: a deleted record goes back with the golden that brought it, so that it is not created there again")
    void aDeletedRecordGoesBackWithItsGolden() {
        var picture = new Picture("G1: web:1", "G2: crm:9 erp:2")
                .matches("crm:9", "erp:2")
                .stewardSaysSame("erp:2", "web:1")
                .resolve()
                .deleted("crm:9")
                .forget("crm:9", "erp:2")
                .resolve()
                .shows("G1: crm:9- erp:2 web:1", "G2 -> G1")
                .stewardSaysDifferent("erp:2", "web:1")
                .resolve()
                .shows("G1: web:1", "G2: crm:9- erp:2");
        assertThat(picture.plan().gone().get("G2")).containsExactly(Picture.key("crm:9"));
        assertThat(picture.plan().gone().get("G1")).isEmpty();
    }

    @Test
    void aDeletedRecordGoesWithTheRecordAStewardTiedItTo() {
        new Picture("G1: crm:1 erp:2 erp:3- web:4")
                .matches("crm:1", "web:4")
                .stewardSaysSame("erp:2", "erp:3")
                .resolve()
                .shows("G1: crm:1 web:4", "new1: erp:2 erp:3-");
    }

    @Test
    @DisplayName("MRG-3: a merged record is where the one is that it went into, whatever else it was tied to")
    void aMergedRecordGoesWithTheOneItWentInto() {
        new Picture("G1: crm:1", "G2: web:2 web:3") //
                .sourceSaysSame("crm:1", "web:3") // created for it by the hub
                .sourceSaysSame("web:2", "web:3")
                .stewardSaysDifferent("crm:1", "web:2")
                .state("web:3", RecordState.MERGED)
                .resolve()
                .shows("G1: crm:1", "G2: web:2 web:3>");
    }

    @Test
    @DisplayName(
            "MRG-3: a merged record is where the last one is that its system said it was, not one of a merge before")
    void theLastWordOfASystemIsWhereARecordWent() {
        new Picture("G1: crm:5", "G2: crm:2 crm:6")
                .sourceSaysSame("crm:2", "crm:5")
                .later()
                .sourceSaysSame("crm:2", "crm:6")
                .stewardSaysDifferent("crm:5", "crm:6")
                .state("crm:2", RecordState.MERGED)
                .resolve()
                .shows("G1: crm:5", "G2: crm:2> crm:6");
    }

    @Test
    @DisplayName("DA-4: a record that is gone supplies no value any more")
    void aDeletedRecordContributesNothing() {
        var picture = new Picture("G1: erp:2 crm:1").matches("erp:2", "crm:1").resolve();
        assertThat(picture.membership("crm:1").contributes()).containsExactly("phone");
        picture.deleted("crm:1").resolve();
        assertThat(picture.membership("crm:1").contributes()).isEmpty();
        assertThat(picture.membership("erp:2").contributes()).containsExactly("phone");
    }

    @Test
    @DisplayName("DA-4: a value names its record, its time, its rule and the version of its policy")
    void aValueSaysWhereItComesFrom() {
        var picture = new Picture().record("crm:1", "55").resolve();
        var value = picture.golden("new1").values().get("phone");
        assertThat(value.value()).isEqualTo("55");
        assertThat(value.from()).isEqualTo(Picture.key("crm:1"));
        assertThat(value.rule()).isEqualTo("LATEST");
        assertThat(value.policyVersion()).isEqualTo(Picture.POLICY);
        assertThat(value.sourceAt()).isNotNull();
    }

    @Test
    @DisplayName(
            "GOV-1: each change of a golden says under which policies it was decided, also when it retires or ends")
    void aChangeSaysUnderWhichPoliciesItWasDecided() {
        var picture =
                new Picture("G1: crm:1", "G2: erp:2").matches("crm:1", "erp:2").resolve();
        assertThat(picture.plan().revisions())
                .extracting(GoldenRevision::cause, GoldenRevision::policies)
                .containsExactlyInAnyOrder(
                        tuple(Cause.ABSORBED, Picture.POLICIES), tuple(Cause.RETIRED, Picture.POLICIES));
        picture.deleted("crm:1").deleted("erp:2").resolve();
        assertThat(picture.plan().revisions())
                .extracting(GoldenRevision::cause, GoldenRevision::policies)
                .containsExactly(tuple(Cause.DELETED, Picture.POLICIES));
    }

    @Test
    void theVersionOfAValueChangesExactlyWhenTheValueDoes() {
        var picture = new Picture("G1: crm:1").record("erp:2", "1").matches("crm:1", "erp:2");
        picture.resolve();
        long version = picture.golden("G1").values().get("phone").version();
        picture.record("erp:2", "1").resolve();
        assertThat(picture.golden("G1").values().get("phone").version()).isEqualTo(version);
        picture.record("erp:2", "other").resolve();
        assertThat(picture.golden("G1").values().get("phone").version()).isGreaterThan(version);
    }

    @Test
    @DisplayName("ID-6: a record that fits two goldens changes neither and stands apart with both as candidates")
    void aRecordThatFitsTwoGoldensChangesNeither() {
        var picture = new Picture("G1: crm:1", "G2: erp:2").record("web:3").strangers(-40);
        picture.matchesSurely("crm:1", "web:3").matchesSurely("erp:2", "web:3").resolve();
        picture.shows("G1: crm:1", "G2: erp:2", "new1: web:3");
        assertThat(picture.plan().contested()).isEqualTo(Map.of("new1", List.of("G1", "G2")));
    }

    @Test
    @DisplayName("ID-6, ID-2: it stands apart whichever of the goldens came first")
    void whoCameFirstDoesNotMatter() {
        var picture = new Picture("G1: crm:1 web:3").record("erp:2").strangers(-40);
        picture.matchesSurely("crm:1", "web:3").matchesSurely("erp:2", "web:3").resolve();
        assertThat(picture.plan().members().values())
                .allSatisfy(members -> assertThat(members).hasSize(1));
        assertThat(picture.plan().contested().values()).singleElement().satisfies(candidates -> assertThat(candidates)
                .hasSize(2));
    }

    @Test
    @DisplayName("ID-6: a record that a steward placed is not put in question by another golden that it fits")
    void aPlacedRecordIsNotContested() {
        var picture = new Picture("G1: crm:1", "G2: erp:2").record("web:3").strangers(-40);
        picture.matchesSurely("crm:1", "web:3")
                .matchesSurely("erp:2", "web:3")
                .stewardSaysSame("crm:1", "web:3")
                .resolve();
        picture.shows("G1: crm:1 web:3", "G2: erp:2");
        assertThat(picture.plan().contested()).isEmpty();
    }

    @Test
    @DisplayName("ID-6: a golden that a steward told the record apart from is no candidate")
    void aGoldenToldApartIsNoCandidate() {
        var picture = new Picture("G1: crm:1", "G2: erp:2").record("web:3").strangers(-40);
        picture.matchesSurely("crm:1", "web:3")
                .matchesSurely("erp:2", "web:3")
                .stewardSaysDifferent("erp:2", "web:3")
                .resolve();
        picture.shows("G1: crm:1 web:3", "G2: erp:2");
    }

    @Test
    @DisplayName("ID-6: one match with a golden whose other records speak against it makes no candidate of it")
    void oneMatchAmongManyIsNoFit() {
        var picture = new Picture("G1: crm:1 erp:1", "G2: erp:2 crm:2")
                .record("web:3")
                .strangers(-40);
        picture.matchesSurely("crm:1", "erp:1")
                .matchesSurely("crm:2", "erp:2")
                .matchesSurely("crm:1", "web:3")
                .matchesSurely("erp:1", "web:3")
                .matches("erp:2", "web:3")
                .resolve();
        picture.shows("G1: crm:1 erp:1 web:3", "G2: crm:2 erp:2");
        assertThat(picture.plan().contested()).isEmpty();
    }

    @Test
    @DisplayName("ID-6: two records in the same place stand apart together")
    void twoRecordsInTheSamePlaceStandApartTogether() {
        var picture = new Picture("G1: crm:1", "G2: erp:2")
                .record("web:3")
                .strangers(-40)
                .record("web:4");
        picture.stewardSaysDifferent("crm:1", "erp:2").matchesSurely("web:3", "web:4");
        for (var golden : List.of("crm:1", "erp:2")) {
            picture.matchesSurely(golden, "web:3").matchesSurely(golden, "web:4");
        }
        picture.resolve().shows("G1: crm:1", "G2: erp:2", "new1: web:3 web:4");
        assertThat(picture.plan().contested()).isEqualTo(Map.of("new1", List.of("G1", "G2")));
    }
}
