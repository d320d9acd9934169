package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.jdbc.Dialect.Fault;
import io.kintsugi.connector.jdbc.Projection.Row;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.WriteResult.Applied;
import io.kintsugi.connector.spi.WriteResult.Rejected;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes single rows inside a transaction that the caller begins, splits by savepoints and ends. An update locks the row, compares what
 * it holds with what was expected, and only then writes; the row is read again afterwards, so that triggers are seen. The stamp column
 * is set to the database's time and a whole number in the version column is counted up, unless the op sets them itself.
 */
final class RowWriter {
    private final Database database;
    private final Dialect dialect;
    private final Table table;
    private final Connection connection;
    private final String linkKey;
    private final Projection projection;
    private final Refusals refusals;

    /** @param linkKey column for the key of an intent; null for the one in the settings, if any */
    RowWriter(Database database, Table table, Connection connection, String linkKey) {
        this.database = database;
        this.dialect = database.dialect();
        this.table = table;
        this.connection = connection;
        this.linkKey = linkKey != null
                ? linkKey
                : table.linkKey() == null ? null : table.linkKey().name();
        this.projection = new Projection(database, table, table.columns());
        this.refusals = new Refusals(dialect, table);
    }

    /** An op that needs no database to be refused. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient RecordError error;

        Refused(RecordError error) {
            super(error.message());
            this.error = error;
        }
    }

    WriteResult write(WriteOp op) throws SQLException {
        try {
            if (op instanceof WriteOp.Create create) return create(create);
            if (op instanceof WriteOp.Update update) return update(update);
            return delete((WriteOp.Delete) op);
        } catch (Refused e) {
            return new Rejected(op.opId(), e.error);
        } catch (Values.Unfit e) {
            return new Rejected(
                    op.opId(), Refusals.of(Code.VALIDATION, e.column(), table.name() + ": " + e.getMessage()));
        }
    }

    /** Why the database refused an op; asks for the records in the way of a duplicate, so roll back to before the op first. */
    RecordError refusal(Fault fault, SQLException e, WriteOp op) throws SQLException {
        Map<Column, Object> values;
        try {
            values = values(op);
        } catch (Refused | Values.Unfit impossible) {
            values = Map.of();
        }
        RecordError error = refusals.of(fault, e, values, op instanceof WriteOp.Delete);
        if (fault != Fault.DUPLICATE) return error;
        return duplicate(error, values, op instanceof WriteOp.Update update ? update.id() : null);
    }

    private Map<Column, Object> values(WriteOp op) throws Refused, Values.Unfit {
        Map<Column, Object> values = new LinkedHashMap<>();
        if (op instanceof WriteOp.Create create) {
            fill(values, create.set());
            if (linkKey != null && create.linkKey() != null) fill(values, Map.of(linkKey, create.linkKey()));
        } else if (op instanceof WriteOp.Update update) {
            fill(values, update.set());
            Map<String, Object> cleared = new LinkedHashMap<>();
            update.clear().forEach(name -> cleared.put(name, null));
            fill(values, cleared);
        }
        return values;
    }

    private void fill(Map<Column, Object> values, Map<String, Object> set) throws Refused, Values.Unfit {
        for (Map.Entry<String, Object> entry : set.entrySet()) {
            Column column = table.column(entry.getKey());
            if (column == null)
                throw new Refused(Refusals.of(
                        Code.UNKNOWN_FIELD,
                        entry.getKey(),
                        "table " + table.name() + " has no column " + entry.getKey()));
            if (column.generated())
                throw new Refused(Refusals.of(
                        Code.FIELD_NOT_WRITABLE, column.name(), table.name() + "." + column.name() + " is computed"));
            values.put(column, Values.fit(column, entry.getValue()));
        }
    }

    private WriteResult create(WriteOp.Create op) throws SQLException, Refused, Values.Unfit {
        Map<Column, Object> values = values(op);
        stamp(values);
        List<Object> key = insert(values);
        Row row = key == null ? null : read(key, "");
        if (row == null || row.record() == null)
            throw new Refused(
                    Refusals.of(Code.OTHER, null, table.name() + ": the database took the row but does not show it"));
        return applied(op, true, row.record());
    }

