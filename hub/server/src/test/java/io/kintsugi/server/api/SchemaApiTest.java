package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The inbox of schemas over HTTP, in a hub that finds open changes when it starts. */
class SchemaApiTest {
    private static final String CHANGES = "/api/v1/schema-changes";
    private static final String PEOPLE = """
            label: The crm
            connector: still
            streams:
              people: {entity: contact, provision: true, linkKey: key, fields: {mail: email, town: city}}
            """;
    private final Clock clock = Clock.systemUTC();
    private final MemoryHubStore store = new MemoryHubStore();
    private Hub hub;
    private HubApi api;
    private HttpClientOf http;

    SchemaApiTest() {
        store.write(tx -> tx.journal().publish("schema", "crm.people", schema(), "hub", clock.instant()));
        start();
    }

    /** The town is gone, a segment has come, and new records need a country. */
    private static String schema() {
        var agreed = List.of(field("mail", false), field("town", false), field("key", false));
        var now = List.of(field("mail", false), field("key", false), field("segment", false), field("country", true));
        return "{\"agreed\":[" + String.join(",", agreed) + "],\"now\":[" + String.join(",", now) + "]}";
    }

    private static String field(String name, boolean required) {
        return "{\"name\":\"%s\",\"type\":\"STRING\",\"required\":%s,\"writable\":true,\"options\":[]}"
                .formatted(name, required);
    }

    private void start() {
        var models = new ModelStore(store, clock);
        var model = new LiveModel(models.publish(new Documents(Map.of("system", Map.of("crm", PEOPLE))), "file"));
        var connectors = new Connectors(List.of(), clock, Path.of("target"));
        hub = Hub.over(store, model, connectors, clock, new Ids(clock, new SplittableRandom(7)));
        api = new HubApi(hub, clock, new HubApi.Config("127.0.0.1", 0, Set.of()));
        http = new HttpClientOf(api.start());
    }

    @AfterEach
    void stop() {
        api.close();
        hub.close();
    }

    private String id(String field) {
        for (var item : http.get(CHANGES).expect(200).json().path("items"))
            if (item.path("field").asText().equals(field))
                return item.path("id").asText();
        throw new AssertionError("nothing is open about " + field);
    }

    private HttpClientOf.Answer answer(String field, String body) {
        return http.post(CHANGES + "/" + id(field) + "/answer", body);
    }

    private String state(String field) {
        for (var one : http.get("/api/v1/systems/crm/schema").expect(200).json().at("/streams/0/fields"))
            if (one.path("name").asText().equals(field))
                return one.path("state").asText();
        return "";
    }

    @Test
    @DisplayName("SCH-1: what is open is listed with what it means and the answers that fit, page by page, and counted")
    void whatIsOpen() {
        assertThat(http.each(CHANGES + "?status=open&limit=2", "field")).containsExactly("country", "segment", "town");
        assertThat(http.each(CHANGES + "?sort=-system", "kind")).containsExactly("REMOVED", "NEW", "NEW_REQUIRED");
        assertThat(http.each(CHANGES + "?system=crm", "system")).hasSize(3);
        assertThat(http.get("/api/v1/stats").at("/schemaChanges")).isEqualTo("3");
        var town = http.get(CHANGES + "/" + id("town")).expect(200);
        assertThat(town.at("/says")).startsWith("town (city) is not there any more in The crm");
        assertThat(town.each("/answers", "")).containsExactly("RENAME", "DROP");
        assertThat(town.each("/candidates", "field")).containsExactlyInAnyOrder("segment", "country");
        http.get(CHANGES + "?status=closed").expect(400);
        http.get(CHANGES + "/none").expect(404);
        http.get("/api/v1/systems/none/schema").expect(404);
    }

    @Test
    @DisplayName("SCH-2: the schema of a system shows which field stands still, which is kept and which is mapped")
    void theSchema() {
        assertThat(state("town")).isEqualTo("STANDS_STILL");
        assertThat(state("segment")).isEqualTo("KEPT");
        assertThat(state("mail")).isEqualTo("MAPPED");
        assertThat(state("key")).isEqualTo("UNMAPPED");
    }

