package io.kintsugi.server.engine.dryrun;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.core.model.Deletion.Means;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.connector.MarkingConnector;
import io.kintsugi.server.engine.dryrun.DryReport.Guard;
import io.kintsugi.server.engine.dryrun.DryReport.Warning;
import io.kintsugi.server.engine.dryrun.DryRun.Change;
import io.kintsugi.server.engine.dryrun.DryRun.Copy;
import io.kintsugi.server.engine.dryrun.DryRun.Stage;
import io.kintsugi.server.engine.dryrun.DryRun.Watch;
import io.kintsugi.server.engine.inbound.Inbound;
import io.kintsugi.server.engine.inbound.Intake;
import io.kintsugi.server.engine.inbound.Refill;
import io.kintsugi.server.engine.outbound.Dispatch;
import io.kintsugi.server.engine.outbound.Dispatcher;
import io.kintsugi.server.engine.outbound.FirstSyncs;
import io.kintsugi.server.engine.outbound.Ladder;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.resolution.Resolving;
import io.kintsugi.server.engine.schema.Schemas;
import io.kintsugi.server.engine.schema.StreamSchema.Todo;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** One dry run in its copy of the hub: the change is made there, systems are read, and the engine works until nothing moves. */
final class Rehearsal implements AutoCloseable {
    private static final Duration LOOKS_AHEAD = Duration.ofMinutes(10);
    private static final int ROUNDS = 100_000;
    private static final int PAGE = 1000;

    private final DryRun of;
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

    Rehearsal(DryRun of, MemoryHubStore copy, LiveModel model, Instant now, long records, Watch watch) {
        this.of = of;
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
                    again.computeIfAbsent(system.id(), id -> new HashSet<>()).add(stream.stream());
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
                    !of.live.get().system(system.id()).equals(model.get().system(system.id()));
            if (change.read().contains(system.id()) || again.containsKey(system.id()) || fresh && changed) read(system);
        }
    }

    private void read(SystemConfig system) {
        try (var connector = new OnlyRead(of.reach.open(system))) {
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
            of.requireRoom(records + counts.stored());
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
        return of.hub.read(tx -> FirstSyncs.holds(tx, system));
    }

    /** Whether the hub has ever read a system. */
    private boolean knows(SystemConfig system) {
        return of.hub.read(tx -> system.streams().stream()
                .anyMatch(stream ->
                        tx.journal().checkpoint(system.id(), stream.stream()).isPresent()));
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
                of.requireRoom(
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
            var catalog = catalog(system);
            outlets.add(new PretendedSystem(
                    copy,
                    model,
                    system,
                    catalog,
                    time,
                    made.computeIfAbsent(system.id(), id -> new HashMap<>()),
                    (key, stream, sendable) ->
                            book.written(key, system.id(), stream, sendable, label(sendable), means(stream, catalog))));
        }
        return outlets;
    }

    private static Means means(StreamMapping stream, Catalog catalog) {
        return catalog == null
                ? null
                : catalog.streams().stream()
                        .filter(def -> def.name().equals(stream.stream()))
                        .map(def -> Ladder.means(stream, def))
                        .findFirst()
                        .orElse(null);
    }

    private Catalog catalog(SystemConfig system) {
        if (catalogs.containsKey(system.id())) return catalogs.get(system.id());
        var catalog = of.reach.catalog(system.id());
        if (catalog == null) {
            try (var connector = new OnlyRead(of.reach.open(system))) {
                catalog = connector.discover();
            } catch (ConnectorException | HubException e) {
                warn(
                        Guard.NOT_DESCRIBED,
                        system.id(),
                        system.id() + " did not say what it can do, so it is taken to do everything: "
                                + e.getMessage());
            }
        }
        if (catalog != null) { // by the mapping that is tried
            catalog = MarkingConnector.described(catalog, stream -> mapping(system, stream));
        }
        catalogs.put(system.id(), catalog);
        return catalog;
    }

    /** Null for a stream that is not mapped. */
    private static StreamMapping mapping(SystemConfig system, String stream) {
        return system.streams().stream()
                .filter(mapping -> mapping.stream().equals(stream))
                .findFirst()
                .orElse(null);
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
