package io.kintsugi.server.api;

import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.store.HubStore;
import java.util.List;

/** Loads, polls and match runs. */
final class RunResource {
    private static final List<String> KINDS = List.of("load", "poll", "snapshot");
    private final HubStore store;

    RunResource(HubStore store) {
        this.store = store;
    }

    void register(Routes routes) {
        routes.get("/api/v1/runs", this::list);
        routes.get("/api/v1/runs/{id}", this::get);
    }

    private Reply list(Call call) {
        var system = call.system();
        var kind = call.oneOf("kind", KINDS, null);
        var state = call.constant("state", RunState.class);
        boolean oldestFirst = call.oldestFirst("startedAt");
        var scan = new Scan(call.cursor(), call.limit());
        return Reply.ok(store.read(tx -> PageView.of(
                scan.matching(
                        oldestFirst ? tx.journal()::runsOldestFirst : tx.journal()::runs,
                        run -> (system == null || system.equals(run.system()))
                                && (kind == null || kind.equals(run.kind()))
                                && (state == null || state == run.state())),
                RunView::of)));
    }

    private Reply get(Call call) {
        var id = call.path("id");
        return Reply.ok(RunView.of(
                store.read(tx -> tx.journal().run(id)).orElseThrow(() -> Refused.notFound("there is no run " + id))));
    }
}
