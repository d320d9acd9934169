package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Row;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.Trait;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy.NullPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.server.engine.resolution.Folds;
import io.kintsugi.server.engine.resolution.LoopBreaker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What must hold at rest; numbers are those of the invariants in the documentation of the sync. */
final class Invariants {
    private final History history;

    Invariants(History history) {
        this.history = history;
    }

    /** At rest. */
    void check() {
        var goldens = new TreeMap<String, GoldenRecord>();
        history.goldens().forEach(golden -> goldens.put(golden.id(), golden));
        var members = history.store.read(tx -> tx.goldens().members(new TreeSet<>(goldens.keySet())));
        var goldenOf = new HashMap<RecordKey, String>();
        members.forEach((id, list) ->
                list.forEach(member -> goldenOf.put(member.record().key(), id)));
        for (var system : history.systems.values()) {
            var keys = system.rows().keySet().stream()
                    .map(id -> new RecordKey(system.id(), "contact", id))
                    .toList();
            var known = history.store.read(tx -> tx.records().find(keys)); // at once, for graphs
            for (var row : system.rows().values()) {
                var key = new RecordKey(system.id(), "contact", row.id());
                record(system, row, known.get(key), goldens, goldenOf);
            }
        }
        var creates = new ArrayList<String>();
        for (var golden : goldens.keySet()) {
            for (var system : history.systems.keySet())
                creates.add(OutboundChange.createKey(golden, system, "contact"));
        }
        var made = history.store.read(tx -> tx.outbox().find(creates));
        for (var loser : history.mergers.mergedAway) mergedAway(loser, goldenOf);
        folded(goldenOf.keySet());
        reborn(goldenOf.keySet());
        goldens.values().forEach(golden -> golden(golden, members.getOrDefault(golden.id(), List.of()), made));
        counts();
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
        if (known.state() == RecordState.LIVE && missingAsked()) return;
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

    /** Whether so many records were missing that a person is asked whether they are gone. */
    private boolean missingAsked() {
        return history.store.read(tx -> tx.reviews().anyOpen(Review.Kind.UNMAPPABLE));
    }

    /** Whether what a record was merged into was deleted too, and is there again. */
    private boolean isBack(SimulatedSystem system, RecordKey loser) {
        var last = system.id() + " " + system.survivorOf(loser.externalId());
        return history.broughtBack.containsKey(last) || history.undeleted.contains(last);
    }

    private void record(
            SimulatedSystem system,
            Row row,
            SourceRecord known,
            Map<String, GoldenRecord> goldens,
            Map<RecordKey, String> goldenOf) {
        var key = new RecordKey(system.id(), "contact", row.id());
        if (known == null || known.state().gone()) {
            history.violate("UNSEEN", key + " is there, the hub says " + (known == null ? "nothing" : known.state()));
            return;
        }
        var golden = goldens.get(goldenOf.getOrDefault(key, ""));
        if (golden == null) {
            if (known.state() == RecordState.LIVE) history.violate("NO_GOLDEN", key.toString());
            return;
        }
        boolean restored = history.madeInPlace.contains(system.id() + " " + row.id())
                || replaced(system, goldenOf.keySet().stream().filter(other -> goldenOf.get(other)
                        .equals(golden.id())));
        for (var field : History.EDITED) {
            var value = row.value(field) == null ? "" : row.value(field);
            var held = known.attributes().get(field);
            if (!value.strip().equals(held == null ? "" : held.strip())) {
                history.violate("BASE", key + " " + field + " is " + value + ", the hub believes " + held);
            }
            boolean apart = known.state() == RecordState.DISCONNECTED || known.state() == RecordState.SEVERED;
            if (apart || golden.value(field) == null) continue;
            var image = system.nature().rewriting().getOrDefault(field, v -> v).apply(golden.value(field));
            boolean resting = LoopBreaker.resting(golden).contains(field); // people took turns; one is asked (SYN-4)
            if (!resting
                    && !isGivenUp(key, field, known)
                    && !value.strip().equals(golden.value(field).strip())
                    && !value.strip().equals(image.strip())
                    && !isToBeDeletedByHand(key)
                    && !history.picklists.isRefused(key, field, golden.value(field))) {
                history.violate(
                        "DIVERGED",
                        key + " " + field + " is " + value + ", golden " + golden.id() + " has "
                                + golden.value(field) + " from "
                                + golden.values().get(field).from() + "; state "
                                + known.states().get(field));
            }
            var cell = row.cells().get(field);
            var state = known.states().get(field);
            boolean copied = state != null && state.copied();
            boolean decided = history.retries.keySet().stream()
                    .anyMatch(key2 -> key2.contains(key.toString()) || key2.contains(golden.id()));
            // what both records of a merge held, one of them by the hub, is what a person entered
            boolean given = (history.mergers.tookBack || restored || isAnyBack(system))
                    && cell != null
                    && cell.value() != null
                    && history.entered
                            .getOrDefault(field, Set.of())
                            .contains(cell.value().strip()); // it had said that before
            boolean either = cell != null
                    && cell.byHub()
                    && !copied
                    && (given || history.mergers.isSurvivor(key) || isTakenForPeoples(key));
            // the hub wrote what its system makes the same of, and knows that it was there before
            boolean again = copied
                    && cell != null
                    && cell.value() != null
                    && !cell.byHub()
                    && state.original() != null
                    && cell.value().strip().equals(state.original().strip()); // which some mappings trim
            boolean insists = history.automations.insistsOn(system.id(), field); // it says what the hub writes
            if (cell != null
                    && cell.value() != null
                    && cell.byHub() != copied
                    && !decided
                    && !either
                    && !again
                    && !insists) {
                history.violate(
                        "ORIGIN",
                        key + " " + field + " = " + cell.value() + " was written by "
                                + (cell.byHub() ? "the hub" : "a person") + ", the hub believes the opposite");
            }
        }
    }

    /** Whether a value is held that an automation has put back whenever people said to write over it. */
    private boolean isGivenUp(RecordKey key, String field, SourceRecord known) {
        var state = known.states().get(field);
        return state != null
                && state.undecided()
                && history.automations.insistsOn(key.system(), field)
                && history.hasGivenUp(OutboundChange.updateKey(key));
    }

    /** Whether people brought something back in a system: the hub may have made another in its place, which is not part of its golden now. */
    private boolean isAnyBack(SimulatedSystem system) {
        return history.broughtBack.keySet().stream().anyMatch(place -> place.startsWith(system.id() + " "));
    }

    /**
     * Whether one of some records was in a system before and another may have been created in its place, which says then what its system
     * had said, also once people bring that one back.
     */
    boolean replaced(SimulatedSystem system, Stream<RecordKey> records) {
        return records.filter(record -> record.system().equals(system.id()))
                .anyMatch(record -> !system.rows().containsKey(record.externalId())
                        || history.broughtBack.containsKey(system.id() + " " + record.externalId()));
    }

    private void golden(GoldenRecord golden, List<Member> members, Map<String, OutboundChange> creates) {
        if (golden.state() != GoldenState.ACTIVE) return;
        for (var field : History.EDITED) {
            var value = golden.value(field);
            boolean blank = "".equals(value)
                    && history.model().authority().get("contact").rule(field).nulls()
                            == NullPolicy.NULL_WINS_IF_AUTHORITY;
            if (value == null || blank || Gifts.holds(golden, field)) continue;
            if (history.entered.getOrDefault(field, Set.of()).contains(value)) continue;
            boolean decided = history.retries.keySet().stream()
                    .anyMatch(key -> key.contains(golden.id())
                            || members.stream()
                                    .anyMatch(m -> key.contains(m.record().key().toString())));
            // while a person is asked about a merge, the survivor shows what the hub once wrote to the loser
            boolean asked = members.stream()
                            .anyMatch(m -> history.mergers.isSurvivor(m.record().key()))
                    && !history.store
                            .read(tx -> tx.reviews()
                                    .openOf(members.stream()
                                            .map(m -> m.record().key())
                                            .toList()))
                            .isEmpty();
            boolean lost = history.mergers.isOfLost(value)
                    || history.mergers.isOfMade(
                            value, members.stream().map(m -> m.record().key()))
                    || members.stream()
                            .map(Member::record)
                            .anyMatch(m -> value.equals(m.value(field)) && isTakenForPeoples(m.key()));
            if (!decided && !asked && !lost) {
                history.violate(
                        "ECHO", "golden " + golden.id() + " " + field + " = " + value + ", which nobody entered");
            }
        }
        for (var field : History.EDITED) authority(golden, field, members);
        var made = new HashSet<String>();
        var present = new HashSet<String>();
        for (var member : members) {
            SourceRecord record = member.record();
            var system = record.key().system();
            present.add(system);
            if (record.state().gone()) continue;
            var row = history.systems.get(system).rows().get(record.key().externalId());
            if (row == null) {
                if (missingAsked() || isHidden(record.key())) continue;
                history.violate("GHOST", record.key() + " is gone, the hub believes it is there");
                continue;
            }
            var madeFor = history.madeFor.get(system + " " + row.id());
            if (history.broughtBack.containsKey(system + " " + row.id())) continue;
            if (madeFor != null && !made.add(system + " for " + madeFor) && history.merges == 0) {
                history.violate(
                        "DUPLICATE", record.key() + " is a second record made in " + system + " for " + madeFor);
            }
            if (madeFor != null && isStranger(record.key(), madeFor, golden.id())) {
                history.violate("STRANGER", record.key() + " was made for " + madeFor + " and is in " + golden.id());
            }
        }
        if (!history.provision) return;
        for (var system : history.systems.keySet()) {
            var change = creates.get(OutboundChange.createKey(golden.id(), system, "contact"));
            if (change != null && change.state() == OutboundState.HELD) continue; // a question is open
            if (isInTheWay(change)) continue;
            if (!present.contains(system)) {
                history.violate(
                        "MISSING",
                        "golden " + golden.id() + " " + golden.label() + " has no record in " + system + "; "
                                + changes(golden));
            }
        }
    }

    /** Whether nothing told that a record is gone, and its system does not know it any more: it may be hidden, and audits list it. */
    private boolean isHidden(RecordKey key) {
        var system = history.systems.get(key.system());
        return !system.nature().has(Trait.TELLS_DELETES)
                && system.binned(key.externalId()) == null
                && system.mergedInto(key.externalId()) == null;
    }

    /** Whether a person is to delete a record, because its system lets nobody else do so. */
    boolean isToBeDeletedByHand(RecordKey key) {
        var changeKey = OutboundChange.updateKey(key);
        var change =
                history.store.read(tx -> tx.outbox().find(List.of(changeKey)).get(changeKey));
        return !history.systems.get(key.system()).nature().has(Trait.DELETES)
                && change != null
                && change.state() == OutboundState.PARKED
                && change.intent().kind() == OutboundChange.Intent.Kind.DELETE;
    }

    /** Whether what was made for a golden record is another one, though nobody merged anything (ID-3). */
    private boolean isStranger(RecordKey record, String madeFor, String golden) {
        boolean named = history.systems.get(record.system()).nature().has(Trait.LINK_KEY);
        if (!named || history.merges > 0 || madeFor.equals("given up")) return false;
        return !history.store.read(tx -> tx.goldens().currentId(madeFor)).equals(golden);
    }

    /**
     * Whether the hub made a record where records carry no key of its own, and took one that a person had entered in the same minute for
     * that one: nothing tells the two apart.
     */
    private boolean isTakenForPeoples(RecordKey record) {
        var golden = history.madeFor.get(record.system() + " " + record.externalId());
        if (golden == null || history.systems.get(record.system()).nature().has(Trait.LINK_KEY)) return false;
        var peoples = history.createdByPeople.stream()
                .map(place -> place.split(" "))
                .filter(place -> place[0].equals(record.system()) && !place[1].equals(record.externalId()))
                .map(place -> new RecordKey(place[0], record.entityType(), place[1]))
                .toList();
        return history.store.read(tx -> tx.links().of(peoples)).stream()
                .anyMatch(link -> "created by the hub".equals(link.by())
                        && (peoples.contains(link.a()) || peoples.contains(link.b())));
    }

    /** What was severed keeps its unique value, and only a person can say what becomes of it. */
    private static boolean isInTheWay(OutboundChange create) {
        return create != null
                && create.state() == OutboundState.PARKED
                && create.problem().contains("taken out of its golden record");
    }

    private boolean isSurvivor(RecordKey record) {
        var system = history.systems.get(record.system());
        return system.mergedAway().stream()
                .anyMatch(loser -> record.externalId().equals(system.survivorOf(loser)));
    }

    /** The value is the one the authority chooses among what people wrote and what still stands; times are those of the edits. */
    private void authority(GoldenRecord golden, String field, List<Member> members) {
        // what a record said that the hub merged into another counts, though it is not there any more
        if (members.stream()
                .anyMatch(member -> member.record().state().counts()
                        && member.record().state().gone())) return;
        if (Gifts.holds(golden, field)) return;
        var rule = history.model().authority().get("contact").rule(field);
        var candidates = new ArrayList<SourceRecord>();
        for (var member : members) {
            var record = member.record();
            if (record.state() != RecordState.LIVE) continue;
            if (isToBeDeletedByHand(record.key())) return; // and so has no say any more
            var row = history.systems
                    .get(record.key().system())
                    .rows()
                    .get(record.key().externalId());
            if (row == null) return; // not noticed yet, so what it said counts
            var cell = row.cells().get(field);
            if (cell != null && cell.byHub()) continue;
            var state = record.states().get(field);
            boolean blank = cell == null || cell.value() == null;
            if (blank && !competes(rule.nulls(), state)) continue;
            if (state != null && state.copied()) return; // told apart wrongly, which is another violation
            candidates.add(record);
            if (cell == null || blank && state == null)
                continue; // nobody saw it filled, so nobody knows since when it is empty
            var at = changedAt(record, field);
            var nature = history.systems.get(record.key().system()).nature();
            long stamp = nature.stamp().toMillis();
            var place = record.key().system() + " " + record.key().externalId();
            boolean back = history.broughtBack.containsKey(place) || history.undeleted.contains(place);
            var read = history.hub.readAfter(record.key().system(), cell.at().plus(nature.visibilityLag()));
            boolean filled = isSurvivor(record.key()); // what a merge brought along is read with the merge
            var latest = read == null || back || filled || read.isAfter(row.changedAt()) ? row.changedAt() : read;
            // one that was filled and emptied again while nobody looked has been empty since before
            boolean again = history.automations.insistsOn(record.key().system(), field);
            boolean early =
                    at != null && !blank && !again && at.isBefore(cell.at().minusMillis(stamp));
            boolean possible = at != null && !early && !at.isAfter(latest);
            if (!possible) {
                history.violate(
                        "TIME", record.key() + " " + field + " was edited at " + cell.at() + ", the hub says " + at);
            }
        }
        if (candidates.isEmpty()) return;
        var has = Objects.requireNonNullElse(golden.value(field), "");
        if (LoopBreaker.resting(golden).contains(field)) return;
        var youngest = Comparator.comparing(
                (SourceRecord r) -> changedAt(r, field),
                Comparator.nullsLast(Comparator.<Instant>naturalOrder().reversed()));
        candidates.sort(
                rule.strategy() == Strategy.SYSTEM_RANK
                        ? Comparator.comparing(
                                        (SourceRecord r) -> rule.rank(r.key().system()))
                                .thenComparing(youngest)
                        : youngest);
        var first = candidates.get(0);
        boolean tie = candidates.stream()
                .skip(1)
                .anyMatch(other -> Objects.equals(changedAt(other, field), changedAt(first, field)));
        if (!tie && !has.equals(Objects.requireNonNullElse(first.value(field), ""))) {
            history.violate(
                    "AUTHORITY",
                    "golden " + golden.id() + " " + field + " = " + golden.value(field) + ", by " + rule
                            + " it should be " + first.value(field) + " of " + first.key());
        }
    }

    /** Whether an empty value has a say. */
    private static boolean competes(NullPolicy nulls, AttributeState state) {
        return switch (nulls) {
            case IGNORE_NULL -> false;
            case NULL_WINS_IF_AUTHORITY -> true;
            case EXPLICIT_CLEAR_ONLY -> state != null;
        };
    }

    private static Instant changedAt(SourceRecord record, String field) {
        var state = record.states().get(field);
        if (state != null) return state.changedAt();
        return record.value(field) == null ? null : record.sourceAt();
    }

    private String changes(GoldenRecord golden) {
        return history.store.read(tx -> tx.outbox().ofGolden(golden.id()).stream()
                .map(change -> change.key() + " " + change.state() + " " + change.problem())
                .toList()
                .toString());
    }

    /** How many records a golden has at most; an edit of one reaches all others. */
    private int mostTwins() {
        var ids = history.goldens().stream().map(GoldenRecord::id).toList();
        return history.store.read(tx -> tx.goldens().members(ids)).values().stream()
                .mapToInt(List::size)
                .max()
                .orElse(0);
    }

    /** Each intent has one effect, and no more is written than edits and creates explain. */
    private void counts() {
        var creates = new HashMap<String, Integer>();
        for (var effect : history.effects) {
            if (effect.op() instanceof WriteOp.Create create) creates.merge(create.opId(), 1, Integer::sum);
        }
        creates.forEach((op, count) -> {
            if (count > 1) history.violate("CREATED_TWICE", op + " took effect " + count + " times");
        });
        int others = Math.max(history.systems.size() - 1, mostTwins() - 1);
        long bound = (long) others * (history.edits + 20 + 10L * history.published()) * 2
                + creates.size()
                + 10L * history.merges * others;
        if (history.effects.size() > bound) {
            history.violate("AMPLIFIED", history.effects.size() + " writes for " + history.edits + " edits");
        }
    }
}
