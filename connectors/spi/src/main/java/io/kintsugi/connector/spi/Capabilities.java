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
    }

    public enum Op {
        CREATE,
        UPDATE,
        UPSERT_BY_KEY,
        DELETE,
        UNDELETE,
        MERGE,
        LINK,
        CLEAR_FIELD,
        CONDITIONAL_UPDATE,
        IDEMPOTENT_WRITE
    }

    public enum Feed {
        SNAPSHOT,
        INCREMENTAL,
        DELETES,
        MERGES,
        PUSH_HINTS,
        PUSH_VALUES
    }

    /** How a native merge behaves. */
    public record MergeRules(
            int maxLosersPerCall,
            SurvivorId survivor,
            FillRule fill,
            boolean acceptsFieldValues,
            boolean async,
            boolean idempotent,
            boolean reversible) {}

    public enum SurvivorId {
        WINNER_KEPT,
        NEW_ID,
        SYSTEM_DECIDES
    }

    public enum FillRule {
        WINNER_ONLY,
        WINNER_THEN_FILL_BLANKS
    }
}
