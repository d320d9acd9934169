package io.kintsugi.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Evidence;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Links;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.neo4j.driver.Record;

final class GraphLinks implements Links {
    private final GraphQueries queries;

    private final GraphRecords records;
    /** Linked in this transaction. */
    private final Set<String> linked = new HashSet<>();

    GraphLinks(GraphQueries queries, GraphRecords records) {
        this.queries = queries;
        this.records = records;
    }

    @Override
    public List<Link> of(Collection<RecordKey> records) {
        var found = new LinkedHashMap<List<Object>, Link>(); // a link can be in two batches, once by each end
        for (var row : queries.list(Cypher.FIND_LINKS, "keys", RecordNodes.keys(records))) {
            var link = link(row);
            found.put(List.of(link.a(), link.b(), link.origin()), link);
        }
        return new ArrayList<>(found.values());
    }

    @Override
    public void save(Collection<Link> links) {
        var fresh = new ArrayList<Map<String, Object>>();
        var others = new ArrayList<Map<String, Object>>();
        sorted(distinct(links).stream())
                .forEach(link -> (unlinked(link.a()) || unlinked(link.b()) ? fresh : others).add(row(link)));
        queries.store(Cypher.CREATE_LINKS, "saved", fresh);
        queries.store(Cypher.SAVE_LINKS, "saved", others);
        for (var link : links) {
            records.tied(link.a());
            records.tied(link.b());
            linked.add(link.a().toString());
            linked.add(link.b().toString());
        }
    }

    private boolean unlinked(RecordKey key) {
        return records.bare(key.toString()) && !linked.contains(key.toString());
    }

    private static Collection<Link> distinct(Collection<Link> links) {
        var last = new LinkedHashMap<List<Object>, Link>();
        for (var link : links) last.put(List.of(link.a(), link.b(), link.origin()), link);
        return last.values();
    }

    @Override
    public void removeRuleLinks(Collection<Link> links) {
        var rows = sorted(links.stream().filter(link -> link.origin() == Origin.RULE))
                .map(link -> Map.of("a", link.a().toString(), "b", link.b().toString()))
                .toList();
        queries.list(Cypher.REMOVE_RULE_LINKS, "rows", rows);
    }

    private static Stream<Link> sorted(Stream<Link> links) {
        return links.sorted(Comparator.comparing(Link::a).thenComparing(Link::b));
    }

    static Map<String, Object> row(Link link) {
        var properties = new HashMap<String, Object>();
        properties.put("origin", link.origin().name());
        properties.put("decision", link.decision().name());
        properties.put("state", link.state().name());
        properties.put("score", link.score());
        if (!link.evidence().isEmpty()) {
            properties.put("evidence", evidence(link.evidence()));
        }
        properties.put("blockKey", link.blockKey());
        properties.put("by", link.by());
        properties.put("at", Times.stored(link.at()));
        return Map.of(
                "a",
                link.a().toString(),
                "b",
                link.b().toString(),
                "origin",
                link.origin().name(),
                "properties",
                properties);
    }

    private static Link link(Record row) {
        var properties = row.get("properties");
        return new Link(
                RecordKey.parse(row.get("a").asString()),
                RecordKey.parse(row.get("b").asString()),
                Origin.valueOf(properties.get("origin").asString()),
                Decision.valueOf(properties.get("decision").asString()),
                LinkState.valueOf(properties.get("state").asString()),
                properties.get("score").asDouble(),
                properties.get("evidence").isNull()
                        ? List.of()
                        : evidence(Json.read(properties.get("evidence").asString())),
                properties.get("blockKey").asString(null),
                properties.get("by").asString(null),
                Times.instant(properties.get("at")));
    }

    /** Of each: name, left, right, level, bits. */
    private static String evidence(List<Evidence> evidence) {
        return Json.write(evidence.stream()
                .map(e -> Arrays.<Object>asList(e.name(), e.left(), e.right(), e.level(), e.bits()))
                .toList());
    }

    private static List<Evidence> evidence(JsonNode written) {
        var evidence = new ArrayList<Evidence>();
        for (var e : written) {
            evidence.add(new Evidence(
                    Json.text(e.get(0)),
                    Json.text(e.get(1)),
                    Json.text(e.get(2)),
                    Json.text(e.get(3)),
                    e.get(4).asDouble()));
        }
        return evidence;
    }
}
