package io.kintsugi.core.policy;

/** When a system is written to for the first time. */
public enum FirstSync {
    /** As soon as it was read and matched. */
    AUTO,
    /** Once a person has seen how much that would be and approved it; until then it is read and matched only. */
    APPROVE
}
