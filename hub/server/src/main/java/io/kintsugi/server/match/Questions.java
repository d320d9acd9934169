package io.kintsugi.server.match;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.match.Training.Label;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * What is left for a person to decide after matching: whether two clusters are the same thing. There is one question for two clusters,
 * asked of the pair across them that scored best, and none where the answer is known: the clusters are one, somebody said that two of
 * their records differ, each has a record of the same system without duplicates, or what else they hold speaks against it.
 */
final class Questions {
    private final Matcher matcher;
    private final Profile[] profiles;
    private final int[][] clusters; // positions of records
    private final int[] clusterOf;
    private final Collection<Label> judged;

    Questions(Matcher matcher, Profile[] profiles, int[][] clusters, int[] clusterOf, Collection<Label> judged) {
        this.matcher = matcher;
        this.profiles = profiles;
        this.clusters = clusters;
        this.clusterOf = clusterOf;
        this.judged = judged;
    }

    /** How many records the questions are about. */
    int records(ScoredPairs pairs) {
        Map<Long, Integer> best = new HashMap<>(); // pair by the two clusters
        for (int i = 0; i < pairs.size(); i++) {
            if (clusterOf[pairs.a(i)] == clusterOf[pairs.b(i)]) continue;
            best.merge(clusters(pairs.a(i), pairs.b(i)), i, (x, y) -> pairs.bits(y) > pairs.bits(x) ? y : x);
        }
        for (var label : judged) best.remove(clusters(label.a(), label.b())); // no question where both are in one
        var found = new BitSet(profiles.length);
        best.forEach((both, pair) -> {
            if (!open(clusters[(int) (both >>> 32)], clusters[both.intValue()])) return;
            found.set(pairs.a(pair));
            found.set(pairs.b(pair));
        });
        return found.cardinality();
    }

    private long clusters(int a, int b) {
        int p = clusterOf[a];
        int q = clusterOf[b];
        return (long) Math.min(p, q) << 32 | Math.max(p, q);
    }

    private boolean open(int[] one, int[] other) {
        var systems = new HashSet<String>();
        for (int record : one) systems.add(profiles[record].key().system());
        systems.retainAll(matcher.policy().duplicateFree());
        for (int record : other) if (systems.contains(profiles[record].key().system())) return false;
        return matcher.leavesOpen(of(one), of(other));
    }

    private List<Profile> of(int[] cluster) {
        return Arrays.stream(cluster).mapToObj(record -> profiles[record]).toList();
    }
}
