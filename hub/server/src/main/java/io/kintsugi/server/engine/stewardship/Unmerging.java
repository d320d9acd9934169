package io.kintsugi.server.engine.stewardship;

import io.kintsugi.core.lifecycle.GivenBack;
import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.explain.GoldenThen;
import io.kintsugi.server.engine.resolution.Folds;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.resolution.Resolver.Occasion;
import io.kintsugi.server.engine.resolution.Resolver.Occasion.PairKey;
import io.kintsugi.server.engine.resolution.Resolver.Outcome;
import io.kintsugi.server.engine.resolution.Verdicts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Takes merges apart: by verdicts, and by recalling what the merge wrote. A copy of a value of the other side stands for nothing any
 * more; what the system itself had said there counts again, and is written back (MRG-4). Where nothing was left on a side but copies, and
 * in records that the hub had created, they stand for what they stood for when it was merged: by that such a record is known to be the
 * same as others of its side. What somebody changed since stays.
 */
final class Unmerging {
    private final HubTransaction tx;
    private final Resolver resolver;
    private final String by;
    private final Instant now;

    Unmerging(HubTransaction tx, Resolver resolver, String by, Instant now) {
        this.tx = tx;
        this.resolver = resolver;
        this.by = by;
        this.now = now;
    }

    /** @param events those that were taken back, the one that was asked first */
    record TakenBack(List<MergeEvent> events, Outcome outcome) {}

