package io.kintsugi.core.model;

/** What the hub knows of a source record. */
public enum RecordState {
    /** There, and resolved or about to be. */
    LIVE,
    /** There, but nothing in it can identify anything: gets no link, no golden record, and provisions nothing. */
    UNKEYED,
    /** Gone from its system; kept as a tombstone. */
    DELETED
}
