package io.kintsugi.graph;

import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.store.Outbox;
import io.kintsugi.core.store.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;

final class GraphOutbox implements Outbox {
    private static final Comparator<OutboundChange> EARLIEST_FIRST =
            Comparator.comparing(OutboundChange::attentionAt).thenComparing(OutboundChange::key);

    private final GraphQueries queries;

    GraphOutbox(GraphQueries queries) {
        this.queries = queries;
    }

    @Override
    public void mark(Collection<Marker> markers) {
        queries.requireWriting();
        List<Marker> left = List.copyOf(markers);
        while (!left.isEmpty()) {
            var byKey = new TreeMap<String, Marker>();
            var again = new ArrayList<Marker>(); // two marks of one key are two steps
            for (var marker : left) {
                if (byKey.putIfAbsent(marker.key(), marker) != null) {
                    again.add(marker);
                }
            }
            var rows = byKey.values().stream().map(GraphOutbox::row).toList();
            queries.list(Cypher.MARK_CHANGES, "rows", rows);
            queries.list(Cypher.TIE_CHANGES, "rows", rows);
            left = again;
        }
    }

    private static Map<String, Object> row(Marker m) {
        var fresh = new OutboundChange(
                m.key(),
                m.goldenId(),
                m.system(),
                m.entityType(),
                m.target(),
                OutboundState.DUE,
                false,
                m.at(),
                m.at(),
                0,
                null,
                null,
                null,
                m.at(),
                m.cause());
        var row = row(fresh);
        row.put("at", Times.stored(m.at()));
        row.put("cause", m.cause().name());
        row.put("lessUrgent", lessUrgent(m.cause()));
        return row;
    }

    private static List<String> lessUrgent(Cause cause) {
        return Stream.of(Cause.values())
                .filter(other -> other.compareTo(cause) > 0)
                .map(Cause::name)
                .toList();
    }

    private static Map<String, Object> row(OutboundChange change) {
        var row = new HashMap<String, Object>();
        row.put("key", change.key());
        row.put("goldenId", change.goldenId());
        row.put("target", text(change.target()));
        row.put("properties", properties(change));
        return row;
    }

    private static String text(RecordKey key) {
        return key == null ? null : key.toString();
    }

    private static Map<String, Object> properties(OutboundChange change) {
        var properties = new HashMap<String, Object>();
        properties.put("key", change.key());
        properties.put("goldenId", change.goldenId());
        properties.put("system", change.system());
        properties.put("type", change.entityType());
        properties.put("target", text(change.target()));
        properties.put("state", change.state().name());
        properties.put("dirty", change.dirty());
        properties.put("markedAt", Times.stored(change.markedAt()));
        properties.put("dueAt", Times.stored(change.dueAt()));
        properties.put("attempts", change.attempts());
        properties.put("leaseUntil", Times.stored(change.leaseUntil()));
        properties.put("attentionAt", Times.stored(change.attentionAt()));
        properties.put("problem", change.problem());
        properties.put("updatedAt", Times.stored(change.updatedAt()));
        properties.put("cause", change.cause().name());
        if (change.intent() != null) {
            properties.put("intentId", change.intent().id());
            properties.put("intentKind", change.intent().kind().name());
            properties.put(
                    "intentValues", Json.write(new TreeMap<>(change.intent().values())));
            properties.put(
                    "intentVersions", Json.write(new TreeMap<>(change.intent().versions())));
            properties.put("sentAt", Times.stored(change.intent().sentAt()));
            properties.put("into", text(change.intent().into()));
            properties.put("arrived", change.intent().arrived());
            properties.put("made", change.intent().made());
            var heldBack = change.intent().heldBack();
            if (!heldBack.isEmpty()) properties.put("heldBack", Json.write(stored(heldBack)));
            if (change.intent().unknown()) properties.put("unknown", true);
        }
        return properties;
    }

    private static Map<String, List<String>> stored(Map<String, Intent.Refusal> heldBack) {
        var stored = new TreeMap<String, List<String>>();
        heldBack.forEach((attribute, refusal) -> stored.put(attribute, List.of(refusal.value(), refusal.why())));
        return stored;
    }

    private static Map<String, Intent.Refusal> heldBack(Value stored) {
        var heldBack = new HashMap<String, Intent.Refusal>();
        if (stored.isNull()) return heldBack;
        for (var entry : Json.read(stored.asString()).properties()) {
            var refusal = entry.getValue();
            heldBack.put(
                    entry.getKey(),
                    new Intent.Refusal(refusal.get(0).asText(), refusal.get(1).asText()));
        }
        return heldBack;
    }

