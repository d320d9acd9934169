package io.kintsugi.core.lifecycle;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.Means;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** What is to be done when a record was deleted in one system. Pure: the same facts give the same steps. */
public final class DeletePlan {
    /** How long after a step was sent it is looked at again. */
    public static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    /** How long every delete waits at least, so that deletes which come together are counted together by the brake. */
    public static final Duration SETTLING = Duration.ofMinutes(1);

    private static final String EDITED = "somebody edited it elsewhere, so it is not deleted without asking";
    private static final String THEIRS = "people made it their own meanwhile, so it is not deleted without asking";
    private static final String BACK = "the record came back";
    private static final String LEFT = "the record is not part of the golden record any more";
    private static final String FOLDED = "the record was merged into another one of its system";
    private static final String ANOTHER = "%s still has it, as %s";
    private static final String MADE = "there again as %s, which is part of another golden record";
    private static final String NOT_BACK = "it was about to be created again, and is not";

    private DeletePlan() {}

    /**
     * What a plan goes by.
     *
     * @param members records of the golden, in whatever state; the deleted one may be among them
     * @param creatable whether the hub may create a record in a system
     * @param edited whether the golden has values that the origin had not yet agreed to when it was deleted
     */
    public record Facts(
            String goldenId, Collection<SourceRecord> members, Predicate<String> creatable, boolean edited) {}

    /**
     * The steps of a deletion that was just seen. A system that still has another record of the thing has not deleted the thing, so
     * nothing follows. A record that is about to come back is there as far as this goes.
     */
    public static Deletion plan(Deletion seen, Facts facts, DeletePolicy policy, Instant now) {
        var origin = seen.origin();
        var live = facts.members().stream()
                .filter(member -> member.state() == RecordState.LIVE || member.state() == RecordState.RETURNING)
                .filter(member -> !member.key().equals(origin))
                .sorted(Comparator.comparing(SourceRecord::key))
                .toList();
        var twin = live.stream()
                .map(SourceRecord::key)
                .filter(key -> key.system().equals(seen.from()))
                .findFirst();
        var steps = new ArrayList<Step>();
        boolean again = false;
        for (var record : live) {
            var target = record.key();
            if (target.system().equals(seen.from())) continue;
            if (twin.isPresent()) {
                steps.add(step(
                        target,
                        Action.FLAG,
                        StepState.KEPT,
                        ANOTHER.formatted(seen.from(), twin.get().externalId()),
                        null,
                        now));
                continue;
            }
            var rule = policy.rule(seen.from(), target.system());
            var action = created(record, facts.members()) ? rule.action() : rule.joined();
            steps.add(first(target, action, rule, facts.edited(), seen.seenAt(), now));
            again |= action == Action.RECREATE;
        }
        if (again && twin.isEmpty() && origin != null) steps.add(recreation(origin, facts, now));
        steps.sort(Comparator.comparing(Step::system)
                .thenComparing(Step::target, Comparator.nullsFirst(Comparator.naturalOrder())));
        return seen.withSteps(facts.goldenId(), steps, now);
    }

    /** Whether the hub created a record, and all that it has merged into it (DEL-8). */
    private static boolean created(SourceRecord record, Collection<SourceRecord> members) {
        return isMade(record)
                && members.stream()
                        .filter(member -> member.state() == RecordState.FOLDED
                                && member.key().system().equals(record.key().system()))
                        .allMatch(DeletePlan::isMade);
    }

    /** Whether the hub is sure that it created a record: not as long as nobody knows whose one of its values is. */
    public static boolean isMade(SourceRecord record) {
        return record.provisioned() && record.states().values().stream().noneMatch(AttributeState::undecided);
    }

    private static Step first(
            RecordKey target, Action action, DeletePolicy.Rule rule, boolean edited, Instant seenAt, Instant now) {
        return switch (action) {
            case FLAG -> step(target, action, StepState.KEPT, null, null, now);
            case RECREATE ->
                step(target, action, StepState.KEPT, "the deleted record is created again from it", null, now);
            case REVIEW -> step(target, action, StepState.ASKED, null, null, now);
            case PROPAGATE, DISCONNECT, SEVER ->
                edited && action == Action.PROPAGATE && rule.conflict() == Conflict.EDIT_WINS
                        ? step(target, action, StepState.ASKED, EDITED, null, now)
                        : step(target, action, StepState.WAITING, null, due(seenAt, rule.grace(), now), now);
        };
    }

