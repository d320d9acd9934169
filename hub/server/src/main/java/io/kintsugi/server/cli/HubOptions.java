package io.kintsugi.server.cli;

import io.kintsugi.server.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which hub a command works on. What is said here wins over the environment, which wins over the file. */
final class HubOptions {
    private static final Path USUAL = Path.of("kintsugi.yaml");

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings and systems; without it kintsugi.yaml of this folder, if there is one.")
    Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of the hub's data and of the graph that it runs itself; default kintsugi-data.")
    Path data;

    @Option(
            names = "--uri",
            paramLabel = "URI",
            description = {
                "A Neo4j of your own, such as bolt://host:7687, instead of the embedded one.",
                "Its user and password come from the file or from KINTSUGI_NEO4J_USER and KINTSUGI_NEO4J_PASSWORD."
            })
    String uri;

    /** @throws io.kintsugi.core.model.HubException with {@code BAD_CONFIGURATION} if the settings make no sense */
    Settings settings(Map<String, String> more) {
        var environment = new HashMap<>(System.getenv());
        if (data != null) environment.put("KINTSUGI_DATA", data.toString());
        if (uri != null) environment.put("KINTSUGI_NEO4J_URI", uri);
        environment.putAll(more);
        var file = config != null ? config : Files.exists(USUAL) ? USUAL : null;
        return file == null ? Settings.of(environment) : Settings.read(file, environment);
    }
}
