package io.kintsugi.connector.spi;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Merges records natively. */
public interface Merger {
    MergeResult merge(MergeCommand command) throws ConnectorException;

    /** Asks how a {@link MergeResult.Pending} merge went. */
    MergeResult poll(String handle) throws ConnectorException;

    /** @param set values to put on the winner, where {@link Capabilities.MergeRules#acceptsFieldValues()} */
    record MergeCommand(
            String opId, RecordId winner, List<RecordId> losers, Map<String, Object> set, Set<String> clear) {}

    /** What is known after a merge. */
    sealed interface MergeResult {
        record Done(RecordId survivor, List<RecordId> retired) implements MergeResult {}

        record Pending(String handle, Duration pollAfter) implements MergeResult {}

        record Rejected(RecordError error) implements MergeResult {}

        record Ambiguous(String why) implements MergeResult {}
    }
}
