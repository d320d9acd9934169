package io.kintsugi.server.engine;

import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.Trait;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Cell;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.Reviews;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Deletions in a history: its policy, the stewards who answer and restore, and what must hold of what the hub deletes. */
final class DeletionLife {
    private final History history;
    /** Each since when it is in force. */
    private final NavigableMap<Instant, DeletePolicy> policies = new TreeMap<>();

    private final Map<String, List<Unasked>> unasked = new HashMap<>();
    int deleted;

    DeletionLife(History history, DeletePolicy policy) {
        this.history = history;
        published(policy);
    }

    void published(DeletePolicy policy) {
        policies.put(history.time.instant(), policy);
    }

    /** What was in force at some time since an instant. */
    private Stream<DeletePolicy> since(Instant then) {
        var first = policies.floorKey(then);
        return policies.tailMap(first == null ? then : first, true).values().stream();
    }

    /** Half of all histories let nothing spread. */
    static DeletePolicy draw(List<String> systems, SplittableRandom random) {
        if (random.nextBoolean()) return DeletePolicy.none("contact");
        var cells = new ArrayList<Cell>();
        for (var from : systems) {
            for (var to : systems) {
                if (from.equals(to) || random.nextInt(4) == 0) continue;
                var action = random.nextBoolean() ? Action.PROPAGATE : any(random);
                var joined = random.nextBoolean() ? action : any(random);
                var grace = Duration.ofSeconds(random.nextInt(3) * 70L);
                var conflict = random.nextInt(3) == 0 ? Conflict.DELETE_WINS : Conflict.EDIT_WINS;
                cells.add(new Cell(from, to, new Rule(action, joined, grace, conflict)));
            }
        }
        var brake = random.nextInt(4) == 0 ? new Brake(1, 0, Duration.ofHours(24)) : Brake.USUAL;
        return new DeletePolicy("contact", 1, DeletePolicy.FLAG_ONLY, cells, brake);
    }

    private static Action any(SplittableRandom random) {
        return Action.values()[random.nextInt(Action.values().length)];
    }

    private List<Deletion> all() {
        return history.store
                .read(tx -> tx.deletions().list(Deletions.Filter.ALL, null, 1000))
                .items();
    }

    // what stewards do

    /** Answers an open question; returns whether there was one. */
    boolean answer(SplittableRandom random) {
        var filter = new Reviews.Filter(Kind.DELETED, ReviewState.OPEN, null, null, null, "openedAt");
        var open = history.store.read(tx -> tx.reviews().list(filter, null, 10)).items();
        if (open.isEmpty() || !history.hub.up()) return false;
        Review review = open.get(random.nextInt(open.size()));
        boolean deletes = random.nextBoolean();
        history.note("STEWARD " + (deletes ? "deletes " : "keeps ") + review.reason() + " " + review.records());
        try {
            history.hub.stewardship().answerDeletion(review.id(), review.revision(), deletes, null, "sam");
        } catch (HubException e) {
            history.note("refused: " + e.getMessage());
        }
        return true;
    }

    void restore(SplittableRandom random) {
        var done = all().stream()
                .filter(deletion -> deletion.steps().stream()
                        .anyMatch(step -> step.state() == StepState.DONE && step.action() == Action.PROPAGATE))
                .toList();
        if (done.isEmpty() || !history.hub.up()) return;
        var deletion = done.get(random.nextInt(done.size()));
        history.note("STEWARD restores " + deletion);
        try {
            history.hub.stewardship().restore(deletion.id(), deletion.revision(), "sam");
            takeBack(deletion);
            deletion.steps().stream() // a person has looked at it, so it counts for the brake no more
                    .filter(step -> step.action() == Action.PROPAGATE && step.state() == StepState.DONE)
                    .map(step -> unasked.get(step.system()))
                    .filter(times -> times != null && !times.isEmpty())
                    .forEach(times -> times.remove(times.size() - 1));
        } catch (HubException e) {
            history.note("refused: " + e.getMessage());
        }
    }

    /** Whether a golden record is to be created again in a system (DEL-10, or by policy). */
    boolean again(String system) {
        return all().stream()
                .flatMap(deletion -> deletion.steps().stream())
                .anyMatch(step -> step.system().equals(system) && step.action() == Action.RECREATE);
    }

    /** Whether a steward or the policy had said so at an instant. */
    boolean againSince(String system, Instant then) {
        return all().stream()
                .flatMap(deletion -> deletion.steps().stream())
                .anyMatch(step -> step.system().equals(system)
                        && step.action() == Action.RECREATE
                        && !step.at().isAfter(then));
    }

    /** When stewards restored what the hub was deleting, by the record that was to go. */
    private final Map<RecordKey, Instant> takenBack = new HashMap<>();

