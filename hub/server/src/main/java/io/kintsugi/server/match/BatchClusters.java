package io.kintsugi.server.match;

import io.kintsugi.core.cluster.Clusterer;
import io.kintsugi.core.cluster.PairScore;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.match.Training.Label;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The clusters of a batch, from the scores of its pairs and from what somebody said of some: one component after the other, on all processors. */
final class BatchClusters {
    private final Matcher matcher;
    private final Profile[] profiles;
    private final Collection<Label> judged;

    /** @param judged counts as what stewards say (ID-4) */
    BatchClusters(Matcher matcher, Profile[] profiles, Collection<Label> judged) {
        this.matcher = matcher;
        this.profiles = profiles;
        this.judged = judged;
    }

    /**
     * @param pairs of the records, by position
     * @return every record in exactly one, ordered by smallest key
     */
    List<SortedSet<RecordKey>> of(ScoredPairs pairs) {
        var parent = IntStream.range(0, profiles.length).toArray();
        var alone = new boolean[profiles.length];
        Arrays.fill(alone, true);
        var joins = new boolean[pairs.size()];
        IntStream.range(0, joins.length).parallel().forEach(i -> joins[i] = joins(pairs, i));
        for (int i = 0; i < joins.length; i++) {
            if (joins[i]) unite(parent, alone, pairs.a(i), pairs.b(i));
        }
        for (var label : judged) if (label.same()) unite(parent, alone, label.a(), label.b());
        var links = new HashMap<Integer, List<Link>>();
        for (int i = 0; i < joins.length; i++) {
            if (!joins[i]) continue;
            links.computeIfAbsent(root(parent, pairs.a(i)), r -> new ArrayList<>())
                    .add(link(pairs.a(i), pairs.b(i), Origin.RULE, Decision.MATCH, pairs.bits(i)));
        }
        for (var label : judged) {
            int component = root(parent, label.a());
            if (component != root(parent, label.b())) continue;
            links.computeIfAbsent(component, r -> new ArrayList<>())
                    .add(link(
                            label.a(),
                            label.b(),
                            Origin.STEWARD,
                            label.same() ? Decision.MATCH : Decision.NO_MATCH,
                            0));
        }
        var members = new HashMap<Integer, List<Integer>>();
        var clusters = new ArrayList<SortedSet<RecordKey>>();
        for (int i = 0; i < profiles.length; i++) {
            if (alone[i]) clusters.add(new TreeSet<>(Set.of(profiles[i].key())));
            else
                members.computeIfAbsent(root(parent, i), r -> new ArrayList<>()).add(i);
        }
        members.entrySet().parallelStream()
                .map(component -> split(component.getValue(), links.get(component.getKey())))
                .toList()
                .forEach(clusters::addAll);
        clusters.sort(Comparator.comparing(SortedSet::first));
        return clusters;
    }

    private static void unite(int[] parent, boolean[] alone, int a, int b) {
        alone[a] = false;
        alone[b] = false;
        int one = root(parent, a);
        int other = root(parent, b);
        parent[Math.max(one, other)] = Math.min(one, other);
    }

    private boolean joins(ScoredPairs pairs, int i) {
        return matcher.decide(profiles[pairs.a(i)], profiles[pairs.b(i)], pairs.bits(i)) == Decision.MATCH;
    }

    private List<SortedSet<RecordKey>> split(List<Integer> component, List<Link> links) {
        Map<RecordKey, Profile> byKey = new HashMap<>();
        for (int i : component) byKey.put(profiles[i].key(), profiles[i]);
        return Clusterer.cluster(
                new TreeSet<>(byKey.keySet()),
                links,
                PairScore.of(
                        (a, b) -> matcher.score(byKey.get(a), byKey.get(b)),
                        (a, b) -> matcher.contradicts(byKey.get(a), byKey.get(b)),
                        (a, b) -> matcher.never(byKey.get(a), byKey.get(b))),
                matcher.policy().duplicateFree(),
                matcher.policy().merging().maxClusterSize());
    }

    /** @param bits nobody asks for those of what a person said */
    private Link link(int a, int b, Origin origin, Decision decision, double bits) {
        return new Link(
                profiles[a].key(),
                profiles[b].key(),
                origin,
                decision,
                LinkState.ACTIVE,
                bits,
                List.of(),
                null,
                origin == Origin.RULE ? matcher.ruleSet() : null,
                Instant.EPOCH);
    }

    private static int root(int[] parent, int i) {
        while (parent[i] != i) {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }
        return i;
    }
}
