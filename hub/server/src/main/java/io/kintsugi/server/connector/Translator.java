package io.kintsugi.server.connector;

import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.sync.Absorb.Observation;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Native fields ↔ canonical attributes of one stream. Immutable and thread-safe. */
public final class Translator {
    private static final int LONGEST_ID = 1000;
    private final String system;
    private final StreamMapping mapping;
    private final Map<String, List<FieldFunction>> functions = new HashMap<>();

    /**
     * @throws HubException with {@code BAD_CONFIGURATION} if the mapping names an unknown function
     */
    public Translator(String system, StreamMapping mapping) {
        this.system = system;
        this.mapping = mapping;
        for (var field : mapping.fields()) {
            try {
                functions.put(
                        field.field(),
                        field.functions().stream().map(FieldFunction::named).toList());
            } catch (IllegalArgumentException e) {
                throw new HubException(
                        HubErrorCode.BAD_CONFIGURATION,
                        "mapping of " + system + "." + mapping.stream() + "." + field.field() + ": " + e.getMessage(),
                        e);
            }
        }
    }

    /** What a native record could not be read as. {@code problem} names fields, never values. */
    public static final class Unmappable extends Exception {
        private static final long serialVersionUID = 1L;

        Unmappable(String problem, Throwable cause) {
            super(problem, cause);
        }
    }

    public RecordKey key(String externalId) {
        return new RecordKey(system, mapping.entityType(), externalId);
    }

    /**
     * @throws Unmappable if a field holds what its functions cannot take; says which and what would be right
     */
    public Observation read(NativeRecord record) throws Unmappable {
        if (record.id().id().length() > LONGEST_ID) {
            throw new Unmappable(
                    "its id has more than " + LONGEST_ID + " characters; choose another field as the id", null);
        }
        var attributes = new LinkedHashMap<String, String>();
        for (var field : mapping.fields()) {
            if (!record.fields().containsKey(field.field())) continue; // unknown, never empty
            try {
                var value = text(record.fields().get(field.field()));
                for (var function : functions.get(field.field()))
                    value = function.read().apply(value);
                // two fields of one attribute: the first that holds something wins
                attributes.merge(field.attribute(), value, (first, second) -> first.isEmpty() ? second : first);
            } catch (IllegalArgumentException e) {
                throw new Unmappable("field " + field.field() + ": " + e.getMessage(), e);
            }
        }
        return new Observation(
                key(record.id().id()), mapping.stream(), attributes, record.modifiedAt(), record.version());
    }

    /** A native value as text; the empty text for none. */
    public static String text(Object value) {
        if (value == null) return "";
        if (value instanceof String text) return text.indexOf('\0') >= 0 ? text.replace("\0", "") : text;
        if (value instanceof BigDecimal number) {
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        }
        if (value instanceof Collection<?> list) {
            return String.join("; ", list.stream().map(String::valueOf).toList());
        }
        return value.toString();
    }

    /**
     * Reads what was kept of one field.
     *
     * @throws Unmappable if its functions cannot take it
     */
    public String read(FieldMapping field, String text) throws Unmappable {
        try {
            var value = text;
            for (var function : functions.get(field.field()))
                value = function.read().apply(value);
            return value;
        } catch (IllegalArgumentException e) {
            throw new Unmappable("field " + field.field() + ": " + e.getMessage(), e);
        }
    }

    /**
     * What a canonical value is written as.
     *
     * @throws IllegalArgumentException as {@link #write}
     */
    public String written(FieldMapping field, String canonical) {
        return text(nativeValue(canonical, field, null));
    }

    /** Attributes that the hub writes to a field; empty for one that it does not write, and for null. */
    public Set<String> writtenTo(String field) {
        var seen = new HashSet<String>();
        return mapping.fields().stream()
                .filter(mapped -> mapped.writable() && seen.add(mapped.attribute()))
                .filter(mapped -> mapped.field().equals(field))
                .map(FieldMapping::attribute)
                .collect(Collectors.toSet());
    }

    /** Native fields to read. */
    public List<String> fields() {
        var fields = new ArrayList<>(
                mapping.fields().stream().map(FieldMapping::field).distinct().toList());
        if (mapping.linkKeyField() != null && !fields.contains(mapping.linkKeyField())) {
            fields.add(mapping.linkKeyField());
        }
        return fields;
    }

