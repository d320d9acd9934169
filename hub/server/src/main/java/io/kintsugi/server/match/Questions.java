package io.kintsugi.server.match;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * What is left for a person to decide after matching: whether two clusters are the same thing. There is one question for two clusters,
 * asked of the pair across them that scored best, and none where the answer is known: the clusters are one, each has a record of the
 * same system without duplicates, or what else they hold speaks against it.
 */
final class Questions {
    private static final double CLAMP = 15;
    private static final int MOST = 40; // records of a cluster that are looked at

    private final Matcher matcher;
    private final Profile[] profiles;
    private final int[][] clusters; // positions of records
    private final int[] clusterOf;

    Questions(Matcher matcher, Profile[] profiles, int[][] clusters, int[] clusterOf) {
        this.matcher = matcher;
        this.profiles = profiles;
        this.clusters = clusters;
        this.clusterOf = clusterOf;
    }

    /** How many records the questions are about. */
    int records(ScoredPairs pairs) {
        Map<Long, Integer> best = new HashMap<>(); // pair by the two clusters
        for (int i = 0; i < pairs.size(); i++) {
            int p = clusterOf[pairs.a(i)];
            int q = clusterOf[pairs.b(i)];
            if (p == q) continue;
            long both = (long) Math.min(p, q) << 32 | Math.max(p, q);
            best.merge(both, i, (x, y) -> pairs.bits(y) > pairs.bits(x) ? y : x);
        }
        var found = new BitSet(profiles.length);
        best.forEach((both, pair) -> {
            if (!open(clusters[(int) (both >>> 32)], clusters[both.intValue()])) return;
            found.set(pairs.a(pair));
            found.set(pairs.b(pair));
        });
        return found.cardinality();
    }

    private boolean open(int[] one, int[] other) {
        var clean = matcher.policy().duplicateFree();
        double sum = 0;
        int count = 0;
        for (int i = 0; i < Math.min(MOST, one.length); i++) {
            for (int j = 0; j < Math.min(MOST, other.length); j++) {
                var a = profiles[one[i]];
                var b = profiles[other[j]];
                var system = a.key().system();
                if (system.equals(b.key().system()) && clean.contains(system)) return false;
                sum += Math.max(-CLAMP, Math.min(CLAMP, matcher.score(a, b)));
                count++;
            }
        }
        return sum / count >= matcher.policy().reviewBits();
    }
}
