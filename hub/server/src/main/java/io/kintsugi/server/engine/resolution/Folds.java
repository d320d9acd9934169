package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.lifecycle.ResolutionPlan;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.resolution.Resolver.Occasion.PairKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Records that the hub merged into others of their system ({@link RecordState#FOLDED}). A link ties each to the one it went into, so
 * that what the rules think later does not separate them; only a steward does. Then it is not there, and is to be created anew
 * ({@link RecordState#RETURNING}).
 */
public final class Folds {
    private static final String BY = "merged by the hub";
    private static final String MADE_BY = "made by a merge of the hub";

    private Folds() {}

    /** The link that ties a record to the one that the hub merged it into. */
    public static Link link(RecordKey folded, RecordKey into, Instant now) {
        return link(folded, into, BY, now);
    }

    /** Between a record and the one as which it goes on, where its system makes a new one of those that the hub merges. */
    public static Link continuation(RecordKey record, RecordKey made, Instant now) {
        return link(record, made, MADE_BY, now);
    }

    private static Link link(RecordKey folded, RecordKey into, String by, Instant now) {
        var pair = PairKey.of(folded, into);
        return new Link(
                pair.a(), pair.b(), Origin.SOURCE, Decision.MATCH, LinkState.ACTIVE, 0, List.of(), null, by, now);
    }

    /** Whether a link says that the hub merged one of its records into the other. */
    public static boolean isFold(Link link) {
        return link.active() && link.origin() == Origin.SOURCE && link.by().equals(BY);
    }

    /** Whether a link says that one of its records goes on as the other. */
    public static boolean isContinuation(Link link) {
        return link.active() && link.origin() == Origin.SOURCE && link.by().equals(MADE_BY);
    }

    /** Records that were folded into some others, or into what was folded into these. Those that have returned since may be among them. */
    public static Set<RecordKey> into(HubTransaction tx, Collection<RecordKey> records) {
        var folded = new TreeSet<RecordKey>();
        for (Collection<RecordKey> next = records; !next.isEmpty(); ) {
            var more = new TreeSet<RecordKey>();
            for (var link : tx.links().of(next)) {
                if (isFold(link)) more.add(next.contains(link.a()) ? link.b() : link.a());
            }
            more.removeAll(records);
            more.removeAll(folded);
            folded.addAll(more);
            next = more;
        }
        return folded;
    }

    /**
     * Records that are given to several goldens: what was folded into one that goes to another is not in it any more, and holds nothing
     * together.
     *
     * @param sideOf where each goes
     */
    public static void part(HubTransaction tx, Map<RecordKey, String> sideOf, Instant now) {
        var apart = new ArrayList<Link>();
        var ends = new TreeSet<RecordKey>();
        for (var link : tx.links().of(sideOf.keySet())) {
            boolean inside = sideOf.containsKey(link.a()) && sideOf.containsKey(link.b());
            if (!isFold(link) || !inside || sideOf.get(link.a()).equals(sideOf.get(link.b()))) continue;
            apart.add(link.retracted(now, BY));
            ends.addAll(List.of(link.a(), link.b()));
        }
        tx.links().save(apart);
        tx.records()
                .save(tx.records().lock(ends).values().stream()
                        .filter(record -> record.state() == RecordState.FOLDED)
                        .map(record -> record.withState(RecordState.RETURNING))
                        .toList());
    }

    /**
     * What a resolution means for folded records: one whose golden is another than that of the record it went into returns. If its golden
     * has a record there, it stays folded, or is folded again, and counts as gone into that.
     *
     * @param links those of the scope
     * @return them in their new state; they are stored
     */
    static Map<RecordKey, SourceRecord> settle(
            HubTransaction tx, ResolutionPlan plan, Collection<Link> links, Instant now) {
        var changed = new HashMap<RecordKey, SourceRecord>();
        var tied = new ArrayList<Link>();
        Map<RecordKey, String> goldenOf = null;
        for (var golden : plan.members().entrySet()) {
            for (var record : golden.getValue()) {
                if (record.state() != RecordState.FOLDED && record.state() != RecordState.RETURNING) continue;
                var twin = golden.getValue().stream()
                        .filter(other -> other.state() == RecordState.LIVE && samePlace(record, other))
                        .findFirst();
                if (record.state() == RecordState.RETURNING && twin.isPresent()) {
                    changed.put(record.key(), record.withState(RecordState.FOLDED));
                    tied.add(link(record.key(), twin.get().key(), now));
                } else if (record.state() == RecordState.FOLDED) {
                    if (goldenOf == null) goldenOf = goldenOf(plan);
                    var elsewhere = elsewhere(record.key(), golden.getKey(), links, goldenOf);
                    if (elsewhere.isEmpty()) continue;
                    for (var link : elsewhere) tied.add(link.retracted(now, BY)); // what went into it is still in it
                    if (twin.isPresent()) tied.add(link(record.key(), twin.get().key(), now));
                    else changed.put(record.key(), record.withState(RecordState.RETURNING));
                }
            }
        }
        tx.records().save(changed.values());
        tx.links().save(tied);
        return changed;
    }

    /** Ties of a folded record to records of other goldens, which may be gone themselves by now: merged on, or deleted. */
    private static List<Link> elsewhere(
            RecordKey record, String golden, Collection<Link> links, Map<RecordKey, String> goldenOf) {
        return links.stream()
                .filter(Folds::isFold)
                .filter(link -> link.a().equals(record) || link.b().equals(record))
                .filter(link -> {
                    var other = goldenOf.get(link.a().equals(record) ? link.b() : link.a());
                    return other != null && !other.equals(golden);
                })
                .toList();
    }

    private static Map<RecordKey, String> goldenOf(ResolutionPlan plan) {
        var goldenOf = new HashMap<RecordKey, String>();
        plan.members().forEach((id, members) -> members.forEach(member -> goldenOf.put(member.key(), id)));
        plan.gone().forEach((id, records) -> records.forEach(record -> goldenOf.put(record, id)));
        return goldenOf;
    }

    private static boolean samePlace(SourceRecord one, SourceRecord other) {
        return one.key().system().equals(other.key().system()) && one.stream().equals(other.stream());
    }
}
