package io.kintsugi.core.cluster;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Decides which records are one thing, from links between them and what people said. Keeps nothing between calls. */
public final class Clusterer {
    private Clusterer() {}

    /**
     * Splits records into clusters. The answer depends on the sets alone, never on their order, and the clusters of one connected
     * component of positive links depend on that component alone.
     *
     * <ol>
     *   <li>A steward's {@code NO_MATCH} keeps two records apart, whatever else is said.
     *   <li>A steward's {@code MATCH}, then a source's, puts two records together. Of contradictory ones the first in the order of
     *       their keys hold.
     *   <li>Two records of one duplicate-free system stay apart unless stewards' {@code MATCH}es join them.
     *   <li>Otherwise the two clusters with the best mean over all their cross pairs join, as long as a rule's {@code MATCH} links
     *       them and that mean, of bits clamped to ±15, is positive; at least 2, if a record of one contradicts one of the other: what
     *       knows nothing of the contradiction must not bridge it. A rule's {@code REVIEW} joins nothing by itself.
     *   <li>One that contradicts neither of two clusters that contradict each other, and fits neither a bit better than the other,
     *       joins neither: it is one of them, and nothing says which.
     *   <li>Rules join no two clusters that hold more than {@code most} records together; people and systems may.
     * </ol>
     *
     * @param links links that are retracted, or lead out of {@code records}, are ignored
     * @param score asked for cross pairs without a rule's link
     * @param duplicateFree ids of systems
     * @param most records of a cluster that rules made
     * @return every record in exactly one set, ordered by smallest key
     */
    public static List<SortedSet<RecordKey>> cluster(
            SortedSet<RecordKey> records,
            Collection<Link> links,
            PairScore score,
            Set<String> duplicateFree,
            int most) {
        var keys = records.toArray(RecordKey[]::new);
        var position = new HashMap<RecordKey, Integer>(keys.length * 2);
        for (int i = 0; i < keys.length; i++) position.put(keys[i], i);
        var usable = new ArrayList<Link>();
        var root = new int[keys.length];
        Arrays.setAll(root, i -> i);
        for (var link : links) {
            var a = position.get(link.a());
            var b = position.get(link.b());
            if (!link.active() || a == null || b == null) continue;
            usable.add(link);
            if (joins(link)) root[root(root, a)] = root(root, b);
        }
        usable.sort(Comparator.comparing(Link::a).thenComparing(Link::b));

        var parts = new int[keys.length][]; // component of each record, null if it is alone
        var clusters = new ArrayList<SortedSet<RecordKey>>();
        var components = new HashMap<Integer, List<Integer>>();
        for (int i = 0; i < keys.length; i++) {
            components.computeIfAbsent(root(root, i), r -> new ArrayList<>()).add(i);
        }
        for (var component : components.values()) {
            if (component.size() == 1) continue;
            var members = component.stream().mapToInt(Integer::intValue).toArray(); // in order, as they were added
            for (int member : members) parts[member] = members;
        }
        var linksOf = new HashMap<int[], List<Link>>(); // arrays are equal only to themselves
        for (var link : usable) {
            var part = parts[position.get(link.a())];
            if (part != null && part == parts[position.get(link.b())]) {
                linksOf.computeIfAbsent(part, p -> new ArrayList<>()).add(link);
            }
        }
        for (int i = 0; i < keys.length; i++) {
            if (parts[i] == null) {
                clusters.add(new TreeSet<>(Set.of(keys[i])));
            } else if (parts[i][0] == i) {
                clusters.addAll(split(keys, parts[i], linksOf.get(parts[i]), score, duplicateFree, most));
            }
        }
        clusters.sort(Comparator.comparing(SortedSet::first));
        return List.copyOf(clusters);
    }

    private static List<SortedSet<RecordKey>> split(
            RecordKey[] keys, int[] part, List<Link> links, PairScore score, Set<String> duplicateFree, int most) {
        var members = new RecordKey[part.length];
        var position = new HashMap<RecordKey, Integer>();
        for (int i = 0; i < part.length; i++) {
            members[i] = keys[part[i]];
            position.put(members[i], i);
        }
        var agglomeration = new Agglomeration(members, score, duplicateFree, most);
        for (var link : links) {
            if (link.decision() == Decision.NO_MATCH && link.origin() == Origin.STEWARD) {
                agglomeration.keepApart(position.get(link.a()), position.get(link.b()));
            }
        }
        for (var origin : List.of(Origin.STEWARD, Origin.SOURCE)) {
            for (var link : links) {
                if (link.decision() == Decision.MATCH && link.origin() == origin) {
                    agglomeration.join(position.get(link.a()), position.get(link.b()), origin == Origin.STEWARD);
                }
            }
        }
        for (var link : links) {
            if (link.origin() == Origin.RULE && link.decision() != Decision.NO_MATCH) {
                agglomeration.link(
                        position.get(link.a()),
                        position.get(link.b()),
                        link.score(),
                        link.decision() == Decision.MATCH);
            }
        }
        return agglomeration.clusters();
    }

    /** The root of a tree of joined records; paths are halved on the way. */
    private static int root(int[] parent, int of) {
        int at = of;
        while (parent[at] != at) at = parent[at] = parent[parent[at]];
        return at;
    }

    private static boolean joins(Link link) {
        return link.decision() == Decision.MATCH;
    }
}
