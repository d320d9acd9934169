package io.kintsugi.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.MergeEvent.Move;
import io.kintsugi.core.model.MergeEvent.Pair;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Merges;
import io.kintsugi.core.store.Page;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;

final class GraphMerges implements Merges {
    private final GraphQueries queries;

    GraphMerges(GraphQueries queries) {
        this.queries = queries;
    }

    @Override
    public void save(Collection<MergeEvent> events) {
        var rows = new ArrayList<Map<String, Object>>();
        var survivors = new ArrayList<Map<String, Object>>();
        var absorbed = new ArrayList<Map<String, Object>>();
        var moves = new ArrayList<Map<String, Object>>();
        for (var event : events) {
            var id = event.id();
            rows.add(Map.of("id", id, "properties", properties(event)));
            survivors.add(Map.of("id", id, "golden", event.survivor()));
            event.absorbed().forEach(golden -> absorbed.add(Map.of("id", id, "golden", golden)));
            int place = 0;
            for (var move : event.moved()) {
                moves.add(Map.of(
                        "id",
                        id,
                        "key",
                        move.record().toString(),
                        "from",
                        move.from(),
                        "to",
                        event.survivor(),
                        "place",
                        place++));
            }
        }
        queries.list(Cypher.SAVE_MERGES, "rows", rows);
        queries.store(Cypher.ADD_SURVIVORS, "added", survivors);
        queries.store(Cypher.ADD_ABSORBED, "added", absorbed);
        queries.store(Cypher.ADD_MOVES, "added", moves);
    }

    private static Map<String, Object> properties(MergeEvent event) {
        var properties = new HashMap<String, Object>();
        properties.put("id", event.id());
        properties.put("type", event.entityType());
        properties.put("survivor", event.survivor());
        properties.put("absorbed", event.absorbed());
        properties.put("links", links(event.links()));
        properties.put("origin", event.origin().name());
        properties.put("by", event.by());
        properties.put("note", event.note());
        properties.put("at", Times.stored(event.at()));
        properties.put("undoneAt", Times.stored(event.undoneAt()));
        properties.put("undoneBy", event.undoneBy());
        properties.put("policies", event.policies());
        return properties;
    }

    private static String links(List<Pair> pairs) {
        return Json.write(pairs.stream()
                .map(pair -> List.of(pair.a().toString(), pair.b().toString()))
                .toList());
    }

    private static List<Pair> links(JsonNode written) {
        var pairs = new ArrayList<Pair>();
        for (var pair : written) {
            pairs.add(new Pair(
                    RecordKey.parse(pair.get(0).asText()),
                    RecordKey.parse(pair.get(1).asText())));
        }
        return pairs;
    }

    private static MergeEvent event(Record row) {
        Value properties = row.get("properties");
        return new MergeEvent(
                properties.get("id").asString(),
                properties.get("type").asString(),
                properties.get("survivor").asString(),
                properties.get("absorbed").asList(Value::asString),
                row.get("moved").asList(GraphMerges::move),
                links(Json.read(properties.get("links").asString())),
                Origin.valueOf(properties.get("origin").asString()),
                properties.get("by").asString(null),
                properties.get("note").asString(null),
                Times.instant(properties.get("at")),
                Times.instant(properties.get("undoneAt")),
                properties.get("undoneBy").asString(null),
                properties.get("policies").asString(null));
    }

    private static Move move(Value keyAndFrom) {
        return new Move(
                RecordKey.parse(keyAndFrom.get(0).asString()), keyAndFrom.get(1).asString());
    }

    @Override
    public Optional<MergeEvent> find(String id) {
        return queries.list(Cypher.FIND_MERGE, Map.of("id", id)).stream()
                .map(GraphMerges::event)
                .findFirst();
    }

    @Override
    public List<MergeEvent> ofGolden(String goldenId) {
        return queries.list(Cypher.FIND_MERGES_OF_GOLDEN, Map.of("id", goldenId)).stream()
                .map(GraphMerges::event)
                .toList();
    }

    @Override
    public List<Former> formerGoldens(Collection<RecordKey> records) {
        var found = new LinkedHashMap<String, Former>(); // records of one golden may lie in two batches
        for (var row : queries.list(Cypher.FIND_FORMER_GOLDENS, "keys", RecordNodes.keys(records))) {
            var id = row.get("id").asString();
            found.put(
                    id,
                    new Former(
                            id,
                            new TreeSet<>(RecordNodes.parsed(row.get("keys"))),
                            Times.instant(row.get("mergedAt"))));
        }
        return found.values().stream()
                .sorted(Comparator.comparing(Former::mergedAt)
                        .thenComparing(Former::goldenId)
                        .reversed())
                .toList();
    }

    @Override
    public List<MergeEvent> thatMoved(RecordKey record) {
        return queries.list(Cypher.TRACE_RECORD, Map.of("key", record.toString())).stream()
                .map(GraphMerges::event)
                .toList();
    }

    @Override
    public List<MergeEvent> lineage(String goldenId) {
        return queries.list(Cypher.FIND_MERGE_LINEAGE, Map.of("id", goldenId)).stream()
                .map(GraphMerges::event)
                .toList();
    }

    @Override
    public Page<MergeEvent> list(String cursor, int limit) {
        return list(Cypher.LIST_MERGES, PageCursor.before(cursor, limit), limit);
    }

    @Override
    public Page<MergeEvent> listOldestFirst(String cursor, int limit) {
        return list(Cypher.LIST_MERGES_OLDEST_FIRST, PageCursor.after(cursor, limit), limit);
    }

    private Page<MergeEvent> list(Cypher query, Map<String, Object> place, int limit) {
        var found = queries.list(query, place).stream().map(GraphMerges::event).toList();
        return PageCursor.cut(found, limit, event -> PageCursor.of(event.at(), event.id()));
    }
}
