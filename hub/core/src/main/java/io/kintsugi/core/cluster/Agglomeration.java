package io.kintsugi.core.cluster;

import io.kintsugi.core.model.RecordKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Joins the records of one component bottom-up, best pair of clusters first (average linkage). Clusters are named by their smallest
 * position, sums are whole numbers and ties are broken by name, so that nothing depends on the order of hash tables.
 */
final class Agglomeration {
    private static final double CLAMP = 15;
    /** Bits that a cluster must fit better than a rival does, and that two must fit by themselves: two to one. */
    private static final double CLEARLY = 1;

    /** Bits that clusters must fit by although two of their records contradict each other: the others have to outweigh that clearly. */
    private static final double BRIDGED = 2;

    private static final double UNIT = 1 << 20; // sums in 2^-20 bit, exact in any order
    /** More cross pairs than this between two clusters are not all scored; evenly spread ones stand for the rest. */
    private static final int MOST_CROSS_PAIRS = 2_500;

    private final RecordKey[] keys;
    private final PairScore score;
    private final int most; // records of a cluster that rules make
    private final int[][] members; // by cluster name; null once absorbed
    private final int[] cluster; // of each record
    private final int[] version; // rises when a cluster changes, so that stale queue entries are known
    private final List<Set<Integer>> apart = new ArrayList<>(); // by cluster name: clusters it must not join
    private final List<Set<String>> claimed = new ArrayList<>(); // by cluster name: its duplicate-free systems
    private final List<Map<Integer, Long>> scored = new ArrayList<>(); // sums of cross pairs, on both sides
    private final Map<Crossing, Long> crossed = new HashMap<>(); // sums of those that only stood beside a third
    private final List<Map<Integer, Double>> known = new ArrayList<>(); // bits of linked records, on both sides
    private final List<Set<Integer>> matched = new ArrayList<>(); // records a rule's MATCH leads to, on both sides

    private record Crossing(int a, int b, int versionA, int versionB) {}

    private record Candidate(double mean, int a, int b, int versionA, int versionB) {
        static final Comparator<Candidate> BEST_FIRST = Comparator.comparingDouble(Candidate::mean)
                .reversed()
                .thenComparingInt(Candidate::a)
                .thenComparingInt(Candidate::b);
    }

    private final PriorityQueue<Candidate> queue = new PriorityQueue<>(Candidate.BEST_FIRST);

