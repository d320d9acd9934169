package io.kintsugi.server.engine.load;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.Unreadable;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.inbound.Intake;
import io.kintsugi.server.engine.inbound.Intake.Counts;
import io.kintsugi.server.engine.inbound.Position;
import io.kintsugi.server.engine.resolution.Resolver.Occasion;
import io.kintsugi.server.engine.resolution.Resolver.Outcome;
import io.kintsugi.server.engine.resolution.Resolving;
import io.kintsugi.server.engine.shared.Ids;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives one stream from where it stands to its end. What is new is stored and resolved page by page, each in one transaction, while
 * the next page is read. Stopped anywhere, it goes on where it was and ends with the same counts.
 */
public final class Loader {
    private static final Logger LOG = LoggerFactory.getLogger(Loader.class);
    private static final int PAGE = 2000;
    private static final int MOST_BEGINNINGS = 3;

    private final Hub hub;
    private final Clock clock;
    private final Ids ids;

    public Loader(Hub hub, Clock clock, Ids ids) {
        this.hub = hub;
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * What to load.
     *
     * @param system that the load is booked under
     * @param place where the rows come from, the same text every time
     * @param systemOf system of each row, null if it has none; called outside transactions, so it may make systems known
     */
    public record Job(
            String system, String place, Query query, StreamMapping mapping, Function<NativeRecord, String> systemOf) {
        /** A position in rows that were mapped otherwise is no position. */
        private String fingerprint() {
            return ContentHash.of(Map.of("mapping", mapping.toString(), "query", query.toString()));
        }

        String checkpoint() {
            return "load " + place;
        }
    }

    /**
     * @param counts of the whole load, its parts before a stop too: read = stored + unchanged + echo + unmappable
     * @param resolved records resolved by this call so far
     * @param parked rows of the last page that could not be taken
     */
    public record Progress(Map<String, Long> counts, long resolved, List<Unreadable> parked) {}

    record Place(Position position, Run run) {
        Place at(Position next, Counts more) {
            var counts = new TreeMap<>(run.counts());
            more.asMap().forEach((name, count) -> counts.merge(name, count, Long::sum));
            return new Place(next, changed(counts, RunState.RUNNING, null, null));
        }

        /** The run as it ended. */
        Run ended(Instant now, String problem) {
            return changed(run.counts(), problem == null ? RunState.DONE : RunState.FAILED, now, problem);
        }

        private Run changed(Map<String, Long> counts, RunState state, Instant end, String problem) {
            return new Run(
                    run.id(), run.kind(), run.system(), run.stream(), state, counts, -1, run.startedAt(), end, problem);
        }
    }

    /**
     * Loads from the beginning, or from where the same load was stopped.
     *
     * @param watcher told after every page, on the calling thread
     * @return the finished run
     * @throws ConnectorException if the rows cannot be read; what was read until then is kept, and the next call goes on there
     */
    public Run load(Job job, SnapshotSource rows, Consumer<Progress> watcher) throws ConnectorException {
        var place = resume(job);
        long resolved = 0;
        for (int beginnings = 1; !place.position().snapshotDone(); ) {
            try (var pages = new ReadAhead(job, rows, place.position().snapshot(), PAGE, this::prepare)) {
                while (!place.position().snapshotDone()) {
                    var page = pages.next();
                    var stored = store(job, page, place);
                    place = stored.place();
                    resolved += stored.outcome().records();
                    watcher.accept(new Progress(place.run().counts(), resolved, page.parked()));
                }
            } catch (ConnectorException.CheckpointExpired e) { // what stayed the same will be counted as unchanged
                if (beginnings++ == MOST_BEGINNINGS) throw e;
                save(place.ended(clock.instant(), "the rows changed while they were read; begun again"));
                place = beginning(job);
            }
        }
        var resolving = new Resolving(hub.store(), hub.resolver(), clock);
        while (resolving.step()) {
            watcher.accept(new Progress(place.run().counts(), resolved + resolving.resolved(), List.of()));
        }
        var done = place.ended(clock.instant(), null);
        save(done);
        watcher.accept(new Progress(done.counts(), resolved + resolving.resolved(), List.of()));
        return done;
    }

    private void prepare(LoadedPage page) {
        for (var record : page.observations()) hub.resolver().prepare(record.key(), record.attributes());
    }

    /** Stores one row and resolves it at once, as a poll that finds one change does. Durable on return. */
    public void take(Job job, NativeRecord row) {
        var page = new LoadedPage(job, new SnapshotSource.Page(List.of(row), List.of(), null, true));
        var waiting = new TreeSet<RecordKey>();
        var outcome = hub.store().write(tx -> {
            var created = new TreeSet<RecordKey>();
            for (var batch : page.batches()) {
                created.addAll(
                        new Intake(hub.model()).take(tx, batch, clock.instant()).created());
            }
            waiting.clear(); // of a try that failed
            page.observations().forEach(seen -> waiting.add(seen.key()));
            waiting.removeAll(created);
            return hub.resolver().resolve(tx, created, Occasion.RULES);
        });
        hub.resolver().announce(outcome);
        if (!waiting.isEmpty()) hub.resolver().resolve(waiting);
    }

    private Place resume(Job job) {
        return hub.store().read(tx -> {
            var stored = tx.journal().checkpoint(job.system(), job.checkpoint());
            if (stored.isEmpty()) return beginning(job);
            var parts = stored.get().split("\n", 3);
            var run = tx.journal().run(parts[0]).filter(r -> r.state() == RunState.RUNNING);
            return run.isPresent() && parts[1].equals(job.fingerprint())
                    ? new Place(Position.parse(parts[2]), run.get())
                    : beginning(job);
        });
    }

    Place beginning(Job job) {
        return new Place(
                new Position(null, null, false),
                new Run(
                        ids.next("run"),
                        "load",
                        job.system(),
                        job.mapping().stream(),
                        RunState.RUNNING,
                        Map.of(),
                        -1,
                        clock.instant(),
                        null,
                        null));
    }

    void save(Run run) {
        hub.store().write(tx -> {
            tx.journal().saveRun(run);
            return null;
        });
        hub.events().publish("run.progress", run);
    }

    static String text(Run run, Job job, Position position) {
        return run.id() + "\n" + job.fingerprint() + "\n" + position.toJson();
    }

    private record Stored(Place place, Outcome outcome) {}

    /**
     * One page: rows, counts, position, and what the new ones resolve to. Those that changed wait, as do all where one of them
     * cannot be resolved.
     */
    private Stored store(Job job, LoadedPage page, Place place) {
        Stored stored;
        try {
            stored = hub.store().write(tx -> store(tx, job, page, place, true));
        } catch (RuntimeException e) {
            if (e instanceof HubException known && known.code() == HubErrorCode.UNAVAILABLE) throw e;
            LOG.warn("a page of {} cannot be resolved as it is stored; its records wait", job.place(), e);
            stored = hub.store().write(tx -> store(tx, job, page, place, false));
        }
        hub.events().publish("run.progress", stored.place().run());
        hub.resolver().announce(stored.outcome());
        return stored;
    }

    private Stored store(HubTransaction tx, Job job, LoadedPage page, Place place, boolean resolving) {
        var position = page.position();
        var before = tx.journal().checkpoint(job.system(), job.checkpoint());
        if (before.filter(at -> at.equals(text(place.run(), job, position))).isPresent()) { // its answer was lost
            var run = tx.journal().run(place.run().id()).orElseThrow();
            return new Stored(new Place(position, run), Outcome.NOTHING);
        }
        var now = clock.instant();
        var counts = Counts.NONE;
        var created = new TreeSet<RecordKey>();
        for (var batch : page.batches()) {
            var taken = new Intake(hub.model()).take(tx, batch, now);
            counts = counts.plus(taken.counts());
            created.addAll(taken.created());
        }
        var outcome = Outcome.NOTHING;
        if (resolving) outcome = hub.resolver().resolve(tx, created, Occasion.RULES);
        else tx.records().markPending(created);
        var next = place.at(position, counts);
        tx.journal().saveCheckpoint(job.system(), job.checkpoint(), text(next.run(), job, position), now);
        tx.journal().saveRun(next.run());
        return new Stored(next, outcome);
    }
}
