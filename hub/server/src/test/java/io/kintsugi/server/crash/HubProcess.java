package io.kintsugi.server.crash;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A hub in a process of its own, which can be killed and started again on the same data. */
final class HubProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final List<String> command;
    private final Map<String, String> environment;
    private final File log;
    private final int port;
    private Process process;

    /**
     * @param command that starts a hub with its settings file
     * @param environment added to that of this process
     */
    HubProcess(List<String> command, Map<String, String> environment, Path log) throws IOException {
        this.command = command;
        this.environment = environment;
        this.log = log.toFile();
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    /** How a hub of the classes of this process is started. */
    static List<String> classes() {
        return List.of("-cp", System.getProperty("java.class.path"), "io.kintsugi.server.Main");
    }

    static List<String> command(List<String> program, Path config) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        var lib = System.getProperty("kintsugi.neo4j.lib");
        if (lib != null) command.add("-Dkintsugi.neo4j.lib=" + Path.of(lib).toAbsolutePath());
        command.addAll(program);
        command.addAll(List.of("serve", "--config", config.toString()));
        return command;
    }

    void start() throws IOException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        builder.environment().putAll(environment);
        builder.environment().put("KINTSUGI_PORT", Integer.toString(port));
        process = builder.start();
    }

    /** As kill -9 does, with whatever it started itself: at once, with nothing said to anybody. */
    void kill() {
        var children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.onExit().join();
    }

    /** As {@link #kill}, but what the hub started itself has to notice. */
    void killAlone() {
        process.destroyForcibly().onExit().join();
    }

    boolean alive() {
        return process.isAlive();
    }

    boolean healthy() {
        try {
            return get("/api/v1/health").has("status");
        } catch (IOException e) {
            return false;
        }
    }

    /** @throws IOException if the hub does not answer, or not with what was asked for */
    JsonNode get(String path) throws IOException {
        var request = request(path).GET().build();
        var answer = send(request);
        if (answer.statusCode() != 200) throw new IOException(path + " answers " + answer.statusCode());
        return JSON.readTree(answer.body());
    }

    /** Status of the answer. */
    int put(String path, Object body, String ifMatch, String idempotencyKey) throws IOException {
        var request = request(path)
                .PUT(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .header("Content-Type", "application/json")
                .header("If-Match", ifMatch)
                .header("Idempotency-Key", idempotencyKey)
                .build();
        return send(request).statusCode();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20));
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void close() {
        if (process != null) kill();
    }
}
