package io.kintsugi.server.cli;

import io.kintsugi.server.match.BatchMatch;
import io.kintsugi.server.match.FileRecords;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.util.Locale;
import java.util.SortedSet;

/** What a run of the match command did, for people. */
record MatchSummary(FileRecords records, BatchMatch.Result result, long nanos) {
    void print(PrintWriter err) {
        int largest = result.clusters().stream().mapToInt(SortedSet::size).max().orElse(0);
        long several = result.clusters().stream().filter(c -> c.size() > 1).count();
        say(
                err,
                "%,d rows, %,d records, %,d clusters; %,d of them hold several records, the largest %,d",
                records.rows(),
                records.keys().size(),
                result.clusters().size(),
                several,
                largest);
        say(err, "%,d pairs compared, %,d links", result.compared(), result.links());
        if (result.unkeyed() > 0) {
            say(err, "%,d records hold nothing that could identify anything and stay alone", result.unkeyed());
        }
        for (var dropped : result.dropped()) {
            say(
                    err,
                    "%,d keys of the kind %s are too common to compare by; the commonest has %,d records",
                    dropped.keys(),
                    dropped.kind(),
                    dropped.records());
        }
        double seconds = nanos / 1e9;
        say(
                err,
                "%.1f s, %,.0f records/s, %,d MB of heap at most",
                seconds,
                records.keys().size() / seconds,
                peakHeap() >> 20);
    }

    private static void say(PrintWriter err, String format, Object... values) {
        err.println(String.format(Locale.ROOT, format, values));
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
    }
}
