package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Outbox;
import io.kintsugi.core.store.Samples;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that ask a hub which runs, as typed. */
@Timeout(60)
class CommandsOfARunningHubTest {
    private final ApiUnderTest hub =
            new ApiUnderTest(new MemoryHubStore(), Clock.systemUTC(), List.of(new SimulatedSystems(true)));
    private final String url = hub.http.uri("").toString();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void theHubKnowsAda() {
        hub.ada();
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private int run(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.add("--hub");
        all.add(url);
        return plain(all.toArray(String[]::new));
    }

    private int plain(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
    }

    private JsonNode json() throws IOException {
        return new ObjectMapper().readTree(out.toString());
    }

    @Test
    void anAuditSaysWhatIsNotInStep() throws Exception {
        hub.hub.systems().start();
        int code = run("audit", "crm", "--json");
        assertThat(err.toString()).isEmpty();
        assertThat(json().at("/audit/run/state").asText()).isEqualTo("DONE");
        boolean inStep = json().at("/audit/inStep").asDouble() == 1;
        assertThat(code).isEqualTo(inStep ? 0 : 3);
        run("audit", "crm");
        assertThat(out.toString()).contains("crm is ").contains("% in step.").contains("people");
    }

    @Test
    void wrongWordsAreRefusedWithWhatWouldBeRight() {
        hub.hub.systems().start();
        assertThat(run("audit")).isEqualTo(2);
        assertThat(err.toString()).contains("SYSTEM");
        assertThat(run("audit", "cmr")).isEqualTo(1);
        assertThat(err.toString())
                .contains("there is no system \"cmr\"; did you mean \"crm\"?")
                .doesNotContain("Exception");
        assertThat(run("audit", "crm", "--limit", "-1")).isEqualTo(2);
        assertThat(run("deletes", "approve")).isEqualTo(2);
        assertThat(err.toString()).contains("approve ID");
        assertThat(run("deletes", "allow", "x")).isEqualTo(2);
        assertThat(run("deletes", "approve", "nothing/like this")).isEqualTo(1);
        assertThat(err.toString()).startsWith("kintsugi: ").contains("nothing/like this");
        assertThat(run("merges", "undo", "none")).isEqualTo(1);
        assertThat(err.toString()).contains("none");
        assertThat(run("merges", "--limit", "0")).isEqualTo(2);
        assertThat(run("recovery", "none")).isEqualTo(1);
    }

    @Test
    void whereNoHubIsItSaysSo() throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        for (var command :
                List.of("systems", "deletes", "erasures", "merges", "recovery", "policies", "schema", "reviews")) {
            assertThat(plain(command, "--hub", "http://127.0.0.1:" + port))
                    .as(command)
                    .isEqualTo(1);
            assertThat(err.toString())
                    .contains("no hub answers at http://127.0.0.1:" + port)
                    .contains("kintsugi serve");
        }
        assertThat(plain("deletes", "--hub", "127.0.0.1:7070")).isEqualTo(2);
        assertThat(err.toString()).contains("http://127.0.0.1:7070");
        assertThat(plain("deletes", "--hub", url + "/docs")).isEqualTo(1);
    }

    @Test
    void deletesAreListedAndAnswered() throws Exception {
        assertThat(run("deletes")).isZero();
        assertThat(out.toString()).contains("No delete waits");
        var review = hub.brake("shop", List.of(hub.goldenOf("crm:contact:1")));
        assertThat(run("deletes")).isEqualTo(3);
        assertThat(out.toString()).contains(review).contains("30 deletes for shop");
        assertThat(run("deletes", "--json")).isEqualTo(3);
        assertThat(json().at("/0/id").asText()).isEqualTo(review);
        assertThat(run("deletes", "refuse", review)).as(err.toString()).isZero();
        assertThat(out.toString()).contains("stays");
        assertThat(run("deletes")).isZero();
        assertThat(run("deletes", "approve", review)).as("answered already").isEqualTo(1);
    }

    @Test
    @DisplayName("SYN-5: the list of systems says whose writes have no known outcome for too long")
    void overdueWritesAreShown() throws Exception {
        hub.hub.systems().start();
        hub.sentUnanswered("crm:contact:gone-1", Duration.ofMinutes(14));
        assertThat(run("systems")).isZero();
        hub.sentUnanswered("crm:contact:gone-2", Duration.ofMinutes(16));
        assertThat(run("systems")).isEqualTo(3);
        assertThat(out.toString()).contains("outcome not known of 1 write, the oldest sent 20");
    }

