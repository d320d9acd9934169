package io.kintsugi.graph;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Blocks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

final class GraphBlocks implements Blocks {
    private final GraphQueries queries;

    GraphBlocks(GraphQueries queries) {
        this.queries = queries;
    }

    @Override
    public Map<String, BlockKey> claim(SortedSet<String> keys) {
        var claimed = new LinkedHashMap<String, BlockKey>();
        keys.forEach(key -> claimed.put(key, new BlockKey(key, 0, false)));
        for (var row : queries.list(Cypher.CLAIM_BLOCK_KEYS, "keys", keys)) {
            var value = row.get("value").asString();
            claimed.put(
                    value,
                    new BlockKey(
                            value,
                            row.get("records").asLong(),
                            row.get("generic").asBoolean()));
        }
        return claimed;
    }

    @Override
    public void assign(Map<RecordKey, ? extends Set<String>> keysByRecord) {
        queries.requireWriting();
        var missing = new TreeMap<String, Set<String>>();
        keysByRecord.forEach((record, keys) -> missing.put(record.toString(), new TreeSet<>(keys)));
        var removed = new ArrayList<Map<String, Object>>();
        for (var row : queries.list(Cypher.FIND_ASSIGNED_KEYS, "keys", missing.keySet())) {
            var record = row.get("key").asString();
            for (var value : row.get("values").values()) {
                if (!missing.get(record).remove(value.asString())) {
                    removed.add(Map.of("key", record, "value", value.asString()));
                }
            }
        }
        queries.list(Cypher.REMOVE_BLOCK_KEYS, "rows", removed);
        missing.values().removeIf(Set::isEmpty);
        var added = new ArrayList<Map<String, Object>>();
        missing.forEach((record, keys) -> added.add(Map.of("key", record, "values", List.copyOf(keys))));
        var stored = queries.list(Cypher.ADD_BLOCK_KEYS, "rows", added).stream()
                .mapToLong(row -> row.get("added").asLong())
                .sum();
        var wanted = missing.values().stream().mapToLong(Set::size).sum();
        if (stored != wanted) {
            throw new IllegalStateException("only " + stored + " of " + wanted
                    + " block keys were given: a record is not stored, or a key was not claimed");
        }
    }

    @Override
    public List<Candidate> candidates(Collection<RecordKey> records) {
        var parsed = new HashMap<String, RecordKey>(); // the same few records come in many pairs
        var candidates = new ArrayList<Candidate>();
        for (var row : queries.list(Cypher.FIND_CANDIDATES, "keys", RecordNodes.keys(records))) {
            candidates.add(new Candidate(
                    parsed.computeIfAbsent(row.get("key").asString(), RecordKey::parse),
                    parsed.computeIfAbsent(row.get("other").asString(), RecordKey::parse),
                    row.get("value").asString()));
        }
        return candidates;
    }

    @Override
    public void markGeneric(Collection<String> keys) {
        queries.list(Cypher.MARK_GENERIC, "keys", keys.stream().sorted().toList());
    }

    @Override
    public List<RecordKey> holders(String key, int limit) {
        return queries.list(Cypher.LIST_HOLDERS, Map.of("value", key, "limit", limit)).stream()
                .map(row -> RecordKey.parse(row.get("key").asString()))
                .toList();
    }

    @Override
    public List<BlockKey> generic(int limit) {
        return queries.list(Cypher.LIST_GENERIC, Map.of("limit", limit)).stream()
                .map(row -> new BlockKey(
                        row.get("value").asString(), row.get("records").asLong(), true))
                .toList();
    }
}
