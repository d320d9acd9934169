package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.tck.ConnectorContract;
import io.kintsugi.connector.tck.Subject;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** CON-2 with SQLite, a table with a stamp and a tombstone. */
final class SqliteStampedContractTest extends ConnectorContract {
    @TempDir
    private Path folder;

    @Override
    protected Subject newSubject() throws Exception {
        return new JdbcSubject(new TestServer.Sqlite(folder), JdbcSubject.Kind.STAMPED_WITH_TOMBSTONE);
    }
}
