package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.RecordKey;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Authority over HTTP, in a hub whose documents are published as they are in a real one. */
class AuthorityApiTest {
    private static final String POLICY = "/api/v1/authority/contact";
    private final MemoryHubStore store = new MemoryHubStore();
    private final Clock clock = Clock.systemUTC();
    private final ModelStore models = new ModelStore(store, clock);
    private final LiveModel model = new LiveModel(models.publish(Documents.NONE, "test"));
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

    @BeforeEach
    void annaInTwoSystems() {
        record("crm:contact:1", 2, "Oslo");
        record("erp:contact:1", 1, "Bergen");
        assertThat(city()).isEqualTo("Oslo");
    }

    private void record(String key, int hoursAgo, String city) {
        var attributes = new HashMap<>(
                Map.of("firstName", "Anna", "lastName", "Kowalski", "email", "anna@acme.example", "city", city));
        var at = clock.instant().minus(Duration.ofHours(key.startsWith("crm") ? 1 : 2 + hoursAgo));
        var record = SourceRecord.observed(RecordKey.parse(key), "people", attributes, at, at, null);
        store.write(tx -> {
            tx.records().save(List.of(record));
            tx.records().markPending(List.of(record.key()));
            return null;
        });
        resolve();
    }

    private void resolve() {
        while (hub.resolver().resolvePending(100) > 0) {
            // until nothing waits
        }
    }

    private HttpClientOf.Answer golden() {
        return http.get("/api/v1/goldens/by-source/crm/contact/1").expect(200);
    }

    private String city() {
        return golden().at("/attributes/city");
    }

    private String version() {
        return http.get(POLICY).header("ETag");
    }

    private HttpClientOf.Answer publish(String body) {
        var answer = http.post(POLICY + "/publish", "{\"body\":\"" + body + "\"}", "If-Match", version());
        resolve();
        return answer;
    }

    @Test
    @DisplayName("GOV-1: a draft is previewed, published and rolled back, and every version is kept")
    void previewPublishRollBack() {
        var before = store.toString();
        var preview = http.post(
                        POLICY + "/preview",
                        "{\"document\":{\"city\":{\"strategy\":\"system_rank\",\"ranking\":[\"erp\",\"crm\"]}}}")
                .expect(200);
        while (preview.at("/state").equals("RUNNING")) {
            preview =
                    http.get("/api/v1/authority/previews/" + preview.at("/id")).expect(200);
        }
        assertThat(preview.at("/result/values")).isEqualTo("1");
        assertThat(preview.at("/result/changes/0/before")).isEqualTo("Oslo");
        assertThat(preview.at("/result/changes/0/after")).isEqualTo("Bergen");
        assertThat(preview.at("/result/changes/0/afterFrom")).isEqualTo("erp:contact:1");
        assertThat(store).as("the whole state").hasToString(before);
        publish("city: {strategy: system_rank, ranking: [erp, crm]}").expect(200);
        assertThat(city()).isEqualTo("Bergen");
        assertThat(golden().at("/values/city/policyVersion")).isEqualTo("1");
        assertThat(http.get(POLICY).at("/document/city/ranking/0")).isEqualTo("erp");
        http.post(POLICY + "/rollback", "{\"version\":0}", "If-Match", version())
                .expect(200);
        resolve();
        assertThat(city()).isEqualTo("Oslo");
        assertThat(http.get("/api/v1/goldens/" + golden().at("/id") + "/history")
                        .expect(200)
                        .each("/items", "policies"))
                .startsWith("authority 2", "authority 1", "shipped policies");
        var back = http.post(POLICY + "/rollback", "{\"version\":1}", "If-Match", version())
                .expect(200);
        assertThat(back.at("/version")).isEqualTo("3");
        assertThat(back.json().at("/versions")).hasSize(3);
        http.post(POLICY + "/rollback", "{\"version\":9}", "If-Match", version())
                .expect(404);
    }

