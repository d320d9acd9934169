package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.Samples;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The questions for stewards by the command line. */
@Timeout(60)
class CommandsOfReviewsTest {
    private final ApiUnderTest hub = new ApiUnderTest();
    private final Typed typed = new Typed(hub.http.uri("").toString());

    @AfterEach
    void stop() {
        hub.close();
    }

    private int run(String... words) {
        return typed.run(words);
    }

    private void refused(String because, String... words) {
        assertThat(run(words)).as(String.join(" ", words)).isEqualTo(2);
        assertThat(typed.err()).contains(because);
    }

    /** Two records that may be one person. */
    private String question() throws Exception {
        hub.record(
                "crm:contact:1",
                "firstName",
                "Robert",
                "lastName",
                "Okafor",
                "birthDate",
                "1961-04-02",
                "city",
                "Leeds");
        hub.record("erp:contact:2", "firstName", "Robert", "lastName", "Okafor", "city", "Leeds");
        assertThat(run("reviews", "--json")).isEqualTo(3);
        assertThat(typed.json()).hasSize(1);
        return typed.json().at("/0/id").asText();
    }

    private boolean one() {
        return hub.goldenOf("crm:contact:1").equals(hub.goldenOf("erp:contact:2"));
    }

    @Test
    @DisplayName("MRG-7, MRG-9: a question is shown with both sides, decided by who saw it as it is, and taken back")
    void aQuestionIsShownDecidedAndTakenBack() throws Exception {
        var id = question();
        assertThat(run("reviews")).isEqualTo(3);
        assertThat(typed.out()).contains(id + "  candidate, ").contains("may be the same");
        assertThat(run("reviews", "show", id)).isZero();
        assertThat(typed.out())
                .containsPattern("A  g-\\S+  Robert Okafor: (crm:contact:1|erp:contact:2)\\R")
                .containsPattern("B  g-\\S+  Robert Okafor: ")
                .containsPattern("(?m)^\\* birthDate +(1961-04-02 +-|- +1961-04-02)$")
                .containsPattern("(?m)^  city +Leeds +Leeds$")
                .contains("Why crm:contact:1 and erp:contact:2, ")
                .contains("asked from 0.0 bits, merged without a question from 9.0 bits")
                .contains("If they are the same: ")
                .contains("kintsugi reviews match " + id + " --seen 1", "kintsugi reviews no-match " + id)
                .doesNotContain("reviews undo");
        run("reviews", "show", id, "--json");
        assertThat(typed.json().at("/review/id").asText()).isEqualTo(id);

        assertThat(run("reviews", "match", id, "--seen", "7")).isEqualTo(1);
        assertThat(typed.err())
                .contains("is at revision 1, you sent 7")
                .contains("Nothing was done; \"kintsugi reviews show " + id + "\"");
        assertThat(one()).isFalse();
        assertThat(run("reviews", "match", id, "--seen", "1", "--note", "called both"))
                .as(typed.err())
                .isZero();
        assertThat(typed.out()).contains("they are the same").contains("kintsugi reviews undo " + id);
        assertThat(one()).isTrue();
        assertThat(run("reviews", "no-match", id)).isEqualTo(1);
        assertThat(typed.err()).contains("DECIDED");
        assertThat(run("reviews")).isZero();
        assertThat(typed.out()).contains("No such review.");
        run("reviews", "show", id);
        assertThat(typed.out())
                .contains("    match, by local, ", ": called both")
                .contains("reviews undo " + id);
        assertThat(run("reviews", "--state", "decided")).isZero();
        assertThat(typed.out()).contains(id + "  candidate, decided, ");

        assertThat(run("reviews", "undo", id)).as(typed.err()).isZero();
        assertThat(typed.out()).contains("The question is open again.");
        assertThat(one()).isFalse();
        assertThat(run("reviews", "no-match", id, "--json")).isZero();
        assertThat(typed.json().path("decision").asText()).isEqualTo("NO_MATCH");
    }

    private void save(String id, Kind kind, double score, String record) {
        var review = Samples.review(id, kind, ReviewState.OPEN, "contact", score, 0, RecordKey.parse(record));
        hub.store.write(tx -> {
            tx.reviews().save(List.of(review));
            return null;
        });
    }