    private static Instant due(Instant seenAt, Duration grace, Instant now) {
        var due = seenAt.plus(grace.compareTo(SETTLING) > 0 ? grace : SETTLING);
        return due.isAfter(now) ? due : now;
    }

    private static Step recreation(RecordKey origin, Facts facts, Instant now) {
        return facts.creatable().test(origin.system())
                ? new Step(origin.system(), null, Action.RECREATE, StepState.RESTORING, null, null, now, now)
                : new Step(
                        origin.system(),
                        null,
                        Action.RECREATE,
                        StepState.KEPT,
                        null,
                        "the hub may not create records in " + origin.system(),
                        null,
                        now);
    }

    private static Step step(RecordKey target, Action action, StepState state, String why, Instant dueAt, Instant now) {
        return new Step(target.system(), target, action, state, null, why, dueAt, now);
    }

    /**
     * What a step whose time has come goes by: things as they are now.
     *
     * @param origin empty for a deletion in the hub
     * @param members records of the golden, in whatever state
     * @param inFlight whether a write to a record, or the create that brings it back, was sent and not answered yet
     * @param deleteSent when the last delete of a record was sent; null if its last write was none
     * @param made what a step has had created in its system, wherever that is now; null for nothing, or what is gone again
     */
    public record Now(
            Optional<SourceRecord> origin,
            List<SourceRecord> members,
            Predicate<RecordKey> inFlight,
            Function<RecordKey, Instant> deleteSent,
            Function<Step, RecordKey> made,
            DeletePolicy policy) {
        boolean back() {
            return origin.map(SourceRecord::state)
                    .filter(RecordState.LIVE::equals)
                    .isPresent();
        }

        /** Whether the record is deleted. */
        boolean gone(RecordKey key) {
            return members.stream()
                    .anyMatch(member -> member.key().equals(key) && member.state() == RecordState.DELETED);
        }

        /** Whether the hub merged the record into another one of its system, which has a step of its own. */
        boolean folded(RecordKey key) {
            return members.stream()
                    .anyMatch(member -> member.key().equals(key) && member.state() == RecordState.FOLDED);
        }

        /** Whether the record is not there yet, but is to be again. */
        boolean returning(RecordKey key) {
            return members.stream()
                    .anyMatch(member -> member.key().equals(key) && member.state() == RecordState.RETURNING);
        }

        /** Whether the record is there, but part of the golden no more. */
        boolean left(RecordKey key) {
            return members.stream()
                    .noneMatch(member -> member.key().equals(key)
                            && (member.state().resolves() || member.state() == RecordState.DELETED));
        }

        boolean theirs(Deletion deletion, Step step) {
            return members.stream()
                    .anyMatch(member -> member.key().equals(step.target())
                            && isTheirs(deletion, step, created(member, members), policy));
        }

        boolean editedSince(Instant then) {
            return members.stream()
                    .filter(member -> member.state() == RecordState.LIVE)
                    .anyMatch(member -> !member.observedAt().isBefore(then));
        }
    }

    /**
     * What becomes of a step whose time has come, as long as no brake holds it: a WAITING one that is still to be done is SENT if it
     * deletes, and DONE if it takes a record out of its golden. What is not there yet needs no delete: it does not come back, whatever
     * the action, and counts as propagated, so that a restore brings it back.
     */
    public static Step next(Deletion deletion, Step step, Now facts, Instant now) {
        if (!step.state().moves() || step.dueAt().isAfter(now)) return step;
        return switch (step.state()) {
            case RESTORING -> restoring(step, facts, now);
            case SENT -> sent(deletion, step, facts, now);
            default -> waiting(deletion, step, facts, now);
        };
    }

    /** What was created may come out as another thing, as where people merged what it is made of: creating it once more ends no better. */
    private static Step restoring(Step step, Now facts, Instant now) {
        return facts.members().stream()
                .filter(member -> member.key().system().equals(step.system()))
                .filter(member -> isBack(step, member, facts))
                .findFirst()
                .map(record ->
                        step.to(StepState.DONE, "there again as " + record.key().externalId(), now))
                .or(() -> Optional.ofNullable(facts.made().apply(step))
                        .map(made -> step.to(StepState.DONE, MADE.formatted(made.externalId()), now)))
                .orElseGet(() -> step.later(now.plus(LOOK_AGAIN)));
    }

