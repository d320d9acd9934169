package io.kintsugi.server.engine.inbound;

import io.kintsugi.connector.spi.Capabilities.DeleteFeed;
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
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.Unreadable;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.connector.Translator;
import io.kintsugi.server.engine.inbound.Intake.Counts;
import io.kintsugi.server.engine.outbound.NativeUndelete;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Steps 1 to 3 of the flow for one stream: reads from where the checkpoint says, stores, moves the checkpoint. Each call reads one
 * batch. Not thread-safe; one thread per stream.
 */
public final class Inbound {
    private static final int PAGE = 1000;
    private static final String MISSING = "deleted records";
    private static final int MOST_HOPS = 10;
    private static final String HIDDEN =
            "the system says that it changed but does not show it; see there whether the hub may read it";
    private static final String NOT_SHOWN =
            "the system does not show it any more and does not say that it was deleted, so nothing is "
                    + "deleted because of it; see there whether it has left a view, or whether the hub may still read it";
    private final HubStore store;
    private final Intake intake;
    private final Clock clock;
    private final String system;
    private final StreamMapping mapping;
    private final Translator translator;
    private final Connector connector;
    private final Supplier<StreamDef> description;
    private Collection<String> retained = List.of();
    /** What the snapshot under way has shown; null if this process did not see it begin. */
    private SeenIds seen;
    /** Rows that the reading of everything under way could not read; null if this process did not see it begin. */
    private Set<String> unread;

    /** @param description gives the stream as the system describes it; null while it has not */
    public Inbound(
            HubStore store,
            LiveModel model,
            Clock clock,
            String system,
            StreamMapping mapping,
            Connector connector,
            Supplier<StreamDef> description) {
        this.store = store;
        this.intake = new Intake(model);
        this.clock = clock;
        this.system = system;
        this.mapping = mapping;
        this.translator = new Translator(system, mapping);
        this.connector = connector;
        this.description = description;
    }

    /** From now on the values of these fields are kept too, though nobody maps them. */
    public Inbound retaining(Collection<String> fields) {
        retained = List.copyOf(fields);
        return this;
    }

    private Query query() {
        var fields = new LinkedHashSet<>(translator.fields());
        if (!fields.isEmpty()) fields.addAll(retained); // no fields ask for all
        return new Query(mapping.stream(), List.copyOf(fields));
    }

    /** Whether what seems deleted may have been merged into another record: then the system says so when it is asked. */
    private boolean mergesQuietly() {
        var stream = description.get();
        return stream == null || stream.ids().aliasedAfterMerge();
    }

    /** Whether the stream says of itself that a row which is not there is deleted. A view does not, nor does what keeps a log. */
    private boolean absenceProves() {
        var stream = description.get();
        var deletes = stream == null ? null : stream.can().reading().deletes();
        return deletes != null && deletes.source() == DeleteFeed.Source.COMPARISON;
    }

    /** Whether what was told of a record may be over since, because the hub has undone it. */
    private boolean undoes() {
        return NativeUndelete.offered(description.get());
    }

    /** @param caughtUp whether there was nothing more to read when asked */
    public record Step(Counts counts, boolean snapshot, boolean caughtUp) {}

    /**
     * Reads and stores one batch.
     *
     * @throws ConnectorException if the system could not be read; nothing was stored and the position has not moved
     */
    public Step next(int maxRecords) throws ConnectorException {
        var query = query();
        var changes = connector.facet(ChangeSource.class).orElse(null);
        var snapshots = connector.facet(SnapshotSource.class).orElse(null);
        if (changes == null && snapshots == null) {
            throw new ConnectorException.Misconfigured(system + " can neither be read whole nor tell what changed");
        }
        var stored = store.read(tx -> tx.journal().checkpoint(system, mapping.stream()));
        try {
            if (stored.isEmpty()) return begin(changes, snapshots, query, knowsRecords(), maxRecords);
            var position = Position.parse(stored.get());
            if (!position.snapshotDone()) return goOn(snapshots, query, position, maxRecords);
            return changes == null
                    ? begin(null, snapshots, query, false, maxRecords)
                    : poll(changes, query, position, maxRecords);
        } catch (ConnectorException.CheckpointExpired e) {
            // the system no longer knows the place: read it whole again, also to learn what was deleted meanwhile
            if (snapshots == null) throw e;
            return begin(changes, snapshots, query, true, maxRecords);
        }
    }

    /** What the hub created before it first read the stream may be gone again: then its absence counts. */
    private boolean knowsRecords() {
        return store.read(tx -> tx.records().list(system, mapping.entityType(), null, PAGE).items().stream()
                .anyMatch(record -> record.stream().equals(mapping.stream())));
    }

