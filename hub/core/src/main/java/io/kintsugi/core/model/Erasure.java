package io.kintsugi.core.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A person asked that everything about one thing be erased: in every system that has a record of it, and in the hub. Holds no value of
 * the thing, and an id of a record only as long as somebody has to find the record by it.
 *
 * @param goldenIds the golden asked about, first, then the retired ones whose ids lead to it
 * @param reason as it was given, such as a case number
 * @param steps one for each record, in order of system and hash
 * @param removed what was removed from the hub, by kind; empty until it was
 * @param removedAt when the hub forgot the values; null until it has
 * @param finishedAt when every system was known to be without the records; null until then
 * @param lifted by whom, when and why the thing may come back; null while it may not
 * @param revision grows with each change
 */
public record Erasure(
        String id,
        String entityType,
        List<String> goldenIds,
        ErasureState state,
        String reason,
        String by,
        Instant askedAt,
        List<Step> steps,
        Map<String, Long> removed,
        Instant removedAt,
        Instant finishedAt,
        Lifted lifted,
        long revision,
        Instant updatedAt) {
    /** How far it is. */
    public enum ErasureState {
        /** Systems are being asked; the hub keeps the values until they have answered, because it needs them for that. */
        RUNNING,
        /** The hub has forgotten everything; in some system the end of a record is still to be seen, or a person has to see to it. */
        REMOVED,
        DONE
    }

    /** The strongest thing that a system lets the hub do. */
    public enum Means {
        DELETE,
        /** The system hides the record and keeps it: a person has to do the rest. */
        ARCHIVE,
        /** The hub can do nothing there. */
        BY_HAND,
        /** The record is gone already. */
        NONE
    }

    /** How far one system is. */
    public enum StepState {
        /** Is sent, or about to be. */
        WAITING,
        /** The system said that it did; nobody has looked. */
        TOLD,
        /** A person has to delete it there. */
        BY_HAND,
        /** The system was asked for the record and has none. */
        CONFIRMED,
        /** A person has said that it is gone. */
        ATTESTED;

        /** Whether nothing more is to be done or seen. */
        public boolean over() {
            return this == CONFIRMED || this == ATTESTED;
        }
    }

    /**
     * One record.
     *
     * @param stream native object type of it
     * @param externalId null once the step is over
     * @param hash of the id, by the hub's secret: says whether two ids are the same, and nothing else
     * @param why what a person has to know, without values; null for nothing
     * @param by who attested it; null for nobody
     * @param at when it came into its state
     * @param lookAt when the system is to be asked for the record; null for not at all
     */
    public record Step(
            String system,
            String stream,
            String externalId,
            String hash,
            Means means,
            StepState state,
            String why,
            String by,
            Instant at,
            Instant lookAt) {
        public Step {
            Objects.requireNonNull(hash, "hash");
            if (state.over() && (externalId != null || lookAt != null)) {
                throw new IllegalArgumentException("a step that is over keeps no id and asks nobody");
            }
        }

        /** The same in another state; a finished one forgets the id. */
        public Step to(StepState next, String reason, Instant now) {
            boolean over = next.over();
            boolean looks = !over && next != StepState.WAITING;
            return new Step(
                    system,
                    stream,
                    over ? null : externalId,
                    hash,
                    means,
                    next,
                    reason,
                    by,
                    next == state ? at : now,
                    looks ? now : null);
        }

        /** The same, to be asked about later. */
        public Step later(Instant then) {
            return new Step(system, stream, externalId, hash, means, state, why, by, at, then);
        }

        /** Ended by a person's word. */
        public Step attested(String who, Instant now) {
            return new Step(system, stream, null, hash, means, StepState.ATTESTED, null, who, now, null);
        }
    }

    /** The end of the suppression. */
    public record Lifted(String by, String reason, Instant at) {}

    public Erasure {
        Objects.requireNonNull(id, "id");
        goldenIds = List.copyOf(goldenIds);
        if (goldenIds.isEmpty()) throw new IllegalArgumentException("an erasure is of a golden record");
        steps = List.copyOf(steps);
        removed = Map.copyOf(removed);
    }

    /** The golden it was asked of. */
    public String goldenId() {
        return goldenIds.get(0);
    }

    /** Key of the record of a step; null once the step is over. */
    public RecordKey target(Step step) {
        return step.externalId() == null ? null : new RecordKey(step.system(), entityType, step.externalId());
    }

    /** The same with other steps, finished once nothing is to be done or seen. */
    public Erasure withSteps(List<Step> others, Instant now) {
        if (others.equals(steps)) return this;
        return next(others, removed, removedAt, lifted, now);
    }

    /** The same with its steps in another form. */
    public Erasure withSteps(UnaryOperator<Step> change, Instant now) {
        return withSteps(steps.stream().map(change).toList(), now);
    }

    /** The same once the hub has forgotten the values. */
    public Erasure removed(Map<String, Long> counts, Instant now) {
        return next(steps, new TreeMap<>(counts), now, lifted, now);
    }

    /** The same, and the thing may come back. */
    public Erasure lifted(String who, String why, Instant now) {
        return next(steps, removed, removedAt, new Lifted(who, why, now), now);
    }

    private Erasure next(
            List<Step> nextSteps, Map<String, Long> counts, Instant forgotten, Lifted nextLifted, Instant now) {
        boolean done = forgotten != null
                && nextSteps.stream().allMatch(step -> step.state().over());
        return new Erasure(
                id,
                entityType,
                goldenIds,
                forgotten == null ? ErasureState.RUNNING : done ? ErasureState.DONE : ErasureState.REMOVED,
                reason,
                by,
                askedAt,
                nextSteps,
                counts,
                forgotten,
                done ? (finishedAt == null ? now : finishedAt) : null,
                nextLifted,
                revision + 1,
                now);
    }
}
