package io.kintsugi.server.engine.inbound;

import io.kintsugi.core.model.AttributeType;
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
import io.kintsugi.server.engine.inbound.Intake.Batch;
import io.kintsugi.server.engine.inbound.Intake.Counts;
import io.kintsugi.server.engine.inbound.Intake.Stored;
import io.kintsugi.server.engine.outbound.Settlement;
import io.kintsugi.server.engine.resolution.Adoption;
import io.kintsugi.server.engine.resolution.Folds;
import io.kintsugi.server.engine.resolution.ForeignChanges;
import io.kintsugi.server.engine.shared.Children;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.ReferenceBook;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One batch while it is taken in: what is known of its records is read and locked at once, each of them is decided on without the store,
 * and what follows is stored at once. One transaction; used once.
 */
final class Taking {
    private final HubTransaction tx;
    private final LiveModel model;
    private final Batch batch;
    private final Instant now;
    private final Function<String, AttributeType> types;
    private final Predicate<String> mayHold;

    // what was known
    private final Set<RecordKey> deleted;
    private final Map<RecordKey, SourceRecord> before;
    private final OpenWrites writes;
    private final Map<RecordKey, RecordKey> folding;
    private final boolean keyless;
    private final Map<String, OutboundChange> own;
    private final Map<RecordKey, Intent> lastUpdates;
    private final Adoption adoption;
    private final Map<RecordKey, RecordKey> folds;
    private final Map<RecordKey, RecordKey> continued;
    private final TakenMerges merges;
    private final MovedBySystem moved;

    // what is known now
    private final Map<RecordKey, SourceRecord> records;
    private final Map<RecordKey, SourceRecord> save = new LinkedHashMap<>();
    private final List<Link> links = new ArrayList<>();
    private final TreeSet<RecordKey> created = new TreeSet<>();
    private final TreeSet<RecordKey> pending = new TreeSet<>();
    private final TreeSet<RecordKey> returned = new TreeSet<>();
    private final TreeSet<RecordKey> undeleted = new TreeSet<>();
    private final Map<RecordKey, RecordKey> places = new HashMap<>();
    private final List<Deletion> seenGone = new ArrayList<>();
    private final List<OutboundChange> settled = new ArrayList<>();
    private long stored;
    private long unchanged;
    private long echo;

    Taking(HubTransaction tx, LiveModel model, Batch batch, Instant now) {
        this.tx = tx;
        this.model = model;
        this.batch = batch;
        this.now = now;
        var rules = model.rules(batch.entityType());
        types = rules.attributeTypes();
        mayHold = attribute -> ForeignChanges.mayHold(rules.authority(), attribute);
        var keys = named();
        records = new LinkedHashMap<>(tx.records().lock(keys));
        before = Map.copyOf(records);
        deleted = new LinkedHashSet<>(batch.deleted());
        deleted.addAll(OwnMerges.goneWithUnread(batch, before.keySet()));
        writes = OpenWrites.read(tx, keys);
        folding = writes.folding();
        keyless = model.get().keyless(batch.system(), batch.stream());
        var unread =
                LostCreates.ofUnread(batch, before.keySet(), writes.creates().values());
        if (!keyless)
            writes.creates().values().removeIf(create -> !batch.linkKeys()
                    .containsValue(create.intent().id()));
        lastUpdates = lastUpdates();
        own = LostCreates.locked(tx, writes.creates());
        adoption = Adoption.read(
                tx,
                model.get(),
                Stream.concat(own.values().stream(), unread.stream()).toList());
        folds = OwnMerges.folds(batch, before, folding);
        continued = OwnMerges.continued(folds, before, folding);
        merges = merges(unread);
        moved = MovedBySystem.read(tx, model.get(), batch.observations(), before);
    }

    private TreeSet<RecordKey> named() {
        var gone = new TreeSet<>(batch.deleted());
        gone.addAll(batch.merged().keySet()); // into what may be deleted itself
        var keys = new TreeSet<>(Folds.into(tx, gone)); // these may go with them
        batch.observations().forEach(seen -> keys.add(seen.key()));
        keys.addAll(batch.deleted());
        batch.merged().forEach((loser, into) -> {
            keys.add(loser);
            keys.add(into.first());
            keys.add(into.survivor());
        });
        return keys;
    }

