package io.kintsugi.connector.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException.CheckpointExpired;
import java.time.Instant;

/** Checkpoints of this connector as JSON. The property {@code feed} says which reader made one. */
final class Position {
    static final String TYPE = "jdbc";
    private static final int FORMAT = 1;
    private static final JsonMapper JSON = new JsonMapper();

    private Position() {}

    static ObjectNode of(String feed) {
        return JSON.createObjectNode().put("feed", feed);
    }

    static Checkpoint checkpoint(String stream, ObjectNode json) {
        return new Checkpoint(TYPE, FORMAT, stream, json.toString());
    }

    /** @throws CheckpointExpired if it is of another stream, reader or format, so that the engine reads a snapshot instead */
    static JsonNode read(Checkpoint checkpoint, String stream, String feed) throws CheckpointExpired {
        try {
            JsonNode json = JSON.readTree(checkpoint.json());
            if (checkpoint.connectorType().equals(TYPE)
                    && checkpoint.formatVersion() == FORMAT
                    && stream.equals(checkpoint.stream())
                    && feed.equals(json.path("feed").asText())) return json;
        } catch (JsonProcessingException e) {
            // answered below, like every other position that cannot be used
        }
        throw new CheckpointExpired(
                null,
                "the position is not one of the " + feed + " reader of " + stream
                        + "; the settings of the stream have changed, read it whole");
    }

    static Instant instant(JsonNode json, String name) {
        return json.hasNonNull(name) ? Instant.parse(json.get(name).asText()) : null;
    }

    static String text(JsonNode json, String name) {
        return json.hasNonNull(name) ? json.get(name).asText() : null;
    }
}