    /** Key of the intent that created a record, if it carries one. */
    public Optional<String> linkKey(NativeRecord record) {
        if (mapping.linkKeyField() == null) return Optional.empty();
        var value = record.fields().get(mapping.linkKeyField());
        return value == null || value.toString().isBlank() ? Optional.empty() : Optional.of(value.toString());
    }

    /**
     * What to send for canonical values. Empty values are left out of {@code set} and named in {@code clear}.
     *
     * @param stream the stream as the system describes it, for the types of its fields; null if unknown: then texts are sent
     * @param held canonical values the system is believed to hold
     * @throws IllegalArgumentException if a value cannot be written in the form a field's functions ask for; names the field
     */
    public NativeWrite write(Map<String, String> values, Map<String, String> held, StreamDef stream) {
        var set = new LinkedHashMap<String, Object>();
        var clear = new ArrayList<String>();
        var expected = new LinkedHashMap<String, Object>();
        var written = new HashSet<String>();
        for (var field : mapping.fields()) {
            if (!field.writable() || !values.containsKey(field.attribute())) continue;
            if (!written.add(field.attribute()))
                continue; // of two fields of one attribute the first is the hub's to write
            var value = values.get(field.attribute());
            if (value.isEmpty()) clear.add(field.field());
            else set.put(field.field(), nativeValue(value, field, stream));
            if (held.containsKey(field.attribute())
                    && functions.get(field.field()).isEmpty()
                    && alone(field)) {
                // with functions in between, the native value cannot be known from the canonical one
                var was = held.get(field.attribute());
                expected.put(field.field(), was.isEmpty() ? null : nativeValue(was, field, stream));
            }
        }
        return new NativeWrite(set, clear, expected);
    }

    /** What to send for canonical values of a record to create, with the constants of the mapping where nothing else is said. */
    public Map<String, Object> create(Map<String, String> values, StreamDef stream) {
        var set = new LinkedHashMap<>(write(values, Map.of(), stream).set());
        mapping.constants()
                .forEach((field, value) -> set.computeIfAbsent(
                        field, name -> nativeValue(value, new FieldMapping(name, name, List.of(), true), stream)));
        return set;
    }

    /**
     * What each value reads as once it was written: the mapping's functions may change it. Values that cannot be written are left out.
     *
     * @param stream as in {@link #write}
     */
    public Map<String, String> images(Map<String, String> values, StreamDef stream) {
        var images = new HashMap<String, String>();
        for (var field : mapping.fields()) {
            var value = values.get(field.attribute());
            if (value == null || !field.writable() || images.containsKey(field.attribute())) continue;
            try {
                var image = value.isEmpty() ? "" : text(nativeValue(value, field, stream));
                for (var function : functions.get(field.field()))
                    image = function.read().apply(image);
                images.put(field.attribute(), image);
            } catch (IllegalArgumentException e) {
                continue; // it cannot have been sent
            }
        }
        return images;
    }

    /** With two fields of one attribute, what the first holds cannot be known from the attribute. */
    private boolean alone(FieldMapping field) {
        return mapping.fields().stream()
                .noneMatch(other -> other != field && other.attribute().equals(field.attribute()));
    }

    /** @param expected values the written fields are believed to hold, null meaning empty */
    public record NativeWrite(Map<String, Object> set, List<String> clear, Map<String, Object> expected) {}

    private Object nativeValue(String canonical, FieldMapping field, StreamDef stream) {
        var value = canonical;
        var chain = functions.getOrDefault(field.field(), List.of());
        try {
            for (int i = chain.size() - 1; i >= 0; i--)
                value = chain.get(i).write().apply(value);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException(
                    "field " + field.field() + " cannot be written: its functions do not take the golden value; "
                            + "correct the value, then retry",
                    e);
        }
        return typed(value, field.field(), stream);
    }

    /** A text as the type that a field has in its system; as it is if that is not known, or does not take it. */
    static Object typed(String value, String field, StreamDef stream) {
        var type = stream == null
                ? FieldDef.FieldType.STRING
                : stream.fields().stream()
                        .filter(def -> def.name().equals(field))
                        .map(FieldDef::type)
                        .findFirst()
                        .orElse(FieldDef.FieldType.STRING);
        try {
            return switch (type) {
                case INT -> Long.valueOf(value);
                case DECIMAL -> new BigDecimal(value);
                case BOOL -> Boolean.valueOf(value);
                case DATE -> LocalDate.parse(value);
                case DATETIME -> Instant.parse(value);
                default -> value;
            };
        } catch (RuntimeException e) { // of the parsers: the system will say what it wants instead
            return value;
        }
    }
}
