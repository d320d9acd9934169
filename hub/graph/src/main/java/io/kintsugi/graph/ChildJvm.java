package io.kintsugi.graph;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a JVM with the jars of Neo4j is started that ends with this process.
 *
 * @param lib folder with the jars of Neo4j Community
 * @param options of the JVM, beyond those that each has
 */
record ChildJvm(Path lib, List<String> options) {
    private static final String GUARD = "io.kintsugi.neo4j.Guard";

    /** With the archive that is there, which saves a third of the processor time of a start; without one as ever. */
    static ChildJvm of(Path lib) {
        var archive = archive(lib);
        return new ChildJvm(lib, Files.exists(archive) ? List.of("-XX:SharedArchiveFile=" + archive) : List.of());
    }

    /** Writes the archive when it ends. */
    static ChildJvm archiving(Path lib) {
        return new ChildJvm(lib, List.of("-XX:ArchiveClassesAtExit=" + archive(lib)));
    }

    /** The classes of one that ran before, as it had them in memory. A JVM or jars that it does not fit leave it alone. */
    static Path archive(Path lib) {
        return lib.resolve("neo4j.jsa");
    }

    ChildJvm with(String option) {
        var more = new ArrayList<>(options);
        more.add(option);
        return new ChildJvm(lib, more);
    }

    /** @param arguments of the guard */
    List<String> command(int heapMegabytes, String collector, List<String> arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms" + Math.min(512, heapMegabytes) + "m", // a heap that grows by steps collects it whole at each
                "-Xmx" + heapMegabytes + "m",
                collector,
                "-XX:+ExitOnOutOfMemoryError",
                "-Dfile.encoding=UTF-8",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-opens=java.base/java.io=ALL-UNNAMED"));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(options);
        command.addAll(List.of("-cp", guard() + File.pathSeparator + lib.resolve("*"), GUARD));
        command.addAll(arguments);
        return command;
    }

    /** Only the guard goes onto the class path, none of the hub's libraries. As a jar: classes of a folder are not archived. */
    static Path guard() {
        try {
            return Path.of(Class.forName(GUARD, false, ChildJvm.class.getClassLoader())
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (ClassNotFoundException | URISyntaxException e) {
            throw new HubException(
                    HubErrorCode.BAD_CONFIGURATION,
                    "the module kintsugi-neo4j is not on the class path; unpack the distribution whole",
                    e);
        }
    }
}
