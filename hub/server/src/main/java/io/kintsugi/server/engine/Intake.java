package io.kintsugi.server.engine;

import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.sync.Absorb;
import io.kintsugi.core.sync.Absorb.Disposition;
import io.kintsugi.core.sync.Absorb.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Step 3 of the flow: stores what was read in one transaction with the position it was read up to. Running it twice on the same
 * input stores nothing the second time.
 */
final class Intake {
    private static final int LONGEST_PLACE = 200;
    private final LiveModel model;

    Intake(LiveModel model) {
        this.model = model;
    }

    /**
     * One batch of one stream.
     *
     * @param booked system that rows which cannot be read are booked under: the one that was read, also where it holds records of others
     * @param observations in the system's order; a record may occur twice
     * @param linkKeys intents that observations say created them
     * @param deleted records the system says are gone
     * @param parked rows that could not be read or mapped
     * @param position to store with the batch; null to leave it
     */
    record Batch(
            String booked,
            String system,
            String stream,
            String entityType,
            List<Observation> observations,
            Map<RecordKey, String> linkKeys,
            List<RecordKey> deleted,
            List<Parked> parked,
            String position) {}

    /** @param place where the row stands; the same place on every read */
    record Parked(String place, String problem, String raw) {}

    /** read = stored + unchanged + echo + unmappable */
    record Counts(long read, long stored, long unchanged, long echo, long unmappable) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0);

        Counts plus(Counts other) {
            return new Counts(
                    read + other.read,
                    stored + other.stored,
                    unchanged + other.unchanged,
                    echo + other.echo,
                    unmappable + other.unmappable);
        }

        Map<String, Long> asMap() {
            return Map.of(
                    "read", read, "stored", stored, "unchanged", unchanged, "echo", echo, "unmappable", unmappable);
        }
    }

    /** @param created records that were not known before; they do not wait yet */
    record Stored(Counts counts, SortedSet<RecordKey> created) {}

    /** Stores a batch; what is new or changed waits for resolution. */
    Counts store(HubTransaction tx, Batch batch, Instant now) {
        var stored = take(tx, batch, now);
        tx.records().markPending(stored.created());
        return stored.counts();
    }

    /** Like {@link #store}, but the caller resolves what is new within the same transaction. */
    Stored take(HubTransaction tx, Batch batch, Instant now) {
        var keys = new TreeSet<RecordKey>();
        batch.observations().forEach(seen -> keys.add(seen.key()));
        keys.addAll(batch.deleted());
        var records = new LinkedHashMap<>(tx.records().lock(keys));
        var types = model.rules(batch.entityType()).attributeTypes();
        var updates = new HashMap<RecordKey, Intent>();
        var creates = new TreeMap<String, OutboundChange>();
        for (var change : tx.outbox().openFor(keys)) {
            if (change.intent().kind() == Intent.Kind.UPDATE) updates.put(change.target(), change.intent());
            else if (batch.linkKeys().containsValue(change.intent().id())) creates.put(change.key(), change);
        }
        var own = own(tx, creates);
        var adoption = Adoption.read(tx, own.values());
        var links = new ArrayList<Link>();
        var settled = new ArrayList<OutboundChange>();
        var save = new LinkedHashMap<RecordKey, SourceRecord>();
        var pending = new TreeSet<RecordKey>();
        var created = new TreeSet<RecordKey>();
        long stored = 0;
        long unchanged = 0;
        long echo = 0;
        for (var seen : batch.observations()) {
            var prior = records.get(seen.key());
            var create = prior == null ? own.remove(batch.linkKeys().get(seen.key())) : null;
            if (create != null) { // our own create came back before its reply did
                var record = adoption.record(create, seen, types, now);
                adoption.link(create, record, now).ifPresent(links::add);
                settled.add(Settlement.settled(create, record, now));
                save.put(record.key(), record);
                records.put(record.key(), record);
                pending.add(record.key());
                echo++;
                continue;
            }
            var result = Absorb.absorb(prior, seen, updates.get(seen.key()), types, now);
            switch (result.disposition()) {
                case STORED -> stored++;
                case UNCHANGED -> unchanged++;
                case ECHO -> echo++;
            }
            if (!result.record().equals(prior)) {
                save.put(seen.key(), result.record());
                records.put(seen.key(), result.record());
            }
            if (prior == null) created.add(seen.key());
            else if (result.disposition() == Disposition.STORED) pending.add(seen.key());
        }
        for (var key : batch.deleted()) {
            var prior = records.get(key);
            if (prior == null || prior.state() == RecordState.DELETED) {
                unchanged++;
                continue;
            }
            stored++;
            save.put(key, prior.withState(RecordState.DELETED));
            records.put(key, prior.withState(RecordState.DELETED));
            pending.add(key);
        }
        tx.records().save(save.values());
        tx.links().save(links);
        pending.removeAll(created);
        tx.records().markPending(pending);
        tx.outbox().save(settled);
        park(tx, batch, now);
        if (batch.position() != null) {
            tx.journal().saveCheckpoint(batch.system(), batch.stream(), batch.position(), now);
        }
        long unmappable = batch.parked().size();
        var counts = new Counts(stored + unchanged + echo + unmappable, stored, unchanged, echo, unmappable);
        return new Stored(counts, created);
    }

    /** Locks creates and gives those that are still open, by the id of their intent. */
    private static Map<String, OutboundChange> own(HubTransaction tx, SortedMap<String, OutboundChange> creates) {
        var own = new HashMap<String, OutboundChange>();
        if (creates.isEmpty()) return own;
        tx.outbox().lock(new TreeSet<>(creates.keySet())).forEach((key, change) -> {
            var id = creates.get(key).intent().id();
            if (change.open() && change.intent().id().equals(id)) own.put(id, change);
        });
        return own;
    }

    /** Rows that cannot be read wait where a person sees them; those that can be read again are closed. */
    private static void park(HubTransaction tx, Batch batch, Instant now) {
        var save = new ArrayList<Review>();
        if (tx.reviews().anyOpen(Kind.UNMAPPABLE)) {
            var readable = batch.observations().stream()
                    .map(seen -> idOf(batch, seen.key().externalId()))
                    .toList();
            for (var review : tx.reviews().find(readable).values()) {
                if (review.state() == ReviewState.OPEN) save.add(decided(review, now));
            }
        }
        var known = tx.reviews().find(ids(batch));
        for (var row : batch.parked()) {
            var before = known.get(idOf(batch, row.place()));
            if (before != null
                    && before.state() == ReviewState.OPEN
                    && before.reason().equals(reason(batch, row))) {
                continue;
            }
            save.add(new Review(
                    idOf(batch, row.place()),
                    Kind.UNMAPPABLE,
                    ReviewState.OPEN,
                    batch.entityType(),
                    List.of(),
                    List.of(),
                    0,
                    reason(batch, row),
                    row.raw(),
                    before == null ? 1 : before.revision() + 1,
                    now,
                    null,
                    null,
                    null,
                    null));
        }
        tx.reviews().save(save);
    }

    private static Collection<String> ids(Batch batch) {
        return batch.parked().stream().map(row -> idOf(batch, row.place())).toList();
    }

    private static String idOf(Batch batch, String place) {
        return "rv-" + ContentHash.of(Map.of("system", batch.booked(), "stream", batch.stream(), "place", place));
    }

    private static String reason(Batch batch, Parked row) {
        var place = row.place().length() > LONGEST_PLACE ? row.place().substring(0, LONGEST_PLACE) + "…" : row.place();
        return batch.booked() + " " + batch.stream() + " " + place + ": " + row.problem();
    }

    private static Review decided(Review review, Instant now) {
        return new Review(
                review.id(),
                review.kind(),
                ReviewState.OBSOLETE,
                review.entityType(),
                review.goldens(),
                review.records(),
                review.score(),
                review.reason(),
                null,
                review.revision() + 1,
                review.openedAt(),
                now,
                "rules",
                null,
                "the row can be read now");
    }
}
