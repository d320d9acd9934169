package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Why things are as they are, by the command line. */
@Timeout(60)
class CommandsOfExplanationsTest {
    private static final Pattern BITS = Pattern.compile("(?m)^ *([+-][0-9.]+)  (?!in all)");

    private final ApiUnderTest hub = new ApiUnderTest();
    private final Typed typed = new Typed(hub.http.uri("").toString());

    @AfterEach
    void stop() {
        hub.close();
    }

    private void refused(String because, String... words) {
        assertThat(typed.run(words)).as(String.join(" ", words)).isEqualTo(2);
        assertThat(typed.err()).contains(because);
    }

    private void bruno() {
        hub.record("shop:contact:9", "firstName", "Bruno", "lastName", "Silva", "phone", "+351 21 123 4567");
    }

    @Test
    @DisplayName("ID-9: why two records are one, with steps that sum to the score, and why two others are not")
    void aPairIsExplained() throws Exception {
        hub.ada();
        bruno();
        assertThat(typed.run("explain", "crm:contact:1", "erp:contact:A/7"))
                .as(typed.err())
                .isZero();
        var text = typed.out();
        assertThat(text)
                .contains("crm:contact:1", "erp:contact:A/7", "prior", "a probability of ", "policy 2")
                .containsPattern("Key in common: contact:\\S+, of 3 records");
        double sum = BITS.matcher(text)
                .results()
                .mapToDouble(found -> Double.parseDouble(found.group(1)))
                .sum();
        typed.run("explain", "crm:contact:1", "erp:contact:A/7", "--json");
        double score = typed.json().at("/computed/score").asDouble();
        assertThat(sum).isCloseTo(score, within(0.1));
        assertThat(text.lines().findFirst().orElseThrow())
                .isEqualTo(typed.json().at("/conclusion/text").asText());
        assertThat(typed.run("explain", "crm:contact:1", "shop:contact:9")).isZero();
        assertThat(typed.out())
                .contains("No key in common: the rules never compare them.")
                .containsPattern("(?m)^\\* lastName +Lovelace +Silva$");
        assertThat(typed.run("explain", "crm:contact:1", "shop:contact:9", "--as-of", "2001-01-01T00:00:00Z"))
                .isZero();
        assertThat(typed.out()).contains("(not known then)").doesNotContain("in all");
    }

    @Test
    @DisplayName("ID-9, MRG-10: how a golden record came to be, and which merge brought a value here")
    void aGoldenAndAValueAreExplained() throws Exception {
        hub.ada();
        bruno();
        var ada = hub.goldenOf("crm:contact:1");
        var other = hub.goldenOf("shop:contact:9");
        var body = "{\"goldens\":[\"%s\",\"%s\"],\"survivor\":\"%s\",\"revisions\":{\"%s\":%s,\"%s\":%s}}"
                .formatted(ada, other, ada, ada, revision(ada), other, revision(other));
        var merge = hub.http.post("/api/v1/merges", body).expect(200).at("/id");
        assertThat(typed.run("explain", other)).as(typed.err()).isZero();
        assertThat(typed.out())
                .startsWith(ada)
                .contains("created, with crm:contact:1")
                .contains("updated, with erp:contact:A/7, because of ")
                .contains("absorbed, by merge " + merge + " of local")
                .containsPattern("(?m)^        " + other + "  .*\\R {12}\\S+  created, with shop:contact:9");
        assertThat(typed.run("explain", ada, "phone")).isZero();
        assertThat(typed.out()).contains("phone of " + ada + ": ").contains(" of authority version ");
        assertThat(typed.run("explain", ada, "phon")).isEqualTo(1);
        assertThat(typed.err()).contains("\"phon\"");
        assertThat(typed.run("explain", "g-none")).isEqualTo(1);
    }

    private String revision(String golden) {
        return hub.http.get("/api/v1/goldens/" + golden).at("/revision");
    }

    @Test
    void whatMakesNoSenseIsSaid() {
        refused("Name a second record", "explain", "crm:contact:1");
        refused("\"phone\" is no key of a record", "explain", "crm:contact:1", "phone");
        refused("no id of a golden record", "explain", "crm:1");
        refused("--as-of goes with two records", "explain", "g-01", "--as-of", "2026-11-20T09:14:00Z");
        assertThat(typed.run("explain", "crm:contact:1", "erp:contact:none")).isEqualTo(1);
        assertThat(typed.err()).contains("does not know the record crm:contact:1");
    }
}
