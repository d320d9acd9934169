package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Line;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.Vices.Allowance;
import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.Quota;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.connector.GateInTime;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.audit.Auditing;
import io.kintsugi.server.engine.inbound.Inbound;
import io.kintsugi.server.engine.outbound.Dispatcher;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.stewardship.Stewardship;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The real engine as a process on virtual time: a worker for each system and a resolver, each a loop of its own, that take turns
 * whenever one of them waits for an answer. It can be killed at any transaction and any call, and started again on the same store.
 */
final class SimulatedHub {
    private final HubStore store;
    private final VirtualTime time;
    private final Map<String, SimulatedSystem> systems;
    private HubModel model;
    private LiveModel live;
    /** What is to be brought under what was published last; a hub that is killed goes on with it. */
    private final Deque<RecordKey> unmatched = new ArrayDeque<>();

    private final Line line;
    private final SplittableRandom random;
    private Map<String, Worker> workers = Map.of();
    private Resolver resolver;
    private Dispatcher dispatcher;
    private Recovery recovery;
    private Stewardship stewardship;
    private boolean resolving;
    private boolean up;
    private int life;
    private int fuse;
    private Runnable committed = () -> {};
    private Consumer<String> sending = system -> {};
    private Consumer<String> calling = system -> {};
    private BiConsumer<String, Duration> limited = (system, pause) -> {};
    private final Map<String, GateInTime> gates = new HashMap<>();
    private final Map<String, NavigableMap<Instant, Instant>> readings = new HashMap<>();
    private Duration pollEvery = Duration.ofSeconds(20);
    private int page = 10;

    SimulatedHub(
            HubStore store,
            VirtualTime time,
            Map<String, SimulatedSystem> systems,
            HubModel model,
            Line line,
            SplittableRandom random) {
        this.store = store;
        this.time = time;
        this.systems = systems;
        this.model = model;
        this.line = line;
        this.random = random;
    }

    boolean up() {
        return up;
    }

