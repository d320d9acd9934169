package io.kintsugi.server.engine.audit;

import io.kintsugi.core.sync.Drift.Disposition;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an audit found, so far.
 *
 * @param heal whether what can be mended is mended
 * @param streams in the order they are compared
 * @param findings how many are listed
 * @param unlisted how many more there were than are listed; they are counted all the same
 */
public record AuditReport(boolean heal, List<Stream> streams, long findings, long unlisted) {
    public AuditReport {
        streams = List.copyOf(streams);
    }

    /**
     * One stream. The numbers of {@code rows} add up to what was compared.
     *
     * @param attributes by name: what was said of it in the rows that hold it
     * @param problem why it was not compared; null if it was
     */
    public record Stream(
            String stream,
            String entityType,
            Map<Disposition, Long> rows,
            SortedMap<String, Map<Disposition, Long>> attributes,
            String problem) {}

    /**
     * One thing that is not as it should be.
     *
     * @param goldenId null if the record has none
     * @param attribute null if it is about the whole record
     * @param there what the system holds; null for nothing
     * @param believed what the hub believes it holds; null for nothing
     * @param should what the golden record says; null for nothing
     * @param healed whether the audit set it right, or saw to it
     */
    public record Finding(
            String record,
            String goldenId,
            String attribute,
            Disposition disposition,
            String there,
            String believed,
            String should,
            String reason,
            boolean healed) {}

    /** Rows by disposition, over all streams. */
    public Map<Disposition, Long> rows() {
        var rows = new EnumMap<Disposition, Long>(Disposition.class);
        streams.forEach(stream -> stream.rows().forEach((what, count) -> rows.merge(what, count, Long::sum)));
        return rows;
    }

    /**
     * Share of values that are as mapping and policy want them: what is left alone on purpose is in step.
     *
     * @return 1 if nothing was compared
     */
    public static double inStep(Map<Disposition, Long> counts) {
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        long well = counts.getOrDefault(Disposition.AGREES, 0L) + counts.getOrDefault(Disposition.LEFT, 0L);
        return all == 0 ? 1 : (double) well / all;
    }

    /** Counts of a run: {@code rows}, and each disposition in camel case. */
    Map<String, Long> counts() {
        var counts = new LinkedHashMap<String, Long>();
        long all = 0;
        for (var entry : rows().entrySet()) {
            counts.put(name(entry.getKey()), entry.getValue());
            all += entry.getValue();
        }
        counts.put("rows", all);
        return counts;
    }

    private static String name(Disposition disposition) {
        return disposition == Disposition.OUT_OF_STEP
                ? "outOfStep"
                : disposition.name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Counts while they grow. Not thread-safe. */
    static final class Tally {
        private final String stream;
        private final String entityType;
        private final Map<Disposition, Long> rows = new EnumMap<>(Disposition.class);
        private final SortedMap<String, Map<Disposition, Long>> attributes = new TreeMap<>();
        private String problem;

        Tally(String stream, String entityType) {
            this.stream = stream;
            this.entityType = entityType;
        }

        void row(Disposition disposition) {
            rows.merge(disposition, 1L, Long::sum);
        }

        void attribute(String name, Disposition disposition) {
            attributes
                    .computeIfAbsent(name, n -> new EnumMap<>(Disposition.class))
                    .merge(disposition, 1L, Long::sum);
        }

        void problem(String why) {
            problem = why;
        }

        Stream report() {
            return new Stream(stream, entityType, Map.copyOf(rows), new TreeMap<>(attributes), problem);
        }
    }
}