    @Test
    @DisplayName("SCH-1: a field is mapped with one request, which may be repeated, and stays mapped after a start")
    void mapping() {
        var path = CHANGES + "/" + id("segment") + "/answer";
        var body = "{\"answer\":\"MAP\",\"attribute\":\"tier\",\"type\":\"TEXT\"}";
        http.post(path, body, "Idempotency-Key", "k1").expect(200);
        var again = http.post(path, body, "Idempotency-Key", "k1").expect(200);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        http.post(path, body).expect(409);
        assertThat(state("segment")).isEqualTo("MAPPED");
        assertThat(http.get("/api/v1/entity-types/contact").each("/attributes", "name"))
                .contains("tier");
        stop();
        start();
        assertThat(state("segment")).isEqualTo("MAPPED");
        var said = http.get("/api/v1/systems/crm/schema").expect(200);
        assertThat(said.at("/streams/0/answered/0/answer")).isEqualTo("mapped to tier");
        assertThat(said.at("/streams/0/answered/0/by")).isEqualTo("local");
    }

    @Test
    @DisplayName(
            "GOV-1: every answer is a version, and one is taken back by going to an earlier one, which forgets none")
    void answersAreTakenBack() {
        var path = "/api/v1/systems/crm/schema";
        assertThat(http.get(path).at("/streams/0/version")).isEqualTo("0");
        answer("segment", "{\"answer\":\"MAP\",\"attribute\":\"phone\"}").expect(200);
        answer("town", "{\"answer\":\"DROP\"}").expect(200);
        var now = http.get(path).expect(200);
        assertThat(now.at("/streams/0/version")).isEqualTo("3");
        assertThat(now.each("/streams/0/versions", "says"))
                .containsExactly("town not mapped any more", "segment mapped to phone", "before any answer");
        var back = "{\"stream\":\"people\",\"version\":1}";
        http.post(path + "/rollback", back).expect(428);
        var stale = http.post(path + "/rollback", back, "If-Match", "\"2\"").expect(409);
        assertThat(stale.at("/current/streams/0/version")).isEqualTo("3");
        http.post(path + "/rollback", back.replace("1}", "7}"), "If-Match", "\"3\"")
                .expect(404);
        http.post(path + "/rollback", "{\"version\":1}", "If-Match", "\"3\"").expect(400);
        assertThat(state("segment")).isEqualTo("MAPPED");
        var done = http.post(path + "/rollback", back, "If-Match", "\"3\"").expect(200);
        assertThat(done.at("/streams/0/version")).isEqualTo("4");
        assertThat(done.each("/streams/0/versions", "says")).first().isEqualTo("back to version 1");
        assertThat(state("segment")).isEqualTo("KEPT");
        assertThat(state("town")).isEqualTo("STANDS_STILL");
        assertThat(http.each(CHANGES, "field")).containsExactly("country", "segment", "town");
        stop();
        start();
        assertThat(state("segment")).isEqualTo("KEPT");
        http.post(path + "/rollback", back.replace("1}", "2}"), "If-Match", "\"4\"")
                .expect(200);
        assertThat(state("segment")).isEqualTo("MAPPED");
    }

