package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Row;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.Trait;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy.NullPolicy;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.server.engine.resolution.LoopBreaker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
        new MergeInvariants(history).check(goldenOf);
        goldens.values().forEach(golden -> golden(golden, members.getOrDefault(golden.id(), List.of()), made));
        counts();
    }

    /** Whether so many records were missing that a person is asked whether they are gone. */
    boolean missingAsked() {
        return history.store.read(tx -> tx.reviews().anyOpen(Review.Kind.UNMAPPABLE));
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
        for (var field : History.EDITED) new AuthorityInvariants(history).check(golden, field, members);
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
