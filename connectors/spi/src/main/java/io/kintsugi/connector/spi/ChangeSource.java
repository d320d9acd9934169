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
     * @param sweep which part of a reading of all rows this is; null if rows that did not change are not looked at
     * @param readable ids, else places, of what was reported unreadable before and is not any more; needed only where neither a record
     *     nor a sweep shows it
     */
    record ChangeBatch(
            List<Change> changes,
            List<Unreadable> unreadable,
            Checkpoint next,
            boolean caughtUp,
            Instant completeUpTo,
            Sweep sweep,
            List<String> readable) {
        /** A batch that tells only what changed. */
        public ChangeBatch(
                List<Change> changes,
                List<Unreadable> unreadable,
                Checkpoint next,
                boolean caughtUp,
                Instant completeUpTo) {
            this(changes, unreadable, next, caughtUp, completeUpTo, null);
        }

        /** A batch that only its records and its sweep show to be readable. */
        public ChangeBatch(
                List<Change> changes,
                List<Unreadable> unreadable,
                Checkpoint next,
                boolean caughtUp,
                Instant completeUpTo,
                Sweep sweep) {
            this(changes, unreadable, next, caughtUp, completeUpTo, sweep, List.of());
        }

        public ChangeBatch {
            changes = List.copyOf(changes);
            unreadable = List.copyOf(unreadable);
            readable = List.copyOf(readable);
            if (next == null) throw new IllegalArgumentException("a batch of changes needs the position after it");
        }
    }

    /**
     * A reading of all rows in one or more batches. It reports every row that cannot be read, also those reported before, so a row that
     * it has not reported by its end can be read again or is gone.
     *
     * @param first whether it begins with this batch; a reading that is begun again does
     * @param last whether it ends with this batch
     */
    record Sweep(boolean first, boolean last) {}
}
