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
        golden.values().forEach((attribute, value) -> values.put(attribute, value.value()));
        var properties = new HashMap<String, Object>(32);
        RecordNodes.putAttributes(properties, values);
        properties.put("id", golden.id());
        properties.put("type", golden.entityType());
        properties.put("state", golden.state().name());
        properties.put("revision", golden.revision());
        properties.put("createdAt", Times.stored(golden.createdAt()));
        properties.put("updatedAt", Times.stored(golden.updatedAt()));
        properties.put("label", golden.label());
        properties.put("search", String.join(" ", Goldens.words(String.join("\n", values.values()))));
        if (!golden.stewardValues().isEmpty()) {
            properties.put("stewardValues", StewardValueNodes.written(golden.stewardValues()));
        }
        if (golden.dueAt() != null) {
            properties.put("dueAt", Times.stored(golden.dueAt()));
        }
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
                Times.instant(properties.get("updatedAt")),
                StewardValueNodes.values(properties.get("stewardValues")),
                Times.instant(properties.get("dueAt")));
    }

    /** Where a value comes from; many values of a golden share one. */
    private record Source(RecordKey from, Instant sourceAt, String rule, long policyVersion) {
        List<Object> written() {
            return Arrays.asList(
                    from == null ? null : from.toString(),
                    sourceAt == null ? null : sourceAt.toString(),
                    rule,
                    policyVersion);
        }
    }

    /** Sources (record, when its system changed it, rule, version of the policy), and by attribute the version and a source's place. */
    private static String provenance(Map<String, GoldenValue> values) {
        var sources = new ArrayList<Source>();
        var attributes = new TreeMap<String, List<Object>>();
        new TreeMap<>(values).forEach((attribute, value) -> {
            var source = new Source(value.from(), value.sourceAt(), value.rule(), value.policyVersion());
            if (!sources.contains(source)) {
                sources.add(source);
            }
            attributes.put(attribute, List.of(value.version(), sources.indexOf(source)));
        });
        return Json.write(
                Map.of("sources", sources.stream().map(Source::written).toList(), "attributes", attributes));
    }

    private static Map<String, GoldenValue> values(Value properties) {
        var provenance = properties.get("provenance");
        if (provenance.isNull()) {
            return Map.of();
        }
        var written = Json.read(provenance.asString());
        var sources = new ArrayList<Source>();
        for (var source : written.get("sources")) {
            sources.add(new Source(
                    source.get(0).isNull()
                            ? null
                            : RecordKey.parse(source.get(0).asText()),
                    source.get(1).isNull() ? null : Instant.parse(source.get(1).asText()),
                    Json.text(source.get(2)),
                    source.get(3).asLong()));
        }
        var values = new HashMap<String, GoldenValue>();
        for (var entry : written.get("attributes").properties()) {
            var source = sources.get(entry.getValue().get(1).asInt());
            values.put(
                    entry.getKey(),
                    new GoldenValue(
                            properties.get(entry.getKey()).asString(),
                            entry.getValue().get(0).asLong(),
                            source.from(),
                            source.sourceAt(),
                            source.rule(),
                            source.policyVersion()));
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
        properties.put("policies", revision.policies());
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
                properties.get("counterpart").asString(null),
                properties.get("policies").asString(null));
    }

    /** Records, and of each change: attribute, before, after, place of its record or -1. */
    private static String changed(List<ValueChange> changes) {
        var records = new ArrayList<String>();
        var values = new ArrayList<List<Object>>();
        for (var change : changes) {
            var from = change.from() == null ? null : change.from().toString();
            if (from != null && !records.contains(from)) {
                records.add(from);
            }
            values.add(Arrays.asList(change.attribute(), change.before(), change.after(), records.indexOf(from)));
        }
        return Json.write(Map.of("records", records, "values", values));
    }

    private static List<ValueChange> changed(Value text) {
        if (text.isNull()) {
            return List.of();
        }
        var written = Json.read(text.asString());
        var changes = new ArrayList<ValueChange>();
        for (var change : written.get("values")) {
            int place = change.get(3).asInt();
            changes.add(new ValueChange(
                    change.get(0).asText(),
                    Json.text(change.get(1)),
                    Json.text(change.get(2)),
                    place < 0
                            ? null
                            : RecordKey.parse(written.get("records").get(place).asText())));
        }
        return changes;
    }
}
