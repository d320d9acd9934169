package io.kintsugi.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.store.Journal.Document;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What people changed about mappings and entity types after the configuration file was written. An amendment says what the file said at
 * its place then, and holds as long as it still says so: who edits the file there later has the last word, and one whose decision was
 * written into the file finds it without effect.
 */
final class Amendments {
    /** Kind of the documents about mappings, named {@code system.stream}. */
    static final String MAPPING = "mapping";
    /** Kind of the documents about entity types. */
    static final String ATTRIBUTES = "attributes";

    private static final String FIELDS = "fields";
    private static final String CONSTANTS = "constants";
    private final Map<String, JsonNode> bodies = new HashMap<>();

    Amendments(Collection<Document> documents) {
        for (var document : documents) {
            bodies.put(document.name(), ModelReader.tree(document.kind() + "." + document.name(), document.body()));
        }
    }

    static final Amendments NONE = new Amendments(List.of());

    /** A system document with the amendments of its streams; one that names an attribute which is not there any more is left out. */
    JsonNode system(String id, JsonNode document, List<EntityType> types) {
        var streams = document.path("streams");
        if (!streams.isObject()) return document;
        var amended = ((ObjectNode) document).deepCopy();
        for (var entry : streams.properties()) {
            var amendment = bodies.get(id + "." + entry.getKey());
            if (amendment == null || !entry.getValue().isObject()) continue;
            var stream = (ObjectNode) amended.path("streams").path(entry.getKey());
            var attributes = attributes(types, stream.path("entity").asText());
            lay(amendment.path(FIELDS), stream, FIELDS, is -> attributes.contains(attribute(is)));
            lay(amendment.path(CONSTANTS), stream, CONSTANTS, is -> true);
        }
        return amended;
    }

    /** An entity type with the attributes that were added to it. */
    JsonNode entityType(String name, JsonNode document) {
        var amendment = bodies.get(name);
        if (amendment == null || !document.isObject()) return document;
        var amended = ((ObjectNode) document).deepCopy();
        lay(amendment.path(ATTRIBUTES), amended, ATTRIBUTES, is -> true);
        return amended;
    }

    private static Set<String> attributes(List<EntityType> types, String entity) {
        return types.stream()
                .filter(type -> type.name().equals(entity))
                .flatMap(type -> type.attributes().stream())
                .map(Attribute::name)
                .collect(Collectors.toSet());
    }

    private static String attribute(JsonNode field) {
        return field.isTextual() ? field.asText() : field.path("attribute").asText();
    }

    private static void lay(JsonNode entries, ObjectNode on, String block, Predicate<JsonNode> possible) {
        if (entries.isEmpty()) return;
        var target = on.path(block) instanceof ObjectNode there ? there : on.putObject(block);
        for (var entry : entries.properties()) {
            var name = entry.getKey();
            if (!said(target, name).equals(orNull(entry.getValue().path("was")))) continue;
            var is = orNull(entry.getValue().path("is"));
            if (is.isNull()) target.remove(name);
            else if (possible.test(is)) target.set(name, is);
        }
    }

    private static JsonNode said(ObjectNode block, String name) {
        return orNull(block.path(name));
    }

    private static JsonNode orNull(JsonNode node) {
        return node.isMissingNode() ? JsonNodeFactory.instance.nullNode() : node;
    }

    /**
     * The amendments of a stream or an entity type with one more: a later one at the same place takes the place of the first, and holds
     * under the same condition.
     *
     * @param body of the document so far; empty for none
     * @param base what the file says, without amendments
     * @param block {@code fields}, {@code constants} or {@code attributes}
     * @param is null to take the entry out
     */
    static String with(String body, JsonNode base, String block, String name, JsonNode is) {
        var document = (ObjectNode) ModelReader.tree(MAPPING, body);
        var entries = document.path(block) instanceof ObjectNode there ? there : document.putObject(block);
        var entry = entries.putObject(name);
        entry.set("was", orNull(base.path(block).path(name)));
        entry.set("is", is == null ? JsonNodeFactory.instance.nullNode() : is);
        return ModelReader.yaml(document);
    }
}
