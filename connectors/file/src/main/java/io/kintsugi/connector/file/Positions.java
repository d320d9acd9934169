package io.kintsugi.connector.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;

/** What checkpoints of this connector look like. */
final class Positions {
    private static final int FORMAT = 2; // 1 did not say how the files were read
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Positions() {}

    static ObjectNode blank() {
        return JSON.createObjectNode();
    }

    static Checkpoint write(String stream, ObjectNode position) {
        return new Checkpoint(Settings.TYPE, FORMAT, stream, position.toString());
    }

    static ObjectNode read(String stream, Checkpoint from) throws ConnectorException {
        if (!Settings.TYPE.equals(from.connectorType()) || !stream.equals(from.stream()))
            throw new ConnectorException.Misconfigured("a position of %s %s was given for %s %s"
                    .formatted(from.connectorType(), from.stream(), Settings.TYPE, stream));
        if (from.formatVersion() != FORMAT)
            throw expired("the position of " + stream + " has format " + from.formatVersion()
                    + ", this connector reads " + FORMAT);
        try {
            if (JSON.readTree(from.json()) instanceof ObjectNode position) return position;
        } catch (JsonProcessingException e) {
            // said below
        }
        throw expired("the position of " + stream + " is damaged");
    }

    static ConnectorException.CheckpointExpired expired(String why) {
        return new ConnectorException.CheckpointExpired(null, why);
    }
}
