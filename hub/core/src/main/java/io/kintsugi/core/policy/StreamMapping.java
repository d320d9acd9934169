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
 */
public record StreamMapping(
        String stream,
        String entityType,
        List<FieldMapping> fields,
        boolean write,
        boolean provision,
        String linkKeyField,
        Map<String, String> constants) {
    /** One without constants. */
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
