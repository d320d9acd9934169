package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.Evidence;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Deletions over HTTP: what is seen of them, the answers to their questions, deleting and restoring. */
class DeletionApiTest {
    private static final Instant SEEN = Instant.parse("2026-11-20T10:00:00Z");
    private static final Instant LATER = Instant.parse("2126-11-20T10:00:00Z");
    private final ApiUnderTest hub = new ApiUnderTest();
    private final HttpClientOf http = hub.http;
    private String golden;

    @BeforeEach
    void adaInThreeSystems() {
        golden = hub.ada().goldenOf("crm:contact:1");
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private static Step step(String target, Action action, StepState state) {
        var key = RecordKey.parse(target);
        return new Step(key.system(), key, action, state, null, null, state.moves() ? LATER : null, SEEN);
    }

    /** The crm has deleted Ada, and something is done about her elsewhere. */
    private Deletion deleted(Step... steps) {
        var key = RecordKey.parse("crm:contact:1");
        var deletion = Deletion.seen(key, Evidence.FEED, SEEN).withSteps(golden, List.of(steps), SEEN);
        hub.store.write(tx -> {
            tx.deletions().save(List.of(deletion));
            return null;
        });
        becomes(key, RecordState.DELETED);
        return deletion;
    }

    private void becomes(RecordKey key, RecordState state) {
        hub.store.write(tx -> {
            var record = tx.records().find(List.of(key)).get(key);
            tx.records().save(List.of(record.withState(state)));
            tx.records().markPending(List.of(key));
            return null;
        });
        while (hub.hub.resolver().resolvePending(100) > 0) {
            // until nothing waits
        }
    }

    private void policy(Action fromHub) {
        var rule = new Rule(fromHub, fromHub, Duration.ofDays(1), Conflict.DELETE_WINS);
        var cell = new DeletePolicy.Cell(Deletion.HUB, null, rule);
        hub.deletes(new DeletePolicy("contact", 1, DeletePolicy.FLAG_ONLY, List.of(cell), Brake.USUAL));
    }

    @Test
    void aDeletionIsListedWithItsStepsAndFoundByThem() {
        deleted(
                step("erp:contact:A/7", Action.PROPAGATE, StepState.WAITING),
                step("shop:contact:x", Action.FLAG, StepState.KEPT));
        var list = http.get("/api/v1/deletions").expect(200);
        assertThat(list.at("/items/0/from")).isEqualTo("crm");
        assertThat(list.at("/items/0/label")).isEqualTo("Ada Lovelace");
        assertThat(list.at("/items/0/golden")).isEqualTo(golden);
        assertThat(list.at("/items/0/steps/0/state")).isEqualTo("WAITING");
        assertThat(found("from=crm")).isEqualTo(1);
        assertThat(found("from=hub")).isZero();
        assertThat(found("to=erp&step=WAITING")).isEqualTo(1);
        assertThat(found("to=shop&step=WAITING")).isZero();
        assertThat(found("state=SETTLED")).isZero();
        assertThat(found("type=contact&state=OPEN")).isEqualTo(1);
        assertThat(http.get("/api/v1/deletions?from=crn").expect(400).at("/detail"))
                .contains("did you mean \"crm\"?");
        assertThat(http.get("/api/v1/goldens/" + golden + "/deletions?step=KEPT")
                        .expect(200)
                        .json()
                        .path("items"))
                .hasSize(1);
        assertThat(http.get("/api/v1/goldens/" + golden + "/deletions?state=SETTLED")
                        .expect(200)
                        .json()
                        .path("items"))
                .isEmpty();
    }

    private int found(String query) {
        return http.get("/api/v1/deletions?" + query)
                .expect(200)
                .json()
                .path("items")
                .size();
    }

    @Test
    @DisplayName("DEL-10: a deletion is shown with the last values of the deleted record, and restored once")
    void aDeletionIsShownAndRestored() {
        var deletion = deleted(
                step("erp:contact:A/7", Action.PROPAGATE, StepState.SENT),
                step("shop:contact:x", Action.FLAG, StepState.KEPT));
        var path = "/api/v1/deletions/" + deletion.id();
        var detail = http.get(path).expect(200);
        var revision = detail.header("ETag");
        assertThat(detail.at("/records/0/key")).isEqualTo("crm:contact:1");
        assertThat(detail.at("/records/0/state")).isEqualTo("DELETED");
        assertThat(detail.at("/records/0/attributes/email")).isEqualTo("ada@example.org");
        http.post(path + "/restore", null).expect(428);
        assertThat(http.post(path + "/restore", null, "If-Match", "\"9\"")
                        .expect(409)
                        .at("/current/deletion/revision"))
                .isEqualTo(detail.at("/deletion/revision"));
        var restored = http.post(path + "/restore", null, "If-Match", revision).expect(200);
        assertThat(restored.each("/steps", "state")).contains("RESTORING");
        http.post(path + "/restore", null, "If-Match", revision).expect(409);
        http.get("/api/v1/deletions/d-none").expect(404);
    }

    @Test
    @DisplayName("DEL-9: a review shows the deletion it asks about, and the answer is delete or keep")
    void aQuestionIsAnswered() {
        policy(Action.REVIEW);
        var revision = http.get("/api/v1/goldens/" + golden).header("ETag");
        var asked = http.post("/api/v1/goldens/" + golden + "/delete", null, "If-Match", revision)
                .expect(200);
        assertThat(asked.each("/steps", "state")).containsOnly("ASKED");
        assertThat(asked.at("/policies")).as("GOV-1").isEqualTo("authority 3, match 2, deletes 1");
        var review = http.get("/api/v1/reviews?kind=DELETED").expect(200);
        assertThat(review.at("/items/0/policies")).isEqualTo("authority 3, match 2, deletes 1");
        var path = "/api/v1/reviews/" + review.at("/items/0/id");
        var detail = http.get(path).expect(200);
        assertThat(detail.at("/deletion/waiting")).isEqualTo("3");
        assertThat(detail.at("/deletion/deletion/id")).isEqualTo(asked.at("/id"));
        assertThat(detail.json().path("pairs")).isEmpty();
        assertThat(http.get("/api/v1/deletions/" + asked.at("/id")).each("/reviews", "id"))
                .containsExactly(review.at("/items/0/id"));
        http.post(path + "/keep", null).expect(428);
        var kept = http.post(path + "/keep", "{\"note\":\"she still buys\"}", "If-Match", "\"1\"")
                .expect(200);
        assertThat(kept.at("/state")).isEqualTo("DECIDED");
        assertThat(kept.at("/note")).isEqualTo("kept: she still buys");
        assertThat(http.get("/api/v1/deletions/" + asked.at("/id")).each("/deletion/steps", "state"))
                .containsOnly("KEPT");
        assertThat(http.post(path + "/delete", null, "If-Match", "\"2\"")
                        .expect(409)
                        .at("/current/review/state"))
                .isEqualTo("DECIDED");
    }

    @Test
    @DisplayName("DEL-3: the review of a brake counts what it holds, and looks at no pairs and no merge")
    void theReviewOfABrake() {
        policy(Action.PROPAGATE);
        hub.record("crm:contact:2", "firstName", "Grace", "lastName", "Hopper", "email", "grace@navy.example");
        var held = step("erp:contact:A/7", Action.PROPAGATE, StepState.HELD);
        var deletion = deleted(held, step("erp:contact:A/8", Action.PROPAGATE, StepState.HELD));
        var id = hub.brake("erp", List.of(golden, hub.goldenOf("crm:contact:2")));
        var detail = http.get("/api/v1/reviews/" + id).expect(200);
        assertThat(detail.at("/deletion/system")).isEqualTo("erp");
        assertThat(detail.at("/deletion/waiting"))
                .as("records, as the brake counts")
                .isEqualTo("2");
        assertThat(detail.json().path("preview").isMissingNode()).isTrue();
        assertThat(detail.json().path("pairs")).isEmpty();
        http.post("/api/v1/reviews/" + id + "/delete", null, "If-Match", "\"1\"")
                .expect(200);
        assertThat(http.get("/api/v1/deletions/" + deletion.id()).at("/deletion/steps/0/approvedBy"))
                .isEqualTo("local");
    }

    @Test
    @DisplayName("DEL-1: a person deletes a golden record by the row of the hub, after its plan was shown")
    void aGoldenIsDeletedByThePolicy() {
        policy(Action.PROPAGATE);
        var path = "/api/v1/goldens/" + golden + "/delete";
        var before = hub.store.toString();
        var plan = http.post(path + "/preview", null).expect(200);
        assertThat(plan.at("/from")).isEqualTo("hub");
        assertThat(plan.each("/steps", "system")).containsExactly("crm", "erp", "shop");
        assertThat(plan.each("/steps", "state")).containsOnly("WAITING");
        assertThat(hub.store).as("the whole state").hasToString(before);
        http.post(path, null).expect(428);
        assertThat(http.post(path, null, "If-Match", "\"99\"").expect(409).at("/current/id"))
                .isEqualTo(golden);
        var etag = http.get("/api/v1/goldens/" + golden).header("ETag");
        var deletion = http.post(path, null, "If-Match", etag).expect(200);
        assertThat(http.get("/api/v1/deletions?from=hub").expect(200).at("/items/0/id"))
                .isEqualTo(deletion.at("/id"));
        assertThat(http.post(path, null, "If-Match", etag).expect(409).at("/detail"))
                .contains("is being deleted since")
                .contains(deletion.at("/id"));
        http.post("/api/v1/goldens/none/delete/preview", null).expect(404);
    }

    @Test
    @DisplayName("DEL-6: a record that left its golden says so, and a steward takes it back")
    void aSeveredRecordIsReconnected() {
        becomes(RecordKey.parse("shop:contact:x"), RecordState.SEVERED);
        var gone = http.get("/api/v1/records/shop:contact:x").expect(200);
        assertThat(gone.at("/record/state")).isEqualTo("SEVERED");
        var seat = http.get("/api/v1/goldens/by-source/shop/contact/x").expect(200);
        assertThat(seat.at("/id")).as("where it was").isEqualTo(golden);
        var back = http.post("/api/v1/records/shop:contact:x/reconnect", null).expect(200);
        assertThat(back.at("/record/state")).isEqualTo("LIVE");
        assertThat(back.at("/record/goldenId")).isEqualTo(golden);
        assertThat(http.post("/api/v1/records/shop:contact:x/reconnect", null)
                        .expect(409)
                        .at("/detail"))
                .contains("only disconnected and severed");
        http.post("/api/v1/records/shop:contact:none/reconnect", null).expect(404);
    }
}
