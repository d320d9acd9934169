package io.kintsugi.connector.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.kintsugi.connector.jdbc.Dialect.Fault;
import io.kintsugi.connector.spi.ConnectorContext.SecretStore;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorException.AuthFailed;
import io.kintsugi.connector.spi.ConnectorException.Misconfigured;
import io.kintsugi.connector.spi.ConnectorException.PermissionDenied;
import io.kintsugi.connector.spi.ConnectorException.SchemaDrift;
import io.kintsugi.connector.spi.ConnectorException.Transient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/**
 * The pool of connections to one database, and the only place where an {@link SQLException} becomes a {@link ConnectorException}.
 * Messages name the system and the place, never the account's password or the data. Safe for all threads.
 */
final class Database implements AutoCloseable {
    private static final String SECRET = "secret:";

    private final String system;
    private final JdbcUrl url;
    private final Dialect dialect;
    private final HikariDataSource pool;
    private Object fileKey;

    /** Opens no connection yet. */
    Database(String system, JdbcUrl url, Dialect dialect, JdbcSettings settings, SecretStore secrets)
            throws Misconfigured {
        this.system = system;
        this.url = url;
        this.dialect = dialect;
        password(settings.password(), secrets); // a missing secret is said now
        HikariConfig config = new HikariConfig();
        config.setPoolName("jdbc-" + system);
        config.setDriverClassName(url.kind().driver());
        config.setJdbcUrl(url.url());
        config.setDataSourceProperties(url.defaults(settings));
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(0);
        config.setConnectionTimeout(settings.connectTimeout().toMillis());
        config.setValidationTimeout(Math.min(5000, settings.connectTimeout().toMillis()));
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(dialect.initSql());
        if (url.kind() != JdbcUrl.Kind.SQLITE) {
            config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
            config.setCredentialsProvider(() -> credentials(settings, secrets)); // asked per connection: secrets rotate
        }
        pool = new HikariDataSource(config);
    }

    private static Credentials credentials(JdbcSettings settings, SecretStore secrets) {
        try {
            return Credentials.of(settings.user(), password(settings.password(), secrets));
        } catch (Misconfigured e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static String password(String setting, SecretStore secrets) throws Misconfigured {
        if (setting == null || !setting.startsWith(SECRET)) return setting;
        String name = setting.substring(SECRET.length());
        String value = secrets.get(name);
        if (value == null)
            throw new Misconfigured("password", "names the secret " + name + ", which does not exist; store it first");
        return value;
    }

    Dialect dialect() {
        return dialect;
    }

    String place() {
        return url.place();
    }

    /** Work on one connection. */
    interface Work<T> {
        T with(Connection connection) throws SQLException, ConnectorException;
    }

    /** Runs reads on a connection that commits by itself. */
    <T> T read(String doing, Work<T> work) throws ConnectorException {
        try (Connection connection = borrow()) {
            return work.with(connection);
        } catch (SQLException e) {
            throw failed(e, doing, null);
        }
    }

    /** A connection whose exceptions the caller understands itself; the caller closes it. */
    Connection connection(String doing) throws ConnectorException {
        try {
            return borrow();
        } catch (SQLException e) {
            throw failed(e, doing, null);
        }
    }

    /** A file that was replaced by another of its name would still be open under none, and what is written there be lost. */
    private Connection borrow() throws SQLException {
        Path file = url.file();
        if (file != null && Files.exists(file)) {
            synchronized (this) {
                Object found = fileKey(file);
                if (fileKey != null && !fileKey.equals(found))
                    pool.getHikariPoolMXBean().softEvictConnections();
                fileKey = found;
            }
        }
        return pool.getConnection();
    }

    private static Object fileKey(Path file) throws SQLException {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            throw new SQLException("the file cannot be looked at", e);
        }
    }

    /** What an exception and its causes mean: the first that says something wins. */
    Fault fault(SQLException e) {
        Fault found = Fault.OTHER;
        Throwable cause = e;
        for (int depth = 0; cause != null && depth < 10; depth++, cause = cause.getCause())
            if (cause instanceof SQLException sql && found == Fault.OTHER) found = dialect.fault(sql);
        // the pool says only "not available" for a database that is down, and has no state for one that is closed
        return found == Fault.OTHER && e instanceof java.sql.SQLTransientException ? Fault.CONNECTION : found;
    }

    /**
     * @param doing what was tried, for example {@code read customers}
     * @param stream the table the statement was about; null if none
     */
    ConnectorException failed(SQLException e, String doing, String stream) {
        String where = system + " (" + url.place() + "): cannot " + doing + ": ";
        SQLException root = e;
        for (Throwable cause = e; cause != null; cause = cause.getCause())
            if (cause instanceof SQLException sql) root = sql;
        String code = " [" + dialect.vendorCode(root) + "]";
        return switch (fault(e)) {
            case CONNECTION ->
                new Transient(
                        where + "the database does not answer; it is down, restarting or not reachable from here"
                                + code,
                        e);
            case LOCKED, DEADLOCK -> new Transient(where + "another transaction holds a lock for too long" + code, e);
            case TIMEOUT -> new Transient(where + "the statement took too long" + code, e);
            case AUTH -> new AuthFailed(true, where + "user and password are not accepted; correct them" + code, e);
            case PERMISSION -> new PermissionDenied(where + "the account lacks a permission; grant it" + code, e);
            case NO_DATABASE -> new Misconfigured("url", "names a database that is not there: " + url.place() + code);
            case NO_TABLE, NO_COLUMN ->
                new SchemaDrift(
                        stream == null ? "" : stream,
                        Set.of(),
                        where + "a table or column is not there any more; discover again and mend the mapping" + code);
            default ->
                pool.isClosed()
                        ? new Transient(where + "the connector is closed", e)
                        : new Transient(where + "the database refused the statement" + code, e);
        };
    }

    @Override
    public void close() {
        pool.close();
    }
}
