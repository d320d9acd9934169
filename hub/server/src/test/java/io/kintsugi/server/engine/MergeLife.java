package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Nature;
import io.kintsugi.connector.simulated.Row;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.server.engine.resolution.SystemMerges;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What stewards merge and take apart again, and what people merge in their systems, in a history. */
final class MergeLife {
    private final History history;
    private final List<String> made = new ArrayList<>();
    /** Records that people merged into others. */
    final Set<RecordKey> mergedAway = new TreeSet<>();

    private final Map<RecordKey, Instant> mergedAt = new TreeMap<>();

    /** Whether a merge was taken back, so that systems were given what they had said before. */
    boolean tookBack;

    /** Whether stewards merge more than two at once. */
    boolean several;

    MergeLife(History history) {
        this.history = history;
    }

    /** Whether a history is about merges: then systems may hold equal records, and most have but one of each golden. */
    static boolean drawn(long seed) {
        return random(seed).nextInt(5) == 0;
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0x1F83D9ABFB41BD6BL);
    }

    static List<Scenario.Step> steps(long seed, long end, int count) {
        var random = random(seed).split();
        var steps = new ArrayList<Scenario.Step>();
        for (int i = 0; i < count; i++) {
            var kind = random.nextInt(3) > 0 ? Scenario.Kind.MERGE : Scenario.Kind.UNMERGE;
            steps.add(new Scenario.Step(Duration.ofMillis(random.nextLong(end)), kind, random.nextLong()));
        }
        return steps;
    }

    /** What the system is like where it may hold equal records. */
    static Nature in(Nature nature) {
        return nature.sharing();
    }

    static Duplicates duplicates(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> Duplicates.KEEP;
            case 1 -> new Duplicates(Duplicates.When.MERGE, random.nextBoolean());
            default -> new Duplicates(Duplicates.When.MERGE_DECIDED, random.nextBoolean());
        };
    }

    void merge(SplittableRandom random) {
        if (!history.hub.up() || unique()) return;
        var goldens = history.goldens();
        if (goldens.size() < 2) return;
        var a = goldens.get(random.nextInt(goldens.size())).id();
        var b = goldens.get(random.nextInt(goldens.size())).id();
        if (a.equals(b)) return;
        var all = new ArrayList<>(List.of(a, b));
        for (int more = several ? random.nextInt(3) : 0; more > 0; more--) {
            var other = goldens.get(random.nextInt(goldens.size())).id();
            if (!all.contains(other)) all.add(other);
        }
        history.note("STEWARD merges " + all);
        try {
            made.add(history.hub
                    .stewardship()
                    .merge(all, null, Map.of(), "simulated", "sam")
                    .id());
            history.merges++;
        } catch (HubException e) {
            history.note("refused: " + e.getMessage());
        }
    }

    void unmerge(SplittableRandom random) {
        if (!history.hub.up() || made.isEmpty()) return;
        var id = made.remove(random.nextInt(made.size()));
        long revision = history.store.read(tx -> {
            var survivor = tx.goldens()
                    .currentId(tx.merges().find(id).map(MergeEvent::survivor).orElseThrow());
            return tx.goldens().find(List.of(survivor)).get(survivor).revision();
        });
        history.note("STEWARD takes back " + id);
        tookBack = true; // also where the hub is killed before it can say so
        try {
            history.hub.stewardship().unmerge(id, UnmergeMode.SINGLE, revision, "simulated", "sam");
        } catch (HubException e) {
            history.note("refused: " + e.getMessage());
        }
    }

    void mergeInside(SimulatedSystem system, SplittableRandom random) {
        if (unique()) return;
        mergeInside(system, History.any(system, random), History.any(system, random));
    }

    /** People merge two records if both are there and their system can; whether it did. */
    boolean mergeInside(SimulatedSystem system, String winner, String loser) {
        if (winner == null || loser == null) return false;
        var rows = Stream.of(winner, loser).map(system.rows()::get).toList();
        var result = system.merge(winner, loser);
        if (result == null) return false;
        for (var row : rows) {
            if (row.id().equals(result)) continue;
            noteUnread(system, row);
            alsoAsked(system, row.id(), row.id().equals(loser) ? winner : loser);
        }
        madeOf(system, system.rows().get(result));
        history.note("PERSON merges " + system.id() + " " + loser + " into " + winner + ", which is " + result);
        history.merges++;
        for (var id : List.of(winner, loser)) {
            if (id.equals(result)) continue;
            var key = new RecordKey(system.id(), "contact", id);
            mergedAway.add(key);
            mergedAt.put(key, history.time.instant());
        }
        return true;
    }

    /** What the hub had written, as it stands in records that are left of merges, by record. */
    private final Map<RecordKey, Set<String>> written = new TreeMap<>();

    private void madeOf(SimulatedSystem system, Row row) {
        var values = new TreeSet<String>();
        for (var field : History.EDITED) {
            var cell = row.cells().get(field);
            if (cell != null && cell.byHub() && cell.value() != null) values.add(cell.value());
        }
        written.put(new RecordKey(system.id(), "contact", row.id()), values);
    }

    /**
     * Whether a value is what a system had made of one of the hub's, in a record that has it by a merge: as long as the merge is not told,
     * that is a person's word, and what was written elsewhere meanwhile may be all that is left of the value.
     */
    boolean isOfMade(String value, Stream<RecordKey> members) {
        return members.anyMatch(key -> written.getOrDefault(key, Set.of()).contains(value));
    }

    /** What the hub had made and not read when people merged it into another record. */
    private record Unread(String system, String create, Set<String> values) {}

    private final List<Unread> unread = new ArrayList<>();

    private void noteUnread(SimulatedSystem system, Row row) {
        var create = history.madeBy.get(system.id() + " " + row.id());
        var key = new RecordKey(system.id(), "contact", row.id());
        if (create == null
                || !history.store.read(tx -> tx.records().find(List.of(key))).isEmpty()) return;
        var values = new TreeSet<String>();
        for (var field : History.EDITED) if (row.value(field) != null) values.add(row.value(field));
        unread.add(new Unread(system.id(), create, values));
    }

    /**
     * Whether a value is one that the hub had written by a create that it took for lost before it was told what became of the record:
     * then nothing tells it from a person's.
     */
    boolean isOfLost(String value) {
        return unread.stream()
                .anyMatch(made ->
                        made.values().contains(value) && history.changeOf(made.system(), made.create()) == null);
    }

    /** Merges that the hub had asked for, with no outcome known, when people made the same: by loser, with the intent. */
    private final Map<RecordKey, String> alsoAsked = new TreeMap<>();

    private void alsoAsked(SimulatedSystem system, String loser, String winner) {
        var key = new RecordKey(system.id(), "contact", loser);
        var into = new RecordKey(system.id(), "contact", winner);
        history.store.read(tx -> tx.outbox().openFor(List.of(key))).stream()
                .filter(change -> key.equals(change.target()))
                .map(OutboundChange::intent)
                .filter(intent -> intent.kind() == Intent.Kind.MERGE && into.equals(intent.into()))
                .forEach(intent -> alsoAsked.put(key, intent.id()));
    }

    /** Whether what people merged was taken for what the hub had asked for: nothing tells the two apart. */
    boolean isTakenForTheHubs(RecordKey loser) {
        var intent = alsoAsked.get(loser);
        var change = intent == null ? null : history.changeOf(loser.system(), intent);
        return change != null && change.state() == OutboundState.SETTLED;
    }

    boolean isSurvivor(RecordKey record) {
        return mergedAway.stream()
                .anyMatch(loser -> loser.system().equals(record.system())
                        && record.externalId()
                                .equals(history.systems.get(loser.system()).survivorOf(loser.externalId())));
    }

    /**
     * Whether a steward told the goldens of both apart after the hub had learnt that records of theirs were merged: that is the answer to
     * its question, also where it became one between these goldens later, and takes back what had been adopted.
     */
    boolean toldApartSince(RecordKey loser, RecordKey survivor) {
        return history.store.read(tx -> {
            var goldens =
                    Set.copyOf(tx.goldens().goldenOf(List.of(loser, survivor)).values());
            if (goldens.size() < 2) return false;
            var members = tx.goldens().members(goldens).values().stream()
                    .flatMap(list -> list.stream().map(member -> member.record().key()))
                    .toList();
            var goldenOf = tx.goldens().goldenOf(members);
            var between = tx.links().of(members).stream()
                    .filter(link -> members.contains(link.a()) && members.contains(link.b()))
                    .filter(link -> !goldenOf.get(link.a()).equals(goldenOf.get(link.b())))
                    .toList();
            var into = history.systems.get(loser.system()).mergedInto(loser.externalId());
            var ways = List.of(
                    survivor, new RecordKey(loser.system(), loser.entityType(), into)); // told whole, or step by step
            return between.stream()
                    .filter(told -> SystemMerges.isQuestion(told) || isTakenBack(told, loser, ways))
                    .anyMatch(told -> between.stream()
                            .filter(link -> link.active() && link.decision() == Decision.NO_MATCH)
                            .anyMatch(link -> told.active()
                                    ? link.at().isAfter(told.at())
                                    : !link.at().isBefore(told.at())));
        });
    }

    private static boolean isTakenBack(Link told, RecordKey loser, List<RecordKey> into) {
        boolean way =
                told.a().equals(loser) && into.contains(told.b()) || told.b().equals(loser) && into.contains(told.a());
        return way && told.origin() == Origin.SOURCE;
    }

    /** Whether the hub created a record, or all that was merged into it and is part of its golden record. */
    boolean isMade(RecordKey record) {
        var system = history.systems.get(record.system());
        var parts = system.mergedAway().stream()
                .filter(loser -> record.externalId().equals(system.survivorOf(loser)))
                .map(loser -> new RecordKey(record.system(), record.entityType(), loser))
                .filter(loser -> !isUntold(loser))
                .toList();
        var all = new ArrayList<>(parts);
        all.add(record);
        var goldens = history.store.read(tx -> tx.goldens().goldenOf(all));
        boolean itself = history.madeFor.containsKey(record.system() + " " + record.externalId());
        return (itself || !parts.isEmpty() && !enteredByPeople(record))
                && parts.stream()
                        .filter(part -> mergedAway.contains(part) // what the hub merged is given back by an unmerge
                                || Objects.equals(goldens.get(part), goldens.get(record)))
                        .allMatch(part -> history.madeFor.containsKey(part.system() + " " + part.externalId())
                                || !enteredByPeople(part));
    }

    /** Whether people merged a record a while ago, of which the hub knows nothing: it is told of it with what changed since. */
    private boolean isUntold(RecordKey loser) {
        var at = mergedAt.get(loser);
        if (at == null || at.isBefore(history.time.instant().minus(Duration.ofMinutes(15)))) return false;
        var known = history.store.read(tx -> tx.records().find(List.of(loser))).get(loser);
        return known == null || !known.state().gone();
    }

    private boolean enteredByPeople(RecordKey record) {
        return history.createdByPeople.contains(record.system() + " " + record.externalId());
    }

    /** Whether two records of one system can never hold the same in some system. */
    private boolean unique() {
        return history.systems.values().stream()
                .anyMatch(s -> !s.nature().unique().isEmpty());
    }
}
