package io.kintsugi.server.api;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.stewardship.Stewardship;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What follows when a thing is deleted, in a system or by a person in the hub, and undoing it. */
final class DeletionResource {
    private static final String ALL = "/api/v1/deletions";
    private static final String ONE = ALL + "/{id}";
    private static final String GOLDEN = "/api/v1/goldens/{id}";
    private static final Listing<Deletion> OF_GOLDEN =
            Listing.of(Deletion::id).by("-seenAt", deletion -> Listing.text(deletion.seenAt()));
    private final HubStore store;
    private final Stewardship stewardship;

    record Detail(DeletionView deletion, List<RecordView> records, List<ReviewView> reviews) {}

    DeletionResource(HubStore store, Stewardship stewardship) {
        this.store = store;
        this.stewardship = stewardship;
    }

    void register(Routes routes) {
        routes.get(ALL, this::list);
        routes.get(ONE, this::get);
        routes.post(ONE + "/restore", this::restore);
        routes.get(GOLDEN + "/deletions", this::ofGolden);
        routes.ask(GOLDEN + "/delete/preview", this::preview);
        routes.post(GOLDEN + "/delete", this::delete);
        routes.post("/api/v1/records/{key}/reconnect", this::reconnect);
    }

    private Reply list(Call call) {
        var systems = new ArrayList<>(
                call.model().systems().stream().map(SystemConfig::id).toList());
        var to = call.oneOf("to", systems, null);
        systems.add(Deletion.HUB);
        var filter = new Deletions.Filter(
                call.entityType(),
                call.oneOf("from", systems, null),
                to,
                call.constant("state", DeletionState.class),
                call.constant("step", StepState.class));
        boolean oldestFirst = call.oldestFirst("seenAt");
        var cursor = call.cursor();
        int limit = call.limit();
        return Reply.ok(store.read(tx -> {
            var page = oldestFirst
                    ? tx.deletions().listOldestFirst(filter, cursor, limit)
                    : tx.deletions().list(filter, cursor, limit);
            return new PageView<>(DeletionView.of(tx, page.items()), page.next());
        }));
    }

    private Reply ofGolden(Call call) {
        var id = call.path("id");
        var state = call.constant("state", DeletionState.class);
        var step = call.constant("step", StepState.class);
        return Reply.ok(store.read(tx -> {
            var golden = GoldenReader.current(tx, id).id();
            var wanted = tx.deletions().ofGolden(golden).stream()
                    .filter(deletion -> DeletionView.shown(deletion, state, step))
                    .toList();
            var page = OF_GOLDEN.page(call, wanted);
            return new PageView<>(DeletionView.of(tx, page.items()), page.next());
        }));
    }

    private Reply get(Call call) {
        var detail = store.read(tx -> detail(tx, call.path("id")));
        return Reply.ok(detail, detail.deletion().revision());
    }

    private static Detail detail(HubTransaction tx, String id) {
        var deletion = tx.deletions().find(List.of(id)).get(id);
        if (deletion == null) throw Refused.notFound("there is no deletion " + id);
        var keys = new TreeSet<RecordKey>();
        if (deletion.origin() != null) keys.add(deletion.origin());
        for (var step : deletion.steps()) if (step.target() != null) keys.add(step.target());
        var found = tx.records().find(keys);
        List<SourceRecord> records =
                keys.stream().filter(found::containsKey).map(found::get).toList();
        var reviews = tx.reviews().find(Stewardship.questions(deletion)).values().stream()
                .filter(review -> review.state() == ReviewState.OPEN)
                .toList();
        return new Detail(DeletionView.of(tx, deletion), GoldenReader.records(tx, records), ReviewView.of(tx, reviews));
    }

    private Reply restore(Call call) {
        var id = call.path("id");
        long revision = call.revision();
        try {
            return answer(() -> stewardship.restore(id, revision, HubApi.LOCAL_USER));
        } catch (HubException e) {
            if (e.code() != HubErrorCode.REVISION_CONFLICT && e.code() != HubErrorCode.NOT_POSSIBLE) throw e;
            throw Refused.conflict(e, store.read(tx -> detail(tx, id)));
        }
    }

    private Reply answer(Supplier<Deletion> action) {
        var deletion = action.get();
        return Reply.ok(store.read(tx -> DeletionView.of(tx, deletion)));
    }

    private Reply preview(Call call) {
        var id = call.path("id");
        return answer(() -> stewardship.previewDelete(id));
    }

    private Reply delete(Call call) {
        var id = call.path("id");
        long revision = call.revision();
        try {
            return answer(() -> stewardship.delete(id, revision, HubApi.LOCAL_USER));
        } catch (HubException e) {
            if (e.code() != HubErrorCode.REVISION_CONFLICT && e.code() != HubErrorCode.NOT_POSSIBLE) throw e;
            throw Refused.conflict(e, store.read(tx -> GoldenReader.view(tx, GoldenReader.load(tx, id))));
        }
    }

    private Reply reconnect(Call call) {
        var key = call.pathKey("key");
        stewardship.reconnect(key, HubApi.LOCAL_USER);
        return Reply.ok(store.read(tx -> RecordResource.detail(tx, call.model(), key)));
    }
}
