package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.spi.FieldDef.FieldType;
import java.util.List;

/**
 * One column as the database describes it.
 *
 * @param type what its values are read as, before a reference is turned into the text of an id
 * @param jdbcType a constant of {@link java.sql.Types}, for typed nulls
 * @param zoned whether a date-time names an instant by itself; others are read in the zone of the settings
 * @param generated whether the database computes it and refuses values
 * @param filled whether an insert may leave it out though it is not nullable
 * @param unique whether it alone is unique
 * @param reference whether it holds the id of a record of another stream
 * @param caseSensitive whether {@code A1} and {@code a1} are two keys
 * @param maxLength in characters; null if unlimited or unknown
 * @param digits of a date-time, below a second
 * @param options values of an enum; empty if it is none
 */
record Column(
        String name,
        FieldType type,
        int jdbcType,
        String typeName,
        boolean zoned,
        boolean nullable,
        boolean generated,
        boolean filled,
        boolean unique,
        boolean reference,
        boolean caseSensitive,
        Integer maxLength,
        int digits,
        List<String> options) {
    Column {
        options = List.copyOf(options);
    }

    /** The type the hub sees. */
    FieldType fieldType() {
        return reference ? FieldType.REFERENCE : type;
    }
}