    Stewardship stewardship() {
        return stewardship;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    /** What is called after each commit of the hub. */
    void committed(Runnable told) {
        committed = told;
    }

    /** What is called with a system whenever the hub is about to write to it. */
    void sending(Consumer<String> told) {
        sending = told;
    }

    /** What is called with a system whenever a call to it leaves, and when it asks for a pause. */
    void calling(Consumer<String> told, BiConsumer<String, Duration> refused) {
        calling = told;
        limited = refused;
    }

    /** When the hub had read a system to the end for the first time after an instant; null if it has not. */
    Instant readAfter(String system, Instant then) {
        var reading = readings.getOrDefault(system, new TreeMap<>()).ceilingEntry(then);
        return reading == null ? null : reading.getValue();
    }

    void pollEvery(Duration pause) {
        pollEvery = pause;
    }

    /** Most records in one reading, and twice as many in one resolution. */
    void page(int records) {
        page = records;
    }

    void start() {
        life++;
        up = true;
        gates.clear();
        resolving = false;
        live = new LiveModel(model);
        var events = new HubEvents();
        var mortal = new MortalStore();
        var ids = new Ids(time, random.split());
        resolver = new Resolver(mortal, live, time, ids, events);
        dispatcher = new Dispatcher(mortal, live, time, ids, events);
        stewardship = new Stewardship(mortal, live, resolver, time, events, id -> null);
        recovery = new Recovery(mortal, live, time, ids, events);
        try {
            recovery.start();
        } catch (Crash crash) { // it had not begun yet
            recovery.start();
        }
        workers = new LinkedHashMap<>();
        for (var config : model.systems()) {
            var worker = new Worker(config, live, mortal);
            workers.put(config.id(), worker);
            later(pollEvery, worker::poll);
        }
        later(Duration.ofSeconds(1), this::resolve);
        if (!unmatched.isEmpty()) later(Duration.ofSeconds(2), this::rematch);
    }

    /** Publishes a configuration; everything stored is brought under it, some records at a time. */
    void publish(HubModel next) {
        model = next;
        unmatched.clear();
        store.read(tx -> {
            for (var system : systems.keySet()) {
                tx.records().list(system, "contact", null, 500).items().stream()
                        .filter(record -> record.state().resolves())
                        .forEach(record -> unmatched.add(record.key()));
            }
            return null;
        });
        if (!up) return;
        live.publish(next);
        rematch();
    }

    private void rematch() {
        var some = new ArrayList<RecordKey>();
        for (int i = 0; i < 4 && !unmatched.isEmpty(); i++) some.add(unmatched.poll());
        if (some.isEmpty()) return;
        store.write(tx -> {
            tx.records().markPending(some);
            return null;
        });
        later(Duration.ofMillis(500), this::resolve);
        later(Duration.ofSeconds(2), this::rematch);
    }

    /** What was under way is over; what is stored stays. */
    void stop() {
        up = false;
        life++;
        fuse = 0;
    }

    /** Kills the hub at the n-th point from now at which it could be killed: before and after a commit, around a call. */
    void killAt(int point) {
        fuse = point;
    }

    /** @param mine the life of the hub that comes to this point */
    private void point(int mine) {
        if (life != mine) throw new Crash(true);
        if (fuse > 0 && --fuse == 0) throw new Crash(false);
    }

    /** Something happens at some instant within a time from now, if this hub still runs then. */
    private void later(Duration within, Runnable what) {
        int mine = life;
        time.after(Duration.ofMillis(random.nextLong(within.toMillis() + 1)), () -> {
            if (life == mine) what.run();
        });
    }

    void resolve() {
        if (resolving) return;
        resolving = true;
        int resolved = 0;
        for (int n; (n = resolver.resolvePending(2 * page)) > 0; ) resolved += n;
        resolving = false;
        if (recovery.advance() || resolved > 0)
            workers.values().forEach(worker -> later(Duration.ofMillis(300), worker::send));
    }

    /** What a system's thread does: polls, and sends what is due; never two things at once. */
    private final class Worker implements Dispatcher.Outlet {
        private final SystemConfig config;
        private final String system;
        private final StreamMapping stream;
        private final Connector connector;
        private final Inbound inbound;
        private final Auditing auditing;
        private final int mine = life;
        private StreamDef description;
        private boolean busy;

        Worker(SystemConfig config, LiveModel live, HubStore store) {
            this.config = config;
            this.system = config.id();
            this.stream = config.streams().get(0);
            this.connector = systems.get(system).connector(new MortalLine());
            this.inbound = new Inbound(store, live, time, system, stream, connector, () -> describe(stream.stream()));
            this.auditing = new Auditing(
                    store,
                    live,
                    time,
                    new Ids(time, new SplittableRandom(mine)),
                    new HubEvents(),
                    config,
                    (mapping, missed) -> inbound.lookUp(missed).stored() > 0,
                    mapping -> systems.get(system).nature().visibilityLag());
        }

        /** Nothing, if the hub ended while this worker waited for an answer. */
        private void later(Duration within, Runnable what) {
            if (life == mine) SimulatedHub.this.later(within, what);
        }

        void poll() {
            alone(() -> {
                var can = connector.discover().streams().get(0).can();
                recovery.arrived(config, connector, name -> can);
                var began = time.instant();
                for (int batch = 0; batch < 20; batch++) {
                    var step = inbound.next(page);
                    recovery.note(system, step.counts());
                    if (!step.caughtUp()) continue;
                    readings.computeIfAbsent(system, id -> new TreeMap<>()).put(began, time.instant());
                    recovery.read(system, began, can.reading().visibilityLag(), null);
                    if (!can.feeds().contains(Feed.DELETES)) audit(began);
                    break;
                }
                later(Duration.ofMillis(500), SimulatedHub.this::resolve);
                sendAll();
            });
            later(pollEvery.multipliedBy(2), this::poll);
        }

        /** What nothing else tells: which records are not there any more. */
        private void audit(Instant polled) throws ConnectorException {
            auditing.polled(polled);
            if (auditing.workAt().equals(Instant.MAX) && auditing.pollAt().equals(Instant.MAX))
                auditing.begin(true, "run-" + system + "-" + time.instant());
            for (int piece = 0; piece < 100 && auditing.workAt().equals(Instant.MIN); piece++) auditing.step(connector);
        }

        void send() {
            if (!alone(this::sendAll)) later(Duration.ofSeconds(1), this::send);
        }

        private void sendAll() throws ConnectorException {
            for (int batch = 0; batch < 20 && !recovery.frozen(system) && dispatcher.sendDue(this) > 0; batch++) {
                later(Duration.ofMillis(500), SimulatedHub.this::resolve);
            }
        }

        /** Does work unless this worker is in the middle of something; returns whether it was not. */
        private boolean alone(Work work) {
            if (busy) return false;
            busy = true;
            try {
                work.run();
            } catch (ConnectorException e) {
                recovery.away(system, Duration.ZERO, e.getMessage()); // the next poll tries again
            }
            busy = false;
            return true;
        }

        @Override
        public String system() {
            return system;
        }

        @Override
        public Connector connector() {
            return connector;
        }

        @Override
        public Translator translator(StreamMapping mapping) {
            return new Translator(system, mapping);
        }

        @Override
        public List<StreamDef> described() {
            try {
                if (description == null)
                    description = connector.discover().streams().get(0);
                return List.of(description);
            } catch (ConnectorException e) {
                return List.of();
            }
        }

        @Override
        public void takeIn(StreamMapping mapping, List<NativeRecord> found) {
            inbound.takeIn(found, List.of());
            later(Duration.ofMillis(500), SimulatedHub.this::resolve);
        }

        @Override
        public void gone(StreamMapping mapping, List<String> ids) {
            inbound.takeIn(List.of(), ids);
            later(Duration.ofMillis(500), SimulatedHub.this::resolve);
        }

        @Override
        public void lookUp(StreamMapping mapping, List<String> ids) throws ConnectorException {
            inbound.lookUp(ids);
            later(Duration.ofMillis(500), SimulatedHub.this::resolve);
        }
    }

    private interface Work {
        void run() throws ConnectorException;
    }

    /** The store as the hub reaches it: the hub can be killed before and after each commit. */
    private final class MortalStore implements HubStore {
        private final int mine = life;

        @Override
        public <T> T write(Function<HubTransaction, T> work) {
            point(mine);
            var result = store.write(work);
            committed.run();
            point(mine);
            return result;
        }

        @Override
        public <T> T read(Function<HubTransaction, T> work) {
            return store.read(work);
        }

        @Override
        public void close() {}
    }

    /** The way to the systems as the hub goes it: the hub can be killed before each call, and before and after each answer. */
    private final class MortalLine implements Line {
        private final int mine = life;

        @Override
        public Fate request(String system, boolean writes) throws ConnectorException {
            point(mine);
            pass(system);
            calling.accept(system);
            if (writes) sending.accept(system);
            return line.request(system, writes);
        }

        @Override
        public boolean reply(String system) {
            point(mine);
            boolean arrived = line.reply(system);
            if (arrived) point(mine);
            return arrived;
        }

        /** Waits until the system wants to be called, which one that has no limit always does. */
        private void pass(String system) {
            var allowance = systems.get(system).nature().vices().allowance();
            if (allowance == null) return;
            var gate = gates.computeIfAbsent(system, id -> new GateInTime(time, declared(allowance)));
            for (var wait = gate.take(); !wait.isZero(); wait = gate.take()) {
                time.pass(wait);
                if (life != mine) throw new Crash(true);
            }
        }

        private List<Quota> declared(Allowance allowance) {
            if (!allowance.declared()) return List.of();
            return List.of(new Quota("calls", allowance.calls(), allowance.window(), null));
        }

        @Override
        public void limited(String system, Duration pause) {
            if (life != mine) return;
            gates.get(system).penalise(pause);
            limited.accept(system, pause);
        }

        @Override
        public void later(Runnable effect) {
            line.later(effect);
        }

        @Override
        public RecordError refusal(WriteOp op) {
            return line.refusal(op);
        }

        @Override
        public int repeats() {
            return line.repeats();
        }
    }
}
