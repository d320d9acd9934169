package io.kintsugi.server.api;

import io.kintsugi.core.model.Erasure;
import io.kintsugi.core.model.Erasure.ErasureState;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.erasure.Erasing;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Erasing things for good, what became of it, and letting them come back. */
final class ErasureResource {
    private static final String ALL = "/api/v1/erasures";
    private static final String ONE = ALL + "/{id}";
    private static final String STEP = ONE + "/records/{record}";
    private static final String GOLDEN = "/api/v1/goldens/{id}";
    private final HubStore store;
    private final Erasing erasing;
    private final Clock clock;
    private final Json json;

    /** @param reason kept for ever, so it must not name what is erased */
    record Reasoned(String reason) {}

    /** @param erasure as it would begin; nothing of it is stored */
    record PreviewView(ErasureView erasure, Map<String, Long> removed, long referring, long withdrawn) {}

    ErasureResource(HubStore store, Erasing erasing, Clock clock, Json json) {
        this.store = store;
        this.erasing = erasing;
        this.clock = clock;
        this.json = json;
    }

    void register(Routes routes) {
        routes.ask(GOLDEN + "/erase/preview", this::preview);
        routes.post(GOLDEN + "/erase", this::erase);
        routes.get(ALL, this::list);
        routes.get(ONE, this::get);
        routes.get(ONE + "/evidence", this::evidence);
        routes.get(ONE + "/kept-out", this::keptOut);
        routes.post(ONE + "/lift", this::lift);
        routes.post(STEP + "/by-hand", this::byHand);
        routes.post(STEP + "/gone", this::gone);
    }

    private Reply preview(Call call) {
        var preview = erasing.preview(call.path("id"));
        return Reply.ok(new PreviewView(
                ErasureView.of(preview.plan()),
                new TreeMap<>(preview.removed()),
                preview.referring(),
                preview.withdrawn()));
    }

    private Reply erase(Call call) {
        var id = call.path("id");
        long revision = call.revision();
        var reason = reason(call);
        try {
            return Reply.ok(ErasureView.of(erasing.erase(id, revision, reason, HubApi.LOCAL_USER)));
        } catch (HubException e) {
            if (e.code() != HubErrorCode.REVISION_CONFLICT && e.code() != HubErrorCode.NOT_POSSIBLE) throw e;
            throw Refused.conflict(e, store.read(tx -> GoldenReader.view(tx, GoldenReader.load(tx, id))));
        }
    }

    private static String reason(Call call) {
        var reason = call.body(Reasoned.class).reason();
        if (reason == null || reason.isBlank()) {
            throw Refused.badRequest("the reason is missing; write a case number or why, without naming the thing");
        }
        if (reason.length() > 500) throw Refused.badRequest("the reason is longer than 500 characters");
        return reason.strip();
    }

    private Reply list(Call call) {
        var state = call.constant("state", ErasureState.class);
        boolean oldestFirst = call.oldestFirst("askedAt");
        var cursor = call.cursor();
        int limit = call.limit();
        return Reply.ok(store.read(tx -> {
            var page = oldestFirst
                    ? tx.erasures().listOldestFirst(state, cursor, limit)
                    : tx.erasures().list(state, cursor, limit);
            return new PageView<>(page.items().stream().map(ErasureView::of).toList(), page.next());
        }));
    }

    private static Erasure load(HubTransaction tx, String id) {
        var erasure = tx.erasures().find(List.of(id)).get(id);
        if (erasure == null) throw Refused.notFound("there is no erasure " + id);
        return erasure;
    }

    private Reply get(Call call) {
        var erasure = store.read(tx -> load(tx, call.path("id")));
        return Reply.ok(ErasureView.of(erasure), erasure.revision());
    }

    private Reply evidence(Call call) {
        var erasure = store.read(tx -> load(tx, call.path("id")));
        return Reply.ok(ErasureEvidence.of(ErasureView.of(erasure), json, clock.instant()));
    }

    private Reply keptOut(Call call) {
        var id = call.path("id");
        var system = call.system();
        boolean oldestFirst = call.oldestFirst("last");
        var cursor = call.cursor();
        int limit = call.limit();
        return Reply.ok(store.read(tx -> {
            load(tx, id);
            var page = oldestFirst
                    ? tx.erasures().blockedOldestFirst(id, system, cursor, limit)
                    : tx.erasures().blocked(id, system, cursor, limit);
            return new PageView<>(
                    page.items().stream().map(ErasureView.BlockedView::of).toList(), page.next());
        }));
    }

    private Reply lift(Call call) {
        long revision = call.revision();
        var reason = reason(call);
        return answer(call, () -> erasing.lift(call.path("id"), revision, reason, HubApi.LOCAL_USER));
    }

    private Reply byHand(Call call) {
        long revision = call.revision();
        return answer(call, () -> erasing.byHand(call.path("id"), revision, call.path("record"), HubApi.LOCAL_USER));
    }

    private Reply gone(Call call) {
        long revision = call.revision();
        return answer(call, () -> erasing.attest(call.path("id"), revision, call.path("record"), HubApi.LOCAL_USER));
    }

    private Reply answer(Call call, Supplier<Erasure> action) {
        try {
            return Reply.ok(ErasureView.of(action.get()));
        } catch (HubException e) {
            if (e.code() != HubErrorCode.REVISION_CONFLICT && e.code() != HubErrorCode.NOT_POSSIBLE) throw e;
            throw Refused.conflict(e, ErasureView.of(store.read(tx -> load(tx, call.path("id")))));
        }
    }
}
