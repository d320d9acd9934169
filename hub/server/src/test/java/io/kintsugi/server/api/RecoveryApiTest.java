package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.recovery.Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecoveryApiTest {
    private final ApiUnderTest hub =
            new ApiUnderTest(new MemoryHubStore(), Clock.systemUTC(), List.of(new SimulatedSystems()));

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    @DisplayName("SYN-1: a hub that was down begins with a recovery by itself, and its certificate can be exported")
    void aRecoveryOverTheApi() throws InterruptedException {
        var before = Instant.now().minusSeconds(36 * 3600).truncatedTo(ChronoUnit.SECONDS);
        hub.store.write(tx -> {
            for (var system : List.of("crm", "erp", "shop")) {
                tx.journal()
                        .saveCheckpoint("contact", system, "{\"at\":\"" + before + "\",\"missedSince\":null}", before);
            }
            return null;
        });
        hub.hub.systems().start();
        HttpClientOf.Answer runs;
        do {
            Thread.sleep(50);
            runs = hub.http.get("/api/v1/runs?kind=recovery").expect(200);
        } while (!runs.each("/items", "state").equals(List.of("DONE")));
        var certificate = hub.http
                .get("/api/v1/runs/" + runs.at("/items/0/id") + "/certificate")
                .expect(200);
        assertThat(certificate.at("/cause")).contains("the hub was down since " + before);
        assertThat(certificate.each("/systems", "system")).containsExactly("crm", "erp", "shop");
        assertThat(certificate.at("/systems/0/streams/0/tier")).isEqualTo("REPLAY");
        assertThat(certificate.each("/equality", "equal")).containsOnly("true");
        assertThat(hub.http.get("/api/v1/systems/crm").expect(200).at("/system/state"))
                .isIn("RUNNING", "RECOVERING");
        hub.http.get("/api/v1/runs/none/certificate").expect(404);
        conflicts(runs.at("/items/0/id"));
    }

    private void conflicts(String recovery) {
        var path = "/api/v1/runs/" + recovery + "/conflicts";
        assertThat(hub.http.each(path + "?limit=1", "goldenId")).isEmpty();
        threeConflicts(hub.store, recovery);
        assertThat(hub.http.each(path + "?limit=1", "goldenId")).containsExactly("g-0", "g-1", "g-2");
        assertThat(hub.http.each(path + "?sort=-found&limit=2", "goldenId")).containsExactly("g-2", "g-1", "g-0");
        assertThat(hub.http.each(path + "?attribute=city&limit=1", "goldenId")).containsExactly("g-1");
        assertThat(hub.http.each(path + "?system=shop&limit=1", "goldenId")).isEmpty();
        assertThat(hub.http.each(path + "?entityType=order&limit=1", "goldenId"))
                .isEmpty();
        var first = hub.http.get(path).expect(200);
        assertThat(first.at("/items/0/value")).isEqualTo("b");
        assertThat(first.at("/items/0/rule")).isEqualTo("LATEST");
        assertThat(first.each("/items/0/candidates", "value")).containsExactly("a", "b");
        var certificate =
                hub.http.get("/api/v1/runs/" + recovery + "/certificate").expect(200);
        assertThat(certificate.each("/conflicts", "goldenId")).containsExactly("g-0", "g-1", "g-2");
        hub.http.get("/api/v1/runs/none/conflicts").expect(404);
    }

    /** Gives a run a certificate, unless it has one, and three conflicts, one in each part of their list. */
    static void threeConflicts(HubStore store, String run) {
        var now = Instant.parse("2026-11-20T09:14:00Z");
        store.write(tx -> {
            for (int i = 0; i < 3; i++) {
                tx.journal()
                        .saveCheckpoint(
                                "recovery-conflicts", run + "/" + i, """
                        [{"goldenId":"g-%1$d","entityType":"contact","attribute":"%2$s","value":"b","from":"erp:contact:%1$d",
                          "rule":"LATEST","candidates":[
                           {"record":"crm:contact:%1$d","value":"a","changedAt":null,"survives":false},
                           {"record":"erp:contact:%1$d","value":"b","changedAt":"2026-11-19T09:14:00Z","survives":true}]}]
                        """.formatted(i, i == 1 ? "city" : "email"), now);
            }
            var was = Certificate.find(tx, run);
            new Certificate(
                            run,
                            was.map(Certificate::cause).orElse("the hub was down"),
                            now,
                            now,
                            true,
                            now,
                            was.map(Certificate::systems).orElse(List.of()),
                            List.of(),
                            3,
                            List.of(2, 3),
                            new TreeMap<>(),
                            was.map(Certificate::equality).orElse(List.of()))
                    .save(tx, now);
            return null;
        });
    }
}
