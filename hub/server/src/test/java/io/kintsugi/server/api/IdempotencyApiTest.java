package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.store.memory.MemoryHubStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("GOV-6: an Idempotency-Key stands for one request and one effect")
class IdempotencyApiTest {
    private final MemoryHubStore store = new MemoryHubStore();
    private final MovableClock clock = new MovableClock();
    private final ApiUnderTest hub = new ApiUnderTest(store, clock, List.of());
    private String body;

    private static final class MovableClock extends Clock {
        private volatile Instant now = Instant.parse("2026-11-22T12:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void twoPeople() {
        hub.record("crm:contact:1", "firstName", "Ada", "lastName", "Lovelace", "email", "ada@example.org");
        hub.record("erp:contact:2", "firstName", "Augusta", "lastName", "King", "phone", "+442079460999");
        var first = hub.goldenOf("crm:contact:1");
        var second = hub.goldenOf("erp:contact:2");
        body = "{\"goldens\":[\"%s\",\"%s\"],\"revisions\":{\"%s\":1,\"%s\":1}}"
                .formatted(first, second, first, second);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private HttpClientOf.Answer merge(String key) {
        return hub.http.post("/api/v1/merges", body, "Idempotency-Key", key);
    }

    @Test
    void aRepeatIsAnsweredWithTheStoredAnswerAndDoesNothing() {
        var first = merge("k1").expect(200);
        assertThat(first.header("Idempotency-Replayed")).isNull();
        var again = merge("k1").expect(200);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(again.header("Content-Type")).isEqualTo(first.header("Content-Type"));
        assertThat(hub.http.get("/api/v1/merges").json().path("items")).hasSize(1);
        merge("k2").expect(409); // another key is another request
    }

    @Test
    void aRepeatAfterARestartIsAnsweredTheSame() {
        var first = merge("k1").expect(200);
        try (var restarted = new ApiUnderTest(store, clock, List.of())) {
            var again = restarted
                    .http
                    .post("/api/v1/merges", body, "Idempotency-Key", "k1")
                    .expect(200);
            assertThat(again.text()).isEqualTo(first.text());
        }
    }

    @Test
    void aKeyUsedForAnotherRequestIsRefused() {
        merge("k1").expect(200);
        var other = hub.http.post("/api/v1/merges", body.replace("}}", "},\"note\":\"x\"}"), "Idempotency-Key", "k1");
        assertThat(other.expect(422).at("/code")).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(hub.http
                        .post("/api/v1/merges/x/unmerge", body, "Idempotency-Key", "k1")
                        .status())
                .isEqualTo(422);
        assertThat(merge("has space").expect(400).at("/detail")).contains("Idempotency-Key");
    }

    @Test
    void aRefusedRequestIsNotRemembered() {
        var wrong = body.replace(":1,", ":7,");
        hub.http.post("/api/v1/merges", wrong, "Idempotency-Key", "k1").expect(409);
        merge("k1").expect(200);
    }

    @Test
    void ofSimultaneousRequestsOneIsExecutedAndAllGetItsAnswer() throws Exception {
        var pool = Executors.newFixedThreadPool(8);
        var start = new CountDownLatch(1);
        try {
            var calls = new ArrayList<Future<HttpClientOf.Answer>>();
            for (int i = 0; i < 8; i++) {
                Callable<HttpClientOf.Answer> call = () -> {
                    start.await();
                    return merge("k1");
                };
                calls.add(pool.submit(call));
            }
            start.countDown();
            var texts = new ArrayList<String>();
            int replayed = 0;
            for (var call : calls) {
                var answer = call.get().expect(200);
                texts.add(answer.text());
                if (answer.header("Idempotency-Replayed") != null) replayed++;
            }
            assertThat(texts).containsOnly(texts.get(0));
            assertThat(replayed).isEqualTo(7);
        } finally {
            pool.shutdownNow();
        }
        assertThat(hub.http.get("/api/v1/merges").json().path("items")).hasSize(1);
    }

    @Test
    void whenTheAnswerWasLostTheRevisionStillKeepsTheEffectSingle() {
        store.failBeforeCommit(2); // the merge is stored, the answer is not
        assertThat(merge("k1").expect(503).header("Retry-After")).isNotNull();
        assertThat(merge("k1").expect(409).at("/current")).isNotNull();
        assertThat(hub.http.get("/api/v1/merges").json().path("items")).hasSize(1);
    }

    @Test
    void answersAreForgottenAfterADay() {
        merge("k1").expect(200);
        clock.now = clock.now.plus(Idempotency.KEPT).plus(Duration.ofMinutes(1));
        var id = hub.http.get("/api/v1/merges").at("/items/0/id");
        var path = "/api/v1/merges/" + id + "/unmerge";
        var revision = hub.http.post(path + "/preview", null).header("ETag");
        hub.http.post(path, null, "If-Match", revision, "Idempotency-Key", "k2").expect(200);
        assertThat(remembered("k1")).isFalse();
        assertThat(remembered("k2")).isTrue();
    }

    private boolean remembered(String key) {
        return hub.store.read(tx -> tx.journal().answer(key).isPresent());
    }
}
