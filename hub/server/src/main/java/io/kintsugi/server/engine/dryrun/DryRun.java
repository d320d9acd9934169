package io.kintsugi.server.engine.dryrun;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Records.Count;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.dryrun.DryReport.Guard;
import io.kintsugi.server.engine.dryrun.DryReport.Warning;
import io.kintsugi.server.engine.inbound.Inbound;
import io.kintsugi.server.engine.inbound.Intake;
import io.kintsugi.server.engine.inbound.Refill;
import io.kintsugi.server.engine.outbound.Dispatch;
import io.kintsugi.server.engine.outbound.Dispatcher;
import io.kintsugi.server.engine.outbound.FirstSyncs;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.resolution.Resolving;
import io.kintsugi.server.engine.schema.Schemas;
import io.kintsugi.server.engine.schema.StreamSchema.Todo;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds out what a change would lead to, to the last write, by making it in a copy of the hub and letting the engine itself work there
 * until it comes to rest (SYN-11). Systems are read, if the change asks for it, and never written: what would be sent is noted instead.
 * What is under way in the hub anyway is brought to its end first, so that the result is what the change adds to it.
 *
 * <p>Every write is taken to succeed, and every system to store exactly what it is sent. The time stands still, but for the few minutes
 * in which writes are tried again: what waits for a day is told as waiting. Takes memory for the whole copy and refuses a hub that is too
 * big for that. Thread-safe; each run is for one thread.
 */
public final class DryRun {
    /** How many changes are listed at most; more are counted. */
    public static final int MOST = 100_000;

    private static final Duration LOOKS_AHEAD = Duration.ofMinutes(10);
    private static final int ROUNDS = 100_000;
    private static final int PAGE = 1000;
    /** Measured: what a record takes in a copy, with its golden, its links and what is noted of it. */
    private static final long BYTES_PER_RECORD = 8_000;

    private final HubStore hub;
    private final LiveModel live;
    private final Clock clock;
    private final Reach reach;
    private final long mostRecords;

    /** How systems are reached. */
    public interface Reach {
        /** Opens a connector that nobody else uses, and that keeps what it must remember apart from the hub's own. */
        Connector open(SystemConfig system) throws ConnectorException;

        /** What a system was last seen to offer; null if it is not known. */
        Catalog catalog(String system);
    }

    /**
     * What is tried.
     *
     * @param read systems that are read whole, as if for the first time
     * @param publish publishes new documents in the store it is given, as in that of a hub
     * @param decide decides something else, as people would in the hub
     * @param rematch lets wait for resolution what was decided by other documents
     */
    public record Change(
            Set<String> read, Function<HubStore, HubModel> publish, Consumer<Copy> decide, Consumer<HubStore> rematch) {
        /** A change that publishes documents, and nothing else. */
        public Change(Set<String> read, Function<HubStore, HubModel> publish, Consumer<HubStore> rematch) {
            this(read, publish, copy -> {}, rematch);
        }

        /** The first reading of systems that are configured. */
        public static Change reading(Set<String> systems, HubModel model) {
            return new Change(systems, store -> model, store -> {});
        }
    }

    /** The copy that a dry run works in, with what is live there. */
    public record Copy(HubStore store, LiveModel model, Schemas schemas, Clock clock) {}

    /** What a dry run is doing. */
    public enum Stage {
        /** Copying what the hub knows. */
        COPYING,
        /** Reading systems. */
        READING,
        /** Finding out what is the same, and which values survive. */
        RESOLVING,
        /** Finding out what would be sent. */
        SENDING,
        /** Comparing the copy with what it was. */
        COMPARING
    }

    /** Told how far a dry run is. Both may throw {@link java.util.concurrent.CancellationException}, which ends it. */
    public interface Watch {
        /** @param total how much there is; 0 if that is not known */
        void at(Stage stage, long done, long total);

        /** Called often. */
        void still();
    }

