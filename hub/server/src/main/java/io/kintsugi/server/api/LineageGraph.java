package io.kintsugi.server.api;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.Goldens.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Draws where the values of a golden come from and where they go. Everything there is once, in a fixed order; when there is more
 * than {@value #MOST_NODES} the records and retired goldens that come last are left out and counted.
 */
final class LineageGraph {
    static final int MOST_NODES = 300;

    /** @param attributes values, of the attribute asked for only if one was */
    record Node(
            String id,
            String kind,
            String label,
            String system,
            RecordKey record,
            String goldenId,
            String state,
            Map<String, String> attributes) {}

    record Edge(
            String id,
            String from,
            String to,
            String kind,
            List<Flow> attributes,
            Decision decision,
            Double score,
            String state,
            String problem,
            String mergeId,
            String outboundKey,
            Instant at) {}

    record Flow(String attribute, String field, String value, boolean survives, String rule) {}

    record View(String goldenId, List<Node> nodes, List<Edge> edges, int omitted) {}

    private final Map<String, SystemConfig> systems = new TreeMap<>();
    private final String only;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Edge> edges = new LinkedHashMap<>();
    private int omitted;

    /** @param only attribute whose path is drawn; null for all */
    LineageGraph(Collection<SystemConfig> configs, String only) {
        configs.forEach(config -> systems.put(config.id(), config));
        this.only = only;
    }

    /** Called once. */
    View draw(
            GoldenRecord golden,
            List<Member> members,
            Collection<Link> links,
            List<MergeEvent> merges,
            Map<String, GoldenRecord> absorbed,
            List<OutboundChange> outbound) {
        add(new Node(
                goldenNode(golden.id()),
                "GOLDEN",
                golden.label(),
                null,
                null,
                golden.id(),
                golden.state().name(),
                attributes(golden)));
        for (var change : outbound) write(golden, change);
        for (var member : members) record(golden, member);
        for (var link : links) link(link);
        for (var merge : merges) merge(golden, merge, absorbed);
        return new View(golden.id(), List.copyOf(nodes.values()), List.copyOf(edges.values()), omitted);
    }

    private void record(GoldenRecord golden, Member member) {
        var record = member.record();
        var key = record.key();
        var values = kept(record.attributes());
        if (only != null && values.isEmpty()) return;
        var system = "system:" + key.system();
        int needed = nodes.containsKey(system) ? 1 : 2;
        if (nodes.size() + needed > MOST_NODES) {
            omitted++;
            return;
        }
        add(new Node(system, "SYSTEM", label(key.system()), key.system(), null, null, null, Map.of()));
        add(new Node(
                recordNode(key),
                "RECORD",
                key.externalId(),
                key.system(),
                key,
                null,
                record.state().name(),
                values));
        var fields = fields(key, record.stream());
        var read = new ArrayList<Flow>();
        var resolves = new ArrayList<Flow>();
        new TreeMap<>(values).forEach((attribute, value) -> {
            boolean survives = member.membership().contributes().contains(attribute);
            var chosen = golden.values().get(attribute);
            read.add(new Flow(attribute, fields.get(attribute), value, true, null));
            resolves.add(new Flow(attribute, null, value, survives, survives && chosen != null ? chosen.rule() : null));
        });
        edge("read:" + key, system, recordNode(key), "READ", read, null, null, record.observedAt());
        edge(
                "resolves:" + key,
                recordNode(key),
                goldenNode(golden.id()),
                "RESOLVES",
                resolves,
                null,
                null,
                member.membership().since());
    }

    private void write(GoldenRecord golden, OutboundChange change) {
        var target = "target:" + change.system();
        if (nodes.size() + 1 > MOST_NODES) return;
        var flows = new ArrayList<Flow>();
        if (change.intent() != null) {
            var fields = change.target() == null ? Map.<String, String>of() : fields(change.target(), null);
            new TreeMap<>(kept(change.intent().values()))
                    .forEach((attribute, value) ->
                            flows.add(new Flow(attribute, fields.get(attribute), value, true, null)));
        }
        if (only != null && flows.isEmpty()) return;
        add(new Node(target, "TARGET", label(change.system()), change.system(), null, null, null, Map.of()));
        var edge = new Edge(
                "writes:" + change.key(),
                goldenNode(golden.id()),
                target,
                "WRITES",
                List.copyOf(flows),
                null,
                null,
                change.state().name(),
                change.problem(),
                null,
                change.key(),
                change.updatedAt());
        edges.put(edge.id(), edge);
    }

    private void link(Link link) {
        if (!link.active() || !nodes.containsKey(recordNode(link.a())) || !nodes.containsKey(recordNode(link.b())))
            return;
        var edge = new Edge(
                "linked:" + link.a() + "|" + link.b() + "|" + link.origin(),
                recordNode(link.a()),
                recordNode(link.b()),
                "LINKED",
                List.of(),
                link.decision(),
                link.score(),
                link.state().name(),
                null,
                null,
                null,
                link.at());
        edges.put(edge.id(), edge);
    }

    private void merge(GoldenRecord golden, MergeEvent merge, Map<String, GoldenRecord> absorbed) {
        if (!merge.survivor().equals(golden.id()) || merge.undoneAt() != null) return;
        for (var id : merge.absorbed()) {
            var retired = absorbed.get(id);
            if (retired == null) continue;
            if (nodes.size() + 1 > MOST_NODES) {
                omitted++;
                continue;
            }
            add(new Node(
                    goldenNode(id),
                    "RETIRED",
                    retired.label(),
                    null,
                    null,
                    id,
                    retired.state().name(),
                    attributes(retired)));
            edge(
                    "merged:" + merge.id() + ":" + id,
                    goldenNode(id),
                    goldenNode(golden.id()),
                    "MERGED",
                    List.of(),
                    "STANDING",
                    merge.id(),
                    merge.at());
        }
    }

    private void edge(
            String id,
            String from,
            String to,
            String kind,
            List<Flow> flows,
            String state,
            String mergeId,
            Instant at) {
        edges.put(id, new Edge(id, from, to, kind, List.copyOf(flows), null, null, state, null, mergeId, null, at));
    }

    private void add(Node node) {
        nodes.putIfAbsent(node.id(), node);
    }

    private Map<String, String> attributes(GoldenRecord golden) {
        var values = new TreeMap<String, String>();
        golden.values().forEach((attribute, value) -> values.put(attribute, value.value()));
        return kept(values);
    }

    private Map<String, String> kept(Map<String, String> values) {
        if (only == null) return values;
        return values.containsKey(only) ? Map.of(only, values.get(only)) : Map.of();
    }

    /** Native field of each attribute, by the mapping of the stream; of the first stream of the type if it is not known. */
    private Map<String, String> fields(RecordKey key, String stream) {
        var config = systems.get(key.system());
        if (config == null) return Map.of();
        var fields = new TreeMap<String, String>();
        config.streams().stream()
                .filter(mapping -> stream == null
                        ? mapping.entityType().equals(key.entityType())
                        : mapping.stream().equals(stream))
                .findFirst()
                .map(StreamMapping::fields)
                .orElse(List.of())
                .forEach(field -> fields.putIfAbsent(field.attribute(), field.field()));
        return fields;
    }

    private String label(String system) {
        var config = systems.get(system);
        return config == null ? system : config.label();
    }

    private static String goldenNode(String id) {
        return "golden:" + id;
    }

    private static String recordNode(RecordKey key) {
        return "record:" + key;
    }
}
