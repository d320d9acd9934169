package io.kintsugi.graph;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.store.Blocks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.neo4j.driver.Value;

final class GraphBlocks implements Blocks {
    private final GraphQueries queries;
    private final GraphRecords records;
    /** Given keys in this transaction. */
    private final Set<String> given = new HashSet<>();

    GraphBlocks(GraphQueries queries, GraphRecords records) {
        this.queries = queries;
        this.records = records;
    }

    @Override
    public Map<String, BlockKey> claim(SortedSet<String> keys, int limit) {
        var claimed = new LinkedHashMap<String, BlockKey>();
        keys.forEach(key -> claimed.put(key, new BlockKey(key, 0, false, List.of())));
        var parsed = new HashMap<String, RecordKey>(); // the same few records hold many of the keys
        for (var row : queries.list(Cypher.CLAIM_BLOCK_KEYS, "keys", keys, Map.of("limit", limit))) {
            var value = row.get("value").asString();
            var holders = new ArrayList<Holder>();
            for (var holder : row.get("holders").values()) {
                holders.add(new Holder(
                        parsed.computeIfAbsent(holder.get(0).asString(), RecordKey::parse),
                        holder.get(1).asString(),
                        RecordState.valueOf(holder.get(2).asString())));
            }
            claimed.put(
                    value,
                    new BlockKey(
                            value,
                            row.get("records").asLong(),
                            row.get("generic").asBoolean(),
                            holders));
        }
        return claimed;
    }

    @Override
    public void assign(Map<RecordKey, ? extends Set<String>> keysByRecord) {
        queries.requireWriting();
        keysByRecord.keySet().forEach(records::tied);
        var missing = new TreeMap<String, Set<String>>();
        keysByRecord.forEach((record, keys) -> missing.put(record.toString(), new TreeSet<>(keys)));
        var known = missing.keySet().stream()
                .filter(key -> !records.bare(key) || given.contains(key))
                .toList();
        var removed = new ArrayList<Map<String, Object>>();
        for (var row : queries.list(Cypher.FIND_ASSIGNED_KEYS, "keys", known)) {
            var record = row.get("key").asString();
            for (var value : row.get("values").values()) {
                if (!missing.get(record).remove(value.asString())) {
                    removed.add(Map.of("key", record, "value", value.asString()));
                }
            }
        }
        queries.list(Cypher.REMOVE_BLOCK_KEYS, "rows", removed);
        given.addAll(missing.keySet());
        missing.values().removeIf(Set::isEmpty);
        if (missing.isEmpty()) return;
        var places = new TreeMap<String, List<Integer>>();
        int place = 0;
        for (var keys : missing.values()) {
            for (var key : keys) {
                places.computeIfAbsent(key, k -> new ArrayList<>()).add(place);
            }
            place++;
        }
        var stored = queries.count(
                Cypher.ADD_BLOCK_KEYS, "added", rows(places), Map.of("keys", List.copyOf(missing.keySet())));
        var wanted = missing.values().stream().mapToLong(Set::size).sum();
        if (stored != wanted) {
            throw new IllegalStateException("only " + stored + " of " + wanted
                    + " block keys were given: a record is not stored, or a key was not claimed");
        }
    }

    /** Places of records by block key, as parameters. */
    static List<Map<String, Object>> rows(SortedMap<String, List<Integer>> places) {
        var rows = new ArrayList<Map<String, Object>>();
        places.forEach((value, of) -> rows.add(Map.of("value", value, "places", of)));
        return rows;
    }

    @Override
    public Map<RecordKey, Set<String>> of(Collection<RecordKey> records) {
        var of = new HashMap<RecordKey, Set<String>>();
        for (var row : queries.list(Cypher.FIND_ASSIGNED_KEYS, "keys", RecordNodes.keys(records))) {
            var values = new TreeSet<>(row.get("values").asList(Value::asString));
            of.put(RecordKey.parse(row.get("key").asString()), values);
        }
        return of;
    }

    @Override
    public void markGeneric(Collection<String> keys) {
        queries.list(Cypher.MARK_GENERIC, "keys", keys.stream().sorted().toList());
    }

    @Override
    public void unmarkGeneric(Collection<String> keys) {
        queries.list(Cypher.UNMARK_GENERIC, "keys", keys.stream().sorted().toList());
    }

    @Override
    public List<RecordKey> holders(String key, int limit) {
        return queries.list(Cypher.LIST_HOLDERS, Map.of("value", key, "limit", limit)).stream()
                .map(row -> RecordKey.parse(row.get("key").asString()))
                .toList();
    }

    @Override
    public List<Near> near(Collection<String> keys, int limit) {
        var near = new LinkedHashMap<RecordKey, Near>(); // a record can be in two batches
        for (var row : queries.list(Cypher.LIST_NEAR, "keys", keys, Map.of("limit", limit))) {
            var record = RecordNodes.record(row.get("record"));
            near.put(record.key(), new Near(record, row.get("id").asString(null)));
        }
        return List.copyOf(near.values());
    }

    @Override
    public Map<String, BlockKey> find(Collection<String> keys) {
        var found = new LinkedHashMap<String, BlockKey>();
        for (var row : queries.list(Cypher.FIND_BLOCK_KEYS, "keys", keys)) {
            var value = row.get("value").asString();
            boolean generic = row.get("generic").asBoolean();
            found.put(value, new BlockKey(value, row.get("records").asLong(), generic, List.of()));
        }
        return found;
    }

    @Override
    public List<BlockKey> generic(int limit) {
        return queries.list(Cypher.LIST_GENERIC, Map.of("limit", limit)).stream()
                .map(row -> new BlockKey(
                        row.get("value").asString(), row.get("records").asLong(), true, List.of()))
                .toList();
    }
}
