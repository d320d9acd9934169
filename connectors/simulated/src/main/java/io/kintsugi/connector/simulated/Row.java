package io.kintsugi.connector.simulated;

import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.RecordId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One record of a simulated system; immutable.
 *
 * @param linkKey key of the create that made it; null if a person did
 * @param cells what each field holds; a field without a cell is empty
 * @param version 1 for a new one
 */
public record Row(String id, String linkKey, Map<String, Cell> cells, long version, Instant changedAt) {
    /**
     * What a field holds and who put it there.
     *
     * @param value null for empty
     * @param at the exact instant, however coarse the stamps of the system are
     * @param byHub whether the hub wrote it
     */
    public record Cell(String value, Instant at, boolean byHub) {}

    public Row {
        cells = Map.copyOf(cells);
    }

    /** What a field holds; null for nothing. */
    public String value(String field) {
        var cell = cells.get(field);
        return cell == null ? null : cell.value();
    }

    NativeRecord nativeRecord(String stream, Nature nature) {
        var fields = new LinkedHashMap<String, Object>();
        for (var field : nature.fields()) fields.put(field, value(field));
        if (nature.has(Trait.LINK_KEY)) fields.put(SimulatedSystem.LINK_KEY, linkKey);
        return new NativeRecord(
                new RecordId(stream, id),
                fields,
                nature.stamped(changedAt),
                nature.has(Trait.VERSIONS) ? Long.toString(version) : null,
                null);
    }
}
