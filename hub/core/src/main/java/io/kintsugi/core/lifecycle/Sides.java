package io.kintsugi.core.lifecycle;

import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which golden of a merge each record belongs to that is in one golden with it now (MRG-8). What the merge moved, and what the survivor
 * had, is known. What a later merge brought stays together: on the side of the record that a system merged, or that the rules found it
 * to fit; where a steward merged, with the survivor. What came by itself since goes with what it is bound to most, or else with the
 * survivor too. Depends on the sets alone, never on their order.
 *
 * @param own what the merge itself made one, and what systems or the hub made of it: by side, which is the id of the golden it was of
 * @param of side of every record
 * @param ofLater side of each later merge, by its id
 * @param cameBy id of the merge, this or a later one, since which every record is there at the earliest
 */
public record Sides(
        SortedMap<String, SortedSet<RecordKey>> own,
        Map<RecordKey, String> of,
        Map<String, String> ofLater,
        Map<RecordKey, String> cameBy) {
    /**
     * By which one record tells the side of another.
     *
     * @param bits {@link #MADE} where one was made of the other, or in its place; {@link #ADDED} where it was created in another system
     *     because of the other; else what the rules think of the two
     */
    public record Bond(RecordKey a, RecordKey b, double bits) {
        public static final double MADE = Double.POSITIVE_INFINITY;
        public static final double ADDED = Double.MAX_VALUE;

        private static final Comparator<Bond> STRONGEST_FIRST = Comparator.comparingDouble(Bond::bits)
                .reversed()
                .thenComparing(Bond::a)
                .thenComparing(Bond::b);
    }

    /** Which records were in a golden at an instant, that was its own or of a merge it survived. */
    public interface Then {
        Set<RecordKey> members(String golden, Instant at);
    }

    /**
     * @param event the merge that is taken apart
     * @param later the standing merges that its survivor, or what this went into, was part of since, oldest first
     * @param there the records of the golden in which all of it is now, in whatever state
     */
    public static Sides of(
            MergeEvent event, List<MergeEvent> later, SortedSet<RecordKey> there, Then then, Collection<Bond> bonds) {
        return new Sorting(event, later, then).sort(there, bonds);
    }

    /** Records that are on one side together: what a later merge brought, or one that came by itself. */
    private static final class Unit {
        final boolean alone;
        final List<RecordKey> records = new ArrayList<>();
        String side;

        Unit(boolean alone) {
            this.alone = alone;
        }
    }

    private static final class Sorting {
        private final MergeEvent event;
        private final List<MergeEvent> later;
        private final Then then;
        private final Map<RecordKey, String> from = new HashMap<>();
        private final List<Map<RecordKey, String>> moved = new ArrayList<>(); // by later merge
        private final SortedMap<String, SortedSet<RecordKey>> own = new TreeMap<>();
        private final Map<RecordKey, String> of = new TreeMap<>();
        private final Map<RecordKey, String> cameBy = new TreeMap<>();
        private final Map<String, Unit> units = new TreeMap<>(); // of later merges
        private final Map<RecordKey, Unit> unitOf = new TreeMap<>(); // of records whose side is not known yet

        Sorting(MergeEvent event, List<MergeEvent> later, Then then) {
            this.event = event;
            this.later = later;
            this.then = then;
            event.moved().forEach(move -> from.put(move.record(), move.from()));
            for (var merge : later) {
                var moves = new HashMap<RecordKey, String>();
                merge.moved().forEach(move -> moves.put(move.record(), move.from()));
                moved.add(moves);
                units.put(merge.id(), new Unit(false));
            }
        }

        Sides sort(SortedSet<RecordKey> there, Collection<Bond> bonds) {
            for (var record : there) place(record);
            for (var merge : later) {
                if (merge.origin() == Origin.STEWARD) settle(units.get(merge.id()), event.survivor());
            }
            bind(bonds);
            for (var unit : List.copyOf(unitOf.values())) settle(unit, event.survivor());
            var ofLater = new TreeMap<String, String>();
            units.forEach((id, unit) -> ofLater.put(id, unit.side == null ? event.survivor() : unit.side));
            return new Sides(own, of, ofLater, cameBy);
        }

        private void place(RecordKey record) {
            var golden = event.survivor();
            MergeEvent by = event; // the merge by which it came to where it is, or whose survivor it was of
            boolean moved = from.containsKey(record);
            for (int i = 0; i < later.size(); i++) {
                var merge = later.get(i);
                var left = this.moved.get(i).get(record);
                boolean absorbs = !merge.survivor().equals(golden);
                if (left != null ? !left.equals(golden) : absorbs) {
                    by = merge;
                    moved = left != null;
                }
                golden = merge.survivor();
            }
            cameBy.put(record, by.id());
            if (!moved && !then.members(by.survivor(), by.at()).contains(record)) join(record, new Unit(true));
            else if (by != event) join(record, units.get(by.id()));
            else owns(record, moved ? from.get(record) : event.survivor());
        }

        private void owns(RecordKey record, String side) {
            of.put(record, side);
            own.computeIfAbsent(side, id -> new TreeSet<>()).add(record);
        }

        private void join(RecordKey record, Unit unit) {
            unit.records.add(record);
            unitOf.put(record, unit);
        }

        private void settle(Unit unit, String side) {
            unit.side = side;
            for (var record : unit.records) {
                of.put(record, side);
                unitOf.remove(record);
            }
        }

        /** The strongest bond between what is settled and what is not, again and again. */
        private void bind(Collection<Bond> bonds) {
            var open = new ArrayList<>(bonds);
            open.sort(Bond.STRONGEST_FIRST);
            for (boolean more = true; more && !unitOf.isEmpty(); ) {
                more = false;
                for (var bond : open) {
                    var side = of.getOrDefault(bond.a(), of.get(bond.b()));
                    var unit = unitOf.getOrDefault(bond.a(), unitOf.get(bond.b()));
                    if (side == null || unit == null) continue;
                    var known = of.containsKey(bond.a()) ? bond.a() : bond.b();
                    boolean made = unit.alone
                            && bond.bits() >= Bond.ADDED
                            && own.getOrDefault(side, new TreeSet<>()).contains(known);
                    settle(unit, side);
                    if (made) unit.records.forEach(record -> owns(record, side));
                    more = true;
                    break;
                }
            }
        }
    }
}
