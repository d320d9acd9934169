package io.kintsugi.core.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * A system deleted its record of a thing, and what becomes of the records that other systems hold of it. The values that were there
 * are those of the record, which stays as a tombstone.
 *
 * @param origin record that is gone; null if a person deleted the golden record in the hub
 * @param goldenId golden it was part of; null until the deletion was resolved, and if it was part of none
 * @param steps what is done about it in each system, in order of system and target; empty until the deletion was resolved
 * @param revision grows with each change
 * @param policies as in {@link GoldenRevision}, of the last time that the hub decided about a step; null also until then
 */
public record Deletion(
        String id,
        RecordKey origin,
        String entityType,
        String goldenId,
        Evidence evidence,
        DeletionState state,
        List<Step> steps,
        Instant seenAt,
        long revision,
        Instant updatedAt,
        String policies) {
    /** Stands for a person who deletes a golden record in the hub, where an origin is named. */
    public static final String HUB = "hub";

    /** What happens to the record of another system. */
    public enum Action {
        /** It is deleted too, as its system can: removed, archived, or by hand. */
        PROPAGATE,
        /** It stays as it is and leaves its golden record; it joins again once it is changed there. */
        DISCONNECT,
        /** It stays as it is and leaves its golden record until a steward takes it back, or it is itself deleted and comes back. */
        SEVER,
        /** It stays in step, and the deleted record is created again from it. */
        RECREATE,
        /** It stays in step; people see that a system has deleted the thing. */
        FLAG,
        /** A steward decides whether it is deleted. */
        REVIEW
    }

    /** How it is known that the record is gone. */
    public enum Evidence {
        /** The system's feed said so. */
        FEED,
        /** A complete reading of the system lacks it. */
        ABSENT,
        /** The system said so when it was asked for the record. */
        LOOKUP,
        /** A person deleted the golden record in the hub. */
        STEWARD
    }

    /** How far it is. */
    public enum DeletionState {
        /** Not resolved yet. */
        SEEN,
        /** Something is still to be done, or a person is asked. */
        OPEN,
        SETTLED,
        /** The record came back before anything was done. */
        CANCELLED
    }

    /** How far one step is. */
    public enum StepState {
        /** Waits for its grace to end. */
        WAITING,
        /** A steward is asked. */
        ASKED,
        /** The brake has tripped; a steward is asked about all of them. */
        HELD,
        /** Is sent, or about to be, until the record is gone. */
        SENT,
        /** The record is being brought back, or created again. */
        RESTORING,
        DONE,
        /** Nothing is done, by decision of a person or of the policy. */
        KEPT,
        /** There is nothing to do any more: the deleted record came back, or this one was gone or left its golden by itself. */
        CANCELLED;

        /** Whether time alone brings it further. */
        public boolean moves() {
            return this == WAITING || this == SENT || this == RESTORING;
        }

        public boolean over() {
            return this == DONE || this == KEPT || this == CANCELLED;
        }
    }

    /** How a record goes, by what its system offers; the first that is offered. */
    public enum Means {
        /** Its system has it no more. */
        DELETE,
        /** A field says that it is out of use. */
        INACTIVATE,
        /** Its system keeps it among what is deleted. */
        ARCHIVE,
        /** A person deletes it. */
        BY_HAND
    }

    /**
     * What is done in one system.
     *
     * @param target record it is about; null if one is to be created again
     * @param approvedBy person who let it go on; null for none
     * @param why one sentence for people; null if the action says it all
     * @param dueAt when it is to be looked at next; null if only a person brings it further
     * @param at when it came into its state
     * @param means how the record was to go when that was sent; null until it was
     */
    public record Step(
            String system,
            RecordKey target,
            Action action,
            StepState state,
            String approvedBy,
            String why,
            Instant dueAt,
            Instant at,
            Means means) {
        /** One of which nothing was sent. */
        public Step(
                String system,
                RecordKey target,
                Action action,
                StepState state,
                String approvedBy,
                String why,
                Instant dueAt,
                Instant at) {
            this(system, target, action, state, approvedBy, why, dueAt, at, null);
        }

        public Step {
            if (state.moves() != (dueAt != null)) throw new IllegalArgumentException("a step that moves has a time");
        }

        public Step to(StepState next, String reason, Instant now) {
            return new Step(system, target, action, next, approvedBy, reason, next.moves() ? now : null, now, means);
        }

        /** The same, to be looked at later. */
        public Step later(Instant then) {
            return new Step(system, target, action, state, approvedBy, why, then, at, means);
        }

        /** The same, about another record of its system. */
        public Step at(RecordKey place) {
            return new Step(system, place, action, state, approvedBy, why, dueAt, at, means);
        }

        /** The same, about to go in such a way. */
        public Step by(Means how) {
            return new Step(system, target, action, state, approvedBy, why, dueAt, at, how);
        }

        /** The same, let go on by a person. */
        public Step approved(String by, Instant now) {
            return new Step(system, target, Action.PROPAGATE, StepState.SENT, by, null, now, now);
        }
    }

    public Deletion {
        Objects.requireNonNull(id, "id");
        steps = List.copyOf(steps);
    }

    /** One that was just seen. */
    public static Deletion seen(RecordKey origin, Evidence evidence, Instant now) {
        var id = "d-" + ContentHash.of(Map.of("origin", origin.toString(), "at", now.toString()));
        return new Deletion(
                id, origin, origin.entityType(), null, evidence, DeletionState.SEEN, List.of(), now, 1, now, null);
    }

    /** One that a person asks for, of a golden record as a whole. */
    public static Deletion asked(String goldenId, String entityType, Instant now) {
        var id = "d-" + ContentHash.of(Map.of("golden", goldenId, "at", now.toString()));
        return new Deletion(
                id, null, entityType, goldenId, Evidence.STEWARD, DeletionState.SEEN, List.of(), now, 1, now, null);
    }

    /** Where it came from: a system, or {@link #HUB}. */
    public String from() {
        return origin == null ? HUB : origin.system();
    }

    /** When it is to be looked at next; null if time alone brings it no further. */
    public Instant dueAt() {
        return steps.stream()
                .map(Step::dueAt)
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** The same with its steps in another form; settled once all of them are over. */
    public Deletion withSteps(UnaryOperator<Step> change, Instant now) {
        var next = new ArrayList<Step>();
        for (var step : steps) next.add(change.apply(step));
        return next.equals(steps) ? this : withSteps(goldenId, next, now);
    }

    /** The same with other steps; settled once all of them are over. */
    public Deletion withSteps(String golden, List<Step> other, Instant now) {
        boolean over = other.stream().allMatch(step -> step.state().over());
        return new Deletion(
                id,
                origin,
                entityType,
                golden,
                evidence,
                over ? DeletionState.SETTLED : DeletionState.OPEN,
                other,
                seenAt,
                revision + 1,
                now,
                policies);
    }

    /** The same, decided under these versions of the policies. */
    public Deletion under(String versions) {
        return new Deletion(
                id, origin, entityType, goldenId, evidence, state, steps, seenAt, revision, updatedAt, versions);
    }

    /** The record is back: what has not been done is not done, and what is being restored goes on. */
    public Deletion cancelled(Instant now) {
        boolean untouched = steps.stream()
                .allMatch(step -> step.state() != StepState.DONE
                        && step.state() != StepState.SENT
                        && step.state() != StepState.RESTORING);
        var next = steps.stream()
                .map(step ->
                        step.state().over() || step.state() == StepState.SENT || step.state() == StepState.RESTORING
                                ? step
                                : step.to(StepState.CANCELLED, "the record came back", now))
                .toList();
        boolean over = next.stream().allMatch(step -> step.state().over());
        var after = untouched ? DeletionState.CANCELLED : over ? DeletionState.SETTLED : DeletionState.OPEN;
        return new Deletion(
                id, origin, entityType, goldenId, evidence, after, next, seenAt, revision + 1, now, policies);
    }
}
