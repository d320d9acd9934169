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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Match rules over HTTP, in a hub whose documents are published as they are in a real one. */
class MatchRulesApiTest {
    private static final String RULES = "/api/v1/match-rules/contact";
    private final MemoryHubStore store = new MemoryHubStore();
    private final Clock clock = Clock.systemUTC();
    private final Hub hub = Hub.over(
            store,
            new LiveModel(new ModelStore(store, clock)
                    .publish(
                            new Documents(Map.of("matching", Map.of("contact", "autoBits: 9\nreviewBits: 0\n"))),
                            "test")),
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

    private void record(String key, String... attributesInTurn) {
        var attributes = new HashMap<String, String>();
        for (int i = 0; i < attributesInTurn.length; i += 2) {
            attributes.put(attributesInTurn[i], attributesInTurn[i + 1]);
        }
        var at = clock.instant();
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

    private String goldenOf(String key) {
        var record = RecordKey.parse(key);
        return store.read(tx -> tx.goldens().goldenOf(List.of(record)).get(record));
    }

    /** Anna in two systems is one; two Roberts may be one. */
    private void people() {
        for (var system : List.of("crm", "erp")) {
            record(
                    system + ":contact:1",
                    "firstName",
                    "Anna",
                    "lastName",
                    "Kowalski",
                    "email",
                    "anna.kowalski@acme.example",
                    "birthDate",
                    "1980-03-04");
        }
        record(
                "crm:contact:2",
                "firstName",
                "Robert",
                "lastName",
                "Okafor",
                "birthDate",
                "1961-04-02",
                "city",
                "Leeds");
        record("erp:contact:2", "firstName", "Robert", "lastName", "Okafor", "city", "Leeds");
        assertThat(goldenOf("crm:contact:1")).isEqualTo(goldenOf("erp:contact:1"));
        assertThat(goldenOf("crm:contact:2")).isNotEqualTo(goldenOf("erp:contact:2"));
    }

    private HttpClientOf.Answer preview(String body) {
        var answer =
                http.post(RULES + "/preview", "{\"body\":\"" + body + "\"}").expect(200);
        while (answer.at("/state").equals("RUNNING")) {
            answer =
                    http.get("/api/v1/match-rules/previews/" + answer.at("/id")).expect(200);
        }
        assertThat(answer.at("/state")).as(answer.text()).isEqualTo("DONE");
        return answer;
    }

    private HttpClientOf.Answer publish(String body) {
        return http.post(
                RULES + "/publish",
                "{\"body\":\"" + body + "\"}",
                "If-Match",
                http.get(RULES).header("ETag"));
    }

    @Test
    @DisplayName("MRG-9: a preview names the merges that would be no more and those there would be, and writes nothing")
    void aPreviewNamesWhatWouldChangeAndWritesNothing() {
        people();
        var before = store.toString();
        var stricter = preview("autoBits: 90\\nreviewBits: 80\\n");
        assertThat(stricter.at("/result/vanishing")).isEqualTo("1");
        assertThat(stricter.at("/result/apart/0/golden")).isEqualTo(goldenOf("crm:contact:1"));
        assertThat(stricter.json().at("/result/apart/0/parts")).hasSize(2);
        assertThat(stricter.at("/result/appearing")).isEqualTo("0");
        var looser = preview("autoBits: -9\\nreviewBits: -10\\n");
        assertThat(looser.at("/result/appearing")).isEqualTo("1");
        assertThat(looser.json().at("/result/together/0/goldens")).hasSize(2);
        assertThat(looser.at("/result/vanishing")).isEqualTo("0");
        assertThat(preview("autoBits: 9\\nreviewBits: 0\\n").at("/result/goldensAfter"))
                .as("the rules there are")
                .isEqualTo("3");
        assertThat(store).as("the whole state").hasToString(before);
    }

    @Test
    @DisplayName("MRG-9: what is published makes exactly what its preview said")
    void publishingMakesWhatThePreviewSaid() {
        people();
        var draft = "autoBits: -9\\nreviewBits: -10\\n";
        var preview = preview(draft);
        var published = publish(draft).expect(200);
        resolve();
        assertThat(published.at("/version")).isEqualTo("2");
        assertThat(published.at("/body")).contains("autoBits: -9");
        assertThat(published.at("/versions/0/by")).isEqualTo("local");
        assertThat(http.get("/api/v1/stats").at("/goldens/contact")).isEqualTo(preview.at("/result/goldensAfter"));
        assertThat(goldenOf("crm:contact:2")).isEqualTo(goldenOf("erp:contact:2"));
    }

    @Test
    @DisplayName(
            "GOV-1: match rules are rolled back to what a version said, as a version of their own; none is forgotten")
    void rulesAreRolledBack() {
        var earlier = publish("autoBits: 5").expect(200).at("/version");
        var seen = publish("autoBits: 6").expect(200).at("/version");
        var back = http.post(RULES + "/rollback", "{\"version\":" + earlier + "}", "If-Match", "\"" + seen + "\"")
                .expect(200);
        assertThat(back.at("/body")).isEqualTo("autoBits: 5");
        assertThat(back.at("/version")).isNotIn(earlier, seen);
        assertThat(back.each("/versions", "version")).contains(earlier, seen, back.at("/version"));
        http.post(RULES + "/rollback", "{\"version\":99}", "If-Match", "\"" + back.at("/version") + "\"")
                .expect(404);
        http.post(RULES + "/rollback", "{\"version\":1}", "If-Match", "\"" + seen + "\"")
                .expect(409);
        http.post(RULES + "/rollback", "{}", "If-Match", "\"" + back.at("/version") + "\"")
                .expect(400);
        http.post(RULES + "/rollback", "{\"version\":1}").expect(428);
    }

    @Test
    @DisplayName(
            "MRG-1, MRG-9: a preview says how many pairs people would be asked about and how many would only be listed")
    void aPreviewTellsWhatAModeDoes() {
        people();
        var report = preview("autoBits: 9\\nreviewBits: 0\\nmode: report\\n");
        assertThat(report.at("/result/vanishing")).isEqualTo("1");
        assertThat(report.at("/result/reported")).isEqualTo("1");
        assertThat(report.at("/result/asked")).isEqualTo("0");
        var skipping = preview("autoBits: 9\\nreviewBits: 0\\nskipWhen: {firstName: Anna}\\n");
        assertThat(skipping.at("/result/vanishing")).isEqualTo("1");
        assertThat(skipping.at("/result/reported")).isEqualTo("0");
        publish("autoBits: 9\\nreviewBits: 0\\nmode: report\\n").expect(200);
        resolve();
        assertThat(http.get("/api/v1/reviews").json().at("/items")).isEmpty();
        assertThat(http.get("/api/v1/reviews?kind=WOULD_MERGE").json().at("/items"))
                .hasSize(1);
        http.post(RULES + "/preview", "{\"body\":\"maxClusterSize: 1\\n\"}").expect(422);
        http.post(RULES + "/preview", "{\"body\":\"skipWhen: {colour: red}\\n\"}")
                .expect(422);
    }

    @Test
    @DisplayName("MRG-1: merges that the brake holds back are listed, and approved with one call")
    void heldMergesAreApprovedOnce() {
        people();
        publish("autoBits: 9\\nreviewBits: 0\\nmode: report\\n").expect(200);
        for (var system : List.of("crm", "erp")) {
            record(
                    system + ":contact:9",
                    "firstName",
                    "Grace",
                    "lastName",
                    "Hopper",
                    "email",
                    "grace.hopper@acme.example",
                    "birthDate",
                    "1966-12-09");
        }
        resolve();
        publish("autoBits: 9\\nreviewBits: 0\\nbrake: {merges: 0, percent: 0}\\n")
                .expect(200);
        resolve();
        assertThat(goldenOf("crm:contact:1")).isNotEqualTo(goldenOf("erp:contact:1"));
        assertThat(http.get("/api/v1/reviews?kind=HELD_MERGE").json().at("/items"))
                .hasSize(2);
        var asked = http.get("/api/v1/reviews?kind=MERGE_BRAKE");
        var one = "/api/v1/reviews/" + asked.at("/items/0/id");
        assertThat(asked.at("/items/0/held")).isEqualTo("2");
        var held =
                "/api/v1/reviews/" + http.get("/api/v1/reviews?kind=HELD_MERGE").at("/items/0/id");
        var seen = http.get(held).header("ETag");
        http.post(held + "/decision", "{\"decision\":\"MATCH\"}", "If-Match", seen)
                .expect(200);
        assertThat(http.get(one).expect(200).at("/review/held")).isEqualTo("1");
        http.post(one + "/approve", "{\"note\":\"right\"}", "If-Match", "\"9\"").expect(409);
        var answered = http.post(
                        one + "/approve",
                        "{\"note\":\"right\"}",
                        "If-Match",
                        http.get(one).header("ETag"))
                .expect(200);
        assertThat(answered.at("/state")).isEqualTo("DECIDED");
        assertThat(answered.json().has("held")).isFalse();
        resolve();
        assertThat(goldenOf("crm:contact:1")).isEqualTo(goldenOf("erp:contact:1"));
    }

    @Test
    @DisplayName("MRG-9, ID-4: a verdict holds in a preview as it does under the rules")
    void aVerdictHoldsInAPreview() {
        people();
        judge("NO_MATCH");
        assertThat(preview("autoBits: -9\\nreviewBits: -10\\n").at("/result/appearing"))
                .isEqualTo("0");
    }

    private void judge(String decision) {
        var path = "/api/v1/reviews/"
                + HttpClientOf.encode(http.get("/api/v1/reviews").at("/items/0/id"));
        http.post(
                        path + "/decision",
                        "{\"decision\":\"" + decision + "\"}",
                        "If-Match",
                        http.get(path).header("ETag"))
                .expect(200);
    }

    @Test
    @DisplayName(
            "ID-11: records and verdicts teach a draft, which says all else as before, can be published, and writes nothing")
    void recordsAndVerdictsTeachADraft() {
        people();
        judge("MATCH");
        var before = store.toString();
        var draft = "autoBits: 7\\nmode: report\\nrules: {prior: {records: 9}, keys: {phone: 50}}\\n";
        var lesson = http.post(RULES + "/learn", "{\"body\":\"" + draft + "\"}").expect(200);
        while (lesson.at("/state").equals("RUNNING")) {
            lesson = http.get("/api/v1/match-rules/lessons/" + lesson.at("/id")).expect(200);
        }
        assertThat(lesson.at("/state")).as(lesson.text()).isEqualTo("DONE");
        assertThat(lesson.at("/result/records")).isEqualTo("4");
        assertThat(lesson.at("/result/verdicts")).isEqualTo("1");
        assertThat(lesson.at("/result/same")).isEqualTo("1");
        var body = lesson.at("/result/body");
        assertThat(body).contains("autoBits: 7", "mode: report", "phone: 50", "familyName:");
        assertThat(store).as("the whole state").hasToString(before);
        http.get("/api/v1/match-rules/previews/" + lesson.at("/id")).expect(404);
        var again = http.post(RULES + "/learn", body(body)).expect(200);
        assertThat(again.at("/result/body"))
                .as("what was learned before does not count twice")
                .isEqualTo(body);
        http.post(RULES + "/publish", body(body), "If-Match", http.get(RULES).header("ETag"))
                .expect(200);
        assertThat(http.get(RULES).at("/body")).isEqualTo(body);
    }

    private static String body(String yaml) {
        return "{\"body\":\"" + yaml.replace("\"", "\\\"").replace("\n", "\\n") + "\"}";
    }

    @Test
    void nothingIsLearnedFromNothing() {
        var none = http.post(RULES + "/learn", "{\"body\":\"\"}").expect(200);
        assertThat(none.at("/state")).isEqualTo("FAILED");
        assertThat(none.at("/problem")).contains("no two records of contact");
        assertThat(http.post(RULES + "/learn", "{\"body\":\"rules: {comparisons: {fone: {}}}\"}")
                        .expect(422)
                        .at("/detail"))
                .contains("fone");
        http.post(RULES + "/learn", "{}").expect(400);
        http.get("/api/v1/match-rules/lessons/none").expect(404);
    }

    @Test
    void whatIsWrongWithADraftIsSaidAndAStaleVersionIsRefused() {
        people();
        var wrong = http.post(RULES + "/preview", "{\"body\":\"autoBitz: 3\"}").expect(422);
        assertThat(wrong.at("/detail")).contains("autoBitz", "\"autoBits\"");
        publish("autoBitz: 3").expect(422);
        publish("autoBits: 5").expect(200);
        var late = http.post(RULES + "/publish", "{\"body\":\"autoBits: 6\"}", "If-Match", "\"0\"")
                .expect(409);
        assertThat(late.at("/current/version")).isEqualTo("2");
        http.get("/api/v1/match-rules/contct").expect(404);
        http.get("/api/v1/match-rules/previews/none").expect(404);
    }

    @Test
    @DisplayName(
            "ID-11: precision and recall on the pairs that stewards judged are there for each version of the rules")
    void eachVersionIsMeasuredByWhatStewardsSaid() {
        people();
        judge("MATCH");
        var strict = http.get(RULES).expect(200);
        assertThat(strict.at("/versions/0/version")).isEqualTo("1");
        assertThat(strict.at("/versions/0/figures/labelled")).isEqualTo("1");
        assertThat(strict.at("/versions/0/figures/recall")).isEqualTo("0.0");
        assertThat(strict.json().at("/versions/0/figures").has("precision"))
                .as("it matched none of them")
                .isFalse();
        var looser = publish("autoBits: -9\\nreviewBits: -10\\n").expect(200);
        assertThat(looser.at("/versions/0/figures/recall")).isEqualTo("1.0");
        assertThat(looser.at("/versions/0/figures/precision")).isEqualTo("1.0");
    }

    @Test
    @DisplayName("ID-11: rules that merge what stewards told apart are not published below their precision floor")
    void aPrecisionFloorHoldsBackAPublication() {
        people();
        judge("NO_MATCH");
        var before = http.get(RULES).expect(200).text();
        var refused = publish("autoBits: -9\\nreviewBits: -10\\nprecisionFloor: 0.9\\n")
                .expect(422);
        assertThat(refused.at("/detail")).contains("0 are right", "precisionFloor of 0.9");
        assertThat(http.get(RULES).expect(200).text()).isEqualTo(before);
        publish("precisionFloor: 1.5").expect(422);
        assertThat(publish("autoBits: 40\\nreviewBits: 0\\nprecisionFloor: 0.9\\n")
                        .expect(200)
                        .at("/precisionFloor"))
                .isEqualTo("0.9");
    }
}
