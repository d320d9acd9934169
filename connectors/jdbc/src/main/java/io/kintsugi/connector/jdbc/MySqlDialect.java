package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.spi.FieldDef.FieldType;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** MariaDB and MySQL. Sessions run in UTC, so a TIMESTAMP reads as UTC; a DATETIME has no zone and reads in that of the settings. */
class MySqlDialect extends Dialect {
    private static final Pattern ACTIVE =
            Pattern.compile("---TRANSACTION ([^,\\s]+), ACTIVE (?:\\(PREPARED\\) )?(\\d+) sec");

    MySqlDialect(ZoneId zone) {
        super(zone);
    }

    @Override
    Fault fault(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (e.getErrorCode()) {
            case 1040, 1053, 1927 -> Fault.CONNECTION;
            case 1045, 1698 -> Fault.AUTH;
            case 1044, 1142, 1143, 1227, 1290, 1370, 1836 -> Fault.PERMISSION;
            case 1049 -> Fault.NO_DATABASE;
            case 1146 -> Fault.NO_TABLE;
            case 1054 -> Fault.NO_COLUMN;
            case 1062, 1586 -> Fault.DUPLICATE;
            case 1048, 1364 -> Fault.REQUIRED;
            case 1216, 1217, 1451, 1452 -> Fault.REFERENCE;
            case 1264, 1265, 1292, 1366, 1406, 3819, 4025 -> Fault.VALUE;
            case 1644 -> Fault.RAISED;
            case 1906, 3105 -> Fault.COMPUTED;
            case 1205, 3572 -> Fault.LOCKED;
            case 1020, 1213 -> Fault.DEADLOCK;
            case 1317, 1969, 3024 -> Fault.TIMEOUT;
            default -> state.startsWith("08") ? Fault.CONNECTION : state.startsWith("22") ? Fault.VALUE : Fault.OTHER;
        };
    }

    @Override
    String vendorCode(SQLException e) {
        return Integer.toString(e.getErrorCode());
    }

    @Override
    String initSql() {
        return "SET time_zone = '+00:00'";
    }

    @Override
    String quote(String identifier) {
        return '`' + identifier.replace("`", "``") + '`';
    }

