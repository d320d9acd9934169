package io.kintsugi.core.store.memory;

import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Blocks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

final class MemoryBlocks implements Blocks {
    private final Ledger ledger;
    private final MemoryRecords records;
    private final MemoryGoldens goldens;
    /** Whether each key is generic. */
    private final Table<String, Boolean> keys;

    private final Index<String, RecordKey> holders;
    private final Index<RecordKey, String> held;
    private final Set<String> claimed = new HashSet<>();
    /** Hashes of evidence as the graph stores them, each right for its record object alone, whatever is rolled back. */
    private final Map<RecordKey, Hashed> hashes = new HashMap<>();

    private record Hashed(SourceRecord record, String hash) {}

    MemoryBlocks(Ledger ledger, MemoryRecords records, MemoryGoldens goldens) {
        this.goldens = goldens;
        this.ledger = ledger;
        this.records = records;
        keys = new Table<>(ledger);
        holders = new Index<>(ledger);
        held = new Index<>(ledger);
        records.tiedBy(record -> !held.of(record).isEmpty());
    }

    /** The transaction is over. */
    void endClaims() {
        claimed.clear();
    }

    @Override
    public Map<String, BlockKey> claim(SortedSet<String> asked, int limit) {
        ledger.requireWriting();
        var found = new LinkedHashMap<String, BlockKey>();
        for (var key : asked) {
            if (!keys.has(key)) keys.put(key, false);
            claimed.add(key);
            found.put(key, block(key, limit));
        }
        return found;
    }

    private BlockKey block(String key, int limit) {
        var holding = holders.of(key);
        var named = new ArrayList<Holder>();
        if (!keys.get(key) && holding.size() <= limit) {
            for (var record : holding) {
                var stored = records.get(record);
                named.add(new Holder(record, hash(stored), stored.state()));
            }
        }
        return new BlockKey(key, holding.size(), keys.get(key), named);
    }

    private String hash(SourceRecord stored) {
        var known = hashes.get(stored.key());
        if (known == null || known.record() != stored) {
            known = new Hashed(stored, ContentHash.of(stored.evidence()));
            hashes.put(stored.key(), known);
        }
        return known.hash();
    }

    @Override
    public void assign(Map<RecordKey, ? extends Set<String>> keysByRecord) {
        ledger.requireWriting();
        for (var entry : new TreeMap<RecordKey, Set<String>>(keysByRecord).entrySet()) {
            var record = entry.getKey();
            var now = new TreeSet<>(entry.getValue());
            records.require(record, "a set of block keys");
            for (var key : now) if (!held.of(record).contains(key)) requireClaimed(key);
            for (var key : new ArrayList<>(held.of(record))) {
                if (now.contains(key)) continue;
                requireClaimed(key);
                held.remove(record, key);
                holders.remove(key, record);
            }
            for (var key : now) {
                held.add(record, key);
                holders.add(key, record);
            }
        }
    }

    private void requireClaimed(String key) {
        if (!claimed.contains(key)) throw new IllegalStateException("block key " + key + " changes hands unclaimed");
    }

    @Override
    public Map<RecordKey, Set<String>> of(Collection<RecordKey> records) {
        var of = new HashMap<RecordKey, Set<String>>();
        for (var record : records) if (!held.of(record).isEmpty()) of.put(record, new TreeSet<>(held.of(record)));
        return of;
    }

    @Override
    public void markGeneric(Collection<String> marked) {
        mark(marked, true);
    }

    @Override
    public void unmarkGeneric(Collection<String> marked) {
        mark(marked, false);
    }

    private void mark(Collection<String> marked, boolean generic) {
        ledger.requireWriting();
        for (var key : marked) if (keys.has(key)) keys.put(key, generic);
    }

    @Override
    public List<RecordKey> holders(String key, int limit) {
        return holders.of(key).stream().limit(limit).toList();
    }

    @Override
    public List<Near> near(Collection<String> asked, int limit) {
        var near = new TreeSet<RecordKey>();
        for (var key : asked) {
            if (keys.has(key) && !keys.get(key) && holders.of(key).size() <= limit) near.addAll(holders.of(key));
        }
        var goldenOf = goldens.goldenOf(near);
        return near.stream()
                .map(record -> new Near(records.get(record), goldenOf.get(record)))
                .toList();
    }

    @Override
    public Map<String, BlockKey> find(Collection<String> asked) {
        var found = new TreeMap<String, BlockKey>();
        for (var key : asked) if (keys.has(key)) found.put(key, block(key, -1));
        return found;
    }

    @Override
    public List<BlockKey> generic(int limit) {
        return keys.all().entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(entry -> block(entry.getKey(), 0))
                .sorted(Comparator.comparingLong(BlockKey::records).reversed().thenComparing(BlockKey::value))
                .limit(limit)
                .toList();
    }

    /** Takes all keys from records, and forgets those, and others, that nobody holds then; how many that were. */
    long remove(Collection<RecordKey> records, Collection<String> unheld) {
        var candidates = new TreeSet<>(unheld);
        for (var record : records) {
            candidates.addAll(held.of(record));
            for (var key : new ArrayList<>(held.of(record))) {
                held.remove(record, key);
                holders.remove(key, record);
            }
            hashes.remove(record);
        }
        long count = 0;
        for (var key : candidates) {
            if (keys.has(key) && holders.of(key).isEmpty()) {
                keys.remove(key);
                count++;
            }
        }
        return count;
    }

    @Override
    public String toString() {
        return "blocks " + keys + holders + held;
    }
}
