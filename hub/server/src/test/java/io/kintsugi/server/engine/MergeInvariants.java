package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.Trait;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.server.engine.resolution.Folds;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What must hold at rest of records that people or the hub merged. */
final class MergeInvariants {
    private final History history;

    MergeInvariants(History history) {
        this.history = history;
    }

    /** @param goldenOf by record, also of those that went into others */
    void check(Map<RecordKey, String> goldenOf) {
        for (var loser : history.mergers.mergedAway) mergedAway(loser, goldenOf);
        folded(goldenOf.keySet());
        reborn(goldenOf.keySet());
    }

    /** What people merged a record into; one that the hub merged on was theirs, and where that is now is the hub's to say. */
    private RecordKey survivor(SimulatedSystem system, RecordKey loser) {
        var survivor = loser;
        do {
            var into = system.mergedInto(survivor.externalId());
            if (into == null) return survivor;
            survivor = new RecordKey(loser.system(), loser.entityType(), into);
        } while (history.mergers.mergedAway.contains(survivor));
        return survivor;
    }

    /** A merge inside a system is no delete, and the id of the loser leads to the golden of the survivor, or a person is asked (MRG-3). */
    private void mergedAway(RecordKey loser, Map<RecordKey, String> goldenOf) {
        var known = history.store.read(tx -> tx.records().find(List.of(loser)).get(loser));
        if (known == null) return; // never read, so nobody knows its id
        var system = history.systems.get(loser.system());
        if (system.mergedInto(loser.externalId()) == null) return; // the hub had it undeleted
        var survivor = survivor(system, loser);
        boolean there = system.rows().containsKey(system.survivorOf(loser.externalId()));
        boolean buried = known.state() == RecordState.DELETED
                && history.mergers.mergedAway.contains(loser)
                && isBack(system, loser);
        if (buried) return; // the hub may have been told of it only when what it went into was gone too
        if (known.state() == RecordState.LIVE && new Invariants(history).missingAsked()) return;
        if (known.state() != RecordState.MERGED && known.state() != RecordState.FOLDED && there) {
            history.violate("MERGE_LOST", loser + " was merged into " + survivor + ", the hub says " + known.state());
            return;
        }
        var into = history.store.read(tx -> tx.records().find(List.of(survivor)).get(survivor));
        if (into != null && into.state() == RecordState.SEVERED) return; // it leads nowhere, until a steward says so
        boolean together = Objects.equals(goldenOf.get(loser), goldenOf.get(survivor));
        var next = new RecordKey(loser.system(), loser.entityType(), system.mergedInto(loser.externalId()));
        if (goldenOf.containsKey(next) && history.mergers.mergedAway.contains(next)) {
            together |= Objects.equals(goldenOf.get(loser), goldenOf.get(next)); // and that one is looked at by itself
        }
        if (!together && !system.nature().has(Trait.TELLS_MERGES)) { // which shows only where a chain of merges ends
            var last = new RecordKey(loser.system(), loser.entityType(), system.survivorOf(loser.externalId()));
            together = Objects.equals(goldenOf.get(loser), goldenOf.get(last));
        }
        together |= isWithTold(system, loser, goldenOf);
        List<Review> questions = history.store.read(tx -> {
            var golden = tx.goldens().goldenOf(List.of(loser)).get(loser);
            var with = new TreeSet<>(List.of(loser));
            if (golden != null) {
                tx.goldens()
                        .members(List.of(golden))
                        .get(golden)
                        .forEach(member -> with.add(member.record().key()));
            }
            return tx.reviews().openOf(with);
        });
        boolean asked = !questions.isEmpty()
                || history.mergers.toldApartSince(loser, survivor)
                || history.mergers.toldApartSince(loser, next)
                || history.mergers.isTakenForTheHubs(loser);
        if (there && !together && !asked) {
            history.violate(
                    "LOSER_ASTRAY",
                    loser + " leads to " + goldenOf.get(loser) + ", its survivor " + survivor + " to "
                            + goldenOf.get(survivor));
        }
    }

    /** Whether a loser is where its system, asked for it before the feed came to the merge, said that the chain of merges ended then. */
    private boolean isWithTold(SimulatedSystem system, RecordKey loser, Map<RecordKey, String> goldenOf) {
        var told = new HashSet<String>();
        for (var link : history.store.read(tx -> tx.links().of(List.of(loser)))) {
            if (!link.active() || !link.by().equals(system.id())) continue;
            var end = link.a().equals(loser) ? link.b() : link.a();
            if (Objects.equals(goldenOf.get(loser), goldenOf.get(end))) told.add(end.externalId());
        }
        for (var id = loser.externalId(); id != null; id = system.mergedInto(id)) if (told.contains(id)) return true;
        return false;
    }

