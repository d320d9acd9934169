package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.Unreadable;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.Intake.Counts;
import io.kintsugi.server.engine.Intake.Parked;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Steps 1 to 3 of the flow for one stream: reads from where the checkpoint says, stores, moves the checkpoint. Each call reads one
 * batch. Not thread-safe; one thread per stream.
 */
final class Inbound {
    private final HubStore store;
    private final Intake intake;
    private final Clock clock;
    private final String system;
    private final StreamMapping mapping;
    private final Translator translator;
    private final Connector connector;

    Inbound(HubStore store, LiveModel model, Clock clock, String system, StreamMapping mapping, Connector connector) {
        this.store = store;
        this.intake = new Intake(model);
        this.clock = clock;
        this.system = system;
        this.mapping = mapping;
        this.translator = new Translator(system, mapping);
        this.connector = connector;
    }

    /** @param caughtUp whether there was nothing more to read when asked */
    record Step(Counts counts, boolean snapshot, boolean caughtUp) {}

    /**
     * Reads and stores one batch.
     *
     * @throws ConnectorException if the system could not be read; nothing was stored and the position has not moved
     */
    Step next(int maxRecords) throws ConnectorException {
        var query = new Query(mapping.stream(), translator.fields());
        var changes = connector.facet(ChangeSource.class).orElse(null);
        var snapshots = connector.facet(SnapshotSource.class).orElse(null);
        if (changes == null && snapshots == null) {
            throw new ConnectorException.Misconfigured(system + " can neither be read whole nor tell what changed");
        }
        var stored = store.read(tx -> tx.journal().checkpoint(system, mapping.stream()));
        try {
            if (stored.isEmpty()) return begin(changes, snapshots, query, maxRecords);
            var position = Position.parse(stored.get());
            if (!position.snapshotDone()) return goOn(snapshots, query, position, maxRecords);
            return changes == null
                    ? begin(null, snapshots, query, maxRecords)
                    : poll(changes, query, position, maxRecords);
        } catch (ConnectorException.CheckpointExpired e) {
            // the system no longer knows the place: read it whole again
            if (snapshots == null) throw e;
            return begin(changes, snapshots, query, maxRecords);
        }
    }

    private Step goOn(SnapshotSource snapshots, Query query, Position position, int maxRecords)
            throws ConnectorException {
        try {
            return snapshot(snapshots, query, position, maxRecords);
        } catch (ConnectorException.CheckpointExpired e) {
            // begun again, but with the position of changes from before the first try: deletes since then are not
            // missed
            return snapshot(snapshots, query, new Position(position.changes(), null, false), maxRecords);
        }
    }

    /** First page of a snapshot. The position of changes is taken before it, so nothing that happens meanwhile is lost. */
    private Step begin(ChangeSource changes, SnapshotSource snapshots, Query query, int maxRecords)
            throws ConnectorException {
        var start = changes == null ? null : changes.start(query, StartAt.NOW);
        var first = new Position(start, null, snapshots == null);
        return snapshots == null
                ? poll(changes, query, first, maxRecords)
                : snapshot(snapshots, query, first, maxRecords);
    }

    private Step snapshot(SnapshotSource source, Query query, Position at, int maxRecords) throws ConnectorException {
        var page = source.page(query, at.snapshot(), maxRecords);
        var after = new Position(at.changes(), page.last() ? null : page.next(), page.last());
        var reading = new Reading();
        page.records().forEach(reading::take);
        page.unreadable().forEach(reading::park);
        return new Step(store(reading, after), true, page.last() && at.changes() == null);
    }

    private Step poll(ChangeSource source, Query query, Position at, int maxRecords) throws ConnectorException {
        var batch = source.poll(query, at.changes(), maxRecords);
        var reading = new Reading();
        var reread = new LinkedHashSet<String>();
        for (var change : batch.changes()) {
            if (change instanceof Change.Upserted upserted) {
                reading.take(upserted.record());
            } else if (change instanceof Change.Deleted deleted) {
                reading.delete(deleted.id());
            } else if (change instanceof Change.Restored || change instanceof Change.Hint) {
                reread.add(change.id().id());
            } else if (change instanceof Change.Merged merged) {
                reread.add(merged.id().id());
                merged.losers().forEach(reading::delete);
            } else if (change instanceof Change.Converted converted) {
                reading.delete(converted.id());
            }
        }
        batch.unreadable().forEach(reading::park);
        if (!reread.isEmpty()) {
            connector.lookups().byId(query, reread).forEach((id, answer) -> {
                if (answer instanceof Lookup.Found found) reading.take(found.record());
                else if (answer instanceof Lookup.Gone) reading.delete(new RecordId(mapping.stream(), id));
            });
        }
        boolean moved = !batch.next().equals(at.changes());
        if (reading.isEmpty() && !moved) return new Step(Counts.NONE, false, batch.caughtUp());
        return new Step(store(reading, new Position(batch.next(), null, true)), false, batch.caughtUp());
    }

    private Counts store(Reading reading, Position after) {
        var batch = reading.batch(after.toJson());
        return store.write(tx -> intake.store(tx, batch, clock.instant()));
    }

    /** Stores what a look-up found, outside the feed; the position stays. */
    Counts takeIn(List<NativeRecord> found, List<String> gone) {
        var reading = new Reading();
        found.forEach(reading::take);
        gone.forEach(id -> reading.delete(new RecordId(mapping.stream(), id)));
        var batch = reading.batch(null);
        return store.write(tx -> intake.store(tx, batch, clock.instant()));
    }

    /** Collects one batch. */
    private final class Reading {
        private final List<Observation> observations = new ArrayList<>();
        private final Map<RecordKey, String> linkKeys = new HashMap<>();
        private final Set<RecordKey> deleted = new LinkedHashSet<>();
        private final List<Parked> parked = new ArrayList<>();

        void take(NativeRecord record) {
            try {
                var seen = translator.read(record);
                deleted.remove(seen.key()); // created again
                observations.add(seen);
                translator.linkKey(record).ifPresent(key -> linkKeys.put(seen.key(), key));
            } catch (Translator.Unmappable e) {
                parked.add(new Parked(
                        record.id().id(), e.getMessage(), record.fields().toString()));
            }
        }

        void delete(RecordId id) {
            var key = translator.key(id.id());
            observations.removeIf(seen -> seen.key().equals(key));
            deleted.add(key);
        }

        void park(Unreadable row) {
            parked.add(new Parked(row.place(), row.reason(), row.raw()));
        }

        boolean isEmpty() {
            return observations.isEmpty() && deleted.isEmpty() && parked.isEmpty();
        }

        Intake.Batch batch(String position) {
            return new Intake.Batch(
                    system,
                    mapping.stream(),
                    mapping.entityType(),
                    observations,
                    linkKeys,
                    List.copyOf(deleted),
                    parked,
                    position);
        }
    }
}
