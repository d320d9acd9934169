package io.kintsugi.server.engine.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.schema.FieldShape;
import io.kintsugi.core.schema.SchemaChange;
import io.kintsugi.core.schema.SchemaDiff;
import io.kintsugi.core.schema.Standing;
import io.kintsugi.server.engine.schema.Schemas.Said;
import io.kintsugi.server.engine.shared.StoredJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the hub knows of the fields of one stream; durable, and kept in versions. What is open is the difference between what was
 * agreed on and what is.
 *
 * @param since when each open change was first seen, by {@link #id}
 * @param demanded fields that the system has refused a create for want of, though it does not describe them as required
 * @param answered what people decided, the latest first
 * @param todo what is left to do so that records follow the mapping
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record StreamSchema(
        List<FieldShape> agreed,
        List<FieldShape> now,
        SortedMap<String, Instant> since,
        SortedSet<String> demanded,
        List<Said> answered,
        Todo todo) {
    public static final String KIND = "schema";
    private static final int MOST_ANSWERED = 50;

    public StreamSchema {
        agreed = agreed == null ? List.of() : List.copyOf(agreed);
        now = now == null ? List.of() : List.copyOf(now);
        since = since == null ? new TreeMap<>() : new TreeMap<>(since);
        demanded = demanded == null ? new TreeSet<>() : new TreeSet<>(demanded);
        answered = answered == null ? List.of() : List.copyOf(answered);
        todo = todo == null ? Todo.NOTHING : todo;
    }

    /**
     * Work that outlives a hub that is killed; doing it twice is the same as once.
     *
     * @param settle fields whose kept values go to their attribute, or are forgotten if nobody maps them
     * @param reread whether the stream is read whole once more, because fields are asked for that were not before
     * @param remark whether its records are looked at again, because more of them can be written
     */
    @JsonInclude(JsonInclude.Include.NON_DEFAULT)
    public record Todo(SortedSet<String> settle, boolean reread, boolean remark) {
        public static final Todo NOTHING = new Todo(new TreeSet<>(), false, false);

        public Todo {
            settle = settle == null ? new TreeSet<>() : new TreeSet<>(settle);
        }

        Todo and(Todo other) {
            var all = new TreeSet<>(settle);
            all.addAll(other.settle);
            return new Todo(all, reread || other.reread, remark || other.remark);
        }
    }

    /** Name of its document. */
    static String name(String system, String stream) {
        return system + "." + stream; // a system id has no dot
    }

    /** The first that is seen of a stream: nothing is open. */
    static StreamSchema first(List<FieldShape> fields) {
        return new StreamSchema(fields, fields, null, null, null, null);
    }

    /** Names a change for as long as it is open. */
    static String id(String system, String stream, SchemaChange change) {
        return ContentHash.of(Map.of(
                        "system",
                        system,
                        "stream",
                        stream,
                        "field",
                        change.field(),
                        "kind",
                        change.kind().name()))
                .substring(0, 16);
    }

    List<SchemaChange> open() {
        return SchemaDiff.between(agreed, now);
    }

    Standing standing(StreamMapping mapping) {
        return Standing.of(mapping, open(), now);
    }

    /**
     * The same after the stream was looked at; what does not matter to its mapping is agreed on at once.
     *
     * @param described fields as the system describes them
     * @param demands fields that it has just refused creates for want of
     */
    StreamSchema seen(
            String system, StreamMapping mapping, List<FieldShape> described, Collection<String> demands, Instant at) {
        var wanted = new TreeSet<>(demanded);
        wanted.addAll(demands);
        var fields = described.stream()
                .map(field -> wanted.contains(field.name()) ? field.withRequired(true) : field)
                .toList();
        var agreedOn = SchemaDiff.eased(agreed, fields);
        var mapped = new TreeSet<String>(); // by the configuration file, while they were kept
        for (var change : SchemaDiff.between(agreedOn, fields)) {
            if (Standing.matters(mapping, change)) continue;
            agreedOn = SchemaDiff.agreed(agreedOn, change);
            if (change.appeared() != null) mapped.add(change.appeared());
        }
        var next = new StreamSchema(agreedOn, fields, since, wanted, answered, todo);
        var was = standing(mapping);
        var is = next.standing(mapping);
        boolean more =
                !was.retained().containsAll(is.retained()) || !is.suspended().containsAll(was.suspended());
        boolean freed = !is.equals(was);
        return next.dated(system, mapping.stream(), at).with(new Todo(mapped, more, freed || !mapped.isEmpty()));
    }

    private StreamSchema dated(String system, String stream, Instant at) {
        var dates = new TreeMap<String, Instant>();
        for (var change : open()) {
            var id = id(system, stream, change);
            dates.put(id, since.getOrDefault(id, at));
        }
        return new StreamSchema(agreed, now, dates, demanded, answered, todo);
    }

    /** The same once a person has answered changes. */
    StreamSchema answered(String system, String stream, Collection<SchemaChange> changes, Said answer, Todo more) {
        var agreedOn = agreed;
        for (var change : changes) agreedOn = SchemaDiff.agreed(agreedOn, change);
        var answers = new ArrayList<Said>();
        answers.add(answer);
        answered.stream().limit(MOST_ANSWERED - 1L).forEach(answers::add);
        var wanted = new TreeSet<>(demanded);
        for (var change : changes) if (change.kind() == SchemaChange.Kind.NEW_REQUIRED) wanted.remove(change.field());
        return new StreamSchema(agreedOn, now, since, wanted, answers, todo)
                .dated(system, stream, answer.at())
                .with(more);
    }

    /**
     * The same once a person has taken answers back: what was agreed on is what was then, so what matters of the difference is open again.
     *
     * @param mapping as it is then
     */
    StreamSchema takenBack(String system, StreamMapping mapping, List<FieldShape> agreedThen, Said answer, Todo more) {
        var answers = new ArrayList<Said>();
        answers.add(answer);
        answered.stream().limit(MOST_ANSWERED - 1L).forEach(answers::add);
        return new StreamSchema(agreedThen, now, since, demanded, answers, todo)
                .seen(system, mapping, now, List.of(), answer.at())
                .with(more);
    }

    private StreamSchema with(Todo more) {
        return new StreamSchema(agreed, now, since, demanded, answered, todo.and(more));
    }

    StreamSchema done() {
        return new StreamSchema(agreed, now, since, demanded, answered, Todo.NOTHING);
    }

    String toJson() {
        return StoredJson.write(this);
    }

    static StreamSchema parse(String json) {
        return StoredJson.read(json, StreamSchema.class, "schema");
    }
}