    @Override
    Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT UTC_TIMESTAMP(6)")) {
            rows.next();
            return rows.getObject(1, LocalDateTime.class).toInstant(ZoneOffset.UTC);
        }
    }

    @Override
    String defaultSchema(Connection connection) throws SQLException {
        return connection.getCatalog();
    }

    @Override
    boolean schemaIsCatalog() {
        return true;
    }

    @Override
    FieldType type(int jdbcType, String typeName, int size) {
        String upper = typeName.toUpperCase(Locale.ROOT);
        if (upper.equals("BIGINT UNSIGNED")) return FieldType.DECIMAL; // may be larger than a long
        return switch (upper) {
            case "YEAR" -> FieldType.INT;
            case "SET" -> FieldType.MULTI_ENUM;
            case "JSON" -> FieldType.JSON;
            default -> standard(jdbcType, size);
        };
    }

    @Override
    boolean zoned(String typeName) {
        return typeName.toUpperCase(Locale.ROOT).startsWith("TIMESTAMP");
    }

    /** The metadata counts the characters: 19 for whole seconds, and a point and the digits more. */
    @Override
    int digits(int size, int decimalDigits) {
        return Math.max(0, size - 20);
    }

    @Override
    Map<String, Extra> extras(Connection connection, String schema, String table) throws SQLException {
        String sql = "SELECT column_name, column_type, extra, collation_name FROM information_schema.columns"
                + " WHERE table_schema = ? AND table_name = ?";
        Map<String, Extra> extras = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, schema);
            statement.setString(2, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    String extra = rows.getString(3).toUpperCase(Locale.ROOT);
                    String collation = rows.getString(4);
                    extras.put(
                            rows.getString(1),
                            new Extra(
                                    options(rows.getString(2)),
                                    extra.contains("VIRTUAL GENERATED") || extra.contains("STORED GENERATED"),
                                    collation == null || !collation.contains("_ci")));
                }
            }
        }
        return extras;
    }

    /** Labels of {@code enum('a','it''s')} or {@code set(…)}; null for other types. */
    static List<String> options(String columnType) {
        if (!columnType.startsWith("enum(") && !columnType.startsWith("set(")) return null;
        List<String> options = new ArrayList<>();
        StringBuilder option = null;
        for (int i = columnType.indexOf('(') + 1; i < columnType.length(); i++) {
            char c = columnType.charAt(i);
            if (option == null) {
                if (c == '\'') option = new StringBuilder();
            } else if (c != '\'') {
                option.append(c);
            } else if (columnType.charAt(i + 1) == '\'') {
                option.append(c);
                i++;
            } else {
                options.add(option.toString());
                option = null;
            }
        }
        return options;
    }

    @Override
    String forUpdate() {
        return " FOR UPDATE";
    }

    @Override
    boolean insertReturns(Connection connection) throws SQLException {
        DatabaseMetaData meta = connection.getMetaData();
        int major = meta.getDatabaseMajorVersion();
        return meta.getDatabaseProductName().equals("MariaDB")
                && (major > 10 || major == 10 && meta.getDatabaseMinorVersion() >= 5);
    }

    @Override
    String insertNothing() {
        return " () VALUES ()";
    }

    @Override
    void beginWrite(Connection connection, long lockMillis) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION innodb_lock_wait_timeout = " + Math.max(1, lockMillis / 1000));
        }
    }

    /**
     * Needs the PROCESS privilege; without it late commits are found within the overlap only. The monitor is asked because the table
     * {@code INNODB_TRX} shows an old list to whoever asks again within a tenth of a second, and so may never get fresh.
     */
    @Override
    Map<String, Instant> running(Connection connection) throws SQLException {
        Instant now = now(connection);
        String status;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW ENGINE INNODB STATUS")) {
            status = rows.next() ? rows.getString("Status") : "";
        } catch (SQLException e) {
            if (fault(e) == Fault.PERMISSION) return null;
            throw e;
        }
        if (status.contains("... truncated...")) return null;
        Map<String, Instant> running = new HashMap<>();
        Matcher matcher = ACTIVE.matcher(status);
        while (matcher.find())
            running.put(matcher.group(1), now.minusSeconds(Long.parseLong(matcher.group(2)) + 1)); // whole seconds
        return running;
    }

    @Override
    String lateCommits(Connection connection) throws SQLException {
        return running(connection) == null
                ? "found within safetyLag and overlap after their stamp; grant the account PROCESS to find all"
                : "found however long a transaction takes";
    }

    @Override
    String readStamp(ResultSet rows, int index, Column column) throws SQLException {
        LocalDateTime local = rows.getObject(index, LocalDateTime.class);
        if (local == null) return null;
        return column.zoned() ? local.toInstant(ZoneOffset.UTC).toString() : local.toString();
    }

    @Override
    Instant readInstant(ResultSet rows, int index, Column column) throws SQLException {
        LocalDateTime local = rows.getObject(index, LocalDateTime.class); // null for 0000-00-00
        return local == null
                ? null
                : local.atZone(column.zoned() ? ZoneOffset.UTC : zone).toInstant();
    }

    @Override
    void bindInstant(PreparedStatement statement, int index, Column column, Instant value) throws SQLException {
        statement.setObject(index, LocalDateTime.ofInstant(value, column.zoned() ? ZoneOffset.UTC : zone));
    }

    @Override
    List<String> readList(ResultSet rows, int index) throws SQLException {
        String text = rows.getString(index);
        return text == null ? null : text.isEmpty() ? List.of() : List.of(text.split(","));
    }

    @Override
    void bindList(PreparedStatement statement, int index, String[] values) throws SQLException {
        statement.setString(index, String.join(",", values));
    }
}
