package io.kintsugi.connector.spi;

import java.time.Instant;
import java.util.List;

/** Reads what changed since a position. */
public interface ChangeSource {
    /** A position to poll from: {@code NOW} is taken before a snapshot, so that nothing between the two is lost. */
    Checkpoint start(Query query, StartAt at) throws ConnectorException;

    /**
     * Changes after a position, at least once: a record may come again, also with the same content. Polling the same position
     * again returns at least the same changes, or later ones of the same records.
     *
     * @param maxRecords largest number of changes to return, at least 1
     * @throws ConnectorException.CheckpointExpired if the system no longer knows that far back; the engine answers with a snapshot
     */
    ChangeBatch poll(Query query, Checkpoint from, int maxRecords) throws ConnectorException;

    /** Where to begin. */
    enum StartAt {
        NOW,
        EARLIEST
    }

    /**
     * What one poll found.
     *
     * @param changes in the system's order
     * @param next position after them, to be stored with them
     * @param caughtUp whether nothing more was there when asked
     * @param completeUpTo everything that changed before this instant has been returned; null if the connector cannot tell
     */
    record ChangeBatch(
            List<Change> changes,
            List<Unreadable> unreadable,
            Checkpoint next,
            boolean caughtUp,
            Instant completeUpTo) {
        public ChangeBatch {
            changes = List.copyOf(changes);
            unreadable = List.copyOf(unreadable);
            if (next == null) throw new IllegalArgumentException("a batch of changes needs the position after it");
        }
    }
}
