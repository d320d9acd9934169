package io.kintsugi.server.engine.inbound;

import io.kintsugi.core.model.SourceRecord;
import java.time.Instant;
import java.util.Arrays;

/**
 * Ids that a snapshot has shown, eight bytes each. Two ids may share a hash, one in many billions; then a deleted record is taken to
 * be there, never the other way round. Not thread-safe.
 */
public final class SeenIds {
    /** As much of a stream as may be missing before the snapshot is doubted instead. */
    private static final int MOST_MISSING_PERCENT = 20;

    private final Instant began;
    private long[] hashes = new long[1024];
    private int size;
    private boolean sorted;
    private boolean unreadable;

    /** @param began when the snapshot did */
    public SeenIds(Instant began) {
        this.began = began;
    }

    /** Notes that the snapshot showed an id. */
    public void add(String id) {
        if (size == hashes.length) hashes = Arrays.copyOf(hashes, 2 * size);
        hashes[size++] = hash(id);
        sorted = false;
    }

    /** Rows that could not be read may be any record. */
    void addUnreadable(int rows) {
        unreadable |= rows > 0;
    }

    /** Whether the snapshot lacks a record that was there before it began. */
    public boolean lacks(SourceRecord record) {
        if (!sorted) Arrays.sort(hashes, 0, size);
        sorted = true;
        return record.observedAt().isBefore(began)
                && Arrays.binarySearch(hashes, 0, size, hash(record.key().externalId())) < 0;
    }

    /** Why missing records may not be deleted ones; null if there is no doubt. */
    String doubt(long missing, long live) {
        if (missing == 0) return null;
        if (unreadable) {
            return missing + " records were not found when all were read, but some rows could not be read; "
                    + "mend those, then delete what is gone or let the system tell it again";
        }
        boolean single = missing == 1 && size > 0;
        if (single || missing * 100 <= live * MOST_MISSING_PERCENT) return null;
        return "%d of %d records were not found when all were read, so no deletes are believed; see whether the system shows all"
                .formatted(missing, live);
    }

    private static long hash(String id) { // FNV-1a
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < id.length(); i++) hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
        return hash;
    }
}
