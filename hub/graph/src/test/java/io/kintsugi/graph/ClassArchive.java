package io.kintsugi.graph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes the archive of classes that the servers of all integration tests start with. */
final class ClassArchive {
    private ClassArchive() {}

    /** Lets a server live through what each goes through: its start, the schema, queries that are planned and run, its end. */
    public static void main(String[] args) throws IOException {
        var settings = EmbeddedSettings.of(TestGraph.newFolder("archive")).withMemory(256, 16);
        if (isFresh(ChildJvm.archive(settings.lib()))) return;
        Files.deleteIfExists(ChildJvm.archive(settings.lib()));
        try (var server = EmbeddedNeo4j.start(settings, List.of(), ChildJvm.archiving(settings.lib()));
                var store = GraphHubStore.connect(server.uri(), server.user(), server.password())) {
            store.write(GraphFirstLoadIT::fill);
        }
    }

    /** Newer than all that it was made of. */
    private static boolean isFresh(Path archive) throws IOException {
        if (!Files.exists(archive)) return false;
        var made = Files.getLastModifiedTime(archive);
        if (Files.getLastModifiedTime(ChildJvm.guard()).compareTo(made) > 0) return false;
        try (var jars = Files.newDirectoryStream(archive.getParent(), "*.jar")) {
            for (var jar : jars) if (Files.getLastModifiedTime(jar).compareTo(made) > 0) return false;
        }
        return true;
    }
}
