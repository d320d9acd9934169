package io.kintsugi.server.config;

import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.store.HubStore;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Previews of match rules, one at a time in the background, kept in memory only: a preview writes nothing, not even that it ran.
 * Thread-safe.
 */
public final class RematchPreviews implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RematchPreviews.class);
    private static final int KEPT = 20;

    private final Clock clock;
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private Thread running;
    private int number;

    public RematchPreviews(Clock clock) {
        this.clock = clock;
    }

    /** Whether it is done. */
    public enum State {
        RUNNING,
        DONE,
        FAILED
    }

    /**
     * A preview as it is now.
     *
     * @param done records read so far
     * @param total records there are
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
            RematchPreview.Result result) {}

    private static final class Job {
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile Preview now;

        Job(Preview first) {
            now = first;
        }

        void is(State state, long done, String problem, RematchPreview.Result result) {
            now = new Preview(now.id(), now.entityType(), state, done, now.total(), problem, now.startedAt(), result);
        }
    }

    /**
     * Begins a preview.
     *
     * @param samples how many merges of each kind are named at most
     * @param patience milliseconds to wait for its end before answering
     * @throws HubException with {@code NOT_POSSIBLE} while another one runs
     */
    public Preview begin(
            HubStore store, EntityType type, MatchPolicy draft, AuthorityPolicy authority, int samples, long patience) {
        var job = start(type.name(), new RematchPreview(store, type, draft, authority, samples));
        try {
            job.ended.await(patience, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return job.now;
    }

    private synchronized Job start(String entityType, RematchPreview work) {
        if (running != null && running.isAlive()) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE, "another preview of match rules is running; wait until it is done");
        }
        var id = "preview-" + ++number;
        var job = new Job(new Preview(id, entityType, State.RUNNING, 0, work.total(), null, clock.instant(), null));
        jobs.put(id, job);
        if (jobs.size() > KEPT) jobs.remove(jobs.keySet().iterator().next());
        running = new Thread(() -> run(job, work), "rules-preview");
        running.setDaemon(true);
        running.start();
        return job;
    }

    private static void run(Job job, RematchPreview work) {
        try {
            var result = work.run(done -> job.is(State.RUNNING, done, null, null));
            job.is(State.DONE, result.records(), null, result);
        } catch (HubException e) {
            job.is(State.FAILED, job.now.done(), e.getMessage(), null);
        } catch (RuntimeException e) { // the outermost frame of this thread
            LOG.error("a preview of match rules failed", e);
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
