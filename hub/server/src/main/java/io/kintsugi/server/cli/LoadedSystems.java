package io.kintsugi.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.Journal.Document;
import io.kintsugi.server.Wiring;
import io.kintsugi.server.config.ModelStore.Documents;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Makes the systems of a load known to the hub, as documents without a connector: the hub keeps their records and mappings, and a
 * later start needs neither the file nor the database.
 */
final class LoadedSystems {
    private static final YAMLMapper YAML = YAMLMapper.builder().build();
    private static final String BY = "load";
    private static final int LONGEST_ID = 32;
    private static final int HASH = 12;
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_-]{0," + (LONGEST_ID - 1) + "}");

    private final Wiring wiring;
    private final StreamMapping mapping;
    private final String sourceColumn;
    private final Set<String> duplicateFree;
    private final Map<String, String> ofSource = new HashMap<>();
    private final Set<String> known = new TreeSet<>();

    /**
     * @param sourceColumn null if all rows are of one system
     * @param duplicateFree sources that hold each thing at most once, or {@code all}
     */
    LoadedSystems(Wiring wiring, StreamMapping mapping, String sourceColumn, Set<String> duplicateFree) {
        this.wiring = wiring;
        this.mapping = mapping;
        this.sourceColumn = sourceColumn;
        this.duplicateFree = duplicateFree;
    }

    /** System of a row by its source column, null if that is empty. Makes the system known if it is new. */
    String of(NativeRecord row) {
        var source = row.fields().get(sourceColumn);
        if (source == null || source.toString().isBlank()) return null;
        return ofSource.computeIfAbsent(source.toString().strip(), text -> know(id(text), text));
    }

    /**
     * Publishes a system, unless it is published so already.
     *
     * @return its id
     * @throws HubException with {@code NOT_POSSIBLE} if the id is that of a connected system
     */
    String know(String id, String label) {
        if (!known.add(id)) return id;
        var before = wiring.hub().model().get().system(id);
        if (before.isPresent() && before.get().connected()) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "system " + id + " is connected (" + before.get().connector()
                            + ") and reads by itself; load into a system of another name");
        }
        var streams = new LinkedHashMap<String, Object>();
        before.ifPresent(
                system -> system.streams().stream() // one stream per entity type: this load replaces its former one
                        .filter(stream -> !stream.entityType().equals(mapping.entityType()))
                        .forEach(stream -> streams.put(stream.stream(), body(stream))));
        streams.put(mapping.stream(), body(mapping));
        var system = new LinkedHashMap<String, Object>();
        system.put("label", before.map(SystemConfig::label).orElse(label));
        system.put("connector", SystemConfig.NO_CONNECTOR);
        system.put("streams", streams);
        var documents = new LinkedHashMap<String, Map<String, String>>();
        documents.put("system", Map.of(id, yaml(system)));
        matching(id).ifPresent(policy -> documents.put("matching", Map.of(mapping.entityType(), policy)));
        wiring.publish(new Documents(documents), BY);
        return id;
    }

    private boolean isDuplicateFree(String id) {
        return duplicateFree.contains("all")
                || duplicateFree.stream().anyMatch(source -> id(source).equals(id));
    }

    /** The match policy with the system among those without duplicates; empty if it is as it has to be. */
    private Optional<String> matching(String id) {
        var systems = new TreeSet<>(
                wiring.hub().model().get().matching().get(mapping.entityType()).duplicateFree());
        if (!isDuplicateFree(id) || !systems.add(id)) return Optional.empty();
        var published = wiring.hub().store().read(tx -> tx.journal().document("matching", mapping.entityType()));
        return Optional.of(withDuplicateFree(published.map(Document::body).orElse(""), systems));
    }

    /** A match policy with other systems without duplicates; what else it says, it still says, and no default is written into it. */
    static String withDuplicateFree(String policy, Set<String> systems) {
        try {
            var body = YAML.readTree(policy) instanceof ObjectNode block ? block : YAML.createObjectNode();
            return yaml(body.set("duplicateFree", YAML.valueToTree(systems)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what is published can be read", e);
        }
    }

    private static Map<String, Object> body(StreamMapping stream) {
        var fields = new LinkedHashMap<String, Object>();
        for (FieldMapping field : stream.fields()) {
            fields.put(
                    field.field(),
                    field.functions().isEmpty()
                            ? field.attribute()
                            : Map.of("attribute", field.attribute(), "functions", field.functions()));
        }
        var body = new LinkedHashMap<String, Object>();
        body.put("entity", stream.entityType());
        body.put("write", false);
        body.put("fields", fields);
        return body;
    }

    private static String yaml(Object value) {
        try {
            return YAML.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps and texts can be written", e);
        }
    }

    /**
     * A name as the id of a system: lower case letters, digits, - and _, at most 32 of them, a letter first. Names that differ in more
     * than case have different ids: a name that is no id as it stands ends with a hash of itself.
     */
    static String id(String name) {
        var wanted = name.strip().toLowerCase(Locale.ROOT);
        if (ID.matcher(wanted).matches()) return wanted;
        var plain = Normalizer.normalize(wanted, Normalizer.Form.NFKD)
                .replaceAll("\\p{M}+", "")
                .replaceAll("[^a-z0-9_]+", "-")
                .replaceAll("^[^a-z]+", "");
        var start = plain.isEmpty() ? "s" : plain.substring(0, Math.min(plain.length(), LONGEST_ID - 1 - HASH));
        return start.replaceAll("-$", "") + "-"
                + ContentHash.of(Map.of("name", wanted)).substring(0, HASH);
    }
}
