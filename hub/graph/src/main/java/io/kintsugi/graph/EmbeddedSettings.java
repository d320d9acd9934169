package io.kintsugi.graph;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How the embedded Neo4j runs.
 *
 * @param data folder that holds the graph, its logs, its password and nothing else; made if it is absent
 * @param lib folder with the jars of Neo4j Community
 * @param heapMegabytes greatest heap of the server, at least 128
 * @param pageCacheMegabytes memory for pages of the graph, at least 8
 * @param startTimeout how long a start may take; it costs ten seconds of CPU and much more time on a busy machine
 */
public record EmbeddedSettings(Path data, Path lib, int heapMegabytes, int pageCacheMegabytes, Duration startTimeout) {
    /** System property that names the folder of the jars. */
    public static final String LIB_PROPERTY = "kintsugi.neo4j.lib";

    public EmbeddedSettings {
        data = data.toAbsolutePath().normalize();
        lib = lib.toAbsolutePath().normalize();
        if (heapMegabytes < 128 || pageCacheMegabytes < 8) {
            throw new HubException(
                    HubErrorCode.BAD_CONFIGURATION,
                    "Neo4j needs a heap of at least 128 MB and a page cache of at least 8 MB; raise them in the settings");
        }
    }

    /** The defaults: 1 GB of heap, 512 MB of page cache, 180 s to start, jars from {@link #defaultLib()}. */
    public static EmbeddedSettings of(Path data) {
        return new EmbeddedSettings(data, defaultLib(), 1024, 512, Duration.ofSeconds(180));
    }

    /** The same with other memory. */
    public EmbeddedSettings withMemory(int heap, int pageCache) {
        return new EmbeddedSettings(data, lib, heap, pageCache, startTimeout);
    }

    /**
     * The folder that {@value #LIB_PROPERTY} names; without it {@code lib/neo4j} beside the jar of this class, or {@code neo4j}
     * beside it where that jar itself lies in {@code lib}.
     *
     * @throws HubException with {@code BAD_CONFIGURATION} if there is no such folder
     */
    public static Path defaultLib() {
        var named = System.getProperty(LIB_PROPERTY);
        var places = named != null ? List.of(Path.of(named)) : besideOurJar();
        return places.stream()
                .filter(Files::isDirectory)
                .findFirst()
                .orElseThrow(() -> new HubException(
                        HubErrorCode.BAD_CONFIGURATION,
                        "no Neo4j jars in " + places + "; unpack the distribution whole, set the system property "
                                + LIB_PROPERTY + " to their folder, or use a Neo4j of your own by its URI"));
    }

    private static List<Path> besideOurJar() {
        try {
            var ours = Path.of(EmbeddedSettings.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toAbsolutePath();
            return List.of(ours.resolveSibling("lib").resolve("neo4j"), ours.resolveSibling("neo4j"));
        } catch (URISyntaxException e) {
            throw new HubException(HubErrorCode.BAD_CONFIGURATION, "the place of the hub's own jar is no path", e);
        }
    }
}
