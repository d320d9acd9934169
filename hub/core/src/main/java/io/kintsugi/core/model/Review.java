package io.kintsugi.core.model;

import java.time.Instant;
import java.util.List;

/**
 * An open question for a data steward.
 *
 * @param id made from what it asks, so that asking twice is one review
 * @param goldens goldens it is about, sorted
 * @param records records it is about, sorted; of a row that does not say its id, its place stands for one
 * @param score highest score between the parts, in bits
 * @param reason one sentence for people
 * @param detail what is needed to decide or repeat, as JSON; for parked things the raw input and the place it came from
 * @param revision grows with each change; what an ETag shows
 * @param decision what was decided; null while open
 * @param policies as in {@link GoldenRevision}, of the time when it was last asked; its answer leaves them
 */
public record Review(
        String id,
        Kind kind,
        ReviewState state,
        String entityType,
        List<String> goldens,
        List<RecordKey> records,
        double score,
        String reason,
        String detail,
        long revision,
        Instant openedAt,
        Instant decidedAt,
        String decidedBy,
        Decision decision,
        String note,
        String policies) {
    /** How many records a review names at most. */
    public static final int MOST_RECORDS = 200;

    /** What is asked. */
    public enum Kind {
        /** Likely the same, not surely. */
        CANDIDATE,
        /** A record fits more than one golden. */
        DISPUTED,
        /** A row could not be read or mapped. */
        UNMAPPABLE,
        /** A write that a system refused. */
        PARKED,
        /** A system changed a value that another one is trusted for. */
        PROPOSED,
        /** A system deleted a thing; a person decides whether others delete it too. */
        DELETED,
        /** Systems change a value back and forth; it is left alone meanwhile. */
        LOOP,
        /** The rules take goldens for one and may only report it; waits for nobody, and may be decided like a candidate. */
        WOULD_MERGE,
        /** The brake on merges holds back what rules would merge; answered with all of its kind, or like a candidate. */
        HELD_MERGE,
        /** Rules would merge more goldens than the brake lets through; all that is held back is answered at once. */
        MERGE_BRAKE;

        /** Whether somebody is to answer. */
        public boolean asks() {
            return this != WOULD_MERGE && this != HELD_MERGE;
        }

        /** Whether it is about goldens that may be one. */
        public boolean isAboutGoldens() {
            return this == CANDIDATE || this == DISPUTED || this == WOULD_MERGE || this == HELD_MERGE;
        }
    }

    /** Whether it waits for an answer. */
    public enum ReviewState {
        OPEN,
        DECIDED,
        /** The question went away by itself. */
        OBSOLETE
    }

    public Review {
        goldens = List.copyOf(goldens);
        records = List.copyOf(records);
    }

    /** The same question, asked once more. */
    public Review withRevision(long other) {
        return new Review(
                id,
                kind,
                state,
                entityType,
                goldens,
                records,
                score,
                reason,
                detail,
                other,
                openedAt,
                decidedAt,
                decidedBy,
                decision,
                note,
                policies);
    }

    /** The same question, answered or gone away. */
    public Review closed(ReviewState how, String by, String why, Instant now) {
        return new Review(
                id,
                kind,
                how,
                entityType,
                goldens,
                records,
                score,
                reason,
                detail,
                revision + 1,
                openedAt,
                now,
                by,
                null,
                why,
                policies);
    }
}
