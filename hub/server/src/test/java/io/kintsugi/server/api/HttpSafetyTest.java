package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.memory.MemoryHubStore;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpSafetyTest {
    private final ApiUnderTest hub = new ApiUnderTest();

    @AfterAll
    void stop() {
        hub.close();
    }

    /** Sends bytes as they are, because clients correct what browsers and attackers do not. */
    private String raw(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", hub.http.uri("/").getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private String rawGet(String path, String... headerLines) throws IOException {
        return raw(
                "GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", headerLines) + "\r\nConnection: close\r\n\r\n");
    }

    @Test
    void anotherHostNameGetsNothingSoDnsRebindingFails() throws Exception {
        assertThat(rawGet("/api/v1/goldens", "Host: evil.example"))
                .startsWith("HTTP/1.1 403")
                .contains("FORBIDDEN");
        assertThat(rawGet("/", "Host: evil.example")).startsWith("HTTP/1.1 403");
        assertThat(rawGet("/docs", "Host: evil.example:7070")).startsWith("HTTP/1.1 403");
        assertThat(rawGet("/api/v1/goldens", "Host: localhost")).startsWith("HTTP/1.1 200");
    }

    @Test
    void aPageOfAnotherSiteCanNeitherReadNorWrite() throws Exception {
        var answer = rawGet("/api/v1/goldens", "Host: localhost", "Origin: http://evil.example");
        assertThat(answer).startsWith("HTTP/1.1 403").doesNotContain("Access-Control-Allow-Origin");
        var form = raw(
                "POST /api/v1/systems/crm/pause HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assertThat(form).startsWith("HTTP/1.1 403");
        var simple = raw(
                "POST /api/v1/systems/crm/pause HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        assertThat(simple).startsWith("HTTP/1.1 403");
        var preflight = raw(
                "OPTIONS /api/v1/merges HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\nAccess-Control-Request-Method: POST\r\nConnection: close\r\n\r\n");
        assertThat(preflight).startsWith("HTTP/1.1 403").doesNotContain("Access-Control-Allow");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/goldens", "/api/v1/none", "/docs", "/", "/swagger-ui/swagger-ui.css"})
    void everyAnswerCarriesTheSecurityHeaders(String path) {
        var answer = hub.http.get(path);
        assertThat(answer.header("Content-Security-Policy"))
                .contains("default-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe-eval");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("X-Request-Id")).hasSize(16);
        assertThat(answer.header("Server")).isNull();
        assertThat(answer.header("Access-Control-Allow-Origin")).isNull();
    }

    @Test
    void answersOfTheApiAreNeverCached() {
        assertThat(hub.http.get("/api/v1/goldens").header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void answersOfTheApiAreDatedByTheClockOfTheHub() {
        var clock = Clock.fixed(Instant.parse("2031-03-02T04:05:06Z"), ZoneOffset.UTC);
        try (var ahead = new ApiUnderTest(new MemoryHubStore(), clock, List.of())) {
            assertThat(ahead.http.get("/api/v1/stats").header("Date")).isEqualTo("Sun, 02 Mar 2031 04:05:06 GMT");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/api/v1/goldens,GET",
        "DELETE,/api/v1/merges/x,GET",
        "PATCH,/api/v1/merges,'GET, POST'",
        "POST,/api/v1/goldens,GET"
    })
    void aWrongMethodIsToldTheRightOnes(String method, String path, String allowed) {
        var answer = hub.http.method(method, path).expect(405);
        assertThat(answer.header("Allow")).isEqualTo(allowed);
        assertThat(answer.at("/code")).isEqualTo("METHOD_NOT_ALLOWED");
    }

    @Test
    void anUnknownApiPathIsAProblemAndNotAPage() {
        assertThat(hub.http.get("/api/v1/nowhere").expect(404).at("/code")).isEqualTo("NOT_FOUND");
        assertThat(hub.http.get("/api/v2/goldens").expect(404).at("/code")).isEqualTo("NOT_FOUND");
        assertThat(hub.http.method("POST", "/api/v1/nowhere").expect(404).at("/code"))
                .isEqualTo("NOT_FOUND");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\":\"contact\",\"atributes\":{}} | attributes",
                "{\"type\":\"contact\",\"type\":\"contact\",\"attributes\":{}} | JSON",
                "{\"type\":\"contact\",\"attributes\":[]} | attributes",
                "{\"type\":\"contact\",\"attributes\":{},\"limit\":\"5\"} | limit",
                "{\"type\":\"contact\",\"attributes\":{}} {} | one object",
                "{\"type\":\"contact\" | JSON",
                "null | one object",
                "[] | one object",
                "{\"type\":\"contact\",\"attributes\":{\"email\":null}} | email"
            })
    void aBodyThatIsNotWhatTheContractSaysIsRefused(String body, String hint) {
        assertThat(hub.http.post("/api/v1/match", body).expect(400).at("/detail"))
                .contains(hint);
    }

    @Test
    void aBodyThatIsTooBigOrTooDeepOrNoJsonIsRefused() {
        var big = "{\"type\":\"contact\",\"attributes\":{\"email\":\"" + "x".repeat(Json.MAX_BYTES) + "\"}}";
        assertThat(hub.http.post("/api/v1/match", big).expect(413).at("/code")).isEqualTo("TOO_LARGE");
        assertThat(hub.http.post("/api/v1/match", "[".repeat(2000)).status()).isEqualTo(400);
        assertThat(hub.http
                        .post("/api/v1/match", "{}", "Content-Type", "text/plain")
                        .expect(415)
                        .at("/code"))
                .isEqualTo("UNSUPPORTED_MEDIA_TYPE");
    }

    @Test
    void valuesOfABodyAreNeverRepeatedInARefusal() {
        var answer = hub.http.post(
                "/api/v1/match", "{\"type\":\"contact\",\"attributes\":{\"email\":\"secret@x\"},\"limit\":\"secret\"}");
        assertThat(answer.expect(400).text()).doesNotContain("secret");
    }

    /** A store with a fault that no one foresaw. */
    private static final class BrokenStore implements HubStore {
        private final MemoryHubStore inner = new MemoryHubStore();
        private volatile boolean broken;

        @Override
        public <T> T write(Function<HubTransaction, T> work) {
            return inner.write(work);
        }

        @Override
        public <T> T read(Function<HubTransaction, T> work) {
            if (broken) throw new IllegalStateException("canary-internal at bolt://10.0.0.1");
            return inner.read(work);
        }

        @Override
        public void close() {
            inner.close();
        }
    }

    @Test
    void anUnforeseenFaultIsLoggedWithTheRequestIdAndNotShown() {
        var store = new BrokenStore();
        try (var broken = new ApiUnderTest(store, Clock.systemUTC(), List.of())) {
            store.broken = true;
            var answer = broken.http.get("/api/v1/goldens").expect(500);
            assertThat(answer.at("/code")).isEqualTo("INTERNAL");
            assertThat(answer.text()).doesNotContain("canary", "bolt", "IllegalState");
            assertThat(answer.at("/requestId")).isEqualTo(answer.header("X-Request-Id"));
            store.broken = false;
        }
    }

    @Test
    void healthIsNotUpWhenTheStoreDoesNotAnswer() {
        assertThat(hub.http.get("/api/v1/health").expect(200).at("/status")).isEqualTo("UP");
        var store = new MemoryHubStore();
        try (var sick = new ApiUnderTest(store, Clock.systemUTC(), List.of())) {
            store.close();
            assertThat(sick.http.get("/api/v1/health").expect(503).at("/code")).isEqualTo("UNAVAILABLE");
        }
    }

    @Test
    void aHubThatShouldListenElsewhereDoesNotStart() {
        assertThatThrownBy(() -> new HubApi(hub.hub, hub.clock, new HubApi.Config("0.0.0.0", 0, Set.of())))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.BAD_CONFIGURATION));
    }

    @Test
    void aPortThatIsTakenIsSaidInWords() {
        int port = hub.http.uri("/").getPort();
        var second = new HubApi(hub.hub, hub.clock, new HubApi.Config("127.0.0.1", port, Set.of()));
        assertThatThrownBy(second::start).isInstanceOf(HubException.class).hasMessageContaining(String.valueOf(port));
        second.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/..%2f..%2fopenapi.yaml",
                "/assets/..%2f..%2fopenapi.yaml",
                "/%2e%2e/openapi.yaml",
                "/swagger-ui/..%5c..%5copenapi.yaml",
                "/swagger-ui/..;/openapi.yaml",
                "/%252e%252e/openapi.yaml"
            })
    void noPathClimbsOutOfTheFolderOfFiles(String path) throws Exception {
        assertThat(rawGet(path, "Host: localhost"))
                .doesNotContain("openapi: 3.1.0")
                .doesNotStartWith("HTTP/1.1 500");
    }

    @Test
    void aRequestThatIsNoHttpGetsNoDetails() throws Exception {
        assertThat(rawGet("/api/v1/%zz", "Host: localhost")).doesNotContain("Jetty", "at org.");
    }
}
