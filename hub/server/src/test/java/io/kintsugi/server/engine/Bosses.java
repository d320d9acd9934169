package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.Nature;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.SimulatedSystem.Effect;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy.NullPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.server.engine.resolution.LoopBreaker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** References in a history: people have bosses, who are people, and each system says so with its own ids. In some histories only. */
final class Bosses {
    static final String FIELD = "boss";

    private final History history;
    private final boolean any;
    /** Every id that was there at some time, by system. */
    private final Map<String, Set<String>> ids = new HashMap<>();

    Bosses(History history, boolean any) {
        this.history = history;
        this.any = any;
    }

    /** Drawn apart, so that the seeds of before are the histories they were. */
    static boolean drawn(long seed) {
        return random(seed).nextInt(3) == 0;
    }

    private static SplittableRandom random(long seed) {
        return new SplittableRandom(seed ^ 0x632BE59BD9B4E019L);
    }

    static List<Scenario.Step> steps(long seed, long end, int count) {
        var random = random(seed).split();
        var steps = new ArrayList<Scenario.Step>();
        for (int i = 0; i < count; i++) {
            var at = Duration.ofMillis(random.nextLong(end));
            steps.add(new Scenario.Step(at, Scenario.Kind.POINT, random.nextLong()));
        }
        return steps;
    }

    static EntityType in(EntityType type) {
        var attributes = new ArrayList<>(type.attributes());
        attributes.add(new Attribute(FIELD, AttributeType.REFERENCE, null, type.name()));
        return new EntityType(type.name(), type.kind(), attributes);
    }

    static Nature in(Nature nature) {
        return nature.withField(FIELD);
    }

    void point(SimulatedSystem system, SplittableRandom random) {
        var id = History.any(system, random);
        var boss = History.any(system, random);
        if (!any || id == null) return;
        seen(system);
        history.note("PERSON says " + system.id() + " " + id + " has the boss " + boss);
        history.edits++;
        system.edit(id, Map.of(FIELD, boss));
    }

    private void seen(SimulatedSystem system) {
        ids.computeIfAbsent(system.id(), s -> new HashSet<>())
                .addAll(system.rows().keySet());
    }

    /** Only ids of the system itself are written, and never over one that the hub cannot understand (I9, R9). */
    void ofEffect(Effect effect) {
        if (effect.after() == null) return;
        ids.computeIfAbsent(effect.system(), system -> new HashSet<>())
                .add(effect.after().id());
        if (!any) return;
        seen(history.systems.get(effect.system()));
        var after = effect.after().cells().get(FIELD);
        if (after == null || !after.byHub() || after.value() == null) return;
        if (!ids.get(effect.system()).contains(after.value()) && !known(key(effect.system(), after.value()))) {
            history.violate("LITERAL", effect.system() + " " + effect.after().id() + " was sent " + after.value());
        }
        var before = effect.before() == null ? null : effect.before().cells().get(FIELD);
        if (before == null || before.byHub() || before.value() == null) return;
        if (before.value().equals(after.value())) return;
        var held = history.store.read(tx -> {
            var key = key(effect.system(), effect.after().id());
            var record = tx.records().find(List.of(key)).get(key);
            return record == null ? null : record.value(FIELD);
        });
        if (before.value().equals(held) && golden(key(effect.system(), held)) == null) {
            history.violate(
                    "UNKNOWN_BOSS",
                    effect.after().id() + " had " + held + ", which nobody knows, and it was written over");
        }
    }

    /** Whether the hub has seen it there, though it may have gone since. */
    private boolean known(RecordKey key) {
        return history.store.read(tx -> tx.records().find(List.of(key)).containsKey(key));
    }

    private static RecordKey key(String system, String id) {
        return new RecordKey(system, "contact", id);
    }

    /** Where a record leads; null if that is not known. */
    private String golden(RecordKey key) {
        return history.store.read(tx -> tx.goldens().goldenOf(List.of(key)).get(key));
    }

    /** At rest. */
    void check() {
        if (!any) return;
        var goldens = history.goldens();
        var ids = new TreeSet<String>();
        goldens.forEach(golden -> ids.add(golden.id()));
        Map<String, List<Member>> members =
                history.store.read(tx -> tx.goldens().members(ids));
        for (var golden : goldens) check(golden, members.get(golden.id()));
    }

