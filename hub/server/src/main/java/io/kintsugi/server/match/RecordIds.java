package io.kintsugi.server.match;

import io.kintsugi.core.model.RecordKey;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Finds records by the ids of the file, which several sources may use for different records. Immutable. */
public final class RecordIds {
    private final List<RecordKey> keys;
    private final int[] byId; // positions in keys, ordered by id

    /** @param keys not copied; must not change */
    public RecordIds(List<RecordKey> keys) {
        this.keys = keys;
        byId = IntStream.range(0, keys.size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> keys.get(i).externalId())
                        .thenComparing(i -> keys.get(i).system()))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    /** Positions of the records with this id, ordered by source; empty if there is none. */
    public int[] withId(String id) {
        int low = 0;
        int high = byId.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (keys.get(byId[middle]).externalId().compareTo(id) < 0) low = middle + 1;
            else high = middle;
        }
        int end = low;
        while (end < byId.length && keys.get(byId[end]).externalId().equals(id)) end++;
        return Arrays.copyOfRange(byId, low, end);
    }

    /** Where a record is; -1 if it is not here. */
    public int position(RecordKey key) {
        for (int position : withId(key.externalId())) if (keys.get(position).equals(key)) return position;
        return -1;
    }

    /** The record at a position. */
    public RecordKey key(int position) {
        return keys.get(position);
    }

    /** How many records there are. */
    public int size() {
        return keys.size();
    }
}
