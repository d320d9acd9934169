package io.kintsugi.graph;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Page;
import io.kintsugi.core.store.Records;
import java.time.Instant;
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
import org.neo4j.driver.Record;

final class GraphRecords implements Records {
    private static final Comparator<Count> COUNT_ORDER =
            Comparator.comparing(Count::system).thenComparing(Count::entityType).thenComparing(Count::state);

    private final GraphQueries queries;
    /** Looked for in this transaction and not found. */
    private final Set<RecordKey> absent = new HashSet<>();
    /** Locked in this transaction, and nothing was tied to them then. */
    private final Set<String> bare = new HashSet<>();
    /** Created in this transaction, so nobody else sees them, and neither changed nor tied to anything since. */
    private final Map<RecordKey, SourceRecord> fresh = new HashMap<>();
    /** Created in this transaction and never marked as waiting. */
    private final Set<RecordKey> unmarked = new HashSet<>();

    GraphRecords(GraphQueries queries) {
        this.queries = queries;
    }

    @Override
    public Map<RecordKey, SourceRecord> find(Collection<RecordKey> keys) {
        var found = new LinkedHashMap<RecordKey, SourceRecord>();
        for (var row : queries.list(Cypher.FIND_RECORDS, "keys", RecordNodes.keys(keys))) {
            var record = RecordNodes.record(row.get("properties"));
            found.put(record.key(), record);
        }
        miss(keys, found.keySet());
        return found;
    }

    @Override
    public Map<RecordKey, SourceRecord> lock(SortedSet<RecordKey> keys) {
        var found = new LinkedHashMap<RecordKey, SourceRecord>();
        hold(keys).forEach((key, seen) -> found.put(key, seen.record()));
        return found;
    }

    @Override
    public Map<RecordKey, Seen> look(Collection<RecordKey> keys) {
        return seen(Cypher.LOOK_AT_RECORDS, keys);
    }

    @Override
    public Map<RecordKey, Seen> hold(SortedSet<RecordKey> keys) {
        var held = seen(Cypher.LOCK_RECORDS, keys);
        held.forEach((key, seen) -> {
            if (seen.untouched()) bare.add(key.toString());
        });
        miss(keys, held.keySet());
        return held;
    }

    private Map<RecordKey, Seen> seen(Cypher query, Collection<RecordKey> keys) {
        var seen = new LinkedHashMap<RecordKey, Seen>();
        var stored = new ArrayList<String>();
        for (var key : keys) {
            var record = fresh.get(key);
            if (record == null) stored.add(key.toString());
            else seen.put(key, new Seen(record, !unmarked.contains(key), true));
        }
        for (var row : queries.list(query, "keys", stored)) {
            var record = RecordNodes.record(row.get("properties"));
            seen.put(
                    record.key(),
                    new Seen(
                            record,
                            row.get("pending").asBoolean(),
                            row.get("untouched").asBoolean()));
        }
        return seen;
    }

    private void miss(Collection<RecordKey> asked, Set<RecordKey> found) {
        if (queries.hopeful()) {
            absent.addAll(asked);
            absent.removeAll(found);
        }
    }

    /** Something was tied to a record in this transaction. */
    void tied(RecordKey key) {
        fresh.remove(key);
    }

    /** Whether no other transaction had tied anything to a record when this one locked it; so only this one can have since. */
    boolean bare(String key) {
        return bare.contains(key);
    }

    @Override
    public void save(Collection<SourceRecord> records, Instant at) {
        var created = new ArrayList<Map<String, Object>>();
        var others = new ArrayList<Map<String, Object>>();
        records.stream()
                .sorted(Comparator.comparing(SourceRecord::key)) // writers meet in one order, so they do not deadlock
                .forEach(record -> {
                    boolean absentBefore = absent.remove(record.key());
                    (absentBefore ? created : others).add(RecordNodes.row(record, at));
                    fresh.remove(record.key());
                    if (absentBefore) {
                        fresh.put(record.key(), record);
                        unmarked.add(record.key());
                    }
                });
        queries.list(Cypher.CREATE_RECORDS, "rows", created);
        queries.list(Cypher.SAVE_RECORDS, "rows", others);
    }

