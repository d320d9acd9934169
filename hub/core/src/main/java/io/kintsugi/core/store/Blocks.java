package io.kintsugi.core.store;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/** Block keys: cheap keys that bring possible twins together. Keys hold their entity type as a prefix. */
public interface Blocks {
    /**
     * Creates the keys that do not exist and locks all of them until the transaction ends, so that no other transaction can resolve
     * a possible twin meanwhile.
     *
     * @param keys sorted, because unsorted claims deadlock
     * @param limit a key that more records hold names none of them
     * @return every key asked
     */
    Map<String, BlockKey> claim(SortedSet<String> keys, int limit);

    /** The keys that records have; no entry for one that has none. */
    Map<RecordKey, Set<String>> of(Collection<RecordKey> records);

    /**
     * Makes these exactly the keys of each record; an empty set takes all of them. The keys that a record gets or loses are claimed, so
     * that who claims a key can count who holds it.
     */
    void assign(Map<RecordKey, ? extends Set<String>> keysByRecord);

    /**
     * Lists keys as generic: too many records hold them, and they bring nobody together. Unknown keys are ignored. Who claims a key and
     * finds that this is so, or is so no more, says so here.
     */
    void markGeneric(Collection<String> keys);

    /** Takes keys off that list. Unknown ones, and those that are not on it, are ignored. */
    void unmarkGeneric(Collection<String> keys);

    /** Records that hold a key, at most {@code limit}, sorted; empty for an unknown key. */
    List<RecordKey> holders(String key, int limit);

    /**
     * Records that hold one of some keys, each once, in no order. Unknown keys, generic ones and those that more than {@code limit}
     * hold bring nobody.
     */
    List<Near> near(Collection<String> keys, int limit);

    /** Those of the keys that are known, with their number of records; their holders are not named. Locks nothing. */
    Map<String, BlockKey> find(Collection<String> keys);

    /** Generic keys with their number of records, most first, then by value. */
    List<BlockKey> generic(int limit);

    /**
     * @param records number of records that hold it, deleted ones too
     * @param holders these records, in no order; none of a generic key or one that more hold than were asked for
     */
    record BlockKey(String value, long records, boolean generic, List<Holder> holders) {
        public BlockKey {
            holders = List.copyOf(holders);
        }
    }

    /** @param goldenId null if it has no golden */
    record Near(SourceRecord record, String goldenId) {}

    /** @param hash of its evidence */
    record Holder(RecordKey record, String hash, RecordState state) {}
}
