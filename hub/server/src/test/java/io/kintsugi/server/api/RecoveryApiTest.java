package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.store.memory.MemoryHubStore;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
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
    }
}