    /** What the hub merged into another record is no delete, and goes with that one (R17). */
    private void folded(Set<RecordKey> records) {
        var apart = new HashSet<Set<RecordKey>>();
        var ties = new HashMap<
                RecordKey, Set<RecordKey>>(); // it counts as gone into a twin if it stayed away beside one (DEL-5)
        for (var link : history.store.read(tx -> tx.links().of(records))) {
            if (Folds.isFold(link)) {
                ties.computeIfAbsent(link.a(), key -> new HashSet<>()).add(link.b());
                ties.computeIfAbsent(link.b(), key -> new HashSet<>()).add(link.a());
            }
            boolean retracted = link.by().equals("merged by the hub") && !link.active();
            boolean told = link.active() && link.decision() == Decision.NO_MATCH;
            if (retracted || told) apart.add(Set.of(link.a(), link.b()));
        }
        var updates = records.stream().map(OutboundChange::updateKey).toList();
        var known = history.store.read(tx -> tx.records().find(records));
        for (var change : history.store.read(tx -> tx.outbox().find(updates)).values()) {
            var intent = change.intent();
            boolean merged = intent != null
                    && intent.kind() == OutboundChange.Intent.Kind.MERGE
                    && change.state() == OutboundState.SETTLED
                    && change.problem() == null;
            var loser = known.get(change.target());
            var into = merged ? known.get(intent.into()) : null;
            if (into == null || loser == null || history.deletedByPeople(loser.key())) continue;
            if (apart.contains(Set.of(loser.key(), into.key()))) continue;
            if (loser.state() == RecordState.DELETED
                    && into.state() == RecordState.LIVE
                    && ties.getOrDefault(loser.key(), Set.of()).stream().noneMatch(this::isDeleted)) {
                history.violate("FOLD_LOST", loser.key() + " went into " + into.key() + ", the hub says it is deleted");
            }
            if (loser.state() == RecordState.FOLDED && into.state() == RecordState.DELETED) {
                history.violate("NOT_BURIED", loser.key() + " went into " + into.key() + ", which is deleted");
            }
        }
    }

    /** Whether a record was deleted by itself, not with what it had been merged into. */
    private boolean isDeleted(RecordKey key) {
        return history.deletedByPeople(key)
                || history.effects.stream()
                        .anyMatch(effect -> effect.system().equals(key.system())
                                && effect.op() instanceof WriteOp.Delete delete
                                && delete.id().equals(key.externalId()));
    }

    /** What the hub created in the place of a record that an unmerge brings back says what its system had said there (MRG-4). */
    private void reborn(Set<RecordKey> records) {
        var known = history.store.read(tx -> tx.records().find(records));
        var places = new TreeMap<RecordKey, Set<RecordKey>>();
        for (var link : history.store.read(tx -> tx.links().of(records))) {
            if (!link.by().equals("created by the hub")
                    || !link.a().system().equals(link.b().system())) continue;
            for (var ends : List.of(List.of(link.a(), link.b()), List.of(link.b(), link.a()))) {
                var made = known.get(ends.get(0));
                var was = known.get(ends.get(1));
                boolean replaced = made != null
                        && was != null
                        && made.state() == RecordState.LIVE
                        && was.state() == RecordState.MERGED
                        && !history.mergers.mergedAway.contains(was.key());
                if (replaced)
                    places.computeIfAbsent(made.key(), key -> new TreeSet<>()).add(was.key());
            }
        }
        places.forEach((made, all) -> all.stream()
                .filter(was -> !wentInto(was, all))
                .forEach(was -> reborn(known.get(made), known.get(was))));
    }

    /** Whether a record had gone into one of the others, which says by itself what it said: then only that one was replaced. */
    private boolean wentInto(RecordKey record, Set<RecordKey> others) {
        var system = history.systems.get(record.system());
        for (var id = system.mergedInto(record.externalId()); id != null; id = system.mergedInto(id)) {
            if (others.contains(new RecordKey(record.system(), record.entityType(), id))) return true;
        }
        return false;
    }

    private void reborn(SourceRecord made, SourceRecord was) {
        for (var field : History.EDITED) {
            var said = was.states().get(field);
            var says = made.states().get(field);
            boolean own = said == null || !said.copied();
            boolean same = was.value(field) != null && was.value(field).equals(made.value(field));
            boolean written = history.effects.stream()
                    .anyMatch(effect -> effect.op() instanceof WriteOp.Update update
                            && effect.system().equals(made.key().system())
                            && update.id().equals(made.key().externalId())
                            && update.set().containsKey(field));
            if (own && same && !written && says != null && says.copied()) {
                history.violate(
                        "SAID_LOST",
                        made.key() + " " + field + " = " + made.value(field) + " was said in " + was.key());
            }
        }
    }

    /** Whether what a record was merged into was deleted too, and is there again. */
    private boolean isBack(SimulatedSystem system, RecordKey loser) {
        var last = system.id() + " " + system.survivorOf(loser.externalId());
        return history.broughtBack.containsKey(last) || history.undeleted.contains(last);
    }
}
