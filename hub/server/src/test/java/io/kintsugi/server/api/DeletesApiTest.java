package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.Deletion.Evidence;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The delete policy over HTTP, in a hub whose documents are published as they are in a real one. */
class DeletesApiTest {
    private static final String POLICY = "/api/v1/deletes/contact";
    private final MemoryHubStore store = new MemoryHubStore();
    private final Clock clock = Clock.systemUTC();
    private final ModelStore models = new ModelStore(store, clock);
    private final LiveModel model = new LiveModel(models.publish(
            new Documents(Map.of(
                    "system",
                    Stream.of("crm", "erp", "shop").collect(Collectors.toMap(id -> id, DeletesApiTest::system)))),
            "test"));
    private final Hub hub = Hub.over(
            store,
            model,
            new Connectors(List.of(), clock, Path.of("target")),
            clock,
            new Ids(clock, new SplittableRandom(7)));
    private final HubApi api = new HubApi(hub, clock, new HubApi.Config("127.0.0.1", 0, Set.of()), (documents, by) -> {
        model.publish(models.publish(documents, by));
        models.rematch();
    });
    private final HttpClientOf http = new HttpClientOf(api.start());

    @AfterEach
    void stop() {
        api.close();
        hub.close();
    }

    private static String system(String id) {
        return """
                label: The %s
                connector: file
                settings: {folder: /nowhere}
                streams:
                  people: {entity: contact, write: %s, fields: {mail: email}}
                """.formatted(id, !id.equals("shop"));
    }

    private HttpClientOf.Answer publish(String body) {
        return http.post(
                POLICY + "/publish",
                "{\"body\":\"" + body + "\"}",
                "If-Match",
                http.get(POLICY).header("ETag"));
    }

    private HttpClientOf.Answer preview(String body) {
        return http.post(POLICY + "/preview", "{\"body\":\"" + body + "\"}").expect(200);
    }

    /** What the cell of two systems says. */
    private static String says(HttpClientOf.Answer answer, String from, String to) {
        for (var cell : answer.json().path("matrix")) {
            if (cell.path("from").asText().equals(from)
                    && cell.path("to").asText().equals(to)) {
                return cell.path("says").asText();
            }
        }
        throw new AssertionError("there is no cell " + from + " → " + to);
    }

    @Test
    @DisplayName("DEL-1: without a policy nothing spreads, and every two systems and the hub have a cell that says so")
    void withoutAPolicyNothingSpreads() {
        var policy = http.get(POLICY).expect(200);
        assertThat(policy.at("/version")).isEqualTo("0");
        assertThat(policy.at("/defaultRule/action")).isEqualTo("FLAG");
        assertThat(policy.json().path("matrix")).hasSize(9);
        assertThat(says(policy, "crm", "erp"))
                .isEqualTo("When The crm deletes a contact, The erp keeps it, and people see that it was deleted.");
        assertThat(says(policy, "hub", "erp"))
                .isEqualTo(
                        "When a person deletes a contact in the hub, The erp keeps it, and people see that it was deleted.");
        assertThat(policy.at("/brake/says"))
                .isEqualTo(
                        "If more than 25 deletes for one system, and more than 2 % of its records, come within 1 day, none of them is sent until a person has seen the list.");
    }

    @Test
    @DisplayName("GOV-1: a delete policy is previewed, published and rolled back, and every version is kept")
    void previewPublishRollBack() {
        var draft = "matrix: [{from: crm, to: erp, action: propagate, grace: 2h}]";
        var before = store.toString();
        var preview = preview(draft);
        assertThat(says(preview, "crm", "erp"))
                .isEqualTo(
                        "When The crm deletes a contact, The erp deletes it too after 2 hours if the hub had created it there; else its record stays as it is and leaves the golden record until it is changed there. If somebody edited the contact elsewhere meanwhile, a steward is asked first.");
        assertThat(store).as("the whole state").hasToString(before);
        publish(draft).expect(200);
        var policy = http.get(POLICY).expect(200);
        assertThat(policy.at("/version")).isEqualTo("1");
        assertThat(policy.at("/document/matrix/0/grace")).isEqualTo("2h");
        assertThat(says(policy, "crm", "erp")).isEqualTo(says(preview, "crm", "erp"));
        assertThat(says(policy, "erp", "crm")).contains("keeps it");
        var back = http.post(POLICY + "/rollback", "{\"version\":0}", "If-Match", "\"1\"")
                .expect(200);
        assertThat(says(back, "crm", "erp")).contains("keeps it");
        assertThat(back.at("/version")).isEqualTo("2");
        var again = http.post(POLICY + "/rollback", "{\"version\":1}", "If-Match", "\"2\"")
                .expect(200);
        assertThat(again.at("/matrix/0/rule/action")).isNotEmpty();
        assertThat(again.json().path("versions")).hasSize(3);
        http.post(POLICY + "/rollback", "{\"version\":9}", "If-Match", "\"3\"").expect(404);
    }