    public DryRun(HubStore hub, LiveModel live, Clock clock, Reach reach) {
        this(hub, live, clock, reach, roomFor());
    }

    /** @param mostRecords of a hub that is copied; a larger one is refused */
    public DryRun(HubStore hub, LiveModel live, Clock clock, Reach reach, long mostRecords) {
        this.hub = hub;
        this.live = live;
        this.clock = clock;
        this.reach = reach;
        this.mostRecords = mostRecords;
    }

    private static long roomFor() {
        var runtime = Runtime.getRuntime();
        long used = runtime.totalMemory() - runtime.freeMemory();
        return Math.max(0, (runtime.maxMemory() - used) * 3 / 4 / BYTES_PER_RECORD);
    }

    /**
     * Makes a dry run. Changes nothing in the hub, and writes nothing in any system.
     *
     * @throws HubException with {@code NOT_POSSIBLE} if the hub is too big for it, {@code BAD_CONFIGURATION} if the documents are wrong
     */
    public DryReport run(Change change, Watch watch) {
        long records = hub.read(tx -> tx.records().counts()).stream()
                .mapToLong(Count::records)
                .sum();
        requireRoom(records);
        long before = hub.read(tx -> tx.goldens().feedEnd());
        var now = clock.instant();
        var published = new LiveModel(live.published());
        var copy = new HubCopy(hub, published, now, change.read(), watch).make();
        boolean wentOn = before != hub.read(tx -> tx.goldens().feedEnd());
        try (var run = new Run(copy, published, now, records, watch)) {
            if (wentOn) {
                run.warn(
                        Guard.HUB_WENT_ON,
                        null,
                        "the hub changed goldens while it was copied; what it did then may be told here as well");
            }
            return run.report(change);
        }
    }

    private void requireRoom(long records) {
        if (records <= mostRecords) return;
        throw new HubException(
                HubErrorCode.NOT_POSSIBLE,
                "a dry run of " + records + " records does not fit into memory: there is room for " + mostRecords
                        + "; start the hub with more, for example java -Xmx"
                        + (records * BYTES_PER_RECORD * 2 / 1_000_000_000 + 2) + "g");
    }

    /** One dry run in its copy. */
    private final class Run implements AutoCloseable {
        private final MemoryHubStore copy;
        private final LiveModel model;
        private final Instant now;
        private final FrozenClock time;
        private final Watch watch;
        private final Resolving resolving;
        private final Dispatcher dispatcher;
        private final Schemas schemas;
        private final Map<String, Set<String>> again = new HashMap<>();
        private final Map<String, Catalog> catalogs = new HashMap<>();
        private final Map<String, Map<String, String>> made = new HashMap<>();
        private final List<Warning> warnings = new ArrayList<>();
        private final Set<String> unreachable = new HashSet<>();
        private final List<DryProfile> read = new ArrayList<>();
        private DryBook book = new DryBook();
        private long records;

        Run(MemoryHubStore copy, LiveModel model, Instant now, long records, Watch watch) {
            this.copy = copy;
            this.model = model;
            this.now = now;
            this.records = records;
            this.watch = watch;
            time = new FrozenClock(now);
            var ids = Ids.secure(time);
            var events = new HubEvents();
            resolving = new Resolving(copy, new Resolver(copy, model, time, ids, events), time);
            dispatcher = new Dispatcher(copy, model, time, ids, events);
            schemas = new Schemas(copy, model, time, events);
        }

        void warn(Guard guard, String system, String text) {
            warnings.add(new Warning(guard, system, text));
        }

