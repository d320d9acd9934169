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
    MERGED;

    /** Whether it takes part in resolution: may be linked, and may have a golden record of its own. */
    public boolean resolves() {
        return this == LIVE || this == UNKEYED;
    }

    /** Whether it is not in its system any more: then it has no say, and is neither written nor made again. */
    public boolean gone() {
        return this == DELETED || this == MERGED;
    }
}
