package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.spi.FieldDef.FieldType;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** What differs between databases. Holds no connection and no state; safe for all threads. */
abstract class Dialect {
    /** Zone of date-times that are stored without one. */
    final ZoneId zone;

    Dialect(ZoneId zone) {
        this.zone = zone;
    }

    /** What an {@link SQLException} means, whatever the database calls it. */
    enum Fault {
        CONNECTION,
        AUTH,
        PERMISSION,
        NO_DATABASE,
        NO_TABLE,
        NO_COLUMN,
        DUPLICATE,
        REQUIRED,
        REFERENCE,
        VALUE,
        /** A trigger refused, in words of whoever wrote it. */
        RAISED,
        COMPUTED,
        LOCKED,
        /** Like {@link #LOCKED}, and the whole transaction is undone with it. */
        DEADLOCK,
        TIMEOUT,
        OTHER
    }

    /** What one exception of the driver means; its causes are looked at by the caller. */
    abstract Fault fault(SQLException e);

    /** The code a person can look up. */
    String vendorCode(SQLException e) {
        return e.getSQLState() == null ? Integer.toString(e.getErrorCode()) : e.getSQLState();
    }

    /** SQL to run once on every new connection; null if none. */
    abstract String initSql();

    abstract String quote(String identifier);

    final String name(Table table) {
        return table.schema() == null ? quote(table.name()) : quote(table.schema()) + "." + quote(table.name());
    }

    /** The database's own time, with what it has below a second. */
    abstract Instant now(Connection connection) throws SQLException;

    /** Up to when this server has what was committed, which is {@code now} unless it is a replica. */
    Instant replayed(Connection connection, Instant now) throws SQLException {
        return now;
    }

    /** The schema the account lands in; null if the database has no schemas. */
    abstract String defaultSchema(Connection connection) throws SQLException;

    /** Whether {@link java.sql.DatabaseMetaData} takes the schema as the catalogue. */
    boolean schemaIsCatalog() {
        return false;
    }

    abstract FieldType type(int jdbcType, String typeName, int size);

    /** Whether a date-time of this type names an instant by itself. */
    abstract boolean zoned(String typeName);

    /** What the JDBC metadata does not tell about the columns of one table: enums, generated columns, case. */
    abstract Map<String, Extra> extras(Connection connection, String schema, String table) throws SQLException;

    /** @param options null if not an enum */
    record Extra(List<String> options, boolean generated, boolean caseSensitive) {}

    /** Locks the rows a SELECT names until the transaction ends; empty where a transaction locks everything anyway. */
    abstract String forUpdate();

    /** Whether INSERT … RETURNING works. */
    abstract boolean insertReturns(Connection connection) throws SQLException;

    String insertNothing() {
        return " DEFAULT VALUES";
    }

    /** Called at the begin of a write transaction. */
    abstract void beginWrite(Connection connection, long lockMillis) throws SQLException;

    /**
     * Transactions of others that are running now, and no earlier than when each began; a null value if that cannot be seen.
     *
     * @return null if they cannot be seen, always or this time
     */
    abstract Map<String, Instant> running(Connection connection) throws SQLException;

    /** How late a row may become visible after its stamp and still be found, and what would widen that. */
    abstract String lateCommits(Connection connection) throws SQLException;

    /** Called before a statement that reads a whole table; the caller ends the transaction if one was begun. */
    void beginScan(Connection connection) throws SQLException {}

    /** Makes a query return rows as they come instead of collecting them. */
    void stream(PreparedStatement statement) throws SQLException {
        statement.setFetchSize(1000);
    }

    /** The stamp column as something that sorts by time. */
    String stampSql(Column column) {
        return quote(column.name());
    }

    /** How many digits below a second a date-time has, by what the metadata says of its column. */
    int digits(int size, int decimalDigits) {
        return decimalDigits;
    }

    /** Reads what {@link #stampSql} selects; null if empty. */
    String readStamp(ResultSet rows, int index, Column column) throws SQLException {
        if (column.zoned()) {
            Instant instant = readInstant(rows, index, column);
            return instant == null ? null : instant.toString();
        }
        LocalDateTime local = rows.getObject(index, LocalDateTime.class);
        return local == null ? null : local.toString();
    }

    void bindStamp(PreparedStatement statement, int index, Column column, String stamp) throws SQLException {
        if (column.zoned()) bindInstant(statement, index, column, Instant.parse(stamp));
        else statement.setObject(index, LocalDateTime.parse(stamp));
    }

