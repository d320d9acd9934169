package io.kintsugi.server.api;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Outbox;
import io.kintsugi.server.engine.Dispatcher;
import java.util.Comparator;
import java.util.List;

/** What must be written to systems. */
final class OutboundResource {
    private static final String ONE = "/api/v1/outbound/{key}";
    private final HubStore store;
    private final Dispatcher dispatcher;
    private final Runnable somethingDue;

    /** @param somethingDue wakes the senders */
    OutboundResource(HubStore store, Dispatcher dispatcher, Runnable somethingDue) {
        this.store = store;
        this.dispatcher = dispatcher;
        this.somethingDue = somethingDue;
    }

    void register(Routes routes) {
        routes.get("/api/v1/outbound", this::list);
        routes.get("/api/v1/outbound/counts", this::counts);
        routes.get(ONE, call -> Reply.ok(OutboundView.of(load(call.path("key")))));
        routes.post(ONE + "/retry", this::retry);
    }

    private Reply list(Call call) {
        var system = call.system();
        var state = call.constant("state", OutboundState.class);
        var cursor = call.cursor();
        int limit = call.limit();
        return Reply.ok(
                store.read(tx -> PageView.of(tx.outbox().list(system, state, cursor, limit), OutboundView::of)));
    }

    private Reply counts(Call call) {
        return Reply.ok(PageView.all(sorted(store.read(tx -> tx.outbox().counts()))));
    }

    static List<Outbox.Count> sorted(List<Outbox.Count> counts) {
        return counts.stream()
                .sorted(Comparator.comparing(Outbox.Count::system).thenComparing(Outbox.Count::state))
                .toList();
    }

    private OutboundChange load(String key) {
        var change = store.read(tx -> tx.outbox().find(List.of(key))).get(key);
        if (change == null) throw Refused.notFound("there is no outbound change " + key);
        return change;
    }

    private Reply retry(Call call) {
        var key = call.path("key");
        try {
            var due = OutboundView.of(dispatcher.retry(key));
            somethingDue.run();
            return Reply.ok(due);
        } catch (HubException e) {
            if (e.code() != HubErrorCode.NOT_POSSIBLE) throw e;
            throw Refused.conflict(e, OutboundView.of(load(key)));
        }
    }
}
