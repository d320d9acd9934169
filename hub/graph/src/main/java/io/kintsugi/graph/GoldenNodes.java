package io.kintsugi.graph;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenRevision.ValueChange;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Goldens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.neo4j.driver.Value;

/** Golden records and their revisions as nodes: values are plain properties, their provenance is one JSON property. */
final class GoldenNodes {
    private GoldenNodes() {}

    static Map<String, Object> row(GoldenRecord golden) {
        return Map.of(
                "id", golden.id(), "label", EntityLabel.of(golden.entityType()), "properties", properties(golden));
    }

    private static Map<String, Object> properties(GoldenRecord golden) {
        var values = new HashMap<String, String>();
        var words = new TreeSet<String>();
        golden.values().forEach((attribute, value) -> {
            values.put(attribute, value.value());
            words.addAll(Goldens.words(value.value()));
        });
        var properties = new HashMap<String, Object>(32);
        RecordNodes.putAttributes(properties, values);
        properties.put("id", golden.id());
        properties.put("type", golden.entityType());
        properties.put("state", golden.state().name());
        properties.put("revision", golden.revision());
        properties.put("createdAt", Times.stored(golden.createdAt()));
        properties.put("updatedAt", Times.stored(golden.updatedAt()));
        properties.put("label", golden.label());
        properties.put("search", String.join(" ", words));
        if (!golden.values().isEmpty()) {
            properties.put("provenance", provenance(golden.values()));
        }
        return properties;
    }

    static GoldenRecord golden(Value properties, Value redirectsTo) {
        return new GoldenRecord(
                properties.get("id").asString(),
                properties.get("type").asString(),
                GoldenState.valueOf(properties.get("state").asString()),
                properties.get("revision").asLong(),
                values(properties),
                redirectsTo.asString(null),
                Times.instant(properties.get("createdAt")),
                Times.instant(properties.get("updatedAt")));
    }

    /** By attribute: version, record, when its system changed it, rule, version of the policy. */
    private static String provenance(Map<String, GoldenValue> values) {
        var written = new TreeMap<String, List<Object>>();
        values.forEach((attribute, value) -> written.put(
                attribute,
                Arrays.asList(
                        value.version(),
                        value.from() == null ? null : value.from().toString(),
                        value.sourceAt() == null ? null : value.sourceAt().toString(),
                        value.rule(),
                        value.policyVersion())));
        return Json.write(written);
    }

    private static Map<String, GoldenValue> values(Value properties) {
        var provenance = properties.get("provenance");
        if (provenance.isNull()) {
            return Map.of();
        }
        var values = new HashMap<String, GoldenValue>();
        for (var entry : Json.read(provenance.asString()).properties()) {
            var origin = entry.getValue();
            values.put(
                    entry.getKey(),
                    new GoldenValue(
                            properties.get(entry.getKey()).asString(),
                            origin.get(0).asLong(),
                            origin.get(1).isNull()
                                    ? null
                                    : RecordKey.parse(origin.get(1).asText()),
                            origin.get(2).isNull()
                                    ? null
                                    : Instant.parse(origin.get(2).asText()),
                            Json.text(origin.get(3)),
                            origin.get(4).asLong()));
        }
        return values;
    }

    static Map<String, Object> row(GoldenRevision revision, int place) {
        var properties = new HashMap<String, Object>(16);
        properties.put("goldenId", revision.goldenId());
        properties.put("type", revision.entityType());
        properties.put("revision", revision.revision());
        properties.put("at", Times.stored(revision.at()));
        properties.put("cause", revision.cause().name());
        if (!revision.changed().isEmpty()) {
            properties.put("changed", changed(revision.changed()));
        }
        if (!revision.joined().isEmpty()) {
            properties.put("joined", RecordNodes.keys(revision.joined()));
        }
        if (!revision.left().isEmpty()) {
            properties.put("left", RecordNodes.keys(revision.left()));
        }
        properties.put("counterpart", revision.counterpart());
        return Map.of("id", revision.goldenId(), "place", place, "properties", properties);
    }

    static GoldenRevision revision(Value properties) {
        return new GoldenRevision(
                properties.get("goldenId").asString(),
                properties.get("type").asString(),
                properties.get("sequence").asLong(),
                properties.get("revision").asLong(),
                Times.instant(properties.get("at")),
                Cause.valueOf(properties.get("cause").asString()),
                changed(properties.get("changed")),
                RecordNodes.parsed(properties.get("joined")),
                RecordNodes.parsed(properties.get("left")),
                properties.get("counterpart").asString(null));
    }

    /** Of each: attribute, before, after, record. */
    private static String changed(List<ValueChange> changes) {
        return Json.write(changes.stream()
                .map(c -> Arrays.<Object>asList(
                        c.attribute(),
                        c.before(),
                        c.after(),
                        c.from() == null ? null : c.from().toString()))
                .toList());
    }

    private static List<ValueChange> changed(Value written) {
        if (written.isNull()) {
            return List.of();
        }
        var changes = new ArrayList<ValueChange>();
        for (var c : Json.read(written.asString())) {
            changes.add(new ValueChange(
                    c.get(0).asText(),
                    Json.text(c.get(1)),
                    Json.text(c.get(2)),
                    c.get(3).isNull() ? null : RecordKey.parse(c.get(3).asText())));
        }
        return changes;
    }
}
