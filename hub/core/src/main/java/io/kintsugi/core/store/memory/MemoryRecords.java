package io.kintsugi.core.store.memory;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Page;
import io.kintsugi.core.store.Records;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;

final class MemoryRecords implements Records {
    private static final Comparator<Count> COUNT_ORDER =
            Comparator.comparing(Count::system).thenComparing(Count::entityType).thenComparing(Count::state);
    private static final Pages<SourceRecord> BY_KEY =
            new Pages<>(record -> record.key().externalId(), record -> "", false);

    private final Ledger ledger;
    private final Table<RecordKey, SourceRecord> rows;
    private final Table<RecordKey, Boolean> waiting;
    private final Table<RecordKey, List<Revision>> revisions;
    private final Table<RecordKey, Map<String, Retained>> retained;
    private final List<Predicate<RecordKey>> ties = new ArrayList<>();

    MemoryRecords(Ledger ledger) {
        this.ledger = ledger;
        rows = new Table<>(ledger);
        waiting = new Table<>(ledger);
        revisions = new Table<>(ledger);
        retained = new Table<>(ledger);
    }

    /** @throws IllegalStateException if the record is not stored */
    SourceRecord require(RecordKey key, String who) {
        var record = rows.get(key);
        if (record == null) throw new IllegalStateException(who + " names the record " + key + ", which is not stored");
        return record;
    }

    /** What else a record can be tied by. */
    void tiedBy(Predicate<RecordKey> tie) {
        ties.add(tie);
    }

    SourceRecord get(RecordKey key) {
        return rows.get(key);
    }

    @Override
    public Map<RecordKey, SourceRecord> find(Collection<RecordKey> keys) {
        return rows.find(keys);
    }

    @Override
    public Map<RecordKey, SourceRecord> lock(SortedSet<RecordKey> keys) {
        ledger.requireWriting();
        return rows.find(keys);
    }

    @Override
    public Map<RecordKey, Seen> look(Collection<RecordKey> keys) {
        var seen = new LinkedHashMap<RecordKey, Seen>();
        rows.find(keys)
                .forEach((key, record) -> seen.put(
                        key, new Seen(record, waiting.has(key), ties.stream().noneMatch(tie -> tie.test(key)))));
        return seen;
    }

    @Override
    public Map<RecordKey, Seen> hold(SortedSet<RecordKey> keys) {
        ledger.requireWriting();
        return look(keys);
    }

    @Override
    public void save(Collection<SourceRecord> records, Instant at) {
        for (var record : records) {
            var before = rows.put(record.key(), record);
            if (before != null && !before.attributes().equals(record.attributes())) {
                var former = new ArrayList<Revision>();
                former.add(new Revision(at == null ? record.observedAt() : at, before.attributes()));
                former.addAll(revisions(record.key(), Integer.MAX_VALUE));
                revisions.put(record.key(), former);
            }
        }
    }

    @Override
    public void markPending(Collection<RecordKey> keys) {
        ledger.requireWriting();
        for (var key : keys) if (rows.has(key)) waiting.put(key, true);
    }

    @Override
    public void clearPending(Collection<RecordKey> keys) {
        ledger.requireWriting();
        keys.forEach(waiting::remove);
    }

    @Override
    public List<RecordKey> pending(int limit) {
        return waiting.all().keySet().stream().limit(limit).toList();
    }

    @Override
    public Set<RecordKey> stillPending(Collection<RecordKey> keys) {
        return new LinkedHashSet<>(waiting.find(keys).keySet());
    }

    @Override
    public void retain(Map<RecordKey, Map<String, Retained>> fields) {
        ledger.requireWriting();
        fields.forEach((key, kept) -> {
            if (kept.isEmpty()) retained.remove(key);
            else if (rows.has(key)) retained.put(key, Map.copyOf(kept));
        });
    }

    @Override
    public Map<RecordKey, Map<String, Retained>> retained(Collection<RecordKey> keys) {
        return retained.find(keys);
    }

    @Override
    public Map<At, Map<String, String>> former(Collection<At> asked) {
        var former = new HashMap<At, Map<String, String>>();
        for (var one : asked) {
            for (var revision : revisions(one.record(), Integer.MAX_VALUE)) {
                if (revision.at().isAfter(one.at())) former.put(one, revision.attributes());
            }
        }
        return former;
    }

    @Override
    public List<Revision> revisions(RecordKey key, int limit) {
        var former = revisions.get(key);
        return former == null ? List.of() : former.stream().limit(limit).toList();
    }

    @Override
    public List<Count> counts() {
        var counts = new TreeMap<Count, Long>(COUNT_ORDER);
        for (var record : rows.all().values()) {
            var key = record.key();
            counts.merge(new Count(key.system(), key.entityType(), record.state(), 0), 1L, Long::sum);
        }
        var list = new ArrayList<Count>();
        counts.forEach((count, n) -> list.add(new Count(count.system(), count.entityType(), count.state(), n)));
        return list;
    }

    @Override
    public Page<SourceRecord> list(String system, String entityType, String cursor, int limit) {
        var found = new ArrayList<SourceRecord>();
        for (var record : rows.all().values()) {
            if (record.key().system().equals(system)
                    && record.key().entityType().equals(entityType)) found.add(record);
        }
        return BY_KEY.cut(found, cursor, limit);
    }

    /** Forgets records with all their former values; how many former ones there were. */
    long remove(Collection<RecordKey> keys) {
        long former = 0;
        for (var key : keys) {
            rows.remove(key);
            waiting.remove(key);
            retained.remove(key);
            var gone = revisions.remove(key);
            if (gone != null) former += gone.size();
        }
        return former;
    }

    @Override
    public String toString() {
        return "records " + rows + waiting + revisions + retained;
    }
}
