package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteWritingTest extends Writing {
    @TempDir
    private Path folder;

    private TestServer server;

    @Override
    TestServer server() {
        if (server == null) server = new TestServer.Sqlite(folder);
        return server;
    }

    /** As a restore or a deployment does it. */
    @Test
    void aFileThatWasReplacedByAnotherIsWrittenAndNotTheOldOne() throws Exception {
        Path file = Path.of(place.url().replaceAll("jdbc:sqlite:|\\?.*", ""));
        place.run("PRAGMA journal_mode = DELETE");
        Path copy = Files.copy(file, folder.resolve("copy.db"));
        harness.applied("people", Harness.create("k1", Map.of("email", "old@example.org")));
        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
        harness.applied("people", Harness.create("k2", Map.of("email", "new@example.org")));
        assertThat(place.ask("SELECT group_concat(email) FROM people")).isEqualTo("new@example.org");
    }

    @Override
    List<String> normalisingTrigger() {
        return List.of(
                "CREATE TRIGGER tidy AFTER INSERT ON people BEGIN"
                        + " UPDATE people SET email = lower(trim(email)) WHERE id = NEW.id; END",
                "CREATE TRIGGER tidy_again AFTER UPDATE OF email ON people BEGIN"
                        + " UPDATE people SET email = lower(trim(email)) WHERE id = NEW.id; END");
    }
}
