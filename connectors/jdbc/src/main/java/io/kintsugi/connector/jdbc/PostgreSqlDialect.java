package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.spi.FieldDef.FieldType;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * PostgreSQL 12 and later. The driver sends texts without a type ({@code stringtype=unspecified}), so that the server reads them as
 * uuid, json, inet or an enum as the column needs.
 */
final class PostgreSqlDialect extends Dialect {
    private static final Set<String> TEXT_ARRAYS = Set.of("_text", "_varchar", "_bpchar");

    PostgreSqlDialect(ZoneId zone) {
        super(zone);
    }

    @Override
    Fault fault(SQLException e) {
        String state = e.getSQLState();
        if (state == null) return Fault.OTHER;
        return switch (state) {
            case "57P01", "57P02", "57P03", "57P05", "53300" -> Fault.CONNECTION;
            case "42501", "25006" -> Fault.PERMISSION;
            case "3D000" -> Fault.NO_DATABASE;
            case "42P01", "3F000" -> Fault.NO_TABLE;
            case "42703" -> Fault.NO_COLUMN;
            case "23505" -> Fault.DUPLICATE;
            case "23502" -> Fault.REQUIRED;
            case "23503", "23001" -> Fault.REFERENCE;
            case "23514", "23P01", "42804" -> Fault.VALUE;
            case "P0001" -> Fault.RAISED;
            case "428C9" -> Fault.COMPUTED;
            case "55P03", "40001", "40P01" -> Fault.LOCKED;
            case "57014" -> Fault.TIMEOUT;
            default ->
                switch (state.substring(0, 2)) {
                    case "08" -> Fault.CONNECTION;
                    case "28" -> Fault.AUTH;
                    case "22" -> Fault.VALUE;
                    default -> Fault.OTHER;
                };
        };
    }

    @Override
    String initSql() {
        return null;
    }

    @Override
    String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT clock_timestamp()")) {
            rows.next();
            return rows.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    /** A replica has what was committed up to the last transaction it replayed; if it replayed none, nobody can tell. */
    @Override
    Instant replayed(Connection connection, Instant now) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT pg_is_in_recovery(), pg_last_xact_replay_timestamp()")) {
            rows.next();
            if (!rows.getBoolean(1)) return now;
            OffsetDateTime replayed = rows.getObject(2, OffsetDateTime.class);
            if (replayed == null) return Instant.EPOCH;
            return replayed.toInstant().isBefore(now) ? replayed.toInstant() : now;
        }
    }

    private static boolean isReplica(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            rows.next();
            return rows.getBoolean(1);
        }
    }

    @Override
    String defaultSchema(Connection connection) throws SQLException {
        return connection.getSchema();
    }

    @Override
    FieldType type(int jdbcType, String typeName, int size) {
        return switch (typeName) {
            case "bool" -> FieldType.BOOL;
            case "bit", "money" -> FieldType.STRING;
            case "json", "jsonb" -> FieldType.JSON;
            default -> TEXT_ARRAYS.contains(typeName) ? FieldType.MULTI_ENUM : standard(jdbcType, size);
        };
    }

    @Override
    boolean zoned(String typeName) {
        return typeName.equals("timestamptz");
    }

    @Override
    Map<String, Extra> extras(Connection connection, String schema, String table) throws SQLException {
        String sql = """
                SELECT a.attname, a.attgenerated <> '' OR a.attidentity = 'a', t.typname <> 'citext',
                       (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)
                FROM pg_attribute a
                JOIN pg_class c ON c.oid = a.attrelid
                JOIN pg_namespace n ON n.oid = c.relnamespace
                JOIN pg_type t ON t.oid = a.atttypid
                WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped""";
        Map<String, Extra> extras = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, schema);
            statement.setString(2, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Array labels = rows.getArray(4);
                    extras.put(
                            rows.getString(1),
                            new Extra(labels == null ? null : strings(labels), rows.getBoolean(2), rows.getBoolean(3)));
                }
            }
        }
        return extras;
    }

    @Override
    String forUpdate() {
        return " FOR UPDATE";
    }

    @Override
    boolean insertReturns(Connection connection) {
        return true;
    }

    /** Deferred constraints are checked per row, so that the row at fault is known. */
    @Override
    void beginWrite(Connection connection, long lockMillis) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL lock_timeout = " + lockMillis);
        }
    }

    /**
     * Every running transaction holds a lock on its own virtual id, which everybody may see; when it began is seen by its own
     * account and by members of pg_read_all_stats. That moment is what {@code now()} writes into a stamp. A replica shows its own
     * transactions only, and those write nothing.
     */
    @Override
    Map<String, Instant> running(Connection connection) throws SQLException {
        if (isReplica(connection)) return null;
        String sql = """
                SELECT l.virtualxid, a.xact_start
                FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
                WHERE l.locktype = 'virtualxid' AND l.mode = 'ExclusiveLock' AND l.granted AND l.pid <> pg_backend_pid()
                  AND (a.datname IS NULL OR a.datname = current_database())""";
        Map<String, Instant> running = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                OffsetDateTime began = rows.getObject(2, OffsetDateTime.class);
                running.put(rows.getString(1), began == null ? null : began.toInstant());
            }
        }
        return running;
    }

    @Override
    String lateCommits(Connection connection) throws SQLException {
        if (isReplica(connection))
            return "found within safetyLag and overlap after their stamp, because this is a replica; read from the primary to find"
                    + " all";
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_has_role('pg_read_all_stats', 'USAGE')")) {
            rows.next();
            return rows.getBoolean(1)
                    ? "found however long a transaction takes"
                    : "found if the transaction began after the first reading, or within safetyLag and overlap after their"
                            + " stamp; grant the account pg_read_all_stats to find all";
        }
    }

    /** Outside a transaction the driver would collect all rows first. */
    @Override
    void beginScan(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
    }

    @Override
    List<String> readList(ResultSet rows, int index) throws SQLException {
        Array array = rows.getArray(index);
        return array == null ? null : strings(array);
    }

    @Override
    void bindList(PreparedStatement statement, int index, String[] values) throws SQLException {
        statement.setArray(index, statement.getConnection().createArrayOf("text", values));
    }

    @Override
    void bind(PreparedStatement statement, int index, Column column, Object value) throws SQLException, Values.Unfit {
        if (value == null) statement.setNull(index, Types.OTHER);
        else super.bind(statement, index, column, value);
    }

    private static List<String> strings(Array array) throws SQLException {
        return Arrays.stream((Object[]) array.getArray()).map(String::valueOf).toList();
    }
}
