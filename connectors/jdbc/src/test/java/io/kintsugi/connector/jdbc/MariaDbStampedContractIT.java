package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.tck.ConnectorContract;
import io.kintsugi.connector.tck.Subject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** CON-2 with a real server, a table with a stamp and a tombstone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MariaDbStampedContractIT extends ConnectorContract {
    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = new TestServer.MariaDb();
    }

    @AfterAll
    void stop() {
        if (server != null) server.close();
    }

    @Override
    protected Subject newSubject() throws Exception {
        return new JdbcSubject(server, true);
    }
}
