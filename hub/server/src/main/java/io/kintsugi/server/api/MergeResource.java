package io.kintsugi.server.api;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.Stewardship;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Merges of goldens by stewards, their preview and their undo. */
final class MergeResource {
    private static final String ONE = "/api/v1/merges/{id}";
    private static final int MOST_GOLDENS = 100;
    private final HubStore store;
    private final Stewardship stewardship;

    record PreviewRequest(List<String> goldens, String survivor) {}

    record MergeRequest(List<String> goldens, String survivor, Map<String, Long> revisions, String note) {}

    MergeResource(HubStore store, Stewardship stewardship) {
        this.store = store;
        this.stewardship = stewardship;
    }

    void register(Routes routes) {
        routes.get("/api/v1/merges", this::list);
        routes.post("/api/v1/merges", this::merge);
        routes.ask("/api/v1/merges/preview", this::preview);
        routes.get(ONE, this::get);
        routes.ask(ONE + "/unmerge/preview", this::previewUnmerge);
        routes.post(ONE + "/unmerge", this::unmerge);
    }

    private Reply list(Call call) {
        var golden = call.text("golden");
        var cursor = call.cursor();
        int limit = call.limit();
        return Reply.ok(store.read(tx -> {
            if (golden == null) return PageView.of(tx.merges().list(cursor, limit), MergeView::of);
            GoldenReader.load(tx, golden);
            return PageView.all(
                    tx.merges().ofGolden(golden).stream().map(MergeView::of).toList());
        }));
    }

    private Reply get(Call call) {
        var id = call.path("id");
        return Reply.ok(MergeView.of(
                store.read(tx -> tx.merges().find(id)).orElseThrow(() -> Refused.notFound("there is no merge " + id))));
    }

    private Reply preview(Call call) {
        var request = call.body(PreviewRequest.class);
        requireGoldens(request.goldens(), request.survivor());
        return Reply.ok(MergeView.Preview.of(stewardship.previewMerge(request.goldens(), request.survivor())));
    }

    private Reply merge(Call call) {
        var request = call.body(MergeRequest.class);
        requireGoldens(request.goldens(), request.survivor());
        Note.require(request.note());
        var revisions = request.revisions();
        for (var id : request.goldens()) {
            if (revisions == null || revisions.get(id) == null) {
                throw new Refused(
                        ProblemType.PRECONDITION_REQUIRED,
                        "revisions must hold the revision of every golden; that of " + id + " is missing");
            }
        }
        try {
            return Reply.ok(MergeView.of(stewardship.merge(
                    request.goldens(), request.survivor(), revisions, request.note(), HubApi.LOCAL_USER)));
        } catch (HubException e) {
            throw withGoldens(e, request.goldens());
        }
    }

    private Reply previewUnmerge(Call call) {
        return Reply.ok(MergeView.UndoPreview.of(stewardship.previewUnmerge(call.path("id"))));
    }

    private Reply unmerge(Call call) {
        var id = call.path("id");
        var note = Note.in(call);
        try {
            return Reply.ok(MergeView.of(stewardship.unmerge(id, note, HubApi.LOCAL_USER)));
        } catch (HubException e) {
            var merge = store.read(tx -> tx.merges().find(id));
            throw withGoldens(e, merge.map(MergeEvent::absorbed).orElse(List.of()));
        }
    }

    /** MRG-7: who decided on what is no longer there is shown what is, by the ids that were named. */
    private RuntimeException withGoldens(HubException e, List<String> ids) {
        if (e.code() != HubErrorCode.REVISION_CONFLICT && e.code() != HubErrorCode.NOT_POSSIBLE) return e;
        return Refused.conflict(e, store.read(tx -> GoldenReader.views(tx, new TreeSet<>(ids))));
    }

    private static void requireGoldens(List<String> ids, String survivor) {
        if (ids == null || ids.size() < 2 || ids.size() > MOST_GOLDENS) {
            throw Refused.badRequest("goldens must name 2 to " + MOST_GOLDENS + " golden records");
        }
        if (ids.contains(null) || new TreeSet<>(ids).size() < ids.size()) {
            throw Refused.badRequest("goldens must name each golden record once");
        }
        if (survivor != null && !ids.contains(survivor)) {
            throw Refused.badRequest("survivor must be one of the goldens");
        }
    }
}
