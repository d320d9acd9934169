package io.kintsugi.graph;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.Deletion.Evidence;
import io.kintsugi.core.model.Deletion.Means;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;

final class GraphDeletions implements Deletions {
    private final GraphQueries queries;

    GraphDeletions(GraphQueries queries) {
        this.queries = queries;
    }

    @Override
    public void save(Collection<Deletion> deletions) {
        var rows = new ArrayList<Map<String, Object>>();
        var ties = new ArrayList<Map<String, Object>>();
        var steps = new ArrayList<Map<String, Object>>();
        var left = new ArrayList<Map<String, Object>>();
        deletions.stream().sorted(Comparator.comparing(Deletion::id)).forEach(deletion -> {
            rows.add(Map.of("id", deletion.id(), "properties", properties(deletion)));
            if (deletion.origin() != null) {
                ties.add(Map.of("id", deletion.id(), "origin", deletion.origin().toString()));
            }
            var ids = new ArrayList<String>();
            for (var step : deletion.steps()) {
                var id = deletion.id() + "|" + ids.size();
                steps.add(row(deletion, step, id, ids.size()));
                ids.add(id);
            }
            left.add(Map.of("id", deletion.id(), "steps", ids));
        });
        queries.list(Cypher.SAVE_DELETIONS, "rows", rows);
        queries.list(Cypher.TIE_DELETIONS, "rows", ties);
        queries.list(Cypher.REMOVE_STEPS, "rows", left);
        queries.list(Cypher.SAVE_STEPS, "rows", steps);
        queries.list(Cypher.TIE_STEPS, "rows", steps);
    }

    private static Map<String, Object> properties(Deletion deletion) {
        var properties = new HashMap<String, Object>();
        properties.put("id", deletion.id());
        properties.put("origin", text(deletion.origin()));
        properties.put("from", deletion.from());
        properties.put("type", deletion.entityType());
        properties.put("goldenId", deletion.goldenId());
        properties.put("evidence", deletion.evidence().name());
        properties.put("state", deletion.state().name());
        properties.put("seenAt", Times.stored(deletion.seenAt()));
        properties.put("dueAt", Times.stored(deletion.dueAt()));
        properties.put("revision", deletion.revision());
        properties.put("updatedAt", Times.stored(deletion.updatedAt()));
        properties.put("policies", deletion.policies());
        return properties;
    }

    private static Map<String, Object> row(Deletion deletion, Step step, String id, int place) {
        var properties = new HashMap<String, Object>();
        properties.put("id", id);
        properties.put("place", place);
        properties.put("system", step.system());
        properties.put("type", deletion.entityType());
        properties.put("target", text(step.target()));
        properties.put("action", step.action().name());
        properties.put("state", step.state().name());
        properties.put("approvedBy", step.approvedBy());
        properties.put("why", step.why());
        properties.put("dueAt", Times.stored(step.dueAt()));
        properties.put("at", Times.stored(step.at()));
        properties.put("means", step.means() == null ? null : step.means().name());
        var row = new HashMap<String, Object>();
        row.put("id", deletion.id());
        row.put("step", id);
        row.put("target", text(step.target()));
        row.put("properties", properties);
        return row;
    }

    private static String text(RecordKey key) {
        return key == null ? null : key.toString();
    }

    private static RecordKey key(Value text) {
        return text.isNull() ? null : RecordKey.parse(text.asString());
    }

    private static Deletion deletion(Record row) {
        Value properties = row.get("properties");
        return new Deletion(
                properties.get("id").asString(),
                key(properties.get("origin")),
                properties.get("type").asString(),
                properties.get("goldenId").asString(null),
                Evidence.valueOf(properties.get("evidence").asString()),
                DeletionState.valueOf(properties.get("state").asString()),
                row.get("steps").asList(GraphDeletions::step),
                Times.instant(properties.get("seenAt")),
                properties.get("revision").asLong(),
                Times.instant(properties.get("updatedAt")),
                properties.get("policies").asString(null));
    }

