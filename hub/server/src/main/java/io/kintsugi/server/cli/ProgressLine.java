package io.kintsugi.server.cli;

import io.kintsugi.server.engine.dryrun.DryRun.Stage;
import io.kintsugi.server.engine.dryrun.DryRun.Watch;
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

    /** Says how far a dry run is. Ctrl-C ends it: nothing has to be put back. */
    static Watch ofDryRun(PrintWriter err) {
        var line = new ProgressLine(err, System.console() != null);
        return new Watch() {
            @Override
            public void at(Stage stage, long done, long total) {
                if (total > 0) line.show(stage.name().toLowerCase(Locale.ROOT), (double) done / total);
                else line.clear();
            }

            @Override
            public void still() {
                // goes on
            }
        };
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
