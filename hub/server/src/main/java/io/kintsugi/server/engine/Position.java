package io.kintsugi.server.engine;

import io.kintsugi.connector.spi.Checkpoint;

/**
 * Where the hub is in a stream: in the first full read, or in the changes after it.
 *
 * @param changes where to poll from once the snapshot is complete; taken before the snapshot began, so nothing between is lost
 * @param snapshot next page of the snapshot; null before its first page
 * @param snapshotDone whether the snapshot is complete
 * @param recovering whether changes were missed before the snapshot, so that what it lacks may be deleted
 */
record Position(Checkpoint changes, Checkpoint snapshot, boolean snapshotDone, boolean recovering) {
    Position(Checkpoint changes, Checkpoint snapshot, boolean snapshotDone) {
        this(changes, snapshot, snapshotDone, false);
    }

    String toJson() {
        return StoredJson.write(this);
    }

    static Position parse(String json) {
        return StoredJson.read(json, Position.class, "checkpoint");
    }
}
