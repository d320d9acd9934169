package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.server.api.HttpClientOf.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("GOV-6: every write of the contract can be repeated with its Idempotency-Key")
class WritesApiTest {
    private static final PublishedSchemas SCHEMAS = new PublishedSchemas();
    private final WriteCalls calls = new WriteCalls();

    static Stream<String> writes() {
        return posts().filter(operation -> takesKey(operation));
    }

    private static Stream<String> posts() {
        var operations = new ArrayList<String>();
        SCHEMAS.contract().path("paths").forEach(path -> path.properties().forEach(operation -> {
            if (!operation.getKey().equals("get"))
                operations.add(operation.getValue().path("operationId").asText());
        }));
        return operations.stream();
    }

    private static boolean takesKey(String operationId) {
        for (var path : SCHEMAS.contract().path("paths")) {
            for (var operation : path) {
                if (!operation.path("operationId").asText().equals(operationId)) continue;
                for (var parameter : operation.path("parameters")) {
                    if (parameter.path("$ref").asText().endsWith("/IdempotencyKey")) return true;
                }
            }
        }
        return false;
    }

    @AfterEach
    void stop() {
        calls.close();
    }

    @Test
    void everythingButAQuestionTakesAKey() {
        assertThat(posts().filter(operation -> !takesKey(operation)))
                .containsExactlyInAnyOrder(
                        "searchMatches",
                        "previewMerge",
                        "previewUnmerge",
                        "previewMatchRules",
                        "learnMatchRules",
                        "previewAuthority",
                        "previewDeletes",
                        "previewDeleteGolden",
                        "previewEraseGolden",
                        "previewValue",
                        "beginDryRun",
                        "cancelDryRun");
    }

    @ParameterizedTest
    @MethodSource("writes")
    void aRepeatGetsTheFirstAnswerAndHasNoEffectAndTheKeyIsForNothingElse(String operationId) {
        var request = calls.of(operationId);
        var first = send(request, request.body(), "k1");
        assertThat(first.status()).as(first.text()).isBetween(200, 202);
        var after = settled(state());
        var again = send(request, request.body(), "k1").expect(first.status());
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(settled(state())).isEqualTo(after);
        var other = send(request, "{\"note\":\"another request\"}", "k1").expect(422);
        assertThat(other.at("/code")).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(other.at("/fix")).isNotEmpty();
        assertThat(settled(state())).isEqualTo(after);
    }

    /** The one gap the contract names: the change is stored, and the hub dies before the answer is. */
    @ParameterizedTest
    @MethodSource("writes")
    @DisplayName("GOV-6, MRG-7, SYN-2: a repeat after a crash between the change and its answer has no second effect")
    void aRepeatAfterACrashHasNoSecondEffect(String operationId) {
        var request = calls.of(operationId);
        var first = send(request, request.body(), "k1");
        assertThat(first.status()).as(first.text()).isBetween(200, 202);
        calls.hub().store.write(tx -> {
            assertThat(tx.journal().answer("k1")).isPresent();
            tx.journal().forgetAnswers(calls.hub().clock.instant().plusSeconds(60)); // as if it had never been stored
            return null;
        });
        var after = settled(state());
        var again = send(request, request.body(), "k1");
        assertThat(again.status()).as(again.text()).isIn(first.status(), 409);
        assertThat(settled(state())).isEqualTo(after);
    }

    /** Without what the loops of the systems say by themselves a moment later. */
    private static String settled(String state) {
        return state.replaceAll("\"(dueAt|updatedAt|markedAt|problem)\":\"[^\"]*\",?", "")
                .replaceAll("STARTING|FAILING", "RUNNING");
    }

    private Answer send(WriteCalls.Request request, String body, String key) {
        var headers = request.revision() == null
                ? new String[] {"Idempotency-Key", key}
                : new String[] {"Idempotency-Key", key, "If-Match", request.revision()};
        return calls.hub().http.send(request.method(), request.path(), body, headers);
    }

    /** All that a write can change. */
    private String state() {
        var state = new StringBuilder();
        for (var list : List.of(
                "changes",
                "merges",
                "reviews?state=ANY",
                "outbound",
                "deletions",
                "erasures",
                "systems",
                "runs",
                "match-rules/contact",
                "authority/contact",
                "deletes/contact")) {
            state.append(calls.hub()
                    .http
                    .get("/api/v1/" + list)
                    .expect(200)
                    .text()
                    .replaceAll("\"lastPoll\":\"[^\"]*\",?", ""));
        }
        return state.toString();
    }
}
