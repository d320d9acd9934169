package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.tck.ConnectorContract;
import io.kintsugi.connector.tck.Subject;
import org.junit.jupiter.api.extension.ExtendWith;

/** CON-2 with a real server, a table without a stamp column. */
@ExtendWith(Servers.class)
final class MariaDbComparedContractIT extends ConnectorContract {
    private final TestServer server;

    MariaDbComparedContractIT(TestServer.MariaDb server) {
        this.server = server;
    }

    @Override
    protected Subject newSubject() throws Exception {
        return new JdbcSubject(server, JdbcSubject.Kind.PLAIN);
    }
}
