package io.kintsugi.graph;

import io.kintsugi.core.model.RecordKey;
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

final class GraphBlocks implements Blocks {
    /** A record and one of its keys. */
    private record Hold(String key, String value) {
        Map<String, Object> row() {
            return Map.of("key", key, "value", value);
        }
    }

    private final GraphQueries queries;

    GraphBlocks(GraphQueries queries) {
        this.queries = queries;
    }

    @Override
    public Map<String, BlockKey> claim(SortedSet<String> keys) {
        var claimed = new LinkedHashMap<String, BlockKey>();
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
        var added = new HashSet<Hold>();
        keysByRecord.forEach((record, keys) -> keys.forEach(key -> added.add(new Hold(record.toString(), key))));
        var removed = new ArrayList<Hold>();
        for (var row : queries.list(Cypher.FIND_ASSIGNED_KEYS, "keys", RecordNodes.keys(keysByRecord.keySet()))) {
            for (var value : row.get("values").values()) {
                var held = new Hold(row.get("key").asString(), value.asString());
                if (!added.remove(held)) {
                    removed.add(held);
                }
            }
        }
        queries.list(Cypher.REMOVE_BLOCK_KEYS, "rows", rows(removed));
        queries.store(Cypher.ADD_BLOCK_KEYS, "added", rows(added));
    }

    /** By block key, because the keys are the busier end. */
    private static List<Map<String, Object>> rows(Collection<Hold> holds) {
        return holds.stream()
                .sorted(Comparator.comparing(Hold::value).thenComparing(Hold::key))
                .map(Hold::row)
                .toList();
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
