package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventsApiTest {
    private final ApiUnderTest hub = new ApiUnderTest();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        hub.close();
    }

    private record Event(String name, String id, String data) {}

    /** A client that reads events one by one. */
    private final class Listener implements AutoCloseable {
        private final HttpResponse<InputStream> response;
        private final BufferedReader lines;

        Listener(String lastEventId) throws IOException, InterruptedException {
            var request = HttpRequest.newBuilder(hub.http.uri("/api/v1/events")).header("Accept", "text/event-stream");
            if (lastEventId != null) request.header("Last-Event-ID", lastEventId);
            response = http.send(request.build(), BodyHandlers.ofInputStream());
            lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
            assertThat(lines.readLine()).isEqualTo(": open");
        }

        Event next() throws IOException {
            String name = null;
            String id = null;
            var data = new StringBuilder();
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event:")) name = line.substring(6).strip();
                if (line.startsWith("id:")) id = line.substring(3).strip();
                if (line.startsWith("data:")) data.append(line.substring(5).strip());
                if (line.isEmpty() && name != null) return new Event(name, id, data.toString());
            }
            throw new AssertionError("the stream ended");
        }

        Event next(String name) throws IOException {
            while (true) {
                var event = next();
                if (event.name().equals(name)) return event;
            }
        }

        @Override
        public void close() throws IOException {
            response.body().close();
        }
    }

    private void person(int i) {
        hub.record(
                "crm:contact:" + i,
                "firstName",
                "Person" + i,
                "lastName",
                "Family" + i,
                "email",
                "p" + i + "@example.com");
    }

    @Test
    void changesOfGoldensArriveInFeedOrderWithTheirNames() throws Exception {
        try (var listener = new Listener(null)) {
            for (int i = 0; i < 5; i++) person(i);
            for (int i = 0; i < 5; i++) {
                var event = listener.next("golden.changed");
                assertThat(event.id()).isEqualTo(String.valueOf(i + 1));
                assertThat(event.data()).contains("\"label\":\"", "Family" + i, "\"cause\":\"CREATED\"");
            }
        }
    }

    @Test
    void aClientResumesExactlyWhereItWas() throws Exception {
        for (int i = 0; i < 7; i++) person(i);
        try (var listener = new Listener("3")) {
            person(7);
            var ids = new ArrayList<String>();
            for (int i = 0; i < 5; i++) ids.add(listener.next("golden.changed").id());
            assertThat(ids).containsExactly("4", "5", "6", "7", "8");
        }
    }

    @Test
    void aClientWhosePlaceIsNotInTheFeedIsToldToLoadEverything() throws Exception {
        person(1);
        for (var place : List.of("99", "nonsense")) {
            try (var listener = new Listener(place)) {
                var event = listener.next();
                assertThat(event.name()).isEqualTo("resync");
                assertThat(event.data()).isEqualTo("{\"end\":1}");
                assertThat(event.id()).isEqualTo("1");
            }
        }
    }

    @Test
    void otherEventsArePassedOnWithoutAPlace() throws Exception {
        try (var listener = new Listener(null)) {
            hub.hub.events().publish("system.state", Map.of("system", "crm", "state", "OFFLINE"));
            var event = listener.next("system.state");
            assertThat(event.id()).isNull();
            assertThat(event.data()).contains("OFFLINE");
        }
    }

    @Test
    void aClientThatDoesNotReadIsDroppedAndStopsNobody() throws Exception {
        try (var slow = new Socket("127.0.0.1", hub.http.uri("/").getPort());
                var quick = new Listener(null)) {
            slow.setReceiveBufferSize(1024);
            slow.getOutputStream()
                    .write("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(slow.getInputStream().read()).isNotEqualTo(-1); // it is connected
            var big = "x".repeat(10_000);
            for (int i = 0; i < 3 * EventClient.QUEUE; i++) {
                hub.hub.events().publish("run.progress", Map.of("i", i, "text", big));
                quick.next("run.progress");
            }
            int connected = 2;
            while (connected > 1) connected = hub.api().clients();
            assertThat(connected).isEqualTo(1);
        }
    }

    @Test
    void stoppingWaitsUntilEveryClientIsLetGo() throws Exception {
        try (var listener = new Listener(null)) {
            person(1);
            listener.next("golden.changed");
            hub.api().close();
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .doesNotContain("events-client");
        }
    }

    @Test
    void withoutTheAcceptHeaderTheAnswerSaysWhatToSend() {
        assertThat(hub.http.get("/api/v1/events").expect(406).at("/detail")).contains("Accept: text/event-stream");
    }

    @Test
    @DisplayName("the feed can be followed page by page, without gaps or repeats")
    void theFeedIsResumable() {
        for (int i = 0; i < 11; i++) person(i);
        var sequences = new ArrayList<String>();
        long since = 0;
        while (true) {
            var page = hub.http.get("/api/v1/changes?limit=4&since=" + since).expect(200);
            sequences.addAll(page.each("/items", "sequence"));
            long next = page.json().path("next").asLong();
            if (next == since) break;
            since = next;
        }
        assertThat(sequences).hasSize(11).doesNotHaveDuplicates();
        person(99);
        var more = hub.http.get("/api/v1/changes?include=golden&since=" + since).expect(200);
        assertThat(more.each("/items", "cause")).containsExactly("CREATED");
        assertThat(more.at("/items/0/golden/attributes/lastName")).isEqualTo("Family99");
        assertThat(more.json().path("end").asLong())
                .isEqualTo(more.json().path("next").asLong());
    }
}
