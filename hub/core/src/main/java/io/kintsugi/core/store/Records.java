package io.kintsugi.core.store;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/** Source records: what every system last held. */
public interface Records {
    /** @return the records that exist, whatever their state */
    Map<RecordKey, SourceRecord> find(Collection<RecordKey> keys);

    /** Like {@link #find}, and no other transaction can change them until this one ends. */
    Map<RecordKey, SourceRecord> lock(SortedSet<RecordKey> keys);

    /** Like {@link #find}, with what resolution asks about a record. */
    Map<RecordKey, Seen> look(Collection<RecordKey> keys);

    /** Like {@link #look}, and no other transaction can change them or tie anything to them until this one ends. */
    Map<RecordKey, Seen> hold(SortedSet<RecordKey> keys);

    /**
     * Stores records whole, new or not. Where the attributes of a known record differ, what it held before is kept as a revision.
     * Does not touch the pending mark, the links or the golden.
     *
     * @param at when what they held before ended; null: each at its new {@code observedAt}, where their systems changed them
     */
    void save(Collection<SourceRecord> records, Instant at);

    /** {@link #save(Collection, Instant)} of records that hold what they held, or what their systems changed. */
    default void save(Collection<SourceRecord> records) {
        save(records, null);
    }

    /** Marks records as waiting for resolution. Marking twice is the same as once; unknown keys are ignored. */
    void markPending(Collection<RecordKey> keys);

    /** Takes the mark away; from records without one too. */
    void clearPending(Collection<RecordKey> keys);

    /** Some records that wait, at most {@code limit}, in no order. */
    List<RecordKey> pending(int limit);

    /** Those of the keys that wait. */
    Set<RecordKey> stillPending(Collection<RecordKey> keys);

    /**
     * Keeps what records hold in native fields that nobody maps, in place of all that was kept of them; an empty map forgets it. No
     * other method shows or changes it, and it goes where the record goes. Records that are not stored are ignored.
     */
    void retain(Map<RecordKey, Map<String, Retained>> fields);

    /** What is kept of records by {@link #retain}; no entry for a record of which nothing is. */
    Map<RecordKey, Map<String, Retained>> retained(Collection<RecordKey> keys);

    /** What records held at instants; no entry for a record that is unknown, or has held the same since. */
    Map<At, Map<String, String>> former(Collection<At> asked);

    /** A record at an instant. */
    record At(RecordKey record, Instant at) {}

    /** Former values of one record, newest first. */
    List<Revision> revisions(RecordKey key, int limit);

    /** Live, unkeyed and deleted records by system, entity type and state, sorted so; no entry for none. */
    List<Count> counts();

    /** All records of one system and entity type, by key; {@code cursor} null to begin. */
    Page<SourceRecord> list(String system, String entityType, String cursor, int limit);

    /**
     * @param pending whether it waits for resolution
     * @param untouched true only if it has no golden, link or block key, and was in no merge
     */
    record Seen(SourceRecord record, boolean pending, boolean untouched) {}

    /**
     * @param value as text; empty if the field is known to be empty
     * @param at when its system says the record had last changed then; null if it does not say
     */
    record Retained(String value, Instant at) {}

    /** What a record held until {@code at}. */
    record Revision(Instant at, Map<String, String> attributes) {}

    record Count(String system, String entityType, RecordState state, long records) {}
}
