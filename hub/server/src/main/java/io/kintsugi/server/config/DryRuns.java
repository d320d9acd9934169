package io.kintsugi.server.config;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.engine.dryrun.DryReport;
import io.kintsugi.server.engine.dryrun.DryRun;
import io.kintsugi.server.engine.dryrun.DryRun.Change;
import io.kintsugi.server.engine.dryrun.DryRun.Reach;
import io.kintsugi.server.engine.dryrun.DryRun.Stage;
import io.kintsugi.server.engine.dryrun.DryRun.Watch;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dry runs, one at a time in the background, kept in memory only: the last few are remembered until the hub stops. Thread-safe.
 */
public final class DryRuns implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DryRuns.class);
    private static final int KEPT = 3;

    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final Reach reach;
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private Job running;
    private int number;

    public DryRuns(HubStore store, LiveModel model, Clock clock, Reach reach) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.reach = reach;
    }

    /** What is tried. */
    public enum Kind {
        /** A system is read whole, as if for the first time. */
        SYSTEM,
        /** Documents are published. */
        DOCUMENTS,
        /** A question about a schema is answered. */
        ANSWER,
        /** Answers about a schema are taken back. */
        ROLLBACK
    }

    /** Whether it is done. */
    public enum State {
        RUNNING,
        DONE,
        FAILED,
        CANCELLED
    }

    /**
     * A dry run as it is now.
     *
     * @param about what is tried, in a few words
     * @param stage what it is doing; null once it has ended
     * @param total how much there is in this stage; 0 if that is not known
     * @param endedAt null while it runs
     * @param problem why it failed; null unless it did
     * @param report null until it is done
     */
    public record Status(
            String id,
            Kind kind,
            String about,
            State state,
            Stage stage,
            long done,
            long total,
            Instant startedAt,
            Instant endedAt,
            String problem,
            DryReport report) {}

    private static final class Job implements Watch {
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile Status now;
        private volatile boolean cancelled;

        Job(Status first) {
            now = first;
        }

        @Override
        public void at(Stage stage, long done, long total) {
            still();
            now = new Status(
                    now.id(),
                    now.kind(),
                    now.about(),
                    State.RUNNING,
                    stage,
                    done,
                    total,
                    now.startedAt(),
                    null,
                    null,
                    null);
        }

        @Override
        public void still() {
            if (cancelled) throw new CancellationException();
        }

        void end(State state, String problem, DryReport report, Instant at) {
            now = new Status(
                    now.id(),
                    now.kind(),
                    now.about(),
                    state,
                    null,
                    now.done(),
                    now.total(),
                    now.startedAt(),
                    at,
                    problem,
                    report);
        }
    }

    /**
     * Begins the dry run of the first reading of a system; of one that was read before, of reading it whole once more.
     *
     * @param patience milliseconds to wait for its end before answering
     * @throws HubException with {@code NOT_FOUND} if there is no such system, {@code NOT_POSSIBLE} if it has no connector or another dry
     *     run is under way
     */
    public Status ofSystem(String id, long patience) {
        var system = model.get()
                .system(id)
                .orElseThrow(() -> new HubException(
                        HubErrorCode.NOT_FOUND,
                        "there is no system " + id + "; there are "
                                + model.get().systems().stream()
                                        .map(s -> s.id())
                                        .toList()));
        if (!system.connected()) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "system " + id + " was only loaded and has no connector to read it with");
        }
        return begin(Kind.SYSTEM, "reading " + id, Change.reading(Set.of(id), model.get()), patience);
    }

    /**
     * Begins the dry run of a publication.
     *
     * @param patience as in {@link #ofSystem}
     * @throws HubException with {@code BAD_CONFIGURATION} if the documents are wrong, {@code NOT_POSSIBLE} as in {@link #ofSystem}
     */
    public Status ofDocuments(Documents documents, long patience) {
        new ModelStore(store, clock).preview(documents);
        return begin(Kind.DOCUMENTS, about(documents), change(documents, clock), patience);
    }

    /** The publication of documents, as a dry run makes it. */
    public static Change change(Documents documents, Clock clock) {
        return new Change(
                Set.of(),
                copy -> new ModelStore(copy, clock).publish(documents, "dry run"),
                copy -> new ModelStore(copy, clock).rematch());
    }

    /**
     * Begins the dry run of an answer about a schema. One that does not fit fails and says why.
     *
     * @param id of what is open
     * @param patience as in {@link #ofSystem}
     * @throws HubException with {@code NOT_POSSIBLE} as in {@link #ofSystem}
     */
    public Status ofAnswer(String id, SchemaAnswer answer, long patience) {
        var change = change(model, clock, answers -> answers.answer(id, answer, "dry run"));
        return begin(Kind.ANSWER, "an answer about a schema: " + answer.says(), change, patience);
    }

    /**
     * Begins the dry run of going back to a version of the answers about a stream; as {@link #ofAnswer}.
     *
     * @param seen as in {@link SchemaAnswers#rollBack}
     */
    public Status ofRollback(String system, String stream, long version, long seen, long patience) {
        var change = change(model, clock, answers -> answers.rollBack(system, stream, version, seen, "dry run"));
        var about = "going back to version " + version + " of the answers about " + system + "." + stream;
        return begin(Kind.ROLLBACK, about, change, patience);
    }

    /** A decision about schemas, as a dry run makes it. */
    public static Change change(LiveModel live, Clock clock, Consumer<SchemaAnswers> decision) {
        return new Change(
                Set.of(),
                store -> live.published(),
                copy -> {
                    var models = new ModelStore(copy.store(), copy.clock());
                    var inbox = new SchemaInbox(copy.store(), copy.model(), copy.schemas());
                    decision.accept(new SchemaAnswers(
                            copy.store(),
                            copy.model(),
                            copy.schemas(),
                            inbox,
                            copy.clock(),
                            (documents, by) -> copy.model().publish(models.publish(documents, by))));
                },
                store -> new ModelStore(store, clock).rematch());
    }

    private static String about(Documents documents) {
        var names = documents.documents().entrySet().stream()
                .flatMap(kind -> kind.getValue().keySet().stream().map(name -> kind.getKey() + " " + name))
                .sorted()
                .toList();
        return names.isEmpty() ? "no documents" : "publishing " + String.join(", ", names);
    }

    private Status begin(Kind kind, String about, Change change, long patience) {
        var job = start(kind, about, change);
        try {
            job.ended.await(patience, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return job.now;
    }

    private synchronized Job start(Kind kind, String about, Change change) {
        if (running != null && running.ended.getCount() > 0) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "dry run " + running.now.id() + " is under way; wait for its end or cancel it");
        }
        var id = "dry-run-" + ++number;
        var job = new Job(
                new Status(id, kind, about, State.RUNNING, Stage.COPYING, 0, 0, clock.instant(), null, null, null));
        jobs.put(id, job);
        if (jobs.size() > KEPT) jobs.remove(jobs.keySet().iterator().next());
        running = job;
        var thread = new Thread(() -> run(job, change), id);
        thread.setDaemon(true);
        thread.start();
        return job;
    }

    private void run(Job job, Change change) {
        try {
            job.end(State.DONE, null, new DryRun(store, model, clock, reach).run(change, job), clock.instant());
        } catch (CancellationException e) {
            job.end(State.CANCELLED, null, null, clock.instant());
        } catch (HubException e) {
            job.end(State.FAILED, e.getMessage(), null, clock.instant());
        } catch (OutOfMemoryError e) {
            job.end(
                    State.FAILED,
                    "it does not fit into memory; start the hub with more (java -Xmx)",
                    null,
                    clock.instant());
        } catch (RuntimeException e) { // the outermost frame of this thread
            LOG.error("a dry run failed", e);
            job.end(State.FAILED, "it failed; the log of the hub says why", null, clock.instant());
        } finally {
            job.ended.countDown();
        }
    }

    /** Empty if there is none, or it is so old that it was forgotten. */
    public synchronized Optional<Status> find(String id) {
        return Optional.ofNullable(jobs.get(id)).map(job -> job.now);
    }

    /** Those that are remembered, the last one first. */
    public synchronized List<Status> all() {
        var all = new ArrayList<>(jobs.values().stream().map(job -> job.now).toList());
        Collections.reverse(all);
        return all;
    }

    /** Ends a dry run soon. One that has ended stays as it is; an id that is unknown is ignored. */
    public synchronized void cancel(String id) {
        var job = jobs.get(id);
        if (job != null) job.cancelled = true;
    }

    /** Ends the one under way, and waits for that. */
    @Override
    public void close() {
        Job last;
        synchronized (this) {
            last = running;
        }
        if (last == null) return;
        last.cancelled = true;
        try {
            last.ended.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
