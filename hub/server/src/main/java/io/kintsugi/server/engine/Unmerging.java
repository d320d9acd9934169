package io.kintsugi.server.engine;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.Resolver.Occasion.PairKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Takes merges apart: by verdicts, and by recalling what the merge wrote. A copy of a value of the other side stands for nothing any
 * more; what the system itself had said there counts again, and is written back (MRG-4). What somebody changed since stays.
 */
final class Unmerging {
    private final HubTransaction tx;
    private final String by;
    private final Instant now;

    Unmerging(HubTransaction tx, String by, Instant now) {
        this.tx = tx;
        this.by = by;
        this.now = now;
    }

    /**
     * Says that the sides of a merge are not the same, and marks it undone.
     *
     * @return records to resolve, in the same transaction
     * @throws HubException with {@code NOT_POSSIBLE} if nothing that is still there came with one of the sides
     */
    SortedSet<RecordKey> apart(MergeEvent event) {
        var survivor = tx.goldens().currentId(event.survivor());
        tx.goldens().claim(new TreeSet<>(Set.of(survivor)));
        var sides = sides(event, survivor);
        var records = new TreeSet<>(Answers.live(tx, survivor));
        if (sides.values().stream()
                        .filter(side -> side.stream().anyMatch(records::contains))
                        .count()
                < 2) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "merge " + event.id()
                            + " cannot be taken apart: nothing that came with one of its sides is there any more");
        }
        var verdicts = new Verdicts(tx, by, now);
        verdicts.retract(
                event.links().stream()
                        .map(pair -> new PairKey(pair.a(), pair.b()))
                        .toList(),
                event.origin(),
                Decision.MATCH);
        verdicts.different(List.copyOf(sides.values()));
        tx.merges().save(List.of(event.undone(now, by)));
        recall(survivor, sides);
        event.moved().forEach(move -> records.add(move.record()));
        return records;
    }

    /** The records of each golden that became one by a merge, by its id. */
    private SortedMap<String, TreeSet<RecordKey>> sides(MergeEvent event, String survivor) {
        var sides = new TreeMap<String, TreeSet<RecordKey>>();
        var moved = new TreeSet<RecordKey>();
        for (var move : event.moved()) {
            sides.computeIfAbsent(move.from(), id -> new TreeSet<>()).add(move.record());
            moved.add(move.record());
        }
        for (var record : wereThere(survivor, event)) {
            if (!moved.contains(record))
                sides.computeIfAbsent(survivor, id -> new TreeSet<>()).add(record);
        }
        goOn(survivor, sides);
        return sides;
    }

    /** What a system made of a record of a side by a merge, and what the hub created for a side, is of that side too. */
    private void goOn(String survivor, SortedMap<String, TreeSet<RecordKey>> sides) {
        var sideOf = new HashMap<RecordKey, String>();
        sides.forEach((id, records) -> records.forEach(record -> sideOf.put(record, id)));
        var all = new TreeSet<>(Answers.live(tx, survivor));
        if (sideOf.keySet().containsAll(all)) return;
        all.addAll(sideOf.keySet());
        var made = tx.links().of(all).stream()
                .filter(link -> Folds.isContinuation(link) || Adoption.isAdoption(link))
                .toList();
        for (boolean more = true; more; ) { // one may have been made of another
            more = false;
            for (var link : made) {
                var side = sideOf.getOrDefault(link.a(), sideOf.get(link.b()));
                var other = sideOf.containsKey(link.a()) ? link.b() : link.a();
                if (side == null || sideOf.containsKey(other)) continue;
                sideOf.put(other, side);
                sides.get(side).add(other);
                more = true;
            }
        }
    }

    /** Records of the golden that did not come by themselves since the event: they were there, or a later merge brought them. */
    private TreeSet<RecordKey> wereThere(String goldenId, MergeEvent event) {
        var brought = new TreeSet<RecordKey>();
        for (var later : tx.merges().ofGolden(goldenId)) {
            if (later.at().isBefore(event.at())) continue;
            for (var move : later.moved()) brought.add(move.record());
        }
        var keys = new TreeSet<RecordKey>();
        for (var member : tx.goldens().members(List.of(goldenId)).getOrDefault(goldenId, List.of())) {
            var key = member.record().key();
            if (brought.contains(key) || !member.membership().since().isAfter(event.at())) keys.add(key);
        }
        return keys;
    }

    private void recall(String survivor, SortedMap<String, TreeSet<RecordKey>> sides) {
        var golden = tx.goldens().find(List.of(survivor)).get(survivor);
        var sideOf = new HashMap<RecordKey, String>();
        sides.forEach((id, records) -> records.forEach(record -> sideOf.put(record, id)));
        var changed = new ArrayList<SourceRecord>();
        for (var record : tx.records().lock(new TreeSet<>(sideOf.keySet())).values()) {
            if (!record.state().counts()) continue;
            var states = new HashMap<>(record.states());
            states.replaceAll((attribute, state) -> {
                boolean keeps = !state.copied()
                        || state.hold() != null
                        || own(golden, attribute, state, sideOf, sideOf.get(record.key()));
                return keeps ? state : state.recall();
            });
            if (!states.equals(record.states())) changed.add(record.withStates(states));
        }
        tx.records().save(changed);
    }

    /** Whether a copy stands for a value of its own side. */
    private static boolean own(
            GoldenRecord golden, String attribute, AttributeState copy, Map<RecordKey, String> sideOf, String side) {
        GoldenValue value = golden.values().get(attribute);
        if (value == null || value.version() != copy.base()) return false;
        if (value.from() != null) return side.equals(sideOf.get(value.from()));
        return golden.stewardValues().stream()
                .anyMatch(given -> given.attribute().equals(attribute)
                        && given.golden().equals(side)
                        && given.versions().contains(copy.base()));
    }
}
