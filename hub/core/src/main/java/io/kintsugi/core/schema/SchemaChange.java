package io.kintsugi.core.schema;

import java.util.Comparator;

/**
 * One way in which a stream differs from what was agreed on.
 *
 * @param other new name of a renamed field; null for every other kind
 * @param before as agreed on; null for a field that is new
 * @param now as it is; null for a field that is gone
 */
public record SchemaChange(Kind kind, String field, String other, FieldShape before, FieldShape now)
        implements Comparable<SchemaChange> {
    private static final Comparator<SchemaChange> ORDER =
            Comparator.comparing(SchemaChange::field).thenComparing(SchemaChange::kind);

    /** What happened to the field. A field that is new and required is {@code NEW_REQUIRED} only. */
    public enum Kind {
        NEW,
        REMOVED,
        RETYPED,
        /** Proved by the system's own id of the field. */
        RENAMED,
        NEW_REQUIRED,
        OPTIONS_ADDED,
        OPTIONS_REMOVED,
        WRITABLE_LOST
    }

    /** Whether the field can neither be read nor written as it was. */
    public boolean breaking() {
        return kind == Kind.REMOVED || kind == Kind.RETYPED || kind == Kind.RENAMED;
    }

    /** Field that is there and was not, so that its values can be kept; null if there is none. */
    public String appeared() {
        if (kind == Kind.RENAMED) return other;
        return before == null ? field : null;
    }

    @Override
    public int compareTo(SchemaChange that) {
        return ORDER.compare(this, that);
    }
}
