package io.kintsugi.server.cli;

import java.io.PrintWriter;
import java.util.Locale;

/** One line on a terminal that says how far something is. Writes nothing where nobody watches. Safe for threads. */
final class ProgressLine implements AutoCloseable {
    private static final int WIDTH = 30;

    private final PrintWriter out;
    private final boolean watched;
    private int shown = -1;

    /** @param watched whether {@code out} is a terminal */
    ProgressLine(PrintWriter out, boolean watched) {
        this.out = out;
        this.watched = watched;
    }

    /** @param share finished, between 0 and 1 */
    synchronized void show(String what, double share) {
        int percent = (int) (100 * Math.max(0, Math.min(1, share)));
        if (!watched || percent == shown) return;
        shown = percent;
        int full = percent * WIDTH / 100;
        out.printf(Locale.ROOT, "\r%-9s [%s%s] %3d %%", what, "#".repeat(full), " ".repeat(WIDTH - full), percent);
        out.flush();
    }

    @Override
    public void close() {
        clear();
    }

    /** Takes the line away, so that other text can follow. */
    synchronized void clear() {
        if (!watched || shown < 0) return;
        shown = -1;
        out.print("\r" + " ".repeat(WIDTH + 20) + "\r");
        out.flush();
    }
}
