package io.kintsugi.server.engine.dryrun;

import java.util.List;
import java.util.Objects;

/**
 * One thing that would happen.
 *
 * @param system system it would happen in; null for what happens in the hub alone
 * @param record key of the record; null if it is to be created, or if it is about goldens
 * @param goldens goldens it is about, the one that stays first; empty for none
 * @param label what people call the golden, or the record
 * @param values what would be written; empty unless something is
 * @param why one sentence for people; null if the kind says it all
 */
public record DryChange(
        Kind kind,
        String system,
        String entityType,
        String record,
        List<String> goldens,
        String label,
        List<Value> values,
        String why) {
    /** What would happen. */
    public enum Kind {
        /** A record would be created. */
        CREATE,
        /** The record that was there would be asked for, and comes back with its id; a new one only if the system says it cannot. */
        UNDELETE,
        /** A record would be changed. */
        UPDATE,
        /** A record would be deleted, or archived or marked where the system only does that. */
        DELETE,
        /** Goldens would become one; in a system, a record would go into another one there. */
        MERGE,
        /** Records would leave a golden for another one. */
        SPLIT,
        /** A write would wait, for its time or for a person. */
        HELD,
        /** A person would be asked. */
        QUESTION
    }

    /**
     * A value that would be written.
     *
     * @param attribute canonical name
     * @param field the system's own name of it
     * @param from what is there now, or comes back; null if that is empty or the record is new
     * @param to null if it would be made empty
     */
    public record Value(String attribute, String field, String from, String to) {}

    public DryChange {
        Objects.requireNonNull(kind, "kind");
        goldens = List.copyOf(goldens);
        values = List.copyOf(values);
    }
}
