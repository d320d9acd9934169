package io.kintsugi.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.Erasure.ErasureState;
import io.kintsugi.core.model.Erasure.Lifted;
import io.kintsugi.core.model.Erasure.Means;
import io.kintsugi.core.model.Erasure.Step;
import io.kintsugi.core.model.Erasure.StepState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.neo4j.driver.Value;

/** Erasures as nodes; their steps are one JSON property: lists in the order of {@link Step}. */
final class ErasureNodes {
    private ErasureNodes() {}

    static Map<String, Object> row(Erasure erasure) {
        return Map.of("id", erasure.id(), "properties", properties(erasure), "goldens", erasure.goldenIds());
    }

    private static Map<String, Object> properties(Erasure erasure) {
        var properties = new HashMap<String, Object>();
        properties.put("id", erasure.id());
        properties.put("type", erasure.entityType());
        properties.put("goldens", erasure.goldenIds());
        properties.put("state", erasure.state().name());
        properties.put("reason", erasure.reason());
        properties.put("by", erasure.by());
        properties.put("askedAt", Times.stored(erasure.askedAt()));
        properties.put(
                "steps",
                Json.write(erasure.steps().stream().map(ErasureNodes::written).toList()));
        properties.put("removed", Json.write(new TreeMap<>(erasure.removed())));
        properties.put("removedAt", Times.stored(erasure.removedAt()));
        properties.put("finishedAt", Times.stored(erasure.finishedAt()));
        if (erasure.lifted() != null) {
            properties.put("liftedBy", erasure.lifted().by());
            properties.put("liftReason", erasure.lifted().reason());
            properties.put("liftedAt", Times.stored(erasure.lifted().at()));
        }
        properties.put("revision", erasure.revision());
        properties.put("updatedAt", Times.stored(erasure.updatedAt()));
        return properties;
    }

    private static List<Object> written(Step step) {
        return Arrays.asList(
                step.system(),
                step.stream(),
                step.externalId(),
                step.hash(),
                step.means().name(),
                step.state().name(),
                step.why(),
                step.by(),
                text(step.at()),
                text(step.lookAt()));
    }

    private static String text(Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static Instant instant(JsonNode node) {
        return node.isNull() ? null : Instant.parse(node.asText());
    }

    static Erasure erasure(Value properties) {
        var steps = new ArrayList<Step>();
        for (var step : Json.read(properties.get("steps").asString())) {
            steps.add(new Step(
                    step.get(0).asText(),
                    Json.text(step.get(1)),
                    Json.text(step.get(2)),
                    step.get(3).asText(),
                    Means.valueOf(step.get(4).asText()),
                    StepState.valueOf(step.get(5).asText()),
                    Json.text(step.get(6)),
                    Json.text(step.get(7)),
                    instant(step.get(8)),
                    instant(step.get(9))));
        }
        var removed = new TreeMap<String, Long>();
        for (var count : Json.read(properties.get("removed").asString()).properties()) {
            removed.put(count.getKey(), count.getValue().asLong());
        }
        return new Erasure(
                properties.get("id").asString(),
                properties.get("type").asString(),
                properties.get("goldens").asList(Value::asString),
                ErasureState.valueOf(properties.get("state").asString()),
                properties.get("reason").asString(),
                properties.get("by").asString(),
                Times.instant(properties.get("askedAt")),
                steps,
                removed,
                Times.instant(properties.get("removedAt")),
                Times.instant(properties.get("finishedAt")),
                properties.get("liftedBy").isNull()
                        ? null
                        : new Lifted(
                                properties.get("liftedBy").asString(),
                                properties.get("liftReason").asString(),
                                Times.instant(properties.get("liftedAt"))),
                properties.get("revision").asLong(),
                Times.instant(properties.get("updatedAt")));
    }
}
