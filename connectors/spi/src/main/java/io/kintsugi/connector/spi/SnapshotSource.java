package io.kintsugi.connector.spi;

import java.util.List;

/** Reads a whole stream, page by page. */
public interface SnapshotSource {
    /**
     * @param cursor where to go on; null to begin. A page can be read again with the same cursor, also after a restart
     * @param maxRecords largest number of records in the page, at least 1
     * @return the page; {@link Page#next()} is never null while {@link Page#last()} is false
     * @throws ConnectorException.CheckpointExpired if the snapshot cannot go on from there; begin again
     * @throws ConnectorException.SchemaDrift if the stream or a field is not there
     */
    Page page(Query query, Checkpoint cursor, int maxRecords) throws ConnectorException;

    /**
     * One page of a snapshot.
     *
     * @param records in the system's order
     * @param unreadable rows that could not be read; the engine parks them and goes on
     * @param next cursor after this page
     * @param last whether the snapshot is complete. Only a snapshot that reached its last page proves that a record is absent
     */
    record Page(List<NativeRecord> records, List<Unreadable> unreadable, Checkpoint next, boolean last) {
        public Page {
            records = List.copyOf(records);
            unreadable = List.copyOf(unreadable);
            if (next == null && !last) throw new IllegalArgumentException("a page that is not the last needs a cursor");
        }
    }
}
