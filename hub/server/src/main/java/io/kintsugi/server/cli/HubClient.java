package io.kintsugi.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a hub that runs, through its API. Thread-safe; nothing is repeated by itself. */
public final class HubClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI hub;

    /**
     * @param hub such as {@code http://127.0.0.1:7070}
     * @throws HubException with {@code BAD_REQUEST} if that is no address of a hub
     */
    public HubClient(String hub) {
        URI uri;
        try {
            uri = URI.create(hub.strip().replaceAll("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw notAnAddress(hub);
        }
        boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!web || uri.getHost() == null) throw notAnAddress(hub);
        this.hub = uri;
    }

    private static HubException notAnAddress(String hub) {
        return new HubException(
                HubErrorCode.BAD_REQUEST,
                "\"" + hub + "\" is no address of a hub; give one such as http://127.0.0.1:7070");
    }

    /** A part of a path that may hold any character. */
    public static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Reads something.
     *
     * @param path with its query, behind {@code /api/v1}
     * @throws HubException {@code UNAVAILABLE} if no hub answers there; else what the hub says is wrong
     */
    public JsonNode get(String path) {
        return send(request(path).GET());
    }

    /** All items of a list, page after page. */
    public ArrayNode all(String path) {
        var all = JsonNodeFactory.instance.arrayNode();
        String cursor = null;
        do {
            var page = get(path + (path.contains("?") ? "&" : "?") + "limit=500"
                    + (cursor == null ? "" : "&cursor=" + part(cursor)));
            page.path("items").forEach(all::add);
            cursor = page.path("next").isTextual() ? page.path("next").asText() : null;
        } while (cursor != null);
        return all;
    }

    /** Changes something; an empty body for none. */
    public JsonNode post(String path, JsonNode bodyOrNull) {
        return send(posting(path, bodyOrNull));
    }

    /**
     * Changes something that must still be as it was seen.
     *
     * @throws HubException {@code REVISION_CONFLICT} if it is not; then nothing was done
     */
    public JsonNode post(String path, JsonNode bodyOrNull, long revision) {
        return send(posting(path, bodyOrNull).header("If-Match", "\"" + revision + "\""));
    }

    private HttpRequest.Builder posting(String path, JsonNode bodyOrNull) {
        var request = request(path);
        if (bodyOrNull == null) return request.POST(BodyPublishers.noBody());
        return request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(bodyOrNull.toString()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(hub + "/api/v1" + path)).timeout(PATIENCE);
    }

    private JsonNode send(HttpRequest.Builder request) {
        HttpResponse<String> answer;
        try {
            answer = http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new HubException(
                    HubErrorCode.UNAVAILABLE,
                    "no hub answers at " + hub + "; start it with \"kintsugi serve\", or name another with --hub",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubException(HubErrorCode.UNAVAILABLE, "interrupted while waiting for " + hub, e);
        }
        var body = parse(answer);
        if (answer.statusCode() < 400) return body;
        throw refused(answer.statusCode(), body);
    }

    private JsonNode parse(HttpResponse<String> answer) {
        try {
            var body = JSON.readTree(answer.body());
            if (body.isObject()) return body;
        } catch (JsonProcessingException e) {
            // answered below: whatever it is, it is not what a hub says
        }
        throw new HubException(
                HubErrorCode.UNAVAILABLE, "what answers at " + hub + " is no hub; name another address with --hub");
    }

    private static HubException refused(int status, JsonNode problem) {
        var detail = problem.path("detail").asText(problem.path("title").asText("status " + status));
        var code =
                switch (status) {
                    case 404 -> HubErrorCode.NOT_FOUND;
                    case 409 ->
                        problem.path("code").asText().equals(HubErrorCode.REVISION_CONFLICT.name())
                                ? HubErrorCode.REVISION_CONFLICT
                                : HubErrorCode.NOT_POSSIBLE;
                    case 410 -> HubErrorCode.GONE;
                    case 422 -> HubErrorCode.UNPROCESSABLE;
                    default -> status < 500 ? HubErrorCode.BAD_REQUEST : HubErrorCode.UNAVAILABLE;
                };
        return new HubException(code, detail);
    }
}
