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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What holds between live records. A record that is gone joins nothing by rules, but what stewards and systems said of it goes on:
 * the live records it was said to be the same as stay one (ID-4).
 *
 * @param links between live records: theirs, and one for each two that only a gone record ties
 * @param anchors for each gone record that is tied to live ones the smallest of them; for one that was merged away the one it went into
 */
record Ties(List<Link> links, Map<RecordKey, RecordKey> anchors) {
    /** @param records those of the links, in whatever state */
    static Ties of(Collection<Link> all, Set<RecordKey> live, Map<RecordKey, SourceRecord> records) {
        var links = new ArrayList<Link>();
        var said = new TreeMap<RecordKey, List<Link>>(); // by gone end
        for (var link : all) {
            boolean a = live.contains(link.a());
            boolean b = live.contains(link.b());
            if (a && b) {
                links.add(link);
            } else if (link.active() && link.origin() != Origin.RULE && link.decision() == Decision.MATCH) {
                if (!a) said.computeIfAbsent(link.a(), k -> new ArrayList<>()).add(link);
                if (!b) said.computeIfAbsent(link.b(), k -> new ArrayList<>()).add(link);
            }
        }
        var anchors = new HashMap<RecordKey, RecordKey>();
        var seen = new TreeSet<RecordKey>();
        for (var start : said.keySet()) {
            if (seen.add(start)) tie(start, said, seen, links, anchors);
        }
        anchors.replaceAll((gone, anchor) -> records.get(gone).state() == RecordState.MERGED
                ? wentInto(gone, said, records).orElse(anchor)
                : anchor);
        return new Ties(links, anchors);
    }

    /** Follows one group of gone records to the live ones around it. */
    private static void tie(
            RecordKey start,
            Map<RecordKey, List<Link>> said,
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
            for (var link : said.get(record)) {
                stewards &= link.origin() == Origin.STEWARD;
                var other = link.a().equals(record) ? link.b() : link.a();
                if (!said.containsKey(other)) around.put(other, link);
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
            RecordKey merged, Map<RecordKey, List<Link>> said, Map<RecordKey, SourceRecord> records) {
        var seen = new TreeSet<>(Set.of(merged));
        var live = new TreeSet<RecordKey>();
        var next = new ArrayDeque<>(seen);
        while (!next.isEmpty()) {
            var record = next.poll();
            for (var link : said.get(record)) {
                var other = link.a().equals(record) ? link.b() : link.a();
                boolean merge = link.origin() == Origin.SOURCE && other.system().equals(record.system());
                if (!merge || !seen.add(other)) continue;
                if (said.containsKey(other)) next.add(other);
                else live.add(other);
            }
        }
        // what the hub has folded into it on the way is another golden's by now if it came apart
        return live.stream()
                .min(Comparator.comparing((RecordKey key) -> records.get(key).state() != RecordState.LIVE)
                        .thenComparing(Comparator.naturalOrder()));
    }
}
