package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.Intake.Counts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
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
final class SystemWorker implements Dispatcher.Outlet, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(SystemWorker.class);
    private static final int BATCH = 1000;
    /** Kinds of its runs. */
    static final Set<String> RUNS = Set.of("snapshot", "poll", Audit.KIND);

    private static final String STATE = "system-state";
    private static final String PAUSED = "paused: true\n";
    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final Ids ids;
    private final HubEvents events;
    private final Connectors connectors;
    private final Dispatcher dispatcher;
    private final Runnable stored;
    private final SystemConfig config;
    private final Map<String, Inbound> inbound = new HashMap<>();
    private final Map<String, Translator> translators = new HashMap<>();
    private final PollRuns runs;
    private final Auditing auditing;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition poked = lock.newCondition();
    private boolean pollNow = true;
    private boolean sendNow;
    private boolean paused;
    private boolean stopped;

    private volatile Status status = new Status("STARTING", null, null, null, null);
    private Connector connector;
    private Catalog catalog;
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
            SystemConfig config,
            Runnable stored) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.ids = ids;
        this.events = events;
        this.connectors = connectors;
        this.dispatcher = dispatcher;
        this.config = config;
        this.stored = stored;
        this.runs = new PollRuns(store, clock, ids, events, config.id());
        this.auditing = new Auditing(store, model, clock, ids, events, config, this::cure, this::lag);
        this.paused = store.read(tx -> tx.journal().document(STATE, config.id()))
                .filter(document -> document.body().equals(PAUSED))
                .isPresent();
        if (paused) status = new Status("PAUSED", null, null, null, null);
    }

    SystemConfig config() {
        return config;
    }

    Status status() {
        return status;
    }

    /** @throws HubException with {@code NOT_POSSIBLE} if an audit is under way */
    Run audit(boolean heal) {
        var run = auditing.begin(heal);
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
                boolean due = work == Work.POLL || !clock.instant().isBefore(earlier(nextPoll, auditing.pollAt()));
                try {
                    open();
                    if (due) trouble = pollStreams();
                    while (!interrupted() && dispatcher.sendDue(this) > 0) stored.run();
                    nextSend = nextSend();
                    if (!interrupted()) auditing.step(connector);
                    failures = 0;
                    if (trouble == null) show("RUNNING", null);
                    else tell(trouble);
                } catch (Throwable e) { // whatever it is, it must not end the loop
                    failures++;
                    tell(e);
                    catalog = null; // ask again: what it offers may have changed
                }
                var pause = failures == 0
                        ? config.pollEvery()
                        : Outcome.backOff(failures).compareTo(config.pollEvery()) > 0
                                ? Outcome.backOff(failures)
                                : config.pollEvery();
                if (due || failures > 0) nextPoll = clock.instant().plus(pause);
                if (failures > 0) nextSend = Instant.MAX;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (connector != null) connector.close();
        }
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }

    /** When something becomes due by itself; what is due already waits for the resolver, which wakes this loop. */
    private Instant nextSend() {
        return store.read(tx -> tx.outbox().nextDue(config.id()))
                .map(at -> at.isAfter(clock.instant()) ? at : clock.instant().plusSeconds(1))
                .orElse(Instant.MAX);
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
                var next = failures > 0 ? usual : earlier(usual, earlier(auditing.workAt(), auditing.pollAt()));
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

    private void open() throws ConnectorException {
        if (connector != null && catalog != null) return;
        if (connector == null) connector = connectors.open(config);
        var report = connector.check();
        if (!report.ok()) {
            throw new ConnectorException.Misconfigured(String.join("; ", report.problems()));
        }
        catalog = connector.discover();
        connectors.limit(config.id(), catalog);
        for (var stream : config.streams()) {
            inbound.put(
                    stream.stream(),
                    new Inbound(store, model, clock, config.id(), stream, connector, () -> describe(stream.stream())));
            translators.put(stream.stream(), new Translator(config.id(), stream));
        }
    }

    /**
     * Polls every stream; one that fails does not keep the others from being read, nor the system from being written.
     *
     * @return the first failure; null if there was none
     * @throws ConnectorException.Transient if the system does not answer, so that there is no use in asking for more
     */
    private Exception pollStreams() throws ConnectorException.Transient {
        Exception trouble = null;
        var began = clock.instant();
        for (var stream : config.streams()) {
            try {
                poll(stream);
            } catch (ConnectorException.Transient e) {
                throw e;
            } catch (ConnectorException | RuntimeException e) {
                if (trouble == null) trouble = e;
            }
        }
        status = new Status(status.state(), clock.instant(), status.lastChange(), status.problem(), catalog);
        if (!interrupted()) auditing.polled(began);
        return trouble;
    }

    private void poll(StreamMapping stream) throws ConnectorException {
        while (!interrupted()) {
            var step = inbound.get(stream.stream()).next(BATCH);
            runs.note(stream.stream(), step);
            if (step.counts().stored() > 0) {
                status = new Status(status.state(), status.lastPoll(), clock.instant(), status.problem(), catalog);
                stored.run();
            }
            if (step.caughtUp()) return;
        }
    }

    private void tell(Throwable problem) {
        boolean known = problem instanceof ConnectorException || problem instanceof HubException;
        var state = problem instanceof ConnectorException.Transient ? "OFFLINE" : "FAILING";
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
                shown, before.lastPoll(), before.lastChange(), problem, catalog == null ? before.catalog() : catalog);
        if (!shown.equals(before.state())) {
            events.publish("system.state", Map.of("system", config.id(), "state", shown));
        }
    }

    private boolean paused() {
        lock.lock();
        try {
            return paused;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String system() {
        return config.id();
    }

    @Override
    public Connector connector() {
        return connector;
    }

    @Override
    public Translator translator(StreamMapping stream) {
        return translators.get(stream.stream());
    }

    @Override
    public StreamDef describe(String stream) {
        return catalog == null
                ? null
                : catalog.streams().stream()
                        .filter(def -> def.name().equals(stream))
                        .findFirst()
                        .orElse(null);
    }

    @Override
    public void takeIn(StreamMapping stream, List<NativeRecord> found) {
        Counts counts = inbound.get(stream.stream()).takeIn(found, List.of());
        if (counts.stored() > 0) stored.run();
    }

    /** Takes in what an audit found. */
    private boolean cure(StreamMapping stream, List<NativeRecord> found, List<String> gone) {
        var counts = inbound.get(stream.stream()).takeIn(found, gone);
        if (counts.stored() > 0) stored.run();
        return counts.stored() > 0;
    }

    /** How long a change of a stream may stay untold; a delete may take longer. */
    private Duration lag(StreamMapping stream) {
        var description = describe(stream.stream());
        if (description == null) return Duration.ZERO;
        var reading = description.can().reading();
        var deletes = reading.deletes();
        return deletes == null
                ? reading.visibilityLag()
                : reading.visibilityLag().plus(deletes.delay());
    }

    @Override
    public void gone(StreamMapping stream, List<String> gone) {
        if (gone.isEmpty()) return;
        Counts counts = inbound.get(stream.stream()).takeIn(List.of(), gone);
        if (counts.stored() > 0) stored.run();
    }

    @Override
    public void lookUp(StreamMapping stream, List<String> ids) throws ConnectorException {
        if (inbound.get(stream.stream()).lookUp(ids).stored() > 0) stored.run();
    }
}
