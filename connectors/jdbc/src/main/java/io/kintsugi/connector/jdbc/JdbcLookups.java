package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.jdbc.Dialect.Fault;
import io.kintsugi.connector.jdbc.Projection.Row;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Lookups;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads rows by id or by the value of a column. A row that is not there is {@link Lookup.Unknown}: a database does not say whether it
 * was deleted, never existed or is hidden from the account. Only a tombstone is {@link Lookup.Gone}.
 */
final class JdbcLookups implements Lookups {
    private static final int CHUNK = 200;

    private final Database database;
    private final Tables tables;

    JdbcLookups(Database database, Tables tables) {
        this.database = database;
        this.tables = tables;
    }

    @Override
    public Map<String, Lookup> byId(Query query, Collection<String> ids) throws ConnectorException {
        Table table = tables.get(query.stream());
        Map<String, Lookup> answers = new LinkedHashMap<>();
        ids.forEach(id -> answers.put(id, new Lookup.Unknown()));
        rows(table, query, ids).forEach((id, row) -> {
            if (row.deleted())
                answers.put(
                        id,
                        new Lookup.Gone(
                                row.record() == null ? null : row.record().modifiedAt(), false));
            else if (row.record() != null) answers.put(id, new Lookup.Found(row.record()));
        });
        return answers;
    }

    /** The rows of these ids, as they are now, by the id asked for; absent ones are left out. */
    Map<String, Row> rows(Table table, Query query, Collection<String> ids) throws ConnectorException {
        Projection projection = new Projection(database, table, table.select(query.fields()));
        Map<String, List<String>> askedBy = new LinkedHashMap<>();
        Map<String, List<Object>> keys = new LinkedHashMap<>();
        for (String id : new LinkedHashSet<>(ids)) {
            List<Object> key = key(table, id);
            if (key == null) continue;
            String spelling = spelling(Ids.join(key.stream().map(Values::text).toList()), table.caseSensitiveIds());
            askedBy.computeIfAbsent(spelling, any -> new ArrayList<>()).add(id);
            keys.put(spelling, key);
        }
        Map<String, Row> found = new LinkedHashMap<>();
        read(table, projection, table.id(), List.copyOf(keys.values()), row -> {
            if (row.id() == null) return;
            for (String asked : askedBy.getOrDefault(spelling(row.id(), table.caseSensitiveIds()), List.of()))
                found.put(asked, row);
        });
        return found;
    }

    @Override
    public Map<String, List<NativeRecord>> byKey(Query query, String keyField, Collection<String> values)
            throws ConnectorException {
        Table table = tables.get(query.stream());
        Column column = table.select(List.of(keyField)).get(0);
        List<Column> fields = new ArrayList<>(table.select(query.fields()));
        boolean extra = !fields.contains(column);
        if (extra) fields.add(column); // to know whose answer a row is
        Projection projection = new Projection(database, table, fields);
        Map<String, List<NativeRecord>> answers = new LinkedHashMap<>();
        Map<String, List<String>> askedBy = new LinkedHashMap<>();
        List<List<Object>> keys = new ArrayList<>();
        for (String value : new LinkedHashSet<>(values)) {
            answers.put(value, new ArrayList<>());
            try {
                Object fit = Values.fit(column, value);
                askedBy.computeIfAbsent(spelling(fit, column), any -> new ArrayList<>())
                        .add(value);
                keys.add(List.of(fit));
            } catch (Values.Unfit e) {
                // a value that the column cannot hold is held by no record
            }
        }
        read(table, projection, List.of(column), keys, row -> {
            if (row.record() == null || row.deleted()) return;
            NativeRecord record = extra ? without(keyField, row.record()) : row.record();
            Object held = row.record().fields().get(keyField);
            for (String asked : askedBy.getOrDefault(spelling(held, column), List.of()))
                answers.get(asked).add(record);
        });
        return answers;
    }

    private interface Taker {
        void take(Row row);
    }

    private void read(Table table, Projection projection, List<Column> columns, List<List<Object>> keys, Taker taker)
            throws ConnectorException {
        for (int from = 0; from < keys.size(); from += CHUNK) {
            List<List<Object>> chunk = keys.subList(from, Math.min(keys.size(), from + CHUNK));
            database.read("look up " + table.name(), connection -> {
                read(connection, projection, columns, chunk, taker, table);
                return null;
            });
        }
    }

    private void read(
            Connection connection,
            Projection projection,
            List<Column> columns,
            List<List<Object>> keys,
            Taker taker,
            Table table)
            throws SQLException, ConnectorException {
        Sql sql =
                new Sql(database.dialect(), projection.select()).add(" WHERE ").isOneOf(columns, keys);
        try (PreparedStatement statement = sql.prepare(connection);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) taker.take(projection.read(rows));
        } catch (SQLException e) {
            if (database.fault(e) != Fault.VALUE) throw tables.failed(e, "look up " + table.name(), table.name());
            // one of the keys is none for its type: the others get their answers
            int half = keys.size() / 2;
            if (half == 0) return;
            read(connection, projection, columns, keys.subList(0, half), taker, table);
            read(connection, projection, columns, keys.subList(half, keys.size()), taker, table);
        } catch (Values.Unfit e) {
            throw new IllegalStateException("keys were fitted before", e);
        }
    }

    /** The values of an id, or null if no row can have it. */
    static List<Object> key(Table table, String id) {
        List<String> parts = Ids.split(id, table.id().size());
        if (parts == null) return null;
        List<Object> key = new ArrayList<>();
        try {
            for (int i = 0; i < parts.size(); i++) key.add(Values.fit(table.id().get(i), parts.get(i)));
        } catch (Values.Unfit e) {
            return null;
        }
        return key;
    }

    private static String spelling(String text, boolean caseSensitive) {
        return caseSensitive ? text : text.toLowerCase(Locale.ROOT);
    }

    private static String spelling(Object value, Column column) {
        String text = value instanceof java.math.BigDecimal number
                ? number.stripTrailingZeros().toPlainString()
                : Values.text(value);
        return spelling(text, column.caseSensitive());
    }

    private static NativeRecord without(String field, NativeRecord record) {
        Map<String, Object> fields = new LinkedHashMap<>(record.fields());
        fields.remove(field);
        return new NativeRecord(record.id(), fields, record.modifiedAt(), record.version(), record.modifiedBy());
    }
}
