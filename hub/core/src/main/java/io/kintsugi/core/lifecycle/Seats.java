package io.kintsugi.core.lifecycle;

import io.kintsugi.core.cluster.GoldenIds.Seat;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where records sat before a resolution, as far as it decides which golden ids the clusters bear.
 *
 * @param of seat of each record that has a say
 * @param clusters the live ones, and with them records that were merged into one of theirs and were the last of their golden: so that
 *     its id retires into theirs instead of being left with nothing
 */
record Seats(Map<RecordKey, Seat> of, List<SortedSet<RecordKey>> clusters) {
    static Seats of(Scope scope, SortedSet<RecordKey> live, Ties ties, List<SortedSet<RecordKey>> clusters) {
        var seats = new HashMap<RecordKey, Seat>();
        var inUse = new HashSet<String>();
        for (var key : live) {
            var membership = scope.memberships().get(key);
            if (membership == null) continue;
            var golden = scope.back().records().getOrDefault(key, membership.goldenId());
            seats.put(key, new Seat(golden, membership.since()));
            inUse.add(membership.goldenId());
        }
        var into = new TreeMap<RecordKey, TreeSet<RecordKey>>();
        new TreeMap<>(ties.anchors()).forEach((gone, anchor) -> {
            var membership = scope.memberships().get(gone);
            if (membership == null) return;
            var seat = new Seat(membership.goldenId(), membership.since());
            seats.putIfAbsent(anchor, seat); // what was created for a golden goes on as it, also as the last of it
            boolean last = scope.records().get(gone).state() == RecordState.MERGED && !inUse.contains(seat.goldenId());
            if (!last) return;
            seats.put(gone, seat);
            into.computeIfAbsent(anchor, key -> new TreeSet<>()).add(gone);
        });
        if (into.isEmpty()) return new Seats(seats, clusters);
        var extended = new ArrayList<SortedSet<RecordKey>>();
        for (var cluster : clusters) {
            var all = new TreeSet<>(cluster);
            into.forEach((anchor, gone) -> {
                if (cluster.contains(anchor)) all.addAll(gone);
            });
            extended.add(all);
        }
        return new Seats(seats, extended);
    }
}