    private static OutboundChange change(Record row) {
        Value properties = row.get("properties");
        var target = properties.get("target");
        return new OutboundChange(
                properties.get("key").asString(),
                properties.get("goldenId").asString(),
                properties.get("system").asString(),
                properties.get("type").asString(),
                key(target),
                OutboundState.valueOf(properties.get("state").asString()),
                properties.get("dirty").asBoolean(),
                Times.instant(properties.get("markedAt")),
                Times.instant(properties.get("dueAt")),
                properties.get("attempts").asInt(),
                Times.instant(properties.get("leaseUntil")),
                properties.get("intentId").isNull() ? null : intent(properties),
                properties.get("problem").asString(null),
                Times.instant(properties.get("updatedAt")),
                cause(properties.get("cause")));
    }

    /** What was marked before causes were told apart counts as an edit. */
    private static Cause cause(Value name) {
        return name.isNull() ? Cause.EDIT : Cause.valueOf(name.asString());
    }

    private static RecordKey key(Value text) {
        return text.isNull() ? null : RecordKey.parse(text.asString());
    }

    private static Intent intent(Value properties) {
        var values = new HashMap<String, String>();
        for (var entry : Json.read(properties.get("intentValues").asString()).properties()) {
            values.put(entry.getKey(), entry.getValue().asText());
        }
        var versions = new HashMap<String, Long>();
        for (var entry : Json.read(properties.get("intentVersions").asString()).properties()) {
            versions.put(entry.getKey(), entry.getValue().asLong());
        }
        return new Intent(
                properties.get("intentId").asString(),
                Intent.Kind.valueOf(properties.get("intentKind").asString()),
                values,
                versions,
                Times.instant(properties.get("sentAt")),
                key(properties.get("into")),
                properties.get("arrived").asString(null),
                properties.get("made").asString(null),
                heldBack(properties.get("heldBack")),
                properties.get("unknown").asBoolean(false));
    }

    @Override
    public List<OutboundChange> due(String system, Instant now, boolean creates, int limit) {
        return due(
                Cypher.FIND_DUE_KEYS,
                Map.of("system", system, "now", Times.stored(now), "creates", creates, "limit", limit),
                now);
    }

    @Override
    public List<OutboundChange> due(String system, Cause cause, Instant now, boolean creates, int limit) {
        return due(
                Cypher.FIND_DUE_KEYS_OF_CAUSE,
                Map.of(
                        "system",
                        system,
                        "cause",
                        cause.name(),
                        "now",
                        Times.stored(now),
                        "creates",
                        creates,
                        "limit",
                        limit),
                now);
    }

    private List<OutboundChange> due(Cypher query, Map<String, Object> parameters, Instant now) {
        queries.requireWriting();
        while (true) {
            var keys = new TreeSet<String>();
            queries.list(query, parameters)
                    .forEach(row -> keys.add(row.get("key").asString()));
            var due = lock(keys).values().stream()
                    .filter(change -> needsAttention(change, now))
                    .sorted(EARLIEST_FIRST)
                    .toList();
            if (keys.isEmpty() || !due.isEmpty()) {
                return due;
            }
            // others took all of them between the look and the lock: look again
        }
    }

    private static boolean needsAttention(OutboundChange change, Instant now) {
        return change.attentionAt() != null && !change.attentionAt().isAfter(now);
    }

    @Override
    public Map<String, OutboundChange> lock(SortedSet<String> keys) {
        return byKey(queries.list(Cypher.LOCK_CHANGES, "keys", keys));
    }

    private static Map<String, OutboundChange> byKey(List<Record> rows) {
        var found = new LinkedHashMap<String, OutboundChange>();
        for (var row : rows) {
            var change = change(row);
            found.put(change.key(), change);
        }
        return found;
    }

    @Override
    public void save(Collection<OutboundChange> changes) {
        var rows = changes.stream()
                .sorted(Comparator.comparing(OutboundChange::key))
                .map(GraphOutbox::row)
                .toList();
        queries.list(Cypher.SAVE_CHANGES, "rows", rows);
        queries.list(Cypher.TIE_CHANGES, "rows", rows);
    }