    /** The last writes to records that are gone: of one that comes back they tell what the hub had left in it. */
    private Map<RecordKey, Intent> lastUpdates() {
        var keys = before.values().stream()
                .filter(record -> record.state() == RecordState.DELETED)
                .map(record -> OutboundChange.updateKey(record.key()))
                .toList();
        var last = new HashMap<RecordKey, Intent>();
        for (var change : tx.outbox().find(keys).values()) {
            boolean update = change.intent() != null && change.intent().kind() == Intent.Kind.UPDATE;
            if (update && !change.open()) last.put(change.target(), change.intent());
        }
        return last;
    }

    /** @param unread open creates that may have made what was merged away before it was read */
    private TakenMerges merges(List<OutboundChange> unread) {
        var intents = new HashMap<>(lastUpdates);
        intents.putAll(writes.updates());
        var made = new ArrayList<SourceRecord>();
        for (var create : unread) {
            var intent = create.intent();
            var key = new RecordKey(batch.system(), batch.entityType(), intent.id());
            var sent = new Observation(key, batch.stream(), intent.values(), intent.sentAt(), null);
            made.add(adoption.record(create, sent, true, types, now));
            intents.put(key, intent);
        }
        var askedAt = new HashMap<RecordKey, Instant>();
        writes.merges().forEach((loser, intent) -> askedAt.put(loser, intent.sentAt()));
        askedAt.keySet().retainAll(folds.keySet());
        var unresolved = new TreeSet<>(batch.merged().keySet());
        if (!unresolved.isEmpty())
            unresolved.removeAll(tx.goldens().goldenOf(unresolved).keySet());
        return new TakenMerges(batch, askedAt, continued.keySet(), before, unresolved, made, intents, types);
    }

    Stored take() {
        for (var seen : batch.observations()) {
            var create = madeBy(seen);
            if (create == null) observe(seen);
            else adopt(create, seen);
        }
        deleted.forEach(this::delete);
        bury();
        fold();
        merge();
        undeleted.addAll(returned);
        for (var record : Returned.goneInto(tx, undeleted)) put(record.withState(RecordState.FOLDED));
        return store();
    }

    /** The create of the hub that made a record, and came back before its reply did; null if none did. */
    private OutboundChange madeBy(Observation seen) {
        if (records.containsKey(seen.key())) return null;
        return own.remove(
                keyless
                        ? LostCreates.of(seen, own.values(), batch, types)
                        : batch.linkKeys().get(seen.key()));
    }

    private void adopt(OutboundChange create, Observation seen) {
        var record = merges.inherit(null, adoption.record(create, seen, false, types, now));
        links.addAll(adoption.links(create, record, now));
        adoption.replaced(create)
                .filter(replaced -> !replaced.key().equals(record.key()))
                .ifPresent(replaced -> {
                    put(records.getOrDefault(replaced.key(), replaced).withState(RecordState.MERGED));
                    places.put(replaced.key(), record.key());
                });
        settled.add(Settlement.settled(create, record, now));
        put(record);
        echo++;
    }

    private void observe(Observation seen) {
        var prior = records.get(seen.key());
        var last = lastUpdates.get(seen.key());
        var result = last == null
                ? Absorb.absorb(prior, seen, writes.updates().get(seen.key()), types, now)
                : Absorb.absorbFurther(prior, seen, last, types, now);
        switch (result.disposition()) {
            case STORED -> stored++;
            case UNCHANGED -> unchanged++;
            case ECHO -> echo++;
        }
        var kept = moved.keep(prior, result.record());
        var inherited = merges.inherit(prior, kept);
        var record = Outbound.holdForeign(prior, inherited, mayHold);
        if (prior != null && prior.state() == RecordState.DELETED) returned.add(seen.key());
        if (prior != null && prior.state() == RecordState.RETURNING) undeleted.add(seen.key());
        if (!record.equals(prior)) {
            save.put(seen.key(), record);
            records.put(seen.key(), record);
        }
        if (prior == null) created.add(seen.key());
        else if (result.disposition() == Disposition.STORED || inherited != kept) pending.add(seen.key());
    }

