package io.kintsugi.core.model;

/** Whether a golden record is in use. Its id stays valid for ever in every state. */
public enum GoldenState {
    ACTIVE,
    /** Merged into another, to which its id leads. */
    RETIRED,
    /** Its last source record is gone; comes back under the same id with a record. */
    DELETED,
    /** A person had it erased: no value of it is kept, and it never comes back. */
    ERASED
}
