package io.kintsugi.connector.spi;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Merges records natively. */
public interface Merger {
    /**
     * Merges the losers into the winner. Those that were left as they are, as one that is not there, are not among the
     * {@linkplain MergeResult.Done#retired retired} ones.
     *
     * @return {@link MergeResult.Pending} if the outcome has to be asked for with {@link #poll}
     */
    MergeResult merge(MergeCommand command) throws ConnectorException;

    /** Asks how a {@link MergeResult.Pending} merge went. */
    MergeResult poll(String handle) throws ConnectorException;

    /**
     * What to merge.
     *
     * @param losers at most {@link Capabilities.MergeRules#maxLosersPerCall()}, never the winner
     * @param set values to put on the winner, where {@link Capabilities.MergeRules#acceptsFieldValues()}
     */
    record MergeCommand(
            String opId, RecordId winner, List<RecordId> losers, Map<String, Object> set, Set<String> clear) {
        public MergeCommand {
            losers = List.copyOf(losers);
            set = Map.copyOf(set);
            clear = Set.copyOf(clear);
            if (losers.isEmpty() || losers.contains(winner))
                throw new IllegalArgumentException("merge " + opId + " needs losers that are not the winner");
        }
    }

    /** What is known after a merge. */
    sealed interface MergeResult {
        /**
         * It is done.
         *
         * @param survivor the id that lives on, which need not be the winner's
         * @param retired those that do not: the losers that were merged, and the winner if it is not the survivor
         */
        record Done(RecordId survivor, List<RecordId> retired) implements MergeResult {
            public Done {
                retired = List.copyOf(retired);
            }
        }

        /** The system works on it. */
        record Pending(String handle, Duration pollAfter) implements MergeResult {}

        /** The system refused; nothing was merged. */
        record Rejected(RecordError error) implements MergeResult {}

        /** May have happened: the engine looks the ids up before it decides. */
        record Ambiguous(String why) implements MergeResult {}
    }
}