    @Test
    @DisplayName("MRG-7: who publishes over another's policy is shown it and changes nothing")
    void whoSawAnOlderVersionPublishesNothing() {
        var seen = version();
        publish("default: {strategy: oldest}").expect(200);
        var refused = http.post(POLICY + "/publish", "{\"body\":\"\"}", "If-Match", seen)
                .expect(409);
        assertThat(refused.at("/current/version")).isEqualTo("1");
        http.post(POLICY + "/publish", "{\"body\":\"\"}").expect(428);
    }

    @Test
    void aWrongPolicySaysWhatIsWrongAndWhere() {
        var wrong = publish("phone: {stratgy: latest}").expect(422);
        assertThat(wrong.at("/detail"))
                .contains("authority.contact.phone")
                .contains("stratgy")
                .contains("did you mean \"strategy\"?");
        assertThat(http.post(POLICY + "/preview", "{}").expect(400).at("/detail"))
                .contains("either body");
        assertThat(http.get("/api/v1/authority/contacts").expect(404).at("/detail"))
                .contains("did you mean \"contact\"?");
    }

    @Test
    @DisplayName("GOV-1: a system that the hub has not is said before a policy is published, and after")
    void aSystemThatIsNotThereIsAWarningAndNoError() {
        model.publish(models.publish(new Documents(Map.of("system", Map.of("crm", """
                        connector: file
                        settings: {folder: /nowhere}
                        streams: {people: {entity: contact, fields: {town: city}}}
                        """))), "test"));
        var draft = "city: {strategy: system_rank, ranking: [crn]}";
        var said = "city.ranking: the hub has no system \"crn\"; did you mean \"crm\"?";
        var preview =
                http.post(POLICY + "/preview", "{\"body\":\"" + draft + "\"}").expect(200);
        while (preview.at("/state").equals("RUNNING")) {
            preview =
                    http.get("/api/v1/authority/previews/" + preview.at("/id")).expect(200);
        }
        assertThat(preview.at("/result/warnings/0")).isEqualTo(said);
        assertThat(preview.at("/result/values")).isEqualTo("0");
        assertThat(publish(draft).expect(200).at("/warnings/0")).isEqualTo(said);
        assertThat(http.get(POLICY).at("/warnings/0")).isEqualTo(said);
    }

    @Test
    @DisplayName("DA-6: a steward's value is given, explained and taken back over HTTP")
    void aStewardsValue() {
        var golden = golden();
        var path = "/api/v1/goldens/" + golden.at("/id") + "/values/city";
        var body = "{\"value\":\"Steward City\",\"lifeCycle\":\"FOREVER\",\"note\":\"called them\"}";
        var preview = http.post(path + "/preview", body).expect(200);
        assertThat(preview.at("/golden/attributes/city")).isEqualTo("Steward City");
        assertThat(city()).isEqualTo("Oslo");
        http.put(path, body, "If-Match", golden.header("ETag")).expect(200);
        assertThat(city()).isEqualTo("Steward City");
        http.put(path, body, "If-Match", golden.header("ETag")).expect(409);
        http.put(path, body).expect(428);
        var explained =
                http.get("/api/v1/goldens/" + golden.at("/id") + "/explain").expect(200);
        assertThat(explained.at("/values/city/rule")).isEqualTo("STEWARD");
        assertThat(explained.at("/values/city/steward/note")).isEqualTo("called them");
        assertThat(explained.at("/values/city/candidates/0/reason")).isEqualTo("a steward decided otherwise");
        http.get("/api/v1/explain/value?golden=" + golden.at("/id") + "&attribute=city")
                .expect(200);
        http.get("/api/v1/goldens/" + golden.at("/id") + "/lineage").expect(200);
        http.delete(path, "If-Match", golden().header("ETag")).expect(200);
        assertThat(city()).isEqualTo("Oslo");
        http.delete(path, "If-Match", golden().header("ETag")).expect(404);
    }

    @Test
    void aValueForNoAttributeIsRefusedWithTheNearestName() {
        var golden = golden();
        var path = "/api/v1/goldens/" + golden.at("/id") + "/values/citty";
        var refused = http.put(path, "{\"value\":\"x\"}", "If-Match", golden.header("ETag"))
                .expect(404);
        assertThat(refused.at("/detail")).contains("did you mean \"city\"?");
    }
}
