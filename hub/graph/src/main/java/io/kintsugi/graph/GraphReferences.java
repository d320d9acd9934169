package io.kintsugi.graph;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.References;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

final class GraphReferences implements References {
    /** What is named is locked when it is new: in one order, or two transactions wait for each other. */
    private static final Comparator<Map<String, Object>> LOCK_ORDER =
            Comparator.comparing(row -> (String) row.get("to"));

    private final GraphQueries queries;

    GraphReferences(GraphQueries queries) {
        this.queries = queries;
    }

    @Override
    public Map<RecordKey, Set<Reference>> of(Collection<RecordKey> records) {
        var found = new LinkedHashMap<RecordKey, Set<Reference>>();
        for (var row : queries.list(Cypher.FIND_REFERENCES, "keys", RecordNodes.keys(records))) {
            var references = new HashSet<Reference>();
            for (var pair : row.get("references").values()) {
                references.add(new Reference(
                        pair.get(0).asString(), RecordKey.parse(pair.get(1).asString())));
            }
            found.put(RecordKey.parse(row.get("key").asString()), references);
        }
        return found;
    }

    @Override
    public void save(Map<RecordKey, ? extends Set<Reference>> references) {
        queries.requireWriting();
        var before = of(references.keySet());
        var added = new ArrayList<Map<String, Object>>();
        var removed = new ArrayList<Map<String, Object>>();
        new TreeMap<RecordKey, Set<Reference>>(references).forEach((record, now) -> {
            var was = before.getOrDefault(record, Set.of());
            for (var reference : now) if (!was.contains(reference)) added.add(row(record, reference));
            for (var reference : was) if (!now.contains(reference)) removed.add(row(record, reference));
        });
        removed.sort(LOCK_ORDER);
        added.sort(LOCK_ORDER);
        queries.list(Cypher.REMOVE_REFERENCES, "rows", removed);
        queries.store(Cypher.ADD_REFERENCES, "added", added);
    }

    private static Map<String, Object> row(RecordKey record, Reference reference) {
        return Map.of(
                "key",
                record.toString(),
                "attribute",
                reference.attribute(),
                "to",
                reference.to().toString());
    }

    @Override
    public SortedSet<RecordKey> to(Collection<RecordKey> named) {
        var found = new TreeSet<RecordKey>();
        for (var row : queries.list(Cypher.FIND_REFERRING, "keys", RecordNodes.keys(named))) {
            found.add(RecordKey.parse(row.get("key").asString()));
        }
        return found;
    }

    @Override
    public List<Referrer> referrers(String goldenId, String after, int limit) {
        return queries.list(Cypher.LIST_REFERRERS, Map.of("id", goldenId, "after", after, "limit", limit)).stream()
                .map(row -> new Referrer(
                        row.get("golden").asString(), row.get("attributes").asList(value -> value.asString())))
                .toList();
    }
}
