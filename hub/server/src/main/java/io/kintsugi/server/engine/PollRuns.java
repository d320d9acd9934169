package io.kintsugi.server.engine;

import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.inbound.Inbound;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.shared.Ids;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Runs of one system that people can look at: a full read, and every poll that found something. Not thread-safe. */
final class PollRuns {
    private final HubStore store;
    private final Clock clock;
    private final Ids ids;
    private final HubEvents events;
    private final String system;
    private final Map<String, Run> open = new HashMap<>();

    PollRuns(HubStore store, Clock clock, Ids ids, HubEvents events, String system) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.events = events;
        this.system = system;
    }

    void note(String stream, Inbound.Step step) {
        boolean something = step.counts().stored() + step.counts().unmappable() > 0;
        var run = open.get(stream);
        if (!something && run == null && !step.snapshot()) return;
        var now = clock.instant();
        if (run == null) {
            var kind = step.snapshot() ? "snapshot" : "poll";
            run = new Run(ids.next("run"), kind, system, stream, RunState.RUNNING, Map.of(), -1, now, null, null);
        }
        var counts = new HashMap<>(run.counts());
        step.counts().asMap().forEach((name, count) -> counts.merge(name, count, Long::sum));
        boolean over = step.caughtUp();
        var state = over ? RunState.DONE : RunState.RUNNING;
        var end = over ? now : null;
        var next = new Run(run.id(), run.kind(), system, stream, state, counts, -1, run.startedAt(), end, null);
        store.write(tx -> {
            tx.journal().saveRun(next);
            return null;
        });
        if (over) open.remove(stream);
        else open.put(stream, next);
        events.publish("run.progress", next);
    }
}
