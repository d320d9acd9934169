package io.kintsugi.graph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Puts another database in the place of the one in a data folder, for good or not. A marker says that it is not for good yet: whoever
 * finds it at a start undoes the exchange. Every step is a rename in one folder, and may be cut off anywhere. The server is stopped
 * meanwhile.
 */
final class DatabaseSwap {
    private static final String DATABASE = "neo4j";
    /** Where a database has files, below {@code data}. */
    private static final List<String> PLACES = List.of("databases", "transactions");

    private final Path data;
    private final Path work;
    private final Path marker;

    /** @param root data folder of the hub's graph */
    DatabaseSwap(Path root) {
        data = root.resolve("data");
        work = root.resolve("import");
        marker = root.resolve("import.unfinished");
    }

    /** An empty folder to make the other database in: the home of a server that has never run. */
    Path home() throws IOException {
        undo();
        return Files.createDirectories(work.resolve("home"));
    }

    /** Makes the database in {@link #home} the one of the data folder. */
    void exchange() throws IOException {
        Files.writeString(
                marker, "what is in data/databases/neo4j is not complete; import/before holds what was there\n");
        for (var place : PLACES) {
            var now = data.resolve(place).resolve(DATABASE);
            var before = Files.createDirectories(work.resolve("before")).resolve(place);
            if (Files.exists(now)) Files.move(now, before);
            Files.move(work.resolve("home").resolve("data").resolve(place).resolve(DATABASE), now);
        }
    }

    /** From here on the exchange stands. */
    void keep() throws IOException {
        Files.deleteIfExists(marker);
        delete(work);
    }

    /** Whether there was an exchange that was not kept. */
    boolean exchanged() {
        return Files.exists(marker);
    }

    /**
     * Undoes an exchange that was not kept, and removes what was left of an attempt. Does nothing where there is nothing.
     *
     * @return whether there was an exchange
     */
    boolean undo() throws IOException {
        boolean exchanged = exchanged();
        if (exchanged) {
            for (var place : PLACES) {
                var before = work.resolve("before").resolve(place);
                if (!Files.exists(before)) continue;
                var now = data.resolve(place).resolve(DATABASE);
                delete(now);
                Files.move(before, now);
            }
            Files.delete(marker);
        }
        delete(work);
        return exchanged;
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
