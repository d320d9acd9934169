package io.kintsugi.graph;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.store.Erasures.Remains;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.neo4j.driver.Record;

/** Takes out of the graph whatever holds a value of some records, or leads to them. */
final class GraphRemoval {
    private final GraphQueries queries;
    private final GraphGoldens goldens;

    GraphRemoval(GraphQueries queries, GraphGoldens goldens) {
        this.queries = queries;
        this.goldens = goldens;
    }

    Map<String, Long> remove(Remains remains) {
        goldens.appendRevisions(); // of this transaction too nothing is left
        var keys =
                remains.records().stream().sorted().map(key -> key.toString()).toList();
        var quoted = keys.stream().map(Json::write).toList();
        var ids = remains.goldens().stream().sorted().toList();
        var texts = remains.texts().stream().sorted().toList();
        var counts = new TreeMap<String, Long>();
        count(counts, "reviews", Cypher.REMOVE_REVIEWS, Map.of("keys", keys, "goldens", ids, "texts", texts));
        count(counts, "outboundChanges", Cypher.REMOVE_CHANGES, Map.of("keys", keys, "goldens", ids));
        count(counts, "deletions", Cypher.REMOVE_DELETIONS, Map.of("keys", keys, "goldens", ids));
        count(counts, "merges", Cypher.REMOVE_MERGES, Map.of("keys", keys, "goldens", ids));
        count(counts, "links", Cypher.REMOVE_LINKS, Map.of("keys", keys));
        count(counts, "answers", Cypher.REMOVE_ANSWERS, Map.of("texts", texts));
        var blocks = new TreeSet<>(remains.blockKeys());
        for (var row : queries.list(Cypher.FIND_ASSIGNED_KEYS, "keys", keys)) {
            row.get("values").asList(value -> blocks.add(value.asString()));
        }
        count(counts, "goldenHistory", Cypher.REMOVE_HISTORIES, Map.of("goldens", ids, "keys", keys, "quoted", quoted));
        var records = queries.list(Cypher.REMOVE_RECORDS, Map.of("keys", keys));
        counts.put("records", sum(records, "removed"));
        counts.put("formerRecordValues", sum(records, "former"));
        count(counts, "blockKeys", Cypher.REMOVE_UNHELD_KEYS, Map.of("values", List.copyOf(blocks)));
        counts.put("goldens", empty(remains, ids, quoted));
        counts.values().removeIf(count -> count == 0);
        return counts;
    }

    private void count(Map<String, Long> counts, String what, Cypher query, Map<String, Object> parameters) {
        counts.put(what, sum(queries.list(query, parameters), "removed"));
    }

    private static long sum(List<Record> rows, String column) {
        return rows.stream().mapToLong(row -> row.get(column).asLong()).sum();
    }

    private long empty(Remains remains, List<String> ids, List<String> quoted) {
        var save = new ArrayList<GoldenRecord>();
        for (var row : queries.list(Cypher.FIND_LEFT_BEHIND, Map.of("quoted", quoted))) {
            var golden = GoldenNodes.golden(row.get("properties"), row.get("redirectsTo"));
            if (!remains.goldens().contains(golden.id())) save.add(golden.withoutValues(golden.state(), remains.at()));
        }
        var revisions = new ArrayList<GoldenRevision>();
        for (var golden : goldens.find(ids).values()) {
            save.add(golden.withoutValues(GoldenState.ERASED, remains.at()));
            revisions.add(new GoldenRevision(
                    golden.id(),
                    golden.entityType(),
                    0,
                    golden.revision() + 1,
                    remains.at(),
                    Cause.ERASED,
                    List.of(),
                    List.of(),
                    List.of(),
                    null,
                    remains.policies()));
        }
        goldens.save(save, revisions);
        return revisions.size();
    }
}
