package io.kintsugi.core.store;

import static io.kintsugi.core.store.Samples.at;
import static io.kintsugi.core.store.Samples.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.store.Journal.Answer;
import io.kintsugi.core.store.Journal.Document;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@link Journal} promises. */
public abstract class JournalContract extends HubStoreContract {
    @Test
    void aPositionIsEmptyBeforeTheFirstAndThenTheLastSaved() {
        assertThat(reads.journal().checkpoint("crm", "contacts")).isEmpty();
        checkpoint("crm", "contacts", "1");
        checkpoint("crm", "accounts", "2");
        checkpoint("erp", "contacts", "");
        checkpoint("crm", "contacts", "{\"at\":\"🏺\\n\"}" + "x".repeat(10_000));
        assertThat(reads.journal().checkpoint("crm", "contacts")).contains("{\"at\":\"🏺\\n\"}" + "x".repeat(10_000));
        assertThat(reads.journal().checkpoint("crm", "accounts")).contains("2");
        assertThat(reads.journal().checkpoint("erp", "contacts")).contains("");
        assertThat(reads.journal().checkpoint("erp", "accounts")).isEmpty();
    }

    @Test
    void aRunComesBackAsItWasSaved() {
        var whole = new Run(
                "r1",
                "load",
                "crm",
                "contacts",
                RunState.FAILED,
                Map.of("read", 5L, "stored", 4L, "unmappable", 1L),
                5,
                at(0),
                at(9),
                "the file \"ü.csv\" ends in the middle of a line");
        save(whole);
        assertThat(reads.journal().run("r1")).contains(whole);
        var bare = new Run("r2", "match", null, null, RunState.RUNNING, Map.of(), -1, at(0), null, null);
        save(bare);
        assertThat(reads.journal().run("r2")).contains(bare);
        assertThat(reads.journal().run("r3")).isEmpty();
    }

    @Test
    void savingARunAgainReplacesEverything() {
        save(run("r1", 0));
        var done = new Run("r1", "load", "crm", "contacts", RunState.DONE, Map.of("stored", 9L), 9, at(0), at(5), null);
        save(done);
        assertThat(reads.journal().run("r1")).contains(done);
        assertThat(reads.journal().runs(null, 9).items()).containsExactly(done);
    }

    @Test
    void runsComeLastStartedFirstWithTiesById() {
        for (var run : new Run[] {run("b", 1), run("d", 2), run("a", 1), run("c", 0)}) save(run);
        assertThat(pages((tx, cursor, limit) -> tx.journal().runs(cursor, limit), 3))
                .extracting(Run::id)
                .containsExactly("d", "b", "a", "c");
        assertThat(pages((tx, cursor, limit) -> tx.journal().runsOldestFirst(cursor, limit), 1))
                .extracting(Run::id)
                .containsExactly("c", "a", "b", "d");
    }

    @Test
    void pagesOfRunsStayRightWhileRunsBegin() {
        var before = new ArrayList<String>();
        for (int i = 0; i < 6; i++) {
            save(run("r" + i, i));
            before.add(0, "r" + i);
        }
        var n = new int[] {100};
        assertThat(pages(
                        (tx, cursor, limit) -> tx.journal().runs(cursor, limit),
                        2,
                        () -> save(run("n" + n[0], n[0]++))))
                .extracting(Run::id)
                .containsExactlyElementsOf(before);
    }

    @Test
    void documentsHaveVersions() {
        assertThat(reads.journal().document("match", "contact")).isEmpty();
        assertThat(publish("match", "contact", "a: 1\n", "ada", 1))
                .isEqualTo(new Document("match", "contact", 1, "a: 1\n", "ada", at(1)));
        var second = new Document("match", "contact", 2, "a: 🏺\n" + "#".repeat(10_000), "bob", at(2));
        assertThat(publish("match", "contact", second.body(), "bob", 2)).isEqualTo(second);
        assertThat(reads.journal().document("match", "contact")).contains(second);
        assertThat(publish("match", "account", "a: 1\n", "ada", 3).version()).isEqualTo(1);
        assertThat(publish("authority", "contact", "a: 1\n", "ada", 3).version())
                .isEqualTo(1);
    }

