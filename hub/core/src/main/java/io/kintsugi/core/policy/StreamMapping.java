package io.kintsugi.core.policy;

import java.util.List;
import java.util.Map;

/**
 * Native fields of a stream ↔ canonical attributes of an entity type.
 *
 * @param write whether the hub may change records of this stream
 * @param provision whether the hub may create records in this stream for goldens that have none there
 * @param linkKeyField native field with a unique constraint for the key of creates; null if there is none
 * @param constants what a create puts into native fields that get no value otherwise
 * @param whenDeleted how a record is marked instead of deleted; null if it is not
 */
public record StreamMapping(
        String stream,
        String entityType,
        List<FieldMapping> fields,
        boolean write,
        boolean provision,
        String linkKeyField,
        Map<String, String> constants,
        WhenDeleted whenDeleted) {
    /** One whose records are not marked. */
    public StreamMapping(
            String stream,
            String entityType,
            List<FieldMapping> fields,
            boolean write,
            boolean provision,
            String linkKeyField,
            Map<String, String> constants) {
        this(stream, entityType, fields, write, provision, linkKeyField, constants, null);
    }

    /** One without constants, whose records are not marked. */
    public StreamMapping(
            String stream,
            String entityType,
            List<FieldMapping> fields,
            boolean write,
            boolean provision,
            String linkKeyField) {
        this(stream, entityType, fields, write, provision, linkKeyField, Map.of());
    }

    public StreamMapping {
        fields = List.copyOf(fields);
        constants = Map.copyOf(constants);
    }

    /**
     * Says of a record that it is out of use, where it cannot be deleted: a record whose field has this value counts as deleted.
     *
     * @param field native field that the hub writes for nothing else
     * @param value what is written, and read; never empty
     * @param otherwise what the field gets when a record comes back of which it is not known what it had before; null for nothing
     */
    public record WhenDeleted(String field, String value, String otherwise) {
        public WhenDeleted {
            if (field.isBlank() || value.isEmpty())
                throw new IllegalArgumentException("a mark has a field and a value");
            if (value.equals(otherwise))
                throw new IllegalArgumentException("value and otherwise are both " + value + ", so nothing comes back");
        }
    }

    /**
     * One native field ↔ one canonical attribute.
     *
     * @param functions names from the catalogue of functions, applied in this order when reading, for example {@code trim}
     * @param writable whether the hub may write this field
     */
    public record FieldMapping(String field, String attribute, List<String> functions, boolean writable) {
        public FieldMapping {
            functions = List.copyOf(functions);
        }
    }
}
