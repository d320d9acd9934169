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
 */
public record Merging(Mode mode, int maxClusterSize, List<ValueTest> skipWhen) {
    /** More records of one thing look like a value that many things share. */
    public static final int USUAL_SIZE = 100;

    /** Merged without asking, as far as the usual size allows. */
    public static final Merging AUTO = new Merging(Mode.AUTO, USUAL_SIZE, List.of());

    /** What follows from a score that takes two records for the same. The later, the more careful. */
    public enum Mode {
        /** They are one. */
        AUTO,
        /** A person is asked. */
        REVIEW,
        /** They are listed as what would be merged; nobody is asked, and nothing is done. */
        REPORT
    }

    public Merging {
        Objects.requireNonNull(mode, "mode");
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
