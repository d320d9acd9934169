package io.kintsugi.connector.spi;

import java.time.Instant;
import java.util.List;

/** One fact that a system reports. A connector that cannot prove a merge says {@link Deleted} and nothing cleverer. */
public sealed interface Change {
    /** The record it is about, never null. */
    RecordId id();

    /** When it happened by the system's clock; null if it does not say. */
    Instant at();

    /** The record was created or updated and now reads so. */
    record Upserted(RecordId id, Instant at, NativeRecord record) implements Change {}

    /** The record is gone. Out of a filter or of a permission is never a delete. */
    record Deleted(RecordId id, Instant at, boolean restorable) implements Change {}

    /** A deleted record is back. */
    record Restored(RecordId id, Instant at) implements Change {}

    /**
     * Records became one inside the system.
     *
     * @param id the survivor
     * @param evidence how that is known: {@code POINTER}, {@code FEED}, {@code ALIAS_PROBE} or {@code WEBHOOK}
     */
    record Merged(RecordId id, Instant at, List<RecordId> losers, String evidence) implements Change {}

    /** The record became records of other streams, for example a converted lead. */
    record Converted(RecordId id, Instant at, List<RecordId> into) implements Change {}

    /** Something happened; read the record again. {@code maybe} is what the sender claimed. */
    record Hint(RecordId id, Instant at, String maybe) implements Change {}
}
