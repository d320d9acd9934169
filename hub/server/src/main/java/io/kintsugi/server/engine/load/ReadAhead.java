package io.kintsugi.server.engine.load;

import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Reads the pages of a load, one ahead of who stores them. For one caller. */
final class ReadAhead implements AutoCloseable {
    private final Loader.Job job;
    private final SnapshotSource rows;
    private final int size;
    private final Consumer<LoadedPage> preparing;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(work -> {
        var thread = new Thread(work, "read-ahead");
        thread.setDaemon(true);
        return thread;
    });
    /** Rows that could not be taken so far; null if this reading began in the middle. */
    private final Set<String> reported;

    private Future<LoadedPage> ahead;

    /**
     * @param from where to begin; null for the first page
     * @param preparing called with each page on the thread that reads
     */
    ReadAhead(Loader.Job job, SnapshotSource rows, Checkpoint from, int size, Consumer<LoadedPage> preparing) {
        this.job = job;
        this.rows = rows;
        this.size = size;
        this.preparing = preparing;
        this.reported = from == null ? ConcurrentHashMap.newKeySet() : null; // who stores a page reads it meanwhile
        read(from);
    }

    private void read(Checkpoint from) {
        ahead = reader.submit(() -> {
            var page = new LoadedPage(job, rows.page(job.query(), from, size), reported);
            preparing.accept(page);
            return page;
        });
    }

    /**
     * The next page; none after the last.
     *
     * @throws ConnectorException what the source threw at that page
     */
    LoadedPage next() throws ConnectorException {
        try {
            var page = ahead.get();
            if (!page.position().snapshotDone()) read(page.position().snapshot());
            return page;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ConnectorException failure) throw failure;
            if (e.getCause() instanceof RuntimeException failure) throw failure;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubException(
                    HubErrorCode.UNAVAILABLE, "the load was interrupted; the next one goes on where it was", e);
        }
    }

    /** Waits for a page that is being read, so that the source can be closed after this. */
    @Override
    public void close() {
        reader.shutdown();
        try {
            reader.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
