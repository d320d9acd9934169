package io.kintsugi.connector.spi;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a stream can do, declared as data and proved by the contract test kit: what is declared works, what is not declared is
 * refused.
 *
 * @param ops writes it takes
 * @param feeds ways to read it
 * @param reading how it is read
 * @param writing how it is written; {@link Writing#NONE} if {@code ops} is empty
 * @param quotas limits the system sets, one for each bucket of {@link ConnectorContext#gate}; empty if it sets none
 * @param merge how a native merge behaves; null if there is none
 */
public record Capabilities(
        Set<Op> ops, Set<Feed> feeds, Reading reading, Writing writing, List<Quota> quotas, MergeRules merge) {
    public Capabilities {
        ops = Set.copyOf(ops);
        feeds = Set.copyOf(feeds);
        quotas = List.copyOf(quotas);
        if (ops.contains(Op.DELETE) && ops.contains(Op.ARCHIVE))
            throw new IllegalArgumentException(
                    "a delete either removes (DELETE) or marks (ARCHIVE); both are declared");
        agree("merge rules", merge, "the op MERGE", ops.contains(Op.MERGE));
        if (merge != null && merge.reversible && !ops.contains(Op.UNDELETE))
            throw new IllegalArgumentException("a merge is reversible by the op UNDELETE, which is missing");
        agree("reading.cursor", reading.cursor, "the feed INCREMENTAL", feeds.contains(Feed.INCREMENTAL));
        agree("reading.deletes", reading.deletes, "the feed DELETES", feeds.contains(Feed.DELETES));
        if (reading.pushRetention != null && !feeds.contains(Feed.PUSH_HINTS) && !feeds.contains(Feed.PUSH_VALUES))
            throw new IllegalArgumentException("reading.pushRetention is given without a feed that pushes");
    }

    private static void agree(String what, Object given, String with, boolean declared) {
        if (declared != (given != null))
            throw new IllegalArgumentException(
                    what + " is " + (given == null ? "missing for " : "given without ") + with);
    }

    private static Duration required(String name, Duration value) {
        if (value == null) throw new IllegalArgumentException(name + " is missing");
        return optional(name, value);
    }

    private static Duration optional(String name, Duration value) {
        if (value != null && value.isNegative()) throw new IllegalArgumentException(name + " is " + value);
        return value;
    }

    private static void atLeastOne(String name, Integer value) {
        if (value != null && value < 1) throw new IllegalArgumentException(name + " is " + value);
    }

    /** A kind of write. */
    public enum Op {
        CREATE,
        UPDATE,
        /** A {@link WriteOp.Delete} takes the record out of the system. */
        DELETE,
        /** A {@link WriteOp.Delete} marks the record, which stays in the system and is {@link Lookup.Gone} from then on. */
        ARCHIVE,
        /** Brings a deleted or archived record back under its id: {@link Restorer}. */
        UNDELETE,
        /** Merges natively: {@link Merger}. */
        MERGE,
        /** Writes association objects: {@link Linker}. */
        LINK,
        /** Can make a field empty. */
        CLEAR_FIELD,
        /** Applies an update or a delete only if the record is as expected: {@link WriteOp.Update#expected()}. */
        CONDITIONAL_UPDATE
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
     * How a stream is read.
     *
     * @param cursor what the change feed goes by; null without {@link Feed#INCREMENTAL}
     * @param deletes where the change feed knows deletes from; null without {@link Feed#DELETES}
     * @param pushRetention how long the sender repeats an event that did not arrive, zero if never; null if nothing is pushed
     * @param visibilityLag how long a written record may stay invisible; do not read closer to now
     * @param maxPage largest number of records in one page or batch, whatever larger number is asked for
     */
    public record Reading(
            Cursor cursor, DeleteFeed deletes, Duration pushRetention, Duration visibilityLag, int maxPage) {
        public Reading {
            optional("pushRetention", pushRetention);
            required("visibilityLag", visibilityLag);
            atLeastOne("maxPage", maxPage);
        }
    }

    /**
     * What a change feed goes by.
     *
     * @param precision resolution of the change times of records, as the system truly keeps them; zero if it keeps none
     * @param sorted whether changes come in order of change time
     * @param retention how long changes can be read back; null for ever
     */
    public record Cursor(Kind kind, Duration precision, boolean sorted, Duration retention) {
        public Cursor {
            if (kind == null) throw new IllegalArgumentException("a cursor needs a kind");
            required("precision", precision);
            optional("retention", retention);
            if (kind == Kind.STAMP && precision.isZero())
                throw new IllegalArgumentException("a cursor of change times needs their precision");
        }

        /** How a feed finds what is new. */
        public enum Kind {
            /** Change times: records with the same one cannot be told apart by it. */
            STAMP,
            /** Numbers of a log, each given once. */
            SEQUENCE,
            /** A token of the system. */
            TOKEN,
            /** Compares all records with what was told before. */
            COMPARISON
        }
    }

    /**
     * Where a change feed knows deletes from.
     *
     * @param delay how long after a delete the feed may still not tell it, beyond {@link Reading#visibilityLag}
     * @param retention how long deletes can be read back; null for ever
     */
    public record DeleteFeed(Source source, Duration delay, Duration retention) {
        public DeleteFeed {
            if (source == null) throw new IllegalArgumentException("a feed of deletes needs a source");
            required("delay", delay);
            optional("retention", retention);
        }

        /** What proves that a record is gone. */
        public enum Source {
            /** The system logs it; a record deleted and created again is told as both. */
            LOG,
            /** The record stays, marked; what removes the row itself is not seen. */
            TOMBSTONE,
            /** A record that was told is not there any more; one that came and went between two polls is never told. */
            COMPARISON
        }
    }

    /**
     * How a stream is written.
     *
     * @param maxBatch largest number of ops in one write
     * @param atomic whether one rejected op undoes the others of its batch
     * @param linkKeys fields that may be {@link Writer.WriteOptions#linkKeyField()}, each with a unique constraint: what makes a
     *     create that is repeated a duplicate instead of a second record; empty if there is none
     */
    public record Writing(int maxBatch, boolean atomic, Set<String> linkKeys) {
        /** Nothing is written. */
        public static final Writing NONE = new Writing(1, false, Set.of());

        public Writing {
            atLeastOne("maxBatch", maxBatch);
            linkKeys = Set.copyOf(linkKeys);
        }
    }

    /**
     * A limit on calls. What the system says while running goes before it.
     *
     * @param bucket which calls count together: the name given to {@link ConnectorContext#gate}
     * @param units cost that may be spent in each {@code window}; null if only {@code concurrency} is limited
     * @param window null exactly if {@code units} is
     * @param concurrency calls in flight at once; null if not limited
     */
    public record Quota(String bucket, Integer units, Duration window, Integer concurrency) {
        public Quota {
            if (bucket == null || bucket.isBlank()) throw new IllegalArgumentException("a quota needs a bucket");
            atLeastOne("units of " + bucket, units);
            atLeastOne("concurrency of " + bucket, concurrency);
            if ((units == null) != (window == null) || units == null && concurrency == null)
                throw new IllegalArgumentException("quota " + bucket + " needs units and a window, or a concurrency");
            if (window != null && (window.isNegative() || window.isZero()))
                throw new IllegalArgumentException("window of " + bucket + " is " + window);
        }
    }

    /**
     * How a native merge behaves.
     *
     * @param maxLosersPerCall most losers of one {@link Merger.MergeCommand}
     * @param survivor which id lives on
     * @param fill where the values of the survivor come from
     * @param acceptsFieldValues whether the call may set values on the survivor
     * @param async whether the outcome has to be polled
     * @param idempotent whether the same merge sent twice is harmless
     * @param reversible whether a loser can be brought back with its id and what it held, by {@link Op#UNDELETE}, while the survivor
     *     stays as it is
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
            atLeastOne("maxLosersPerCall", maxLosersPerCall);
            if (survivor == null || fill == null)
                throw new IllegalArgumentException("merge rules say which id survives and with which values");
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
