package io.kintsugi.graph;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Goldens;
import io.kintsugi.core.store.Page;
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
import org.neo4j.driver.Value;

final class GraphGoldens implements Goldens {
    private static final String FEED = "feed";

    private final GraphQueries queries;
    private final NumberBlock versions;
    /** Not yet in history and feed: numbers are taken as late as possible, because that makes other writers wait. */
    private final List<GoldenRevision> waiting = new ArrayList<>();

    private final GraphRecords records;
    /** Put into a golden in this transaction. */
    private final Set<String> seated = new HashSet<>();

    GraphGoldens(GraphQueries queries, GraphRecords records, NumberBlock versions) {
        this.queries = queries;
        this.records = records;
        this.versions = versions;
    }

    @Override
    public void claim(SortedSet<String> ids) {
        queries.list(Cypher.CLAIM_GOLDENS, "ids", ids);
    }

    @Override
    public Map<String, GoldenRecord> find(Collection<String> ids) {
        var found = new LinkedHashMap<String, GoldenRecord>();
        for (var row : queries.list(Cypher.FIND_GOLDENS, "ids", ids)) {
            var golden = golden(row);
            found.put(golden.id(), golden);
        }
        return found;
    }

    @Override
    public List<String> due(Instant now, int limit) {
        return queries.list(Cypher.FIND_DUE_GOLDENS, Map.of("now", Times.stored(now), "limit", limit)).stream()
                .map(row -> row.get("id").asString())
                .toList();
    }

    private static GoldenRecord golden(Record row) {
        return GoldenNodes.golden(row.get("properties"), row.get("redirectsTo"));
    }

    @Override
    public Map<String, String> currentIds(Collection<String> ids) {
        var found = new LinkedHashMap<String, String>();
        ids.forEach(id -> found.put(id, id));
        for (var row : queries.list(Cypher.FIND_CURRENT_IDS, "ids", found.keySet())) {
            found.put(row.get("id").asString(), row.get("current").asString());
        }
        return found;
    }

    @Override
    public Map<RecordKey, String> goldenOf(Collection<RecordKey> records) {
        var found = new HashMap<RecordKey, String>();
        goldenOfKeys(RecordNodes.keys(records)).forEach((key, id) -> found.put(RecordKey.parse(key), id));
        return found;
    }

    private Map<String, String> goldenOfKeys(List<String> keys) {
        var found = new HashMap<String, String>();
        for (var row : queries.list(Cypher.FIND_GOLDEN_OF, "keys", keys)) {
            found.put(row.get("key").asString(), row.get("id").asString());
        }
        return found;
    }

    @Override
    public Map<String, List<Member>> members(Collection<String> goldenIds) {
        var members = new LinkedHashMap<String, List<Member>>();
        goldenIds.forEach(id -> members.put(id, new ArrayList<>()));
        for (var row : queries.list(Cypher.FIND_MEMBERS, "ids", members.keySet())) {
            var id = row.get("id").asString();
            var record = RecordNodes.record(row.get("record"));
            members.get(id).add(new Member(membership(record.key(), id, row.get("membership")), record));
        }
        members.values()
                .forEach(list ->
                        list.sort(Comparator.comparing(member -> member.record().key())));
        return members;
    }

    private static List<String> strings(Value list) {
        return list.isNull() ? List.of() : list.asList(Value::asString);
    }

    private static Membership membership(RecordKey record, String id, Value properties) {
        return new Membership(
                record,
                id,
                Times.instant(properties.get("since")),
                Origin.valueOf(properties.get("origin").asString()),
                new HashSet<>(strings(properties.get("contributes"))));
    }

