package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Query;

/** Reads changes by stamp where a stamp column is named, and by comparing scans elsewhere. */
final class JdbcChanges implements ChangeSource {
    private final Database database;
    private final Tables tables;
    private final JdbcLookups lookups;
    private final JdbcSettings settings;
    private final String system;
    private final StampFeed stamps;

    JdbcChanges(String system, Database database, Tables tables, JdbcLookups lookups, JdbcSettings settings) {
        this.system = system;
        this.database = database;
        this.tables = tables;
        this.lookups = lookups;
        this.settings = settings;
        this.stamps = new StampFeed(database, tables, settings.safetyLag(), settings.overlap());
    }

    @Override
    public Checkpoint start(Query query, StartAt at) throws ConnectorException {
        Table table = tables.get(query.stream());
        Projection projection = new Projection(database, table, table.select(query.fields()));
        boolean now = at == StartAt.NOW;
        if (table.changed() != null)
            return (now ? stamps.now(table, projection) : stamps.earliest()).checkpoint(table.name());
        return now
                ? differences(table).now(table, projection)
                : differences(table).earliest(table);
    }

    @Override
    public ChangeBatch poll(Query query, Checkpoint from, int maxRecords) throws ConnectorException {
        Table table = tables.get(query.stream());
        Projection projection = new Projection(database, table, table.select(query.fields()));
        if (table.changed() != null)
            return stamps.poll(table, projection, StampPosition.read(from, table.name()), maxRecords);
        return differences(table).poll(query, table, projection, from, maxRecords);
    }

    private DifferenceFeed differences(Table table) {
        return new DifferenceFeed(
                database, tables, lookups, new StateFolder(settings.stateFolder(), system, table.name()));
    }
}