    private void takeBack(Deletion deletion) {
        for (var step : deletion.steps()) {
            if (step.state() == StepState.SENT) takenBack.put(step.target(), history.time.instant());
        }
    }

    /** Whether a delete was sent before a steward said that what it deletes is to be there. */
    private boolean isTakenBack(RecordKey record, OutboundChange delete) {
        var at = takenBack.get(record);
        return at != null
                && delete != null
                && delete.intent() != null
                && delete.intent().sentAt().isBefore(at);
    }

    // what must hold

    /** The hub deletes only what the policy or a person lets it, after its grace, and no edit that it has not seen. */
    void ofEffect(SimulatedSystem.Effect effect) {
        deleted++;
        var key = new RecordKey(effect.system(), "contact", effect.before().id());
        var known = history.store.read(tx -> tx.records().find(List.of(key)).get(key));
        for (var field : History.EDITED) {
            var cell = effect.before().cells().get(field);
            if (cell == null || cell.byHub() || cell.value() == null) continue;
            var held = known == null ? null : known.attributes().get(field);
            if (held != null && held.strip().equals(cell.value().strip())) continue;
            if (history.systems.get(effect.system()).nature().has(Trait.CONDITIONAL)) {
                history.violate(
                        "DELETED_EDIT", key + " " + field + " = " + cell.value() + ", the hub believed " + held);
            } else {
                history.raceLost++;
            }
        }
        var reasons = all().stream()
                .flatMap(deletion -> deletion.steps().stream()
                        .filter(step -> key.equals(step.target()))
                        .map(step -> reason(deletion, step)))
                .filter(Objects::nonNull)
                .toList();
        var changeKey = OutboundChange.updateKey(key);
        var change =
                history.store.read(tx -> tx.outbox().find(List.of(changeKey)).get(changeKey));
        var into = change == null || change.intent() == null
                ? null
                : change.intent().into();
        if (into != null) { // to make one record of two: the other one must have been there right before
            var found = history.systems.get(effect.system()).found(into.externalId());
            if (found == null || found.isBefore(change.intent().sentAt())) {
                history.violate(
                        "MERGED_INTO_NOTHING", key + " was deleted for " + into + ", not looked at since " + found);
            }
            return;
        }
        if (reasons.isEmpty() && isTakenBack(key, change)) return;
        if (reasons.isEmpty()) history.violate("DELETED_FREELY", key + " was deleted; " + all());
        if (!reasons.contains("asked")) {
            var times = unasked.computeIfAbsent(effect.system(), system -> new ArrayList<>());
            times.add(new Unasked(key, history.time.instant()));
            boolean braked = since(history.time.instant().minus(DeletePolicy.Brake.USUAL.window()))
                    .anyMatch(policy -> holds(policy.brake(), times));
            if (!braked) {
                long within = times.size();
                history.violate(
                        "NO_BRAKE",
                        within + " records of " + effect.system() + " were deleted without asking; " + all());
            }
        }
    }

    private boolean holds(Brake brake, List<Unasked> times) {
        var since = history.time.instant().minus(brake.window());
        long within = times.stream()
                .filter(delete -> delete.at().isAfter(since))
                .filter(delete -> isOf(delete.target()))
                .count();
        return within <= brake.limit(0) + (brake.count() > 1 ? 5 : 0);
    }

    private record Unasked(RecordKey target, Instant at) {}

    /** Whether a deletion still has deleted a record: not if it came back when that was taken back, and not one that left it there. */
    private boolean isOf(RecordKey target) {
        return all().stream()
                .flatMap(deletion -> deletion.steps().stream())
                .filter(step -> step.state() == StepState.SENT || step.state() == StepState.DONE)
                .anyMatch(step -> target.equals(step.target()));
    }

    /** Why a step may delete its record; null if it may not. */
    private String reason(Deletion deletion, Step step) {
        if (step.approvedBy() != null) return "asked";
        if (deletion.origin() == null) return null;
        if (!deletedByPeople(deletion.origin())) return null;
        boolean allowed = since(deletion.seenAt())
                .map(policy -> policy.rule(deletion.from(), step.system()))
                .anyMatch(rule -> allows(rule, deletion, step));
        if (!allowed) return null;
        var origin = deletion.origin();
        var known = history.store.read(tx -> tx.records().find(List.of(origin)).get(origin));
        boolean back = known.state() == RecordState.LIVE
                && known.observedAt().isBefore(history.time.instant().minus(Duration.ofMinutes(5)));
        return back ? null : "policy";
    }

    private boolean allows(Rule rule, Deletion deletion, Step step) {
        boolean created = history.mergers.isMade(step.target());
        boolean spreads = created && rule.action() == Action.PROPAGATE || rule.joined() == Action.PROPAGATE;
        boolean early = history.time.instant().isBefore(deletion.seenAt().plus(rule.grace()));
        return spreads && !early && !(rule.conflict() == Conflict.EDIT_WINS && editedSince(deletion, step));
    }

