package io.kintsugi.connector.spi;

import java.util.List;

/**
 * One native field.
 *
 * @param maxLength in characters; null if unlimited or unknown
 * @param options values of a picklist; empty if it is none
 * @param optionsClosed whether other values than {@code options} are refused
 */
public record FieldDef(
        String name,
        FieldType type,
        boolean createable,
        boolean updateable,
        boolean nullable,
        boolean unique,
        boolean usableAsKey,
        boolean calculated,
        Integer maxLength,
        List<String> options,
        boolean optionsClosed) {
    public FieldDef {
        options = List.copyOf(options);
    }

    /** What a field holds, after the connector has read it (see {@link NativeRecord#fields()} for the Java types). */
    public enum FieldType {
        STRING,
        TEXT,
        BOOL,
        INT,
        DECIMAL,
        DATE,
        DATETIME,
        EMAIL,
        PHONE,
        URL,
        ENUM,
        MULTI_ENUM,
        REFERENCE,
        JSON,
        BINARY
    }
}