    private void check(GoldenRecord golden, List<Member> members) {
        var chosen = golden.value(FIELD);
        if (chosen != null) {
            var current = history.store.read(tx -> tx.goldens().currentId(chosen));
            if (!current.equals(chosen))
                history.violate("STALE_BOSS", golden.id() + " has " + chosen + ", which is " + current);
        }
        var candidates = new ArrayList<Said>();
        for (var member : members) {
            var record = member.record();
            if (record.state() != RecordState.LIVE && record.state().counts())
                away(record).ifPresent(candidates::add);
            if (record.state() != RecordState.LIVE) continue;
            var row = history.systems
                    .get(record.key().system())
                    .rows()
                    .get(record.key().externalId());
            if (row == null) { // not noticed yet, which is a matter of its own: what it said counts until then
                away(record).ifPresent(candidates::add);
                continue;
            }
            if (new Invariants(history).isToBeDeletedByHand(record.key())) continue;
            var cell = row.cells().get(FIELD);
            var value = cell == null ? null : cell.value();
            var leads = value == null ? null : golden(key(record.key().system(), value));
            if (value != null && leads == null) continue; // held
            if (!Objects.equals(leads, chosen) && chosen != null && writable(record, chosen)) {
                history.violate(
                        "BOSS",
                        record.key() + " has " + value + ", which is " + leads + "; its golden " + golden.id() + " has "
                                + chosen);
            }
            var state = record.states().get(FIELD);
            if (value != null && !cell.byHub() && (state == null || !state.copied())) {
                candidates.add(new Said(record, leads, state == null ? record.sourceAt() : state.changedAt()));
            }
            if (state != null && state.recalled()) recalled(record).ifPresent(candidates::add);
            else if (value != null && cell.byHub())
                heldBefore(record, leads, members).ifPresent(candidates::add);
        }
        authority(golden, candidates);
    }

    /** What a record said that the hub merged into another, or is bringing back: it counts on, though no row says it. */
    private Optional<Said> away(SourceRecord record) {
        var value = record.attributes().get(FIELD);
        var state = record.states().get(FIELD);
        if (state != null && state.recalled()) return recalled(record);
        if (value == null || value.isEmpty() || state != null && state.copied()) return Optional.empty();
        var leads = golden(key(record.key().system(), value));
        var at = state == null ? record.sourceAt() : state.changedAt();
        return leads == null ? Optional.empty() : Optional.of(new Said(record, leads, at));
    }

    /**
     * What a record said before the hub wrote something that stands for nothing any more: that counts until it is given back, and while it
     * cannot be, also where somebody has entered the same as the hub since, or may have kept it when merging.
     */
    private Optional<Said> recalled(SourceRecord record) {
        var state = record.states().get(FIELD);
        var said = state.original();
        if (said == null || said.isEmpty()) return Optional.empty();
        var leads = golden(key(record.key().system(), said));
        return leads == null ? Optional.empty() : Optional.of(new Said(record, leads, state.originalAt()));
    }

    /**
     * What the hub wrote where it was said before: what both records of a merge held, one of them by the hub, what was given back, and
     * what is in the place of a record that said it. That is nobody's new word.
     */
    private Optional<Said> heldBefore(SourceRecord record, String leads, List<Member> members) {
        var state = record.states().get(FIELD);
        if (state == null || state.copied()) return Optional.empty();
        var system = history.systems.get(record.key().system());
        boolean before = history.mergers.tookBack
                || history.mergers.isSurvivor(record.key())
                || new Invariants(history).replaced(system, members.stream().map(member -> member.record()
                        .key()));
        return before ? Optional.of(new Said(record, leads, state.changedAt())) : Optional.empty();
    }

    private record Said(SourceRecord record, String golden, Instant at) {}

    /** Whether the hub could have said it there: there is a record to point to, and no person has to decide first. */
    private boolean writable(SourceRecord record, String chosen) {
        var state = record.states().get(FIELD);
        if (state != null && state.hold() != null) return false;
        return history.store.read(tx -> tx.goldens().members(List.of(chosen)).get(chosen).stream()
                .anyMatch(member ->
                        member.record().key().system().equals(record.key().system())
                                && member.record().state() == RecordState.LIVE));
    }

    private void authority(GoldenRecord golden, List<Said> candidates) {
        var nulls = history.model().authority().get("contact").rule(FIELD).nulls();
        boolean cleared =
                golden.value(FIELD) == null && nulls == NullPolicy.NULL_WINS_IF_AUTHORITY; // which is not Said
        if (cleared || candidates.isEmpty() || LoopBreaker.resting(golden).contains(FIELD))
            return; // people took turns; one is asked (SYN-4)
        var rule = history.model().authority().get("contact").rule(FIELD);
        var newest = Comparator.comparing(Said::at, Comparator.nullsFirst(Comparator.naturalOrder()))
                .reversed();
        candidates.sort(
                rule.strategy() == Strategy.SYSTEM_RANK
                        ? Comparator.comparing((Said said) ->
                                        rule.rank(said.record().key().system()))
                                .thenComparing(newest)
                        : newest);
        var first = candidates.get(0);
        boolean tie = candidates.stream().skip(1).anyMatch(other -> Objects.equals(other.at(), first.at()));
        if (!tie && !first.golden().equals(golden.value(FIELD))) {
            history.violate(
                    "BOSS_AUTHORITY",
                    "golden " + golden.id() + " has " + golden.value(FIELD) + ", by " + rule + " it should be "
                            + first.golden() + " of " + first.record().key());
        }
    }
}
