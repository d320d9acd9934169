package io.kintsugi.server.cli;

import io.kintsugi.server.match.FileRecords;
import java.io.PrintWriter;
import java.util.Map;
import java.util.TreeMap;

/** Lists rows with faults for people and counts all of them. */
final class RowFaults implements FileRecords.Problems {
    private static final long LISTED = 100;

    private final PrintWriter err;
    private final Map<String, Long> counts = new TreeMap<>(); // by consequence
    private long total;

    RowFaults(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void tell(long line, String what, String consequence) {
        counts.merge(consequence, 1L, Long::sum);
        if (++total <= LISTED) err.println("line " + line + ": " + what + "; the row " + consequence);
        else if (total == LISTED + 1) err.println("More rows have faults; they are counted below.");
    }

    /** Says how many there were; nothing if there were none. */
    void summarise() {
        counts.forEach(
                (consequence, count) -> err.println(count + (count == 1 ? " row " : " rows: each ") + consequence));
    }
}
