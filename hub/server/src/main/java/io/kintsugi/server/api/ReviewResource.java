package io.kintsugi.server.api;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.server.engine.explain.Explanations;
import io.kintsugi.server.engine.shared.HubEvents;
import io.kintsugi.server.engine.stewardship.BrakeAnswers;
import io.kintsugi.server.engine.stewardship.Stewardship;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/** Open questions for data stewards, and their answers. */
final class ReviewResource {
    private static final String ONE = "/api/v1/reviews/{id}";
    private static final int MOST_RECORDS = 50;
    private static final int MOST_PAIRS = 20;
    private static final Listing<Review> OF_GOLDEN = Listing.of(Review::id)
            .only("score", review -> Listing.text(Math.round(-1e9 * review.score())), false)
            .only("openedAt", review -> Listing.text(review.openedAt()), false);
    private final HubStore store;
    private final Stewardship stewardship;
    /** A preview takes the locks of the real thing, which a load or another steward may hold: a look at a question waits for no one. */
    private final Patience patience = new Patience(Duration.ofSeconds(5));

    private final Explanations explanations;
    private final BrakeAnswers brake;
    private final HubEvents events;
    private final Clock clock;
    private final Json json;

    record Verdict(Decision decision, String golden, String note) {}

    record ScoredPair(RecordKey a, RecordKey b, List<LinkView> links, LinkView.Computed computed) {}

    record Thresholds(double reviewBits, double autoBits) {}

    record Detail(
            ReviewView review,
            List<RecordView> records,
            List<GoldenView> goldens,
            List<ScoredPair> pairs,
            MergeView.Preview preview,
            String previewProblem,
            Thresholds thresholds,
            ContestView contested,
            DeletionView.Question deletion,
            Object detail) {}

    private interface Answer {
        Review give(String id, long revision, String note);
    }

    private record Pair(RecordKey a, RecordKey b) {}

    private record Stored(
            Review review,
            ReviewView view,
            List<RecordView> records,
            List<GoldenView> goldens,
            Map<Pair, List<LinkView>> pairs,
            DeletionView.Question deletion) {}

    ReviewResource(
            HubStore store,
            Stewardship stewardship,
            Explanations explanations,
            HubEvents events,
            Clock clock,
            Json json) {
        this.store = store;
        this.stewardship = stewardship;
        this.explanations = explanations;
        this.brake = new BrakeAnswers(store, stewardship, clock, events);
        this.events = events;
        this.clock = clock;
        this.json = json;
    }

    void register(Routes routes) {
        routes.get("/api/v1/reviews", this::list);
        routes.get(ONE, this::get);
        routes.post(ONE + "/decision", this::decide);
        routes.post(ONE + "/undo", this::undo);
        routes.post(ONE + "/discard", this::discard);
        routes.post(
                ONE + "/accept",
                call -> answer(
                        call,
                        (id, revision, note) ->
                                stewardship.answerProposal(id, revision, true, note, HubApi.LOCAL_USER)));
        routes.post(
                ONE + "/reject",
                call -> answer(
                        call,
                        (id, revision, note) ->
                                stewardship.answerProposal(id, revision, false, note, HubApi.LOCAL_USER)));
        routes.post(ONE + "/approve", call -> answerBrake(call, true));
        routes.post(ONE + "/refuse", call -> answerBrake(call, false));
        routes.post(
                ONE + "/delete",
                call -> answer(
                        call,
                        (id, revision, note) ->
                                stewardship.answerDeletion(id, revision, true, note, HubApi.LOCAL_USER)));
        routes.post(
                ONE + "/keep",
                call -> answer(
                        call,
                        (id, revision, note) ->
                                stewardship.answerDeletion(id, revision, false, note, HubApi.LOCAL_USER)));
    }

    private Reply answerBrake(Call call, boolean approves) {
        return answer(call, (id, revision, note) -> brake.answer(id, revision, approves, note, HubApi.LOCAL_USER));
    }

    private Reply list(Call call) {
        var golden = call.text("golden");
        var filter = new Reviews.Filter(
                call.constant("kind", Kind.class),
                call.constantOrAny("state", ReviewState.class, ReviewState.OPEN),
                call.entityType(),
                call.system(),
                call.decimal("minScore"),
                call.oneOf("sort", List.of("score", "openedAt", "teach"), "score"),
                middles(call));
        var cursor = call.cursor();
        int limit = call.limit();
        if (golden != null) return Reply.ok(store.read(tx -> ofGolden(tx, golden, filter, call)));
        return Reply.ok(store.read(tx -> {
            var page = tx.reviews().list(filter, cursor, limit);
            return new PageView<>(ReviewView.of(tx, page.items()), page.next());
        }));
    }