    @Override
    public List<OutboundChange> openFor(Collection<RecordKey> targets) {
        var systems = targets.stream().map(RecordKey::system).distinct().toList();
        return changes(queries.list(
                Cypher.FIND_OPEN_CHANGES, Map.of("targets", RecordNodes.keys(targets), "systems", systems)));
    }

    @Override
    public List<OutboundChange> openCreates(String system) {
        return changes(
                queries.list(Cypher.FIND_OPEN_CHANGES, Map.of("targets", List.of(), "systems", List.of(system))));
    }

    private static List<OutboundChange> changes(List<Record> rows) {
        return rows.stream().map(GraphOutbox::change).toList();
    }

    @Override
    public Map<String, OutboundChange> find(Collection<String> keys) {
        return byKey(queries.list(Cypher.FIND_CHANGES, "keys", keys));
    }

    @Override
    public List<OutboundChange> ofGolden(String goldenId) {
        return changes(queries.list(Cypher.FIND_CHANGES_OF_GOLDEN, Map.of("id", goldenId)));
    }

    @Override
    public Page<OutboundChange> list(String system, OutboundState state, String cursor, int limit) {
        return list(Cypher.LIST_CHANGES, system, state, PageCursor.before(cursor, limit), limit);
    }

    @Override
    public Page<OutboundChange> listOldestFirst(String system, OutboundState state, String cursor, int limit) {
        return list(Cypher.LIST_CHANGES_OLDEST_FIRST, system, state, PageCursor.after(cursor, limit), limit);
    }

    private Page<OutboundChange> list(
            Cypher query, String system, OutboundState state, Map<String, Object> place, int limit) {
        var parameters = new HashMap<>(place);
        parameters.put("system", system);
        parameters.put("state", state == null ? null : state.name());
        return PageCursor.cut(
                changes(queries.list(query, parameters)), limit, last -> PageCursor.of(last.markedAt(), last.key()));
    }

    @Override
    public List<Count> counts() {
        return queries.list(Cypher.COUNT_CHANGES, Map.of()).stream()
                .map(row -> new Count(
                        row.get("system").asString(),
                        OutboundState.valueOf(row.get("state").asString()),
                        row.get("changes").asLong()))
                .sorted(Comparator.comparing(Count::system).thenComparing(Count::state))
                .toList();
    }

    @Override
    public List<Overdue> overdue(Instant sentBefore) {
        return queries.list(Cypher.COUNT_OVERDUE_CHANGES, Map.of("sentBefore", Times.stored(sentBefore))).stream()
                .map(row -> new Overdue(
                        row.get("system").asString(),
                        row.get("changes").asLong(),
                        Times.instant(row.get("oldestSentAt"))))
                .toList();
    }

    @Override
    public Page<OutboundChange> listOverdue(String system, Instant sentBefore, String cursor, int limit) {
        var parameters = new HashMap<>(PageCursor.after(cursor, limit));
        parameters.put("system", system);
        parameters.put("sentBefore", Times.stored(sentBefore));
        return PageCursor.cut(
                changes(queries.list(Cypher.LIST_OVERDUE_CHANGES, parameters)),
                limit,
                last -> PageCursor.of(last.intent().sentAt(), last.key()));
    }

    @Override
    public long dueCreates(String system) {
        return queries.list(Cypher.COUNT_DUE_CREATES, Map.of("system", system))
                .get(0)
                .get("creates")
                .asLong();
    }

    @Override
    public long dueCreatesInQuestion(String system) {
        var kinds = Arrays.stream(Review.Kind.values())
                .filter(Review.Kind::isAboutGoldens)
                .map(Enum::name)
                .toList();
        return queries.list(Cypher.COUNT_DUE_CREATES_IN_QUESTION, Map.of("system", system, "kinds", kinds))
                .get(0)
                .get("creates")
                .asLong();
    }

    @Override
    public Map<Cause, Long> waiting(String system) {
        var waiting = new EnumMap<Cause, Long>(Cause.class);
        queries.list(Cypher.COUNT_WAITING_CHANGES, Map.of("system", system))
                .forEach(row -> waiting.merge(
                        cause(row.get("cause")), row.get("changes").asLong(), Long::sum));
        return waiting;
    }

    @Override
    public Optional<Instant> nextDue(String system) {
        return queries.list(Cypher.FIND_NEXT_DUE, Map.of("system", system)).stream()
                .map(row -> Times.instant(row.get("at")))
                .findFirst();
    }
}