        DryReport report(Change change) {
            var unread = model.get().systems().stream()
                    .filter(system -> change.read().contains(system.id()) && (!knows(system) || isHeld(system)))
                    .map(SystemConfig::id)
                    .collect(Collectors.toCollection(HashSet::new));
            adapt();
            again.clear(); // what is read anyway is no part of the change
            settle(unread);
            long underWay = underWay();
            book = new DryBook();
            var before = DryComparison.Before.of(copy);
            model.publish(change.publish().apply(copy));
            change.decide().accept(new Copy(copy, model, schemas, time));
            adapt();
            change.rematch().accept(copy);
            read(change);
            resolve();
            var streams = read.stream().map(profile -> profile.of(copy)).toList();
            settle(unreachable);
            watch.at(Stage.COMPARING, 0, 0);
            var comparison = before.compare(copy, book);
            warnings.addAll(comparison.brakes());
            warnings.addAll(new DryGuards(copy, book, comparison.merges(), before.goldens(), streams).all());
            return new DryReport(
                    now,
                    book.changes(),
                    book.more(),
                    book.systems(),
                    book.hub(),
                    comparison.goldens(),
                    underWay,
                    streams,
                    warnings);
        }

        /** Brings what is stored under mappings that were decided on; notes what is to be read for that. */
        private void adapt() {
            for (var system : model.get().systems()) {
                for (var stream : system.streams()) {
                    var todo = schemas.todo(system.id(), stream.stream());
                    if (todo.equals(Todo.NOTHING)) continue;
                    new Refill(copy, model, time, system.id()).run(stream, todo);
                    schemas.done(system.id(), stream.stream(), todo);
                    if (todo.reread())
                        again.computeIfAbsent(system.id(), id -> new HashSet<>())
                                .add(stream.stream());
                }
            }
        }

        /** Reads what the change asks for, and what the hub has never read. */
        private void read(Change change) {
            for (var system : model.get().systems()) {
                if (!system.connected()) continue;
                boolean fresh = system.streams().stream()
                        .anyMatch(stream -> copy.read(tx -> tx.journal().checkpoint(system.id(), stream.stream()))
                                .isEmpty());
                boolean changed =
                        !live.get().system(system.id()).equals(model.get().system(system.id()));
                if (change.read().contains(system.id()) || again.containsKey(system.id()) || fresh && changed)
                    read(system);
            }
        }

        private void read(SystemConfig system) {
            try (var connector = new OnlyRead(reach.open(system))) {
                var report = connector.check();
                if (!report.ok()) throw new ConnectorException.Misconfigured(String.join("; ", report.problems()));
                var catalog = connector.discover();
                catalogs.put(system.id(), catalog);
                for (var stream : system.streams()) {
                    boolean unread = copy.read(tx -> tx.journal().checkpoint(system.id(), stream.stream()))
                            .isEmpty();
                    boolean asked = again.getOrDefault(system.id(), Set.of()).contains(stream.stream());
                    if (unread || asked) read(system, stream, connector, catalog);
                }
            } catch (ConnectorException | HubException e) {
                unreachable.add(system.id());
                warn(Guard.NOT_READ, system.id(), system.id() + " was not read to its end: " + e.getMessage());
            }
        }

        private void read(SystemConfig system, StreamMapping stream, Connector connector, Catalog catalog)
                throws ConnectorException {
            var description = catalog.streams().stream()
                    .filter(def -> def.name().equals(stream.stream()))
                    .findFirst()
                    .orElse(null);
            var inbound = new Inbound(copy, model, time, system.id(), stream, connector, () -> description);
            var counts = Intake.Counts.NONE;
            Inbound.Step step;
            do {
                step = inbound.next(PAGE);
                counts = counts.plus(step.counts());
                requireRoom(records + counts.stored());
                watch.at(Stage.READING, counts.read(), 0);
            } while (!step.caughtUp());
            records += counts.stored();
            read.add(new DryProfile(system.id(), stream, counts));
        }

        private boolean resolve() {
            boolean any = false;
            long done = resolving.resolved();
            while (resolving.step()) {
                any = true;
                watch.at(Stage.RESOLVING, resolving.resolved() - done, 0);
            }
            return any;
        }