    /** By entity type the score between asking and not asking. */
    private static Map<String, Double> middles(Call call) {
        var middles = new HashMap<String, Double>();
        call.model()
                .matching()
                .forEach((type, policy) -> middles.put(type, (policy.reviewBits() + policy.autoBits()) / 2));
        return middles;
    }

    private static PageView<ReviewView> ofGolden(HubTransaction tx, String id, Reviews.Filter filter, Call call) {
        if (filter.state() != ReviewState.OPEN) {
            throw Refused.badRequest("parameter golden finds open reviews only; leave state out, or golden");
        }
        var golden = GoldenReader.current(tx, id);
        var open = tx.reviews().openOf(GoldenReader.keys(GoldenReader.members(tx, golden.id()))).stream()
                .filter(review -> filter.kinds().contains(review.kind()))
                .filter(review ->
                        filter.entityType() == null || filter.entityType().equals(review.entityType()))
                .filter(review -> filter.system() == null
                        || review.records().stream()
                                .anyMatch(key -> key.system().equals(filter.system())))
                .filter(review -> filter.minimumScore() == null || review.score() >= filter.minimumScore())
                .toList();
        var page = OF_GOLDEN
                .only("teach", review -> Listing.text(Math.round(1e9 * filter.doubt(review))), false)
                .page(call, open);
        return new PageView<>(ReviewView.of(tx, page.items()), page.next());
    }

    private Reply get(Call call) {
        var detail = detail(call.path("id"), call);
        return Reply.ok(detail, detail.review().revision());
    }

    private Detail detail(String id, Call call) {
        var stored = store.read(tx -> stored(tx, id));
        var review = stored.review();
        var pairs = new ArrayList<ScoredPair>();
        stored.pairs()
                .forEach((pair, links) -> pairs.add(new ScoredPair(
                        pair.a(), pair.b(), links, LinkView.Computed.of(explanations.compare(pair.a(), pair.b())))));
        pairs.sort(
                Comparator.comparingDouble((ScoredPair pair) -> -pair.computed().score()));
        MergeView.Preview preview = null;
        String problem = null;
        var contested = ContestView.of(review, stored.records(), stored.goldens(), pairs);
        if (contested != null) {
            problem = "The record fits several golden records: say which one it belongs to.";
        } else if (review.state() == ReviewState.OPEN
                && stored.deletion() == null
                && stored.goldens().size() > 1) {
            try {
                var ids = stored.goldens().stream().map(GoldenView::id).toList();
                preview = patience.await(() -> stewardship.previewMerge(ids, null))
                        .map(MergeView.Preview::of)
                        .orElse(null);
                if (preview == null) problem = "these records are being written; reload to see what a merge would do";
            } catch (HubException e) {
                problem = e.getMessage();
            }
        }
        var policy = call.model().matching().get(review.entityType());
        return new Detail(
                stored.view(),
                stored.records(),
                stored.goldens(),
                pairs,
                preview,
                problem,
                policy == null ? null : new Thresholds(policy.reviewBits(), policy.autoBits()),
                contested,
                stored.deletion(),
                stored.deletion() == null ? json.tree(review.detail()) : null);
    }

    private static Stored stored(HubTransaction tx, String id) {
        var review = load(tx, id);
        var current = new TreeSet<String>();
        for (var golden : review.goldens()) current.add(tx.goldens().currentId(golden));
        var goldens = GoldenReader.views(tx, current);
        var keys = new TreeSet<>(review.records());
        for (var golden : goldens.values()) {
            for (var key : golden.records()) if (keys.size() < MOST_RECORDS) keys.add(key);
        }
        var found = tx.records().find(keys);
        var records = keys.stream().filter(found::containsKey).map(found::get).toList();
        var views = GoldenReader.records(tx, records);
        var deletion = DeletionView.Question.of(tx, review);
        return new Stored(
                review,
                ReviewView.of(tx, List.of(review)).get(0),
                views,
                List.copyOf(goldens.values()),
                deletion != null
                        ? Map.of()
                        : pairs(review, views, records, tx.links().of(found.keySet())),
                deletion);
    }

