package io.kintsugi.server.config;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Previews of drafts, one at a time in the background, kept in memory only: a preview writes nothing, not even that it ran.
 * Thread-safe.
 */
public final class Previews implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Previews.class);
    private static final int KEPT = 20;

    private final Clock clock;
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private Thread running;
    private int number;

    public Previews(Clock clock) {
        this.clock = clock;
    }

    /**
     * What finds out what a draft would change.
     *
     * @param total how much there is to look at
     * @param result is told how much was looked at, and gives what was found
     */
    public record Work(String entityType, LongSupplier total, Function<LongConsumer, Object> result) {}

    /** Whether it is done. */
    public enum State {
        RUNNING,
        DONE,
        FAILED
    }

    /**
     * A preview as it is now.
     *
     * @param done how much was looked at so far
     * @param total how much there is
     * @param problem why it failed; null unless it did
     * @param result null until it is done
     */
    public record Preview(
            String id,
            String entityType,
            State state,
            long done,
            long total,
            String problem,
            Instant startedAt,
            Object result) {}

    private static final class Job {
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile Preview now;

        Job(Preview first) {
            now = first;
        }

        void is(State state, long done, String problem, Object result) {
            now = new Preview(now.id(), now.entityType(), state, done, now.total(), problem, now.startedAt(), result);
        }
    }

    /**
     * Begins a preview.
     *
     * @param patience milliseconds to wait for its end before answering
     * @throws HubException with {@code NOT_POSSIBLE} while another one runs
     */
    public Preview begin(Work work, long patience) {
        var job = start(work);
        try {
            job.ended.await(patience, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return job.now;
    }

    private synchronized Job start(Work work) {
        if (running != null && running.isAlive()) {
            throw new HubException(HubErrorCode.NOT_POSSIBLE, "another preview is running; wait until it is done");
        }
        var id = "preview-" + ++number;
        var job = new Job(new Preview(
                id, work.entityType(), State.RUNNING, 0, work.total().getAsLong(), null, clock.instant(), null));
        jobs.put(id, job);
        if (jobs.size() > KEPT) jobs.remove(jobs.keySet().iterator().next());
        running = new Thread(() -> run(job, work), "preview");
        running.setDaemon(true);
        running.start();
        return job;
    }

    private static void run(Job job, Work work) {
        try {
            var result = work.result().apply(done -> job.is(State.RUNNING, done, null, null));
            job.is(State.DONE, job.now.total(), null, result);
        } catch (HubException e) {
            job.is(State.FAILED, job.now.done(), e.getMessage(), null);
        } catch (RuntimeException e) { // the outermost frame of this thread
            LOG.error("a preview failed", e);
            job.is(State.FAILED, job.now.done(), "it failed; the log of the hub says why", null);
        } finally {
            job.ended.countDown();
        }
    }

    /** Empty if there is none, or it is so old that it was forgotten. */
    public synchronized Optional<Preview> find(String id) {
        return Optional.ofNullable(jobs.get(id)).map(job -> job.now);
    }

    /** Waits for the one under way. */
    @Override
    public void close() {
        Thread last;
        synchronized (this) {
            last = running;
        }
        try {
            if (last != null) last.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
