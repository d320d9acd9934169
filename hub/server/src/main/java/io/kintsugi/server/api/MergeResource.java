package io.kintsugi.server.api;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Page;
import io.kintsugi.server.engine.stewardship.MergeStandings;
import io.kintsugi.server.engine.stewardship.Reversals;
import io.kintsugi.server.engine.stewardship.Stewardship;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Merges of goldens by stewards, their preview and their undo. */
final class MergeResource {
    private static final String ONE = "/api/v1/merges/{id}";
    private static final int MOST_GOLDENS = 100;
    private static final Listing<MergeEvent> OF_GOLDEN =
            Listing.of(MergeEvent::id).by("-at", merge -> Listing.text(merge.at()));
    private final HubStore store;
    private final Stewardship stewardship;
    private final MergeStandings standings;
    private final Reversals reversals;

    record PreviewRequest(List<String> goldens, String survivor) {}

    record MergeRequest(List<String> goldens, String survivor, Map<String, Long> revisions, String note) {}

    /** @param mode null for that merge alone */
    record UnmergeRequest(UnmergeMode mode, String note) {
        static UnmergeRequest in(Call call) {
            var body = call.bodyIfAny(UnmergeRequest.class);
            var request = body == null ? new UnmergeRequest(null, null) : body;
            Note.require(request.note());
            return request.mode() == null ? new UnmergeRequest(UnmergeMode.SINGLE, request.note()) : request;
        }
    }

    MergeResource(HubStore store, Stewardship stewardship, MergeStandings standings, Reversals reversals) {
        this.store = store;
        this.standings = standings;
        this.reversals = reversals;
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
        var type = call.entityType();
        var origin = call.constant("origin", Origin.class);
        var by = call.text("by");
        var undone = call.text("undone") == null ? null : call.flag("undone", false);
        var state = call.constant("status", MergeStandings.State.class);
        Predicate<MergeEvent> asked = merge -> (type == null || type.equals(merge.entityType()))
                && (origin == null || origin == merge.origin())
                && (by == null || by.equals(merge.by()))
                && (undone == null || undone == (merge.undoneAt() != null));
        boolean oldestFirst = call.oldestFirst("at");
        var scan = new Scan(call.cursor(), call.limit());
        return Reply.ok(store.read(tx -> {
            UnaryOperator<List<MergeEvent>> wanted =
                    page -> inState(tx, page.stream().filter(asked).toList(), state);
            if (golden == null) {
                var list = tx.merges();
                return page(tx, scan.selecting(oldestFirst ? list::listOldestFirst : list::list, wanted));
            }
            GoldenReader.load(tx, golden);
            return page(tx, OF_GOLDEN.page(call, wanted.apply(tx.merges().ofGolden(golden))));
        }));
    }

    /** Asks the store about all at once: about each by itself is three queries for each row that is read. */
    private List<MergeEvent> inState(HubTransaction tx, List<MergeEvent> merges, MergeStandings.State stateOrNull) {
        if (stateOrNull == null || merges.isEmpty()) return merges;
        var found = standings.of(tx, merges);
        return merges.stream()
                .filter(merge -> found.get(merge.id()).state() == stateOrNull)
                .toList();
    }

    private PageView<MergeView> page(HubTransaction tx, Page<MergeEvent> page) {
        var views = MergeView.of(tx, standings, reversals, page.items());
        return PageView.of(new Page<>(views, page.next()), view -> view);
    }

    private Reply get(Call call) {
        return Reply.ok(one(call.path("id")));
    }

    private MergeView one(String id) {
        return store.read(tx -> {
            var merge = tx.merges().find(id).orElseThrow(() -> Refused.notFound("there is no merge " + id));
            return MergeView.of(tx, standings, reversals, List.of(merge)).get(0);
        });
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
            var event = stewardship.merge(
                    request.goldens(), request.survivor(), revisions, request.note(), HubApi.LOCAL_USER);
            return Reply.ok(one(event.id()));
        } catch (HubException e) {
            throw withGoldens(e, request.goldens());
        }
    }

    private Reply previewUnmerge(Call call) {
        var id = call.path("id");
        var holder = store.read(tx -> tx.merges()
                .find(id)
                .map(merge -> GoldenReader.current(tx, merge.survivor()))
                .orElse(null)); // read first: if it changes before the preview is made, the revision is stale, not the
        // preview
        var preview = stewardship.previewUnmerge(id, UnmergeRequest.in(call).mode());
        return Reply.ok(MergeView.UndoPreview.of(preview, holder.revision()), holder.revision());
    }

    private Reply unmerge(Call call) {
        var id = call.path("id");
        long revision = call.revision();
        var request = UnmergeRequest.in(call);
        try {
            var event = stewardship.unmerge(id, request.mode(), revision, request.note(), HubApi.LOCAL_USER);
            return Reply.ok(one(event.id()));
        } catch (HubException e) {
            var ids = new TreeSet<String>();
            store.read(tx -> tx.merges().find(id)).ifPresent(merge -> {
                ids.add(merge.survivor());
                ids.addAll(merge.absorbed());
            });
            throw withGoldens(e, ids);
        }
    }

    /** MRG-7: who decided on what is no longer there is shown what is, by the ids that were named. */
    private RuntimeException withGoldens(HubException e, Collection<String> ids) {
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