    /** Pairs that may be one or not: of different goldens, those the review is about before the others, strongest link first. */
    private static Map<Pair, List<LinkView>> pairs(
            Review review, List<RecordView> views, List<SourceRecord> records, Collection<Link> links) {
        var goldenOf = new LinkedHashMap<RecordKey, String>();
        views.forEach(view -> goldenOf.put(view.key(), view.goldenId()));
        var linksOf = new LinkedHashMap<Pair, List<LinkView>>();
        for (var link : links) {
            linksOf.computeIfAbsent(new Pair(link.a(), link.b()), pair -> new ArrayList<>())
                    .add(LinkView.of(link));
        }
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < records.size(); i++) {
            for (int j = i + 1; j < records.size(); j++) {
                var a = records.get(i).key();
                var b = records.get(j).key();
                var together = goldenOf.get(a);
                if (!a.entityType().equals(b.entityType())) continue;
                if (together == null || !together.equals(goldenOf.get(b))) pairs.add(new Pair(a, b));
            }
        }
        pairs.sort(Comparator.comparing((Pair pair) -> !(review.records().contains(pair.a())
                        && review.records().contains(pair.b())))
                .thenComparing(pair -> !linksOf.containsKey(pair))
                .thenComparing(Pair::a)
                .thenComparing(Pair::b));
        var kept = new LinkedHashMap<Pair, List<LinkView>>();
        pairs.stream().limit(MOST_PAIRS).forEach(pair -> kept.put(pair, linksOf.getOrDefault(pair, List.of())));
        return kept;
    }

    private Reply decide(Call call) {
        var id = call.path("id");
        long revision = call.revision();
        var verdict = call.body(Verdict.class);
        if (verdict.decision() != Decision.MATCH && verdict.decision() != Decision.NO_MATCH) {
            throw Refused.badRequest("decision must be MATCH or NO_MATCH");
        }
        Note.require(verdict.note());
        return act(
                call,
                id,
                () -> stewardship.decide(
                        id, revision, verdict.decision(), verdict.golden(), verdict.note(), HubApi.LOCAL_USER));
    }

    private Reply answer(Call call, Answer answer) {
        var id = call.path("id");
        long revision = call.revision();
        var note = Note.in(call);
        return act(call, id, () -> answer.give(id, revision, note));
    }

    private Reply undo(Call call) {
        var id = call.path("id");
        long revision = call.revision();
        return act(call, id, () -> stewardship.undo(id, revision, HubApi.LOCAL_USER));
    }

    private Reply discard(Call call) {
        var id = call.path("id");
        long revision = call.revision();
        var note = Note.in(call);
        return act(call, id, () -> {
            var closed = store.write(tx -> discard(tx, id, revision, note));
            events.publish("review.changed", Map.of("id", id, "state", closed.state()));
            return closed;
        });
    }

    private Review discard(HubTransaction tx, String id, long revision, String note) {
        var review = tx.reviews().lock(id).orElseThrow(() -> noReview(id));
        if (review.revision() != revision) {
            throw new HubException(
                    HubErrorCode.REVISION_CONFLICT,
                    "review " + id + " is at revision " + review.revision() + ", you sent " + revision);
        }
        if (review.kind() != Kind.UNMAPPABLE || review.state() != ReviewState.OPEN) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "review " + id + " is " + review.kind() + " and " + review.state()
                            + "; only open reviews of rows that cannot be mapped can be discarded");
        }
        var closed = new Review(
                review.id(),
                review.kind(),
                ReviewState.DECIDED,
                review.entityType(),
                review.goldens(),
                review.records(),
                review.score(),
                review.reason(),
                review.detail(),
                review.revision() + 1,
                review.openedAt(),
                clock.instant(),
                HubApi.LOCAL_USER,
                null,
                note,
                review.policies());
        tx.reviews().save(List.of(closed));
        return closed;
    }

    /** MRG-7: who decided on what is no longer there is shown what is. */
    private Reply act(Call call, String id, Supplier<Review> action) {
        try {
            var review = action.get();
            return Reply.ok(store.read(tx -> ReviewView.of(tx, List.of(review)).get(0)));
        } catch (HubException e) {
            if (e.code() != HubErrorCode.REVISION_CONFLICT && e.code() != HubErrorCode.NOT_POSSIBLE) throw e;
            throw Refused.conflict(e, detail(id, call));
        }
    }

    private static Review load(HubTransaction tx, String id) {
        var review = tx.reviews().find(List.of(id)).get(id);
        if (review == null) throw noReview(id);
        return review;
    }

    private static Refused noReview(String id) {
        return Refused.notFound("there is no review " + id);
    }
}