    @Test
    @DisplayName("MRG-7: who publishes over another's delete policy is shown it and changes nothing")
    void whoSawAnOlderVersionPublishesNothing() {
        publish("default: {action: review}").expect(200);
        var refused = http.post(POLICY + "/publish", "{\"body\":\"\"}", "If-Match", "\"0\"")
                .expect(409);
        assertThat(refused.at("/current/version")).isEqualTo("1");
        http.post(POLICY + "/publish", "{\"body\":\"\"}").expect(428);
    }

    @Test
    void aWrongPolicySaysWhatIsWrongAndWhere() {
        assertThat(publish("default: {action: propagat}").expect(422).at("/detail"))
                .contains("deletes.contact.default.action")
                .contains("did you mean \"propagate\"?");
        assertThat(publish("default: {action: ''}").expect(422).at("/detail"))
                .endsWith("action does not know \"\"; it knows propagate, disconnect, sever, recreate, flag, review");
        assertThat(http.post(POLICY + "/preview", "{}").expect(400).at("/detail"))
                .contains("either body");
        assertThat(http.get("/api/v1/deletes/contacts").expect(404).at("/detail"))
                .contains("did you mean \"contact\"?");
    }

    @Test
    void aCellThatCannotCountIsAWarningAndNoError() {
        var preview = preview(
                "matrix: [{from: crmm, to: erp, action: review}, {from: crm, to: shop, action: propagate}, {from: erp, to: hub, action: flag}]");
        assertThat(preview.json().path("warnings")).hasSize(3);
        assertThat(preview.at("/warnings/0"))
                .isEqualTo("matrix[0]: the hub has no system \"crmm\"; did you mean \"crm\"?");
        assertThat(preview.at("/warnings/1"))
                .isEqualTo(
                        "matrix[1]: the hub may not write records of type contact in The shop, so it cannot delete one there");
        assertThat(preview.at("/warnings/2")).contains("matrix[2]: the hub has no system \"hub\"");
        publish("matrix: [{from: crmm, to: erp, action: review}]").expect(200);
        assertThat(http.get(POLICY).json().path("warnings")).hasSize(1);
    }

    /** The crm deleted so many people, whose records in the erp the hub had created or not. */
    private void deletions(int count, boolean provisioned, Instant at) {
        var all = new ArrayList<Deletion>();
        var records = new ArrayList<SourceRecord>();
        for (int i = 0; i < count; i++) {
            var id = provisioned + "-" + i;
            var target = RecordKey.parse("erp:contact:" + id);
            var seen = Deletion.seen(RecordKey.parse("crm:contact:" + id), Evidence.FEED, at.plusSeconds(i));
            var step = new Step("erp", target, Action.FLAG, StepState.KEPT, null, null, null, at);
            all.add(seen.withSteps("g-" + id, List.of(step), at));
            assertThat(all.get(i).state()).isEqualTo(DeletionState.SETTLED);
            var mail = Map.of("email", id + "@x.example");
            var copied = new AttributeState(at, 1, true, true, null, null);
            var states = provisioned ? Map.of("email", copied) : Map.<String, AttributeState>of();
            records.add(new SourceRecord(target, "people", RecordState.LIVE, mail, states, at, at, null, null));
        }
        store.write(tx -> {
            tx.records().save(records);
            tx.deletions().save(all);
            return null;
        });
    }

    @Test
    @DisplayName(
            "GOV-1: the deletions of the last 30 days are replayed under the draft: what each step would be, and the brake")
    void lateDeletionsAreReplayed() {
        var now = clock.instant();
        deletions(30, true, now.minus(Duration.ofDays(3)));
        deletions(4, false, now.minus(Duration.ofDays(2)));
        var replay = preview("matrix: [{from: crm, to: erp, action: propagate, joined: review}]")
                .json()
                .path("replay");
        assertThat(replay.path("complete").asBoolean()).isTrue();
        assertThat(replay.path("deletions").asLong()).isEqualTo(34);
        assertThat(replay.path("steps").asLong()).isEqualTo(34);
        assertThat(replay.path("now")).hasToString("{\"FLAG\":34}");
        assertThat(replay.path("then")).hasToString("{\"PROPAGATE\":30,\"REVIEW\":4}");
        assertThat(replay.path("changes")).hasSize(2);
        assertThat(replay.path("changes").get(0))
                .hasToString(
                        "{\"from\":\"crm\",\"to\":\"erp\",\"before\":\"FLAG\",\"after\":\"PROPAGATE\",\"steps\":30}");
        assertThat(replay.path("brakes")).hasSize(1);
        assertThat(replay.at("/brakes/0/deletes").asLong()).isEqualTo(30);
        assertThat(replay.at("/brakes/0/limit").asLong()).isEqualTo(25);
        var old = preview("brake: {count: 40}").json().path("replay");
        assertThat(old.path("changes")).isEmpty();
        assertThat(old.path("brakes")).isEmpty();
    }

    @Test
    void whatWasDeletedLongAgoIsNotReplayed() {
        deletions(3, true, clock.instant().minus(Duration.ofDays(31)));
        var replay = preview("default: {action: review}").json().path("replay");
        assertThat(replay.path("deletions").asLong()).isZero();
        assertThat(replay.path("then")).isEmpty();
    }
}
