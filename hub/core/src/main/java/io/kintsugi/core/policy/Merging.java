package io.kintsugi.core.policy;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * What becomes of pairs that the match rules take for the same. What people and systems said is never touched by it.
 *
 * @param mode for pairs that no rule with a mode of its own decides
 * @param maxClusterSize most live records that rules bring together in one golden record; at least 2
 * @param skipWhen records of which all these conditions hold are never merged by rules; empty for none
 * @param brake how many golden records rules merge in a day before a person is asked
 */
public record Merging(Mode mode, int maxClusterSize, List<ValueTest> skipWhen, Brake brake) {
    /** More records of one thing look like a value that many things share. */
    public static final int USUAL_SIZE = 100;

    /** Merged without asking, as far as the usual size allows. */
    public static final Merging AUTO = new Merging(Mode.AUTO, USUAL_SIZE, List.of(), Brake.USUAL);

    /** What follows from a score that takes two records for the same. The later, the more careful. */
    public enum Mode {
        /** They are one. */
        AUTO,
        /** A person is asked. */
        REVIEW,
        /** They are listed as what would be merged; nobody is asked, and nothing is done. */
        REPORT
    }

    /**
     * More merges than both are held back.
     *
     * @param merges within a day
     * @param percent of the golden records of the type
     */
    public record Brake(int merges, double percent) {
        static final Brake USUAL = new Brake(25, 1);

        public Brake {
            if (merges < 0) throw new IllegalArgumentException("brake: merges must not be below 0");
            if (!(percent >= 0 && percent <= 100)) {
                throw new IllegalArgumentException("brake: percent must be from 0 to 100");
            }
        }

        /** Most merges within a day in a hub with so many golden records. */
        public long limit(long goldens) {
            return Math.max(merges, (long) Math.floor(goldens * percent / 100));
        }
    }

    /** One with the usual brake. */
    public Merging(Mode mode, int maxClusterSize, List<ValueTest> skipWhen) {
        this(mode, maxClusterSize, skipWhen, Brake.USUAL);
    }

    public Merging {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(brake, "brake");
        if (maxClusterSize < 2) {
            throw new IllegalArgumentException("maxClusterSize must be at least 2, not " + maxClusterSize);
        }
        skipWhen = List.copyOf(skipWhen);
    }

    /**
     * Whether a record is never merged by rules.
     *
     * @param valueOf value of an attribute, or for {@link ValueTest#SYSTEM} the system; null or empty text for none
     */
    public boolean skips(UnaryOperator<String> valueOf) {
        return !skipWhen.isEmpty() && ValueTest.all(skipWhen, valueOf);
    }
}
