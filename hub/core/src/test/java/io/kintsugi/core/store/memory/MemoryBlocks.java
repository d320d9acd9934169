package io.kintsugi.core.store.memory;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Blocks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
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
    /** Whether each key is generic. */
    private final Table<String, Boolean> keys;

    private final Index<String, RecordKey> holders;
    private final Index<RecordKey, String> held;
    private final Set<String> claimed = new HashSet<>();

    MemoryBlocks(Ledger ledger, MemoryRecords records) {
        this.ledger = ledger;
        this.records = records;
        keys = new Table<>(ledger);
        holders = new Index<>(ledger);
        held = new Index<>(ledger);
    }

    /** The transaction is over. */
    void endClaims() {
        claimed.clear();
    }

    @Override
    public Map<String, BlockKey> claim(SortedSet<String> asked) {
        ledger.requireWriting();
        var found = new LinkedHashMap<String, BlockKey>();
        for (var key : asked) {
            if (!keys.has(key)) keys.put(key, false);
            claimed.add(key);
            found.put(key, block(key));
        }
        return found;
    }

    private BlockKey block(String key) {
        return new BlockKey(key, holders.of(key).size(), keys.get(key));
    }

    @Override
    public void assign(Map<RecordKey, ? extends Set<String>> keysByRecord) {
        ledger.requireWriting();
        for (var entry : new TreeMap<RecordKey, Set<String>>(keysByRecord).entrySet()) {
            var record = entry.getKey();
            var now = new TreeSet<>(entry.getValue());
            records.require(record, "a set of block keys");
            for (var key : now) {
                if (!claimed.contains(key))
                    throw new IllegalStateException("block key " + key + " is assigned unclaimed");
            }
            for (var key : new ArrayList<>(held.of(record))) {
                if (now.contains(key)) continue;
                held.remove(record, key);
                holders.remove(key, record);
            }
            for (var key : now) {
                held.add(record, key);
                holders.add(key, record);
            }
        }
    }

    @Override
    public List<Candidate> candidates(Collection<RecordKey> asked) {
        var candidates = new ArrayList<Candidate>();
        for (var record : new TreeSet<>(asked)) {
            if (!records.live(record)) continue;
            var smallest = new TreeMap<RecordKey, String>();
            for (var key : held.of(record)) {
                if (keys.get(key)) continue;
                for (var other : holders.of(key)) {
                    if (!other.equals(record) && records.live(other)) smallest.putIfAbsent(other, key);
                }
            }
            smallest.forEach((other, key) -> candidates.add(new Candidate(record, other, key)));
        }
        return candidates;
    }

    @Override
    public void markGeneric(Collection<String> marked) {
        ledger.requireWriting();
        for (var key : marked) if (keys.has(key)) keys.put(key, true);
    }

    @Override
    public List<RecordKey> holders(String key, int limit) {
        return holders.of(key).stream().limit(limit).toList();
    }

    @Override
    public List<BlockKey> generic(int limit) {
        return keys.all().entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(entry -> block(entry.getKey()))
                .sorted(Comparator.comparingLong(BlockKey::records).reversed().thenComparing(BlockKey::value))
                .limit(limit)
                .toList();
    }

    @Override
    public String toString() {
        return "blocks " + keys + holders + held;
    }
}
