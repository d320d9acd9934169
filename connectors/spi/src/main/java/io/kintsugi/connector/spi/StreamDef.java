package io.kintsugi.connector.spi;

import java.util.List;
import java.util.Set;

/**
 * One native object type: a table, an object, a folder of files.
 *
 * @param name native name, as used in every call
 * @param label name for people
 * @param fields in native order
 * @param relations references to other streams
 * @param ids how ids behave
 * @param can what can be done with records of this stream, as data
 */
public record StreamDef(
        String name, String label, List<FieldDef> fields, List<RelationDef> relations, IdRules ids, Capabilities can) {
    public StreamDef {
        if (name == null || name.isBlank()) throw new IllegalArgumentException("a stream has no name");
        if (ids == null || can == null)
            throw new IllegalArgumentException("stream " + name + " lacks id rules or capabilities");
        fields = List.copyOf(fields);
        relations = List.copyOf(relations);
        for (String key : can.writing().linkKeys())
            if (fields.stream()
                    .noneMatch(field ->
                            field.name().equals(key) && field.unique() && field.createable() && field.usableAsKey()))
                throw new IllegalArgumentException("stream " + name + ": link key " + key
                        + " is no field that is unique, may be set by a create and can be looked up");
    }

    /**
     * How ids of a stream behave.
     *
     * @param caseSensitive whether {@code A1} and {@code a1} are two records
     * @param uniqueAcrossStreams whether an id names a record without its stream
     * @param survivesMerge whether the winner of a native merge keeps its id
     * @param aliasedAfterMerge whether a loser's id still finds the winner
     */
    public record IdRules(
            boolean caseSensitive, boolean uniqueAcrossStreams, boolean survivesMerge, boolean aliasedAfterMerge) {}

    /**
     * A reference.
     *
     * @param field the field that holds the other record's id; null for an association object
     */
    public record RelationDef(String name, String field, Set<String> targets, boolean many, boolean required) {
        public RelationDef {
            targets = Set.copyOf(targets);
        }
    }
}
