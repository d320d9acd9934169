package io.kintsugi.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Records.Retained;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.neo4j.driver.Value;

/** Source records as nodes: attributes are plain properties; what the hub knows of each attribute is one JSON property. */
final class RecordNodes {
    private RecordNodes() {}

    static List<String> keys(Collection<RecordKey> keys) {
        return keys.stream().map(RecordKey::toString).toList();
    }

    /** @param at when what it held before ended; null at its observation */
    static Map<String, Object> row(SourceRecord record, Instant at) {
        var row = new HashMap<String, Object>(8);
        var properties = properties(record);
        row.put("key", properties.get("key"));
        row.put("label", EntityLabel.of(record.key().entityType()));
        row.put("hash", properties.get("hash"));
        row.put("until", Times.stored(at == null ? record.observedAt() : at));
        row.put("properties", properties);
        return row;
    }

    private static Map<String, Object> properties(SourceRecord record) {
        var properties = new HashMap<String, Object>(32);
        putAttributes(properties, record.attributes());
        properties.put("key", record.key().toString());
        properties.put("system", record.key().system());
        properties.put("type", record.key().entityType());
        properties.put("externalId", record.key().externalId());
        properties.put("stream", record.stream());
        properties.put("state", record.state().name());
        properties.put("hash", record.hash());
        var evidence = record.evidence();
        if (!evidence.equals(record.attributes())) properties.put("evidenceHash", ContentHash.of(evidence));
        properties.put("sourceAt", Times.stored(record.sourceAt()));
        properties.put("observedAt", Times.stored(record.observedAt()));
        properties.put("version", record.version());
        properties.put("written", record.written());
        if (!record.states().isEmpty()) {
            properties.put("bookkeeping", bookkeeping(record.states()));
        }
        return properties;
    }

    /** @throws IllegalArgumentException if an attribute has the name of one of the hub's own properties */
    static void putAttributes(Map<String, Object> properties, Map<String, String> attributes) {
        for (var name : attributes.keySet()) {
            if (Attribute.RESERVED.contains(name)) {
                throw new IllegalArgumentException("attribute name \"" + name + "\" is kept for the hub");
            }
        }
        properties.putAll(attributes);
    }

    /** What is left of the properties of a node without those of the hub. */
    static Map<String, String> attributes(Value properties) {
        var attributes = new HashMap<String, String>();
        for (var name : properties.keys()) {
            if (!Attribute.RESERVED.contains(name)) {
                attributes.put(name, properties.get(name).asString());
            }
        }
        return attributes;
    }

    static SourceRecord record(Value properties) {
        return new SourceRecord(
                RecordKey.parse(properties.get("key").asString()),
                properties.get("stream").asString(null),
                RecordState.valueOf(properties.get("state").asString()),
                attributes(properties),
                states(properties.get("bookkeeping")),
                Times.instant(properties.get("sourceAt")),
                Times.instant(properties.get("observedAt")),
                properties.get("version").asString(null),
                properties.get("written").asString(null));
    }

    /** By attribute: when it changed, base, whether agreed, whether copied, hold, original, time of that, what was sent. */
    private static String bookkeeping(Map<String, AttributeState> states) {
        var written = new TreeMap<String, List<Object>>();
        states.forEach((attribute, state) -> written.put(
                attribute,
                Arrays.asList(
                        state.changedAt() == null ? null : state.changedAt().toString(),
                        state.base(),
                        state.agreed(),
                        state.copied(),
                        state.hold(),
                        state.original(),
                        state.originalAt() == null ? null : state.originalAt().toString(),
                        state.sent())));
        return Json.write(written);
    }

    private static Map<String, AttributeState> states(Value bookkeeping) {
        if (bookkeeping.isNull()) {
            return Map.of();
        }
        var states = new HashMap<String, AttributeState>();
        for (var entry : Json.read(bookkeeping.asString()).properties()) {
            JsonNode state = entry.getValue();
            states.put(
                    entry.getKey(),
                    new AttributeState(
                            state.get(0).isNull()
                                    ? null
                                    : Instant.parse(state.get(0).asText()),
                            state.get(1).asLong(),
                            state.get(2).asBoolean(),
                            state.get(3).asBoolean(),
                            state.size() > 5 ? Json.text(state.get(5)) : null,
                            state.size() > 6 && !state.get(6).isNull()
                                    ? Instant.parse(state.get(6).asText())
                                    : null,
                            state.size() > 7 ? Json.text(state.get(7)) : null,
                            Json.text(state.get(4))));
        }
        return states;
    }

    /** By native field: value, and when the record had last changed then. */
    static String unmapped(Map<String, Retained> fields) {
        var written = new TreeMap<String, List<Object>>();
        fields.forEach((field, kept) -> written.put(
                field,
                Arrays.asList(kept.value(), kept.at() == null ? null : kept.at().toString())));
        return Json.write(written);
    }

    static Map<String, Retained> retained(String unmapped) {
        var fields = new HashMap<String, Retained>();
        for (var entry : Json.read(unmapped).properties()) {
            var kept = entry.getValue();
            fields.put(
                    entry.getKey(),
                    new Retained(
                            kept.get(0).asText(),
                            kept.get(1).isNull()
                                    ? null
                                    : Instant.parse(kept.get(1).asText())));
        }
        return fields;
    }

    /** Record keys of a list property; an absent one is empty. */
    static List<RecordKey> parsed(Value list) {
        if (list.isNull()) {
            return List.of();
        }
        var keys = new ArrayList<RecordKey>();
        for (var key : list.values()) {
            keys.add(RecordKey.parse(key.asString()));
        }
        return keys;
    }
}
