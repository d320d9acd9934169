package io.kintsugi.core.lifecycle;

import io.kintsugi.core.model.RecordKey;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a steward gives back to retired goldens by taking a merge apart; all else stays with the golden in which it is.
 *
 * @param records the golden that each goes to
 * @param goldens by the golden that a steward's values were given to, the one that they go to
 */
public record GivenBack(Map<RecordKey, String> records, Map<String, String> goldens) {
    public static final GivenBack NOTHING = new GivenBack(Map.of(), Map.of());

    /** Whether there is anything. */
    boolean isNothing() {
        return records.isEmpty();
    }

    /** That of one type: what goes to some goldens. */
    public GivenBack to(Set<String> ids) {
        var some = new TreeMap<>(records);
        some.values().retainAll(ids);
        var values = new TreeMap<>(goldens);
        values.values().retainAll(ids);
        return new GivenBack(some, values);
    }
}
