package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.store.memory.MemoryHubStore;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DryRunApiTest {
    private final ApiUnderTest hub =
            new ApiUnderTest(new MemoryHubStore(), Clock.systemUTC(), List.of(new SimulatedSystems()));

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    @DisplayName("SYN-11: the dry run of a first reading is begun, followed, and read page by page, and stores nothing")
    void aFirstReading() throws InterruptedException {
        hub.record(
                "erp:contact:7",
                "firstName",
                "Ada",
                "lastName",
                "Lovelace",
                "email",
                "ada@example.org",
                "city",
                "Ockham");
        hub.record(
                "shop:contact:8",
                "firstName",
                "Ada",
                "lastName",
                "Lovelace",
                "email",
                "ada@example.org",
                "phone",
                "+442079460000");
        long writes = ((MemoryHubStore) hub.store).writes();
        var run = ended(hub.http.post("/api/v1/dry-runs", "{\"kind\":\"SYSTEM\",\"system\":\"crm\"}"));
        assertThat(run.at("/state")).isEqualTo("DONE");
        assertThat(run.at("/about")).isEqualTo("reading crm");
        assertThat(run.at("/found/streams/0/rows")).isEqualTo("1");
        assertThat(run.at("/found/streams/0/unreadable")).isEqualTo("0");
        assertThat(((MemoryHubStore) hub.store).writes()).isEqualTo(writes);
        var changes = "/api/v1/dry-runs/" + run.at("/id") + "/changes";
        var all = hub.http.each(changes + "?limit=1", "kind");
        assertThat(all).isNotEmpty().hasSize(Integer.parseInt(run.at("/found/listed")));
        assertThat(hub.http.each(changes + "?kind=QUESTION&limit=1", "kind")).containsOnly("QUESTION");
        assertThat(hub.http.get(changes + "?system=none").expect(200).each("/items", "kind"))
                .isEmpty();
        assertThat(hub.http.get(changes + "?kind=DELETE").expect(200).each("/items", "kind"))
                .isEmpty();
        hub.http.get(changes + "?cursor=x").expect(400);
    }

    @Test
    @DisplayName("SYN-11: the dry run of a policy tells what its publication would write")
    void aPolicy() throws InterruptedException {
        hub.ada();
        var run = ended(
                hub.http.post(
                        "/api/v1/dry-runs",
                        "{\"kind\":\"DOCUMENTS\",\"documents\":{\"authority\":{\"contact\":\"default: {strategy: SYSTEM_RANK, ranking: [erp, crm]}\"}}}"));
        assertThat(run.at("/problem")).isEmpty();
        assertThat(run.at("/state")).isEqualTo("DONE");
        assertThat(run.at("/about")).isEqualTo("publishing authority contact");
    }

    @Test
    @DisplayName("SYN-11: a dry run that makes no sense says why")
    void refusals() {
        assertThat(problem(404, "{\"kind\":\"SYSTEM\",\"system\":\"none\"}")).contains("there are [crm, erp, shop]");
        assertThat(problem(400, "{\"kind\":\"SYSTEM\"}")).contains("names a system");
        assertThat(problem(400, "{\"kind\":\"DOCUMENTS\",\"documents\":{\"authorities\":{}}}"))
                .contains("authority");
        assertThat(problem(422, "{\"kind\":\"DOCUMENTS\",\"documents\":{\"authority\":{\"contact\":\"defualt: {}\"}}}"))
                .contains("defualt");
        hub.http.get("/api/v1/dry-runs/none").expect(404);
        hub.http.get("/api/v1/dry-runs/none/changes").expect(404);
        hub.http.post("/api/v1/dry-runs/none/cancel", null).expect(404);
    }

    @Test
    @DisplayName("SYN-11: a dry run that is over cannot be cancelled any more, and stays as it is")
    void cancelled() throws InterruptedException {
        var run = ended(hub.http.post("/api/v1/dry-runs", "{\"kind\":\"SYSTEM\",\"system\":\"crm\"}"));
        assertThat(hub.http
                        .post("/api/v1/dry-runs/" + run.at("/id") + "/cancel", null)
                        .expect(202)
                        .at("/state"))
                .isEqualTo("DONE");
    }

    private String problem(int status, String body) {
        return hub.http.post("/api/v1/dry-runs", body).expect(status).at("/detail");
    }

    private HttpClientOf.Answer ended(HttpClientOf.Answer begun) throws InterruptedException {
        var run = begun.expect(200);
        while (run.at("/state").equals("RUNNING")) {
            Thread.sleep(20);
            run = hub.http.get("/api/v1/dry-runs/" + run.at("/id")).expect(200);
        }
        return run;
    }
}
