package io.kintsugi.server.engine.inbound;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Records.Retained;
import io.kintsugi.core.sync.Absorb;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Step 3 of the flow: stores what was read in one transaction with the position it was read up to. Running it twice on the same
 * input stores nothing the second time.
 */
public final class Intake {
    private final LiveModel model;

    public Intake(LiveModel model) {
        this.model = model;
    }

    /**
     * One batch of one stream.
     *
     * @param booked system that rows which cannot be read are booked under: the one that was read, also where it holds records of others
     * @param observations in the system's order; a record may occur twice
     * @param linkKeys intents that observations say created them
     * @param deleted records the system says are gone
     * @param evidence how that is known
     * @param merged records that the system has merged into others
     * @param parked rows that could not be read or mapped
     * @param sweep the reading of all rows that this batch is part of; null if it tells only what changed
     * @param position to store with the batch; null to leave it
     * @param unmapped what records hold in fields that nobody maps and that are kept
     */
    public record Batch(
            String booked,
            String system,
            String stream,
            String entityType,
            List<Observation> observations,
            Map<RecordKey, String> linkKeys,
            List<RecordKey> deleted,
            Deletion.Evidence evidence,
            Map<RecordKey, Merged> merged,
            List<ParkedRows.Row> parked,
            ParkedRows.Sweep sweep,
            String position,
            Map<RecordKey, Map<String, Retained>> unmapped) {
        /** A batch that is no part of a sweep. */
        public Batch(
                String booked,
                String system,
                String stream,
                String entityType,
                List<Observation> observations,
                Map<RecordKey, String> linkKeys,
                List<RecordKey> deleted,
                List<ParkedRows.Row> parked,
                String position) {
            this(
                    booked,
                    system,
                    stream,
                    entityType,
                    observations,
                    linkKeys,
                    deleted,
                    Deletion.Evidence.FEED,
                    Map.of(),
                    parked,
                    null,
                    position,
                    Map.of());
        }
    }

    /**
     * Where a record went.
     *
     * @param first which record it was that the system told it went into, and which may have gone on since
     * @param survivor as it is now: in a chain of merges the last one
     * @param at null if the system does not say
     */
    record Merged(RecordKey first, RecordKey survivor, Instant at) {}

    /** read = stored + unchanged + echo + unmappable */
    public record Counts(long read, long stored, long unchanged, long echo, long unmappable) {
        public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        /** The sums of both. */
        public Counts plus(Counts other) {
            return new Counts(
                    read + other.read,
                    stored + other.stored,
                    unchanged + other.unchanged,
                    echo + other.echo,
                    unmappable + other.unmappable);
        }

        /** By name, as a run shows them. */
        public Map<String, Long> asMap() {
            return Map.of(
                    "read", read, "stored", stored, "unchanged", unchanged, "echo", echo, "unmappable", unmappable);
        }
    }

    /** @param created records that were not known before; they do not wait yet */
    public record Stored(Counts counts, SortedSet<RecordKey> created) {}

    /** Stores a batch; what is new or changed waits for resolution. */
    public Counts store(HubTransaction tx, Batch batch, Instant now) {
        var stored = take(tx, batch, now);
        tx.records().markPending(stored.created());
        return stored.counts();
    }

    /** Like {@link #store}, but the caller resolves what is new within the same transaction. */
    public Stored take(HubTransaction tx, Batch read, Instant now) {
        var batch = Suppressed.without(tx, model, read, now);
        var unreadYet = MadeUnread.of(tx, batch);
        if (!unreadYet.observations().isEmpty()) {
            take(tx, unreadYet, now);
            var made = new TreeSet<RecordKey>();
            unreadYet.observations().forEach(sent -> made.add(sent.key()));
            tx.records()
                    .save(tx.records().lock(made).values().stream()
                            .map(Absorb::unread)
                            .toList());
        }
        return new Taking(tx, model, batch, now).take();
    }
}
