package io.kintsugi.core.lifecycle;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What holds between live records. A record that is gone joins nothing by rules, but what stewards and systems said of it goes on:
 * the live records it was said to be the same as stay one (ID-4). Of two that a steward told apart it does not go on.
 *
 * @param links between live records: theirs, and one for each two that only a gone record ties
 * @param anchors for each gone record that is tied to live ones the smallest of them; for one that was merged away the one it went into
 */
record Ties(List<Link> links, Map<RecordKey, RecordKey> anchors) {
    /** @param records those of the links, in whatever state */
    static Ties of(Collection<Link> all, Set<RecordKey> live, Map<RecordKey, SourceRecord> records) {
        var links = new ArrayList<Link>();
        var said = new ArrayList<Link>();
        var apart = new HashSet<List<RecordKey>>();
        for (var link : all) {
            if (live.contains(link.a()) && live.contains(link.b())) {
                links.add(link);
            } else if (link.active() && link.origin() != Origin.RULE && link.decision() == Decision.MATCH) {
                said.add(link);
            } else if (link.active() && link.origin() == Origin.STEWARD && link.decision() == Decision.NO_MATCH) {
                apart.add(List.of(link.a(), link.b()));
            }
        }
        var ties = byGone(said, live, link -> !apart.contains(List.of(link.a(), link.b())));
        var anchors = new HashMap<RecordKey, RecordKey>();
        var seen = new TreeSet<RecordKey>();
        for (var start : ties.keySet()) {
            if (seen.add(start)) tie(start, ties, seen, links, anchors);
        }
        var merges = byGone(said, live, Ties::isMerge);
        for (var gone : merges.keySet()) {
            if (records.get(gone).state() == RecordState.MERGED)
                wentInto(gone, merges, records).ifPresent(survivor -> anchors.put(gone, survivor));
        }
        return new Ties(links, anchors);
    }

    private static SortedMap<RecordKey, List<Link>> byGone(
            List<Link> links, Set<RecordKey> live, Predicate<Link> which) {
        var byGone = new TreeMap<RecordKey, List<Link>>();
        for (var link : links) {
            if (!which.test(link)) continue;
            for (var end : List.of(link.a(), link.b()))
                if (!live.contains(end))
                    byGone.computeIfAbsent(end, key -> new ArrayList<>()).add(link);
        }
        return byGone;
    }

    private static boolean isMerge(Link link) {
        return link.origin() == Origin.SOURCE
                && link.a().system().equals(link.b().system());
    }

    /** Follows one group of gone records to the live ones around it. */
    private static void tie(
            RecordKey start,
            Map<RecordKey, List<Link>> ties,
            Set<RecordKey> seen,
            List<Link> links,
            Map<RecordKey, RecordKey> anchors) {
        var gone = new ArrayList<RecordKey>();
        var around = new TreeMap<RecordKey, Link>();
        boolean stewards = true;
        var next = new ArrayDeque<>(List.of(start));
        while (!next.isEmpty()) {
            var record = next.poll();
            gone.add(record);
            for (var link : ties.get(record)) {
                stewards &= link.origin() == Origin.STEWARD;
                var other = link.a().equals(record) ? link.b() : link.a();
                if (!ties.containsKey(other)) around.put(other, link);
                else if (seen.add(other)) next.add(other);
            }
        }
        if (around.isEmpty()) return;
        var anchor = around.firstKey();
        for (var record : gone) anchors.put(record, anchor);
        var origin = stewards ? Origin.STEWARD : Origin.SOURCE;
        around.tailMap(anchor, false)
                .forEach((other, link) -> links.add(new Link(
                        anchor,
                        other,
                        origin,
                        Decision.MATCH,
                        LinkState.ACTIVE,
                        0,
                        List.of(),
                        null,
                        link.by(),
                        link.at())));
    }

    /** The live record that one of its system is now, over any number of merges; empty if that is gone. */
    private static Optional<RecordKey> wentInto(
            RecordKey merged, Map<RecordKey, List<Link>> merges, Map<RecordKey, SourceRecord> records) {
        var seen = new TreeSet<>(Set.of(merged));
        var live = new TreeSet<RecordKey>();
        var next = new ArrayDeque<>(seen);
        while (!next.isEmpty()) {
            var record = next.poll();
            for (var link : latest(merges.get(record))) {
                var other = link.a().equals(record) ? link.b() : link.a();
                if (!seen.add(other)) continue;
                if (merges.containsKey(other)) next.add(other);
                else live.add(other);
            }
        }
        // what the hub has folded into it on the way is another golden's by now if it came apart
        return live.stream()
                .min(Comparator.comparing((RecordKey key) -> records.get(key).state() != RecordState.LIVE)
                        .thenComparing(Comparator.naturalOrder()));
    }

    /** Where a record went is the last that its system said of it; what it said before was about others that became one with it. */
    private static List<Link> latest(List<Link> links) {
        var last = links.stream().map(Link::at).max(Comparator.naturalOrder()).orElseThrow();
        return links.stream().filter(link -> link.at().equals(last)).toList();
    }
}
