package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.jdbc.Comparison.At;
import io.kintsugi.connector.jdbc.Comparison.Told;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Query;

/** Reads changes by stamp and now and then by comparison where a stamp column is named, and by comparison alone elsewhere. */
final class JdbcChanges implements ChangeSource {
    private static final String DIFFERENCES = "difference";

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
        Comparison comparison = comparison(query, table, projection);
        boolean now = at == StartAt.NOW;
        if (table.changed() == null) return checkpoint(table, now ? comparison.now() : At.BEGINNING);
        StampPosition begun = now ? stamps.now(table, projection) : StampPosition.BEGINNING;
        return (table.compared() ? begun.compared(now ? comparison.now() : At.BEGINNING) : begun).checkpoint(table);
    }

    @Override
    public ChangeBatch poll(Query query, Checkpoint from, int maxRecords) throws ConnectorException {
        Table table = tables.get(query.stream());
        Projection projection = new Projection(database, table, table.select(query.fields()));
        Comparison comparison = comparison(query, table, projection);
        if (table.changed() != null)
            return stamps.poll(table, projection, comparison, StampPosition.read(from, table), maxRecords);
        Told told = comparison.step(At.from(Position.read(from, table, DIFFERENCES)), maxRecords);
        boolean more = told.next().pending() != null;
        return new ChangeBatch(
                told.changes(),
                told.unreadable(),
                checkpoint(table, told.next()),
                !more,
                more ? null : told.asOf(),
                null,
                told.readable());
    }

    private static Checkpoint checkpoint(Table table, At at) {
        return Position.checkpoint(table, at.into(Position.of(DIFFERENCES)));
    }

    private Comparison comparison(Query query, Table table, Projection projection) {
        StateFolder folder = new StateFolder(settings.stateFolder(), system, table.name());
        return new Comparison(database, tables, lookups, folder, settings.maxShrinkPercent(), query, table, projection);
    }
}
