package io.kintsugi.core.model;

/** What the hub knows of a source record. */
public enum RecordState {
    /** There, and resolved or about to be. */
    LIVE,
    /** There, but nothing in it can identify anything: gets no link, no golden record, and provisions nothing. */
    UNKEYED,
    /** Gone from its system; kept as a tombstone. */
    DELETED,
    /** There, but taken out of its golden record when another system deleted the thing; joins again once it is changed there. */
    DISCONNECTED,
    /** There, but taken out of its golden record until a steward takes it back. */
    SEVERED,
    /** Gone into another record by a merge inside its system; its id leads to the golden record of that one. */
    MERGED,
    /**
     * Gone into another record of its golden, because the hub merged the two in their system. What it said still counts, so that
     * nothing is lost by the merge and all of it can be taken apart again.
     */
    FOLDED,
    /** Was folded into a record that is another thing after all: what it said counts, and it is to be created in its system anew. */
    RETURNING;

    /** Whether it takes part in resolution: may be linked, and may have a golden record of its own. */
    public boolean resolves() {
        return counts() || this == UNKEYED;
    }

    /** Whether it has a say: its values may survive, and it keeps its golden record in use. */
    public boolean counts() {
        return this == LIVE || this == FOLDED || this == RETURNING;
    }

    /** Whether it is not in its system any more: then it is not written. */
    public boolean gone() {
        return this == DELETED || this == MERGED || this == FOLDED || this == RETURNING;
    }
}
