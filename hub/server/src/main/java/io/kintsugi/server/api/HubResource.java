package io.kintsugi.server.api;

import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Outbox;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.server.config.SchemaInbox;
import io.kintsugi.server.engine.Systems;
import io.kintsugi.server.engine.outbound.FirstSyncs;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The hub as a whole: counts for the home page, and whether it is there. */
final class HubResource {
    private static final Reviews.Filter OLDEST =
            new Reviews.Filter(null, ReviewState.OPEN, null, null, null, "openedAt");
    private final HubStore store;
    private final Systems systems;
    private final SchemaInbox inbox;
    private final EventStream stream;
    private final Clock clock;
    private final Instant startedAt;

    record FeedStats(long end, long lastMinute) {}

    record Stats(
            Instant at,
            Map<String, Long> goldens,
            List<SystemView.RecordCount> records,
            Map<String, Long> reviews,
            List<Outbox.Count> outbound,
            List<Outbox.Overdue> overdue,
            Instant oldestReviewAt,
            Map<String, Integer> systems,
            int schemaChanges,
            long firstSyncs,
            FeedStats feed) {}

    record Health(String status, String version, Instant startedAt) {}

    HubResource(HubStore store, Systems systems, SchemaInbox inbox, EventStream stream, Clock clock) {
        this.store = store;
        this.systems = systems;
        this.inbox = inbox;
        this.stream = stream;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    void register(Routes routes) {
        routes.get("/api/v1/stats", call -> Reply.ok(stats()));
        routes.get("/api/v1/health", call -> Reply.ok(health()));
    }

    private Stats stats() {
        var byState = new TreeMap<String, Integer>();
        var known = systems.list();
        known.forEach(status -> byState.merge(status.state(), 1, Integer::sum));
        var now = clock.instant();
        int schemaChanges = inbox.count();
        return store.read(tx -> {
            var open = new TreeMap<String, Long>();
            tx.reviews().openCounts().forEach((kind, count) -> open.put(kind.name(), count));
            var oldest = tx.reviews().list(OLDEST, null, 1).items().stream().findFirst();
            return new Stats(
                    now,
                    tx.goldens().counts(),
                    SystemResource.counts(tx.records().counts()),
                    open,
                    OutboundResource.sorted(tx.outbox().counts()),
                    tx.outbox().overdue(OutboundResource.sentBefore(clock)),
                    oldest.map(review -> review.openedAt()).orElse(null),
                    byState,
                    schemaChanges,
                    known.stream()
                            .filter(status -> FirstSyncs.waits(tx, status.config()))
                            .count(),
                    new FeedStats(tx.goldens().feedEnd(), stream.lastMinute()));
        });
    }

    /** Asks the store something cheap, so that a hub whose graph is gone does not call itself up. */
    private Health health() {
        store.read(tx -> tx.goldens().feedEnd());
        var version = Optional.ofNullable(HubResource.class.getPackage().getImplementationVersion());
        return new Health("UP", version.orElse("development"), startedAt);
    }
}
