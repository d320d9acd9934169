package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.jdbc.Dialect.Fault;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Says in words and codes why a database refused one row. The words are ours, because databases like to quote the data. */
final class Refusals {
    private static final int WORDS = 300;

    private final Dialect dialect;
    private final Table table;

    Refusals(Dialect dialect, Table table) {
        this.dialect = dialect;
        this.table = table;
    }

    static RecordError of(Code code, String field, String message) {
        return new RecordError(code, field, null, message, List.of(), false);
    }

    /**
     * @param values what was to be written, by column; empty for a delete
     * @param deleting whether a row was to go
     */
    RecordError of(Fault fault, SQLException e, Map<Column, Object> values, boolean deleting) {
        String field = field(e, values);
        return switch (fault) {
            case DUPLICATE ->
                error(e, Code.DUPLICATE, field, "another record already holds the same unique value", false);
            case REQUIRED -> error(e, Code.REQUIRED_MISSING, field, "a value is required", false);
            case REFERENCE ->
                deleting
                        ? error(e, Code.DEPENDENTS_EXIST, null, "other records still refer to this one", false)
                        : error(
                                e,
                                Code.BAD_REFERENCE,
                                field,
                                "the record referred to does not exist, or others refer to it",
                                false);
            case VALUE -> value(e, field, values);
            case RAISED -> error(e, Code.VALIDATION, field, "refused by a rule of the database: " + words(e), false);
            case COMPUTED -> error(e, Code.FIELD_NOT_WRITABLE, field, "the column is computed by the database", false);
            case PERMISSION -> error(e, Code.PERMISSION, field, "the account may not write this", false);
            case LOCKED, DEADLOCK -> error(e, Code.LOCKED, null, "another transaction holds the record", true);
            default -> error(e, Code.OTHER, field, "the database refused the record", false);
        };
    }

    private RecordError value(SQLException e, String mentioned, Map<Column, Object> values) {
        for (Map.Entry<Column, Object> entry : values.entrySet()) {
            Column column = entry.getKey();
            if (entry.getValue() == null) continue;
            String text = Values.text(entry.getValue());
            if (column.type() == FieldType.ENUM && !column.options().contains(text))
                return error(e, Code.BAD_OPTION, column.name(), "the value is none of the column's options", false);
            if (column.maxLength() != null && text.codePointCount(0, text.length()) > column.maxLength())
                return error(
                        e,
                        Code.VALIDATION,
                        column.name(),
                        "the value is longer than " + column.maxLength() + " characters",
                        false);
        }
        return error(e, Code.VALIDATION, mentioned, "the value does not fit the column or one of its rules", false);
    }

    private RecordError error(SQLException e, Code code, String field, String what, boolean retryable) {
        String where = table.name() + (field == null ? "" : "." + field) + ": ";
        return new RecordError(code, field, dialect.vendorCode(e), where + what, List.of(), retryable);
    }

    /** The column a message names, by itself or by a constraint of it; null if none. */
    private String field(SQLException e, Map<Column, Object> values) {
        String message = String.valueOf(e.getMessage());
        for (Map.Entry<String, List<String>> unique : table.uniques().entrySet())
            if (unique.getValue().size() == 1 && names(message, unique.getKey()))
                return unique.getValue().get(0);
        for (Table.Reference reference : table.references())
            if (!reference.constraint().isEmpty() && names(message, reference.constraint())) return reference.column();
        for (Column column : table.columns()) if (names(message, column.name())) return column.name();
        // SQLite does not say which reference is broken; with one there is no doubt
        List<Column> references =
                values.keySet().stream().filter(Column::reference).toList();
        return dialect.fault(e) == Fault.REFERENCE && references.size() == 1
                ? references.get(0).name()
                : null;
    }

    /** Whether a message has a name in quotes or after a dot or colon, not as a word of its own language. */
    static boolean names(String message, String name) {
        return Pattern.compile("(?:[\"'`.]|: )" + Pattern.quote(name) + "(?![\\w$])")
                .matcher(message)
                .find();
    }

    /** What is wrong, without the hints that may follow. */
    static String firstLine(SQLException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static String words(SQLException e) {
        String line = firstLine(e);
        return line.length() > WORDS ? line.substring(0, WORDS) : line;
    }
}
