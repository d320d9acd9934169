package io.kintsugi.connector.spi;

import java.util.List;

/**
 * One native field.
 *
 * @param createable whether a create may name it
 * @param updateable whether an update may name it; others are refused with {@link RecordError.Code#FIELD_NOT_WRITABLE}
 * @param usableAsKey whether {@link Lookups#byKey} can find records by it
 * @param calculated whether the system works it out, perhaps without the record counting as changed
 * @param maxLength in characters; null if unlimited or unknown
 * @param options values of a picklist; empty if it is none
 * @param optionsClosed whether other values than {@code options} are refused
 * @param filled whether a create may leave it out though it is not nullable, because the system fills it
 * @param id the system's own id of the field, which it keeps when it is renamed; null if it has none
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
        boolean optionsClosed,
        boolean filled,
        String id) {
    /** One that is not filled by the system and has no id of its own. */
    public FieldDef(
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
        this(
                name,
                type,
                createable,
                updateable,
                nullable,
                unique,
                usableAsKey,
                calculated,
                maxLength,
                options,
                optionsClosed,
                false,
                null);
    }

    public FieldDef {
        if (name == null || name.isBlank()) throw new IllegalArgumentException("a field has no name");
        if (type == null) throw new IllegalArgumentException("field " + name + " has no type");
        if (maxLength != null && maxLength < 1)
            throw new IllegalArgumentException("maxLength of " + name + " is " + maxLength);
        options = List.copyOf(options);
    }

    /** Whether a create must name it. */
    public boolean required() {
        return createable && !nullable && !calculated && !filled;
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
