package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.memory.MemoryHubStore;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ReviewApiTest {
    private static final String SAME = "{\"decision\":\"MATCH\",\"note\":\"same person\"}";
    private static final String OTHER = "{\"decision\":\"NO_MATCH\"}";
    private final BusyStore busy = new BusyStore();
    private final ApiUnderTest hub = new ApiUnderTest(busy, Clock.systemUTC(), List.of());

    @AfterEach
    void stop() {
        hub.close();
    }

    /** Two records that may be one person: of the same name in the same town. */
    private String question() {
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
        var open = hub.http.get("/api/v1/reviews").expect(200);
        assertThat(open.at("/items/0/policies")).as("GOV-1").isEqualTo("authority 3, match 2");
        assertThat(open.each("/items", "id"))
                .as("the two people are a question")
                .hasSize(1);
        return "/api/v1/reviews/" + HttpClientOf.encode(open.at("/items/0/id"));
    }

    @Test
    void aReviewHoldsAllThatIsNeededToDecideIt() {
        var review = hub.http.get(question()).expect(200);
        assertThat(review.each("/records", "key")).containsExactly("crm:contact:1", "erp:contact:2");
        assertThat(review.json().path("goldens")).hasSize(2);
        assertThat(review.each("/pairs", "a")).containsExactly("crm:contact:1");
        assertThat(review.json().at("/pairs/0/computed/evidence")).isNotEmpty();
        assertThat(review.json().at("/pairs/0/links")).isNotEmpty();
        assertThat(review.json().at("/preview/result/records")).hasSize(2);
        assertThat(review.json().at("/preview/retired")).hasSize(1);
        assertThat(review.json().path("thresholds").path("autoBits").asDouble())
                .isGreaterThan(
                        review.json().path("thresholds").path("reviewBits").asDouble());
        assertThat(review.header("ETag")).isEqualTo("\"" + review.at("/review/revision") + "\"");
    }

    /** A store whose writes wait while somebody else writes. */
    private static final class BusyStore implements HubStore {
        private final HubStore store = new MemoryHubStore();
        private final ReentrantLock others = new ReentrantLock();

        @Override
        public <T> T write(Function<HubTransaction, T> work) {
            others.lock();
            try {
                return store.write(work);
            } finally {
                others.unlock();
            }
        }

        @Override
        public <T> T read(Function<HubTransaction, T> work) {
            return store.read(work);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    @Test
    @Timeout(60)
    void aReviewIsShownWhileOthersWriteWhatItIsAbout() {
        var path = question();
        busy.others.lock();
        try {
            var shown = hub.http.get(path).expect(200);
            assertThat(shown.json().path("pairs")).hasSize(1);
            assertThat(shown.json().path("preview").isMissingNode()).isTrue();
            assertThat(shown.at("/previewProblem")).contains("are being written; reload");
        } finally {
            busy.others.unlock();
        }
        assertThat(hub.http.get(path).expect(200).json().at("/preview/result/records"))
                .hasSize(2);
    }

    @Test
    void decidingTheSameJoinsAndUndoingItRestoresTheOldIds() {
        var path = question();
        var first = hub.goldenOf("crm:contact:1");
        var second = hub.goldenOf("erp:contact:2");
        var tag = hub.http.get(path).header("ETag");
        var decided = hub.http.post(path + "/decision", SAME, "If-Match", tag).expect(200);
        assertThat(decided.at("/state")).isEqualTo("DECIDED");
        assertThat(decided.at("/decision")).isEqualTo("MATCH");
        assertThat(decided.at("/decidedBy")).isEqualTo("local");
        assertThat(hub.goldenOf("erp:contact:2")).isEqualTo(hub.goldenOf("crm:contact:1"));
        assertThat(hub.http.get("/api/v1/merges").expect(200).json().path("items"))
                .hasSize(1);

        var undo = hub.http
                .post(path + "/undo", null, "If-Match", "\"" + decided.at("/revision") + "\"")
                .expect(200);
        assertThat(undo.at("/state")).isEqualTo("OPEN");
        assertThat(List.of(hub.goldenOf("crm:contact:1"), hub.goldenOf("erp:contact:2")))
                .containsExactly(first, second);
    }

    @Test
    @DisplayName("ID-4: a steward's no outlives the record being read again")
    void aVerdictOfNotTheSameStands() {
        var path = question();
        hub.http
                .post(path + "/decision", OTHER, "If-Match", hub.http.get(path).header("ETag"))
                .expect(200);
        hub.record(
                "erp:contact:2",
                "firstName",
                "Robert",
                "lastName",
                "Okafor",
                "birthDate",
                "1961-04-02",
                "city",
                "Leeds");
        assertThat(hub.goldenOf("erp:contact:2")).isNotEqualTo(hub.goldenOf("crm:contact:1"));
        var why = hub.http
                .get("/api/v1/explain/link?a=crm:contact:1&b=erp:contact:2")
                .expect(200);
        assertThat(why.json().path("sameGolden").asBoolean()).isFalse();
        assertThat(why.each("/links", "origin")).contains("STEWARD");
        assertThat(why.at("/computed/decision")).isEqualTo("MATCH");
    }

    @Test
    @DisplayName(
            "ID-6: a record between two that were told apart names the verdict, and is placed by naming the golden")
    void aContestedRecordIsPlacedByNamingTheGolden() {
        String[] robert = {
            "firstName", "Robert", "lastName", "Okafor", "birthDate", "1961-04-02", "email", "rob@okafor.example"
        };
        hub.record("crm:contact:1", robert);
        hub.record("erp:contact:2", "firstName", "Robert", "lastName", "Okafor", "city", "Leeds");
        var path = "/api/v1/reviews/"
                + HttpClientOf.encode(hub.http.get("/api/v1/reviews").at("/items/0/id"));
        hub.http
                .post(path + "/decision", OTHER, "If-Match", hub.http.get(path).header("ETag"))
                .expect(200);
        hub.record("erp:contact:2", robert);
        assertThat(hub.goldenOf("erp:contact:2")).isNotEqualTo(hub.goldenOf("crm:contact:1"));
        hub.record("shop:contact:3", robert);

        var open = hub.http.get("/api/v1/reviews?kind=DISPUTED").expect(200);
        assertThat(open.each("/items", "id")).hasSize(1);
        var disputed = "/api/v1/reviews/" + HttpClientOf.encode(open.at("/items/0/id"));
        var review = hub.http.get(disputed).expect(200);
        assertThat(review.at("/contested/record")).isEqualTo("shop:contact:3");
        assertThat(review.at("/contested/golden")).isEqualTo(hub.goldenOf("shop:contact:3"));
        assertThat(review.each("/contested/candidates", "golden"))
                .containsExactlyInAnyOrder(hub.goldenOf("crm:contact:1"), hub.goldenOf("erp:contact:2"));
        assertThat(review.at("/contested/verdict/by")).isEqualTo("local");
        assertThat(review.at("/review/reason")).contains("local said that these are not the same");
        var tag = review.header("ETag");
        assertThat(hub.http
                        .post(disputed + "/decision", SAME, "If-Match", tag)
                        .expect(400)
                        .at("/detail"))
                .contains("name in golden");
        var belongs = "{\"decision\":\"MATCH\",\"golden\":\"" + hub.goldenOf("erp:contact:2") + "\"}";
        hub.http.post(disputed + "/decision", belongs, "If-Match", tag).expect(200);
        assertThat(hub.goldenOf("shop:contact:3")).isEqualTo(hub.goldenOf("erp:contact:2"));
    }

    @Test
    @DisplayName("MRG-7: a decision on a stale review is refused with the review as it is now")
    void aStaleRevisionIsRefusedWithWhatIsThere() {
        var path = question();
        var tag = hub.http.get(path).header("ETag");
        hub.http.post(path + "/decision", OTHER, "If-Match", tag).expect(200);
        var late = hub.http.post(path + "/decision", SAME, "If-Match", tag).expect(409);
        assertThat(late.at("/code")).isEqualTo("REVISION_CONFLICT");
        assertThat(late.at("/current/review/decision")).isEqualTo("NO_MATCH");
        assertThat(late.at("/current/review/decidedBy")).isEqualTo("local");
        assertThat(hub.goldenOf("erp:contact:2")).isNotEqualTo(hub.goldenOf("crm:contact:1"));
    }

    @Test
    void aDecisionWithoutTheRevisionOrWithoutSenseIsRefused() {
        var path = question();
        assertThat(hub.http.post(path + "/decision", SAME).expect(428).at("/code"))
                .isEqualTo("PRECONDITION_REQUIRED");
        assertThat(hub.http.post(path + "/undo", null).status()).isEqualTo(428);
        assertThat(hub.http.post(path + "/decision", SAME, "If-Match", "*").status())
                .isEqualTo(400);
        assertThat(hub.http
                        .post(path + "/decision", "{\"decision\":\"REVIEW\"}", "If-Match", "\"1\"")
                        .status())
                .isEqualTo(400);
        assertThat(hub.http.post(path + "/decision", null, "If-Match", "\"1\"").status())
                .isEqualTo(400);
        assertThat(hub.http
                        .post("/api/v1/reviews/none/decision", SAME, "If-Match", "\"1\"")
                        .status())
                .isEqualTo(404);
        assertThat(hub.http.get(path).expect(200).at("/review/state")).isEqualTo("OPEN");
    }

    @Test
    @DisplayName("GOV-7: reviews can be filtered and paged")
    void reviewsAreFilteredAndPaged() {
        question();
        for (int i = 0; i < 7; i++) park("row-" + i, i);
        assertThat(hub.http
                        .get("/api/v1/reviews?kind=UNMAPPABLE")
                        .expect(200)
                        .json()
                        .path("items"))
                .hasSize(7);
        assertThat(hub.http
                                .get("/api/v1/reviews?system=erp&kind=CANDIDATE")
                                .expect(200)
                                .json()
                                .path("items")
                                .size()
                        + hub.http
                                .get("/api/v1/reviews?system=erp&kind=DISPUTED")
                                .expect(200)
                                .json()
                                .path("items")
                                .size())
                .isEqualTo(1);
        var golden = hub.http
                .get("/api/v1/reviews?golden=" + hub.goldenOf("crm:contact:1"))
                .expect(200);
        assertThat(golden.json().path("items")).hasSize(1);
        assertThat(hub.http.each("/api/v1/reviews?limit=3&sort=openedAt", "id"))
                .hasSize(8)
                .doesNotHaveDuplicates();
    }

    @Test
    @DisplayName(
            "SYN-4: a question about a loop says which attribute and which systems, and is in the list of its kind")
    void aLoopIsShown() {
        hub.ada();
        var golden = hub.goldenOf("crm:contact:1");
        var now = hub.clock.instant();
        var detail = "{\"attribute\":\"phone\",\"systems\":[\"crm\",\"erp\"],\"changes\":7,"
                + "\"since\":\"2026-03-01T08:00:00Z\",\"until\":\"2026-03-02T08:00:00Z\"}";
        hub.store.write(tx -> {
            tx.reviews()
                    .save(List.of(new Review(
                            "loop-1",
                            Kind.LOOP,
                            ReviewState.OPEN,
                            "contact",
                            List.of(golden),
                            List.of(RecordKey.parse("crm:contact:1")),
                            0,
                            "crm and erp change phone back and forth",
                            detail,
                            1,
                            now,
                            null,
                            null,
                            null,
                            null,
                            null)));
            return null;
        });
        assertThat(hub.http.get("/api/v1/reviews?kind=LOOP").expect(200).each("/items", "id"))
                .containsExactly("loop-1");
        var shown = hub.http.get("/api/v1/reviews/loop-1").expect(200);
        assertThat(shown.at("/detail/attribute")).isEqualTo("phone");
        assertThat(shown.at("/detail/systems/1")).isEqualTo("erp");
        assertThat(hub.http
                        .post("/api/v1/reviews/loop-1/decision", "{\"decision\":\"MATCH\"}", "If-Match", "\"1\"")
                        .expect(409)
                        .at("/detail"))
                .isNotEmpty();
    }

    @Test
    void aRowThatCannotBeMappedIsShownAndDiscarded() {
        park("row-1", 0);
        var path = "/api/v1/reviews/row-1";
        var shown = hub.http.get(path).expect(200);
        assertThat(shown.at("/review/label")).isEqualTo("people.csv line 17");
        assertThat(shown.each("/review/systems", "")).containsExactly("crm");
        assertThat(hub.http.each("/api/v1/reviews?kind=UNMAPPABLE&system=crm", "id"))
                .containsExactly("row-1");
        assertThat(shown.at("/detail/line")).isEqualTo("17");
        assertThat(hub.http
                        .post(path + "/discard", "{\"note\":\"junk\"}", "If-Match", "\"9\"")
                        .expect(409)
                        .at("/current/review/id"))
                .isEqualTo("row-1");
        var closed = hub.http
                .post(path + "/discard", "{\"note\":\"junk\"}", "If-Match", shown.header("ETag"))
                .expect(200);
        assertThat(closed.at("/state")).isEqualTo("DECIDED");
        assertThat(closed.at("/note")).isEqualTo("junk");
        var again = hub.http
                .post(path + "/discard", null, "If-Match", "\"" + closed.at("/revision") + "\"")
                .expect(409);
        assertThat(again.at("/code")).isEqualTo("NOT_POSSIBLE");
        var undone = hub.http
                .post(path + "/undo", null, "If-Match", "\"" + closed.at("/revision") + "\"")
                .expect(409);
        assertThat(undone.at("/code")).isEqualTo("NOT_POSSIBLE");
    }

    private void park(String id, int score) {
        var review = new Review(
                id,
                Kind.UNMAPPABLE,
                ReviewState.OPEN,
                "contact",
                List.of(),
                List.of(RecordKey.parse("crm:contact:people.csv line 17")),
                score,
                "crm people line 17: has too few columns",
                "{\"line\":17,\"raw\":\"a,b\"}",
                1,
                hub.clock.instant(),
                null,
                null,
                null,
                null,
                null);
        hub.store.write(tx -> {
            tx.reviews().save(List.of(review));
            return null;
        });
    }
}
