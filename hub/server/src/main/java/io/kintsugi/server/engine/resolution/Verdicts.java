package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.resolution.Resolver.Occasion.PairKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Writes and takes back what stewards say about pairs of records. Verdicts outlive every re-run of the rules (ID-4). */
public final class Verdicts {
    /** Above this many pairs a verdict between two groups is written for a spanning set instead of for every pair. */
    private static final int MAX_PAIRS = 400;

    private final HubTransaction tx;
    private final String by;
    private final Instant now;

    public Verdicts(HubTransaction tx, String by, Instant now) {
        this.tx = tx;
        this.by = by;
        this.now = now;
    }

    /**
     * All these records are one thing. Takes back earlier verdicts that tell some of them apart: the newer word counts.
     *
     * @return the pairs that were not said to be the same before, so that taking these back leaves the older word as it was
     */
    public List<PairKey> same(SortedSet<RecordKey> records) {
        var contradicted = new ArrayList<Link>();
        var known = new HashSet<PairKey>();
        for (var link : tx.links().of(records)) {
            boolean inside = records.contains(link.a()) && records.contains(link.b());
            if (!inside || !link.active() || link.origin() != Origin.STEWARD) continue;
            if (link.decision() == Decision.NO_MATCH) contradicted.add(link.retracted(now, by));
            if (link.decision() == Decision.MATCH) known.add(new PairKey(link.a(), link.b()));
        }
        tx.links().save(contradicted);
        var first = records.first();
        var pairs = new ArrayList<PairKey>();
        for (var other : records) if (!other.equals(first)) pairs.add(new PairKey(first, other));
        pairs.removeAll(known);
        save(pairs, Decision.MATCH);
        return pairs;
    }

    /** What a merge said of records is said anew between fewer of them, in the name of the one who said it, and as long ago. */
    public static void again(HubTransaction tx, MergeEvent merge, SortedSet<RecordKey> records) {
        if (records.size() > 1) new Verdicts(tx, merge.by(), merge.at()).same(records);
    }

    /** Takes back what a merge said, first or {@link #again}, of pairs that fulfil a condition; a newer word is left alone. */
    public void retract(MergeEvent merge, Collection<RecordKey> records, Predicate<PairKey> which) {
        var said = new HashSet<PairKey>();
        var ends = new TreeSet<>(records);
        for (var pair : merge.links()) {
            said.add(new PairKey(pair.a(), pair.b()));
            ends.add(pair.a());
            ends.add(pair.b());
        }
        var retracted = new ArrayList<Link>();
        for (var link : tx.links().of(ends)) {
            var pair = new PairKey(link.a(), link.b());
            boolean match = link.active() && link.origin() == merge.origin() && link.decision() == Decision.MATCH;
            if (!match || link.at().isAfter(merge.at()) || !which.test(pair)) continue;
            boolean anew = link.at().equals(merge.at()) && link.by().equals(merge.by());
            if (said.contains(pair) || anew) retracted.add(link.retracted(now, by));
        }
        tx.links().save(retracted);
    }

    /** No record of one group is the same as one of another. */
    public List<PairKey> different(List<? extends Collection<RecordKey>> groups) {
        var pairs = new ArrayList<PairKey>();
        for (int i = 0; i < groups.size(); i++) {
            for (int j = i + 1; j < groups.size(); j++) pairs.addAll(between(groups.get(i), groups.get(j)));
        }
        save(pairs, Decision.NO_MATCH);
        return pairs;
    }

    private static List<PairKey> between(Collection<RecordKey> left, Collection<RecordKey> right) {
        var lefts = new TreeSet<>(left);
        var rights = new TreeSet<>(right);
        var pairs = new HashSet<PairKey>();
        boolean all = (long) lefts.size() * rights.size() <= MAX_PAIRS;
        for (var a : lefts) {
            for (var b : rights) {
                if (all || a.equals(lefts.first()) || b.equals(rights.first())) pairs.add(PairKey.of(a, b));
            }
        }
        return List.copyOf(pairs);
    }

    private void save(Collection<PairKey> pairs, Decision decision) {
        tx.links()
                .save(pairs.stream()
                        .map(pair -> new Link(
                                pair.a(),
                                pair.b(),
                                Origin.STEWARD,
                                decision,
                                LinkState.ACTIVE,
                                0,
                                List.of(),
                                null,
                                by,
                                now))
                        .toList());
    }

    /** Takes verdicts of stewards back; those that are gone or were replaced by a newer word are left alone. */
    public void retract(Collection<PairKey> pairs, Decision decision) {
        var wanted = new HashSet<PairKey>();
        var ends = new TreeSet<RecordKey>();
        for (var pair : pairs) {
            wanted.add(PairKey.of(pair.a(), pair.b()));
            ends.add(pair.a());
            ends.add(pair.b());
        }
        var retracted = new ArrayList<Link>();
        for (var link : tx.links().of(ends)) {
            if (link.origin() == Origin.STEWARD
                    && link.active()
                    && link.decision() == decision
                    && wanted.contains(new PairKey(link.a(), link.b()))) {
                retracted.add(link.retracted(now, by));
            }
        }
        tx.links().save(retracted);
    }
}