    @Override
    public void save(Collection<GoldenRecord> goldens, List<GoldenRevision> revisions) {
        var fresh = new ArrayList<Map<String, Object>>();
        var others = new ArrayList<Map<String, Object>>();
        goldens.stream()
                .sorted(Comparator.comparing(GoldenRecord::id))
                .forEach(golden ->
                        (queries.hopeful() && golden.revision() == 1 ? fresh : others).add(GoldenNodes.row(golden)));
        queries.list(Cypher.CREATE_GOLDENS, "rows", fresh);
        var redirecting = queries.list(Cypher.SAVE_GOLDENS, "rows", others).stream()
                .map(row -> row.get("redirecting").asString())
                .toList();
        queries.list(Cypher.REMOVE_REDIRECTS, "ids", redirecting);
        var redirects = goldens.stream()
                .filter(golden -> golden.redirectsTo() != null)
                .map(golden -> Map.of("id", golden.id(), "target", golden.redirectsTo()))
                .toList();
        queries.store(Cypher.ADD_REDIRECTS, "added", redirects);
        waiting.addAll(revisions);
    }

    /** Puts what waits into history and feed. From here until commit no other writer can do the same. */
    void appendRevisions() {
        if (waiting.isEmpty()) {
            return;
        }
        var rows = new ArrayList<Map<String, Object>>();
        for (var revision : waiting) {
            rows.add(GoldenNodes.row(revision, rows.size() + 1));
        }
        waiting.clear();
        long added = queries.count(Cypher.APPEND_REVISIONS, "added", Map.of("rows", rows));
        if (added != rows.size()) {
            throw new IllegalStateException(
                    "history took " + added + " of " + rows.size() + " revisions: a golden of them is not stored");
        }
    }

    @Override
    public void assign(Collection<Membership> memberships) {
        var now = goldenOfKeys(memberships.stream()
                .map(membership -> membership.record().toString())
                .filter(key -> !records.bare(key) || seated.contains(key))
                .toList());
        var leaving = new ArrayList<String>();
        var added = new ArrayList<Map<String, Object>>();
        var updated = new ArrayList<Map<String, Object>>();
        var sorted = memberships.stream()
                .sorted(Comparator.comparing(Membership::goldenId).thenComparing(Membership::record))
                .toList();
        for (var membership : sorted) {
            var key = membership.record().toString();
            records.tied(membership.record());
            seated.add(key);
            var former = now.get(key);
            (membership.goldenId().equals(former) ? updated : added).add(row(membership));
            if (former != null && !former.equals(membership.goldenId())) {
                leaving.add(key);
            }
        }
        queries.list(Cypher.REMOVE_MEMBERSHIPS, "keys", leaving);
        queries.list(Cypher.UPDATE_MEMBERSHIPS, "rows", updated);
        queries.store(Cypher.ADD_MEMBERSHIPS, "added", added);
    }

    static Map<String, Object> row(Membership membership) {
        return Map.of(
                "key",
                membership.record().toString(),
                "id",
                membership.goldenId(),
                "properties",
                Map.of(
                        "since",
                        Times.stored(membership.since()),
                        "origin",
                        membership.origin().name(),
                        "contributes",
                        membership.contributes().stream().sorted().toList()));
    }

    @Override
    public long reserveVersions(int count) {
        queries.requireWriting();
        return versions.take(count);
    }

    @Override
    public Page<GoldenRecord> list(Filter filter, String cursor, int limit) {
        return new GoldenList(queries, filter).page(cursor, limit);
    }

    @Override
    public Map<String, Long> counts() {
        var counts = new TreeMap<String, Long>();
        for (var row : queries.list(Cypher.COUNT_GOLDENS, Map.of())) {
            counts.put(row.get("type").asString(), row.get("goldens").asLong());
        }
        return counts;
    }

    @Override
    public List<GoldenRevision> history(String id, int limit) {
        appendRevisions();
        return revisions(queries.list(Cypher.LIST_HISTORY, Map.of("id", id, "limit", limit)));
    }

    @Override
    public List<GoldenRevision> feed(long after, int limit) {
        appendRevisions();
        return revisions(queries.list(Cypher.LIST_FEED, Map.of("after", after, "limit", limit)));
    }

    private static List<GoldenRevision> revisions(List<Record> rows) {
        return rows.stream()
                .map(row -> GoldenNodes.revision(row.get("properties")))
                .toList();
    }

    @Override
    public long feedEnd() {
        appendRevisions();
        var found = queries.list(Cypher.FIND_SEQUENCE, Map.of("name", FEED));
        return found.isEmpty() ? 0 : found.get(0).get("value").asLong();
    }
}
