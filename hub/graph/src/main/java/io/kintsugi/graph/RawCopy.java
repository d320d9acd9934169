package io.kintsugi.graph;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Goldens.Filter;
import io.kintsugi.core.store.Page;
import io.kintsugi.core.store.Records.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.neo4j.driver.Value;

/**
 * Writes what ingest stored once more, by the bare driver, one thread and large batches: how long the same nodes and relationships
 * take when nothing is decided. The copy has records, block keys, goldens, memberships, revisions and links of contacts. Used once.
 */
public final class RawCopy {
    private static final int BATCH = 2000;
    private final GraphHubStore from;
    private final GraphHubStore to;
    private long nanos;

    /**
     * @param from what to copy
     * @param to an empty graph, left full
     */
    public RawCopy(GraphHubStore from, GraphHubStore to) {
        this.from = from;
        this.to = to;
    }

    /** Copies, and returns how long the writes took. Reading and preparing do not count. */
    public Duration run() {
        List<Count> counts = from.read(tx -> tx.records().counts());
        for (var count : counts) records(count);
        goldens();
        revisions();
        for (var count : counts) links(count);
        return Duration.ofNanos(nanos);
    }

    private void write(Cypher query, String parameter, List<?> rows) {
        if (!rows.isEmpty()) write(query, Map.of(parameter, rows));
    }

    private void write(Cypher query, Map<String, Object> parameters) {
        long begin = System.nanoTime();
        try (var session = to.driver().session()) {
            session.executeWriteWithoutResult(
                    tx -> tx.run(query.text(), parameters).consume());
        }
        nanos += System.nanoTime() - begin;
    }

    private Page<SourceRecord> page(Count count, String cursor) {
        return from.read(tx -> tx.records().list(count.system(), count.entityType(), cursor, BATCH));
    }

    private void records(Count count) {
        String cursor = null;
        do {
            var page = page(count, cursor);
            var rows = new ArrayList<Object>();
            for (var record : page.items())
                rows.add(RecordNodes.row(record, null).get("properties"));
            write(Cypher.CREATE_RAW_RECORDS, "rows", rows);
            keys(page.items());
            cursor = page.next();
        } while (cursor != null);
    }

    private void keys(List<SourceRecord> records) {
        var keys = records.stream().map(record -> record.key().toString()).toList();
        var values = new TreeMap<String, List<Integer>>();
        var holders = new ArrayList<String>();
        try (var session = from.driver().session()) {
            var found = session.executeRead(tx -> tx.run(Cypher.FIND_ASSIGNED_KEYS.text(), Map.of("keys", keys))
                    .list());
            for (var row : found) {
                var held = row.get("values").asList(Value::asString);
                held.forEach(value ->
                        values.computeIfAbsent(value, v -> new ArrayList<>()).add(holders.size()));
                holders.add(row.get("key").asString());
            }
        }
        write(Cypher.MERGE_RAW_KEYS, Map.of("keys", List.copyOf(values.keySet())));
        write(Cypher.ADD_BLOCK_KEYS, Map.of("keys", holders, "rows", GraphBlocks.rows(values)));
    }

    private void goldens() {
        var all = new Filter(null, null, null, null, Map.of(), 0, "id", false);
        String cursor = null;
        do {
            var place = cursor;
            Page<GoldenRecord> page = from.read(tx -> tx.goldens().list(all, place, BATCH));
            var rows = new ArrayList<Object>();
            for (var golden : page.items()) rows.add(GoldenNodes.row(golden).get("properties"));
            write(Cypher.CREATE_RAW_GOLDENS, "rows", rows);
            var ids = page.items().stream().map(GoldenRecord::id).toList();
            var memberships = new ArrayList<Map<String, Object>>();
            from.read(tx -> tx.goldens().members(ids))
                    .values()
                    .forEach(members ->
                            members.forEach(member -> memberships.add(GraphGoldens.row(member.membership()))));
            write(Cypher.ADD_MEMBERSHIPS, "rows", memberships);
            cursor = page.next();
        } while (cursor != null);
    }

    private void revisions() {
        long after = 0;
        while (true) {
            long place = after;
            List<GoldenRevision> page = from.read(tx -> tx.goldens().feed(place, BATCH));
            if (page.isEmpty()) return;
            var rows = new ArrayList<Map<String, Object>>();
            for (var revision : page) {
                var row = GoldenNodes.row(revision, 1);
                var properties = new HashMap<String, Object>();
                ((Map<?, ?>) row.get("properties")).forEach((name, value) -> properties.put(name.toString(), value));
                properties.put("sequence", revision.sequence());
                rows.add(Map.of("id", revision.goldenId(), "properties", properties));
            }
            write(Cypher.CREATE_RAW_REVISIONS, "rows", rows);
            after = page.get(page.size() - 1).sequence();
        }
    }

    private void links(Count count) {
        String cursor = null;
        do {
            var page = page(count, cursor);
            var keys = new HashSet<RecordKey>();
            for (var record : page.items()) keys.add(record.key());
            List<Link> links = from.read(tx -> tx.links().of(keys));
            var rows = links.stream()
                    .filter(link -> keys.contains(link.a())) // each once, by its first end
                    .map(GraphLinks::row)
                    .toList();
            write(Cypher.CREATE_LINKS, "rows", rows);
            cursor = page.next();
        } while (cursor != null);
    }
}
