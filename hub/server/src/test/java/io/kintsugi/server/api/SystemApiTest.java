package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Capabilities.DeleteFeed;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.store.Outbox;
import io.kintsugi.core.store.Samples;
import io.kintsugi.core.store.memory.MemoryHubStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SystemApiTest {
    private final ApiUnderTest hub = new ApiUnderTest(new MemoryHubStore(), Clock.systemUTC(), List.of(new Still()));

    @AfterEach
    void stop() {
        hub.close();
    }

    /** A kind of system that is there and offers one stream in which nothing ever happens. */
    static final class Still implements ConnectorFactory {
        @Override
        public ConnectorSpec spec() {
            return new ConnectorSpec(
                    "still", "Still", List.of(new ConnectorSpec.Setting("password", false, true, "Secret.")));
        }

        @Override
        public Connector open(String system, Map<String, Object> settings, ConnectorContext context) {
            return new Connector() {
                @Override
                public CheckReport check() {
                    return new CheckReport(true, List.of(), Map.of());
                }

                @Override
                public Catalog discover() {
                    var field = new FieldDef(
                            "native_email", FieldType.EMAIL, true, true, true, true, true, false, 80, List.of(), false);
                    var can = new Capabilities(
                            Set.of(Capabilities.Op.UPDATE, Capabilities.Op.MERGE),
                            Set.of(Capabilities.Feed.DELETES),
                            new Capabilities.Reading(
                                    null,
                                    new DeleteFeed(DeleteFeed.Source.LOG, Duration.ZERO, Duration.ofDays(15)),
                                    null,
                                    Duration.ofSeconds(60),
                                    500),
                            new Capabilities.Writing(10, false, Set.of("native_email")),
                            List.of(new Capabilities.Quota("api", 100, Duration.ofSeconds(10), 25)),
                            new Capabilities.MergeRules(
                                    2,
                                    Capabilities.SurvivorId.WINNER_KEPT,
                                    Capabilities.FillRule.WINNER_ONLY,
                                    true,
                                    false,
                                    false,
                                    false));
                    var employer = new StreamDef.RelationDef("employer", null, Set.of("firms"), true, false);
                    var ids = new StreamDef.IdRules(true, true, true, false);
                    return new Catalog(
                            system,
                            List.of(new StreamDef("people", "People", List.of(field), List.of(employer), ids, can)),
                            "f1");
                }

                @Override
                public Lookups lookups() {
                    throw new UnsupportedOperationException();
                }

                @Override
                public <F> Optional<F> facet(Class<F> type) {
                    return Optional.empty();
                }

                @Override
                public void close() {}
            };
        }
    }

    @Test
    void systemsShowTheirStateMappingAndCapabilitiesButNoSecrets() {
        hub.record("crm:contact:1", "firstName", "Ada", "lastName", "Lovelace", "email", "ada@example.org");
        hub.hub.systems().start();
        var list = hub.http.get("/api/v1/systems").expect(200);
        assertThat(list.each("/items", "id")).containsExactly("crm", "erp", "shop");
        assertThat(list.at("/items/0/records/0/records")).isEqualTo("1");
        HttpClientOf.Answer one;
        do one = hub.http.get("/api/v1/systems/crm").expect(200);
        while (!one.json().has("catalog"));
        assertThat(one.at("/catalog/streams/0/capabilities/writing/maxBatch")).isEqualTo("10");
        assertThat(one.at("/catalog/streams/0/capabilities/writing/linkKeys/0")).isEqualTo("native_email");
        assertThat(one.at("/catalog/streams/0/capabilities/reading/deletes/source"))
                .isEqualTo("LOG");
        assertThat(one.at("/catalog/streams/0/capabilities/quotas/0/windowSeconds"))
                .isEqualTo("10.0");
        assertThat(one.at("/catalog/streams/0/capabilities/merge/survivor")).isEqualTo("WINNER_KEPT");
        assertThat(one.at("/catalog/streams/0/relations/0/targets/0")).isEqualTo("firms");
        assertThat(one.at("/catalog/streams/0/ids/aliasedAfterMerge")).isEqualTo("false");
        assertThat(one.at("/streams/0/fields/0/field")).isEqualTo("native_firstName");
        assertThat(one.each("/settings", "")).containsExactly("password");
        assertThat(one.text()).doesNotContain("canary");
        assertThat(list.text()).doesNotContain("canary");
        assertThat(hub.http.get("/api/v1/systems/crn").expect(404).at("/detail"))
                .contains("crm");
    }

    @Test
    @DisplayName(
            "SYN-5: writes whose outcome is not known for 15 minutes are told of each system, counted, and listed, first sent first")
    void overdueWrites() {
        hub.hub.systems().start();
        assertThat(hub.http.get("/api/v1/stats").expect(200).json().at("/overdue"))
                .isEmpty();
        hub.sentUnanswered("crm:contact:2", Duration.ofMinutes(16));
        hub.sentUnanswered("crm:contact:1", Duration.ofMinutes(40));
        hub.sentUnanswered("crm:contact:3", Duration.ofMinutes(14));
        hub.sentUnanswered("erp:contact:1", Duration.ofMinutes(20));
        var stats = hub.http.get("/api/v1/stats").expect(200);
        assertThat(stats.each("/overdue", "system")).containsExactly("crm", "erp");
        assertThat(stats.each("/overdue", "changes")).containsExactly("2", "1");
        var systems = hub.http.get("/api/v1/systems").expect(200);
        assertThat(systems.at("/items/0/overdue/changes")).isEqualTo("2");
        assertThat(Duration.between(Instant.parse(systems.at("/items/0/overdue/oldestSentAt")), Instant.now()))
                .isBetween(Duration.ofMinutes(40), Duration.ofMinutes(42));
        assertThat(systems.json().at("/items/2/overdue").isMissingNode()).isTrue();
        var list = "/api/v1/outbound?overdue=true";
        assertThat(hub.http.get(list).expect(200).each("/items", "target"))
                .containsExactly("crm:contact:1", "erp:contact:1", "crm:contact:2");
        assertThat(hub.http.get(list + "&system=crm").expect(200).each("/items", "target"))
                .containsExactly("crm:contact:1", "crm:contact:2");
        assertThat(hub.http.get(list + "&state=SENDING").expect(200).each("/items", "target"))
                .isEmpty();
        assertThat(hub.http.get("/api/v1/outbound?overdue=false").expect(200).each("/items", "target"))
                .hasSize(4);
        assertThat(hub.http.get(list + "&sort=markedAt").expect(400).at("/detail"))
                .contains("leave out sort");
    }

    @Test
    void aSystemIsPausedResumedAndPolled() {
        hub.hub.systems().start();
        hub.http
                .post("/api/v1/systems/crm/pause", null, "Idempotency-Key", "p1")
                .expect(200);
        assertThat(hub.http.post("/api/v1/systems/crm/pause", null).expect(200).at("/state"))
                .isEqualTo("PAUSED");
        assertThat(hub.http
                        .get("/api/v1/stats")
                        .expect(200)
                        .json()
                        .at("/systems/PAUSED")
                        .asInt())
                .isEqualTo(1);
        assertThat(hub.http.post("/api/v1/systems/crm/resume", null).expect(200).at("/state"))
                .isNotEqualTo("PAUSED");
        hub.http.post("/api/v1/systems/crm/poll", null).expect(202);
        hub.http.post("/api/v1/systems/none/poll", null).expect(404);
    }

    @Test
    @DisplayName("SYN-11: a system that asks for approval says how much waits, and is approved or refused once")
    void theFirstSyncIsApproved() {
        hub.record("crm:contact:1", "firstName", "Ada", "lastName", "Lovelace", "email", "ada@example.org");
        hub.askFirst("erp");
        var now = hub.clock.instant();
        hub.record("crm:contact:2", "firstName", "Grace", "lastName", "Hopper", "email", "grace@example.org");
        var golden = hub.goldenOf("crm:contact:1");
        var asked = hub.goldenOf("crm:contact:2");
        hub.store.write(tx -> {
            var records = List.of(RecordKey.parse("crm:contact:2"), RecordKey.parse("crm:contact:9"));
            tx.reviews().save(List.of(Samples.review("rv-1", 3, records.get(0), records.get(1))));
            tx.outbox()
                    .mark(List.of(
                            new Outbox.Marker(golden, "erp", "contact", null, now),
                            new Outbox.Marker(asked, "erp", "contact", null, now),
                            new Outbox.Marker("g2", "erp", "contact", RecordKey.parse("erp:contact:7"), now),
                            new Outbox.Marker("g3", "erp", "contact", RecordKey.parse("erp:contact:8"), now)));
            return null;
        });
        hub.hub.systems().start();
        var waits = hub.http.get("/api/v1/systems/erp").expect(200);
        assertThat(waits.at("/system/firstSync/answer")).isEqualTo("WAITING");
        assertThat(waits.at("/system/firstSync/creates")).isEqualTo("1");
        assertThat(waits.at("/system/firstSync/waits")).isEqualTo("1");
        assertThat(waits.at("/system/firstSync/updates")).isEqualTo("2");
        assertThat(hub.http.get("/api/v1/systems/crm").expect(200).json().at("/system"))
                .noneMatch(node -> node.has("firstSync"));
        assertThat(hub.http.get("/api/v1/stats").at("/firstSyncs")).isEqualTo("1");
        var path = "/api/v1/systems/erp/first-sync/";
        assertThat(hub.http.post(path + "refuse", null).expect(200).at("/firstSync/answer"))
                .isEqualTo("REFUSED");
        assertThat(hub.http.get("/api/v1/stats").at("/firstSyncs")).isEqualTo("0");
        assertThat(hub.http
                        .post(path + "approve", null, "Idempotency-Key", "f1")
                        .expect(200)
                        .at("/firstSync/answer"))
                .isEqualTo("APPROVED");
        hub.http.post(path + "approve", null).expect(200);
        assertThat(hub.http.post(path + "refuse", null).expect(409).at("/detail"))
                .contains("was approved", "pause the system");
        assertThat(hub.http
                        .post("/api/v1/systems/crm/first-sync/approve", null)
                        .expect(409)
                        .at("/detail"))
                .contains("firstSync: approve");
    }

    @Test
    @DisplayName("GOV-7: runs are filtered and paged")
    void runsAreFilteredAndPaged() {
        for (int i = 0; i < 9; i++)
            run("run-" + i, i % 3 == 0 ? "crm" : "erp", i == 4 ? RunState.FAILED : RunState.DONE);
        assertThat(hub.http.each("/api/v1/runs?limit=2&system=crm", "id"))
                .containsExactlyInAnyOrder("run-0", "run-3", "run-6");
        assertThat(hub.http.get("/api/v1/runs?state=FAILED").expect(200).each("/items", "id"))
                .containsExactly("run-4");
        assertThat(hub.http.get("/api/v1/runs/run-4").expect(200).at("/counts/read"))
                .isEqualTo("5");
        hub.http.get("/api/v1/runs/none").expect(404);
    }

    private void run(String id, String system, RunState state) {
        var now = hub.clock.instant();
        var run = new Run(id, "poll", system, "people", state, Map.of("read", 5L), -1, now, now, null);
        hub.store.write(tx -> {
            tx.journal().saveRun(run);
            return null;
        });
    }

    @Test
    void whatMustGoOutIsListedCountedAndRetried() {
        hub.ada();
        var golden = hub.goldenOf("crm:contact:1");
        hub.store.write(tx -> {
            var now = hub.clock.instant();
            var target = RecordKey.parse("erp:contact:A/7");
            tx.outbox().mark(List.of(new Outbox.Marker(golden, "erp", "contact", target, now.minusSeconds(60))));
            return null;
        });
        var list = hub.http.get("/api/v1/outbound?state=DUE").expect(200);
        assertThat(list.json().path("items")).isNotEmpty();
        var key = list.at("/items/0/key");
        assertThat(list.at("/items/0/label")).isEqualTo("Ada Lovelace");
        assertThat(hub.http
                        .get("/api/v1/outbound/" + HttpClientOf.encode(key))
                        .expect(200)
                        .at("/key"))
                .isEqualTo(key);
        assertThat(hub.http.get("/api/v1/outbound/counts").expect(200).each("/items", "state"))
                .contains("DUE");
        assertThat(hub.http
                        .get("/api/v1/goldens/" + golden + "/outbound")
                        .expect(200)
                        .each("/items", "key"))
                .contains(key);
        assertThat(hub.http
                        .post("/api/v1/outbound/" + HttpClientOf.encode(key) + "/retry", null)
                        .expect(200)
                        .at("/state"))
                .isEqualTo(OutboundState.DUE.name());
        hub.http.get("/api/v1/outbound/none").expect(404);
        hub.http.post("/api/v1/outbound/none/retry", null).expect(404);
    }

    @Test
    void entityTypesShowTheirPolicies() {
        var types = hub.http.get("/api/v1/entity-types").expect(200);
        assertThat(types.at("/items/0/attributes/0/label")).isEqualTo("First name");
        assertThat(types.at("/items/0/authority/defaultRule/strategies/0")).isEqualTo("SYSTEM_RANK");
        assertThat(hub.http.get("/api/v1/entity-types/contact").expect(200).at("/matching/maxBlock"))
                .isEqualTo("200");
        assertThat(hub.http.get("/api/v1/entity-types/contcat").expect(404).at("/detail"))
                .contains("contact");
        hub.http.get("/api/v1/block-keys").expect(200);
    }

    @Test
    @DisplayName("GOV-7: records are filtered and paged")
    void recordsAreFilteredAndPaged() {
        for (int i = 0; i < 6; i++)
            hub.record("crm:contact:" + i, "firstName", "P" + i, "lastName", "F" + i, "email", i + "@example.com");
        hub.record("crm:contact:blank", "city", "London");
        assertThat(hub.http.each("/api/v1/records?system=crm&type=contact&limit=4", "externalId"))
                .containsExactly("0", "1", "2", "3", "4", "5", "blank");
        assertThat(hub.http
                        .get("/api/v1/records?system=crm&type=contact&state=UNKEYED")
                        .expect(200)
                        .each("/items", "externalId"))
                .containsExactly("blank");
        hub.record("crm:contact:1", "firstName", "P1", "lastName", "F1", "email", "new@example.com");
        var detail = hub.http
                .get("/api/v1/records/" + HttpClientOf.encode("crm:contact:1"))
                .expect(200);
        assertThat(detail.at("/revisions/0/attributes/email")).isEqualTo("1@example.com");
        hub.http.get("/api/v1/records/nonsense").expect(400);
    }
}
