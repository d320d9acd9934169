package io.kintsugi.core.schema;

import java.util.Map;

/**
 * How far a new field holds what a field that is gone held: the evidence for a rename where a system has no ids of fields (SCH-3).
 *
 * @param same records in which both are equal
 * @param compared records that held something in one of them
 */
public record Overlap(long same, long compared) {
    private static final long LEAST = 3;
    private static final double ENOUGH = 0.6;

    /** @param was what records held in the field that is gone, by record; the empty text counts as nothing
     *  @param is what the same records hold in the new one */
    public static <K> Overlap of(Map<K, String> was, Map<K, String> is) {
        long same = 0;
        long compared = 0;
        for (var record : was.entrySet()) {
            var now = is.get(record.getKey());
            if (now == null || now.isEmpty() && record.getValue().isEmpty()) continue;
            compared++;
            if (now.equals(record.getValue())) same++;
        }
        return new Overlap(same, compared);
    }

    /** Between 0 and 1; 0 if nothing could be compared. */
    public double share() {
        return compared == 0 ? 0 : (double) same / compared;
    }

    /** Whether a person should be offered the rename. */
    public boolean suggests() {
        return compared >= LEAST && share() >= ENOUGH;
    }
}
