package io.kintsugi.server.match;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The block keys that bring pairs of records together, with how many records hold each. */
public final class SharedKeys {
    /** @param holders how many records have the key */
    public record SharedKey(String key, int holders) {}

    private final Matcher matcher;
    private final Map<String, Integer> holders;

    private SharedKeys(Matcher matcher, Map<String, Integer> holders) {
        this.matcher = matcher;
        this.holders = holders;
    }

    /**
     * Counts the holders of all keys that the two of any pair share.
     *
     * @param pairs each of two profiles
     */
    public static SharedKeys of(Matcher matcher, Collection<Profile> all, Collection<List<Profile>> pairs) {
        var wanted = new TreeSet<String>();
        for (var pair : pairs) wanted.addAll(common(matcher, pair.get(0), pair.get(1)));
        var counts = new HashMap<String, Integer>();
        if (!wanted.isEmpty()) {
            all.parallelStream()
                    .flatMap(profile -> matcher.blockKeys(profile).stream().filter(wanted::contains))
                    .forEachOrdered(key -> counts.merge(key, 1, Integer::sum));
        }
        return new SharedKeys(matcher, counts);
    }

    /** The keys of one of the pairs, those with the fewest holders first. Empty if the two were never compared. */
    public List<SharedKey> between(Profile a, Profile b) {
        return common(matcher, a, b).stream()
                .map(key -> new SharedKey(key, holders.getOrDefault(key, 0)))
                .sorted(Comparator.comparingInt(SharedKey::holders).thenComparing(SharedKey::key))
                .toList();
    }

    private static SortedSet<String> common(Matcher matcher, Profile a, Profile b) {
        var keys = new TreeSet<>(matcher.blockKeys(a));
        keys.retainAll(matcher.blockKeys(b));
        return keys;
    }
}