    @Override
    public void markPending(Collection<RecordKey> keys) {
        unmarked.removeAll(Set.copyOf(keys));
        queries.list(Cypher.MARK_PENDING, "keys", sorted(keys));
    }

    @Override
    public void clearPending(Collection<RecordKey> keys) {
        queries.list(
                Cypher.CLEAR_PENDING,
                "keys",
                sorted(keys.stream().filter(key -> !unmarked.contains(key)).toList()));
    }

    private static List<String> sorted(Collection<RecordKey> keys) {
        return keys.stream().sorted().map(RecordKey::toString).toList();
    }

    @Override
    public List<RecordKey> pending(int limit) {
        return keys(queries.list(Cypher.FIND_PENDING, Map.of("limit", limit)));
    }

    @Override
    public Set<RecordKey> stillPending(Collection<RecordKey> keys) {
        return new HashSet<>(keys(queries.list(Cypher.FIND_STILL_PENDING, "keys", RecordNodes.keys(keys))));
    }

    @Override
    public void retain(Map<RecordKey, Map<String, Retained>> fields) {
        var rows = new ArrayList<Map<String, Object>>();
        new TreeMap<>(fields).forEach((key, kept) -> {
            var row = new HashMap<String, Object>();
            row.put("key", key.toString());
            row.put("unmapped", kept.isEmpty() ? null : RecordNodes.unmapped(kept));
            rows.add(row);
        });
        queries.list(Cypher.RETAIN_FIELDS, "rows", rows);
    }

    @Override
    public Map<RecordKey, Map<String, Retained>> retained(Collection<RecordKey> keys) {
        var retained = new HashMap<RecordKey, Map<String, Retained>>();
        for (var row : queries.list(Cypher.FIND_RETAINED, "keys", RecordNodes.keys(keys))) {
            retained.put(
                    RecordKey.parse(row.get("key").asString()),
                    RecordNodes.retained(row.get("unmapped").asString()));
        }
        return retained;
    }

    @Override
    public Map<At, Map<String, String>> former(Collection<At> asked) {
        var rows = new HashSet<>(asked)
                .stream()
                        .map(one ->
                                Map.<String, Object>of("key", one.record().toString(), "at", Times.stored(one.at())))
                        .toList();
        var former = new HashMap<At, Map<String, String>>();
        for (var row : queries.list(Cypher.FIND_FORMER, "rows", rows)) {
            former.put(
                    new At(RecordKey.parse(row.get("key").asString()), Times.instant(row.get("at"))),
                    RecordNodes.attributes(row.get("properties")));
        }
        return former;
    }

    private static List<RecordKey> keys(List<Record> rows) {
        var keys = new ArrayList<RecordKey>();
        for (var row : rows) {
            keys.add(RecordKey.parse(row.get("key").asString()));
        }
        return keys;
    }

    @Override
    public List<Revision> revisions(RecordKey key, int limit) {
        return queries.list(Cypher.LIST_REVISIONS, Map.of("key", key.toString(), "limit", limit)).stream()
                .map(row -> row.get("properties"))
                .map(former -> new Revision(Times.instant(former.get("updatedAt")), RecordNodes.attributes(former)))
                .toList();
    }

    @Override
    public List<Count> counts() {
        return queries.list(Cypher.COUNT_RECORDS, Map.of()).stream()
                .map(row -> new Count(
                        row.get("system").asString(),
                        row.get("type").asString(),
                        RecordState.valueOf(row.get("state").asString()),
                        row.get("records").asLong()))
                .sorted(COUNT_ORDER)
                .toList();
    }

    @Override
    public Page<SourceRecord> list(String system, String entityType, String cursor, int limit) {
        var prefix = system + ":" + entityType + ":";
        var end = system + ":" + entityType + ";"; // the sign behind the colon
        var after = cursor == null ? prefix : PageCursor.parse(cursor).id();
        var found =
                queries
                        .list(Cypher.LIST_RECORDS, Map.of("after", after, "end", end, "limit", (long) limit + 1))
                        .stream()
                        .map(row -> RecordNodes.record(row.get("properties")))
                        .toList();
        return PageCursor.cut(
                found, limit, last -> new PageCursor("", last.key().toString()));
    }
}
