package io.kintsugi.server.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;

/**
 * Where the hub is in a stream: in the first full read, or in the changes after it.
 *
 * @param changes where to poll from once the snapshot is complete; taken before the snapshot began, so nothing between is lost
 * @param snapshot next page of the snapshot; null before its first page
 * @param snapshotDone whether the snapshot is complete
 * @param recovering whether changes were missed before the snapshot, so that what it lacks may be deleted
 */
record Position(Checkpoint changes, Checkpoint snapshot, boolean snapshotDone, boolean recovering) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    Position(Checkpoint changes, Checkpoint snapshot, boolean snapshotDone) {
        this(changes, snapshot, snapshotDone, false);
    }

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a checkpoint is plain text", e);
        }
    }

    static Position parse(String json) {
        try {
            return JSON.readValue(json, Position.class);
        } catch (JsonProcessingException e) {
            throw new HubException(
                    HubErrorCode.INTERNAL, "a stored checkpoint cannot be read: " + e.getOriginalMessage(), e);
        }
    }
}