    private void parked(String target, String problem) {
        var golden = hub.goldenOf("crm:contact:1");
        hub.store.write(tx -> {
            var key = OutboundChange.updateKey(RecordKey.parse(target));
            tx.outbox()
                    .mark(List.of(new Outbox.Marker(golden, "erp", "contact", RecordKey.parse(target), Instant.now())));
            var due = tx.outbox().find(List.of(key)).get(key);
            tx.outbox()
                    .save(List.of(new OutboundChange(
                            due.key(),
                            due.goldenId(),
                            due.system(),
                            due.entityType(),
                            due.target(),
                            OutboundState.PARKED,
                            false,
                            due.markedAt(),
                            null,
                            1,
                            null,
                            null,
                            problem,
                            Instant.now())));
            return null;
        });
    }

    @Test
    @DisplayName("SYN-5, SYN-7: parked writes are listed with their reason, and tried again one by one or all at once")
    void parkedWritesAreListedAndTriedAgain() throws Exception {
        assertThat(run("writes")).isZero();
        assertThat(out.toString()).contains("No such write.");
        parked("erp:contact:1", "BAD_VALUE phone: too long");
        parked("erp:contact:2", "BAD_VALUE phone: too long");
        assertThat(run("writes", "--system", "crm")).isZero();
        assertThat(run("writes", "--system", "erp")).isEqualTo(3);
        assertThat(out.toString()).contains("record|erp:contact:1  parked", "    BAD_VALUE phone: too long");
        run("writes", "--json");
        assertThat(json()).hasSize(2);

        assertThat(run("writes", "retry", "record|erp:contact:1")).isZero();
        assertThat(out.toString()).contains("1 write is tried again.");
        var key = OutboundChange.updateKey(RecordKey.parse("erp:contact:1"));
        assertThat(hub.store.read(tx -> tx.outbox().find(List.of(key)).get(key)).state())
                .isNotEqualTo(OutboundState.PARKED);
        assertThat(run("writes", "retry", "--all", "--system", "erp")).isZero();
        assertThat(out.toString()).contains("1 write is tried again.");
        assertThat(run("writes", "retry", "record|erp:contact:none")).isEqualTo(1);
        assertThat(err.toString()).contains("record|erp:contact:none");
        assertThat(run("writes", "retry", "record|erp:contact:none", "record|crm:contact:none"))
                .isEqualTo(3);
        assertThat(err.toString()).contains("record|erp:contact:none: ", "record|crm:contact:none: ");
        for (var wrong : List.of(
                List.of("writes", "record|erp:contact:1"),
                List.of("writes", "list", "record|erp:contact:1"),
                List.of("writes", "retry"),
                List.of("writes", "retry", "--all", "record|erp:contact:1"),
                List.of("writes", "--all"),
                List.of("writes", "retry", "--all", "--overdue"),
                List.of("writes", "--limit", "0"))) {
            assertThat(run(wrong.toArray(String[]::new))).as(wrong.toString()).isEqualTo(2);
        }
    }