    private void delete(RecordKey key) {
        var prior = records.get(key);
        if (prior == null || prior.state().gone()) {
            unchanged++;
            return;
        }
        if (folding.containsKey(key)) {
            var into = folding.get(key);
            links.add(Folds.link(key, into, now));
            put(prior.withState(deleted.contains(into) ? RecordState.DELETED : RecordState.FOLDED));
            echo++;
            return;
        }
        stored++;
        if (prior.state() == RecordState.LIVE && !writes.deletes().contains(key)) {
            seenGone.add(Deletion.seen(key, batch.evidence(), now));
        }
        put(prior.withState(RecordState.DELETED));
    }

    /** What went into a record goes with it, unless the hub itself merged that on. */
    private void bury() {
        var dead = new TreeSet<>(deleted);
        dead.removeIf(key -> !records.containsKey(key) || records.get(key).state() != RecordState.DELETED);
        for (var key : Folds.into(tx, dead)) {
            var prior = records.get(key);
            if (prior == null || prior.state() != RecordState.FOLDED) continue;
            put(prior.withState(RecordState.DELETED));
        }
    }

    /** Merges that the hub had asked for. */
    private void fold() {
        folds.forEach((loser, survivor) -> {
            var into = records.get(survivor);
            boolean there = into == null || into.state() != RecordState.DELETED;
            links.add(Folds.link(loser, survivor, now));
            put(records.get(loser).withState(there ? RecordState.FOLDED : RecordState.DELETED));
        });
        continued.forEach((former, survivor) -> {
            links.add(Folds.continuation(former, survivor, now));
            places.put(former, survivor);
            put(records.get(former).withState(RecordState.MERGED));
        });
        echo += folds.size() + continued.size();
    }

    /** Merges that others made. */
    private void merge() {
        if (batch.merged().isEmpty()) return;
        var changed = merges.take(tx, records, links, now);
        stored += changed.size();
        unchanged += batch.merged().size() - folds.size() - continued.size() - changed.size();
        for (var record : changed) {
            returned.add(record.key()); // what seemed deleted was not
            put(record);
        }
    }

    /** A record as it is now, which is to be resolved. */
    private void put(SourceRecord record) {
        records.put(record.key(), record);
        save.put(record.key(), record);
        pending.add(record.key());
    }

    private Stored store() {
        tx.records().save(save.values(), now);
        var references = new ReferenceBook(tx, model.get());
        references.note(save.values());
        retain();
        tx.links().save(links);
        tx.deletions().save(seenGone);
        Returned.cancel(tx, returned, now);
        DeletionBook.follow(tx, places, now);
        references.cameBack(returned, before, save.values());
        pending.removeAll(created);
        tx.records().markPending(pending);
        tx.outbox().save(settled);
        Children.released(tx, model.get(), before, save.values(), now);
        ParkedRows.keep(tx, batch, model.get().policies(batch.entityType()), now);
        if (batch.position() != null) {
            tx.journal().saveCheckpoint(batch.system(), batch.stream(), batch.position(), now);
        }
        long unmappable = batch.parked().size();
        var counts = new Counts(stored + unchanged + echo + unmappable, stored, unchanged, echo, unmappable);
        return new Stored(counts, created);
    }

    /** What a reading does not name of a record is unknown and stays as it was kept. */
    private void retain() {
        if (batch.unmapped().isEmpty()) return;
        var kept = tx.records().retained(batch.unmapped().keySet());
        var changed = new HashMap<RecordKey, Map<String, Retained>>();
        batch.unmapped().forEach((key, fields) -> {
            var was = kept.getOrDefault(key, Map.of());
            var after = new HashMap<>(was);
            fields.forEach((field, value) -> {
                var held = was.get(field); // a value that did not change is as old as it was
                if (held == null || !held.value().equals(value.value())) after.put(field, value);
            });
            if (!after.equals(was)) changed.put(key, after);
        });
        tx.records().retain(changed);
    }
}
