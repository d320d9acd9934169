package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.spi.FieldDef.FieldType;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SQLite. Types are per value, so the declared type says what is meant and each value is checked against it. Dates are ISO texts in
 * UTC, with or without a zone; numbers in a date column are seconds or, from 10^11 on, milliseconds since 1970. Written dates look
 * like those of SQLite's own functions. There is one writer at a time, and a write transaction takes the lock when it begins.
 */
final class SqliteDialect extends Dialect {
    private static final Pattern RESULT_CODE = Pattern.compile("\\[SQLITE_([A-Z_0-9]+)]");
    private static final String STAMP_FORMAT = "'%Y-%m-%d %H:%M:%f'";
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);
    private static final DateTimeFormatter WRITTEN = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendLiteral(' ')
            .appendPattern("HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter(Locale.ROOT);

    SqliteDialect() {
        super(ZoneOffset.UTC);
    }

    @Override
    Fault fault(SQLException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("no such table")) return Fault.NO_TABLE;
        if (message.contains("no such column") || message.contains("has no column named")) return Fault.NO_COLUMN;
        if (message.contains("generated column")) return Fault.COMPUTED;
        String code = vendorCode(e);
        return switch (code) {
            case "CANTOPEN", "NOTADB" -> Fault.NO_DATABASE;
            case "CONSTRAINT_UNIQUE", "CONSTRAINT_PRIMARYKEY", "CONSTRAINT_ROWID" -> Fault.DUPLICATE;
            case "CONSTRAINT_NOTNULL" -> Fault.REQUIRED;
            case "CONSTRAINT_FOREIGNKEY" -> Fault.REFERENCE;
            case "CONSTRAINT_CHECK", "CONSTRAINT_DATATYPE", "MISMATCH", "TOOBIG" -> Fault.VALUE;
            case "CONSTRAINT_TRIGGER" -> Fault.RAISED;
            case "INTERRUPT" -> Fault.TIMEOUT;
            default -> {
                if (code.startsWith("BUSY") || code.startsWith("LOCKED")) yield Fault.LOCKED;
                if (code.startsWith("CANTOPEN")) yield Fault.NO_DATABASE;
                if (code.startsWith("READONLY") || code.startsWith("PERM")) yield Fault.PERMISSION;
                if (code.startsWith("IOERR")) yield Fault.CONNECTION;
                yield Fault.OTHER;
            }
        };
    }

    /** The name of the extended result code, which the driver puts in front of its message. */
    @Override
    String vendorCode(SQLException e) {
        Matcher matcher = RESULT_CODE.matcher(String.valueOf(e.getMessage()));
        return matcher.find() ? matcher.group(1) : Integer.toString(e.getErrorCode());
    }

    @Override
    String initSql() {
        return null;
    }

    /** Not in double quotes, in which SQLite takes the name of a column that is gone for a text. */
    @Override
    String quote(String identifier) {
        return '`' + identifier.replace("`", "``") + '`';
    }

    @Override
    Instant now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT strftime(" + STAMP_FORMAT + ", 'now')")) {
            rows.next();
            return LocalDateTime.parse(rows.getString(1), STAMP).toInstant(ZoneOffset.UTC);
        }
    }

    @Override
    String defaultSchema(Connection connection) {
        return null;
    }

    @Override
    FieldType type(int jdbcType, String typeName, int size) {
        String declared = typeName.toUpperCase(Locale.ROOT);
        if (declared.contains("BOOL")) return FieldType.BOOL;
        if (declared.contains("DATETIME") || declared.contains("TIMESTAMP")) return FieldType.DATETIME;
        if (declared.contains("DATE")) return FieldType.DATE;
        if (declared.contains("INT")) return FieldType.INT;
        if (declared.contains("JSON")) return FieldType.JSON;
        if (declared.contains("BLOB")) return FieldType.BINARY;
        if (declared.matches(".*(REAL|FLOA|DOUB|DEC|NUM).*")) return FieldType.DECIMAL;
        return declared.contains("CHAR") ? FieldType.STRING : FieldType.TEXT;
    }

    @Override
    boolean zoned(String typeName) {
        return true;
    }

    @Override
    Map<String, Extra> extras(Connection connection, String schema, String table) throws SQLException {
        Map<String, Extra> extras = new HashMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT name, hidden FROM pragma_table_xinfo(?)")) {
            statement.setString(1, table);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) extras.put(rows.getString(1), new Extra(null, rows.getInt(2) > 1, true));
            }
        }
        return extras;
    }

    @Override
    String forUpdate() {
        return "";
    }

    @Override
    boolean insertReturns(Connection connection) {
        return true;
    }

    @Override
    void beginWrite(Connection connection, long lockMillis) {
        // BEGIN IMMEDIATE, sent by the driver with the first statement, waits for the lock as long as busy_timeout says
    }

    @Override
    Map<String, Instant> running(Connection connection) {
        return null;
    }

    @Override
    String lateCommits(Connection connection) {
        return "found within safetyLag and overlap after their stamp";
    }

    @Override
    String stampSql(Column column) {
        return "strftime(" + STAMP_FORMAT + ", " + quote(column.name()) + ")";
    }

    @Override
    int digits(int size, int decimalDigits) {
        return 3; // as STAMP_FORMAT says
    }

    @Override
    String readStamp(ResultSet rows, int index, Column column) throws SQLException {
        return rows.getString(index);
    }

    @Override
    void bindStamp(PreparedStatement statement, int index, Column column, String stamp) throws SQLException {
        statement.setString(index, stamp);
    }

    @Override
    Instant instantOf(Column column, String stamp) {
        return LocalDateTime.parse(stamp, STAMP).toInstant(ZoneOffset.UTC);
    }

    @Override
    String stampOf(Column column, Instant instant) {
        return STAMP.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    }

    @Override
    Object read(ResultSet rows, int index, Column column) throws SQLException {
        Object value = rows.getObject(index);
        if (value == null) return null;
        try {
            return switch (column.type()) {
                case BOOL -> bool(value);
                case INT -> new BigDecimal(value.toString()).longValueExact();
                case DECIMAL -> new BigDecimal(value.toString());
                case DATE -> LocalDate.ofInstant(instant(value), ZoneOffset.UTC);
                case DATETIME -> instant(value);
                case BINARY ->
                    Base64.getEncoder().encodeToString(value instanceof byte[] bytes ? bytes : rows.getBytes(index));
                default -> {
                    if (value instanceof byte[]) throw new SQLException("bytes where a text is declared");
                    yield value.toString();
                }
            };
        } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
            throw new SQLException("not a " + column.type(), e);
        }
    }

    @Override
    void bind(PreparedStatement statement, int index, Column column, Object value) throws SQLException, Values.Unfit {
        Object fit = Values.fit(column, value);
        if (fit instanceof Boolean bool) statement.setInt(index, bool ? 1 : 0);
        else if (fit instanceof LocalDate || fit instanceof BigDecimal) statement.setString(index, Values.text(fit));
        else if (fit instanceof Instant instant) bindInstant(statement, index, column, instant);
        else super.bind(statement, index, column, fit);
    }

    @Override
    void bindInstant(PreparedStatement statement, int index, Column column, Instant value) throws SQLException {
        statement.setString(index, WRITTEN.format(LocalDateTime.ofInstant(value, ZoneOffset.UTC)));
    }

    @Override
    List<String> readList(ResultSet rows, int index) {
        throw new IllegalStateException("SQLite has no lists");
    }

    @Override
    void bindList(PreparedStatement statement, int index, String[] values) {
        throw new IllegalStateException("SQLite has no lists");
    }

    private static boolean bool(Object value) throws SQLException {
        return switch (value.toString().toLowerCase(Locale.ROOT)) {
            case "1", "true", "t", "yes", "y" -> true;
            case "0", "false", "f", "no", "n" -> false;
            default -> throw new SQLException("not a BOOL");
        };
    }

    private static Instant instant(Object value) {
        if (value instanceof Number number) {
            long amount = number.longValue();
            return Math.abs(amount) < 100_000_000_000L ? Instant.ofEpochSecond(amount) : Instant.ofEpochMilli(amount);
        }
        String text = value.toString().strip().replace(' ', 'T');
        if (text.length() == 10) return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
        boolean hasZone = text.endsWith("Z") || text.lastIndexOf('+') > 10 || text.lastIndexOf('-') > 10;
        return hasZone
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }
}
