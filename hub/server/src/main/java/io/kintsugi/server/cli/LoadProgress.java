package io.kintsugi.server.cli;

import io.kintsugi.connector.spi.Unreadable;
import io.kintsugi.server.Plural;
import io.kintsugi.server.engine.load.Loader.Progress;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tells people how far a load is: one line that changes, where somebody watches, and the rows that could not be taken at its end. */
final class LoadProgress {
    private static final int LISTED = 20;
    private static final int WIDTH = 24;

    private final PrintWriter out;
    private final boolean watched;
    private final long rows;
    private final long begin = System.nanoTime();
    private final List<Unreadable> parked = new ArrayList<>();
    private long parkedCount;
    private long before = -1;
    private long logged;
    private Progress last;

    /** @param rows about how many will come; -1 if nobody knows */
    LoadProgress(PrintWriter out, boolean watched, long rows) {
        this.out = out;
        this.watched = watched;
        this.rows = rows;
    }

    void show(Progress progress) {
        last = progress;
        for (var row : progress.parked()) {
            parkedCount++;
            if (parked.size() < LISTED) parked.add(row);
        }
        long read = count("read");
        if (before < 0) before = read - Math.min(read, 2000); // what an earlier process had read
        if (!watched) {
            logEvery(read);
            return;
        }
        double rate = (read - before) / seconds();
        var line = new StringBuilder("\r");
        if (rows > 0) {
            int full = (int) Math.min(WIDTH, WIDTH * read / Math.max(1, rows));
            line.append('[')
                    .append("#".repeat(full))
                    .append(" ".repeat(WIDTH - full))
                    .append("] ");
        }
        line.append(String.format(Locale.ROOT, "%,d read, %,d resolved, %,.0f/s", read, progress.resolved(), rate));
        if (rows > read && rate > 0) {
            line.append(String.format(Locale.ROOT, ", about %d s left", Math.round((rows - read) / rate)));
        }
        out.print(line.append("      "));
        out.flush();
    }

    /** Says what is done next, with the time since the beginning. */
    void stage(String what) {
        if (watched) out.println();
        out.printf(Locale.ROOT, "  %.0f s: %s%n", seconds(), what);
        out.flush();
    }

    /** Where a log is kept instead of a screen: a line for every tenth of the rows, or for every 50,000. */
    private void logEvery(long read) {
        long step = rows > 0 ? Math.max(1, rows / 10) : 50_000;
        long done = (read + last.resolved()) / 2; // a load all at once reads everything before it resolves anything
        if (done / step == logged / step) return;
        logged = done;
        out.printf(Locale.ROOT, "  %,d read, %,d resolved%n", read, last.resolved());
        out.flush();
    }

    private double seconds() {
        return Math.max(0.001, (System.nanoTime() - begin) / 1e9);
    }

    private long count(String name) {
        return last.counts().getOrDefault(name, 0L);
    }

    /** Ends the line, then the counts and what could not be read. */
    void finish() {
        if (watched) out.println();
        long read = count("read");
        for (var row : parked) out.println("  not taken: " + row.place() + ": " + row.reason());
        if (parkedCount > parked.size()) out.printf(Locale.ROOT, "  ... and %,d more%n", parkedCount - parked.size());
        if (count("unmappable") > 0) {
            out.println("Rows that were not taken wait as reviews of kind UNMAPPABLE, with their content.");
        }
        out.printf(
                Locale.ROOT,
                "%s read = %,d stored + %,d unchanged + %,d echo + %,d unmappable%n",
                Plural.of(read, "row"),
                count("stored"),
                count("unchanged"),
                count("echo"),
                count("unmappable"));
        out.printf(Locale.ROOT, "%.1f s, %,.0f rows/s%n", seconds(), (read - before) / seconds());
        out.flush();
    }
}
