package io.kintsugi.server.api;

import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import java.time.Instant;
import java.util.Map;

/**
 * One piece of longer work.
 *
 * @param total null if it is not known
 */
record RunView(
        String id,
        String kind,
        String system,
        String stream,
        RunState state,
        Map<String, Long> counts,
        Long total,
        Instant startedAt,
        Instant endedAt,
        String problem) {
    static RunView of(Run run) {
        return new RunView(
                run.id(),
                run.kind(),
                run.system(),
                run.stream(),
                run.state(),
                run.counts(),
                run.total() < 0 ? null : run.total(),
                run.startedAt(),
                run.endedAt(),
                run.problem());
    }
}
