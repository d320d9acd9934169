package io.kintsugi.server.engine.schema;

import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.schema.FieldShape;
import io.kintsugi.core.schema.SchemaChange;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.schema.StreamSchema.Todo;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Keeps mappings in step with the schemas of their systems (SCH-1 to SCH-4): compares what a system offers with what was agreed on, lets
 * the fields stand still that differ, and takes the answers of people. Thread-safe; what it knows is in the store.
 */
public final class Schemas {
    private final HubStore store;
    private final LiveModel model;
    private final Clock clock;
    private final HubEvents events;
    private final Map<String, StreamSchema> known = new HashMap<>();

    public Schemas(HubStore store, LiveModel model, Clock clock, HubEvents events) {
        this.store = store;
        this.model = model;
        this.clock = clock;
        this.events = events;
        var documents = store.read(tx -> tx.journal().documents(StreamSchema.KIND));
        for (var document : documents) known.put(document.name(), StreamSchema.parse(document.body()));
        stand();
    }

    /**
     * One change that waits for an answer.
     *
     * @param mapping as people made it, with what stands still
     */
    public record Open(String id, String system, StreamMapping mapping, SchemaChange change, Instant since) {}

    /**
     * What a person decided.
     *
     * @param change id of what was answered; null if nobody was asked
     * @param kind of the change
     * @param answer in words
     */
    public record Said(String change, String kind, String field, String answer, String by, Instant at) {}

    /**
     * What is known of one stream after an answer.
     *
     * @param documents to publish, by name
     * @param before what was agreed on until then
     * @param agreed what is agreed on from then on
     */
    public record Answered(Map<String, String> documents, List<FieldShape> before, List<FieldShape> agreed) {}

    /** A field as a refusal names it. */
    public record Named(String stream, String field) {}

    private synchronized void stand() {
        for (var system : model.published().systems()) {
            for (var mapping : system.streams()) {
                var schema = known.get(StreamSchema.name(system.id(), mapping.stream()));
                if (schema != null) model.stand(system.id(), mapping.stream(), schema.standing(mapping));
            }
        }
    }

    /**
     * Compares what a system offers with what is known.
     *
     * @param missing fields that it says are not there, whatever it describes
     * @param demanded fields that it has refused creates for want of
     * @return whether what the hub may read or write there is another now
     */
    public synchronized boolean look(String system, Catalog catalog, Set<Named> missing, Set<Named> demanded) {
        boolean changed = false;
        for (var mapping : streams(system)) {
            var def = catalog.streams().stream()
                    .filter(stream -> stream.name().equals(mapping.stream()))
                    .findFirst();
            var demands = demanded.stream()
                    .filter(named -> named.stream().equals(mapping.stream()))
                    .map(Named::field)
                    .toList();
            if (def.isPresent()) changed |= look(system, mapping, shapes(def.get(), missing), demands);
        }
        return changed;
    }

    private boolean look(String system, StreamMapping mapping, List<FieldShape> described, Collection<String> demands) {
        var name = StreamSchema.name(system, mapping.stream());
        var before = known.get(name);
        var after = before == null
                ? StreamSchema.first(described)
                : before.seen(system, mapping, described, demands, clock.instant());
        if (after.equals(before)) return false;
        save(name, after);
        boolean changed = before != null && !before.standing(mapping).equals(after.standing(mapping));
        model.stand(system, mapping.stream(), after.standing(mapping));
        if (before != null && !before.open().equals(after.open())) tell(system, mapping.stream());
        return changed;
    }

    private void save(String name, StreamSchema schema) {
        store.write(tx -> tx.journal().publish(StreamSchema.KIND, name, schema.toJson(), "hub", clock.instant()));
        known.put(name, schema);
    }

    private void tell(String system, String stream) {
        events.publish("schema.changed", Map.of("system", system, "stream", stream));
    }

    private List<StreamMapping> streams(String system) {
        return model.published().system(system).map(SystemConfig::streams).orElse(List.of());
    }

    private static List<FieldShape> shapes(StreamDef def, Set<Named> missing) {
        return def.fields().stream()
                .filter(field -> !missing.contains(new Named(def.name(), field.name())))
                .map(Schemas::shape)
                .sorted(Comparator.comparing(FieldShape::name))
                .toList();
    }

