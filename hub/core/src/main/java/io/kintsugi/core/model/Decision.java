package io.kintsugi.core.model;

/** The three answers to "are these the same?". */
public enum Decision {
    MATCH,
    /** A person should look. */
    REVIEW,
    NO_MATCH
}
