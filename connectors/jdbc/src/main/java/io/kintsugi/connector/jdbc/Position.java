package io.kintsugi.connector.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException.CheckpointExpired;
import java.time.Instant;

/**
 * Checkpoints of this connector as JSON. The property {@code feed} says which reader made one, {@code made} under which settings of
 * the table: under other settings it would name another place, so it is not used then.
 */
final class Position {
    static final String TYPE = "jdbc";
    private static final int FORMAT = 2;
    private static final JsonMapper JSON = new JsonMapper();

    private Position() {}

    static ObjectNode of(String feed) {
        return JSON.createObjectNode().put("feed", feed);
    }

    static Checkpoint checkpoint(Table table, ObjectNode json) {
        return new Checkpoint(
                TYPE, FORMAT, table.name(), json.put("made", table.made()).toString());
    }

    /**
     * @throws CheckpointExpired if it is of another stream, reader or format or was made under other settings, so that the engine
     *     reads a snapshot instead
     */
    static JsonNode read(Checkpoint checkpoint, Table table, String feed) throws CheckpointExpired {
        try {
            JsonNode json = JSON.readTree(checkpoint.json());
            if (checkpoint.connectorType().equals(TYPE)
                    && checkpoint.formatVersion() == FORMAT
                    && table.name().equals(checkpoint.stream())
                    && feed.equals(json.path("feed").asText())
                    && table.made().equals(json.path("made").asText())) return json;
        } catch (JsonProcessingException e) {
            // answered below, like every other position that cannot be used
        }
        throw new CheckpointExpired(
                null,
                "the position is not one of the " + feed + " reader of " + table.name()
                        + " as it is set up now; the settings of the stream have changed, read it whole");
    }

    static Instant instant(JsonNode json, String name) {
        return json.hasNonNull(name) ? Instant.parse(json.get(name).asText()) : null;
    }

    static String text(JsonNode json, String name) {
        return json.hasNonNull(name) ? json.get(name).asText() : null;
    }
}
