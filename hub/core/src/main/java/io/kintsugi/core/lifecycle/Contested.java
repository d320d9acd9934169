package io.kintsugi.core.lifecycle;

import io.kintsugi.core.cluster.Clusterer;
import io.kintsugi.core.cluster.PairScore;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.MatchPolicy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Clusters, and the records that fit more than one of them. Such a record changes none (ID-6): it stands apart, together with those
 * that are in the same place, until a person says where it belongs. That holds whoever came first, since clusters do not depend on it
 * (ID-2); so a cluster of two comes apart when a third record fits one of them as well as that fits the other.
 *
 * <p>A record fits a cluster if a rule's {@code MATCH} links it to one of its records, its mean score over all of them is what makes a
 * match, and nothing forbids it. What a steward or a system said about a record is never put in question.
 *
 * @param clusters every live record in exactly one set, ordered by smallest key
 * @param candidates for each cluster of contested records, by its smallest one, the smallest records of the clusters that it fits;
 *     two or more, sorted
 */
record Contested(List<SortedSet<RecordKey>> clusters, Map<RecordKey, List<RecordKey>> candidates) {
    private static final double CLAMP = 15; // as in the clusters

    static Contested settle(SortedSet<RecordKey> live, Collection<Link> links, PairScore score, MatchPolicy policy) {
        int most = policy.merging().maxClusterSize();
        var clusters = Clusterer.cluster(live, links, score, policy.duplicateFree(), most);
        var fitting = new Fitting(clusters, links, score, policy);
        var contested = fitting.contested();
        if (contested.isEmpty()) return new Contested(clusters, Map.of());
        var others = new TreeSet<>(live);
        others.removeAll(contested);
        var rest = Clusterer.cluster(others, links, score, policy.duplicateFree(), most);
        var apart = Clusterer.cluster(contested, links, score, policy.duplicateFree(), most);
        var after = new Fitting(rest, links, score, policy);
        var candidates = new TreeMap<RecordKey, List<RecordKey>>();
        for (var cluster : apart) {
            var fits = new TreeSet<RecordKey>();
            for (var record : cluster) fits.addAll(after.fits(record));
            if (fits.size() > 1) candidates.put(cluster.first(), List.copyOf(fits));
        }
        var all = new ArrayList<>(rest);
        all.addAll(apart);
        all.sort(Comparator.comparing(SortedSet::first));
        return new Contested(List.copyOf(all), candidates);
    }

    /** Says which clusters a record fits. */
    private static final class Fitting {
        private final Map<RecordKey, SortedSet<RecordKey>> clusterOf = new HashMap<>();
        private final Map<RecordKey, Map<RecordKey, Double>> matches = new TreeMap<>(); // by rules, with their scores
        private final Map<RecordKey, Set<RecordKey>> told = new HashMap<>(); // to be the same, by people and systems
        private final Map<RecordKey, Set<RecordKey>> apart = new HashMap<>(); // by stewards
        private final PairScore score;
        private final MatchPolicy policy;

        Fitting(
                Collection<SortedSet<RecordKey>> clusters,
                Collection<Link> links,
                PairScore score,
                MatchPolicy policy) {
            this.score = score;
            this.policy = policy;
            for (var cluster : clusters) for (var record : cluster) clusterOf.put(record, cluster);
            for (var link : links) {
                if (!link.active()) continue;
                if (link.decision() == Decision.NO_MATCH) {
                    if (link.origin() == Origin.STEWARD) put(apart, link);
                } else if (link.decision() == Decision.MATCH && link.origin() == Origin.RULE) {
                    matches.computeIfAbsent(link.a(), k -> new HashMap<>()).put(link.b(), link.score());
                    matches.computeIfAbsent(link.b(), k -> new HashMap<>()).put(link.a(), link.score());
                } else if (link.decision() == Decision.MATCH) {
                    put(told, link);
                }
            }
        }

        private static void put(Map<RecordKey, Set<RecordKey>> links, Link link) {
            links.computeIfAbsent(link.a(), k -> new HashSet<>()).add(link.b());
            links.computeIfAbsent(link.b(), k -> new HashSet<>()).add(link.a());
        }

        /** Records that fit the rest of their own cluster and another one, or none of their own and two others. */
        TreeSet<RecordKey> contested() {
            var contested = new TreeSet<RecordKey>();
            for (var record : matches.keySet()) {
                var home = clusterOf.get(record);
                if (home == null || near(record).size() == 1) continue; // most are such
                boolean alone = home.size() == 1; // the clusters left it between two that contradict each other
                if (!alone && saidToBeIn(home, record)) continue;
                var fits = fits(record);
                if (fits.size() > 1 && (alone || fits.contains(home.first()))) contested.add(record);
            }
            return contested;
        }

        /** Clusters that a rule's match leads to. */
        private Collection<SortedSet<RecordKey>> near(RecordKey record) {
            var near = new TreeMap<RecordKey, SortedSet<RecordKey>>();
            for (var other : matches.getOrDefault(record, Map.of()).keySet()) {
                var cluster = clusterOf.get(other);
                if (cluster != null) near.put(cluster.first(), cluster);
            }
            return near.values();
        }

        private boolean saidToBeIn(SortedSet<RecordKey> home, RecordKey record) {
            return told.getOrDefault(record, Set.of()).stream().anyMatch(home::contains);
        }

        /** The clusters that a record fits, by their smallest records. */
        TreeSet<RecordKey> fits(RecordKey record) {
            var fits = new TreeSet<RecordKey>();
            var near = near(record);
            for (var cluster : near) if (fits(record, cluster)) fits.add(cluster.first());
            return fits;
        }

        private boolean fits(RecordKey record, SortedSet<RecordKey> cluster) {
            boolean inside = cluster.contains(record);
            if (!inside && cluster.size() >= policy.merging().maxClusterSize()) return false;
            var enemies = apart.getOrDefault(record, Set.of());
            boolean alone = policy.duplicateFree().contains(record.system());
            double sum = 0;
            int others = 0;
            for (var other : cluster) {
                if (other.equals(record)) continue;
                if (enemies.contains(other) || (alone && other.system().equals(record.system()))) return false;
                var linked = matches.getOrDefault(record, Map.of()).get(other);
                sum += Math.max(-CLAMP, Math.min(CLAMP, linked != null ? linked : score.bits(record, other)));
                others++;
            }
            return others > 0 && sum / others >= Math.min(policy.autoBits(), CLAMP);
        }
    }
}
