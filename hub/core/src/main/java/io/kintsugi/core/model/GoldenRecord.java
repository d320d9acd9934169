package io.kintsugi.core.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The resolved view of one real-world thing.
 *
 * @param id universal and for ever
 * @param revision grows by one with each change; what an ETag shows
 * @param values surviving values by attribute; attributes without a value have no entry. An empty text means that it was decided to
 *     have none, so that it is cleared in systems
 * @param redirectsTo id it was merged into; null unless retired
 * @param createdAt never changes; the older of two merged goldens survives
 * @param stewardValues what stewards gave it, the newest first
 * @param dueAt when its values must be chosen anew although nothing has changed; null if time alone changes nothing
 */
public record GoldenRecord(
        String id,
        String entityType,
        GoldenState state,
        long revision,
        Map<String, GoldenValue> values,
        String redirectsTo,
        Instant createdAt,
        Instant updatedAt,
        List<StewardValue> stewardValues,
        Instant dueAt) {
    /** One that no steward gave a value and that time does not change. */
    public GoldenRecord(
            String id,
            String entityType,
            GoldenState state,
            long revision,
            Map<String, GoldenValue> values,
            String redirectsTo,
            Instant createdAt,
            Instant updatedAt) {
        this(id, entityType, state, revision, values, redirectsTo, createdAt, updatedAt, List.of(), null);
    }

    public GoldenRecord {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(state, "state");
        values = Map.copyOf(values);
        stewardValues = List.copyOf(stewardValues);
        if ((state == GoldenState.RETIRED) != (redirectsTo != null)) {
            throw new IllegalArgumentException("golden " + id + " is " + state + " and redirects to " + redirectsTo);
        }
    }

    /** The value, or null if it has none. */
    public String value(String attribute) {
        var value = values.get(attribute);
        return value == null || value.value().isEmpty() ? null : value.value();
    }

    /** The same with other values of stewards. */
    public GoldenRecord withStewardValues(List<StewardValue> others) {
        return new GoldenRecord(
                id, entityType, state, revision, values, redirectsTo, createdAt, updatedAt, others, dueAt);
    }

    /** What is left of it when its values are erased. @param next RETIRED only if it is retired */
    public GoldenRecord withoutValues(GoldenState next, Instant now) {
        var to = next == GoldenState.RETIRED ? redirectsTo : null;
        return new GoldenRecord(id, entityType, next, revision + 1, Map.of(), to, createdAt, now);
    }

    /**
     * What people call it: its {@code fullName}, {@code name} or {@code title}, else first and last name (or {@code givenName} and
     * {@code familyName}) as far as it has them, else its first value by attribute name, else its id.
     */
    public String label() {
        var whole = first("fullName", "name", "title");
        if (whole != null) return whole;
        var given = first("firstName", "givenName");
        var family = first("lastName", "familyName");
        if (given != null && family != null) return given + " " + family;
        if (family != null) return family;
        if (given != null) return given;
        for (var attribute : new TreeMap<>(values).keySet()) if (value(attribute) != null) return value(attribute);
        return id;
    }

    private String first(String... attributes) {
        for (var attribute : attributes) if (value(attribute) != null) return value(attribute);
        return null;
    }
}