    /**
     * Takes back a merge, and in a tree those behind the goldens that it absorbed. Of these, one of which nothing is left to take apart
     * stands.
     *
     * @throws HubException with {@code NOT_FOUND}; with {@code NOT_POSSIBLE} if it is undone already, or nothing that is still there came
     *     with one of its sides
     */
    TakenBack takeBack(String mergeId, UnmergeMode mode, String note) {
        var event = tx.merges()
                .find(mergeId)
                .orElseThrow(() -> new HubException(HubErrorCode.NOT_FOUND, "there is no merge " + mergeId));
        if (event.undoneAt() != null) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "merge " + mergeId + " was undone by " + event.undoneBy() + " at " + event.undoneAt());
        }
        var below = mode == UnmergeMode.TREE ? below(event) : List.<MergeEvent>of();
        var first = parting(event);
        if (!isPossible(first)) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "merge " + event.id()
                            + " cannot be taken apart: nothing that came with one of its sides is there any more");
        }
        var undone = new ArrayList<MergeEvent>();
        var outcomes = new ArrayList<Outcome>();
        undone.add(event);
        outcomes.add(takeBackForGood(first, note));
        for (var merge : below) {
            var parting = parting(merge); // each as the one before has left it
            if (!isPossible(parting)) continue;
            undone.add(merge);
            outcomes.add(takeBackForGood(parting, note));
        }
        return new TakenBack(undone, Resolver.join(outcomes));
    }

    /**
     * Takes a merge back as if it had not been made: nothing is said of its sides, so rules may find them to be the same. Does nothing
     * to one that was taken back already; one of which nothing is left to take apart is only marked.
     */
    Outcome withdraw(String mergeId) {
        var event = tx.merges()
                .find(mergeId)
                .filter(standing -> standing.undoneAt() == null)
                .orElse(null);
        if (event == null) return Outcome.NOTHING;
        var parting = parting(event);
        if (isPossible(parting)) return takeBack(parting, null);
        tx.merges().save(List.of(event.undone(now, by)));
        return Outcome.NOTHING;
    }

    private Outcome takeBackForGood(Parting parting, String note) {
        new Verdicts(tx, by, now).different(List.copyOf(parting.sides().own().values()));
        return takeBack(parting, note);
    }

    /** The standing merges that made the absorbed goldens what they were, newest first. */
    private List<MergeEvent> below(MergeEvent event) {
        var golden = tx.goldens().currentId(event.survivor());
        var below = new ArrayList<MergeEvent>();
        for (var absorbed : event.absorbed()) {
            for (var merge : tx.merges().lineage(absorbed)) {
                boolean here = golden.equals(tx.goldens().currentId(merge.survivor()));
                if (here && !merge.at().isAfter(event.at()) && !merge.id().equals(event.id())) below.add(merge);
            }
        }
        below.sort(Parting.ORDER.reversed());
        return below;
    }

    private Parting parting(MergeEvent event) {
        tx.goldens().claim(new TreeSet<>(Set.of(tx.goldens().currentId(event.survivor()))));
        return Parting.read(tx, event);
    }

    private static boolean isPossible(Parting parting) {
        return parting.sides().own().keySet().stream()
                        .filter(side -> !parting.live(side).isEmpty())
                        .count()
                > 1;
    }

    private Outcome takeBack(Parting parting, String note) {
        var event = parting.event();
        var verdicts = new Verdicts(tx, by, now);
        var ofOthers = saidByOthers(parting);
        verdicts.retract(event, parting.records().keySet(), pair -> !ofOthers.contains(pair));
        tx.merges().save(List.of(event.undone(now, by)));
        for (var later : parting.later()) keep(later, parting, verdicts);
        var goldens = sidesOfGoldens(parting);
        recall(parting, goldens);
        Folds.part(tx, parting.sides().of(), now);
        var records = new TreeSet<>(parting.live());
        event.moved().forEach(move -> records.add(move.record()));
        return resolver.resolve(
                tx,
                records,
                new Occasion(
                        Origin.STEWARD,
                        Set.copyOf(event.absorbed()),
                        by,
                        note,
                        List.of(),
                        new GivenBack(parting.givenBack(), goldens)));
    }

    /** What standing merges of the same instant said, so that it is not taken for this one's word. */
    private Set<PairKey> saidByOthers(Parting parting) {
        var said = new HashSet<PairKey>();
        for (var other : tx.merges().lineage(parting.golden())) {
            if (other.id().equals(parting.event().id())) continue;
            for (var pair : other.links()) said.add(new PairKey(pair.a(), pair.b()));
        }
        for (var pair : parting.event().links()) said.remove(new PairKey(pair.a(), pair.b()));
        return said;
    }

    /** A later merge goes on between what is on its side, and says nothing any more of what is not. */
    private void keep(MergeEvent later, Parting parting, Verdicts verdicts) {
        var sideOf = parting.sides().of();
        var side = parting.sides().ofLater().get(later.id());
        verdicts.retract(
                later,
                parting.records().keySet(),
                pair -> isAway(sideOf.get(pair.a()), side) || isAway(sideOf.get(pair.b()), side));
        if (later.origin() == Origin.STEWARD) Verdicts.again(tx, later, parting.joinedBy(later));
    }

    private static boolean isAway(String sideOrNull, String side) {
        return sideOrNull != null && !sideOrNull.equals(side);
    }

    private void recall(Parting parting, Map<String, String> givenTo) {
        var golden = tx.goldens().find(List.of(parting.golden())).get(parting.golden());
        var sideOf = parting.sides().of();
        var changed = new ArrayList<SourceRecord>();
        var former = new HashMap<String, Map<String, String>>();
        long version = tx.goldens().reserveVersions(1);
        for (var record : tx.records().lock(new TreeSet<>(sideOf.keySet())).values()) {
            if (!record.state().counts()) continue;
            var side = sideOf.get(record.key());
            var states = new HashMap<>(record.states());
            states.replaceAll((attribute, state) -> {
                boolean keeps = !state.copied()
                        || state.hold() != null
                        || own(golden, attribute, state, side, parting, givenTo);
                if (keeps) return state;
                var held = record.attributes().get(attribute);
                boolean made = state.original() == null;
                var value = made || !parting.says(side, attribute)
                        ? former.computeIfAbsent(side, id -> former(parting, id))
                                .get(attribute)
                        : null;
                if (value == null) value = said(parting, side, attribute, state.standsFor(held));
                return value == null ? state.recall() : state.standingFor(value, held, version);
            });
            if (!states.equals(record.states())) changed.add(record.withStates(states));
        }
        tx.records().save(changed);
    }

    /** The value of a copy, if its side says the same; null if not. */
    private static String said(Parting parting, String side, String attribute, String value) {
        return value != null && parting.says(side, attribute, value) ? value : null;
    }

    /**
     * What a golden held right before a merge, as far as that is of its side: not what a merge had brought that was taken back since,
     * though what people merged into another thing meanwhile. What stewards gave goes by itself.
     */
    private Map<String, String> former(Parting parting, String side) {
        var event = parting.event();
        var then = GoldenThen.find(tx, side, event.at().minusNanos(1), false)
                .map(GoldenThen::values)
                .orElse(Map.of());
        var from = tx.records()
                .find(then.values().stream()
                        .map(GoldenThen.Since::from)
                        .filter(Objects::nonNull)
                        .toList());
        var brought = new HashSet<RecordKey>();
        for (var other : tx.merges().ofGolden(side)) {
            if (other.undoneAt() != null && other.survivor().equals(side))
                other.moved().forEach(move -> brought.add(move.record()));
        }
        var former = new HashMap<String, String>();
        then.forEach((attribute, value) -> {
            var record = value.from() == null ? null : from.get(value.from());
            if (record == null) return;
            boolean own = side.equals(parting.sides().of().get(record.key()));
            boolean lost = record.state() == RecordState.MERGED && !brought.contains(record.key());
            if (own || lost) former.put(attribute, value.value());
        });
        return former;
    }

    /** The side of each golden that is none of its own any more; any other is of the survivor's side. */
    private Map<String, String> sidesOfGoldens(Parting parting) {
        var sides = new HashMap<String, String>();
        for (var id : parting.event().absorbed()) for (var its : subtree(id)) sides.put(its, id);
        var chain = new HashSet<>(Set.of(parting.event().survivor()));
        for (var later : parting.later()) {
            var side = parting.sides().ofLater().get(later.id());
            var others = new TreeSet<>(later.absorbed());
            others.add(later.survivor());
            others.removeAll(chain);
            chain.add(later.survivor());
            boolean kept = side.equals(parting.event().survivor());
            for (var other : others) {
                var its = later.absorbed().contains(other) ? subtree(other) : Set.of(other);
                if (kept) sides.keySet().removeAll(its);
                else its.forEach(id -> sides.put(id, side));
            }
        }
        return sides;
    }

    private SortedSet<String> subtree(String golden) {
        var ids = new TreeSet<>(Set.of(golden));
        for (var merge : tx.merges().lineage(golden)) ids.addAll(merge.absorbed());
        return ids;
    }

    /** Whether a copy stands for a value of its own side. */
    private static boolean own(
            GoldenRecord golden,
            String attribute,
            AttributeState copy,
            String side,
            Parting parting,
            Map<String, String> givenTo) {
        GoldenValue value = golden.values().get(attribute);
        if (value == null || value.version() != copy.base()) return false;
        if (value.from() != null) {
            var source = parting.source(attribute, copy.changedAt(), value.from());
            return side.equals(parting.sides().of().get(source));
        }
        var survivor = parting.event().survivor();
        return golden.stewardValues().stream()
                .anyMatch(given -> given.attribute().equals(attribute)
                        && given.versions().contains(copy.base())
                        && side.equals(givenTo.getOrDefault(given.golden(), survivor)));
    }
}