    private List<Object> insert(Map<Column, Object> values) throws SQLException, Values.Unfit {
        Sql sql = new Sql(dialect, "INSERT INTO " + dialect.name(table));
        if (values.isEmpty()) {
            sql.add(dialect.insertNothing());
        } else {
            String comma = " (";
            for (Column column : values.keySet()) {
                sql.add(comma).name(column);
                comma = ", ";
            }
            comma = ") VALUES (";
            for (Map.Entry<Column, Object> entry : values.entrySet()) {
                sql.add(comma).value(entry.getKey(), entry.getValue());
                comma = ", ";
            }
            sql.add(")");
        }
        if (!dialect.insertReturns(connection)) return insertCounting(sql, values);
        sql.add(" RETURNING ");
        for (int i = 0; i < table.id().size(); i++)
            sql.add(i == 0 ? "" : ", ").name(table.id().get(i));
        try (PreparedStatement statement = sql.prepare(connection);
                ResultSet rows = statement.executeQuery()) {
            if (!rows.next()) return null;
            List<Object> key = new ArrayList<>();
            for (int i = 0; i < table.id().size(); i++)
                key.add(dialect.read(rows, i + 1, table.id().get(i)));
            return key;
        }
    }

    /** MySQL: the id is in the values, or it was counted up. */
    private List<Object> insertCounting(Sql sql, Map<Column, Object> values) throws SQLException, Values.Unfit {
        try (PreparedStatement statement = sql.prepare(connection)) {
            statement.executeUpdate();
        }
        List<Object> key = new ArrayList<>();
        for (Column column : table.id()) {
            Object value = values.get(column);
            key.add(value == null ? lastInsertId() : value);
        }
        return key;
    }

