package io.kintsugi.core.schema;

import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What the hub remembers of one native field.
 *
 * @param id the system's own id of the field, which a rename keeps; null if it has none
 * @param type as the connector names it, for example {@code STRING}
 * @param required whether a new record must name it
 * @param writable whether an update may name it
 * @param options values of a picklist in the system's order; empty if it is none
 * @param closed whether other values are refused
 */
public record FieldShape(
        String name, String id, String type, boolean required, boolean writable, List<String> options, boolean closed) {
    private static final Set<String> TEXTS = Set.of("STRING", "TEXT", "EMAIL", "PHONE", "URL", "ENUM");
    private static final Set<String> LISTS = Set.of("MULTI_ENUM");

    public FieldShape {
        if (name == null || name.isBlank()) throw new IllegalArgumentException("a field has no name");
        Objects.requireNonNull(type, name);
        options = List.copyOf(options);
    }

    /** A text field that anybody may leave out and write. */
    public static FieldShape text(String name) {
        return new FieldShape(name, null, "STRING", false, true, List.of(), false);
    }

    /** Whether values of the two read alike: texts of any sort do, and so does a number that may have decimals now. */
    boolean readsLike(FieldShape before) {
        if (type.equals(before.type)) return true;
        if (TEXTS.contains(type)) return TEXTS.contains(before.type) || LISTS.contains(before.type);
        return type.equals("DECIMAL") && before.type.equals("INT");
    }

    FieldShape withType(String other) {
        return new FieldShape(name, id, other, required, writable, options, closed);
    }

    public FieldShape withRequired(boolean other) {
        return new FieldShape(name, id, type, other, writable, options, closed);
    }

    public FieldShape withWritable(boolean other) {
        return new FieldShape(name, id, type, required, other, options, closed);
    }

    public FieldShape withOptions(List<String> others, boolean areAll) {
        return new FieldShape(name, id, type, required, writable, others, areAll);
    }
}
