package io.kintsugi.server.api;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.explain.Past;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Source records as their systems last held them. */
final class RecordResource {
    private static final int MOST_REVISIONS = 100;
    private final HubStore store;

    record RevisionView(Instant until, Map<String, String> attributes) {}

    /** @param then what it was at {@code asOf}; null if now was asked for */
    record Detail(
            RecordView record,
            Instant asOf,
            PairView.Side then,
            List<LinkView> links,
            List<ReviewView> reviews,
            List<RevisionView> revisions) {}

    RecordResource(HubStore store) {
        this.store = store;
    }

    void register(Routes routes) {
        routes.get("/api/v1/records", this::list);
        routes.get("/api/v1/records/{key}", this::get);
    }

    private Reply list(Call call) {
        call.required("system");
        call.required("type");
        var system = call.system();
        var type = call.entityType();
        var state = call.constant("state", RecordState.class);
        call.oneOf("sort", List.of("key"), "key");
        var scan = new Scan(call.cursor(), call.limit());
        return Reply.ok(store.read(tx -> {
            var page = scan.matching(
                    (cursor, limit) -> tx.records().list(system, type, cursor, limit),
                    record -> state == null || record.state() == state);
            return new PageView<>(GoldenReader.records(tx, page.items()), page.next());
        }));
    }

    private Reply get(Call call) {
        var key = call.pathKey("key");
        var asOf = call.past("asOf");
        return Reply.ok(store.read(tx -> detail(tx, call.model(), key, asOf)));
    }

    static Detail detail(HubTransaction tx, HubModel model, RecordKey key) {
        return detail(tx, model, key, null);
    }

    private static Detail detail(HubTransaction tx, HubModel model, RecordKey key, Instant asOf) {
        var record = tx.records().find(List.of(key)).get(key);
        if (record == null) throw Refused.notFound("the hub does not know the record " + key);
        var past = asOf == null ? null : new Past(tx, asOf);
        return new Detail(
                GoldenReader.records(tx, GoldenReader.withHolds(tx, model, List.of(record)))
                        .get(0),
                asOf,
                past == null ? null : PairView.Side.of(past.of(record)),
                tx.links().of(List.of(key)).stream()
                        .filter(link -> past == null || past.stood(link))
                        .map(LinkView::of)
                        .toList(),
                ReviewView.of(tx, tx.reviews().openOf(List.of(key))),
                tx.records().revisions(key, MOST_REVISIONS).stream()
                        .map(revision -> new RevisionView(revision.at(), revision.attributes()))
                        .toList());
    }
}
