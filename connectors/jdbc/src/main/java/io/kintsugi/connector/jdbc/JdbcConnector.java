package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.CheckReport;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorException.Misconfigured;
import io.kintsugi.connector.spi.ConnectorException.SchemaDrift;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.Writer;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One database. Safe for all threads. */
final class JdbcConnector implements Connector {
    private static final Duration SKEW = Duration.ofSeconds(30);

    private final String system;
    private final Database database;
    private final JdbcSettings settings;
    private final Clock clock;
    private final Tables tables;
    private final JdbcLookups lookups;
    private final SnapshotSource snapshots;
    private final ChangeSource changes;
    private final Writer writer;

    JdbcConnector(String system, Database database, JdbcSettings settings, Clock clock) {
        this.system = system;
        this.database = database;
        this.settings = settings;
        this.clock = clock;
        this.tables = new Tables(database, settings);
        this.lookups = new JdbcLookups(database, tables);
        this.snapshots = new JdbcSnapshots(database, tables);
        this.changes = new JdbcChanges(system, database, tables, lookups, settings);
        this.writer = new JdbcWriter(database, tables, clock);
    }

    @Override
    public CheckReport check() throws ConnectorException {
        tables.forget();
        List<String> problems = new ArrayList<>();
        Map<String, String> facts = new TreeMap<>();
        Instant now = database.read("connect", connection -> {
            var meta = connection.getMetaData();
            facts.put("server", meta.getDatabaseProductName() + " " + meta.getDatabaseProductVersion());
            return database.dialect().now(connection);
        });
        Duration skew = Duration.between(clock.instant(), now);
        facts.put("clockSkew", skew.toMillis() + " ms");
        if (skew.abs().compareTo(SKEW) > 0)
            problems.add("the clock of the database differs from the hub's by " + skew.toSeconds()
                    + " s; set both by NTP, or newer and older values are mixed up");
        for (Map.Entry<String, JdbcSettings.StreamSettings> entry :
                settings.streams().entrySet()) {
            try {
                check(tables.get(entry.getKey()), now, problems, facts);
            } catch (Misconfigured | SchemaDrift e) {
                problems.add(e.getMessage());
            }
        }
        return new CheckReport(problems.isEmpty(), problems, facts);
    }

    private void check(Table table, Instant now, List<String> problems, Map<String, String> facts)
            throws ConnectorException {
        String setting = "setting streams." + table.name();
        List<String> id = table.id().stream().map(Column::name).toList();
        boolean unique =
                table.uniques().values().stream().anyMatch(names -> names.size() == id.size() && id.containsAll(names));
        if (!table.view() && !unique)
            problems.add(setting + ".id names columns that are not unique together; add a unique index or name others");
        if (table.linkKey() != null && !table.linkKey().unique())
            problems.add(setting
                    + ".linkKey names a column without a unique index, so a repeated create would not be refused;"
                    + " add the index");
        if (table.changed() == null) return;
        if (!table.compared() && unstamped(table))
            problems.add(setting + ".changed names a column that is empty in some rows, whose changes are not told;"
                    + " fill it, or give compareEvery, for example 15m");
        if (settings.overlap().compareTo(Duration.ofSeconds(1)) < 0)
            problems.add("setting overlap is below 1s; changes in the same second would be lost");
        facts.put("lateCommits", database.read("list transactions", database.dialect()::lateCommits));
        Instant newest = newest(table);
        if (newest == null) return;
        facts.put("newestStamp." + table.name(), newest.toString());
        if (newest.isAfter(now.plus(SKEW)))
            problems.add(setting + ".changed names a column with stamps in the future, up to " + newest
                    + "; correct the setting timeZone or the clock of whoever writes them");
    }

    /** Null if no row bears a stamp. */
    private Instant newest(Table table) throws ConnectorException {
        Dialect dialect = database.dialect();
        return database.read("read the newest stamp of " + table.name(), connection -> {
            String stamp = dialect.stampSql(table.changed());
            String sql = "SELECT max(" + stamp + ") FROM " + dialect.name(table);
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                String read = rows.next() ? dialect.readStamp(rows, 1, table.changed()) : null;
                return read == null ? null : dialect.instantOf(table.changed(), read);
            }
        });
    }

    /** Whether there are rows that only a comparison finds. */
    private boolean unstamped(Table table) throws ConnectorException {
        if (!table.changed().nullable()) return false;
        Dialect dialect = database.dialect();
        return database.read("look for rows of " + table.name() + " without a stamp", connection -> {
            String sql = "SELECT 1 FROM " + dialect.name(table) + " WHERE "
                    + dialect.quote(table.changed().name()) + " IS NULL LIMIT 1";
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                return rows.next();
            }
        });
    }

    @Override
    public Catalog discover() throws ConnectorException {
        tables.forget();
        return Discovery.catalog(system, tables.all(), settings);
    }

    @Override
    public Lookups lookups() {
        return lookups;
    }

    @Override
    public <F> Optional<F> facet(Class<F> type) {
        for (Object facet : List.of(snapshots, changes, writer))
            if (type.isInstance(facet)) return Optional.of(type.cast(facet));
        return Optional.empty();
    }

    @Override
    public void close() {
        database.close();
    }
}
