package io.kintsugi.core.model;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

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
}
