package io.kintsugi.connector.jdbc;

import java.nio.file.Path;
import java.util.List;
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

    @Override
    List<String> normalisingTrigger() {
        return List.of(
                "CREATE TRIGGER tidy AFTER INSERT ON people BEGIN"
                        + " UPDATE people SET email = lower(trim(email)) WHERE id = NEW.id; END",
                "CREATE TRIGGER tidy_again AFTER UPDATE OF email ON people BEGIN"
                        + " UPDATE people SET email = lower(trim(email)) WHERE id = NEW.id; END");
    }
}
