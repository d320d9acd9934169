package io.kintsugi.core.policy;

import java.util.Objects;

/**
 * What becomes of several records of one golden record in one system. By default nothing: all stay, and are kept in step.
 *
 * @param when which of them the hub merges there
 * @param deletes whether it may delete the others where the system has no merge of its own
 */
public record Duplicates(When when, boolean deletes) {
    /** All stay. */
    public static final Duplicates KEEP = new Duplicates(When.KEEP, false);

    /** Most records of one golden record in one system that the hub merges by itself: more of them look like a mistake. */
    public static final int MOST = 10;

    public Duplicates {
        Objects.requireNonNull(when, "when");
    }

    /** Which records of one golden record a system is to hold as one. */
    public enum When {
        /** None is touched. */
        KEEP,
        /** Those that a person, or a system, said are the same. */
        MERGE_DECIDED,
        /** All, also those that only the match rules join. */
        MERGE
    }
}