    private static Step step(Value properties) {
        return new Step(
                properties.get("system").asString(),
                key(properties.get("target")),
                Action.valueOf(properties.get("action").asString()),
                StepState.valueOf(properties.get("state").asString()),
                properties.get("approvedBy").asString(null),
                properties.get("why").asString(null),
                Times.instant(properties.get("dueAt")),
                Times.instant(properties.get("at")),
                properties.get("means").isNull()
                        ? null
                        : Means.valueOf(properties.get("means").asString()));
    }

    private static List<Deletion> deletions(List<Record> rows) {
        return rows.stream().map(GraphDeletions::deletion).toList();
    }

    private static Map<String, Deletion> byId(List<Deletion> deletions) {
        var found = new LinkedHashMap<String, Deletion>();
        for (var deletion : deletions) found.put(deletion.id(), deletion);
        return found;
    }

    @Override
    public Map<String, Deletion> find(Collection<String> ids) {
        return byId(deletions(queries.list(Cypher.FIND_DELETIONS, "ids", ids)));
    }

    @Override
    public Map<String, Deletion> lock(SortedSet<String> ids) {
        queries.list(Cypher.LOCK_DELETIONS, "ids", ids);
        return find(ids);
    }

    @Override
    public List<Deletion> openOf(Collection<RecordKey> records) {
        return each(queries.list(Cypher.FIND_OPEN_DELETIONS, "keys", RecordNodes.keys(records)));
    }

    @Override
    public List<Deletion> openOfGoldens(Collection<String> goldenIds) {
        return each(queries.list(Cypher.FIND_OPEN_DELETIONS_OF_GOLDENS, "ids", goldenIds));
    }

    /** Each once: what is asked about one deletion may lie in two batches. */
    private static List<Deletion> each(List<Record> rows) {
        return List.copyOf(new TreeMap<>(byId(deletions(rows))).values());
    }

    @Override
    public List<Deletion> ofGolden(String goldenId) {
        return deletions(queries.list(Cypher.FIND_DELETIONS_OF_GOLDEN, Map.of("id", goldenId)));
    }

    @Override
    public List<String> due(Instant now, int limit) {
        return queries.list(Cypher.FIND_DUE_DELETIONS, Map.of("now", Times.stored(now), "limit", limit)).stream()
                .map(row -> row.get("id").asString())
                .toList();
    }

    @Override
    public long waiting(String system, String entityType, Instant now) {
        return queries.count(
                Cypher.COUNT_WAITING_DELETIONS,
                "deletions",
                Map.of("system", system, "type", entityType, "now", Times.stored(now)));
    }

    @Override
    public long sent(String system, String entityType, Instant since) {
        return queries.count(
                Cypher.COUNT_SENT_DELETIONS,
                "deletions",
                Map.of("system", system, "type", entityType, "since", Times.stored(since)));
    }

    @Override
    public Page<Deletion> list(Filter filter, String cursor, int limit) {
        return list(Cypher.LIST_DELETIONS, filter, PageCursor.before(cursor, limit), limit);
    }

    @Override
    public Page<Deletion> listOldestFirst(Filter filter, String cursor, int limit) {
        return list(Cypher.LIST_DELETIONS_OLDEST_FIRST, filter, PageCursor.after(cursor, limit), limit);
    }

    private Page<Deletion> list(Cypher query, Filter filter, Map<String, Object> place, int limit) {
        var parameters = new HashMap<>(place);
        parameters.put("type", filter.entityType());
        parameters.put("from", filter.from());
        parameters.put("to", filter.to());
        parameters.put("state", filter.state() == null ? null : filter.state().name());
        parameters.put("step", filter.step() == null ? null : filter.step().name());
        return PageCursor.cut(
                deletions(queries.list(query, parameters)), limit, last -> PageCursor.of(last.seenAt(), last.id()));
    }
}
