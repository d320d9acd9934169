package io.kintsugi.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.schema.FieldShape;
import io.kintsugi.core.schema.SchemaChange;
import io.kintsugi.core.schema.SchemaChange.Kind;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.engine.schema.Schemas;
import io.kintsugi.server.engine.schema.Schemas.Open;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * Takes answers about schemas: an answer amends the mapping, is agreed on and is published in one transaction, and what waited for it
 * goes on by itself. Thread-safe.
 */
public final class SchemaAnswers {
    private final HubStore store;
    private final LiveModel model;
    private final Schemas schemas;
    private final SchemaInbox inbox;
    private final Clock clock;
    private final BiConsumer<Documents, String> publisher;

    public SchemaAnswers(
            HubStore store,
            LiveModel model,
            Schemas schemas,
            SchemaInbox inbox,
            Clock clock,
            BiConsumer<Documents, String> publisher) {
        this.store = store;
        this.model = model;
        this.schemas = schemas;
        this.inbox = inbox;
        this.clock = clock;
        this.publisher = publisher;
    }

    /** What is being decided about one stream. */
    private final class Decision {
        private final String system;
        private final StreamMapping mapping;
        private final Map<String, String> amendments = new HashMap<>();
        private final Map<String, String> attributes = new HashMap<>();
        private final List<SchemaChange> agreed = new ArrayList<>();
        private final Set<String> settle = new TreeSet<>();
        private boolean reread;

        Decision(String system, StreamMapping mapping) {
            this.system = system;
            this.mapping = mapping;
        }

        private String name() {
            return system + "." + mapping.stream();
        }

        void amend(String block, String entry, JsonNode is) {
            var base = store.read(
                    tx -> document(tx, "system", system).path("streams").path(mapping.stream()));
            var before =
                    amendments.computeIfAbsent(name(), name -> store.read(tx -> body(tx, Amendments.MAPPING, name)));
            amendments.put(name(), Amendments.with(before, base, block, entry, is));
        }

        void addAttribute(String name, SchemaAnswer.MapTo to) {
            var type = mapping.entityType();
            var base = store.read(tx -> document(tx, "entity", type));
            var before = store.read(tx -> body(tx, Amendments.ATTRIBUTES, type));
            var is = JsonNodeFactory.instance.textNode(to.typeOrNull().name());
            attributes.put(type, Amendments.with(before, base, Amendments.ATTRIBUTES, name, is));
        }

        /** Agrees on what is open about a field because it is there. */
        void takes(String field) {
            for (var one : schemas.open()) {
                if (sameStream(one)
                        && field.equals(one.change().appeared())
                        && one.change().kind() != Kind.RENAMED) agreed.add(one.change());
            }
            reread |= !model.standing(system, mapping.stream()).retained().contains(field);
            settle.add(field);
        }

        private boolean sameStream(Open one) {
            return one.system().equals(system) && one.mapping().stream().equals(mapping.stream());
        }

        void publish(String change, String kind, String field, SchemaAnswer answer, String by) {
            var said = new Schemas.Said(change, kind, field, answer.says(), by, clock.instant());
            schemas.answer(system, mapping.stream(), agreed, said, settle, reread, answered -> {
                var former = store.read(tx -> body(tx, Amendments.MAPPING, name()));
                begin(name(), former, answered.before());
                var documents = new HashMap<String, Map<String, String>>();
                documents.put("schema", answered.documents());
                if (!amendments.isEmpty()) documents.put(Amendments.MAPPING, amendments);
                if (!attributes.isEmpty()) documents.put(Amendments.ATTRIBUTES, attributes);
                var is = amendments.getOrDefault(name(), former);
                var version = AnswerVersion.body(field + " " + answer.says(), is, answered.agreed());
                documents.put(AnswerVersion.KIND, Map.of(name(), version));
                SchemaAnswers.this.publish(documents, by);
            });
        }
    }

    /** What was before the first answer is a version, too. */
    private void begin(String name, String mapping, List<FieldShape> agreed) {
        store.write(tx -> {
            if (tx.journal().document(AnswerVersion.KIND, name).isEmpty()) {
                var first = AnswerVersion.body("before any answer", mapping, agreed);
                tx.journal().publish(AnswerVersion.KIND, name, first, "hub", clock.instant());
            }
            return null;
        });
    }

    /** What does not fit together is the caller's to mend. */
    private void publish(Map<String, Map<String, String>> documents, String by) {
        try {
            publisher.accept(new Documents(documents), by);
        } catch (HubException e) {
            throw unfit(e);
        }
    }

    private static HubException unfit(HubException e) {
        return e.code() == HubErrorCode.BAD_CONFIGURATION
                ? new HubException(HubErrorCode.UNPROCESSABLE, e.getMessage(), e)
                : e;
    }

