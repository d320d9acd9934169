package io.kintsugi.server.api;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Outbox;
import io.kintsugi.core.store.Page;
import io.kintsugi.server.engine.outbound.Dispatcher;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** What must be written to systems. */
final class OutboundResource {
    private static final String ONE = "/api/v1/outbound/{key}";
    private static final Listing<OutboundChange> OF_GOLDEN = Listing.of(OutboundChange::key)
            .by("-markedAt", change -> Listing.text(change.markedAt()))
            .by("updatedAt", change -> Listing.text(change.updatedAt()));
    private static final Listing<Outbox.Count> COUNTS = Listing.of(
                    (Outbox.Count count) -> count.system() + " " + count.state().ordinal())
            .byId("system")
            .by("changes", count -> Listing.text(count.changes()));
    /**
     * A write of which nobody knows for longer than this what became of it is told to people (SYN-5). The hub itself reads the system
     * until it knows; that takes minutes at most, unless the system is away or cannot be asked.
     */
    private static final Duration OVERDUE = Duration.ofMinutes(15);

    private final HubStore store;
    private final Dispatcher dispatcher;
    private final Clock clock;
    private final Runnable somethingDue;

    /** @param somethingDue wakes the senders */
    OutboundResource(HubStore store, Dispatcher dispatcher, Clock clock, Runnable somethingDue) {
        this.store = store;
        this.clock = clock;
        this.dispatcher = dispatcher;
        this.somethingDue = somethingDue;
    }

    void register(Routes routes) {
        routes.get("/api/v1/outbound", this::list);
        routes.get("/api/v1/outbound/counts", this::counts);
        routes.get(ONE, call -> Reply.ok(view(call.path("key"))));
        routes.post(ONE + "/retry", this::retry);
    }

    private Reply list(Call call) {
        var system = call.system();
        var state = call.constant("state", OutboundState.class);
        var type = call.entityType();
        boolean oldestFirst = call.oldestFirst("markedAt");
        boolean overdue = call.flag("overdue", false);
        if (overdue && call.text("sort") != null) {
            throw Refused.badRequest("overdue writes come in one order, first sent first; leave out sort");
        }
        var scan = new Scan(call.cursor(), call.limit());
        return Reply.ok(store.read(tx -> view(
                tx,
                scan.matching(
                        (cursor, limit) -> {
                            if (overdue) return tx.outbox().listOverdue(system, sentBefore(clock), cursor, limit);
                            return oldestFirst
                                    ? tx.outbox().listOldestFirst(system, state, cursor, limit)
                                    : tx.outbox().list(system, state, cursor, limit);
                        },
                        change -> (type == null || type.equals(change.entityType()))
                                && (state == null || state == change.state())))));
    }

    /** An open write that was sent before then is overdue. */
    static Instant sentBefore(Clock clock) {
        return clock.instant().minus(OVERDUE);
    }

    private Reply counts(Call call) {
        var system = call.system();
        var state = call.constant("state", OutboundState.class);
        var counts = store.read(tx -> tx.outbox().counts()).stream()
                .filter(count -> system == null || system.equals(count.system()))
                .filter(count -> state == null || state == count.state())
                .toList();
        return Reply.ok(PageView.of(COUNTS.page(call, counts), count -> count));
    }

    /** Those changes of a golden that a call asks for. */
    static PageView<OutboundView> page(HubTransaction tx, Call call, List<OutboundChange> changes) {
        var system = call.system();
        var state = call.constant("state", OutboundState.class);
        var wanted = changes.stream()
                .filter(change -> system == null || system.equals(change.system()))
                .filter(change -> state == null || state == change.state())
                .toList();
        return view(tx, OF_GOLDEN.page(call, wanted));
    }

    private static PageView<OutboundView> view(HubTransaction tx, Page<OutboundChange> page) {
        return new PageView<>(OutboundView.of(tx, page.items()), page.next());
    }

    static List<Outbox.Count> sorted(List<Outbox.Count> counts) {
        return counts.stream()
                .sorted(Comparator.comparing(Outbox.Count::system).thenComparing(Outbox.Count::state))
                .toList();
    }

    private OutboundView view(String key) {
        return store.read(tx -> {
            var change = tx.outbox().find(List.of(key)).get(key);
            if (change == null) throw Refused.notFound("there is no outbound change " + key);
            return OutboundView.of(tx, change);
        });
    }

    private Reply retry(Call call) {
        var key = call.path("key");
        try {
            var due = dispatcher.retry(key);
            var view = store.read(tx -> OutboundView.of(tx, due));
            somethingDue.run();
            return Reply.ok(view);
        } catch (HubException e) {
            if (e.code() != HubErrorCode.NOT_POSSIBLE) throw e;
            throw Refused.conflict(e, view(key));
        }
    }
}