    /** Whether people deleted a record, or what it was merged into, by people or by the hub. */
    private boolean deletedByPeople(RecordKey key) {
        if (history.deletedByPeople(key)) return true;
        var survivor = history.systems.get(key.system()).survivorOf(key.externalId());
        return survivor != null && history.deletedByPeople(new RecordKey(key.system(), key.entityType(), survivor));
    }

    /** Whether the hub knew of an edit elsewhere, made since the deletion, when it sent the delete. */
    private boolean editedSince(Deletion deletion, Step step) {
        var members = history
                .store
                .read(tx -> tx.goldens().members(List.of(deletion.goldenId())))
                .getOrDefault(deletion.goldenId(), List.of())
                .stream()
                .filter(member ->
                        member.membership().since().isBefore(step.at())) // what joined later told nothing then
                .map(Member::record)
                .toList();
        boolean there = members.stream().anyMatch(record -> record.key().equals(deletion.origin()));
        return there // else it was in another golden record then
                && members.stream()
                        .filter(record -> record.state() == RecordState.LIVE)
                        .anyMatch(record -> record.observedAt().isAfter(deletion.seenAt())
                                && record.observedAt().isBefore(step.at()));
    }

    /** Whether nothing is on its way but what waits for a person. */
    boolean atRest() {
        return all().stream()
                .filter(deletion -> deletion.state() != DeletionState.SETTLED)
                .allMatch(deletion -> deletion.state() == DeletionState.CANCELLED
                        || deletion.state() == DeletionState.OPEN
                                && deletion.steps().stream().noneMatch(step -> moves(deletion, step)));
    }

    private boolean moves(Deletion deletion, Step step) {
        if (!step.state().moves()) return false;
        if (step.state() == StepState.WAITING) return true;
        return history.store.read(tx -> {
            var golden = deletion.origin() == null
                    ? deletion.goldenId()
                    : tx.goldens().goldenOf(List.of(deletion.origin())).get(deletion.origin());
            var key = step.target() == null
                    ? OutboundChange.createKey(golden, step.system(), "contact")
                    : OutboundChange.updateKey(step.target());
            var change = tx.outbox().find(List.of(key)).get(key);
            return change == null || change.state() != OutboundState.PARKED && change.state() != OutboundState.HELD;
        });
    }

    String busy() {
        return all().stream()
                .filter(deletion -> deletion.steps().stream().anyMatch(step -> moves(deletion, step)))
                .toList()
                .toString();
    }

    /** At rest. */
    void check() {
        for (var deletion : all()) {
            for (var step : deletion.steps()) {
                if (step.state() != StepState.DONE) continue;
                if (step.action() == Action.SEVER) severed(step);
                if (step.action() != Action.PROPAGATE) continue;
                var row = history.systems
                        .get(step.system())
                        .rows()
                        .get(step.target().externalId());
                var known = history.store.read(
                        tx -> tx.records().find(List.of(step.target())).get(step.target()));
                if (row != null && known.state() == RecordState.DELETED) {
                    history.violate("NOT_DELETED", step.target() + " is there; " + deletion);
                }
                if (row == null && isNeeded(deletion, step)) {
                    history.violate(
                            "NEEDED", step.target() + " is deleted, though what it followed was back; " + deletion);
                }
            }
        }
    }

    /** Whether the hub knew that the record which was deleted first was back when it learnt that a delete had arrived (R10). */
    private boolean isNeeded(Deletion deletion, Step step) {
        var origin = deletion.origin();
        if (origin == null || history.deletedByPeople(step.target())) return false;
        return history.store.read(tx -> {
            var records = tx.records().find(List.of(origin, step.target()));
            var goldenOf = tx.goldens().goldenOf(List.of(origin, step.target()));
            var back = records.get(origin);
            return back != null
                    && back.state() == RecordState.LIVE
                    && back.observedAt().isAfter(deletion.seenAt())
                    && back.observedAt().isBefore(step.at())
                    && records.get(step.target()).state() == RecordState.DELETED
                    && Objects.equals(goldenOf.get(origin), goldenOf.get(step.target()));
        });
    }

    private void severed(Step step) {
        if (history.broughtBack.containsKey(step.system() + " " + step.target().externalId())) return; // a new start
        var known = history.store.read(
                tx -> tx.records().find(List.of(step.target())).get(step.target()));
        // its id leads to what people made of it, and nothing else of it is left (MRG-3)
        boolean merged = known.state() == RecordState.MERGED && history.mergers.mergedAway.contains(step.target());
        if (known.state() != RecordState.SEVERED && known.state() != RecordState.DELETED && !merged) {
            history.violate("REJOINED", step.target() + " was severed and is " + known.state());
        }
    }
}
