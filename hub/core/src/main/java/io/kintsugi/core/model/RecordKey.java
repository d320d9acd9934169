package io.kintsugi.core.model;

/**
 * Identifies one record in one source system (a crosswalk key). Immutable and totally ordered.
 *
 * @param system id of the source system, for example {@code crm}; holds no colon
 * @param entityType canonical entity type, for example {@code contact}; holds no colon
 * @param externalId the id the source system uses; case-sensitive, never blank, may hold colons
 */
public record RecordKey(String system, String entityType, String externalId) implements Comparable<RecordKey> {
    public RecordKey {
        requirePart("system", system);
        requirePart("entityType", entityType);
        if (externalId == null || externalId.isBlank()) {
            throw new IllegalArgumentException("external id of a " + system + " " + entityType + " record is blank");
        }
    }

    /**
     * Reads the form that {@link #toString()} writes.
     *
     * @throws IllegalArgumentException if the text is not {@code system:entityType:externalId}
     */
    public static RecordKey parse(String text) {
        var parts = text.split(":", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is no record key; expected system:entityType:externalId");
        }
        return new RecordKey(parts[0], parts[1], parts[2]);
    }

    private static void requirePart(String name, String value) {
        if (value == null || value.isBlank() || value.indexOf(':') >= 0) {
            throw new IllegalArgumentException(name + " of a record key is blank or holds a colon: " + value);
        }
    }

    @Override
    public int compareTo(RecordKey other) {
        int order = compare(system, other.system); // written out: it is compared in every sorted set of every batch
        if (order == 0) order = compare(entityType, other.entityType);
        return order == 0 ? externalId.compareTo(other.externalId) : order;
    }

    /** Keys of one system mostly share the text that names it, which then need not be read. */
    private static int compare(String one, String other) {
        return one == other ? 0 : one.compareTo(other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecordKey key // the id first: it is what differs
                && externalId.equals(key.externalId)
                && system.equals(key.system)
                && entityType.equals(key.entityType);
    }

    @Override
    public int hashCode() {
        return (system.hashCode() * 31 + entityType.hashCode()) * 31 + externalId.hashCode();
    }

    @Override
    public String toString() {
        return system + ":" + entityType + ":" + externalId;
    }
}
