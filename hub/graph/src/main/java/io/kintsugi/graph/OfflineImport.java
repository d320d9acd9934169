package io.kintsugi.graph;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Neo4j's own import of files into a database that does not exist yet, in a JVM of its own. */
final class OfflineImport {
    /** What nodes are found by is not on this heap, as they are numbered; so it serves millions. */
    static final int HEAP_MEGABYTES = 1024;

    private static final Pattern STAGE = Pattern.compile("^\\((\\d)/(\\d)\\) ([A-Z][a-z ]+?) \\d{4}-.*");

    private final Path home;
    private final Path log;

    /** @param home of a server that never runs; its {@code data} will hold the database */
    OfflineImport(Path home, Path log) {
        this.home = home;
        this.log = log;
    }

    /** Main class and arguments of the import. */
    static List<String> main(Path home, List<String> arguments) {
        var all = new ArrayList<>(List.of(
                home.toString(),
                home.resolve("conf").toString(),
                "org.neo4j.cli.AdminTool",
                "database",
                "import",
                "full",
                "neo4j",
                "--report-file=" + home.resolve("import.report")));
        all.addAll(arguments);
        return all;
    }

    /** @throws HubException with {@code INTERNAL} and the last lines it said if it fails */
    void run(List<String> command, Consumer<String> stages) throws IOException, InterruptedException {
        Files.createDirectories(log.getParent());
        var conf = Files.createDirectories(home.resolve("conf")).resolve("neo4j.conf");
        Files.writeString(
                conf, "dbms.usage_report.enabled=false\ndb.tx_log.preallocate=false\ndb.tx_log.rotation.size=32m\n");
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("NEO4J_HOME", home.toString());
        builder.environment().put("NEO4J_CONF", conf.getParent().toString());
        var process = builder.start();
        try (var said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
                var kept = Files.newBufferedWriter(log, UTF_8)) {
            process.getOutputStream()
                    .write('\n'); // no password to set; the stream stays open as long as the import is to live
            process.getOutputStream().flush();
            for (var line = said.readLine(); line != null; line = said.readLine()) {
                kept.write(line + "\n");
                var stage = STAGE.matcher(line);
                if (stage.matches()) {
                    stages.accept("importing, step " + stage.group(1) + " of " + stage.group(2) + ": "
                            + stage.group(3).toLowerCase(Locale.ROOT));
                }
            }
        } finally {
            process.getOutputStream().close();
        }
        int code = process.waitFor();
        if (code != 0) {
            throw new HubException(
                    HubErrorCode.INTERNAL,
                    "Neo4j's import ended with code " + code + "; " + log
                            + " says why. The hub holds what it held before");
        }
    }
}
