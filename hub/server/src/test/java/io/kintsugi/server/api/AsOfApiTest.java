package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.MovableClock;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was, over HTTP, in a hub whose clock only the test moves. */
class AsOfApiTest {
    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-20T09:00:00Z"));
    private final MemoryHubStore store = new MemoryHubStore();
    private final Hub hub = Hub.over(
            store,
            new LiveModel(new ModelStore(store, clock).publish(new Documents(Map.of()), "test")),
            new Connectors(List.of(), clock, Path.of("target")),
            clock,
            new Ids(clock, new SplittableRandom(7)));
    private final HubApi api = new HubApi(hub, clock, new HubApi.Config("127.0.0.1", 0, Set.of()));
    private final HttpClientOf http = new HttpClientOf(api.start());

    @AfterEach
    void stop() {
        api.close();
        hub.close();
    }

    private void record(String key, String email, String city) {
        var attributes = new HashMap<>(Map.of(
                "firstName",
                email.substring(0, 3),
                "lastName",
                "L" + email.substring(1, 6),
                "email",
                email,
                "city",
                city));
        var at = clock.instant();
        var record = SourceRecord.observed(RecordKey.parse(key), "people", attributes, at, at, null);
        store.write(tx -> {
            tx.records().save(List.of(record));
            tx.records().markPending(List.of(record.key()));
            return null;
        });
        while (hub.resolver().resolvePending(100) > 0) {
            // until nothing waits
        }
    }

    private String goldenOf(String key) {
        var record = RecordKey.parse(key);
        return store.read(tx -> tx.goldens().goldenOf(List.of(record)).get(record));
    }

    private Instant later() {
        clock.advance(Duration.ofHours(1));
        return clock.instant();
    }

    private HttpClientOf.Answer golden(String id, Instant asOf) {
        return http.get("/api/v1/goldens/" + id + "?asOf=" + asOf);
    }

    @Test
    @DisplayName("GOV-2: a golden as of an instant has the values, records and id it had, also before a merge")
    void aGoldenAsItWas() {
        record("crm:contact:1", "ada@example.org", "London");
        record("erp:contact:9", "bruno@silva.example", "Ockham");
        var ada = goldenOf("crm:contact:1");
        var other = goldenOf("erp:contact:9");
        var apart = later();
        later();
        record("crm:contact:1", "ada@example.org", "Paris");
        http.post(
                        "/api/v1/merges",
                        "{\"goldens\":[\"%s\",\"%s\"],\"survivor\":\"%s\",\"revisions\":{\"%s\":2,\"%s\":1},\"note\":\"one\"}"
                                .formatted(ada, other, ada, ada, other))
                .expect(200);
        var merged = later();

        var then = golden(ada, apart).expect(200);
        assertThat(then.at("/attributes/city")).isEqualTo("London");
        assertThat(then.at("/revision")).isEqualTo("1");
        assertThat(then.at("/policies")).as("GOV-1").isEqualTo("shipped policies");
        assertThat(then.at("/asOf")).isEqualTo(apart.toString());
        assertThat(then.at("/since/city/from")).isEqualTo("crm:contact:1");
        assertThat(then.at("/since/city/at")).isEqualTo("2026-11-20T09:00:00Z");
        assertThat(then.each("/records", "")).containsExactly("crm:contact:1");
        assertThat(then.json().at("/held/crm:contact:1/city").asText()).isEqualTo("London");
        assertThat(then.header("ETag")).as("nothing can be decided on what was").isNull();

        var same = golden(other, merged).expect(200);
        assertThat(same.at("/id")).isEqualTo(ada);
        assertThat(same.at("/redirectedFrom")).isEqualTo(other);
        assertThat(same.each("/records", "")).containsExactly("crm:contact:1", "erp:contact:9");
        assertThat(golden(other, apart).expect(200).at("/id")).isEqualTo(other);
        assertThat(http.get("/api/v1/goldens/" + other + "?follow=false&asOf=" + merged)
                        .expect(200)
                        .at("/state"))
                .isEqualTo("RETIRED");
    }

    @Test
    @DisplayName("GOV-2: a record as of an instant shows what it held and where it belonged")
    void aRecordAsItWas() {
        record("crm:contact:1", "ada@example.org", "London");
        var before = later();
        later();
        record("crm:contact:1", "ada@example.org", "Paris");
        var then = http.get("/api/v1/records/crm:contact:1?asOf=" + before).expect(200);
        assertThat(then.at("/then/attributes/city")).isEqualTo("London");
        assertThat(then.at("/then/goldenId")).isEqualTo(goldenOf("crm:contact:1"));
        assertThat(then.at("/record/attributes/city")).as("as it is").isEqualTo("Paris");
        assertThat(http.get("/api/v1/records/crm:contact:1").expect(200).json().has("then"))
                .isFalse();
    }

    @ParameterizedTest
    @DisplayName("GOV-2: a policy as of an instant is the version that was in force")
    @CsvSource(
            delimiter = '|',
            value = {
                "authority   | {\"body\":\"default: {strategy: SYSTEM_RANK, ranking: [crm]}\"} | {\"body\":\"default: {strategy: LATEST}\"}",
                "deletes     | {\"body\":\"default: {action: disconnect}\"}                    | {\"body\":\"default: {action: flag}\"}",
                "match-rules | {\"body\":\"autoBits: 12\"}                                     | {\"body\":\"autoBits: 13\"}"
            })
    void aPolicyAsItWas(String kind, String first, String second) {
        var path = "/api/v1/" + kind + "/contact";
        var shipped = later();
        for (var body : List.of(first, second)) {
            later();
            var version = http.get(path).expect(200).header("ETag");
            http.post(path + "/publish", body, "If-Match", version).expect(200);
        }
        var published = clock.instant();
        later();
        assertThat(http.get(path + "?asOf=" + published).expect(200).text())
                .as("as it is")
                .isEqualTo(http.get(path).expect(200).text());
        var then = http.get(path + "?asOf=" + published.minusSeconds(1)).expect(200);
        assertThat(then.at("/version")).isEqualTo("1");
        assertThat(then.at("/body")).isEqualTo(first.substring(9, first.length() - 2));
        assertThat(then.each("/versions", "version")).doesNotContain("2");
        var before = http.get(path + "?asOf=" + shipped).expect(200);
        assertThat(before.at("/version")).isEqualTo("0");
        assertThat(before.at("/body")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "goldens/{golden}",
                "records/crm:contact:1",
                "authority/contact",
                "deletes/contact",
                "match-rules/contact"
            })
    @DisplayName("GOV-2: what is yet to come is refused, and what was not there yet is not found")
    void outsideOfAllHistory(String path) {
        record("crm:contact:1", "ada@example.org", "London");
        var route = "/api/v1/" + path.replace("{golden}", goldenOf("crm:contact:1"));
        assertThat(http.get(route + "?asOf=2026-11-20T09:00:01Z").expect(400).at("/detail"))
                .contains("asOf lies ahead", "2026-11-20T09:00:00Z now");
        if (path.startsWith("records")) {
            var before = http.get(route + "?asOf=2026-11-20T08:59:59Z").expect(200);
            assertThat(before.at("/then/known")).isEqualTo("false");
            assertThat(before.at("/then/since")).isEqualTo("2026-11-20T09:00:00Z");
        } else {
            assertThat(http.get(route + "?asOf=2026-11-20T08:59:59Z")
                            .expect(404)
                            .at("/detail"))
                    .contains("2026-11-20T09:00:00Z");
        }
    }
}