    private long lastInsertId() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT LAST_INSERT_ID()")) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private WriteResult update(WriteOp.Update op) throws SQLException, Refused, Values.Unfit {
        List<Object> key = key(op.id());
        NativeRecord current = locked(key);
        guard(op.expectedVersion(), op.expected(), current);
        Map<Column, Object> values = values(op);
        for (Column column : values.keySet())
            if (table.id().contains(column))
                throw new Refused(Refusals.of(
                        Code.FIELD_NOT_WRITABLE,
                        column.name(),
                        table.name() + "." + column.name() + " is part of the id"));
        if (values.isEmpty()) return applied(op, false, current);
        stamp(values);
        Column version = table.version();
        boolean counts = version != null
                && version.type() == FieldType.INT
                && !version.generated()
                && !values.containsKey(version);
        Sql sql = new Sql(dialect, "UPDATE " + dialect.name(table) + " SET ");
        String comma = "";
        for (Map.Entry<Column, Object> entry : values.entrySet()) {
            sql.add(comma).equal(entry.getKey(), entry.getValue());
            comma = ", ";
        }
        if (counts) sql.add(comma).name(version).add(" = ").name(version).add(" + 1");
        change(sql.add(" WHERE ").isRow(table.id(), key));
        Row row = read(key, "");
        if (row == null || row.record() == null)
            throw new Refused(
                    Refusals.of(Code.OTHER, null, table.name() + ": the database does not show the row it changed"));
        return applied(op, false, row.record());
    }

    private WriteResult delete(WriteOp.Delete op) throws SQLException, Refused, Values.Unfit {
        List<Object> key = key(op.id());
        guard(op.expectedVersion(), op.expected(), locked(key));
        if (table.deleted() == null) {
            change(new Sql(dialect, "DELETE FROM " + dialect.name(table) + " WHERE ").isRow(table.id(), key));
        } else {
            Map<Column, Object> values = new LinkedHashMap<>(Map.of(table.deleted(), tombstone()));
            stamp(values);
            Sql sql = new Sql(dialect, "UPDATE " + dialect.name(table) + " SET ");
            String comma = "";
            for (Map.Entry<Column, Object> entry : values.entrySet()) {
                sql.add(comma).equal(entry.getKey(), entry.getValue());
                comma = ", ";
            }
            change(sql.add(" WHERE ").isRow(table.id(), key));
        }
        return new Applied(op.opId(), op.id(), false, null, null);
    }

    private Object tombstone() throws SQLException {
        if (table.deletedValue() != null) return table.deletedValue();
        return switch (table.deleted().type()) {
            case BOOL -> true;
            case DATE -> LocalDate.ofInstant(dialect.now(connection), ZoneOffset.UTC);
            default -> dialect.now(connection);
        };
    }

    private void stamp(Map<Column, Object> values) throws SQLException {
        Column changed = table.changed();
        if (changed != null && !changed.generated() && !values.containsKey(changed))
            values.put(changed, dialect.now(connection));
    }

    private void change(Sql sql) throws SQLException, Refused, Values.Unfit {
        try (PreparedStatement statement = sql.prepare(connection)) {
            if (statement.executeUpdate() == 0)
                throw new Refused(Refusals.of(
                        Code.PERMISSION,
                        null,
                        table.name() + ": the database changed no row, though the row is there"));
        }
    }

    private List<Object> key(String id) throws Refused {
        List<Object> key = JdbcLookups.key(table, id);
        if (key == null) throw new Refused(notFound());
        return key;
    }

    private RecordError notFound() {
        return Refusals.of(Code.NOT_FOUND, null, table.name() + ": there is no row with this id");
    }

    private NativeRecord locked(List<Object> key) throws SQLException, Refused, Values.Unfit {
        Row row = read(key, dialect.forUpdate());
        if (row == null) throw new Refused(notFound());
        if (row.deleted())
            throw new Refused(
                    Refusals.of(Code.DELETED, table.deleted().name(), table.name() + ": the row is marked as deleted"));
        if (row.record() == null)
            throw new Refused(Refusals.of(
                    Code.VALIDATION,
                    null,
                    row.unreadable().place() + ": " + row.unreadable().reason()));
        return row.record();
    }

    private void guard(String expectedVersion, Map<String, Object> expected, NativeRecord current)
            throws Refused, Values.Unfit {
        if (table.version() != null && expectedVersion != null) {
            if (!expectedVersion.equals(current.version()))
                throw new Refused(conflict(table.version().name()));
        }
        // also with a version that holds: a stamp of whole seconds stays the same over two edits
        for (Map.Entry<String, Object> entry : expected.entrySet()) {
            Column column = table.column(entry.getKey());
            if (column == null) throw new Refused(conflict(entry.getKey()));
            Object value = Values.fit(column, entry.getValue());
            if (column.reference() && value != null) value = Values.text(value);
            if (!Values.same(value, current.fields().get(column.name()))) throw new Refused(conflict(column.name()));
        }
    }

    private RecordError conflict(String field) {
        return Refusals.of(
                Code.VERSION_CONFLICT,
                field,
                table.name() + "." + field + " was changed meanwhile; read the row again");
    }

    private Row read(List<Object> key, String lock) throws SQLException, Values.Unfit {
        Sql sql = new Sql(dialect, projection.select())
                .add(" WHERE ")
                .isRow(table.id(), key)
                .add(lock);
        try (PreparedStatement statement = sql.prepare(connection);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? projection.read(rows) : null;
        }
    }

    private static Applied applied(WriteOp op, boolean created, NativeRecord record) {
        return new Applied(op.opId(), record.id().id(), created, record.version(), record);
    }

    private RecordError duplicate(RecordError error, Map<Column, Object> values, String ownId) throws SQLException {
        Set<String> ids = new LinkedHashSet<>();
        String field = error.field();
        for (List<String> unique : uniques()) {
            List<Column> columns = unique.stream().map(table::column).toList();
            List<Object> held = new ArrayList<>();
            for (Column column : columns) if (values.get(column) != null) held.add(values.get(column));
            if (held.size() < columns.size()) continue;
            Sql sql = new Sql(dialect, projection.select()).add(" WHERE ").isRow(columns, held);
            try (PreparedStatement statement = sql.prepare(connection);
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String id = projection.read(rows).id();
                    if (id == null || id.equals(ownId)) continue;
                    ids.add(id);
                    if (field == null && unique.size() == 1) field = unique.get(0);
                }
            } catch (Values.Unfit e) {
                throw new IllegalStateException("values were fitted before", e);
            }
        }
        return new RecordError(error.code(), field, error.vendorCode(), error.message(), List.copyOf(ids), false);
    }

    /** Column lists that are unique, the link key first. */
    private List<List<String>> uniques() {
        List<List<String>> uniques = new ArrayList<>(table.uniques().values());
        uniques.sort((a, b) -> Boolean.compare(
                b.equals(List.of(String.valueOf(linkKey))), a.equals(List.of(String.valueOf(linkKey)))));
        return uniques;
    }
}
