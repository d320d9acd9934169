package io.kintsugi.core.model;

/** The answers to "are these the same?". */
public enum Decision {
    MATCH,
    /** A person should look. */
    REVIEW,
    /** They are the same by the rules, which may only report it: nobody is asked, and nothing is done. */
    REPORT,
    NO_MATCH
}
