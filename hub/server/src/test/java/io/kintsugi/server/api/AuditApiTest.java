package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.store.memory.MemoryHubStore;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AuditApiTest {
    private final ApiUnderTest hub =
            new ApiUnderTest(new MemoryHubStore(), Clock.systemUTC(), List.of(new SimulatedSystems()));

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    @DisplayName("SYN-10: an audit is begun, followed, and read: numbers that add up, and findings page by page")
    void anAuditOverTheApi() throws InterruptedException {
        for (var name : List.of("a", "b")) { // so many are missing that no delete is believed
            hub.record(
                    "crm:contact:" + name, "firstName", "Gil" + name, "lastName", name, "email", name + "@example.org");
        }
        hub.hub.systems().start();
        var begun =
                hub.http.post("/api/v1/systems/crm/audits", "{\"heal\":false}").expect(202);
        var id = begun.at("/id");
        assertThat(begun.at("/kind")).isEqualTo("audit");
        HttpClientOf.Answer run;
        do {
            Thread.sleep(20);
            run = hub.http.get("/api/v1/runs/" + id).expect(200);
        } while (run.at("/state").equals("RUNNING"));
        assertThat(run.at("/state")).isEqualTo("DONE");
        var audit = hub.http.get("/api/v1/runs/" + id + "/audit").expect(200);
        assertThat(audit.at("/rows/AGREES")).isEqualTo("1");
        assertThat(audit.at("/streams/0/attributes/0/inStep")).isEqualTo("1.0");
        assertThat(hub.http.each("/api/v1/runs/" + id + "/findings?limit=1", "record"))
                .containsExactly("crm:contact:a", "crm:contact:b");
        assertThat(hub.http
                        .get("/api/v1/runs/" + id + "/findings?disposition=MISSED")
                        .expect(200)
                        .each("/items", "record"))
                .isEmpty();
        assertThat(hub.http
                        .get("/api/v1/runs?kind=audit&system=crm")
                        .expect(200)
                        .each("/items", "id"))
                .containsExactly(id);
        hub.http.post("/api/v1/runs/" + id + "/cancel", null).expect(202); // over already: stays as it is
        assertThat(hub.http.get("/api/v1/runs/" + id).expect(200).at("/state")).isEqualTo("DONE");
    }

    @Test
    @DisplayName("SYN-10: what cannot be audited or cancelled says why")
    void refusals() {
        hub.hub.systems().start();
        hub.http.post("/api/v1/systems/none/audits", null).expect(404);
        hub.http.post("/api/v1/systems/crm/pause", null).expect(200);
        assertThat(hub.http.post("/api/v1/systems/crm/audits", null).expect(409).at("/detail"))
                .contains("resume it");
        hub.store.write(tx -> {
            tx.journal()
                    .saveRun(new Run(
                            "load-1", "load", "crm", null, RunState.RUNNING, Map.of(), -1, Instant.now(), null, null));
            return null;
        });
        assertThat(hub.http.post("/api/v1/runs/load-1/cancel", null).expect(409).at("/detail"))
                .contains("only audits");
        hub.http.get("/api/v1/runs/load-1/audit").expect(404);
        assertThat(hub.http.get("/api/v1/runs/load-1/findings").expect(200).each("/items", "record"))
                .isEmpty();
    }
}