    @Test
    void aFirstSyncIsShownAndAnswered() throws Exception {
        hub.askFirst("erp");
        var golden = hub.goldenOf("crm:contact:1");
        hub.store.write(tx -> {
            tx.outbox().mark(List.of(new Outbox.Marker(golden, "erp", "contact", null, Instant.now())));
            return null;
        });
        hub.hub.systems().start();
        assertThat(run("systems")).isEqualTo(3);
        assertThat(out.toString())
                .containsPattern("first sync waits for approval: 1 to create, up to [01] to change\\R")
                .containsOnlyOnce("first sync");
        hub.store.write(tx -> {
            tx.reviews().save(List.of(Samples.review("rv-1", 3, RecordKey.parse("crm:contact:1"))));
            return null;
        });
        run("systems");
        assertThat(out.toString()).containsPattern("0 to create, up to [01] to change, 1 create waits for a question");
        assertThat(run("systems", "refuse", "erp")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("can still be approved");
        assertThat(run("systems")).isZero();
        assertThat(out.toString()).contains("first sync refused");
        assertThat(run("systems", "approve", "erp", "--json")).isZero();
        assertThat(json().at("/firstSync/answer").asText()).isEqualTo("APPROVED");
        assertThat(run("systems")).isZero();
        assertThat(out.toString()).contains("crm", "erp").doesNotContain("first sync");
        assertThat(run("systems", "refuse", "erp")).isEqualTo(1);
        assertThat(err.toString()).contains("was approved");
        assertThat(run("systems", "approve", "crm")).isEqualTo(1);
        assertThat(err.toString()).contains("firstSync: approve");
        assertThat(run("systems", "approve")).isEqualTo(2);
        assertThat(err.toString()).contains("approve SYSTEM");
    }

    @Test
    @DisplayName("DEL-11: an erasure is planned, begun, seen through by hand, proven and lifted")
    void anErasureFromBeginningToEnd() throws Exception {
        assertThat(run("erasures")).isZero();
        assertThat(out.toString()).contains("Nothing was erased yet");
        var golden = hub.http
                .get("/api/v1/goldens?state=ANY")
                .expect(200)
                .json()
                .path("items")
                .get(0)
                .path("id")
                .asText();
        assertThat(run("erasures", "plan", golden)).isZero();
        assertThat(out.toString())
                .contains("Would be erased for good")
                .contains("3 records")
                .contains(" block keys");
        assertThat(run("erasures", "begin", golden)).as("no reason").isEqualTo(2);
        assertThat(run("erasures", "begin", golden, "--reason", "case 7")).isZero();
        assertThat(out.toString()).contains("add --yes");
        assertThat(run("erasures", "begin", golden, "--reason", "Lovelace asked", "--yes"))
                .as("names the person")
                .isEqualTo(1);
        assertThat(run("erasures", "begin", golden, "--reason", "case 7", "--yes", "--json"))
                .isEqualTo(3);
        var id = json().path("id").asText();
        for (var step : json().path("steps")) {
            var system = step.path("system").asText();
            if (!step.path("state").asText().equals("WAITING")) continue;
            assertThat(run("erasures", "hand", id, system, step.path("recordId").asText()))
                    .as(err.toString())
                    .isEqualTo(3);
        }
        while (hub.hub.erasing().step()) {
            // until nothing moves
        }
        assertThat(run("erasures", "gone", id, "crm", "nobody")).isEqualTo(1);
        assertThat(err.toString()).contains("no record nobody in crm");
        assertThat(run("erasures", "show", id, "--json")).isEqualTo(3);
        assertThat(json().path("state").asText()).isEqualTo("REMOVED");
        for (var step : json().path("steps")) {
            run(
                    "erasures",
                    "gone",
                    id,
                    step.path("system").asText(),
                    step.path("record").asText());
        }
        assertThat(run("erasures")).isZero();
        assertThat(out.toString())
                .contains(id)
                .contains("done")
                .contains("case 7")
                .doesNotContain("Lovelace");
        assertThat(run("erasures", "evidence", id)).isZero();
        assertThat(json().at("/statement/complete").asBoolean()).isTrue();
        assertThat(run("erasures", "lift", id, "--reason", "case 8")).isZero();
        assertThat(out.toString()).contains("add --yes");
        assertThat(run("erasures", "lift", id, "--reason", "case 8", "--yes")).isZero();
        assertThat(run("erasures", "show", id)).isZero();
        assertThat(out.toString()).contains("lifted");
        assertThat(run("erasures", "plan", golden)).as("gone for good").isEqualTo(1);
    }

    @Test
    void wrongWordsAboutErasuresAreRefused() {
        for (var words : List.of(
                List.of("erasures", "list", "e-1"),
                List.of("erasures", "show"),
                List.of("erasures", "gone", "e-1"),
                List.of("erasures", "show", "e-1", "crm", "4711"),
                List.of("erasures", "show", "e-1", "--yes"),
                List.of("erasures", "lift", "e-1"))) {
            assertThat(run(words.toArray(String[]::new))).as(words.toString()).isEqualTo(2);
        }
        assertThat(run("erasures", "show", "e-1")).isEqualTo(1);
        assertThat(err.toString()).startsWith("kintsugi: ").contains("e-1");
    }

    @Test
    void mergesAreListedAndTakenBack() throws Exception {
        assertThat(run("merges")).isZero();
        assertThat(out.toString()).contains("Nothing was merged yet.");
        hub.record("shop:contact:z", "firstName", "Grace", "lastName", "Hopper", "email", "grace@example.org");
        var ada = hub.goldenOf("crm:contact:1");
        var grace = hub.goldenOf("shop:contact:z");
        var revisions = "{\"%s\":%s,\"%s\":%s}"
                .formatted(
                        ada,
                        hub.http.get("/api/v1/goldens/" + ada).at("/revision"),
                        grace,
                        hub.http.get("/api/v1/goldens/" + grace).at("/revision"));
        hub.http
                .post(
                        "/api/v1/merges",
                        "{\"survivor\":\"%s\",\"goldens\":[\"%s\",\"%s\"],\"revisions\":%s}"
                                .formatted(ada, ada, grace, revisions))
                .expect(200);
        assertThat(run("merges", "--json")).isZero();
        var merge = json().at("/0/id").asText();
        assertThat(run("merges")).isZero();
        assertThat(out.toString())
                .contains(merge)
                .contains(grace + " into " + ada)
                .contains("    an undo gives ");
        assertThat(run("merges", "undo", merge)).as(err.toString()).isZero();
        assertThat(out.toString()).contains("2 golden records stand for themselves again; ");
        assertThat(hub.goldenOf("shop:contact:z")).isEqualTo(grace);
    }

    @Test
    void theRecoveryIsToldOnceThereWasOne() throws Exception {
        assertThat(run("recovery")).isZero();
        assertThat(out.toString()).contains("There was no outage");
        var before = Instant.now().minusSeconds(36 * 3600).truncatedTo(ChronoUnit.SECONDS);
        hub.store.write(tx -> {
            for (var system : List.of("crm", "erp", "shop")) {
                tx.journal()
                        .saveCheckpoint("contact", system, "{\"at\":\"" + before + "\",\"missedSince\":null}", before);
            }
            return null;
        });
        hub.hub.systems().start();
        while (run("recovery", "--json") == 3 && json().path("state").asText().equals("RUNNING")) Thread.sleep(50);
        assertThat(json().path("cause").asText()).contains("the hub was down since " + before);
        assertThat(run("recovery")).isZero();
        assertThat(out.toString())
                .contains("the hub was down")
                .contains("read up to")
                .contains("; 1 row read, 1 deleted there, 1 write planned")
                .contains("1 record, equal");
        conflictsAreListed(json("recovery", "--json").path("run").asText());
    }

    private void conflictsAreListed(String recovery) throws Exception {
        assertThat(run("recovery", "--conflicts")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("No conflict.");
        RecoveryApiTest.threeConflicts(hub.store, recovery);
        assertThat(run("recovery", "--conflicts", "--limit", "0")).isZero();
        assertThat(out.toString())
                .contains("g-0 email: crm:contact:0 \"a\" against erp:contact:0 \"b\"; \"b\" stands, by LATEST")
                .contains("g-1 city", "g-2 email")
                .doesNotContain("There are more");
        assertThat(run("recovery", recovery, "--conflicts", "--limit", "2")).isZero();
        assertThat(out.toString()).contains("g-0", "g-1").doesNotContain("g-2");
        var cursor = out.toString().replaceAll("(?s).*--after (\\S+).*", "$1");
        assertThat(run("recovery", recovery, "--conflicts", "--after", cursor)).isZero();
        assertThat(out.toString()).contains("g-2").doesNotContain("g-0", "g-1", "There are more");
        var cities = json(
                "recovery", "--conflicts", "--type", "contact", "--attribute", "city", "--system", "erp", "--json");
        assertThat(cities.at("/items")).hasSize(1);
        assertThat(cities.at("/items/0/goldenId").asText()).isEqualTo("g-1");
        assertThat(run("recovery", "--limit", "3")).as("goes with --conflicts").isEqualTo(2);
        assertThat(run("recovery", "--conflicts", "--limit", "-1")).isEqualTo(2);
    }

    private JsonNode json(String... arguments) throws Exception {
        run(arguments);
        return json();
    }

    @Test
    void aPlanIsTriedInTheHub(@TempDir Path temp) throws Exception {
        hub.close();
        try (var other = new ApiUnderTest(
                ApiUnderTest.changing(new MemoryHubStore()), Clock.systemUTC(), List.of(new SimulatedSystems(true)))) {
            other.ada();
            var there = other.http.uri("").toString();
            var file = Files.writeString(
                    temp.resolve("new.yaml"),
                    "authority: {contact: {default: {strategy: system_rank, ranking: [erp, crm, shop]}}}\n");
            assertThat(plain("plan", "--config", file.toString(), "--hub", there))
                    .as(err.toString())
                    .isZero();
            assertThat(out.toString()).contains("Golden records:").contains("Nothing was changed.");
            assertThat(plain("plan", "--config", file.toString(), "--hub", there, "--json"))
                    .isZero();
            assertThat(json().at("/goldens/added").isNumber()).isTrue();
            assertThat(plain("plan", "--config", file.toString(), "--read", "crm", "--hub", there))
                    .isEqualTo(2);
            assertThat(plain("plan", "--read", "cmr", "--hub", there)).isEqualTo(1);
            assertThat(err.toString()).contains("cmr");
            var empty = Files.writeString(temp.resolve("empty.yaml"), "http: {port: 7070}\n");
            assertThat(plain("plan", "--config", empty.toString(), "--hub", there))
                    .isEqualTo(2);
            assertThat(err.toString()).contains("nothing to try");
        }
    }
}