    Instant instantOf(Column column, String stamp) {
        return column.zoned()
                ? Instant.parse(stamp)
                : LocalDateTime.parse(stamp).atZone(zone).toInstant();
    }

    String stampOf(Column column, Instant instant) {
        return column.zoned()
                ? instant.toString()
                : LocalDateTime.ofInstant(instant, zone).toString();
    }

    /** Reads a value in the Java types of {@link io.kintsugi.connector.spi.NativeRecord}, before references become texts. */
    Object read(ResultSet rows, int index, Column column) throws SQLException {
        Object value =
                switch (column.type()) {
                    case BOOL -> rows.getBoolean(index);
                    case INT -> rows.getLong(index);
                    case DECIMAL -> decimal(rows, index, column);
                    case DATE -> rows.getObject(index, LocalDate.class);
                    case DATETIME -> readInstant(rows, index, column);
                    case MULTI_ENUM -> readList(rows, index);
                    case BINARY -> {
                        byte[] bytes = rows.getBytes(index);
                        yield bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
                    }
                    default -> text(rows.getString(index), column);
                };
        return value == null || rows.wasNull() ? null : value;
    }

    void bind(PreparedStatement statement, int index, Column column, Object value) throws SQLException, Values.Unfit {
        Object fit = Values.fit(column, value);
        if (fit == null) {
            statement.setNull(index, column.jdbcType());
            return;
        }
        switch (column.type()) {
            case BOOL -> statement.setBoolean(index, (Boolean) fit);
            case INT -> statement.setLong(index, (Long) fit);
            case DECIMAL -> statement.setBigDecimal(index, (BigDecimal) fit);
            case DATE -> statement.setObject(index, fit);
            case DATETIME -> bindInstant(statement, index, column, (Instant) fit);
            case MULTI_ENUM -> bindList(statement, index, ((List<?>) fit).toArray(String[]::new));
            case BINARY -> statement.setBytes(index, bytes(column, (String) fit));
            default -> statement.setString(index, (String) fit);
        }
    }

    Instant readInstant(ResultSet rows, int index, Column column) throws SQLException {
        if (column.zoned()) {
            OffsetDateTime value = rows.getObject(index, OffsetDateTime.class);
            return value == null ? null : value.toInstant();
        }
        LocalDateTime value = rows.getObject(index, LocalDateTime.class);
        return value == null ? null : value.atZone(zone).toInstant();
    }

    void bindInstant(PreparedStatement statement, int index, Column column, Instant value) throws SQLException {
        if (column.zoned()) statement.setObject(index, value.atOffset(ZoneOffset.UTC));
        else statement.setObject(index, LocalDateTime.ofInstant(value, zone));
    }

    abstract List<String> readList(ResultSet rows, int index) throws SQLException;

    abstract void bindList(PreparedStatement statement, int index, String[] values) throws SQLException;

    private static BigDecimal decimal(ResultSet rows, int index, Column column) throws SQLException {
        boolean binary = column.jdbcType() == Types.DOUBLE
                || column.jdbcType() == Types.REAL
                || column.jdbcType() == Types.FLOAT;
        if (!binary) return rows.getBigDecimal(index);
        String text = rows.getString(index); // the shortest text that reads back as the same number
        return text == null ? null : new BigDecimal(text);
    }

    private static byte[] bytes(Column column, String base64) throws Values.Unfit {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new Values.Unfit(column);
        }
    }

    private static String text(String value, Column column) {
        return value != null && column.jdbcType() == Types.CHAR ? value.stripTrailing() : value; // CHAR is padded
    }

    /** The type most databases mean by a JDBC type. */
    static FieldType standard(int jdbcType, int size) {
        return switch (jdbcType) {
            case Types.BIT, Types.BOOLEAN -> FieldType.BOOL;
            case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> FieldType.INT;
            case Types.NUMERIC, Types.DECIMAL, Types.DOUBLE, Types.FLOAT, Types.REAL -> FieldType.DECIMAL;
            case Types.DATE -> FieldType.DATE;
            case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> FieldType.DATETIME;
            case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> FieldType.BINARY;
            case Types.LONGVARCHAR, Types.CLOB -> FieldType.TEXT;
            case Types.VARCHAR -> size <= 0 || size > 65_535 ? FieldType.TEXT : FieldType.STRING;
            default -> FieldType.STRING;
        };
    }
}
