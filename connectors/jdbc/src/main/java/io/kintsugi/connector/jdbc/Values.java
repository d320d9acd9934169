package io.kintsugi.connector.jdbc;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;

/** Turns what the hub holds into what a column takes, and compares the two. */
final class Values {
    private Values() {}

    /** A value does not fit its column. The message names the column and the type, never the value. */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1L;
        private final String column;

        Unfit(Column column) {
            super("column " + column.name() + " takes a " + column.type() + "; the value given is none");
            this.column = column.name();
        }

        String column() {
            return column;
        }
    }

    /** The value in the Java type of the column; texts are parsed. Null stays null. */
    static Object fit(Column column, Object value) throws Unfit {
        if (value == null) return null;
        try {
            return switch (column.type()) {
                case BOOL -> bool(column, value);
                case INT -> number(value).longValueExact();
                case DECIMAL -> number(value);
                case DATE -> value instanceof LocalDate ? value : LocalDate.parse(value.toString());
                case DATETIME ->
                    value instanceof Instant
                            ? value
                            : OffsetDateTime.parse(value.toString()).toInstant();
                case MULTI_ENUM ->
                    value instanceof List<?> list
                            ? list.stream().map(Values::text).toList()
                            : List.of(text(value));
                default -> {
                    if (value instanceof List) throw new Unfit(column);
                    yield text(value);
                }
            };
        } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
            throw new Unfit(column);
        }
    }

    /** The text of a value, as it appears in ids and versions. */
    static String text(Object value) {
        return value instanceof BigDecimal number ? number.toPlainString() : String.valueOf(value);
    }

    /** Whether two values are the same to a person: numbers by size, nothing and an empty text alike. */
    static boolean same(Object left, Object right) {
        if (isEmpty(left) || isEmpty(right)) return isEmpty(left) && isEmpty(right);
        if (left instanceof Number && right instanceof Number)
            return number(left).compareTo(number(right)) == 0;
        return left.equals(right);
    }

    private static boolean isEmpty(Object value) {
        return value == null || value.equals("") || value.equals(List.of());
    }

    private static BigDecimal number(Object value) {
        return value instanceof BigDecimal number ? number : new BigDecimal(value.toString());
    }

    private static Boolean bool(Column column, Object value) throws Unfit {
        return switch (value.toString()) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw new Unfit(column);
        };
    }
}
