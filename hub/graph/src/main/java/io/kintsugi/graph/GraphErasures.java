package io.kintsugi.graph;

import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.Erasure.ErasureState;
import io.kintsugi.core.store.Erasures;
import io.kintsugi.core.store.Page;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import org.neo4j.driver.Record;

final class GraphErasures implements Erasures {
    private final GraphQueries queries;
    private final GraphRemoval removal;

    GraphErasures(GraphQueries queries, GraphGoldens goldens) {
        this.queries = queries;
        removal = new GraphRemoval(queries, goldens);
    }

    @Override
    public Optional<String> secret() {
        return queries.list(Cypher.FIND_SECRET, Map.of()).stream()
                .map(row -> row.get("value").asString())
                .findFirst();
    }

    @Override
    public String keepSecret(String candidate) {
        return queries.list(Cypher.KEEP_SECRET, Map.of("candidate", candidate))
                .get(0)
                .get("value")
                .asString();
    }

    @Override
    public void save(Collection<Erasure> erasures) {
        queries.list(
                Cypher.SAVE_ERASURES,
                "rows",
                erasures.stream()
                        .sorted(Comparator.comparing(Erasure::id))
                        .map(ErasureNodes::row)
                        .toList());
    }

    private static List<Erasure> erasures(List<Record> rows) {
        return rows.stream()
                .map(row -> ErasureNodes.erasure(row.get("properties")))
                .toList();
    }

    @Override
    public Map<String, Erasure> find(Collection<String> ids) {
        var found = new LinkedHashMap<String, Erasure>();
        for (var erasure : erasures(queries.list(Cypher.FIND_ERASURES, "ids", ids))) {
            found.put(erasure.id(), erasure);
        }
        return found;
    }

    @Override
    public Map<String, Erasure> lock(SortedSet<String> ids) {
        queries.list(Cypher.LOCK_ERASURES, "ids", ids);
        return find(ids);
    }

    @Override
    public List<Erasure> open() {
        return erasures(queries.list(Cypher.FIND_OPEN_ERASURES, Map.of()));
    }

    @Override
    public Optional<Erasure> ofGolden(String goldenId) {
        return erasures(queries.list(Cypher.FIND_ERASURE_OF_GOLDEN, Map.of("id", goldenId))).stream()
                .findFirst();
    }

    @Override
    public Page<Erasure> list(ErasureState state, String cursor, int limit) {
        return list(Cypher.LIST_ERASURES, state, PageCursor.before(cursor, limit), limit);
    }

    @Override
    public Page<Erasure> listOldestFirst(ErasureState state, String cursor, int limit) {
        return list(Cypher.LIST_ERASURES_OLDEST_FIRST, state, PageCursor.after(cursor, limit), limit);
    }

    private Page<Erasure> list(Cypher query, ErasureState state, Map<String, Object> place, int limit) {
        var parameters = new HashMap<>(place);
        parameters.put("state", state == null ? null : state.name());
        return PageCursor.cut(
                erasures(queries.list(query, parameters)), limit, last -> PageCursor.of(last.askedAt(), last.id()));
    }

    private static String key(Suppression suppression) {
        return suppression.hash() + "|" + suppression.erasureId();
    }

    @Override
    public void suppress(Collection<Suppression> suppressions) {
        queries.list(
                Cypher.SAVE_SUPPRESSIONS,
                "rows",
                suppressions.stream()
                        .sorted()
                        .map(one -> Map.of("key", key(one), "hash", one.hash(), "erasureId", one.erasureId()))
                        .toList());
    }

    @Override
    public boolean suppressing() {
        return !queries.list(Cypher.FIND_ANY_SUPPRESSION, Map.of()).isEmpty();
    }

    @Override
    public Map<String, String> suppressed(Collection<String> hashes) {
        var found = new TreeMap<String, String>();
        for (var row : queries.list(Cypher.FIND_SUPPRESSIONS, "hashes", hashes)) {
            found.put(row.get("hash").asString(), row.get("erasureId").asString());
        }
        return found;
    }

    @Override
    public Page<Suppression> suppressions(String cursor, int limit) {
        var after = cursor == null ? "" : PageCursor.parse(cursor).id();
        var found = queries.list(Cypher.LIST_SUPPRESSIONS, Map.of("after", after, "limit", (long) limit + 1)).stream()
                .map(row -> new Suppression(
                        row.get("hash").asString(), row.get("erasureId").asString()))
                .toList();
        return PageCursor.cut(found, limit, last -> new PageCursor("", key(last)));
    }

    @Override
    public long lift(String erasureId) {
        return queries.count(Cypher.REMOVE_SUPPRESSIONS, "removed", Map.of("erasureId", erasureId));
    }

    @Override
    public void note(Collection<Blocked> blocked) {
        var rows = new ArrayList<Map<String, Object>>();
        blocked.stream().sorted(Comparator.comparing(Blocked::key)).forEach(row -> {
            var properties = new HashMap<String, Object>();
            properties.put("key", row.key());
            properties.put("erasureId", row.erasureId());
            properties.put("system", row.system());
            properties.put("stream", row.stream());
            properties.put("hash", row.hash());
            properties.put("rows", row.rows());
            properties.put("first", Times.stored(row.first()));
            properties.put("last", Times.stored(row.last()));
            rows.add(properties);
        });
        queries.list(Cypher.SAVE_BLOCKED_ROWS, "rows", rows);
    }

    @Override
    public Page<Blocked> blocked(String erasureId, String system, String cursor, int limit) {
        return blocked(Cypher.LIST_BLOCKED_ROWS, erasureId, system, PageCursor.before(cursor, limit), limit);
    }

    @Override
    public Page<Blocked> blockedOldestFirst(String erasureId, String system, String cursor, int limit) {
        return blocked(
                Cypher.LIST_BLOCKED_ROWS_OLDEST_FIRST, erasureId, system, PageCursor.after(cursor, limit), limit);
    }

    private Page<Blocked> blocked(Cypher query, String erasureId, String system, Map<String, Object> place, int limit) {
        var parameters = new HashMap<>(place);
        parameters.put("erasureId", erasureId);
        parameters.put("system", system);
        var found = queries.list(query, parameters).stream()
                .map(row -> row.get("properties"))
                .map(row -> new Blocked(
                        row.get("erasureId").asString(),
                        row.get("system").asString(),
                        row.get("stream").asString(),
                        row.get("hash").asString(),
                        row.get("rows").asLong(),
                        Times.instant(row.get("first")),
                        Times.instant(row.get("last"))))
                .toList();
        return PageCursor.cut(found, limit, last -> PageCursor.of(last.last(), last.key()));
    }

    @Override
    public Map<String, Long> remove(Remains remains) {
        return removal.remove(remains);
    }
}
