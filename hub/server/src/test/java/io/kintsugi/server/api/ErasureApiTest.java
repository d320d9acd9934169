package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Erasing over HTTP: the plan, the run, its evidence, what people do about it, and what is left of the golden record. */
class ErasureApiTest {
    private final ApiUnderTest hub = new ApiUnderTest();
    private final HttpClientOf http = hub.http;
    private String golden;

    @BeforeEach
    void adaInThreeSystems() {
        golden = hub.ada().goldenOf("crm:contact:1");
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private String one() {
        return "/api/v1/goldens/" + golden;
    }

    private static String[] revision(Object revision) {
        return new String[] {"If-Match", "\"" + revision + "\""};
    }

    private String erase() {
        var revision = http.get(one()).expect(200).json().path("revision").asText();
        return http.post(one() + "/erase", "{\"reason\":\"case 7\"}", revision(revision))
                .expect(200)
                .at("/id");
    }

    /** Nobody can reach the systems of this hub, so a person does it. */
    private String erasedByHand() {
        var id = erase();
        while (true) {
            var erasure = http.get("/api/v1/erasures/" + id).expect(200).json();
            String waiting = null;
            for (var step : erasure.path("steps")) {
                if (step.path("state").asText().equals("WAITING"))
                    waiting = step.path("record").asText();
            }
            if (waiting == null) break;
            http.post(
                            "/api/v1/erasures/" + id + "/records/" + waiting + "/by-hand",
                            null,
                            revision(erasure.path("revision").asText()))
                    .expect(200);
        }
        while (hub.hub.erasing().step()) {
            // until nothing moves
        }
        return id;
    }

    @Test
    @DisplayName("DEL-11: the plan says what would happen in each system and in the hub, and changes nothing")
    void aPlanChangesNothing() {
        var plan = http.post(one() + "/erase/preview", null).expect(200);
        assertThat(plan.json().path("erasure").path("steps")).hasSize(3);
        assertThat(plan.json().path("removed").path("records").asInt()).isEqualTo(3);
        assertThat(http.get("/api/v1/erasures").expect(200).json().path("items"))
                .isEmpty();
        http.get(one()).expect(200);
    }

    @Test
    @DisplayName("DEL-11: what was erased is gone for the API, not unknown, and its evidence names nobody")
    void erased() throws Exception {
        var id = erasedByHand();
        var gone = http.get(one()).expect(410);
        assertThat(gone.at("/code")).isEqualTo("GONE");
        assertThat(gone.at("/detail")).contains(id);
        http.get(one() + "/history").expect(410);
        http.get(one() + "/explain").expect(410);
        http.post(one() + "/erase", "{\"reason\":\"case 8\"}", revision(1)).expect(410);
        assertThat(http.get("/api/v1/goldens?state=ANY").expect(200).json().toString())
                .doesNotContain("Lovelace");
        var erasure = http.get("/api/v1/erasures/" + id).expect(200);
        assertThat(erasure.at("/state")).isEqualTo("REMOVED");
        for (var step : erasure.json().path("steps")) {
            var now = http.get("/api/v1/erasures/" + id).expect(200);
            http.post(
                            "/api/v1/erasures/" + id + "/records/"
                                    + step.path("record").asText() + "/gone",
                            null,
                            revision(now.at("/revision")))
                    .expect(200);
        }
        var text = http.get("/api/v1/erasures/" + id + "/evidence").expect(200).json();
        assertThat(text.path("statement").path("complete").asBoolean()).isTrue();
        assertThat(text.path("statement").path("systems")).hasSize(3);
        assertThat(text.toString()).doesNotContain("Lovelace", "Ada", "A/7");
        var hash = MessageDigest.getInstance("SHA-256")
                .digest(text.path("statement").toString().getBytes(StandardCharsets.UTF_8));
        assertThat(text.path("sha256").asText()).isEqualTo(HexFormat.of().formatHex(hash));
        assertThat(http.get("/api/v1/erasures?state=DONE").expect(200).json().path("items"))
                .hasSize(1);
        assertThat(http.get("/api/v1/erasures/" + id + "/kept-out")
                        .expect(200)
                        .json()
                        .path("items"))
                .isEmpty();
        var lifted = http.post(
                        "/api/v1/erasures/" + id + "/lift",
                        "{\"reason\":\"is back\"}",
                        revision(http.get("/api/v1/erasures/" + id).expect(200).at("/revision")))
                .expect(200);
        assertThat(lifted.at("/lifted/reason")).isEqualTo("is back");
    }

    @Test
    @DisplayName("DEL-11: a reason is needed, and one that names the person is refused without repeating her name")
    void reasons() {
        var revision = http.get(one()).expect(200).at("/revision");
        http.post(one() + "/erase", "{\"reason\":\" \"}", revision(revision)).expect(400);
        http.post(one() + "/erase", "{\"reason\":\"case\"}").expect(428);
        var refused = http.post(one() + "/erase", "{\"reason\":\"Letter of ADA LOVELACE\"}", revision(revision))
                .expect(422);
        assertThat(refused.at("/detail").toLowerCase(java.util.Locale.ROOT)).doesNotContain("lovelace");
        var id = erase();
        var conflict = http.post(one() + "/erase", "{\"reason\":\"case\"}", revision(revision));
        assertThat(conflict.expect(409).at("/detail")).contains(id);
        http.get("/api/v1/erasures/e-none").expect(404);
    }
}