    @Test
    @DisplayName("GOV-1: an answer, and going back, are tried in a dry run that answers nothing")
    void answersAreTried() throws Exception {
        var id = id("town");
        var run = http.post(
                        "/api/v1/dry-runs",
                        "{\"kind\":\"ANSWER\",\"change\":\"%s\",\"answer\":{\"answer\":\"DROP\"}}".formatted(id))
                .expect(200);
        assertThat(ended(run.at("/id")).at("/state")).isEqualTo("DONE");
        assertThat(id("town")).isEqualTo(id);
        answer("town", "{\"answer\":\"DROP\"}").expect(200);
        var back = "{\"kind\":\"ROLLBACK\",\"system\":\"crm\",\"stream\":\"people\",\"version\":1,\"seen\":2}";
        assertThat(ended(http.post("/api/v1/dry-runs", back).expect(200).at("/id"))
                        .at("/state"))
                .isEqualTo("DONE");
        assertThat(http.each(CHANGES, "field")).doesNotContain("town");
        var gone = http.post(
                        "/api/v1/dry-runs",
                        "{\"kind\":\"ANSWER\",\"change\":\"%s\",\"answer\":{\"answer\":\"DROP\"}}".formatted(id))
                .expect(200);
        assertThat(ended(gone.at("/id")).at("/problem")).contains("was answered by local");
        for (var wrong : List.of(
                "{\"kind\":\"ANSWER\"}",
                "{\"kind\":\"ROLLBACK\",\"system\":\"crm\"}",
                "{\"kind\":\"ROLLBACK\"}",
                "{\"kind\":\"SYSTEM\"}")) http.post("/api/v1/dry-runs", wrong).expect(400);
    }

    private HttpClientOf.Answer ended(String dryRun) throws InterruptedException {
        while (true) {
            var now = http.get("/api/v1/dry-runs/" + dryRun).expect(200);
            if (!now.at("/state").equals("RUNNING")) return now;
            Thread.sleep(20);
        }
    }

    @Test
    @DisplayName("SCH-3: a rename goes on under the new name; SCH-4: a constant fills what new records need")
    void renameAndConstant() {
        answer("town", "{\"answer\":\"RENAME\",\"field\":\"segment\"}").expect(200);
        assertThat(state("segment")).isEqualTo("MAPPED");
        assertThat(state("town")).isEmpty();
        answer("country", "{\"answer\":\"CONSTANT\",\"value\":\"PL\"}").expect(200);
        assertThat(http.each(CHANGES + "?limit=9", "field")).isEmpty();
        var mapping =
                hub.model().published().system("crm").orElseThrow().streams().get(0);
        assertThat(mapping.constants()).containsExactly(Map.entry("country", "PL"));
    }

    @Test
    @DisplayName("SCH-1: an answer that does not fit is refused, says why, and changes nothing")
    void unfittingAnswers() {
        answer("segment", "{\"answer\":\"DROP\"}").expect(422);
        answer("town", "{\"answer\":\"RENAME\",\"field\":\"nowhere\"}").expect(422);
        answer("town", "{\"answer\":\"RENAME\"}").expect(400);
        answer("town", "{}").expect(400);
        answer("segment", "{\"answer\":\"MAP\",\"attribute\":\"emial\"}").expect(422);
        answer("segment", "{\"answer\":\"MAP\",\"attribute\":\"email\",\"functions\":[\"nothing\"]}")
                .expect(422);
        answer("segment", "{\"answer\":\"MAP\",\"attribute\":\"system\",\"type\":\"TEXT\"}")
                .expect(422);
        answer("country", "{\"answer\":\"CONSTANT\",\"value\":\" \"}").expect(400);
        assertThat(http.each(CHANGES + "?limit=9", "field")).hasSize(3);
        assertThat(state("segment")).isEqualTo("KEPT");
    }

    @Test
    @DisplayName("SCH-1: a field that nobody was asked about can be mapped too")
    void anOldField() {
        http.post(
                        "/api/v1/systems/crm/schema/fields",
                        "{\"stream\":\"people\",\"field\":\"key\",\"attribute\":\"company\"}")
                .expect(200);
        assertThat(state("key")).isEqualTo("MAPPED");
        http.post(
                        "/api/v1/systems/crm/schema/fields",
                        "{\"stream\":\"people\",\"field\":\"key\",\"attribute\":\"phone\"}")
                .expect(409);
        http.post("/api/v1/systems/crm/schema/fields", "{\"stream\":\"no\",\"field\":\"key\",\"attribute\":\"phone\"}")
                .expect(404);
    }
}
