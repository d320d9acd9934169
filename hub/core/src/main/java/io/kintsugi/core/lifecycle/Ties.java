package io.kintsugi.core.lifecycle;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What holds between live records. A record that is gone joins nothing by rules, but what stewards and systems said of it goes on:
 * the live records it was said to be the same as stay one (ID-4).
 *
 * @param links between live records: theirs, and one for each two that only a gone record ties
 * @param anchors for each gone record that is tied to live ones the smallest of them
 */
record Ties(List<Link> links, Map<RecordKey, RecordKey> anchors) {
    static Ties of(Collection<Link> all, Set<RecordKey> live) {
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
}