    private static FieldShape shape(FieldDef field) {
        return new FieldShape(
                field.name(),
                field.id(),
                field.type().name(),
                field.required(),
                field.createable() || field.updateable(),
                field.options(),
                field.optionsClosed());
    }

    /** What is left to do for a stream. */
    public synchronized Todo todo(String system, String stream) {
        var schema = known.get(StreamSchema.name(system, stream));
        return schema == null ? Todo.NOTHING : schema.todo();
    }

    /** Says that what was to do is done, unless there is more by now. */
    public synchronized void done(String system, String stream, Todo todo) {
        var name = StreamSchema.name(system, stream);
        var schema = known.get(name);
        if (schema != null && schema.todo().equals(todo)) save(name, schema.done());
    }

    /** What waits for an answer, in the order of systems, streams and fields. */
    public synchronized List<Open> open() {
        var open = new ArrayList<Open>();
        for (var system : model.published().systems()) {
            for (var mapping : system.streams()) {
                var schema = known.get(StreamSchema.name(system.id(), mapping.stream()));
                if (schema == null) continue;
                for (var change : schema.open()) {
                    var id = StreamSchema.id(system.id(), mapping.stream(), change);
                    open.add(new Open(
                            id, system.id(), mapping, change, schema.since().get(id)));
                }
            }
        }
        open.sort(Comparator.comparing(Open::system)
                .thenComparing(one -> one.mapping().stream())
                .thenComparing(Open::change));
        return open;
    }

    /** How a change was answered that is not open any more; empty if it was not, or long ago. */
    public synchronized Optional<Said> said(String id) {
        return known.values().stream()
                .flatMap(schema -> schema.answered().stream())
                .filter(said -> id.equals(said.change()))
                .findFirst();
    }

    /** What people decided about a stream, the latest first. */
    public synchronized List<Said> answers(String system, String stream) {
        var schema = known.get(StreamSchema.name(system, stream));
        return schema == null ? List.of() : schema.answered();
    }

    /** The fields of a stream as they were last seen; empty if it never was. */
    public synchronized Optional<List<FieldShape>> fields(String system, String stream) {
        return Optional.ofNullable(known.get(StreamSchema.name(system, stream))).map(StreamSchema::now);
    }

    /**
     * Answers changes of one stream.
     *
     * @param changes that are agreed on now; may be empty
     * @param settle fields that are mapped or given up now
     * @param reread whether fields are asked for whose values were not kept
     * @param publish publishes the schema as given, in one transaction with whatever else was decided
     */
    public synchronized void answer(
            String system,
            String stream,
            List<SchemaChange> changes,
            Said answer,
            Set<String> settle,
            boolean reread,
            Consumer<Answered> publish) {
        var before = told(system, stream);
        var after = before.answered(system, stream, changes, answer, new Todo(new TreeSet<>(settle), reread, true));
        replace(system, stream, before, after, publish);
    }

    /**
     * Takes answers about one stream back: their questions are open again, as far as they still arise.
     *
     * @param mapping as it is then
     * @param agreed what had been agreed on
     * @param settle fields that are mapped again
     * @param reread whether fields are asked for that were not until now
     * @param publish as in {@link #answer}
     */
    public synchronized void takeBack(
            String system,
            StreamMapping mapping,
            List<FieldShape> agreed,
            Said answer,
            Set<String> settle,
            boolean reread,
            Consumer<Answered> publish) {
        var before = told(system, mapping.stream());
        var after = before.takenBack(system, mapping, agreed, answer, new Todo(new TreeSet<>(settle), reread, true));
        replace(system, mapping.stream(), before, after, publish);
    }

    private StreamSchema told(String system, String stream) {
        var schema = known.get(StreamSchema.name(system, stream));
        if (schema != null) return schema;
        throw new HubException(
                HubErrorCode.NOT_POSSIBLE,
                "system " + system + " has not told the fields of " + stream + " yet; wait until it was reached");
    }

    private void replace(
            String system, String stream, StreamSchema before, StreamSchema after, Consumer<Answered> publish) {
        var name = StreamSchema.name(system, stream);
        publish.accept(new Answered(Map.of(name, after.toJson()), before.agreed(), after.agreed()));
        known.put(name, after);
        stand();
        tell(system, stream);
    }
}
