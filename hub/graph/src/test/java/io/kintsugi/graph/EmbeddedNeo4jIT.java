package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The embedded server in its own data folder, also where processes are killed. Starts are slow, so tests share one server. */
@Execution(ExecutionMode.CONCURRENT) // with other classes
@ResourceLock("EmbeddedNeo4jIT") // so its tests one after the other
class EmbeddedNeo4jIT {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

    private static Path folder;
    private static EmbeddedNeo4j server;

    @BeforeAll
    static void start() {
        folder = TestGraph.newFolder("embedded");
        server = EmbeddedNeo4j.start(settings());
    }

    @AfterAll
    static void stop() {
        server.close();
        server.close();
    }

    private static EmbeddedSettings settings() {
        return EmbeddedSettings.of(folder).withMemory(256, 16);
    }

    private static GraphHubStore connect() {
        return GraphHubStore.connect(server.uri(), server.user(), server.password());
    }

    private static RecordKey key(String id) {
        return new RecordKey("crm", "contact", id);
    }

    private static boolean has(HubStore store, RecordKey key) {
        return store.read(tx -> tx.records().find(List.of(key)).containsKey(key));
    }

    private static void save(HubStore store, List<RecordKey> keys) {
        store.<Boolean>write(tx -> {
            tx.records()
                    .save(keys.stream()
                            .map(key -> SourceRecord.observed(
                                    key, "contacts", Map.of("email", key.externalId()), null, NOW, null))
                            .toList());
            return true;
        });
    }

