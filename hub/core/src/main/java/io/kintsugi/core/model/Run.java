package io.kintsugi.core.model;

import java.time.Instant;
import java.util.Map;

/**
 * One piece of longer work: a load, a poll, a match run.
 *
 * @param kind for example {@code load}
 * @param counts what happened so far, by name; for inbound work read = stored + unchanged + echo + unmappable
 * @param total expected number of records; -1 if unknown
 * @param problem why it failed or was cancelled; null otherwise
 */
public record Run(
        String id,
        String kind,
        String system,
        String stream,
        RunState state,
        Map<String, Long> counts,
        long total,
        Instant startedAt,
        Instant endedAt,
        String problem) {
    /** How far it is. */
    public enum RunState {
        RUNNING,
        DONE,
        FAILED,
        /** A person ended it. */
        CANCELLED
    }

    public Run {
        counts = Map.copyOf(counts);
    }
}