        /** What was sent so far, but to systems that wait for approval. */
        private long underWay() {
            return book.systems().entrySet().stream()
                    .filter(system -> !isHeld(system.getKey()))
                    .flatMap(system -> system.getValue().values().stream())
                    .mapToLong(Long::longValue)
                    .sum();
        }

        /** Whether what is to be written to a system waits until its first sync is approved. */
        private boolean isHeld(String system) {
            return model.get().system(system).filter(this::isHeld).isPresent();
        }

        private boolean isHeld(SystemConfig system) {
            return hub.read(tx -> FirstSyncs.holds(tx, system));
        }

        /** Whether the hub has ever read a system. */
        private boolean knows(SystemConfig system) {
            return hub.read(tx -> system.streams().stream().anyMatch(stream -> tx.journal()
                    .checkpoint(system.id(), stream.stream())
                    .isPresent()));
        }

        /**
         * Lets the engine work until nothing moves any more.
         *
         * @param unread systems that are not written, because they have to be read first
         */
        private void settle(Set<String> unread) {
            var outlets = outlets(unread);
            var end = time.instant().plus(LOOKS_AHEAD);
            for (int round = 0; ; round++) {
                if (round == ROUNDS) {
                    warn(Guard.NO_REST, null, "the hub would not come to rest; what is told here is how it begins");
                    return;
                }
                boolean moved = resolve();
                for (var outlet : outlets) moved |= send(outlet);
                if (moved) continue;
                var next = outlets.stream()
                        .map(outlet -> copy.read(tx -> tx.outbox().nextDue(outlet.system()))
                                .orElse(null))
                        .filter(Objects::nonNull)
                        .min(Instant::compareTo);
                if (next.isEmpty() || next.get().isAfter(end)) return;
                if (next.get().isAfter(time.instant())) time.forward(next.get());
                else time.forward(time.instant().plusSeconds(1));
                if (time.instant().isAfter(end)) return;
            }
        }

        private boolean send(PretendedSystem outlet) {
            boolean any = false;
            try {
                while (dispatcher.sendDue(outlet) > 0) {
                    any = true;
                    requireRoom(
                            records + made.values().stream().mapToInt(Map::size).sum());
                    watch.at(Stage.SENDING, book.writes(), 0);
                }
            } catch (ConnectorException e) {
                throw new IllegalStateException("a pretended system always answers", e);
            }
            return any;
        }

        private List<PretendedSystem> outlets(Set<String> unread) {
            var outlets = new ArrayList<PretendedSystem>();
            for (var system : model.get().systems()) {
                boolean written = system.streams().stream().anyMatch(StreamMapping::write) && system.connected();
                if (!written || unread.contains(system.id())) continue;
                outlets.add(new PretendedSystem(
                        copy,
                        model,
                        system,
                        catalog(system),
                        time,
                        made.computeIfAbsent(system.id(), id -> new HashMap<>()),
                        (key, stream, sendable) -> book.written(key, system.id(), stream, sendable, label(sendable))));
            }
            return outlets;
        }

        private Catalog catalog(SystemConfig system) {
            if (catalogs.containsKey(system.id())) return catalogs.get(system.id());
            var catalog = reach.catalog(system.id());
            if (catalog == null) {
                try (var connector = new OnlyRead(reach.open(system))) {
                    catalog = connector.discover();
                } catch (ConnectorException | HubException e) {
                    warn(
                            Guard.NOT_DESCRIBED,
                            system.id(),
                            system.id() + " did not say what it can do, so it is taken to do everything: "
                                    + e.getMessage());
                }
            }
            catalogs.put(system.id(), catalog);
            return catalog;
        }

        private String label(Dispatch.Sendable sendable) {
            var id = sendable.change().goldenId();
            var golden = copy.read(tx -> tx.goldens().find(List.of(id))).get(id);
            return golden == null ? id : golden.label();
        }

        @Override
        public void close() {
            copy.close();
        }
    }
}
