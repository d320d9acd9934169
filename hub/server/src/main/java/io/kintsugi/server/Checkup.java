package io.kintsugi.server;

import com.sun.management.OperatingSystemMXBean;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.server.config.PolicyWarnings;
import io.kintsugi.server.config.Settings;
import io.kintsugi.server.connector.Connectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Looks at everything a hub needs, one after the other, and goes on after what is wrong. */
public final class Checkup {
    private static final long GIGABYTE = 1L << 30;
    private static final long MEGABYTE = 1L << 20;
    private static final long NEEDED_DISK = GIGABYTE;
    private static final long NEEDED_MEMORY = 2 * GIGABYTE;

    private final Consumer<Finding> sink;
    private boolean well = true;

    Checkup(Consumer<Finding> sink) {
        this.sink = sink;
    }

    /** How a finding is to be taken. */
    public enum Level {
        OK,
        /** A hub can run, and perhaps does not do what was meant. */
        LOOK,
        FAIL
    }

    /**
     * What was found.
     *
     * @param mend what to do; null if all is well
     */
    public record Finding(String subject, Level level, String found, String mend) {}

    /**
     * Checks, and tells each finding as soon as it is there.
     *
     * @param settings may refuse, which is a finding
     * @return whether a hub can run
     */
    public static boolean run(Supplier<Settings> settings, Consumer<Finding> sink) {
        var checkup = new Checkup(sink);
        checkup.java();
        checkup.memory();
        try {
            var valid = settings.get();
            checkup.ok("settings", "can be read; data in " + valid.data().toAbsolutePath());
            checkup.folder(valid.data().toAbsolutePath());
            checkup.port(valid);
            checkup.graph(valid);
        } catch (HubException e) {
            checkup.bad(
                    "settings",
                    e.getMessage(),
                    "correct the configuration file, the option or the environment variable");
        }
        return checkup.well;
    }

    private void ok(String subject, String found) {
        sink.accept(new Finding(subject, Level.OK, found, null));
    }

    private void bad(String subject, String found, String mend) {
        well = false;
        sink.accept(new Finding(subject, Level.FAIL, found, mend));
    }

    private void java() {
        var found = System.getProperty("java.vm.name") + " " + Runtime.version();
        if (Runtime.version().feature() >= 17) ok("java", found);
        else bad("java", found, "install a JDK 17 or newer and set JAVA_HOME to it");
    }

    private void memory() {
        long machine = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getTotalMemorySize();
        var found = machine / MEGABYTE + " MB in the machine, "
                + Runtime.getRuntime().maxMemory() / MEGABYTE + " MB for the hub";
        if (machine >= NEEDED_MEMORY) ok("memory", found);
        else
            bad(
                    "memory",
                    found,
                    "the hub and the embedded Neo4j together need 2 GB; use a larger machine, or a Neo4j elsewhere with --uri");
    }

    private void folder(Path data) {
        var existing = data;
        while (existing != null && !Files.exists(existing)) existing = existing.getParent();
        if (existing == null || !Files.isDirectory(existing)) {
            bad("data folder", existing + " is no folder", "name another one with --data");
            return;
        }
        try {
            var probe = Files.createTempFile(existing, ".doctor", ".tmp");
            Files.write(probe, new byte[4096]);
            Files.delete(probe);
            ok("data folder", existing + " can be written");
        } catch (IOException e) {
            bad(
                    "data folder",
                    existing + " cannot be written: " + e,
                    "give this user the right to, or name another with --data");
            return;
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace();
            var found = free / MEGABYTE + " MB free";
            if (free >= NEEDED_DISK) ok("disk", found);
            else bad("disk", found, "make room: the hub wants 1 GB and about 1 GB more for each 200,000 records");
        } catch (IOException e) {
            bad("disk", "free space is not known: " + e, "name another folder with --data");
        }
    }

    private void port(Settings settings) {
        var place = settings.host() + ":" + settings.port();
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(settings.host(), settings.port()));
            ok("port", place + " is free");
        } catch (IOException e) {
            bad(
                    "port",
                    place + " cannot be used: " + e.getMessage(),
                    "end the program that has it, perhaps another hub, or choose --port N");
        }
    }

    /**
     * Starts what a hub would start, where there is no graph yet in a folder for the moment, and stops it again. What is in a graph
     * stays as it is: it may be somebody else's.
     */
    private void graph(Settings settings) {
        boolean embedded = settings.neo4jUri() == null;
        var probe = embedded && !Files.exists(settings.data().resolve("neo4j")) ? newFolder() : null;
        var inFolder = new Settings(
                probe == null ? settings.data() : probe,
                settings.neo4jUri(),
                settings.neo4jUser(),
                settings.neo4jPassword(),
                settings.neo4jDatabase(),
                settings.host(),
                settings.port(),
                settings.documents());
        try (var look = Wiring.look(inFolder)) {
            var database = settings.neo4jDatabase() == null ? "" : " with its database " + settings.neo4jDatabase();
            ok(
                    "graph",
                    embedded ? "the embedded Neo4j starts" : "Neo4j at " + settings.neo4jUri() + " answers" + database);
            configuration(look, settings);
        } catch (HubException e) {
            bad("graph", e.getMessage(), mend(e, embedded));
        } finally {
            if (probe != null) Folders.delete(probe);
        }
    }

    void configuration(Wiring.Look look, Settings settings) {
        try {
            var model = look.preview(settings.documents());
            ok(
                    "configuration",
                    Plural.of(model.entityTypes().size(), "entity type") + ", "
                            + Plural.of(model.systems().size(), "system"));
            for (var warning : PolicyWarnings.of(model)) {
                sink.accept(new Finding(
                        "policies", Level.LOOK, warning, "this is allowed; see whether it is what you mean"));
            }
            for (var system : model.systems()) {
                if (system.connected()) system(look.connectors(), system);
            }
        } catch (HubException e) {
            bad("configuration", e.getMessage(), "correct what the message names");
        }
    }

    /** Reaches a system and asks it what its connector needs; nothing is written to it. */
    void system(Connectors connectors, SystemConfig system) {
        var subject = "system " + system.id();
        try (var connector = connectors.open(system)) {
            var report = connector.check();
            for (var problem : report.problems()) {
                bad(subject, problem, "until then the hub neither reads nor writes " + system.id());
            }
            if (report.ok()) {
                ok(
                        subject,
                        "answers"
                                + new TreeMap<>(report.facts())
                                        .entrySet().stream()
                                                .map(fact -> ", " + fact.getKey() + " " + fact.getValue())
                                                .collect(Collectors.joining()));
            }
        } catch (ConnectorException.Transient e) {
            bad(
                    subject,
                    e.getMessage(),
                    "see that it can be reached from here; the hub waits for it and goes on with the others");
        } catch (ConnectorException | HubException e) {
            bad(subject, e.getMessage(), "correct systems." + system.id() + " of the configuration");
        }
    }

    private static Path newFolder() {
        try {
            return Files.createTempDirectory("kintsugi-doctor");
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for temporary files", e);
        }
    }

    private static String mend(HubException e, boolean embedded) {
        if (e.code() == HubErrorCode.NOT_POSSIBLE) return "stop the other hub, or choose another folder with --data";
        if (e.code() == HubErrorCode.BAD_CONFIGURATION) return "correct what the message names";
        return embedded
                ? "look at the log it names; a damaged graph can be put aside by choosing another folder with --data"
                : "start that Neo4j, or open the way to it; without --uri the hub runs its own";
    }
}
