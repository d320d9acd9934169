package io.kintsugi.graph;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.store.Journal;
import io.kintsugi.core.store.Page;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;

final class GraphJournal implements Journal {
    private final GraphQueries queries;

    GraphJournal(GraphQueries queries) {
        this.queries = queries;
    }

    /** Two words as one; the length tells them apart, whatever they hold. */
    private static String key(String first, String second) {
        return first.length() + ":" + first + ":" + second;
    }

    @Override
    public Optional<String> checkpoint(String system, String stream) {
        return queries.list(Cypher.FIND_CHECKPOINT, Map.of("key", key(system, stream))).stream()
                .map(row -> row.get("position").asString())
                .findFirst();
    }

    @Override
    public void saveCheckpoint(String system, String stream, String position, Instant at) {
        var properties = new HashMap<String, Object>();
        properties.put("key", key(system, stream));
        properties.put("system", system);
        properties.put("stream", stream);
        properties.put("position", position);
        properties.put("at", Times.stored(at));
        queries.list(Cypher.SAVE_CHECKPOINT, Map.of("key", key(system, stream), "properties", properties));
    }

    @Override
    public void saveRun(Run run) {
        var properties = new HashMap<String, Object>();
        properties.put("id", run.id());
        properties.put("kind", run.kind());
        properties.put("system", run.system());
        properties.put("stream", run.stream());
        properties.put("state", run.state().name());
        properties.put("counts", Json.write(new TreeMap<>(run.counts())));
        properties.put("total", run.total());
        properties.put("startedAt", Times.stored(run.startedAt()));
        properties.put("endedAt", Times.stored(run.endedAt()));
        properties.put("problem", run.problem());
        queries.list(Cypher.SAVE_RUN, Map.of("id", run.id(), "properties", properties));
    }

    private static Run run(Record row) {
        Value properties = row.get("properties");
        var counts = new HashMap<String, Long>();
        for (var entry : Json.read(properties.get("counts").asString()).properties()) {
            counts.put(entry.getKey(), entry.getValue().asLong());
        }
        return new Run(
                properties.get("id").asString(),
                properties.get("kind").asString(),
                properties.get("system").asString(null),
                properties.get("stream").asString(null),
                RunState.valueOf(properties.get("state").asString()),
                counts,
                properties.get("total").asLong(),
                Times.instant(properties.get("startedAt")),
                Times.instant(properties.get("endedAt")),
                properties.get("problem").asString(null));
    }

    @Override
    public Optional<Run> run(String id) {
        return queries.list(Cypher.FIND_RUN, Map.of("id", id)).stream()
                .map(GraphJournal::run)
                .findFirst();
    }

    @Override
    public Page<Run> runs(String cursor, int limit) {
        return runs(Cypher.LIST_RUNS, PageCursor.before(cursor, limit), limit);
    }

    @Override
    public Page<Run> runsOldestFirst(String cursor, int limit) {
        return runs(Cypher.LIST_RUNS_OLDEST_FIRST, PageCursor.after(cursor, limit), limit);
    }

    private Page<Run> runs(Cypher query, Map<String, Object> place, int limit) {
        var found = queries.list(query, place).stream().map(GraphJournal::run).toList();
        return PageCursor.cut(found, limit, last -> PageCursor.of(last.startedAt(), last.id()));
    }

    @Override
    public Optional<Document> document(String kind, String name) {
        return queries.list(Cypher.FIND_POLICY, Map.of("key", key(kind, name))).stream()
                .map(GraphJournal::document)
                .findFirst();
    }

    private static Document document(Record row) {
        Value properties = row.get("properties");
        return new Document(
                properties.get("kind").asString(),
                properties.get("name").asString(),
                properties.get("version").asLong(),
                properties.get("body").asString(),
                properties.get("by").asString(null),
                Times.instant(properties.get("at")));
    }

    @Override
    public Document publish(String kind, String name, String body, String by, Instant at) {
        var key = key(kind, name);
        long last = queries.list(Cypher.LOCK_POLICY, Map.of("key", key, "kind", kind, "name", name))
                .get(0)
                .get("version")
                .asLong();
        var published = document(kind, name);
        if (published.isPresent() && published.get().body().equals(body)) {
            return published.get();
        }
        var next = new Document(kind, name, last + 1, body, by, at);
        var properties = new HashMap<String, Object>();
        properties.put("key", key(key, Long.toString(next.version())));
        properties.put("kind", kind);
        properties.put("name", name);
        properties.put("version", next.version());
        properties.put("body", body);
        properties.put("by", by);
        properties.put("at", Times.stored(at));
        queries.list(Cypher.PUBLISH_POLICY, Map.of("key", key, "version", next.version(), "properties", properties));
        return next;
    }

    @Override
    public List<Document> versions(String kind, String name) {
        return queries.list(Cypher.LIST_POLICY_VERSIONS, Map.of("key", key(kind, name))).stream()
                .map(GraphJournal::document)
                .toList();
    }

    @Override
    public List<Document> documents(String kind) {
        return queries.list(Cypher.LIST_POLICIES, Map.of("kind", kind)).stream()
                .map(GraphJournal::document)
                .toList();
    }

    @Override
    public Optional<Answer> answer(String idempotencyKey) {
        return queries.list(Cypher.FIND_ANSWER, Map.of("key", idempotencyKey)).stream()
                .map(row -> row.get("properties"))
                .map(properties -> new Answer(
                        properties.get("request").asString(),
                        properties.get("status").asInt(),
                        properties.get("contentType").asString(null),
                        properties.get("body").asString(null),
                        Times.instant(properties.get("at"))))
                .findFirst();
    }

    @Override
    public void saveAnswer(String idempotencyKey, Answer answer) {
        var properties = new HashMap<String, Object>();
        properties.put("request", answer.request());
        properties.put("status", answer.status());
        properties.put("contentType", answer.contentType());
        properties.put("body", answer.body());
        properties.put("at", Times.stored(answer.at()));
        var answered = queries.list(Cypher.SAVE_ANSWER, Map.of("key", idempotencyKey, "properties", properties))
                .get(0)
                .get("request")
                .asString();
        if (!answered.equals(answer.request())) {
            throw new HubException(
                    HubErrorCode.IDEMPOTENCY_KEY_REUSED,
                    "the idempotency key " + idempotencyKey
                            + " stands for another request; use a new key for a new request");
        }
    }

    @Override
    public void forgetAnswers(Instant before) {
        queries.list(Cypher.FORGET_ANSWERS, Map.of("before", Times.stored(before)));
    }
}
