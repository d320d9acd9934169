package io.kintsugi.connector.spi;

/** What is known after one write. */
public sealed interface WriteResult {
    /** {@link WriteOp#opId()} of the op this answers. */
    String opId();

    /**
     * The system confirmed the write.
     *
     * @param id the record's id in its system, never blank
     * @param created whether the record is new
     * @param version what a conditional update would compare next; null if the system has none
     * @param record the record as the system holds it after the write, if the reply or the same transaction told; else null
     */
    record Applied(String opId, String id, boolean created, String version, NativeRecord record)
            implements WriteResult {
        public Applied {
            if (id == null || id.isBlank()) throw new IllegalArgumentException("op " + opId + " was applied to no id");
        }
    }

    /** The system refused; sending the same again cannot help unless {@link RecordError#retryable()}. */
    record Rejected(String opId, RecordError error) implements WriteResult {
        public Rejected {
            if (error == null) throw new IllegalArgumentException("op " + opId + " was refused without a reason");
        }
    }

    /** May have happened: the engine reads by key or id before it decides. Never counted as failed. */
    record Ambiguous(String opId, String why) implements WriteResult {}

    /** Certainly not done, for example a sibling in a rolled-back batch; safe to send again. */
    record NotAttempted(String opId, String why) implements WriteResult {}
}
