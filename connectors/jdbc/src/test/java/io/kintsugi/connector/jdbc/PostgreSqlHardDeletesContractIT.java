package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.tck.ConnectorContract;
import io.kintsugi.connector.tck.Subject;
import org.junit.jupiter.api.extension.ExtendWith;

/** CON-2 with a real server, a table with a stamp, whose deleted rows are gone. */
@ExtendWith(Servers.class)
final class PostgreSqlHardDeletesContractIT extends ConnectorContract {
    private final TestServer server;

    PostgreSqlHardDeletesContractIT(TestServer.PostgreSql server) {
        this.server = server;
    }

    @Override
    protected Subject newSubject() throws Exception {
        return new JdbcSubject(server, JdbcSubject.Kind.STAMPED);
    }
}
