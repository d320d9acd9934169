package io.kintsugi.core.store;

import io.kintsugi.core.model.RecordKey;
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
     * @return every key asked
     */
    Map<String, BlockKey> claim(SortedSet<String> keys);

    /** Makes these exactly the keys of each record; an empty set takes all of them. The keys exist and are claimed. */
    void assign(Map<RecordKey, ? extends Set<String>> keysByRecord);

    /**
     * Records that share a key with one of the given records, over keys that are not generic. A pair is named once per given
     * record, with the smallest key it shares, in no order; records that are deleted are left out on both sides.
     */
    List<Candidate> candidates(Collection<RecordKey> records);

    /** Stops keys from blocking, for ever, and keeps them listed for people. Unknown keys are ignored. */
    void markGeneric(Collection<String> keys);

    /** Records that hold a key, at most {@code limit}, sorted; empty for an unknown key. */
    List<RecordKey> holders(String key, int limit);

    /** Generic keys with their number of records, most first, then by value. */
    List<BlockKey> generic(int limit);

    /** @param records number of records that hold it, deleted ones too */
    record BlockKey(String value, long records, boolean generic) {}

    /** {@code other} may be the twin of {@code record}, because both hold {@code key}. */
    record Candidate(RecordKey record, RecordKey other, String key) {}
}
