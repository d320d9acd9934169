package io.kintsugi.graph;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.neo4j.driver.Record;
import org.neo4j.driver.TransactionContext;

/** What a graph without records holds, to be put into another one: documents, runs, positions. */
record Contents(List<Map<String, Object>> nodes, List<Map<String, Object>> ties) {
    static Contents read(TransactionContext tx) {
        var queries = new GraphQueries(tx, false, false, query -> {});
        return new Contents(rows(queries, Cypher.LIST_CONTENTS), rows(queries, Cypher.LIST_TIES));
    }

    private static List<Map<String, Object>> rows(GraphQueries queries, Cypher query) {
        return queries.list(query, Map.of()).stream().map(Record::asMap).toList();
    }

    /** @param sequences the last number of each that was given */
    void write(TransactionContext tx, Map<String, Long> sequences) {
        var queries = new GraphQueries(tx, true, false, query -> {});
        var ids = new HashMap<Object, Object>();
        for (var row : queries.list(Cypher.COPY_CONTENTS, "rows", nodes)) {
            ids.put(row.get("former").asString(), row.get("id").asString());
        }
        var moved = new ArrayList<Map<String, Object>>();
        for (var tie : ties) {
            var row = new HashMap<>(tie);
            row.computeIfPresent("from", (name, id) -> ids.get(id));
            row.computeIfPresent("to", (name, id) -> ids.get(id));
            moved.add(row);
        }
        queries.store(Cypher.COPY_TIES, "tied", moved);
        sequences.forEach((name, last) -> {
            if (last > 0) queries.list(Cypher.RESERVE_NUMBERS, Map.of("name", name, "count", last));
        });
    }
}