    /**
     * Answers what is open under an id.
     *
     * @return the system it is about
     * @throws HubException with {@code NOT_FOUND} if nothing is or was, {@code NOT_POSSIBLE} if it was answered, {@code UNPROCESSABLE} if
     *     the answer does not fit what is asked
     */
    public synchronized String answer(String id, SchemaAnswer answer, String by) {
        var item = inbox.find(id).orElseThrow(() -> closed(id));
        var decision = new Decision(item.system(), item.mapping());
        var change = item.changeOrNull();
        if (answer instanceof SchemaAnswer.MapTo to) {
            if (change == null || change.appeared() == null || change.kind() == Kind.RENAMED) throw unfit(item, answer);
            map(decision, item.field(), to);
        } else if (answer instanceof SchemaAnswer.RenamedTo to) {
            if (change == null || !change.breaking() || change.kind() == Kind.RETYPED) throw unfit(item, answer);
            rename(decision, change, to.field());
        } else if (answer instanceof SchemaAnswer.Constant constant) {
            if (change == null || change.kind() != Kind.NEW_REQUIRED) throw unfit(item, answer);
            if (constant.value() == null || constant.value().isBlank())
                throw wrong("a constant needs a value; give value");
            requireOption(item, constant.value());
            decision.amend("constants", item.field(), JsonNodeFactory.instance.textNode(constant.value()));
            decision.agreed.add(change);
        } else if (answer instanceof SchemaAnswer.Options options) {
            if (item.options().isEmpty()) throw unfit(item, answer);
            options.options().values().forEach(option -> requireOption(item, option));
            var field = mapped(item.mapping(), item.field());
            decision.amend(
                    "fields",
                    item.field(),
                    node(OptionMap.onto(item.system(), item.mapping(), field, options.options())));
            if (change != null) decision.agreed.add(change);
        } else if (answer instanceof SchemaAnswer.Drop) {
            if (change == null || !change.breaking()) throw unfit(item, answer);
            requireNoKey(item.mapping(), item.field());
            decision.amend("fields", item.field(), null);
            decision.agreed.add(change);
        } else {
            if (change == null || change.breaking() && change.kind() != Kind.RETYPED) throw unfit(item, answer);
            decision.agreed.add(change);
            decision.reread = change.kind() == Kind.RETYPED; // it stood still, and may have been edited meanwhile
            if (change.appeared() != null) decision.settle.add(item.field());
        }
        decision.publish(id, item.kind(), item.field(), answer, by);
        return item.system();
    }

    /**
     * Maps a field that nobody maps, whether it is new or not.
     *
     * @throws HubException with {@code NOT_FOUND} if there is no such field, {@code UNPROCESSABLE} if it cannot be mapped so
     */
    public synchronized void map(String system, String stream, String field, SchemaAnswer.MapTo to, String by) {
        var mapping = mapping(model.published(), system, stream);
        var decision = new Decision(system, mapping);
        map(decision, field, to);
        decision.publish(null, "MAPPED", field, to, by);
    }

    /**
     * Goes back to what had been answered about a stream: its mapping and what was agreed on are those of the version, which becomes one of
     * its own, and what was asked since is asked again if it still arises. Attributes that were made stay, and so do values that came by a
     * field which is not mapped any more, until their systems say otherwise.
     *
     * @param seen the version that the caller has seen
     * @throws HubException with {@code NOT_FOUND} if there is no such stream or version, {@code REVISION_CONFLICT} if somebody has answered
     *     since, {@code UNPROCESSABLE} if the mapping of then does not fit the configuration of now
     */
    public synchronized void rollBack(String system, String stream, long version, long seen, String by) {
        var name = system + "." + stream;
        var versions = store.read(tx -> AnswerVersion.of(tx, system, stream));
        long now = versions.isEmpty() ? 0 : versions.get(0).version();
        if (now != seen) {
            throw new HubException(
                    HubErrorCode.REVISION_CONFLICT,
                    "the answers about " + name + " are at version " + now + ", you sent " + seen
                            + "; reload and decide again");
        }
        var then = versions.stream()
                .filter(one -> one.version() == version)
                .findFirst()
                .orElseThrow(() -> new HubException(
                        HubErrorCode.NOT_FOUND, "the answers about " + name + " have no version " + version));
        var documents = new HashMap<String, Map<String, String>>();
        documents.put(Amendments.MAPPING, Map.of(name, then.mapping()));
        var before = mapping(model.published(), system, stream);
        var after = mapping(previewed(documents), system, stream);
        var again = mapped(after);
        again.removeAll(mapped(before));
        var given = mapped(before);
        given.removeAll(mapped(after));
        var says = "back to version " + version;
        var said = new Schemas.Said(null, "ROLLED_BACK", stream, says, by, clock.instant());
        boolean reread = !again.isEmpty() || !given.isEmpty();
        schemas.takeBack(system, after, then.agreed(), said, again, reread, answered -> {
            documents.put("schema", answered.documents());
            var body = AnswerVersion.body(says, then.mapping(), answered.agreed());
            documents.put(AnswerVersion.KIND, Map.of(name, body));
            publish(documents, by);
        });
    }

    private HubModel previewed(Map<String, Map<String, String>> documents) {
        try {
            return new ModelStore(store, clock).preview(new Documents(documents));
        } catch (HubException e) {
            throw unfit(e);
        }
    }

