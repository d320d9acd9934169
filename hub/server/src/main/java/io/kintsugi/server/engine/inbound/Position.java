package io.kintsugi.server.engine.inbound;

import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.server.engine.shared.StoredJson;

/**
 * Where the hub is in a stream: in the first full read, or in the changes after it.
 *
 * @param changes where to poll from once the snapshot is complete; taken before the snapshot began, so nothing between is lost
 * @param snapshot next page of the snapshot; null before its first page
 * @param snapshotDone whether the snapshot is complete
 * @param recovering whether changes were missed before the snapshot, so that what it lacks may be deleted
 */
public record Position(Checkpoint changes, Checkpoint snapshot, boolean snapshotDone, boolean recovering) {
    public Position(Checkpoint changes, Checkpoint snapshot, boolean snapshotDone) {
        this(changes, snapshot, snapshotDone, false);
    }

    /** As a checkpoint keeps it. */
    public String toJson() {
        return StoredJson.write(this);
    }

    /** The position that {@link #toJson()} made the text of. */
    public static Position parse(String json) {
        return StoredJson.read(json, Position.class, "checkpoint");
    }
}
