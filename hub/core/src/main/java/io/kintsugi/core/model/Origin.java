package io.kintsugi.core.model;

/** Who decided. */
public enum Origin {
    RULE,
    STEWARD,
    /** The source system itself, for example by a merge inside it. */
    SOURCE
}
