package io.kintsugi.server.engine.inbound;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Records.Retained;
import io.kintsugi.core.sync.Absorb;
import io.kintsugi.core.sync.Absorb.Disposition;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.core.sync.Outbound;
import io.kintsugi.server.engine.deletion.DeletionBook;
import io.kintsugi.server.engine.outbound.Settlement;
import io.kintsugi.server.engine.resolution.Adoption;
import io.kintsugi.server.engine.resolution.Folds;
import io.kintsugi.server.engine.resolution.ForeignChanges;
import io.kintsugi.server.engine.shared.Children;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.ReferenceBook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

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
        var keys = new TreeSet<RecordKey>();
        batch.observations().forEach(seen -> keys.add(seen.key()));
        keys.addAll(batch.deleted());
        batch.merged().forEach((loser, into) -> {
            keys.add(loser);
            keys.add(into.first());
            keys.add(into.survivor());
        });
        var deleted = new LinkedHashSet<>(batch.deleted());
        var buried = Folds.into(tx, deleted);
        keys.addAll(buried);
        var records = new LinkedHashMap<>(tx.records().lock(keys));
        deleted.addAll(OwnMerges.goneWithUnread(batch, records.keySet()));
        var before = Map.copyOf(records);
        var rules = model.rules(batch.entityType());
        var types = rules.attributeTypes();
        Predicate<String> asks = attribute -> ForeignChanges.mayHold(rules.authority(), attribute);
        var updates = new HashMap<RecordKey, Intent>();
        var lastUpdates = new HashMap<RecordKey, Intent>(); // closed ones, of records that are gone
        var deletes = new TreeSet<RecordKey>();
        var folding = new HashMap<RecordKey, RecordKey>();
        var askedAt = new HashMap<RecordKey, Instant>();
        var creates = new TreeMap<String, OutboundChange>();
        boolean keyless = model.get().keyless(batch.system(), batch.stream());
        for (var change : tx.outbox().openFor(keys)) {
            if (change.intent().kind() == Intent.Kind.DELETE) deletes.add(change.target());
            else if (change.intent().kind() == Intent.Kind.MERGE) {
                folding.put(change.target(), change.intent().into());
                askedAt.put(change.target(), change.intent().sentAt());
            } else if (change.intent().kind() == Intent.Kind.UPDATE) updates.put(change.target(), change.intent());
            else if (change.intent().kind() == Intent.Kind.CREATE) creates.put(change.key(), change);
        }
        var unread = LostCreates.ofUnread(batch, records.keySet(), creates.values());
        if (!keyless)
            creates.values().removeIf(create -> !batch.linkKeys()
                    .containsValue(create.intent().id()));
        tx.outbox().find(goneUpdates(records.values())).values().forEach(last -> {
            if (last.intent() != null && last.intent().kind() == Intent.Kind.UPDATE && !last.open()) {
                lastUpdates.put(last.target(), last.intent());
            }
        });
        var own = LostCreates.locked(tx, creates);
        var adoption = Adoption.read(
                tx,
                model.get(),
                Stream.concat(own.values().stream(), unread.stream()).toList());
        var folds = OwnMerges.folds(batch, records, folding);
        var continued = OwnMerges.continued(folds, records, folding);
        var intents = new HashMap<>(lastUpdates);
        intents.putAll(updates);
        var made = new ArrayList<SourceRecord>();
        for (var create : unread) {
            var key = new RecordKey(
                    batch.system(), batch.entityType(), create.intent().id());
            var sent = new Observation(
                    key,
                    batch.stream(),
                    create.intent().values(),
                    create.intent().sentAt(),
                    null);
            made.add(adoption.record(create, sent, true, types, now));
            intents.put(key, create.intent());
        }
        askedAt.keySet().retainAll(folds.keySet());
        var merges = new TakenMerges(batch, askedAt, continued.keySet(), records, made, intents, types);
        var moved = MovedBySystem.read(tx, model.get(), batch.observations(), records);
        var links = new ArrayList<Link>();
        var returned = new TreeSet<RecordKey>();
        var seenGone = new ArrayList<Deletion>();
        var settled = new ArrayList<OutboundChange>();
        var places = new HashMap<RecordKey, RecordKey>();
        var save = new LinkedHashMap<RecordKey, SourceRecord>();
        var pending = new TreeSet<RecordKey>();
        var created = new TreeSet<RecordKey>();
        long stored = 0;
        long unchanged = 0;
        long echo = 0;
        for (var seen : batch.observations()) {
            var prior = records.get(seen.key());
            var create = prior != null
                    ? null
                    : keyless
                            ? own.remove(LostCreates.of(seen, own.values(), batch, types))
                            : own.remove(batch.linkKeys().get(seen.key()));
            if (create != null) { // our own create came back before its reply did
                var record = merges.inherit(null, adoption.record(create, seen, false, types, now));
                links.addAll(adoption.links(create, record, now));
                adoption.replaced(create)
                        .filter(replaced -> !replaced.key().equals(record.key()))
                        .ifPresent(replaced -> {
                            var gone = records.getOrDefault(replaced.key(), replaced)
                                    .withState(RecordState.MERGED);
                            save.put(gone.key(), gone);
                            records.put(gone.key(), gone);
                            pending.add(gone.key());
                            places.put(gone.key(), record.key());
                        });
                settled.add(Settlement.settled(create, record, now));
                save.put(record.key(), record);
                records.put(record.key(), record);
                pending.add(record.key());
                echo++;
                continue;
            }
            var last = lastUpdates.get(seen.key());
            var result = last == null
                    ? Absorb.absorb(prior, seen, updates.get(seen.key()), types, now)
                    : Absorb.absorbFurther(prior, seen, last, types, now);
            switch (result.disposition()) {
                case STORED -> stored++;
                case UNCHANGED -> unchanged++;
                case ECHO -> echo++;
            }
            var kept = moved.keep(prior, result.record());
            var inherited = merges.inherit(prior, kept);
            var record = Outbound.holdForeign(prior, inherited, asks);
            if (prior != null && prior.state() == RecordState.DELETED) returned.add(seen.key());
            if (!record.equals(prior)) {
                save.put(seen.key(), record);
                records.put(seen.key(), record);
            }
            if (prior == null) created.add(seen.key());
            else if (result.disposition() == Disposition.STORED || inherited != kept) pending.add(seen.key());
        }
        for (var key : deleted) {
            var prior = records.get(key);
            if (prior == null || prior.state().gone()) {
                unchanged++;
                continue;
            }
            if (folding.containsKey(key) && !deleted.contains(folding.get(key))) {
                records.put(key, prior.withState(RecordState.FOLDED));
                links.add(Folds.link(key, folding.get(key), now));
                save.put(key, records.get(key));
                pending.add(key);
                echo++;
                continue;
            }
            stored++;
            if (prior.state() == RecordState.LIVE && !deletes.contains(key)) {
                seenGone.add(Deletion.seen(key, batch.evidence(), now));
            }
            save.put(key, prior.withState(RecordState.DELETED));
            records.put(key, prior.withState(RecordState.DELETED));
            pending.add(key);
        }
        var dead = new TreeSet<>(deleted);
        dead.removeIf(key -> !records.containsKey(key) || records.get(key).state() != RecordState.DELETED);
        if (!buried.isEmpty()) buried = Folds.into(tx, dead);
        for (var key : buried) { // what went into a record goes with it, unless the hub itself merged that on
            var prior = records.get(key);
            if (prior == null || prior.state() != RecordState.FOLDED) continue;
            save.put(key, prior.withState(RecordState.DELETED));
            pending.add(key);
        }
        for (var fold : folds.entrySet()) {
            var prior = records.get(fold.getKey());
            records.put(fold.getKey(), prior.withState(RecordState.FOLDED));
            links.add(Folds.link(fold.getKey(), fold.getValue(), now));
            save.put(fold.getKey(), records.get(fold.getKey()));
            pending.add(fold.getKey());
            echo++;
        }
        for (var gone : continued.entrySet()) {
            var prior = records.get(gone.getKey());
            records.put(gone.getKey(), prior.withState(RecordState.MERGED));
            links.add(Folds.continuation(gone.getKey(), gone.getValue(), now));
            save.put(gone.getKey(), records.get(gone.getKey()));
            pending.add(gone.getKey());
            echo++;
        }
        if (!batch.merged().isEmpty()) {
            var changed = merges.take(tx, records, links, now);
            stored += changed.size();
            unchanged += batch.merged().size() - folds.size() - continued.size() - changed.size();
            for (var record : changed) {
                returned.add(record.key()); // what seemed deleted was not
                save.put(record.key(), record);
                pending.add(record.key());
            }
        }
        for (var record : Returned.goneInto(tx, returned)) {
            save.put(record.key(), record.withState(RecordState.FOLDED));
            pending.add(record.key());
        }
        tx.records().save(save.values(), now);
        new ReferenceBook(tx, model.get()).note(save.values());
        retain(tx, batch.unmapped());
        tx.links().save(links);
        tx.deletions().save(seenGone);
        Returned.cancel(tx, returned, now);
        DeletionBook.follow(tx, places, now);
        new ReferenceBook(tx, model.get()).cameBack(returned, before, save.values());
        pending.removeAll(created);
        tx.records().markPending(pending);
        tx.outbox().save(settled);
        Returned.askAgain(tx, before, save.values(), now);
        Children.released(tx, model.get(), before, save.values(), now);
        ParkedRows.keep(tx, batch, now);
        if (batch.position() != null) {
            tx.journal().saveCheckpoint(batch.system(), batch.stream(), batch.position(), now);
        }
        long unmappable = batch.parked().size();
        var counts = new Counts(stored + unchanged + echo + unmappable, stored, unchanged, echo, unmappable);
        return new Stored(counts, created);
    }

    /** What a reading does not name of a record is unknown and stays as it was kept. */
    private static void retain(HubTransaction tx, Map<RecordKey, Map<String, Retained>> seen) {
        if (seen.isEmpty()) return;
        var kept = tx.records().retained(seen.keySet());
        var changed = new HashMap<RecordKey, Map<String, Retained>>();
        seen.forEach((key, fields) -> {
            var before = kept.getOrDefault(key, Map.of());
            var after = new HashMap<>(before);
            fields.forEach((field, value) -> {
                var held = before.get(field); // a value that did not change is as old as it was
                if (held == null || !held.value().equals(value.value())) after.put(field, value);
            });
            if (!after.equals(before)) changed.put(key, after);
        });
        tx.records().retain(changed);
    }

    /** Keys of the last changes of records that are gone: of one that comes back they tell what the hub had left in it. */
    private static List<String> goneUpdates(Collection<SourceRecord> records) {
        return records.stream()
                .filter(record -> record.state() == RecordState.DELETED)
                .map(record -> OutboundChange.updateKey(record.key()))
                .toList();
    }
}
