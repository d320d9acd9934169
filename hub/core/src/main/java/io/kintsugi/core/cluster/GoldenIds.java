package io.kintsugi.core.cluster;

import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Decides which golden id each cluster bears. Joining keeps the golden's id; when rules merge two goldens the older id survives;
 * when rules split one, the part with most live members keeps the id, then the part with the oldest membership; a part that is left
 * without takes back the id it had before a merge; a steward's choice beats all of these; an id is never given to two clusters.
 */
public final class GoldenIds {
    private GoldenIds() {}

    /**
     * @param current golden of each live record before, with the time it joined
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
        var owned = ownedIds(clusters, current);
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
            for (var id : candidates) if (!id.equals(survivor)) retired.put(id, survivor);
        }
        for (int i = 0; i < clusters.size(); i++) {
            if (ids.get(i) != null) continue;
            var former = formerId(clusters.get(i), formers, revived, ids);
            if (former != null) {
                ids.set(i, former);
                revived.add(former);
            } else {
                var id = newId.get();
                ids.set(i, id);
                created.add(id);
            }
        }
        return new Assignment(ids, retired, revived, created);
    }

    /** For each cluster the ids of which it is the owning part. */
    private static List<SortedSet<String>> ownedIds(List<SortedSet<RecordKey>> clusters, Map<RecordKey, Seat> current) {
        var best = new HashMap<String, Part>();
        for (int i = 0; i < clusters.size(); i++) {
            var parts = new HashMap<String, Part>();
            for (var record : clusters.get(i)) {
                var seat = current.get(record);
                if (seat == null) continue;
                int cluster = i;
                parts.merge(seat.goldenId(), new Part(cluster, 1, seat.since(), record), Part::plus);
            }
            parts.forEach((id, part) -> best.merge(id, part, (a, b) -> a.compareTo(b) <= 0 ? a : b));
        }
        var owned = new ArrayList<SortedSet<String>>();
        for (int i = 0; i < clusters.size(); i++) owned.add(new TreeSet<>());
        best.forEach((id, part) -> owned.get(part.cluster()).add(id));
        return owned;
    }

    private static String formerId(
            SortedSet<RecordKey> cluster, List<Former> formers, Set<String> revived, List<String> taken) {
        String best = null;
        int most = 0;
        for (var former : formers) { // newest first: the first of equals wins
            if (revived.contains(former.goldenId()) || taken.contains(former.goldenId())) continue;
            int shared = 0;
            for (var record : former.records()) if (cluster.contains(record)) shared++;
            if (shared > most) {
                best = former.goldenId();
                most = shared;
            }
        }
        return best;
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

    private record Part(int cluster, int members, Instant oldest, RecordKey first) implements Comparable<Part> {
        Part plus(Part other) {
            return new Part(
                    cluster,
                    members + other.members,
                    oldest.isAfter(other.oldest) ? other.oldest : oldest,
                    first.compareTo(other.first) <= 0 ? first : other.first);
        }

        @Override
        public int compareTo(Part other) {
            return Comparator.comparingInt((Part p) -> -p.members)
                    .thenComparing(Part::oldest)
                    .thenComparing(Part::first)
                    .compare(this, other);
        }
    }
}
