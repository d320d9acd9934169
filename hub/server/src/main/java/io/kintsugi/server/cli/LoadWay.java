package io.kintsugi.server.cli;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.server.Wiring;
import io.kintsugi.server.config.ExpectedRecords;
import io.kintsugi.server.engine.load.FirstLoader;
import io.kintsugi.server.engine.load.Loader;
import io.kintsugi.server.engine.load.Loader.Job;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which way a load goes: many rows into a hub without records at once, all others page by page. */
final class LoadWay {
    private static final Logger LOG = LoggerFactory.getLogger(LoadWay.class);
    /** Below this a start of the graph takes longer than it saves. */
    private static final long FEWEST = 20_000;

    private static final long BYTES_OF_ROW = 4_000;
    private static final long BYTES_OF_HUB = 300L << 20;

    private final Wiring wiring;
    private final Job job;
    private final PrintWriter out;

    LoadWay(Wiring wiring, Job job, PrintWriter out) {
        this.wiring = wiring;
        this.job = job;
        this.out = out;
    }

    /** @param about how many rows will come, about; -1 if nobody knows */
    void load(SnapshotSource rows, long about) throws ConnectorException {
        var rules = wiring.hub().model().get().matching().get(job.mapping().entityType());
        ExpectedRecords.of(wiring.hub().store(), rules, about).ifPresent(documents -> {
            wiring.publish(documents, "load");
            say(String.format(
                    Locale.ROOT,
                    "The match rules expected %,d records and now expect %,d (rules.prior.records of the match policy).",
                    rules.rules().records(),
                    about));
        });
        if (about >= FEWEST) {
            var obstacle = obstacle(about);
            if (obstacle.isEmpty() && atOnce(rows, about)) return;
            obstacle.ifPresent(why -> say("Loading page by page, because " + why + "."));
        }
        var progress = new LoadProgress(out, System.console() != null, about);
        new Loader(wiring.hub(), wiring.clock(), wiring.ids()).load(job, rows, progress::show);
        progress.finish();
    }

    private Optional<String> obstacle(long about) {
        var obstacle = wiring.obstacleToFirstLoad(job.mapping().entityType());
        if (obstacle.isPresent()) return obstacle;
        long needed = BYTES_OF_HUB + about * BYTES_OF_ROW;
        return needed <= Runtime.getRuntime().maxMemory()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "all at once takes a heap of %,d MB for about %,d rows; start java with -Xmx%dm for that",
                        needed >> 20,
                        about,
                        needed >> 20));
    }

    /** @return false if it did not work out; then the hub is as it was */
    private boolean atOnce(SnapshotSource rows, long about) throws ConnectorException {
        say("The hub holds no record yet, so all rows are loaded at once.");
        var progress = new LoadProgress(out, System.console() != null, about);
        try (var first = wiring.firstLoad(job.mapping())) {
            new FirstLoader(wiring.hub(), wiring.clock(), wiring.ids())
                    .load(job, rows, first, progress::show, progress::stage);
        } catch (RuntimeException e) {
            LOG.warn("loading all at once failed", e);
            progress.stage("that failed (" + e.getMessage() + ")");
            say("Loading page by page instead.");
            return false;
        }
        progress.finish();
        return true;
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