    @Test
    void listsAreFilteredAndPaged() throws Exception {
        for (int i = 0; i < 5; i++) save("rv-" + i, Kind.CANDIDATE, i, "crm:contact:" + i);
        save("rv-w", Kind.WOULD_MERGE, 9, "erp:contact:1");
        assertThat(run("reviews", "--limit", "2")).isEqualTo(3);
        assertThat(typed.out())
                .contains("rv-4", "rv-3", "There are more: --limit 0 lists all, --after ")
                .doesNotContain("rv-2");
        var cursor = typed.out().replaceAll("(?s).*--after (\\S+) .*", "$1");
        assertThat(run("reviews", "--limit", "2", "--after", cursor)).isEqualTo(3);
        assertThat(typed.out()).contains("rv-2", "rv-1").doesNotContain("rv-3");
        run("reviews", "--limit", "0", "--json");
        assertThat(typed.json()).hasSize(5);
        assertThat(run("reviews", "--kind", "would_merge"))
                .as("waits for nobody")
                .isZero();
        assertThat(typed.out()).contains("rv-w");
        assertThat(run("reviews", "--system", "erp", "--type", "contact")).isZero();
        run("reviews", "--min-score", "3.5", "--sort", "opened", "--json");
        assertThat(typed.json()).hasSize(1);
    }

    @Test
    @DisplayName("DEL-3: a delete that waits is kept or let go on from the list of reviews too")
    void eachKindOfQuestionHasItsAnswers() {
        hub.ada();
        var brake = hub.brake("shop", List.of(hub.goldenOf("crm:contact:1")));
        assertThat(run("reviews", "show", brake)).isZero();
        assertThat(typed.out())
                .contains("The brake of shop holds back ")
                .contains("reviews delete " + brake, "reviews keep " + brake)
                .doesNotContain("reviews match");
        assertThat(run("reviews", "approve", brake)).isEqualTo(1);
        assertThat(typed.err()).contains(brake);
        assertThat(run("reviews", "keep", brake, "--note", "not yet")).isZero();
        assertThat(typed.out()).contains("stays");

        save("rv-row", Kind.UNMAPPABLE, 0, "shop:contact:line 7");
        run("reviews", "show", "rv-row");
        assertThat(typed.out()).contains("reviews discard rv-row --seen 1");
        assertThat(run("reviews", "discard", "rv-row")).isZero();
        assertThat(typed.out()).contains("Discarded");
        save("rv-loop", Kind.LOOP, 0, "shop:contact:x");
        run("reviews", "show", "rv-loop");
        assertThat(typed.out()).contains("give the value that counts").doesNotContain("Answers:");
    }

    @Test
    @DisplayName(
            "ID-6: a record that fits several golden records is given to one, or to none, by the words that show names")
    void aContestedRecordIsGivenToOne() throws Exception {
        String[] robert = {
            "firstName", "Robert", "lastName", "Okafor", "birthDate", "1961-04-02", "email", "rob@okafor.example"
        };
        hub.record("crm:contact:1", robert);
        hub.record("erp:contact:2", "firstName", "Robert", "lastName", "Okafor", "city", "Leeds");
        run("reviews", "--json");
        assertThat(run("reviews", "no-match", typed.json().at("/0/id").asText()))
                .isZero();
        hub.record("erp:contact:2", robert);
        hub.record("shop:contact:3", robert);
        run("reviews", "--kind", "disputed", "--json");
        var id = typed.json().at("/0/id").asText();
        var golden = hub.goldenOf("erp:contact:2");
        run("reviews", "show", id);
        assertThat(typed.out())
                .contains("say which one it belongs to")
                .contains("reviews match " + id + " --golden " + golden + " --seen ")
                .contains("reviews match " + id + " --golden " + hub.goldenOf("crm:contact:1"))
                .contains("it belongs to none");
        refused("several golden records", "reviews", "match", id);
        assertThat(run("reviews", "match", id, "--golden", golden)).isZero();
        assertThat(hub.goldenOf("shop:contact:3")).isEqualTo(golden);
    }

    @Test
    void wrongWordsAreRefused() throws Exception {
        refused("match ID", "reviews", "match");
        refused("say show x", "reviews", "list", "x");
        refused("from 0 to 500", "reviews", "--limit", "501");
        refused("--after goes with", "reviews", "--limit", "0", "--after", "x");
        refused("--seen goes with match, no-match, undo", "reviews", "--seen", "1");
        refused("--golden goes with list, match, not with no-match", "reviews", "no-match", "x", "--golden", "g");
        refused("--note goes with", "reviews", "undo", "x", "--note", "why");
        refused("--kind goes with list, not with show", "reviews", "show", "x", "--kind", "DELETED");
        refused("CANDIDATE", "reviews", "--kind", "NONE");
        refused("there are ", "reviews", "--type", "people");
        refused("crm", "reviews", "--system", "cmr");
        refused("'x' is not a", "reviews", "--min-score", "x");
        assertThat(run("reviews", "show", "none/like this")).isEqualTo(1);
        assertThat(typed.err()).startsWith("kintsugi: ").contains("none/like this");
        var id = question();
        assertThat(run("reviews", "accept", id)).isEqualTo(1);
        assertThat(typed.err()).contains("only open proposals are accepted or rejected");
        assertThat(run("reviews", "delete", id)).isEqualTo(1);
        assertThat(typed.err()).contains("only open questions about deletions");
    }
}
