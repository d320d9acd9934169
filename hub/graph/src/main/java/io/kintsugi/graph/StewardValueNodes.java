package io.kintsugi.graph;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.StewardValue;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.model.StewardValue.Winner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.neo4j.driver.Value;

/** What stewards gave a golden, as one JSON property: lists in the order of {@link StewardValue}. */
final class StewardValueNodes {
    private StewardValueNodes() {}

    static String written(List<StewardValue> values) {
        return Json.write(values.stream().map(StewardValueNodes::written).toList());
    }

    private static List<Object> written(StewardValue value) {
        var winner = value.winner();
        return Arrays.asList(
                value.attribute(),
                value.value(),
                value.lifeCycle().name(),
                text(value.until()),
                value.golden(),
                value.by(),
                value.note(),
                text(value.at()),
                winner == null ? null : Arrays.asList(winner.record().toString(), winner.value(), text(winner.at())),
                value.versions().stream().sorted().toList(),
                text(value.endedAt()));
    }

    private static String text(Instant instant) {
        return instant == null ? null : instant.toString();
    }

    static List<StewardValue> values(Value property) {
        if (property.isNull()) return List.of();
        var values = new ArrayList<StewardValue>();
        for (var value : Json.read(property.asString())) {
            var winner = value.get(8);
            var versions = new HashSet<Long>();
            value.get(9).forEach(version -> versions.add(version.asLong()));
            values.add(new StewardValue(
                    value.get(0).asText(),
                    value.get(1).asText(),
                    LifeCycle.valueOf(value.get(2).asText()),
                    instant(value.get(3)),
                    value.get(4).asText(),
                    Json.text(value.get(5)),
                    Json.text(value.get(6)),
                    instant(value.get(7)),
                    winner.isNull()
                            ? null
                            : new Winner(
                                    RecordKey.parse(winner.get(0).asText()),
                                    winner.get(1).asText(),
                                    instant(winner.get(2))),
                    versions,
                    instant(value.get(10))));
        }
        return values;
    }

    private static Instant instant(JsonNode node) {
        return node.isNull() ? null : Instant.parse(node.asText());
    }
}
