package io.kintsugi.connector.spi;

/** What is known after one write. */
public sealed interface WriteResult {
    String opId();

    /**
     * The system confirmed the write.
     *
     * @param record the record as the system holds it after the write, if the reply or the same transaction told; else null
     */
    record Applied(String opId, String id, boolean created, String version, NativeRecord record)
            implements WriteResult {}

    /** The system refused; sending the same again cannot help unless {@link RecordError#retryable()}. */
    record Rejected(String opId, RecordError error) implements WriteResult {}

    /** May have happened: the engine reads by key or id before it decides. Never counted as failed. */
    record Ambiguous(String opId, String why) implements WriteResult {}

    /** Certainly not done, for example a sibling in a rolled-back batch; safe to send again. */
    record NotAttempted(String opId, String why) implements WriteResult {}
}
