package io.kintsugi.core.model;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The resolved view of one real-world thing.
 *
 * @param id universal and for ever
 * @param revision grows by one with each change; what an ETag shows
 * @param values surviving values by attribute; attributes without a value have no entry
 * @param redirectsTo id it was merged into; null unless retired
 * @param createdAt never changes; the older of two merged goldens survives
 */
public record GoldenRecord(
        String id,
        String entityType,
        GoldenState state,
        long revision,
        Map<String, GoldenValue> values,
        String redirectsTo,
        Instant createdAt,
        Instant updatedAt) {
    public GoldenRecord {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(state, "state");
        values = Map.copyOf(values);
        if ((state == GoldenState.RETIRED) != (redirectsTo != null)) {
            throw new IllegalArgumentException("golden " + id + " is " + state + " and redirects to " + redirectsTo);
        }
    }

    /** The value, or null if it has none. */
    public String value(String attribute) {
        var value = values.get(attribute);
        return value == null ? null : value.value();
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
        return values.isEmpty()
                ? id
                : new TreeMap<>(values).firstEntry().getValue().value();
    }

    private String first(String... attributes) {
        for (var attribute : attributes) if (value(attribute) != null) return value(attribute);
        return null;
    }
}