    /**
     * Whether it is there, be it outside its golden by another deletion, or was, and is deleted once more. A delete that was under way
     * when it was to come back may arrive yet.
     */
    private static boolean isBack(Step step, SourceRecord member, Now facts) {
        var deleteSent = facts.deleteSent().apply(member.key());
        if (!member.state().gone()) {
            return deleteSent == null || !facts.inFlight().test(member.key());
        }
        if (member.state() != RecordState.DELETED || member.observedAt().isBefore(step.at())) return false;
        return deleteSent == null || deleteSent.isAfter(step.at());
    }

    private static Step sent(Deletion deletion, Step step, Now facts, Instant now) {
        if (facts.gone(step.target())) {
            return facts.back() ? restored(step, now) : step.to(StepState.DONE, step.why(), now);
        }
        if (facts.inFlight().test(step.target())) return step.later(now.plus(LOOK_AGAIN));
        if (facts.returning(step.target()) && !facts.back()) return notBack(step, now);
        if (facts.left(step.target())) return step.to(StepState.CANCELLED, LEFT, now);
        if (facts.folded(step.target())) return step.to(StepState.CANCELLED, FOLDED, now);
        if (facts.back()) return step.to(StepState.CANCELLED, BACK, now);
        if (facts.theirs(deletion, step)) return step.to(StepState.ASKED, THEIRS, now);
        return mindsEdits(deletion, step, facts.policy()) && facts.editedSince(step.at())
                ? step.to(StepState.ASKED, EDITED, now)
                : step.later(now.plus(LOOK_AGAIN));
    }

    private static Step waiting(Deletion deletion, Step step, Now facts, Instant now) {
        if (facts.back()) return step.to(StepState.CANCELLED, BACK, now);
        if (facts.gone(step.target())) return step.to(StepState.CANCELLED, "it was gone already", now);
        if (facts.left(step.target())) return step.to(StepState.CANCELLED, LEFT, now);
        if (facts.folded(step.target())) return step.to(StepState.CANCELLED, FOLDED, now);
        boolean returning = facts.returning(step.target());
        boolean kept = step.action() != Action.PROPAGATE;
        // what is under way may bring it back, or merge it into another record
        if ((returning || kept) && facts.inFlight().test(step.target())) return step.later(now.plus(LOOK_AGAIN));
        if (kept) return returning ? notBack(step, now) : step.to(StepState.DONE, null, now);
        if (facts.theirs(deletion, step)) return step.to(StepState.ASKED, THEIRS, now);
        if (mindsEdits(deletion, step, facts.policy()) && facts.editedSince(deletion.seenAt())) {
            return step.to(StepState.ASKED, EDITED, now);
        }
        return returning ? notBack(step, now) : step.to(StepState.SENT, null, now);
    }

    private static Step notBack(Step step, Instant now) {
        return new Step(
                step.system(), step.target(), Action.PROPAGATE, StepState.DONE, step.approvedBy(), NOT_BACK, null, now);
    }

    /**
     * How a record goes: the first of what its system offers (DEL-7).
     *
     * @param marks whether a field can say that the record is out of use
     */
    public static Means means(boolean deletes, boolean marks, boolean archives) {
        if (deletes) return Means.DELETE;
        if (marks) return Means.INACTIVATE;
        return archives ? Means.ARCHIVE : Means.BY_HAND;
    }

    /** Whether a record that was to come back does not, now that a step is done. */
    public static boolean endsReturn(Step step, SourceRecord record) {
        return step.state() == StepState.DONE
                && step.action() == Action.PROPAGATE
                && record.state() == RecordState.RETURNING;
    }

    /**
     * Whether a record that is to be deleted has become people's own since that was planned, as when they merged one of theirs into it,
     * and the policy does not let such records be deleted.
     *
     * @param created whether it is still all the hub's
     */
    public static boolean isTheirs(Deletion deletion, Step step, boolean created, DeletePolicy policy) {
        return step.approvedBy() == null
                && step.action() == Action.PROPAGATE
                && !created
                && policy.rule(deletion.from(), step.system()).joined() != Action.PROPAGATE;
    }

    /** Whether an edit of the thing keeps a step from going on. */
    public static boolean mindsEdits(Deletion deletion, Step step, DeletePolicy policy) {
        return step.approvedBy() == null
                && policy.rule(deletion.from(), step.system()).conflict() == Conflict.EDIT_WINS;
    }

    /** The record that was deleted first is back, so the one that was deleted after it is needed again. */
    private static Step restored(Step step, Instant now) {
        return new Step(
                step.system(),
                null,
                Action.RECREATE,
                StepState.RESTORING,
                step.approvedBy(),
                "the record that was deleted first came back",
                now,
                now);
    }
}
