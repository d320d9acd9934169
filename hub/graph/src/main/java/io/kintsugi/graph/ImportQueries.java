package io.kintsugi.graph;

import io.kintsugi.graph.ImportFile.Rows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.neo4j.driver.Record;

/**
 * The queries of a transaction that only makes new things: instead of a graph, files take what they would store. Nothing is ever
 * found.
 */
final class ImportQueries extends GraphQueries {
    private final ImportFiles files;
    private final Map<String, Map<String, Object>> records = new LinkedHashMap<>(); // the last row of each key
    private final Map<Cypher, List<Map<String, Object>>> rows = new HashMap<>();
    private final List<Map<String, Object>> keysByRecord = new ArrayList<>();

    ImportQueries(ImportFiles files) {
        super(null, true, true, query -> {});
        this.files = files;
    }

    @Override
    List<Record> list(Cypher query, Map<String, Object> parameters) {
        require(query);
        switch (query) {
            case CREATE_RECORDS, SAVE_RECORDS ->
                rows(parameters).forEach(row -> records.put((String) row.get("key"), row));
            case CREATE_GOLDENS, SAVE_REVIEWS -> keep(query, rows(parameters));
            case MARK_GENERIC ->
                ((Collection<?>) parameters.get("keys")).forEach(key -> files.generic.add((String) key));
            case TIE_REVIEWS, CLAIM_BLOCK_KEYS, LOCK_RECORDS, CLAIM_GOLDENS -> {} // nobody else is here
            default -> {
                if (query.file().mode() != CypherFile.Mode.READ) throw refused(query);
            }
        }
        return List.of();
    }

    @Override
    long count(Cypher query, String column, List<?> stored, Map<String, Object> others) {
        require(query);
        if (stored.isEmpty()) return 0;
        switch (query) {
            case ADD_MEMBERSHIPS, CREATE_LINKS -> keep(query, maps(stored));
            case ADD_REFERENCES -> {} // they lead to other parts, so they are noted once all are in
            case ADD_BLOCK_KEYS -> {
                keysByRecord.add(Map.of("rows", stored, "keys", others.get("keys")));
                return maps(stored).stream()
                        .mapToLong(row -> ((List<?>) row.get("places")).size())
                        .sum();
            }
            default -> throw refused(query);
        }
        return stored.size();
    }

    @Override
    long count(Cypher query, String column, Map<String, Object> parameters) {
        if (query != Cypher.APPEND_REVISIONS) throw refused(query);
        keep(query, rows(parameters));
        return rows(parameters).size();
    }

    private static IllegalStateException refused(Cypher query) {
        return new IllegalStateException("a first load only makes new things, and cannot run " + query.path());
    }

    private static List<Map<String, Object>> rows(Map<String, Object> parameters) {
        return maps((List<?>) parameters.get("rows"));
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(List<?> rows) {
        return (List<Map<String, Object>>) rows;
    }

    private void keep(Cypher query, List<Map<String, Object>> more) {
        rows.computeIfAbsent(query, q -> new ArrayList<>()).addAll(more);
    }

    private List<Map<String, Object>> kept(Cypher query) {
        return rows.getOrDefault(query, List.of());
    }

    /** Writes to the files what was collected. Called once, at the end. */
    void flush() {
        var nodes = new HashMap<String, Long>(); // of records by key, of goldens by id
        nodes("SourceRecord", List.copyOf(records.values()), "key", files.records, nodes);
        nodes("GoldenRecord", kept(Cypher.CREATE_GOLDENS), "id", files.goldens, nodes);
        revisions(nodes);
        var members = files.resolvesTo.new Rows();
        kept(Cypher.ADD_MEMBERSHIPS)
                .forEach(row -> members.add(properties(row), node(nodes, row, "key"), node(nodes, row, "id")));
        members.flush();
        var links = files.linked.new Rows();
        kept(Cypher.CREATE_LINKS)
                .forEach(row -> links.add(properties(row), node(nodes, row, "a"), node(nodes, row, "b")));
        links.flush();
        blockKeys(nodes);
        reviews();
    }

    private void nodes(
            String label, List<Map<String, Object>> rows, String key, ImportFile file, Map<String, Long> nodes) {
        long number = files.number(rows.size());
        var out = file.new Rows();
        for (var row : rows) {
            nodes.put((String) row.get(key), number);
            out.add(properties(row), number++, label + ImportFile.IN_LISTS + row.get("label"));
        }
        out.flush();
    }

    private void revisions(Map<String, Long> nodes) {
        var rows = kept(Cypher.APPEND_REVISIONS);
        long number = files.number(rows.size());
        long place = files.feed(rows.size());
        var out = files.revisions.new Rows();
        var was = files.was.new Rows();
        for (var row : rows) {
            var properties = new HashMap<String, Object>(properties(row));
            properties.put("sequence", ++place);
            out.add(properties, number, "GoldenRevision");
            was.add(Map.of(), node(nodes, row, "id"), number++);
        }
        out.flush();
        was.flush();
    }

    private void blockKeys(Map<String, Long> nodes) {
        var out = files.blockKeys.new Rows();
        var holds = files.hasKey.new Rows();
        for (var given : keysByRecord) {
            var holders = ((List<?>) given.get("keys"))
                    .stream().map(key -> number(nodes, (String) key)).toList();
            for (var row : rows(given)) {
                long key = files.blockKey((String) row.get("value"), out);
                for (var place : (List<?>) row.get("places")) holds.add(Map.of(), holders.get((int) place), key);
            }
        }
        out.flush();
        holds.flush();
    }

    private void reviews() {
        var rows = kept(Cypher.SAVE_REVIEWS);
        long number = files.number(rows.size());
        var out = files.reviews.new Rows();
        var subjects = files.subjects.new Rows();
        var about = files.about.new Rows();
        for (var row : rows) {
            out.add(properties(row), number, "Review");
            for (var key : (List<?>) row.get("records")) {
                about.add(Map.of(), number, files.subject((String) key, subjects));
            }
            number++;
        }
        out.flush();
        subjects.flush();
        about.flush();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> properties(Map<String, Object> row) {
        return (Map<String, Object>) row.get("properties");
    }

    private static long node(Map<String, Long> nodes, Map<String, Object> row, String end) {
        return number(nodes, (String) row.get(end));
    }

    private static long number(Map<String, Long> nodes, String name) {
        var number = nodes.get(name);
        if (number == null) throw new IllegalStateException(name + " is named, but not stored in the same part");
        return number;
    }
}
