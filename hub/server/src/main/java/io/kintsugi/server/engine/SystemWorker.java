package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.audit.Audit;
import io.kintsugi.server.engine.audit.Auditing;
import io.kintsugi.server.engine.erasure.Erasing;
import io.kintsugi.server.engine.inbound.Position;
import io.kintsugi.server.engine.outbound.Breaker;
import io.kintsugi.server.engine.outbound.Dispatcher;
import io.kintsugi.server.engine.outbound.FirstSyncs;
import io.kintsugi.server.engine.outbound.Outcome;
import io.kintsugi.server.engine.schema.Schemas;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of one system: polls its streams, sends what is due, waits. A system that fails is tried again for ever, with growing
 * pauses, and never stops the others.
 */
final class SystemWorker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SystemWorker.class);
    private static final int BATCH = 1000;
    /** Kinds of its runs. */
    static final Set<String> RUNS = Set.of("snapshot", "poll", Audit.KIND);

    private static final String STATE = "system-state";
    private static final String PAUSED = "paused: true\n";
    private final HubStore store;
    private final Clock clock;
    private final HubEvents events;
    private final Dispatcher dispatcher;
    private final Recovery recovery;
    private final Runnable stored;
    private final Erasing erasing;
    private final SystemConfig config;
    private final OpenSystem system;
    private final PollRuns runs;
    private final Auditing auditing;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition poked = lock.newCondition();
    private boolean pollNow = true;
    private boolean sendNow;
    private boolean paused;
    private boolean stopped;

    private volatile Status status = new Status("STARTING", null, null, null, null);
    private int failures;

    /** What people see of the system. */
    record Status(String state, Instant lastPoll, Instant lastChange, String problem, Catalog catalog) {}

    /** @param stored called when something was stored that waits for resolution */
    SystemWorker(
            HubStore store,
            LiveModel model,
            Clock clock,
            Ids ids,
            HubEvents events,
            Connectors connectors,
            Dispatcher dispatcher,
            Recovery recovery,
            Schemas schemas,
            Erasing erasing,
            SystemConfig config,
            Runnable stored) {
        this.store = store;
        this.clock = clock;
        this.events = events;
        this.dispatcher = dispatcher;
        this.recovery = recovery;
        this.erasing = erasing;
        this.config = config;
        this.stored = stored;
        this.system = new OpenSystem(store, model, clock, connectors, schemas, config, stored);
        this.runs = new PollRuns(store, clock, ids, events, config.id());
        this.auditing = new Auditing(store, model, clock, ids, events, config, system::readAgain, system::lag);
        this.paused = store.read(tx -> paused(tx, config.id()));
        if (paused) status = new Status("PAUSED", null, null, null, null);
    }

    /** Whether a system was paused by somebody and not resumed. */
    static boolean paused(HubTransaction tx, String system) {
        return tx.journal()
                .document(STATE, system)
                .filter(document -> document.body().equals(PAUSED))
                .isPresent();
    }

    SystemConfig config() {
        return config;
    }

    Status status() {
        return status;
    }

    /** @throws HubException with {@code NOT_POSSIBLE} if an audit is under way */
    Run audit(boolean heal, String runId) {
        var run = auditing.begin(heal, runId);
        signal(() -> {});
        return run;
    }

    /** Whether this is the audit under way; it ends soon then. */
    boolean cancel(String runId) {
        boolean mine = auditing.cancel(runId);
        signal(() -> {});
        return mine;
    }

    void poll() {
        signal(() -> pollNow = true);
    }

    /** Something may be due for this system. */
    void send() {
        signal(() -> sendNow = true);
    }

    /** Durable: a hub that starts again finds the system paused. */
    void pause() {
        remember(PAUSED);
        signal(() -> paused = true);
        show("PAUSED", status.problem());
    }

    void resume() {
        remember("paused: false\n");
        signal(() -> {
            paused = false;
            pollNow = true;
            failures = 0;
        });
        show("RUNNING", null);
    }

    private void remember(String state) {
        store.write(tx -> tx.journal().publish(STATE, config.id(), state, "hub", clock.instant()));
    }

    void stop() {
        signal(() -> stopped = true);
    }

    private void signal(Runnable change) {
        lock.lock();
        try {
            change.run();
            poked.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        try {
            var nextPoll = Instant.MIN;
            var nextSend = Instant.MAX;
            Exception trouble = null;
            for (Work work; (work = awaitWork(earlier(nextPoll, nextSend))) != Work.END; ) {
                Duration wish = null;
                boolean due = work == Work.POLL || !clock.instant().isBefore(earlier(nextPoll, readAt()));
                try {
                    system.open();
                    recovery.arrived(config, system.connector(), system::can);
                    if (due) trouble = pollStreams();
                    recovery.advance();
                    if (trouble == null || readOnce())
                        send(due ? clock.instant().plus(config.pollEvery()) : nextPoll);
                    if (!interrupted()) erasing.look(system);
                    nextSend = nextSend();
                    if (!interrupted()) auditing.step(system.connector());
                    failures = 0;
                    var unwilling = dispatcher.unwilling(config.id()).map(Breaker::problem);
                    if (trouble == null) show(running(), unwilling.orElse(null));
                    else tell(trouble);
                } catch (Throwable e) { // whatever it is, it must not end the loop
                    if (system.mended(e)) {
                        nextPoll = Instant.MIN;
                        continue;
                    }
                    failures++;
                    tell(e);
                    wish = wish(e);
                    recovery.away(config.id(), wish == null ? Duration.ZERO : wish, e.getMessage());
                    if (wish == null) system.forget();
                }
                var pause = config.pollEvery();
                if (failures > 0) pause = longer(pause, wish == null ? Outcome.backOff(failures) : wish);
                if (due || failures > 0) nextPoll = clock.instant().plus(pause);
                if (failures > 0) nextSend = Instant.MAX;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            system.close();
        }
    }

    /** Whether all in which the hub creates was read once; before that, what is missing may be there already. */
    private boolean readOnce() {
        var creates = system.streams().stream().filter(StreamMapping::provision).toList();
        return store.read(tx -> creates.stream().allMatch(stream -> tx.journal()
                .checkpoint(config.id(), stream.stream())
                .map(Position::parse)
                .filter(Position::snapshotDone)
                .isPresent()));
    }

    /** Reading and writing share a quota: at least one batch goes, and no more after the system should be read again. */
    private void send(Instant until) throws ConnectorException {
        if (store.read(tx -> FirstSyncs.holds(tx, config))) return;
        do {
            if (interrupted() || recovery.frozen(config.id()) || dispatcher.sendDue(system) == 0) return;
            stored.run();
        } while (clock.instant().isBefore(until));
    }

    /** When the system should be read for an audit or a recovery, before its turn comes. */
    private Instant readAt() {
        return earlier(auditing.pollAt(), recovery.readAt(config.id(), system.lag()));
    }

    /** How long a system that was asked too much wants to be left alone; null if it is something else. */
    private static Duration wish(Throwable problem) {
        if (!(problem instanceof ConnectorException.RateLimited limited)) return null;
        return limited.retryAfter() == null ? Outcome.backOff(1) : limited.retryAfter();
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) > 0 ? a : b;
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    /** When something becomes due by itself; what is due already waits for the resolver, which wakes this loop, or for its system. */
    private Instant nextSend() {
        var next = store.read(tx -> tx.outbox().nextDue(config.id()))
                .map(at -> at.isAfter(clock.instant()) ? at : clock.instant().plusSeconds(1))
                .orElse(Instant.MAX);
        var tried = dispatcher.unwilling(config.id()).map(Breaker::until);
        return tried.filter(next::isBefore).orElse(next);
    }

    private boolean interrupted() {
        lock.lock();
        try {
            return stopped || paused;
        } finally {
            lock.unlock();
        }
    }

    private enum Work {
        POLL,
        SEND,
        END
    }

    /** Waits until somebody asks for work or the time has come. */
    private Work awaitWork(Instant usual) throws InterruptedException {
        lock.lock();
        try {
            while (!stopped) {
                var next = failures > 0 ? usual : earlier(usual, earlier(auditing.workAt(), readAt()));
                long millis = next.equals(Instant.MAX) ? Long.MAX_VALUE : next.equals(Instant.MIN) ? 0 : millisTo(next);
                if (!paused && (pollNow || (sendNow && failures == 0) || millis <= 0)) {
                    var work = pollNow ? Work.POLL : Work.SEND;
                    pollNow = false;
                    sendNow = false;
                    return work;
                }
                if (paused || millis == Long.MAX_VALUE) poked.await();
                else poked.awaitNanos(Math.max(1, millis) * 1_000_000);
            }
            return Work.END;
        } finally {
            lock.unlock();
        }
    }

    private long millisTo(Instant next) {
        return Duration.between(clock.instant(), next).toMillis();
    }

    /**
     * Polls every stream; one that fails does not keep the others from being read, nor the system from being written.
     *
     * @return the first failure; null if there was none
     * @throws ConnectorException if the system does not answer, was asked too much or does not know the hub, so that there is no use
     *     in asking for more
     */
    private Exception pollStreams() throws ConnectorException {
        Exception trouble = null;
        String unread = null;
        var began = clock.instant();
        for (var stream : system.streams()) {
            try {
                pollMended(stream);
            } catch (ConnectorException.Transient | ConnectorException.RateLimited | ConnectorException.AuthFailed e) {
                throw e;
            } catch (ConnectorException | RuntimeException e) {
                if (trouble == null) {
                    trouble = e;
                    unread = stream.stream() + " cannot be read: " + e.getMessage();
                }
            }
        }
        status = new Status(status.state(), clock.instant(), status.lastChange(), status.problem(), system.catalog());
        if (interrupted()) return trouble;
        if (unread == null) auditing.polled(began);
        recovery.read(config.id(), began, system.lag(), unread);
        return trouble;
    }

    /** A field that is not there any more keeps the others from nothing. */
    private void pollMended(StreamMapping stream) throws ConnectorException {
        try {
            poll(stream);
        } catch (ConnectorException.SchemaDrift e) {
            if (!system.mended(e)) throw e;
            poll(stream);
        }
    }

    private void poll(StreamMapping stream) throws ConnectorException {
        while (!interrupted()) {
            var step = system.inbound(stream).next(BATCH);
            runs.note(stream.stream(), step);
            recovery.note(config.id(), step.counts());
            if (step.counts().stored() > 0) {
                status = new Status(
                        status.state(), status.lastPoll(), clock.instant(), status.problem(), system.catalog());
                stored.run();
            }
            if (step.caughtUp()) return;
        }
    }

    private void tell(Throwable problem) {
        boolean known = problem instanceof ConnectorException || problem instanceof HubException;
        var state = problem instanceof ConnectorException.Transient
                ? "OFFLINE"
                : problem instanceof ConnectorException.RateLimited ? "RUNNING" : "FAILING";
        if (!known) LOG.error("system {} met a fault of the hub; it is tried again", config.id(), problem);
        else if (!state.equals(status.state())) LOG.warn("system {}: {}", config.id(), problem.getMessage());
        show(
                state,
                known
                        ? problem.getMessage()
                        : "a fault of the hub (" + problem.getClass().getSimpleName() + "); see its log");
    }

    /** What people see; a system that was paused meanwhile is paused, whatever became of the work. */
    private void show(String state, String problem) {
        var before = status;
        var shown = paused() ? "PAUSED" : state;
        status = new Status(
                shown,
                before.lastPoll(),
                before.lastChange(),
                problem,
                system.catalog() == null ? before.catalog() : system.catalog());
        if (!shown.equals(before.state())) {
            events.publish("system.state", Map.of("system", config.id(), "state", shown));
        }
    }

    private String running() {
        if (recovery.frozen(config.id())) return "RECOVERING";
        return dispatcher.unwilling(config.id()).isPresent() ? "FAILING" : "RUNNING";
    }

    private boolean paused() {
        lock.lock();
        try {
            return paused;
        } finally {
            lock.unlock();
        }
    }
}
