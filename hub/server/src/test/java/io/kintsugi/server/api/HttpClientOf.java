package io.kintsugi.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Speaks real HTTP to a hub, and holds every answer to the contract. */
final class HttpClientOf {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_PAGES = 200; // of the lists of tests, which are far shorter
    private static final PublishedSchemas SCHEMAS = new PublishedSchemas();
    private final HttpClient http = HttpClient.newHttpClient();
    private final int port;

    HttpClientOf(int port) {
        this.port = port;
    }

    record Answer(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        String text() {
            return response.body();
        }

        JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new AssertionError("no JSON: " + response.body(), e);
            }
        }

        /** Text at a JSON pointer; empty if there is nothing. */
        String at(String pointer) {
            return json().at(pointer).asText("");
        }

        List<String> each(String pointer, String field) {
            var found = new ArrayList<String>();
            json().at(pointer)
                    .forEach(item -> found.add(
                            field.isEmpty() ? item.asText() : item.path(field).asText()));
            return found;
        }

        Answer expect(int status) {
            if (status() != status) throw new AssertionError(status() + " instead of " + status + ": " + text());
            return this;
        }
    }

    /** @param headers names and values in turn */
    Answer get(String path, String... headers) {
        return send(request(path, headers).GET().build());
    }

    /**
     * The pages of a list, to its end.
     *
     * @param path with a query
     * @throws AssertionError if the list does not end
     */
    List<Answer> pages(String path) {
        var pages = new ArrayList<Answer>();
        var next = "";
        do {
            pages.add(get(path + (next.isEmpty() ? "" : "&cursor=" + encode(next)))
                    .expect(200));
            next = pages.get(pages.size() - 1).at("/next");
            if (pages.size() > MOST_PAGES) throw new AssertionError(path + " does not end: its last cursor is " + next);
        } while (!next.isEmpty());
        return pages;
    }

    /** A field of every item of a list, page by page. */
    List<String> each(String path, String field) {
        var found = new ArrayList<String>();
        pages(path).forEach(page -> found.addAll(page.each("/items", field)));
        return found;
    }

    /** @param body null for none */
    Answer post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    Answer put(String path, String body, String... headers) {
        return send("PUT", path, body, headers);
    }

    Answer delete(String path, String... headers) {
        return send("DELETE", path, null, headers);
    }

    /** @param body null for none */
    Answer send(String method, String path, String body, String... headers) {
        var request = request(path, headers);
        if (body == null)
            return send(request.method(method, BodyPublishers.noBody()).build());
        if (!List.of(headers).contains("Content-Type")) request.header("Content-Type", "application/json");
        return send(request.method(method, BodyPublishers.ofString(body)).build());
    }

    Answer method(String method, String path) {
        return send(request(path).method(method, BodyPublishers.noBody()).build());
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path, String... headers) {
        var request = HttpRequest.newBuilder(uri(path));
        for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
        return request;
    }

    private Answer send(HttpRequest request) {
        try {
            var answer = new Answer(http.send(request, BodyHandlers.ofString()));
            SCHEMAS.check(request.method(), request.uri().getRawPath(), answer);
            return answer;
        } catch (IOException e) {
            throw new AssertionError(request.uri() + " failed", e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }
}
