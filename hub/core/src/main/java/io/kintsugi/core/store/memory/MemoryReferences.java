package io.kintsugi.core.store.memory;

import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.References;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

final class MemoryReferences implements References {
    private final MemoryRecords records;
    private final MemoryGoldens goldens;
    private final Table<RecordKey, Set<Reference>> rows;
    private final Index<RecordKey, RecordKey> referring;

    MemoryReferences(Ledger ledger, MemoryRecords records, MemoryGoldens goldens) {
        this.records = records;
        this.goldens = goldens;
        rows = new Table<>(ledger);
        referring = new Index<>(ledger);
    }

    @Override
    public Map<RecordKey, Set<Reference>> of(Collection<RecordKey> asked) {
        return rows.find(asked);
    }

    @Override
    public void save(Map<RecordKey, ? extends Set<Reference>> references) {
        new TreeMap<RecordKey, Set<Reference>>(references).forEach((record, now) -> {
            records.require(record, "a reference");
            var before = now.isEmpty() ? rows.remove(record) : rows.put(record, Set.copyOf(now));
            if (before != null) before.forEach(reference -> referring.remove(reference.to(), record));
            now.forEach(reference -> referring.add(reference.to(), record));
        });
    }

    @Override
    public SortedSet<RecordKey> to(Collection<RecordKey> named) {
        var found = new TreeSet<RecordKey>();
        for (var key : named) found.addAll(referring.of(key));
        return found;
    }

    @Override
    public List<Referrer> referrers(String goldenId, String after, int limit) {
        var found = new TreeMap<String, Set<String>>();
        for (var member : goldens.members(List.of(goldenId)).get(goldenId)) {
            var parent = member.record().key();
            for (var child : referring.of(parent)) {
                var id = goldens.goldenOf(List.of(child)).get(child);
                var golden = id == null ? null : goldens.find(List.of(id)).get(id);
                if (golden == null || golden.state() != GoldenState.ACTIVE || id.compareTo(after) <= 0) continue;
                for (var reference : rows.get(child)) {
                    boolean leads =
                            reference.to().equals(parent) && goldenId.equals(golden.value(reference.attribute()));
                    if (leads) found.computeIfAbsent(id, i -> new TreeSet<>()).add(reference.attribute());
                }
            }
        }
        var list = new ArrayList<Referrer>();
        found.forEach((id, attributes) -> list.add(new Referrer(id, List.copyOf(attributes))));
        return List.copyOf(list.subList(0, Math.min(limit, list.size())));
    }

    /** Forgets what records name. */
    void remove(Collection<RecordKey> keys) {
        for (var key : keys) {
            var before = rows.remove(key);
            if (before != null) before.forEach(reference -> referring.remove(reference.to(), key));
        }
    }

    @Override
    public String toString() {
        return "references " + rows + referring;
    }
}
