package io.kintsugi.core.cluster;

import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Decides which golden id each cluster bears. Joining keeps the golden's id; when rules merge two goldens the older id survives; when
 * a golden comes apart, the part with most of the records that no merge brought keeps the id, then the part with most live members,
 * then the one with the oldest membership; a part that is left without takes back the id it had before a merge; a steward's choice
 * beats all of these; an id is never given to two clusters.
 */
public final class GoldenIds {
    private GoldenIds() {}

    /**
     * @param current golden of each live record before, or the retired one that it is given back to, with the time it joined
     * @param createdAt of every golden named in {@code current}
     * @param formers retired goldens that may come back, newest merge first
     * @param chosen ids a steward chose to survive
     * @param newId makes ids never used before
     * @return one id per cluster, in the order of the clusters, and what became of the other ids
     */
    public static Assignment assign(
            List<SortedSet<RecordKey>> clusters,
            Map<RecordKey, Seat> current,
            Map<String, Instant> createdAt,
            List<Former> formers,
            Set<String> chosen,
            Supplier<String> newId) {
        var brought = new HashSet<RecordKey>();
        var former = new HashSet<String>();
        for (var one : formers) {
            former.add(one.goldenId());
            for (var record : one.records()) {
                var seat = current.get(record);
                if (seat == null || !seat.goldenId().equals(one.goldenId())) brought.add(record);
            }
        }
        var owned = ownedIds(clusters, current, brought);
        var ids = new ArrayList<String>(clusters.size());
        var retired = new TreeMap<String, String>();
        var revived = new TreeSet<String>();
        var created = new TreeSet<String>();
        Comparator<String> seniority = Comparator.<String, Boolean>comparing(id -> !chosen.contains(id))
                .thenComparing(id -> createdAt.getOrDefault(id, Instant.MAX))
                .thenComparing(Comparator.naturalOrder());
        for (int i = 0; i < clusters.size(); i++) {
            var candidates = owned.get(i);
            if (candidates.isEmpty()) {
                ids.add(null);
                continue;
            }
            var survivor = candidates.stream().min(seniority).orElseThrow();
            ids.add(survivor);
            if (former.contains(survivor)) revived.add(survivor);
            for (var id : candidates) {
                if (!id.equals(survivor) && !former.contains(id)) retired.put(id, survivor);
            }
        }
        for (var fit : fits(clusters, ids, formers)) {
            if (ids.get(fit.cluster()) != null || revived.contains(fit.former())) continue;
            ids.set(fit.cluster(), fit.former());
            revived.add(fit.former());
        }
        for (int i = 0; i < clusters.size(); i++) {
            if (ids.get(i) != null) continue;
            var id = newId.get();
            ids.set(i, id);
            created.add(id);
        }
        return new Assignment(ids, retired, revived, created);
    }

    /** For each cluster the ids of which it is the owning part. */
    private static List<SortedSet<String>> ownedIds(
            List<SortedSet<RecordKey>> clusters, Map<RecordKey, Seat> current, Set<RecordKey> brought) {
        var best = new HashMap<String, Part>();
        for (int i = 0; i < clusters.size(); i++) {
            var parts = new HashMap<String, Part>();
            for (var record : clusters.get(i)) {
                var seat = current.get(record);
                if (seat == null) continue;
                int cluster = i;
                int own = brought.contains(record) ? 0 : 1;
                parts.merge(seat.goldenId(), new Part(cluster, own, 1, seat.since(), record), Part::plus);
            }
            parts.forEach((id, part) -> best.merge(id, part, (a, b) -> a.compareTo(b) <= 0 ? a : b));
        }
        var owned = new ArrayList<SortedSet<String>>();
        for (int i = 0; i < clusters.size(); i++) owned.add(new TreeSet<>());
        best.forEach((id, part) -> owned.get(part.cluster()).add(id));
        return owned;
    }

    /** Retired ids that could come back for the clusters that have none, best first. */
    private static List<Fit> fits(List<SortedSet<RecordKey>> clusters, List<String> ids, List<Former> formers) {
        var clusterOf = new HashMap<RecordKey, Integer>();
        for (int i = 0; i < clusters.size(); i++) {
            if (ids.get(i) == null) for (var record : clusters.get(i)) clusterOf.put(record, i);
        }
        var taken = new HashSet<>(ids);
        var fits = new ArrayList<Fit>();
        for (var former : formers) {
            if (taken.contains(former.goldenId())) continue;
            var shared = new TreeMap<Integer, Integer>();
            for (var record : former.records()) {
                var cluster = clusterOf.get(record);
                if (cluster != null) shared.merge(cluster, 1, Integer::sum);
            }
            shared.forEach((cluster, records) -> fits.add(new Fit(
                    former.goldenId(), cluster, records, former.records().size() - records)));
        }
        fits.sort(Fit.BEST_FIRST); // stable: of equals the newest merge comes first, then the cluster with the
        // smallest key
        return fits;
    }

    /** Where a record sits now. */
    public record Seat(String goldenId, Instant since) {}

    /** A retired golden and the records it once gave away. */
    public record Former(String goldenId, Set<RecordKey> records) {}

    /**
     * @param ids id of each cluster
     * @param retired id → id that absorbed it
     * @param revived retired ids that are in use again
     * @param created ids used for the first time
     */
    public record Assignment(
            List<String> ids, SortedMap<String, String> retired, Set<String> revived, Set<String> created) {}

    /** How well a cluster fits a former golden: how many of its records it has, and how many it lacks. */
    private record Fit(String former, int cluster, int shared, int lacking) {
        static final Comparator<Fit> BEST_FIRST =
                Comparator.comparingInt(Fit::shared).reversed().thenComparingInt(Fit::lacking);
    }

    /** The records of one golden that are in one cluster; {@code own} ones came without a merge. */
    private record Part(int cluster, int own, int members, Instant oldest, RecordKey first)
            implements Comparable<Part> {
        Part plus(Part other) {
            return new Part(
                    cluster,
                    own + other.own,
                    members + other.members,
                    oldest.isAfter(other.oldest) ? other.oldest : oldest,
                    first.compareTo(other.first) <= 0 ? first : other.first);
        }

        @Override
        public int compareTo(Part other) {
            return Comparator.comparingInt((Part p) -> -p.own)
                    .thenComparingInt(p -> -p.members)
                    .thenComparing(Part::oldest)
                    .thenComparing(Part::first)
                    .compare(this, other);
        }
    }
}