    private Step goOn(SnapshotSource snapshots, Query query, Position position, int maxRecords)
            throws ConnectorException {
        // begun again, but with the position of changes from before the first try: deletes since then are not missed
        var again = new Position(position.changes(), null, false, position.recovering());
        try {
            boolean interrupted = position.recovering() && seen == null;
            return snapshot(snapshots, query, interrupted ? again : position, maxRecords);
        } catch (ConnectorException.CheckpointExpired e) {
            return snapshot(snapshots, query, again, maxRecords);
        }
    }

    /** First page of a snapshot. The position of changes is taken before it, so nothing that happens meanwhile is lost. */
    private Step begin(ChangeSource changes, SnapshotSource snapshots, Query query, boolean recovering, int maxRecords)
            throws ConnectorException {
        var start = changes == null ? null : changes.start(query, StartAt.NOW);
        var first = new Position(start, null, snapshots == null, recovering);
        return snapshots == null
                ? poll(changes, query, first, maxRecords)
                : snapshot(snapshots, query, first, maxRecords);
    }

    private Step snapshot(SnapshotSource source, Query query, Position at, int maxRecords) throws ConnectorException {
        if (at.snapshot() == null) {
            seen = at.recovering() ? new SeenIds(clock.instant()) : null;
            beginSweep(at.recovering());
        }
        var page = source.page(query, at.snapshot(), maxRecords);
        var after = new Position(
                at.changes(), page.last() ? null : page.next(), page.last(), at.recovering() && !page.last());
        var reading = reading();
        page.records().forEach(reading::take);
        page.unreadable().forEach(reading::park);
        settleDoubts(query, reading);
        reading.sweeps = true;
        reading.sweepEnds = page.last();
        if (seen != null) {
            page.records().forEach(record -> seen.add(record.id().id()));
            seen.addUnreadable(page.unreadable().size());
            if (page.last()) deleteMissing(query, reading);
        }
        return new Step(store(reading, after), true, page.last() && at.changes() == null);
    }

    /**
     * After changes were missed, each record that a complete snapshot lacks is asked for by its id. It is gone if the system says so,
     * or does not know it and tells deletes by what is not there; anything else may have left a view, or be hidden from the hub, and
     * waits for a person (DEL-2). So do all where so many are missing that the snapshot itself is to be doubted. Ids seen are kept in this
     * process and compared with the stored keys at the end, because a mark on every record would be a write for every row that did
     * not change; a snapshot that this process did not begin is begun again.
     */
    private void deleteMissing(Query query, Reading last) throws ConnectorException {
        var missing = new ArrayList<RecordKey>();
        long live = 0;
        String cursor = null;
        do {
            var from = cursor;
            var page = store.read(tx -> tx.records().list(system, mapping.entityType(), from, PAGE));
            for (var record : page.items()) {
                if (!record.stream().equals(mapping.stream()) || record.state().gone()) continue;
                live++;
                if (seen.lacks(record)) missing.add(record.key());
            }
            cursor = page.next();
        } while (cursor != null);
        var doubt = seen.doubt(missing.size(), live);
        seen = null;
        if (doubt != null) {
            last.park(new Unreadable(mapping.stream(), MISSING, doubt, ""));
            return;
        }
        for (int i = 0; i < missing.size(); i += PAGE) {
            var batch = reading();
            batch.evidence = Deletion.Evidence.ABSENT;
            var ids = new LinkedHashSet<String>();
            for (var key : missing.subList(i, Math.min(missing.size(), i + PAGE))) {
                if (absenceProves()) batch.deleted.add(key);
                ids.add(key.externalId());
            }
            reread(query, ids, batch, NOT_SHOWN);
            store.write(tx -> intake.store(tx, batch.batch(null), clock.instant()));
        }
    }

    /** Only a recovery looks for missing records, so only it can find that there is no doubt about them any more. */
    private void beginSweep(boolean recovering) {
        unread = new HashSet<>();
        if (!recovering) unread.add(MISSING);
    }

