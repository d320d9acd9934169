package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExplainApiTest {
    private final ApiUnderTest hub = new ApiUnderTest();

    @AfterEach
    void stop() {
        hub.close();
    }

    private void bruno() {
        hub.record(
                "shop:contact:9",
                "firstName",
                "Bruno",
                "lastName",
                "Silva",
                "email",
                "bruno@silva.example",
                "phone",
                "+351 21 123 4567");
    }

    private HttpClientOf.Answer merge(String survivor, String other) {
        var path = "/api/v1/goldens/";
        var body = "{\"goldens\":[\"%s\",\"%s\"],\"survivor\":\"%s\",\"revisions\":{\"%s\":%s,\"%s\":%s}}"
                .formatted(
                        survivor,
                        other,
                        survivor,
                        survivor,
                        hub.http.get(path + survivor).at("/revision"),
                        other,
                        hub.http.get(path + other).at("/revision"));
        return hub.http.post("/api/v1/merges", body).expect(200);
    }

    @Test
    @DisplayName("ID-9: explain/link gives rule, steps that sum to the score, key, assertions and rule set")
    void aLinkIsExplained() {
        hub.ada();
        var why = hub.http
                .get("/api/v1/explain/link?a=crm:contact:1&b=erp:contact:A/7")
                .expect(200);
        double sum = StreamSupport.stream(why.json().path("comparisons").spliterator(), false)
                .mapToDouble(step -> step.path("bits").asDouble())
                .sum();
        assertThat(sum).isCloseTo(why.json().at("/computed/score").asDouble(), within(1e-9));
        assertThat(why.at("/comparisons/0/name")).isEqualTo("prior");
        assertThat(why.at("/conclusion/decision")).isEqualTo("MATCH");
        assertThat(why.at("/computed/ruleSet")).contains("policy 2");
        assertThat(why.at("/policyVersion")).isEqualTo("2");
        assertThat(why.at("/blockKey")).startsWith("contact:");
        assertThat(why.each("/keys", "value")).contains(why.at("/blockKey"));
        assertThat(why.json().at("/thresholds/autoBits").asDouble()).isEqualTo(9);
    }

    @Test
    @DisplayName("ID-9: explain/link answers for records that were never compared, and as of an instant")
    void anUncomparedPairIsExplained() {
        hub.ada();
        bruno();
        var path = "/api/v1/explain/link?a=crm:contact:1&b=shop:contact:9";
        var why = hub.http.get(path).expect(200);
        assertThat(why.at("/conclusion/ground")).isEqualTo("NO_KEY");
        assertThat(why.json().has("blockKey")).isFalse();
        var then = hub.http.get(path + "&asOf=2001-01-01T00:00:00Z").expect(200);
        assertThat(then.at("/conclusion/ground")).isEqualTo("NOT_KNOWN");
        assertThat(then.at("/then/b/known")).isEqualTo("false");
        assertThat(then.json().has("computed")).isFalse();
        assertThat(hub.http.get(path + "&asOf=yesterday").expect(400).at("/detail"))
                .contains("asOf", "2026-");
    }

    @Test
    @DisplayName("ID-9: how a golden came to be is a tree of joins and merges")
    void aGoldenTellsHowItCameToBe() {
        hub.ada();
        bruno();
        var ada = hub.goldenOf("crm:contact:1");
        var other = hub.goldenOf("shop:contact:9");
        merge(ada, other);
        var how = hub.http.get("/api/v1/goldens/" + other + "/how").expect(200);
        assertThat(how.at("/goldenId")).as("of the golden in use").isEqualTo(ada);
        assertThat(how.each("/steps", "cause")).containsExactly("CREATED", "UPDATED", "UPDATED", "ABSORBED");
        assertThat(how.at("/steps/0/joined/0")).isEqualTo("crm:contact:1");
        assertThat(how.at("/steps/1/joined/0")).isEqualTo("erp:contact:A/7");
        assertThat(how.at("/steps/1/because/decision")).isEqualTo("MATCH");
        assertThat(how.at("/steps/3/merge/by")).isEqualTo("local");
        assertThat(how.at("/steps/3/absorbed/0/goldenId")).isEqualTo(other);
        assertThat(how.at("/steps/3/absorbed/0/steps/0/joined/0")).isEqualTo("shop:contact:9");
        hub.http.get("/api/v1/goldens/none/how").expect(404);
    }

    @Test
    @DisplayName("MRG-10: which merge brought this value here")
    void aValueTellsWhichMergeBroughtIt() {
        hub.record("crm:contact:1", "firstName", "Ada", "lastName", "Lovelace", "email", "ada@example.org");
        bruno();
        var ada = hub.goldenOf("crm:contact:1");
        var merge = merge(ada, hub.goldenOf("shop:contact:9"));
        var way = hub.http
                .get("/api/v1/explain/value?golden=" + ada + "&attribute=phone")
                .expect(200);
        assertThat(way.at("/record")).isEqualTo("shop:contact:9");
        assertThat(way.at("/broughtBy/id")).isEqualTo(merge.at("/id"));
        assertThat(way.json().path("merges")).hasSize(1);
        var own = hub.http
                .get("/api/v1/explain/value?golden=" + ada + "&attribute=email")
                .expect(200);
        assertThat(own.json().has("broughtBy")).isFalse();
        assertThat(hub.http
                        .get("/api/v1/explain/value?golden=" + ada + "&attribute=phon")
                        .expect(404)
                        .at("/detail"))
                .contains("\"phone\"");
    }
}
