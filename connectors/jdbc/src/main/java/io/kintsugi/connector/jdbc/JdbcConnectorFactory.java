package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorException.Misconfigured;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import java.time.ZoneOffset;
import java.util.Map;

/** Makes connectors to PostgreSQL, MySQL, MariaDB and SQLite; see the package for what they do. */
public final class JdbcConnectorFactory implements ConnectorFactory {
    private static final ConnectorSpec SPEC = new ConnectorSpec(Position.TYPE, "SQL database", JdbcSettings.SPEC);

    @Override
    public ConnectorSpec spec() {
        return SPEC;
    }

    /** Opens no connection yet: a database that is down does not keep the hub from starting. */
    @Override
    public Connector open(String system, Map<String, Object> settings, ConnectorContext context)
            throws ConnectorException {
        JdbcSettings parsed = JdbcSettings.parse(settings);
        JdbcUrl url = JdbcUrl.parse(parsed.url());
        if (url.kind() == JdbcUrl.Kind.SQLITE) {
            if (parsed.schema() != null) throw new Misconfigured("schema", "is not for SQLite; leave it out");
            if (!parsed.zoneOrUtc().normalized().equals(ZoneOffset.UTC))
                throw new Misconfigured("timeZone", "must be UTC for SQLite, whose own functions know no other");
        } else if (parsed.user() == null) {
            throw new Misconfigured("user", "is missing; name the account for " + url.place());
        }
        Dialect dialect =
                switch (url.kind()) {
                    case POSTGRESQL -> new PostgreSqlDialect(parsed.zoneOrUtc());
                    case MYSQL -> new MySqlDialect(parsed.zoneOrUtc());
                    case SQLITE -> new SqliteDialect();
                };
        Database database = new Database(system, url, dialect, parsed, context.secrets());
        return new JdbcConnector(system, database, parsed, context.clock());
    }
}