    Agglomeration(RecordKey[] keys, PairScore score, Set<String> duplicateFree, int most) {
        this.keys = keys;
        this.score = score;
        this.most = most;
        members = new int[keys.length][];
        cluster = new int[keys.length];
        version = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            members[i] = new int[] {i};
            cluster[i] = i;
            apart.add(new HashSet<>());
            claimed.add(duplicateFree.contains(keys[i].system()) ? Set.of(keys[i].system()) : Set.of());
            scored.add(new HashMap<>());
            known.add(new HashMap<>());
            matched.add(new HashSet<>());
        }
    }

    /** Before any join. */
    void keepApart(int a, int b) {
        apart.get(a).add(b);
        apart.get(b).add(a);
    }

    /** Joins the clusters of two records because somebody said so; does nothing if that breaks what somebody said before. */
    void join(int a, int b, boolean evenIfDuplicateFree) {
        int p = cluster[a];
        int q = cluster[b];
        if (p == q || apart.get(p).contains(q) || !evenIfDuplicateFree && claimsCollide(p, q)) return;
        absorb(Math.min(p, q), Math.max(p, q));
    }

    /** After all {@link #join}s: what the rules think of two records; {@code match} if that may join their clusters. */
    void link(int a, int b, double bits, boolean match) {
        known.get(a).put(b, bits);
        known.get(b).put(a, bits);
        if (match) {
            matched.get(a).add(b);
            matched.get(b).add(a);
        }
    }

    /** Once, at the end. */
    List<SortedSet<RecordKey>> clusters() {
        for (int p = 0; p < keys.length; p++) {
            if (members[p] == null) continue;
            for (int a : members[p]) {
                for (int b : matched.get(a)) if (cluster[b] > p) connect(p, cluster[b]);
            }
        }
        joinBestFirst();
        var clusters = new ArrayList<SortedSet<RecordKey>>();
        for (var group : members) {
            if (group == null) continue;
            var set = new TreeSet<RecordKey>();
            for (int member : group) set.add(keys[member]);
            clusters.add(set);
        }
        return clusters;
    }

    /** Clusters that another contends for wait; what joins meanwhile may settle it. */
    private void joinBestFirst() {
        var waiting = new ArrayList<Candidate>();
        while (!queue.isEmpty()) {
            boolean joined = false;
            for (var best = queue.poll(); best != null; best = queue.poll()) {
                if (version[best.a()] != best.versionA() || version[best.b()] != best.versionB()) continue;
                if (best.mean() < BRIDGED && contradict(best.a(), best.b())) continue;
                if (contended(best.a(), best.b()) || contended(best.b(), best.a())) {
                    waiting.add(best);
                } else {
                    merge(best.a(), best.b());
                    joined = true;
                }
            }
            if (joined) queue.addAll(waiting);
            waiting.clear();
        }
    }

    /**
     * Whether {@code p} fits another cluster about as well as {@code q}, contradicts neither of them, and those two are known to be
     * different: then it is one of them, and nothing says which.
     */
    private boolean contended(int p, int q) {
        double fits = clampedMean(p, q, scored.get(p).get(q));
        for (var rival : scored.get(p).entrySet()) {
            int r = rival.getKey();
            if (r == q || rival.getValue() < 0 || clampedMean(p, r, rival.getValue()) < fits - CLEARLY) continue;
            if (different(q, r) && !contradict(p, q) && !contradict(p, r) && mean(p, r) >= mean(p, q) - CLEARLY) {
                return true;
            }
        }
        return false;
    }

    private boolean different(int q, int r) {
        if (apart.get(q).contains(r) || forbidden(q, r)) return true;
        var sum = scored.get(q).get(r);
        if (sum == null) sum = crossed.computeIfAbsent(crossing(q, r), c -> crossSum(members[q], members[r]));
        return clampedMean(q, r, sum) < CLEARLY && contradict(q, r);
    }

    private double clampedMean(int p, int q, long sum) {
        return sum / UNIT / ((double) members[p].length * members[q].length);
    }

    private boolean contradict(int p, int q) {
        for (int a : members[p]) {
            for (int b : members[q]) if (score.contradicts(keys[Math.min(a, b)], keys[Math.max(a, b)])) return true;
        }
        return false;
    }

    private boolean forbidden(int p, int q) {
        for (int a : members[p]) {
            for (int b : members[q]) if (score.never(keys[Math.min(a, b)], keys[Math.max(a, b)])) return true;
        }
        return false;
    }

    /** Over all cross pairs, without clamp. */
    private double mean(int p, int q) {
        int a = Math.min(p, q);
        int b = Math.max(p, q);
        return sum(members[a], members[b], Double.POSITIVE_INFINITY)
                / UNIT
                / ((double) members[a].length * members[b].length);
    }

    private void connect(int p, int q) {
        if (scored.get(p).containsKey(q) || neverTogether(p, q)) return;
        long sum = crossSum(members[p], members[q]);
        scored.get(p).put(q, sum);
        scored.get(q).put(p, sum);
        offer(p, q, sum);
    }

    private void merge(int p, int q) {
        var sums = new HashMap<Integer, Long>();
        for (int other : union(scored.get(p).keySet(), scored.get(q).keySet())) {
            if (other == p || other == q) continue;
            var left = scored.get(p).get(other);
            var right = scored.get(q).get(other);
            scored.get(other).remove(p);
            scored.get(other).remove(q);
            if (neverTogether(p, other) || neverTogether(q, other) || tooMany(p, q, other)) continue;
            sums.put(other, (left != null ? left : crossSum(p, other)) + (right != null ? right : crossSum(q, other)));
        }
        int merged = Math.min(p, q);
        absorb(merged, Math.max(p, q));
        scored.set(merged, sums);
        sums.forEach((other, sum) -> {
            scored.get(other).put(merged, sum);
            offer(merged, other, sum);
        });
    }

    private void absorb(int into, int gone) {
        var all = new int[members[into].length + members[gone].length];
        System.arraycopy(members[into], 0, all, 0, members[into].length);
        System.arraycopy(members[gone], 0, all, members[into].length, members[gone].length);
        Arrays.sort(all);
        for (int member : members[gone]) cluster[member] = into;
        members[into] = all;
        members[gone] = null;
        version[into]++;
        version[gone]++;
        for (int other : apart.get(gone)) {
            apart.get(other).remove(gone);
            apart.get(other).add(into);
        }
        apart.set(into, union(apart.get(into), apart.get(gone)));
        claimed.set(into, union(claimed.get(into), claimed.get(gone)));
        scored.set(gone, Map.of());
    }

    private void offer(int p, int q, long sum) {
        int a = Math.min(p, q);
        int b = Math.max(p, q);
        double mean = clampedMean(a, b, sum);
        if (mean > 0) queue.add(new Candidate(mean, a, b, version[a], version[b]));
    }

    private Crossing crossing(int p, int q) {
        int a = Math.min(p, q);
        int b = Math.max(p, q);
        return new Crossing(a, b, version[a], version[b]);
    }

    private long crossSum(int p, int q) {
        var sum = crossed.get(crossing(p, q));
        return sum != null ? sum : crossSum(members[p], members[q]);
    }

    private long crossSum(int[] left, int[] right) {
        return sum(left, right, CLAMP);
    }

    private long sum(int[] left, int[] right, double clamp) {
        long pairs = (long) left.length * right.length;
        if (pairs <= MOST_CROSS_PAIRS) {
            long sum = 0;
            for (int a : left) for (int b : right) sum += bits(a, b, clamp);
            return sum;
        }
        long sum = 0;
        for (int i = 0; i < MOST_CROSS_PAIRS; i++) {
            long pair = i * pairs / MOST_CROSS_PAIRS;
            sum += bits(left[(int) (pair / right.length)], right[(int) (pair % right.length)], clamp);
        }
        return Math.round((double) sum * pairs / MOST_CROSS_PAIRS);
    }

    private long bits(int a, int b, double clamp) {
        var linked = known.get(a).get(b);
        double bits = linked != null ? linked : score.bits(keys[Math.min(a, b)], keys[Math.max(a, b)]);
        return Math.round(Math.max(-clamp, Math.min(clamp, bits)) * UNIT);
    }

    private boolean neverTogether(int p, int q) {
        return apart.get(p).contains(q)
                || claimsCollide(p, q)
                || members[p].length + members[q].length > most
                || forbidden(p, q);
    }

    private boolean tooMany(int p, int q, int other) {
        return members[p].length + members[q].length + members[other].length > most;
    }

    private boolean claimsCollide(int p, int q) {
        var mine = claimed.get(p);
        if (mine.isEmpty()) return false;
        for (var system : claimed.get(q)) if (mine.contains(system)) return true;
        return false;
    }

    private static <T> Set<T> union(Set<T> a, Set<T> b) {
        if (b.isEmpty()) return a;
        if (a.isEmpty()) return b;
        var both = new HashSet<>(a);
        both.addAll(b);
        return both;
    }
}
