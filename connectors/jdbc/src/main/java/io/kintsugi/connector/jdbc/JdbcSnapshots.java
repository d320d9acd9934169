package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.jdbc.Projection.Row;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorException.CheckpointExpired;
import io.kintsugi.connector.spi.ConnectorException.Misconfigured;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.Unreadable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a table in the order of its id, each page after the last id of the one before, so that a page costs the same wherever it
 * stands and rows that come or go between two pages move no others. Rows that bear a tombstone are left out.
 */
final class JdbcSnapshots implements SnapshotSource {
    private static final String FEED = "snapshot";
    private static final int WITHOUT_ID = 100;

    private final Database database;
    private final Tables tables;

    JdbcSnapshots(Database database, Tables tables) {
        this.database = database;
        this.tables = tables;
    }

    @Override
    public Page page(Query query, Checkpoint cursor, int maxRecords) throws ConnectorException {
        Table table = tables.get(query.stream());
        Projection projection = new Projection(database, table, table.select(query.fields()));
        String after = cursor == null ? null : Position.text(Position.read(cursor, table, FEED), "after");
        String doing = "read a page of " + table.name();
        return database.read(doing, connection -> {
            try {
                return page(connection, table, projection, after, maxRecords);
            } catch (SQLException e) {
                throw tables.failed(e, doing, table.name());
            } catch (Values.Unfit e) {
                throw new CheckpointExpired(null, "the id of " + table.name() + " has changed its type; read it whole");
            }
        });
    }

    private Page page(Connection connection, Table table, Projection projection, String after, int maxRecords)
            throws SQLException, ConnectorException, Values.Unfit {
        List<NativeRecord> records = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        Sql sql = new Sql(database.dialect(), projection.select())
                .add(" WHERE 1 = 1")
                .hasId(table.id());
        if (after == null) withoutId(connection, table, projection, unreadable);
        else sql.add(" AND ").after(table.id(), parts(table, after));
        sql.orderBy(null, table.id()).add(" LIMIT " + maxRecords);
        int count = 0;
        String last = after;
        try (PreparedStatement statement = sql.prepare(connection);
                ResultSet rows = statement.executeQuery()) {
            for (; rows.next(); count++) {
                Row row = projection.read(rows);
                if (row.id() != null) last = row.id();
                if (row.unreadable() != null) unreadable.add(row.unreadable());
                else if (!row.deleted()) records.add(row.record());
            }
        }
        if (count == maxRecords && (last == null || last.equals(after))) throw idsUnreadable(table);
        return new Page(
                records,
                unreadable,
                Position.checkpoint(table, Position.of(FEED).put("after", last)),
                count < maxRecords);
    }

    /** Rows without an id cannot be kept apart; some are shown so that a person sees that there are any. */
    private void withoutId(Connection connection, Table table, Projection projection, List<Unreadable> unreadable)
            throws SQLException, Values.Unfit {
        List<Column> nullable = table.id().stream().filter(Column::nullable).toList();
        if (nullable.isEmpty()) return;
        Sql sql = new Sql(database.dialect(), projection.select()).add(" WHERE ");
        for (int i = 0; i < nullable.size(); i++)
            sql.add(i == 0 ? "" : " OR ").name(nullable.get(i)).add(" IS NULL");
        sql.add(" LIMIT " + WITHOUT_ID);
        try (PreparedStatement statement = sql.prepare(connection);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) unreadable.add(projection.read(rows).unreadable());
        }
    }

    static Misconfigured idsUnreadable(Table table) {
        return new Misconfigured(
                "streams." + table.name() + ".id",
                "cannot be read in order: the id columns of table " + table.name()
                        + " hold values of another type than they declare; name other columns");
    }

    /** The texts of an id as this connector wrote it. */
    static List<String> parts(Table table, String id) throws CheckpointExpired {
        List<String> parts = Ids.split(id, table.id().size());
        if (parts == null)
            throw new CheckpointExpired(
                    null, "the position was made with other id columns of " + table.name() + "; read it whole");
        return parts;
    }
}
