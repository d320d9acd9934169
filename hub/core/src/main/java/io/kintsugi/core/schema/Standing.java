package io.kintsugi.core.schema;

import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.schema.SchemaChange.Kind;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the open changes of a stream mean for its mapping (SCH-1, SCH-2, SCH-4): only fields stand still, never the stream.
 *
 * @param suspended mapped fields that are neither read nor written; the hub goes on with what it last knew of them
 * @param readOnly mapped fields that may not be written any more
 * @param retained fields that nobody maps yet, whose values are kept until somebody decides
 * @param required fields that every new record must name
 * @param options values that a mapped field takes, where it takes no others
 */
public record Standing(
        SortedSet<String> suspended,
        SortedSet<String> readOnly,
        SortedSet<String> retained,
        SortedSet<String> required,
        Map<String, List<String>> options) {
    /** That of a stream which is as agreed on. */
    public static final Standing CLEAR =
            new Standing(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), Map.of());

    public Standing {
        options = Map.copyOf(options);
    }

    /**
     * @param mapping as people made it
     * @param changes the open ones of its stream
     * @param now the stream's fields as they are
     */
    public static Standing of(StreamMapping mapping, Collection<SchemaChange> changes, Collection<FieldShape> now) {
        var mapped = fields(mapping);
        var standing =
                new Standing(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), options(mapped, now));
        for (var change : changes) {
            if (change.breaking() && mapped.contains(change.field())) standing.suspended.add(change.field());
            if (change.kind() == Kind.WRITABLE_LOST) standing.readOnly.add(change.field());
            if (change.kind() == Kind.NEW_REQUIRED && !mapping.constants().containsKey(change.field()))
                standing.required.add(change.field());
            var appeared = change.appeared();
            if (appeared != null && !mapped.contains(appeared)) standing.retained.add(appeared);
        }
        return standing;
    }

    private static Map<String, List<String>> options(Set<String> mapped, Collection<FieldShape> now) {
        var options = new HashMap<String, List<String>>();
        for (var field : now) {
            if (field.closed()
                    && mapped.contains(field.name())
                    && !field.options().isEmpty()) options.put(field.name(), field.options());
        }
        return options;
    }

    private static Set<String> fields(StreamMapping mapping) {
        var fields = new TreeSet<String>();
        mapping.fields().forEach(field -> fields.add(field.field()));
        if (mapping.linkKeyField() != null) fields.add(mapping.linkKeyField());
        if (mapping.whenDeleted() != null) fields.add(mapping.whenDeleted().field());
        return fields;
    }

    /** Whether a change matters to a stream that is mapped so; one that does not is agreed on by itself. */
    public static boolean matters(StreamMapping mapping, SchemaChange change) {
        if (change.kind() == Kind.NEW) return !fields(mapping).contains(change.field());
        if (change.kind() == Kind.NEW_REQUIRED)
            return change.before() == null || mapping.write() || fields(mapping).contains(change.field());
        return fields(mapping).contains(change.field());
    }

    /** The mapping with what works of it. Without its link key it still says that records are created: those creates are held. */
    public StreamMapping applyTo(StreamMapping mapping) {
        if (suspended.isEmpty() && readOnly.isEmpty()) return mapping;
        boolean keyless = mapping.linkKeyField() != null && suspended.contains(mapping.linkKeyField());
        var mark = mapping.whenDeleted();
        boolean unmarked = mark == null || suspended.contains(mark.field()) || readOnly.contains(mark.field());
        return new StreamMapping(
                mapping.stream(),
                mapping.entityType(),
                mapping.fields().stream()
                        .filter(field -> !suspended.contains(field.field()))
                        .map(this::working)
                        .toList(),
                mapping.write(),
                mapping.provision(),
                keyless ? null : mapping.linkKeyField(),
                mapping.constants(),
                unmarked ? null : mapping.whenDeleted());
    }

    private FieldMapping working(FieldMapping field) {
        return readOnly.contains(field.field())
                ? new FieldMapping(field.field(), field.attribute(), field.functions(), false)
                : field;
    }
}
