package io.kintsugi.graph;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Neo4j Community as a child process: on loopback, with a generated password, in a data folder of its own. Lives as long as this
 * process: its standard input is the life line, so it stops cleanly however the hub ends. Thread-safe.
 */
public final class EmbeddedNeo4j implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedNeo4j.class);
    private static final String SERVER_MAIN = "org.neo4j.server.CommunityEntryPoint";
    private static final String USER = "neo4j";

    private final EmbeddedSettings settings;
    private final DataFolder folder;
    private final String password;
    private final int port;
    private final List<String> configuration;
    private final ChildJvm jvm;
    private Process child;
    private boolean closed;
    private volatile Consumer<HubException> deathListener = death -> LOG.error("{}", death.getMessage());

    private EmbeddedNeo4j(EmbeddedSettings settings, List<String> configuration, ChildJvm jvm, DataFolder folder)
            throws IOException {
        this.settings = settings;
        this.configuration = configuration;
        this.jvm = jvm;
        this.folder = folder;
        this.password = folder.password();
        this.port = freePort();
    }

    /**
     * Starts the server and returns when it accepts connections. A graph that was left by a crash is recovered.
     *
     * @throws HubException with {@code NOT_POSSIBLE} if another hub holds the data folder, {@code BAD_CONFIGURATION} if the jars
     *     are missing, {@code UNAVAILABLE} with the last lines of its log if the server does not come up
     */
    public static EmbeddedNeo4j start(EmbeddedSettings settings) {
        return start(settings, List.of(), ChildJvm.of(settings.lib()));
    }

    /** @param configuration further lines of {@code neo4j.conf} */
    static EmbeddedNeo4j start(EmbeddedSettings settings, List<String> configuration, ChildJvm jvm) {
        requireJars(settings.lib());
        DataFolder folder = null;
        EmbeddedNeo4j server = null;
        try {
            folder = DataFolder.open(settings.data());
            folder.waitForFormerChild(Duration.ofSeconds(60));
            if (new DatabaseSwap(folder.root()).undo()) {
                LOG.warn("a first load was cut off; the graph is as it was before it, so start that load again");
            }
            server = new EmbeddedNeo4j(settings, configuration, jvm, folder);
            server.launch();
            return server;
        } catch (IOException e) {
            throw new HubException(
                    HubErrorCode.BAD_CONFIGURATION,
                    "the data folder " + settings.data()
                            + (e instanceof AccessDeniedException
                                    ? " is not open to this user; give the right to write to " + e.getMessage()
                                            + ", or name another folder with --data"
                                    : " can not be used: " + e.getMessage()),
                    e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } finally {
            if (folder != null && (server == null || !server.alive())) {
                folder.close();
            }
        }
    }

    private static void requireJars(Path lib) {
        try (var jars = Files.newDirectoryStream(lib, "neo4j-*.jar")) {
            if (jars.iterator().hasNext()) {
                return;
            }
        } catch (IOException e) {
            LOG.debug("no folder {}", lib, e);
        }
        throw new HubException(
                HubErrorCode.BAD_CONFIGURATION,
                "no Neo4j jars in " + lib + "; unpack the distribution whole, or use a Neo4j of your own by its URI");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Where the driver connects; stays the same over restarts. */
    public String uri() {
        return "bolt://127.0.0.1:" + port;
    }

    public String user() {
        return USER;
    }

    public String password() {
        return password;
    }

    public synchronized boolean alive() {
        return child != null && child.isAlive();
    }

    /** Process id of the server. */
    public synchronized long pid() {
        return child.pid();
    }

    /**
     * Names who is told when the server ends without having been asked to. Called on a thread of its own, once for each such
     * death, with a sentence for people; it may call {@link #restart()}. Without a listener the death is logged. A later call
     * replaces the listener.
     */
    public void onDeath(Consumer<HubException> listener) {
        deathListener = listener;
    }

    /**
     * Stops the server if it runs and starts it again at the same address. What was acknowledged is there afterwards.
     *
     * @throws HubException as {@link #start}, and {@code NOT_POSSIBLE} after {@link #close()}
     */
    public synchronized void restart() {
        if (closed) {
            throw new HubException(HubErrorCode.NOT_POSSIBLE, "the embedded Neo4j was closed; start the hub again");
        }
        try {
            stopChild();
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Stops the server cleanly and gives the data folder free. Second call does nothing. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            stopChild();
            folder.forgetChild();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            folder.close();
        }
    }

    /**
     * Puts another database, made from files while the server runs, in the place of this one's, and starts on it. It stays only if
     * {@link #keepDatabase} is called; until then {@link #takeDatabaseBack}, or the next start in this data folder, undoes it.
     *
     * @param arguments what {@code neo4j-admin database import full} is told, without the name of the database
     * @param stages told what the import does
     * @throws HubException with {@code INTERNAL} if the import fails; the server runs as before
     */
    synchronized void importDatabase(Path home, List<String> arguments, Consumer<String> stages) {
        try {
            new OfflineImport(home, folder.root().resolve("logs").resolve("import.log"))
                    .run(
                            jvm.command(
                                    OfflineImport.HEAP_MEGABYTES,
                                    "-XX:+UseParallelGC",
                                    OfflineImport.main(home, arguments)),
                            stages);
            stages.accept("starting the graph on what was imported");
            stopChild();
            new DatabaseSwap(folder.root()).exchange();
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** An empty folder for the files of {@link #importDatabase} and what is made of them. */
    Path importHome() throws IOException {
        return new DatabaseSwap(folder.root()).home();
    }

    synchronized void keepDatabase() throws IOException {
        new DatabaseSwap(folder.root()).keep();
    }

    /** Undoes {@link #importDatabase}, if it was called and its database was not kept, and removes its files. */
    synchronized void takeDatabaseBack() {
        if (closed) return; // the next start does it
        try {
            var swap = new DatabaseSwap(folder.root());
            if (!swap.exchanged()) {
                swap.undo();
                return;
            }
            stopChild();
            swap.undo();
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private synchronized void launch() throws IOException, InterruptedException {
        folder.writeConfiguration(port, settings.pageCacheMegabytes(), configuration);
        var process = new ProcessBuilder(jvm.command(settings.heapMegabytes(), "-XX:+UseSerialGC", serverMain()))
                .redirectErrorStream(true)
                .redirectOutput(folder.consoleLog().toFile())
                .start();
        child = process;
        folder.rememberChild(process.toHandle());
        sayPassword(process);
        try {
            waitUntilReady(process);
        } catch (HubException | InterruptedException e) {
            child = null;
            process.destroyForcibly().waitFor();
            throw e;
        }
        watch(process);
    }

    private void waitUntilReady(Process process) throws InterruptedException {
        long begin = System.nanoTime();
        while (!BoltHandshake.answered(port)) {
            if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
                throw new HubException(
                        HubErrorCode.UNAVAILABLE,
                        "the embedded Neo4j ended with code " + process.exitValue() + " while starting; last lines of "
                                + folder.consoleLog() + ":\n" + folder.lastLines(15));
            }
            if (System.nanoTime() - begin > settings.startTimeout().toNanos()) {
                throw new HubException(
                        HubErrorCode.UNAVAILABLE,
                        "the embedded Neo4j did not start within "
                                + settings.startTimeout().toSeconds()
                                + " s; is the machine very busy? Last lines of " + folder.consoleLog() + ":\n"
                                + folder.lastLines(15));
            }
        }
    }

    private void watch(Process process) {
        var watcher = new Thread(
                () -> {
                    int code = process.onExit().join().exitValue();
                    if (diedUnasked(process)) {
                        deathListener.accept(new HubException(
                                HubErrorCode.UNAVAILABLE,
                                "the embedded Neo4j ended with code " + code + "; last lines of " + folder.consoleLog()
                                        + ":\n" + folder.lastLines(5)));
                    }
                },
                "neo4j-watch");
        watcher.setDaemon(true);
        watcher.start();
    }

    private synchronized boolean diedUnasked(Process process) {
        return process == child;
    }

    private void stopChild() throws IOException, InterruptedException {
        var process = child;
        child = null; // from here on its end is no surprise
        if (process == null) {
            return;
        }
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.debug("the server had gone before", e);
        }
        var stopped = false;
        try {
            stopped = process.waitFor(60, TimeUnit.SECONDS);
        } finally {
            if (!stopped) {
                LOG.warn("the embedded Neo4j did not stop in time and is killed; it recovers at the next start");
                process.destroyForcibly().onExit().join();
            }
        }
    }

    private List<String> serverMain() {
        var root = folder.root();
        return List.of(
                root.toString(),
                root.resolve("conf").toString(),
                SERVER_MAIN,
                "--home-dir=" + root,
                "--config-dir=" + root.resolve("conf"),
                "--console-mode");
    }

    /** At the first start the guard sets the password; the stream stays open as long as the server is to live. */
    private void sayPassword(Process process) throws IOException {
        var line = (folder.started() ? "" : password) + "\n";
        try {
            process.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            LOG.debug("the server ended at once; its exit code and log say why", e);
        }
    }

    private static HubException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new HubException(HubErrorCode.UNAVAILABLE, "interrupted while the embedded Neo4j was starting", e);
    }
}
