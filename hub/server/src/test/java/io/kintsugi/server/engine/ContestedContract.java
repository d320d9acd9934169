package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.server.engine.resolution.Question;
import io.kintsugi.server.engine.resolution.Verdicts;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Records that fit several goldens, through the whole flow; on the in-memory store and on the graph. */
abstract class ContestedContract {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04");
    private static final Map<String, Object> DAUGHTER = Map.of(
            "first",
            "Anna",
            "last",
            "Lee",
            "born",
            "1980-03-04",
            "email",
            "anna@lee.example",
            "phone",
            "+44 113 496 0001");
    private static final Map<String, Object> MOTHER = Map.of(
            "first",
            "Anna",
            "last",
            "Lee",
            "born",
            "1952-09-21",
            "email",
            "lee@mother.example",
            "phone",
            "+44 161 496 0777");
    /** The daughter by the e-mail, the mother by the phone. */
    private static final Map<String, Object> EITHER =
            Map.of("first", "Anna", "last", "Lee", "email", "anna@lee.example", "phone", "+44 161 496 0777");

    private HubUnderTest hub;

    /** A store that holds nothing; valid until the next call. */
    protected abstract HubStore emptyStore();

    @BeforeEach
    void threeSystems() {
        hub = new HubUnderTest(emptyStore(), false, "crm", "erp", "web");
    }

    private List<Review> questions() {
        return hub.store
                .read(tx -> tx.reviews()
                        .list(new Reviews.Filter(null, ReviewState.OPEN, null, null, null, "score"), null, 10))
                .items();
    }

    @Test
    @DisplayName("ID-6: a record that fits two goldens changes neither; one DISPUTED review names both")
    void aRecordThatFitsTwoGoldensChangesNeither() {
        hub.system("crm").edit("1", DAUGHTER);
        hub.system("erp").edit("2", MOTHER);
        hub.settle();
        var daughter = hub.golden("crm:contact:1");
        var mother = hub.golden("erp:contact:2");
        assertThat(daughter.id()).isNotEqualTo(mother.id());
        hub.system("web").edit("3", EITHER);
        hub.settle();
        assertThat(hub.golden("crm:contact:1")).isEqualTo(daughter);
        assertThat(hub.golden("erp:contact:2")).isEqualTo(mother);
        var own = hub.golden("web:contact:3").id();
        assertThat(questions()).singleElement().satisfies(question -> {
            assertThat(question.kind()).isEqualTo(Kind.DISPUTED);
            assertThat(question.goldens()).containsExactlyInAnyOrder(daughter.id(), mother.id(), own);
            assertThat(question.reason()).contains("web:contact:3", "crm:contact:1", "erp:contact:2");
        });
        hub.system("web").edit("3", Map.of("phone", ""));
        hub.settle();
        assertThat(hub.golden("web:contact:3").id())
                .as("now it is the daughter")
                .isEqualTo(daughter.id());
        assertThat(questions()).as("nobody disputes it").noneMatch(question -> question.kind() == Kind.DISPUTED);
    }

    @Test
    @DisplayName("ID-6, ID-2: the same whichever of the three comes last")
    void theSameWhicheverComesLast() {
        var rows = Map.of("crm:1", DAUGHTER, "erp:2", MOTHER, "web:3", EITHER);
        for (var order : List.of(
                List.of("crm:1", "web:3", "erp:2"),
                List.of("erp:2", "web:3", "crm:1"),
                List.of("web:3", "crm:1", "erp:2"))) {
            hub = new HubUnderTest(emptyStore(), false, "crm", "erp", "web");
            for (var row : order) {
                var at = row.split(":");
                hub.system(at[0]).edit(at[1], rows.get(row));
                hub.takeIn();
            }
            assertThat(hub.clusters()).as("%s", order).hasSize(3);
            assertThat(questions()).as("%s", order).singleElement().satisfies(question -> assertThat(question.goldens())
                    .hasSize(3));
        }
    }

    @Test
    @DisplayName("ID-6: a steward says which of the goldens a record belongs to, takes it back, and says none")
    void aContestedRecordIsPlacedAndTakenBack() {
        hub.system("crm").edit("1", DAUGHTER);
        hub.system("erp").edit("2", MOTHER);
        hub.takeIn();
        hub.system("web").edit("3", EITHER);
        hub.takeIn();
        var mother = hub.golden("erp:contact:2").id();
        var question = onlyQuestion();
        assertThatThrownBy(
                        () -> hub.stewardship.decide(question.id(), question.revision(), Decision.MATCH, null, "sam"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.BAD_REQUEST))
                .hasMessageContaining(mother);
        var placed =
                hub.stewardship.decide(question.id(), question.revision(), Decision.MATCH, mother, "the mother", "sam");
        hub.takeIn();
        assertThat(hub.golden("web:contact:3").id()).isEqualTo(mother);
        assertThat(hub.golden("crm:contact:1").id()).isNotEqualTo(mother);
        assertThat(questions()).as("nobody is asked again").isEmpty();
        var undone = hub.stewardship.undo(question.id(), placed.revision(), "sam");
        hub.takeIn();
        assertThat(undone.state()).isEqualTo(ReviewState.OPEN);
        assertThat(hub.clusters()).hasSize(3);
        var open = onlyQuestion();
        assertThat(open.id()).isEqualTo(question.id());
        hub.stewardship.decide(open.id(), open.revision(), Decision.NO_MATCH, "a third one", "sam");
        hub.takeIn();
        assertThat(hub.clusters()).hasSize(3);
        assertThat(questions()).isEmpty();
    }

    @Test
    @DisplayName(
            "ID-6: a record that matches both sides of an earlier NO_MATCH opens a question that names verdict and record")
    void aRecordBetweenTwoThatWereToldApartIsAsked() {
        hub.system("crm").edit("1", ANNA);
        hub.system("erp").edit("2", ANNA);
        hub.settle();
        var keys = new TreeSet<>(List.of(RecordKey.parse("crm:contact:1"), RecordKey.parse("erp:contact:2")));
        hub.store.write(tx -> {
            new Verdicts(tx, "sam", hub.clock.instant())
                    .different(List.of(List.of(keys.first()), List.of(keys.last())));
            tx.records().markPending(keys);
            return null;
        });
        hub.settle();
        assertThat(questions()).isEmpty();
        hub.system("web").edit("3", ANNA);
        hub.settle();
        assertThat(hub.clusters()).hasSize(3);
        var question = onlyQuestion();
        assertThat(question.kind()).isEqualTo(Kind.DISPUTED);
        assertThat(question.reason())
                .isEqualTo("web:contact:3 matches both crm:contact:1 and erp:contact:2, and sam said that these are not"
                        + " the same");
        assertThat(Question.parse(question.detail()).contested().verdict().by()).isEqualTo("sam");
    }

    private Review onlyQuestion() {
        assertThat(questions()).hasSize(1);
        return questions().get(0);
    }
}
