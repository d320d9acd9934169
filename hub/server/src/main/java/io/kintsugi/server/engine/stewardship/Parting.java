package io.kintsugi.server.engine.stewardship;

import io.kintsugi.core.lifecycle.Sides;
import io.kintsugi.core.lifecycle.Sides.Bond;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.resolution.Adoption;
import io.kintsugi.server.engine.resolution.Folds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A standing merge that is taken apart: what became of its survivor since, and whose the records are.
 *
 * @param golden in which all of it is now
 * @param later the standing merges that this one went on in, oldest first
 * @param records those of the golden, in whatever state
 */
record Parting(
        MergeEvent event,
        String golden,
        List<MergeEvent> later,
        Map<RecordKey, SourceRecord> records,
        Sides.Then then,
        List<Bond> bonds,
        Sides sides) {
    static final Comparator<MergeEvent> ORDER =
            Comparator.comparing(MergeEvent::at).thenComparing(MergeEvent::id);

    /** Read after the golden was claimed. */
    static Parting read(HubTransaction tx, MergeEvent event) {
        var golden = tx.goldens().currentId(event.survivor());
        var later = later(tx, event);
        var members = tx.goldens().members(List.of(golden)).getOrDefault(golden, List.of());
        var records = new TreeMap<RecordKey, SourceRecord>();
        for (var member : members) records.put(member.record().key(), member.record());
        var there = new TreeSet<>(records.keySet());
        var then = new Histories(tx, golden, members);
        var bonds = bonds(tx, records);
        var sides = Sides.of(event, later, there, then, bonds);
        return new Parting(event, golden, later, records, then, bonds, sides);
    }

    /** Records that have a say. */
    SortedSet<RecordKey> live() {
        var live = new TreeSet<>(records.keySet());
        live.removeIf(record -> !records.get(record).state().counts());
        return live;
    }

    /** Those of a side. */
    SortedSet<RecordKey> live(String side) {
        var live = live();
        live.removeIf(record -> !side.equals(sides.of().get(record)));
        return live;
    }

    /** Whether the system of a record of a side says something of an attribute itself, whatever the hub wrote there. */
    boolean says(String side, String attribute) {
        return live(side).stream().anyMatch(record -> records.get(record).says(attribute));
    }

    /** Whether it says just this value. */
    boolean says(String side, String attribute, String value) {
        return live(side).stream()
                .map(records::get)
                .anyMatch(record ->
                        record.says(attribute) && value.equals(record.evidence().get(attribute)));
    }

    /**
     * The record in which a value was entered that the golden has of a copy, be it gone since.
     *
     * @param at when it was entered; null if nobody knows
     * @param from of which the golden has it
     */
    RecordKey source(String attribute, Instant at, RecordKey from) {
        var holder = records.get(from);
        if (at == null || holder == null || holder.entered(attribute) != null) return from;
        return records.values().stream()
                .filter(record -> {
                    var entered = record.entered(attribute);
                    return entered != null && at.equals(entered.changedAt());
                })
                .map(SourceRecord::key)
                .findFirst()
                .orElse(from);
    }

    /** Records that are not of the survivor's side, with the absorbed golden that they are of. */
    Map<RecordKey, String> givenBack() {
        var back = new TreeMap<>(sides.of());
        back.values().removeIf(event.survivor()::equals);
        return back;
    }

    /** The records that a later merge made one, as far as they are on its side. */
    SortedSet<RecordKey> joinedBy(MergeEvent merge) {
        var joined = new TreeSet<>(then.members(merge.survivor(), merge.at()));
        merge.moved().forEach(move -> joined.add(move.record()));
        for (boolean more = true; more; ) { // and what goes on in their place
            more = false;
            for (var bond : bonds) {
                boolean one = joined.contains(bond.a()) != joined.contains(bond.b());
                if (one && bond.bits() == Bond.MADE) more |= joined.addAll(List.of(bond.a(), bond.b()));
            }
        }
        joined.retainAll(live(sides.ofLater().get(merge.id())));
        for (var after : later.subList(later.indexOf(merge) + 1, later.size())) { // it left, and was brought again
            joined.removeIf(record -> after.id().equals(sides.cameBy().get(record)));
        }
        return joined;
    }

    private static List<MergeEvent> later(HubTransaction tx, MergeEvent event) {
        var later = new ArrayList<MergeEvent>();
        var id = event.survivor();
        var last = event;
        while (id != null) {
            var golden = tx.goldens().find(List.of(id)).get(id);
            var next = golden.redirectsTo();
            MergeEvent into = null;
            var survived = new ArrayList<MergeEvent>();
            for (var merge : tx.merges().ofGolden(id)) {
                if (merge.undoneAt() != null || ORDER.compare(merge, last) <= 0) continue;
                if (merge.survivor().equals(id)) survived.add(merge);
                else if (into == null && merge.survivor().equals(next)) into = merge; // the newest comes first
            }
            survived.sort(ORDER);
            later.addAll(survived);
            if (into != null) later.add(into);
            if (into != null) last = into;
            id = into == null ? null : next;
        }
        return later;
    }

    /** What ties records beside what merges of goldens said. */
    private static List<Bond> bonds(HubTransaction tx, Map<RecordKey, SourceRecord> records) {
        var bonds = new ArrayList<Bond>();
        for (var link : tx.links().of(records.keySet())) {
            if (!link.active() || link.decision() != Decision.MATCH) continue;
            if (!records.containsKey(link.a()) || !records.containsKey(link.b())) continue;
            if (link.origin() == Origin.RULE) bonds.add(new Bond(link.a(), link.b(), link.score()));
            else if (isMade(link, records))
                bonds.add(new Bond(link.a(), link.b(), sameSystem(link) ? Bond.MADE : Bond.ADDED));
        }
        return bonds;
    }

    /** Whether a system or the hub made one record of another. */
    private static boolean isMade(Link link, Map<RecordKey, SourceRecord> records) {
        if (link.origin() != Origin.SOURCE || Folds.isFold(link)) return false; // that is taken apart with the goldens
        boolean merged = sameSystem(link) && (isMerged(records.get(link.a())) || isMerged(records.get(link.b())));
        return merged || Folds.isContinuation(link) || Adoption.isAdoption(link);
    }

    private static boolean sameSystem(Link link) {
        return link.a().system().equals(link.b().system());
    }

    private static boolean isMerged(SourceRecord record) {
        return record.state() == RecordState.MERGED;
    }

    /** Members of goldens as their histories tell them. */
    private static final class Histories implements Sides.Then {
        private final HubTransaction tx;
        private final String golden;
        private final List<Member> members;
        private final Map<String, Map<Instant, Set<RecordKey>>> known = new HashMap<>();

        Histories(HubTransaction tx, String golden, List<Member> members) {
            this.tx = tx;
            this.golden = golden;
            this.members = members;
        }

        @Override
        public Set<RecordKey> members(String id, Instant at) {
            return known.computeIfAbsent(id, any -> new HashMap<>()).computeIfAbsent(at, any -> read(id, at));
        }

        private Set<RecordKey> read(String id, Instant at) {
            var then = new TreeSet<RecordKey>();
            var told = new ArrayList<>(tx.goldens().history(id, Integer.MAX_VALUE));
            Collections.reverse(told);
            for (var change : told) {
                if (change.at().isAfter(at)) break;
                then.addAll(change.joined());
                if (change.cause() != Cause.DELETED) change.left().forEach(then::remove);
            }
            if (!id.equals(golden)) return then;
            for (var member : members) { // of what was loaded at first there is no history
                if (!member.membership().since().isAfter(at))
                    then.add(member.record().key());
            }
            return then;
        }
    }
}