    private Step poll(ChangeSource source, Query query, Position at, int maxRecords) throws ConnectorException {
        var batch = source.poll(query, at.changes(), maxRecords);
        var reading = reading();
        if (batch.sweep() != null) {
            if (batch.sweep().first()) beginSweep(false);
            reading.sweeps = true;
            reading.sweepEnds = batch.sweep().last();
        }
        var reread = new LinkedHashSet<String>();
        for (var change : batch.changes()) {
            if (change instanceof Change.Upserted upserted) {
                if (reading.isMerged(change.id())) reread.add(change.id().id());
                else reading.take(upserted.record());
            } else if (change instanceof Change.Deleted deleted) {
                if (!reading.isMerged(change.id())) reading.delete(deleted.id(), deleted.at());
                if (mergesQuietly() || undoes()) reread.add(change.id().id());
            } else if (change instanceof Change.Restored || change instanceof Change.Hint) {
                reread.add(change.id().id());
            } else if (change instanceof Change.Merged merged) {
                reread.add(merged.id().id());
                for (var loser : merged.losers()) {
                    reading.merge(loser, merged.id(), merged.at());
                    reread.add(loser.id());
                }
            } else if (change instanceof Change.Converted converted) {
                reading.delete(converted.id(), converted.at());
            }
        }
        batch.unreadable().forEach(reading::park);
        reading.readable.addAll(batch.readable());
        settleDoubts(query, reading);
        reread(query, reread, reading);
        boolean moved = !batch.next().equals(at.changes());
        if (reading.isEmpty() && !moved) return new Step(Counts.NONE, false, batch.caughtUp());
        return new Step(store(reading, new Position(batch.next(), null, true)), false, batch.caughtUp());
    }

    /**
     * Looks up records of which the feed may have told an old state, so that it does not bring back what is over. Done before the
     * position moves: a hub that is killed meanwhile is told again.
     */
    private void settleDoubts(Query query, Reading reading) throws ConnectorException {
        var keys = reading.stamped(mergesQuietly());
        if (keys.isEmpty()) return;
        var known = store.read(tx -> tx.records().find(keys));
        var doubtful = reading.doubtful(known);
        if (doubtful.isEmpty()) return;
        reading.forget(doubtful);
        var ids = new LinkedHashSet<String>();
        for (var key : doubtful) ids.add(key.externalId());
        reread(query, ids, reading);
    }

    /**
     * Reads records of which the feed said only that something happened, and that of which it said more than is certain: a delete may
     * be half of a merge, and a merge may have gone on since. What the system does not show is as it was told, or waits for a person.
     */
    private void reread(Query query, Set<String> ids, Reading reading) throws ConnectorException {
        reread(query, ids, reading, HIDDEN);
    }

    private void reread(Query query, Set<String> ids, Reading reading, String unknown) throws ConnectorException {
        var left = ids;
        for (int hops = 0; !left.isEmpty(); hops++) {
            var survivors = new LinkedHashSet<String>();
            for (var answer : connector.lookups().byId(query, left).entrySet()) {
                var id = answer.getKey();
                if (answer.getValue() instanceof Lookup.Found found) {
                    reading.take(found.record());
                } else if (answer.getValue() instanceof Lookup.Gone) {
                    if (!reading.isMerged(recordId(id))) reading.delete(recordId(id), null);
                } else if (answer.getValue() instanceof Lookup.MergedInto merged && hops < MOST_HOPS) {
                    reading.merge(recordId(id), merged.survivor(), null);
                    if (merged.recordOrNull() != null) reading.take(merged.recordOrNull());
                    else if (!ids.contains(merged.survivor().id()))
                        survivors.add(merged.survivor().id());
                } else if (!reading.isGone(recordId(id))) {
                    reading.parked.add(ParkedRows.Row.unmapped(id, unknown, ""));
                }
            }
            left = survivors;
        }
    }

    private Reading reading() {
        var reading = new Reading(system, mapping, translator, () -> unread);
        reading.retained = retained;
        return reading;
    }

    private RecordId recordId(String id) {
        return new RecordId(mapping.stream(), id);
    }

    private Counts store(Reading reading, Position after) {
        var batch = reading.batch(after.toJson());
        return store.write(tx -> {
            var counts = intake.store(tx, batch, clock.instant());
            ParkedRows.read(tx, system, mapping.stream(), reading.readable, clock.instant());
            return counts;
        });
    }

    /** Stores what a look-up found, outside the feed; the position stays. */
    public Counts takeIn(List<NativeRecord> found, List<String> gone) {
        var reading = reading();
        reading.evidence = Deletion.Evidence.LOOKUP;
        found.forEach(reading::take);
        gone.forEach(id -> reading.delete(recordId(id), null));
        var batch = reading.batch(null);
        return store.write(tx -> intake.store(tx, batch, clock.instant()));
    }

    /** Reads records and stores what became of them, outside the feed; the position stays. */
    public Counts lookUp(Collection<String> ids) throws ConnectorException {
        var reading = reading();
        reading.evidence = Deletion.Evidence.LOOKUP;
        reread(query(), new LinkedHashSet<>(ids), reading);
        var batch = reading.batch(null);
        return store.write(tx -> intake.store(tx, batch, clock.instant()));
    }
}
