package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.audit.Audit;
import io.kintsugi.server.engine.dryrun.DryReach;
import io.kintsugi.server.engine.dryrun.DryRun;
import io.kintsugi.server.engine.erasure.Erasing;
import io.kintsugi.server.engine.outbound.Dispatcher;
import io.kintsugi.server.engine.outbound.FirstSyncs;
import io.kintsugi.server.engine.outbound.Outcome;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.resolution.Resolving;
import io.kintsugi.server.engine.schema.Schemas;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the loops: one thread per system that polls and sends, and one that resolves what was stored. Thread-safe. A hub that is
 * killed at any point goes on from the store when it starts again.
 */
public final class Systems implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Systems.class);
    private static final int RUNS_PAGE = 500;
    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final Ids ids;
    private final HubEvents events;
    private final Connectors connectors;
    private final Resolving resolving;
    private final Dispatcher dispatcher;
    private final Schemas schemas;
    private final Recovery recovery;
    private final Erasing erasing;
    private final Map<String, SystemWorker> workers = new TreeMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private boolean pending = true;
    private boolean stopped;

    public Systems(
            HubStore store,
            LiveModel model,
            Clock clock,
            Ids ids,
            HubEvents events,
            Connectors connectors,
            Resolver resolver,
            Dispatcher dispatcher,
            Schemas schemas) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.ids = ids;
        this.events = events;
        this.connectors = connectors;
        this.resolving = new Resolving(store, resolver, clock);
        this.dispatcher = dispatcher;
        this.schemas = schemas;
        this.recovery = new Recovery(store, model, clock, ids, events);
        this.erasing = new Erasing(store, model, resolver, clock, ids, events, this::catalog);
    }

    /**
     * @param state {@code STARTING}, {@code RUNNING}, {@code RECOVERING} (read, and not written until all were read after an outage),
     *     {@code PAUSED}, {@code FAILING} (needs a person) or {@code OFFLINE} (does not answer; tried again for ever)
     * @param problem why it is not running, and what to do; null if it is
     * @param catalogOrNull what the system offers; null until it has answered once
     */
    public record SystemStatus(
            SystemConfig config,
            String state,
            Instant lastPoll,
            Instant lastChange,
            String problem,
            Catalog catalogOrNull) {}

    /** Starts the loops of all systems of the model, and ends the runs that a hub which was killed left open. Called once. */
    public synchronized void start() {
        endRuns();
        recovery.start();
        events.subscribe(event -> {
            if (event.name().equals("review.changed")) somethingDue(); // a decision may have marked something
            if (event.name().equals("erasure.changed")) somethingDue();
        });
        launch("resolver", this::resolveLoop);
        for (var config : model.published().systems()) {
            if (!config.connected()) continue;
            var worker = new SystemWorker(
                    store,
                    model,
                    clock,
                    ids,
                    events,
                    connectors,
                    dispatcher,
                    recovery,
                    schemas,
                    erasing,
                    config,
                    this::somethingStored);
            workers.put(config.id(), worker);
            launch("system-" + config.id(), worker);
        }
    }

    private void launch(String name, Runnable loop) {
        var thread = new Thread(loop, name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** All systems as they are now, by id. */
    public synchronized List<SystemStatus> list() {
        return model.get().systems().stream()
                .map(SystemConfig::id)
                .sorted()
                .flatMap(id -> find(id).stream())
                .toList();
    }

    /** What a system offers; null until it has answered once. */
    public Catalog catalog(String id) {
        return find(id).map(SystemStatus::catalogOrNull).orElse(null);
    }

    /** One of {@link #list()}; empty if no system has this id. */
    public synchronized Optional<SystemStatus> find(String id) {
        var worker = workers.get(id);
        if (worker != null) return Optional.of(status(worker));
        return model.published()
                .system(id)
                .filter(config -> !config.connected())
                .map(config -> new SystemStatus(config, "PAUSED", null, null, null, null));
    }

    private SystemStatus status(SystemWorker worker) {
        var status = worker.status();
        return new SystemStatus(
                model.published().system(worker.config().id()).orElse(worker.config()),
                status.state(),
                status.lastPoll(),
                status.lastChange(),
                status.problem(),
                status.catalog());
    }

    /** Whether the hub talks to the system at all. */
    public synchronized boolean running(String id) {
        return workers.containsKey(id);
    }

    /** Erases things for good; the loops bring further what was begun. */
    Erasing erasing() {
        return erasing;
    }

    /** The systems, for a dry run. */
    public DryRun.Reach reach() {
        return new DryReach(connectors, this::catalog);
    }

    /** Reads the system now instead of at its next turn. */
    public void poll(String id) {
        worker(id).poll();
    }

    /** Neither reads nor writes the system until it is resumed. What must go to it is kept. Pausing twice is the same as once. */
    public void pause(String id) {
        worker(id).pause();
    }

    /** Lets a system go on that was paused; nothing happens if it was not. */
    public void resume(String id) {
        worker(id).resume();
    }

    /**
     * Lets go what waits for a system that is not to be written to before somebody approves. The same again has the effect of once.
     *
     * @throws HubException with {@code NOT_POSSIBLE} if the system needs no approval
     */
    public void approveFirstSync(String id) {
        var worker = worker(id);
        store.write(tx -> {
            FirstSyncs.approve(tx, worker.config(), clock.instant());
            return null;
        });
        worker.send();
    }

    /**
     * Leaves a new system as it is until somebody approves after all.
     *
     * @throws HubException with {@code NOT_POSSIBLE} if the system needs no approval, or has it already
     */
    public void refuseFirstSync(String id) {
        var worker = worker(id);
        store.write(tx -> {
            FirstSyncs.refuse(tx, worker.config(), clock.instant());
            return null;
        });
    }

    /**
     * Begins to compare what a system holds with what the hub believes and wants, in the background.
     *
     * @param heal whether what the hub missed is taken in, and what it forgot to write is written
     * @param keyOrNull names the request: asked again under the same name, the audit that it began is given
     * @throws HubException with {@code NOT_POSSIBLE} if an audit of the system is under way or the system is paused
     */
    public Run audit(String id, boolean heal, String keyOrNull) {
        var worker = worker(id);
        var runId =
                keyOrNull == null ? ids.next("run") : "run-" + ContentHash.of(Map.of("audit", id, "key", keyOrNull));
        var begun = store.read(tx -> tx.journal().run(runId));
        if (begun.isPresent()) return begun.get();
        if (worker.status().state().equals("PAUSED")) {
            throw new HubException(HubErrorCode.NOT_POSSIBLE, "system " + id + " is paused; resume it, then audit it");
        }
        return worker.audit(heal, runId);
    }

    /** Whether the run was under way here and can be cancelled; it ends soon then. */
    public synchronized boolean cancel(String runId) {
        return workers.values().stream().anyMatch(worker -> worker.cancel(runId));
    }

    private synchronized SystemWorker worker(String id) {
        var worker = workers.get(id);
        if (worker == null && find(id).isPresent()) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "system " + id + " was only loaded and has no connector; load it again, or give it a connector");
        }
        if (worker == null) {
            throw new HubException(
                    HubErrorCode.NOT_FOUND, "there is no system " + id + "; there are " + workers.keySet());
        }
        return worker;
    }

    /** Wakes the resolver: records wait. */
    public void somethingStored() {
        lock.lock();
        try {
            pending = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the senders: something may be due. */
    public synchronized void somethingDue() {
        workers.values().forEach(SystemWorker::send);
    }

    private void endRuns() {
        var now = clock.instant();
        String cursor = null;
        do {
            var from = cursor;
            var page = store.read(tx -> tx.journal().runs(from, RUNS_PAGE));
            var open = page.items().stream()
                    .filter(run -> run.state() == RunState.RUNNING && SystemWorker.RUNS.contains(run.kind()))
                    .toList();
            if (!open.isEmpty()) {
                store.write(tx -> {
                    for (var run : open) tx.journal().saveRun(ended(run, now));
                    return null;
                });
            }
            cursor = page.next();
        } while (cursor != null);
    }

    private static Run ended(Run run, Instant now) {
        return new Run(
                run.id(),
                run.kind(),
                run.system(),
                run.stream(),
                RunState.FAILED,
                run.counts(),
                run.total(),
                run.startedAt(),
                now,
                run.kind().equals(Audit.KIND)
                        ? "the hub stopped; what was found until then is listed, begin it again"
                        : "the hub stopped; what was read is kept, and reading went on in another run");
    }

    private void resolveLoop() {
        int failures = 0;
        while (awaitPending(failures)) {
            try {
                while (!closing() && (resolving.step() || erasing.step())) somethingDue();
                if (recovery.advance()) somethingDue();
                failures = 0;
            } catch (HubException e) {
                failures++;
                LOG.warn("resolving waits: {}", e.getMessage());
            } catch (Throwable e) { // the outermost loop of this thread
                failures++;
                LOG.error("resolving failed; it is tried again", e);
            }
        }
    }

    private boolean closing() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitPending(int failures) {
        lock.lock();
        try {
            if (failures > 0 && !stopped)
                work.awaitNanos(Outcome.backOff(failures).toNanos());
            else if (!pending && !stopped)
                work.awaitNanos(Duration.ofSeconds(5).toNanos()); // another hub may have stored
            pending = false;
            return !stopped;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all loops and waits for what they are doing. Second call does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            stopped = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
        synchronized (this) {
            workers.values().forEach(SystemWorker::stop);
        }
        for (var thread : threads) {
            try {
                thread.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