    @Test
    void aSecondHubOnTheSameFolderIsRefusedAndToldWhoHasIt() {
        assertThatThrownBy(() -> EmbeddedNeo4j.start(settings()))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.NOT_POSSIBLE))
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("" + ProcessHandle.current().pid());
        assertThat(server.alive()).isTrue();
    }

    @Test
    void aWrongPasswordOrAddressIsNamed() {
        refused(HubErrorCode.BAD_CONFIGURATION, "refuses the user neo4j", server.uri(), "wrong");
        refused(HubErrorCode.UNAVAILABLE, "bolt://127.0.0.1:1", "bolt://127.0.0.1:1", "x");
        refused(HubErrorCode.BAD_CONFIGURATION, "not understood", "bolt//nowhere", "x");
        refused(HubErrorCode.BAD_CONFIGURATION, "not understood", "http://localhost:7474", "x");
    }

    private static void refused(HubErrorCode code, String message, String uri, String password) {
        assertThatThrownBy(() -> GraphHubStore.connect(uri, "neo4j", password))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void onlyTheOwnerReadsThePasswordAndNobodySeesItElsewhere() throws IOException {
        var file = folder.resolve("bolt.password");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(server.password()).hasSizeGreaterThan(24);
        assertThat(ProcessHandle.of(server.pid())
                        .orElseThrow()
                        .info()
                        .commandLine()
                        .orElse(""))
                .doesNotContain(server.password());
        assertThat(Files.readString(folder.resolve("logs").resolve("console.log")))
                .doesNotContain(server.password());
        assertThat(Files.readString(folder.resolve("conf").resolve("neo4j.conf")))
                .contains("dbms.usage_report.enabled=false", "db.logs.query.enabled=OFF")
                .doesNotContain(server.password());
    }

    @Test
    void nobodyOutsideThisMachineCanConnect() throws IOException {
        int port = URI.create(server.uri()).getPort();
        var outside = new ArrayList<InetAddress>();
        for (var network : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (var address : Collections.list(network.getInetAddresses())) {
                if (!address.isLoopbackAddress()) {
                    outside.add(address);
                }
            }
        }
        for (var address : outside) {
            assertThatThrownBy(() -> {
                        try (var socket = new Socket()) {
                            socket.connect(new InetSocketAddress(address, port), 1000);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aMissingFolderOfJarsIsNamed() {
        var nowhere = folder.resolve("no-jars");
        assertThatThrownBy(() -> EmbeddedNeo4j.start(new EmbeddedSettings(
                        TestGraph.newFolder("other"),
                        nowhere,
                        256,
                        16,
                        settings().startTimeout())))
                .isInstanceOf(HubException.class)
                .hasMessageContaining(nowhere.toString());
    }

    @Test
    void aServerThatCannotStartShowsItsLastLines() {
        var broken = TestGraph.newFolder("broken");
        assertThatThrownBy(() -> EmbeddedNeo4j.start(new EmbeddedSettings(
                        broken, settings().lib(), 128, 999_999_999, settings().startTimeout())))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.UNAVAILABLE))
                .hasMessageContaining("console.log")
                .hasMessageContaining("\n");
    }

    /** What was acknowledged is there after the server is killed in the middle of batches. */
    @Test
    void nothingAcknowledgedIsLostWhenTheServerIsKilled() throws Exception {
        var answers = new LinkedBlockingQueue<List<RecordKey>>();
        var acknowledged = new ArrayList<RecordKey>();
        var stop = new AtomicBoolean();
        try (var store = connect()) {
            var writer = CompletableFuture.runAsync(() -> writeUntil(stop, store, answers));
            for (int kill = 0; kill < 2; kill++) {
                takeBatches(10, answers, acknowledged);
                var back = new CompletableFuture<String>();
                server.onDeath(death -> {
                    server.restart();
                    back.complete(death.getMessage());
                });
                ProcessHandle.of(server.pid()).orElseThrow().destroyForcibly();
                assertThat(back.get(180, TimeUnit.SECONDS)).contains("ended with code");
            }
            takeBatches(10, answers, acknowledged);
            stop.set(true);
            writer.get(60, TimeUnit.SECONDS);
            answers.forEach(acknowledged::addAll);
            var found = store.read(tx -> tx.records().find(acknowledged)).keySet();
            assertThat(found).containsAll(acknowledged);
        }
    }

    private static void writeUntil(AtomicBoolean stop, HubStore store, BlockingQueue<List<RecordKey>> answers) {
        for (int batch = 0; !stop.get(); batch++) {
            var keys = new ArrayList<RecordKey>();
            for (int i = 0; i < 50; i++) {
                keys.add(key("killed-" + batch + "-" + i));
            }
            try {
                save(store, keys);
                answers.add(keys);
            } catch (HubException e) {
                assertThat(e.code()).isEqualTo(HubErrorCode.UNAVAILABLE);
            }
        }
    }

    private static void takeBatches(int count, BlockingQueue<List<RecordKey>> answers, List<RecordKey> into)
            throws InterruptedException {
        for (int i = 0; i < count; i++) {
            var batch = answers.poll(120, TimeUnit.SECONDS);
            assertThat(batch).as("the writer goes on").isNotNull();
            into.addAll(batch);
        }
    }

    /** A hub of its own process: starts a server, stores one record, and then only lives. */
    public static final class OtherHub {
        /** @param args data folder */
        public static void main(String[] args) throws Exception {
            var settings = EmbeddedSettings.of(Path.of(args[0])).withMemory(256, 16);
            var server = EmbeddedNeo4j.start(settings);
            var store = GraphHubStore.connect(server.uri(), server.user(), server.password());
            save(store, List.of(key("of-the-other")));
            System.out.println("server " + server.pid());
            Thread.currentThread().join();
        }
    }

    @Test
    void theServerEndsWithAHubThatIsKilledAndTheNextHubsFindEverything() throws Exception {
        var other = TestGraph.newFolder("orphan");
        var hub = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-D" + EmbeddedSettings.LIB_PROPERTY + "=" + settings().lib(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        OtherHub.class.getName(),
                        other.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var line =
                hub.inputReader().lines().filter(l -> l.startsWith("server ")).findFirst();
        var child = ProcessHandle.of(Long.parseLong(line.orElseThrow().substring(7)))
                .orElseThrow();
        hub.destroyForcibly().waitFor();
        var settings = EmbeddedSettings.of(other).withMemory(256, 16);
        try (var store = GraphHubStore.embedded(settings)) {
            assertThat(child.isAlive()).isFalse(); // the next start waits for it
            assertThat(has(store, key("of-the-other"))).isTrue();
            save(store, List.of(key("kept")));
        }
        assertThat(ProcessHandle.current().children().map(ProcessHandle::info))
                .noneMatch(info -> info.commandLine().orElse("").contains(other.toString()));
        try (var store = GraphHubStore.embedded(settings)) { // stopped, not killed
            assertThat(has(store, key("kept"))).isTrue();
        }
    }
}
