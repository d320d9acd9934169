package io.kintsugi.graph;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Files of an embedded Neo4j. Held by one hub at a time: the lock dies with the process, so a crash leaves no stale one. */
final class DataFolder implements AutoCloseable {
    /** Held in this process. To open the lock file again would drop its lock: on POSIX any close of a file gives up all locks on it. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path root;
    private final Path real;
    private final FileChannel lockFile;
    private final FileLock lock;

    private DataFolder(Path root, Path real, FileChannel lockFile, FileLock lock) {
        this.root = root;
        this.real = real;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** @throws HubException if another hub holds the folder, naming its process */
    static DataFolder open(Path root) throws IOException {
        var real = Files.createDirectories(root).toRealPath();
        if (!HELD.add(real)) throw inUse(root);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(real.resolve("hub.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = channel.tryLock();
            if (lock == null) throw inUse(root);
            Files.writeString(
                    real.resolve("hub.pid"),
                    Long.toString(ProcessHandle.current().pid()));
            return new DataFolder(root, real, channel, lock);
        } catch (IOException | RuntimeException e) {
            HELD.remove(real);
            if (channel != null) channel.close();
            throw e;
        }
    }

    private static HubException inUse(Path root) throws IOException {
        var file = root.resolve("hub.pid"); // not in the lock file, which others cannot read on Windows
        var holder = Files.exists(file) ? Files.readString(file).strip() : "that is starting";
        return new HubException(
                HubErrorCode.NOT_POSSIBLE,
                "the data folder " + root + " is in use by the hub with process id " + holder
                        + "; stop that one or choose another data folder");
    }

    Path root() {
        return root;
    }

    Path consoleLog() {
        return root.resolve("logs").resolve("console.log");
    }

    /** Whether Neo4j has ever started here; from then on the initial password is fixed. */
    boolean started() {
        return Files.exists(root.resolve("data").resolve("databases").resolve("system"));
    }

    /** The password of this server; made at the first call and readable by the owner alone. */
    String password() throws IOException {
        var file = root.resolve("bolt.password");
        if (!Files.exists(file)) {
            if (started()) {
                throw new HubException(
                        HubErrorCode.BAD_CONFIGURATION,
                        file + " is gone and the graph beside it can not be opened without it; restore the file");
            }
            var bytes = new byte[24];
            new SecureRandom().nextBytes(bytes);
            // never a leading dash, which the command that sets it takes for an option
            writePrivate(file, HexFormat.of().formatHex(bytes));
        }
        return Files.readString(file).strip();
    }

    /** Writes text that only the owner can read, whole or not at all. */
    void writePrivate(Path file, String text) throws IOException {
        var draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        if (Files.getFileStore(root).supportsFileAttributeView("posix")) {
            Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /**
     * Writes the configuration of a server that is quiet, private and reachable from this machine only.
     *
     * @param further lines of it
     */
    void writeConfiguration(int port, int pageCacheMegabytes, List<String> further) throws IOException {
        var conf = Files.createDirectories(root.resolve("conf"));
        Files.createDirectories(root.resolve("logs"));
        Files.writeString(
                conf.resolve("neo4j.conf"),
                String.join(
                        "\n",
                        "# written by the hub at every start",
                        "server.default_listen_address=127.0.0.1",
                        "server.bolt.enabled=true",
                        "server.bolt.listen_address=127.0.0.1:" + port,
                        "server.bolt.advertised_address=127.0.0.1:" + port,
                        "server.http.enabled=false",
                        "server.https.enabled=false",
                        "dbms.security.auth_enabled=true",
                        // values of customers never leave the machine or reach a log
                        "dbms.usage_report.enabled=false",
                        "client.allow_telemetry=false",
                        "db.logs.query.enabled=OFF",
                        "dbms.security.allow_csv_import_from_file_urls=false",
                        "internal.dbms.cypher_ip_blocklist=0.0.0.0/0,::/0",
                        "server.memory.pagecache.size=" + pageCacheMegabytes + "m",
                        "db.tx_log.preallocate=false",
                        "db.tx_log.rotation.size=32m",
                        "db.tx_log.rotation.retention_policy=256M size",
                        // without it every stop takes ten seconds
                        "internal.dbms.bolt.netty_server_shutdown_quiet_period=0",
                        String.join("\n", further),
                        ""));
    }

    /** Remembers the child, so that the next start can wait for the end of one that outlived its hub by a moment. */
    void rememberChild(ProcessHandle child) throws IOException {
        var born = child.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        Files.writeString(root.resolve("neo4j.pid"), child.pid() + " " + born);
    }

    void forgetChild() throws IOException {
        Files.deleteIfExists(root.resolve("neo4j.pid"));
    }

    /** Waits for a child of a former hub, which stops by itself when its hub dies, and ends it if it does not. */
    void waitForFormerChild(Duration patience) throws IOException, InterruptedException {
        var file = root.resolve("neo4j.pid");
        if (!Files.exists(file)) {
            return;
        }
        var parts = Files.readString(file).strip().split(" ");
        var former = parts.length == 2 ? ProcessHandle.of(Long.parseLong(parts[0])) : Optional.<ProcessHandle>empty();
        if (former.isPresent() && bornAt(former.get(), Long.parseLong(parts[1]))) {
            try {
                former.get().onExit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                former.get().destroyForcibly();
                former.get().onExit().join();
            }
        }
        forgetChild();
    }

    private static boolean bornAt(ProcessHandle process, long instant) {
        return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L) == instant;
    }

    /** Last lines of what the server printed, for people; empty if it printed nothing. */
    String lastLines(int count) {
        try {
            var lines = Files.exists(consoleLog()) ? Files.readAllLines(consoleLog()) : List.<String>of();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
        } catch (IOException e) {
            return "(" + consoleLog() + " can not be read: " + e.getMessage() + ")";
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
            lockFile.close();
            HELD.remove(real);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