    @Test
    void publishingTheSameAgainChangesNothing() {
        var first = publish("match", "contact", "a: 1\n", "ada", 1);
        assertThat(publish("match", "contact", "a: 1\n", "bob", 2)).isEqualTo(first);
        assertThat(reads.journal().document("match", "contact")).contains(first);
        publish("match", "contact", "a: 2\n", "bob", 3);
        assertThat(publish("match", "contact", "a: 1\n", "bob", 4).version()).isEqualTo(3);
    }

    @Test
    void allVersionsOfADocumentAreKeptNewestFirst() {
        var first = publish("match", "contact", "a: 1\n", "ada", 1);
        var second = publish("match", "contact", "a: 2\n", "bob", 2);
        publish("match", "account", "a: 3\n", "bob", 3);
        assertThat(reads.journal().versions("match", "contact")).containsExactly(second, first);
        assertThat(reads.journal().versions("match", "none")).isEmpty();
    }

    @Test
    void documentsOfAKindComeByName() {
        var b = publish("match", "b", "x", "ada", 1);
        publish("match", "a", "x", "ada", 1);
        var a = publish("match", "a", "y", "ada", 2);
        publish("authority", "c", "x", "ada", 1);
        assertThat(reads.journal().documents("match")).containsExactly(a, b);
        assertThat(reads.journal().documents("none")).isEmpty();
    }

    @Test
    void anAnswerIsRemembered() {
        var answer = new Answer("hash", 201, "application/json", "{\"id\":\"🏺\"}" + " ".repeat(10_000), at(0));
        assertThat(reads.journal().answer("k1")).isEmpty();
        writes.journal().saveAnswer("k1", answer);
        assertThat(reads.journal().answer("k1")).contains(answer);
        assertThat(reads.journal().answer("K1")).isEmpty();
    }

    @Test
    void aKeyIsAnsweredOnce() {
        var answer = answer(0);
        writes.journal().saveAnswer("k1", answer);
        assertThatThrownBy(() -> write(tx -> {
                    tx.journal().saveRun(run("r1", 0));
                    tx.journal().saveAnswer("k1", new Answer("other", 204, "text/plain", "", at(5)));
                }))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.IDEMPOTENCY_KEY_REUSED));
        assertThat(reads.journal().answer("k1")).contains(answer);
        assertThat(reads.journal().run("r1")).isEmpty();
    }

    @Test
    void theAnswerToTheSameRequestIsKeptOnceAndTheFirstStays() {
        writes.journal().saveAnswer("k1", answer(0));
        writes.journal().saveAnswer("k1", answer(5)); // the first time its own answer was lost on the way
        assertThat(reads.journal().answer("k1")).contains(answer(0));
    }

    @Test
    void answersBeforeAnInstantAreForgotten() {
        write(tx -> {
            tx.journal().saveAnswer("old", answer(4));
            tx.journal().saveAnswer("edge", answer(5));
            tx.journal().forgetAnswers(at(5));
        });
        assertThat(reads.journal().answer("old")).isEmpty();
        assertThat(reads.journal().answer("edge")).isPresent();
        writes.journal().saveAnswer("old", answer(9));
        assertThat(reads.journal().answer("old")).contains(answer(9));
    }

    private static Answer answer(long seconds) {
        return new Answer("hash", 204, "text/plain", "", at(seconds));
    }

    private void checkpoint(String system, String stream, String position) {
        writes.journal().saveCheckpoint(system, stream, position, at(0));
    }

    private void save(Run run) {
        writes.journal().saveRun(run);
    }

    private Document publish(String kind, String name, String body, String by, long seconds) {
        return writes.journal().publish(kind, name, body, by, at(seconds));
    }
}
