package io.kintsugi.server.match;

import io.kintsugi.core.cluster.ClusterShape;
import io.kintsugi.core.cluster.ClusterShape.Pair;
import io.kintsugi.core.model.RecordKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * Clusters that a person should look at although the rules are sure, because their size or their shape is that of a wrong merge.
 *
 * @param large clusters of more than {@link #LARGE} records
 * @param bridged clusters of at least {@link #FEWEST} records that fall into parts without one of them
 * @param worst some of both, largest first
 */
public record Alarms(int large, int bridged, List<Alarm> worst) {
    /** More records of one thing than this are rare anywhere. */
    public static final int LARGE = 50;
    /** A chain of three hangs by one record always. */
    public static final int FEWEST = 5;

    private static final int LISTED = 10;

    /** One of them, named by its first record. */
    public record Alarm(RecordKey cluster, ClusterShape shape) {
        static final Comparator<Alarm> LARGEST_FIRST = Comparator.comparingInt(
                        (Alarm alarm) -> alarm.shape().records())
                .reversed()
                .thenComparing(Alarm::cluster);
    }

    static Alarms of(List<SortedSet<RecordKey>> clusters, ScoredPairs pairs, double auto) {
        Map<RecordKey, Integer> suspects = new HashMap<>();
        for (int i = 0; i < clusters.size(); i++) {
            if (clusters.get(i).size() < FEWEST) continue;
            for (var key : clusters.get(i)) suspects.put(key, i);
        }
        Map<Integer, List<Pair>> links = new HashMap<>();
        for (int i = 0; i < pairs.size(); i++) {
            if (pairs.bits(i) < auto) continue;
            var cluster = suspects.get(pairs.first(i));
            if (cluster == null || !cluster.equals(suspects.get(pairs.second(i)))) continue;
            links.computeIfAbsent(cluster, c -> new ArrayList<>()).add(new Pair(pairs.first(i), pairs.second(i)));
        }
        int large = 0;
        int bridged = 0;
        var found = new ArrayList<Alarm>();
        for (int i = 0; i < clusters.size(); i++) {
            var cluster = clusters.get(i);
            if (cluster.size() < FEWEST) continue;
            var shape = ClusterShape.of(cluster, links.getOrDefault(i, List.of()));
            if (cluster.size() > LARGE) large++;
            if (!shape.bridges().isEmpty()) bridged++;
            if (cluster.size() > LARGE || !shape.bridges().isEmpty()) found.add(new Alarm(cluster.first(), shape));
        }
        found.sort(Alarm.LARGEST_FIRST);
        return new Alarms(large, bridged, List.copyOf(found.subList(0, Math.min(LISTED, found.size()))));
    }
}