    private static StreamMapping mapping(HubModel model, String system, String stream) {
        return model.system(system).stream()
                .flatMap(config -> config.streams().stream())
                .filter(one -> one.stream().equals(stream))
                .findFirst()
                .orElseThrow(() -> new HubException(
                        HubErrorCode.NOT_FOUND, "no stream " + stream + " of " + system + " is mapped"));
    }

    private static Set<String> mapped(StreamMapping mapping) {
        var fields = new TreeSet<String>();
        mapping.fields().forEach(field -> fields.add(field.field()));
        return fields;
    }

    private void map(Decision decision, String field, SchemaAnswer.MapTo to) {
        requireThere(decision, field);
        if (to.attribute() == null || to.attribute().isBlank())
            throw wrong("a field is mapped to an attribute; give attribute");
        var type = model.get().entityType(decision.mapping.entityType());
        if (type.attribute(to.attribute()).isEmpty()) {
            if (to.typeOrNull() == null) throw unknownAttribute(type, to.attribute());
            decision.addAttribute(to.attribute(), to);
        }
        boolean write = to.write() == null ? decision.mapping.write() : to.write();
        decision.amend("fields", field, node(new FieldMapping(field, to.attribute(), to.functions(), write)));
        decision.takes(field);
    }

    private void rename(Decision decision, SchemaChange change, String to) {
        requireNoKey(decision.mapping, change.field());
        requireThere(decision, to);
        var field = mapped(decision.mapping, change.field());
        decision.amend("fields", change.field(), null);
        decision.amend(
                "fields", to, node(new FieldMapping(to, field.attribute(), field.functions(), field.writable())));
        decision.takes(to);
        decision.agreed.add(change);
    }

    private void requireThere(Decision decision, String field) {
        var fields = schemas.fields(decision.system, decision.mapping.stream()).orElse(List.of());
        var names = fields.stream().map(FieldShape::name).toList();
        if (field == null || !names.contains(field)) {
            throw wrong(decision.mapping.stream() + " of " + decision.system + " has no field " + field + "; it has "
                    + String.join(", ", names));
        }
        if (decision.mapping.fields().stream().anyMatch(one -> one.field().equals(field))) {
            throw new HubException(HubErrorCode.NOT_POSSIBLE, field + " is mapped already");
        }
    }

    private static void requireNoKey(StreamMapping mapping, String field) {
        if (field.equals(mapping.linkKeyField())) {
            throw wrong(field + " is the linkKey of the stream; name another one in the configuration of the system");
        }
        if (mapping.whenDeleted() != null && field.equals(mapping.whenDeleted().field())) {
            throw wrong(
                    field + " says which records are deleted; name another one under whenDeleted in the configuration");
        }
    }

    private static void requireOption(SchemaInbox.Item item, String value) {
        var now = item.changeOrNull() == null ? null : item.changeOrNull().now();
        boolean closed = now == null || now.closed();
        if (closed && !item.options().isEmpty() && !item.options().contains(value)) {
            throw wrong(item.field() + " of " + item.system() + " takes only " + String.join(", ", item.options()));
        }
    }

    private static FieldMapping mapped(StreamMapping mapping, String field) {
        return mapping.fields().stream()
                .filter(one -> one.field().equals(field))
                .findFirst()
                .orElseThrow(() -> wrong(field + " is not mapped"));
    }

    private static JsonNode node(FieldMapping field) {
        var node = JsonNodeFactory.instance.objectNode();
        node.put("attribute", field.attribute());
        if (!field.functions().isEmpty()) {
            var functions = node.putArray("functions");
            field.functions().forEach(functions::add);
        }
        node.put("write", field.writable());
        return node;
    }

    private static JsonNode document(HubTransaction tx, String kind, String name) {
        return ModelReader.tree(kind + "." + name, body(tx, kind, name));
    }

    private static String body(HubTransaction tx, String kind, String name) {
        return tx.journal()
                .document(kind, name)
                .map(document -> document.body())
                .orElse("");
    }

    private static HubException unknownAttribute(EntityType type, String attribute) {
        return wrong(type.name() + " has no attribute \"" + attribute + "\""
                + Fields.nearest(
                        attribute, type.attributes().stream().map(a -> a.name()).toList())
                + "; give a type to make it one");
    }

    private static HubException unfit(SchemaInbox.Item item, SchemaAnswer answer) {
        return wrong("\"" + answer.says() + "\" is no answer to " + item.kind() + " of " + item.field());
    }

    private HubException closed(String id) {
        return schemas.said(id)
                .map(said -> new HubException(
                        HubErrorCode.NOT_POSSIBLE,
                        said.field() + " was answered by " + said.by() + ": " + said.answer()
                                + "; map the field, or change the configuration, to decide otherwise"))
                .orElseGet(() -> new HubException(
                        HubErrorCode.NOT_FOUND,
                        "nothing about a schema is open under " + id + "; perhaps it became as it was"));
    }

    private static HubException wrong(String message) {
        return new HubException(HubErrorCode.UNPROCESSABLE, message);
    }
}
