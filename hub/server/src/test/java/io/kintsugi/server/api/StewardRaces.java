package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.api.HttpClientOf.Answer;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two stewards who send at the same moment what they decided on the same things, again and again. */
@DisplayName("MRG-7: of two stewards at once one decides, the other gets 409 with what is there now")
abstract class StewardRaces {
    private static final int ROUNDS = 4;
    private final ExecutorService stewards = Executors.newFixedThreadPool(2);
    private ApiUnderTest hub;

    abstract HubStore emptyStore();

    @BeforeEach
    void start() {
        hub = new ApiUnderTest(emptyStore(), Clock.systemUTC(), List.of());
    }

    @AfterEach
    void stop() {
        stewards.shutdownNow();
        hub.close();
    }

    /** Two strangers, of whom nobody says that they are one. */
    private List<String> strangers(int round) {
        var one = "crm:contact:one" + round;
        var two = "erp:contact:two" + round;
        hub.record(one, "firstName", "Ada" + round, "lastName", "Lovelace", "email", "ada" + round + "@example.org");
        hub.record(two, "firstName", "King" + round, "lastName", "Okafor", "email", "king" + round + "@example.com");
        return List.of(hub.goldenOf(one), hub.goldenOf(two));
    }

    private static String merge(List<String> goldens, String survivor) {
        return "{\"goldens\":[\"%s\",\"%s\"],\"survivor\":\"%s\",\"revisions\":{\"%s\":1,\"%s\":1}}"
                .formatted(goldens.get(0), goldens.get(1), survivor, goldens.get(0), goldens.get(1));
    }

    /** The answer of who came first, after the other one was refused. */
    private Answer first(Callable<Answer> one, Callable<Answer> other) throws Exception {
        var gate = new CyclicBarrier(2);
        Stream<Callable<Answer>> both = Stream.of(one, other).map(call -> () -> {
            gate.await();
            return call.call();
        });
        List<Future<Answer>> answers = stewards.invokeAll(both.toList());
        var a = answers.get(0).get();
        var b = answers.get(1).get();
        var winner = a.status() == 200 ? a : b;
        var loser = winner == a ? b : a;
        winner.expect(200);
        loser.expect(409);
        assertThat(loser.at("/code")).isIn("REVISION_CONFLICT", "NOT_POSSIBLE");
        assertThat(loser.json().path("current")).isNotEmpty();
        return winner;
    }

    @Test
    void oneOfTwoMergesIsDone() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var goldens = strangers(round);
            var winner = first(
                    () -> hub.http.post("/api/v1/merges", merge(goldens, goldens.get(0))),
                    () -> hub.http.post("/api/v1/merges", merge(goldens, goldens.get(1))));
            assertThat(hub.goldenOf("crm:contact:one" + round)).isEqualTo(winner.at("/survivor"));
            assertThat(hub.goldenOf("erp:contact:two" + round)).isEqualTo(winner.at("/survivor"));
        }
        assertThat(hub.http.get("/api/v1/merges").json().path("items")).hasSize(ROUNDS);
    }

    @Test
    void oneOfTwoMergesThatShareAGoldenIsDone() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var goldens = strangers(round);
            var three = "shop:contact:three" + round;
            hub.record(three, "firstName", "Zoe" + round, "lastName", "Nkemelu", "phone", "+44 113 496 000" + round);
            var others = List.of(goldens.get(0), hub.goldenOf(three));
            var winner = first(
                    () -> hub.http.post("/api/v1/merges", merge(goldens, goldens.get(0))),
                    () -> hub.http.post("/api/v1/merges", merge(others, goldens.get(0))));
            assertThat(winner.json().path("absorbed")).hasSize(1);
        }
        assertThat(hub.http.get("/api/v1/merges").json().path("items")).hasSize(ROUNDS);
    }

    @Test
    void oneOfTwoUnmergesIsDone() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var goldens = strangers(round);
            var id = hub.http
                    .post("/api/v1/merges", merge(goldens, goldens.get(0)))
                    .expect(200)
                    .at("/id");
            var path = "/api/v1/merges/" + id + "/unmerge";
            var revision = hub.http.post(path + "/preview", null).header("ETag");
            first(
                    () -> hub.http.post(path, "{\"note\":\"one\"}", "If-Match", revision),
                    () -> hub.http.post(path, "{\"note\":\"other\"}", "If-Match", revision));
            assertThat(List.of(hub.goldenOf("crm:contact:one" + round), hub.goldenOf("erp:contact:two" + round)))
                    .isEqualTo(goldens);
        }
    }

    @Test
    void oneOfTwoDecisionsStands() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var name = "Okafor" + "abcdef".charAt(round);
            var a = "crm:contact:a" + round;
            var b = "erp:contact:b" + round;
            hub.record(a, "firstName", "Robert", "lastName", name, "birthDate", "1961-04-02", "city", "Leeds");
            hub.record(b, "firstName", "Robert", "lastName", name, "city", "Leeds");
            var open = hub.http
                    .get("/api/v1/reviews?limit=1&golden=" + hub.goldenOf(b))
                    .expect(200);
            var path = "/api/v1/reviews/" + open.at("/items/0/id");
            var revision = hub.http.get(path).expect(200).header("ETag");
            var winner = first(
                    () -> hub.http.post(path + "/decision", "{\"decision\":\"MATCH\"}", "If-Match", revision),
                    () -> hub.http.post(path + "/decision", "{\"decision\":\"NO_MATCH\"}", "If-Match", revision));
            assertThat(hub.goldenOf(a).equals(hub.goldenOf(b)))
                    .isEqualTo(winner.at("/decision").equals("MATCH"));
        }
    }
}
