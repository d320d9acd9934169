package io.kintsugi.connector.spi;

import java.time.Duration;
import java.util.Set;

/**
 * What a stream can do, declared as data and proved by the contract test kit: what is declared works, what is not declared is
 * refused.
 *
 * @param ops writes it takes
 * @param feeds ways to read it
 * @param changesSorted whether the change feed comes in order of change time
 * @param maxBatch largest number of ops in one write
 * @param batchIsAtomic whether one rejected op undoes the others of its batch
 * @param timestampGranularity resolution of change times
 * @param visibilityLag how long a written record may stay invisible; do not read closer to now
 * @param deletesRetention how long deletes can be read back; null for ever
 * @param changesRetention how long changes can be read back; null for ever
 * @param merge how a native merge behaves; null if there is none
 */
public record Capabilities(
        Set<Op> ops,
        Set<Feed> feeds,
        boolean changesSorted,
        int maxBatch,
        boolean batchIsAtomic,
        Duration timestampGranularity,
        Duration visibilityLag,
        Duration deletesRetention,
        Duration changesRetention,
        MergeRules merge) {
    public Capabilities {
        ops = Set.copyOf(ops);
        feeds = Set.copyOf(feeds);
        if (maxBatch < 1)
            throw new IllegalArgumentException("maxBatch is " + maxBatch + "; at least one op fits a write");
        requireDuration("timestampGranularity", timestampGranularity);
        requireDuration("visibilityLag", visibilityLag);
        if (deletesRetention != null) requireDuration("deletesRetention", deletesRetention);
        if (changesRetention != null) requireDuration("changesRetention", changesRetention);
        if (ops.contains(Op.MERGE) != (merge != null))
            throw new IllegalArgumentException(
                    "merge rules are " + (merge == null ? "missing" : "given without the op MERGE"));
    }

    private static void requireDuration(String name, Duration value) {
        if (value == null || value.isNegative()) throw new IllegalArgumentException(name + " is " + value);
    }

    /** A kind of write. */
    public enum Op {
        CREATE,
        UPDATE,
        /** Creates or updates by the value of a unique field. */
        UPSERT_BY_KEY,
        DELETE,
        /** Brings a deleted record back: {@link Restorer}. */
        UNDELETE,
        /** Merges natively: {@link Merger}. */
        MERGE,
        /** Writes association objects: {@link Linker}. */
        LINK,
        /** Can make a field empty. */
        CLEAR_FIELD,
        /** Applies an update only if the record is as expected: {@link WriteOp.Update#expected()}. */
        CONDITIONAL_UPDATE,
        /** The same op sent twice is applied once. */
        IDEMPOTENT_WRITE
    }

    /** A way to read. */
    public enum Feed {
        SNAPSHOT,
        INCREMENTAL,
        /** The change feed says {@link Change.Deleted}. */
        DELETES,
        /** The change feed says {@link Change.Merged}. */
        MERGES,
        /** Pushes say that something changed, not what. */
        PUSH_HINTS,
        /** Pushes carry the values. */
        PUSH_VALUES
    }

    /**
     * How a native merge behaves.
     *
     * @param survivor which id lives on
     * @param fill where the values of the survivor come from
     * @param acceptsFieldValues whether the call may set values on the survivor
     * @param async whether the outcome has to be polled
     * @param idempotent whether the same merge sent twice is harmless
     * @param reversible whether the system can take it back
     */
    public record MergeRules(
            int maxLosersPerCall,
            SurvivorId survivor,
            FillRule fill,
            boolean acceptsFieldValues,
            boolean async,
            boolean idempotent,
            boolean reversible) {
        public MergeRules {
            if (maxLosersPerCall < 1) throw new IllegalArgumentException("maxLosersPerCall is " + maxLosersPerCall);
        }
    }

    /** Which id a merged record has. */
    public enum SurvivorId {
        WINNER_KEPT,
        NEW_ID,
        SYSTEM_DECIDES
    }

    /** Where the values of a merged record come from. */
    public enum FillRule {
        WINNER_ONLY,
        WINNER_THEN_FILL_BLANKS
    }
}
