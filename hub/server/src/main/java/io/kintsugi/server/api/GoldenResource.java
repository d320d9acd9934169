package io.kintsugi.server.api;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.model.StewardValue;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.store.Goldens;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Page;
import io.kintsugi.core.store.References.Referrer;
import io.kintsugi.server.engine.explain.Explanations;
import io.kintsugi.server.engine.stewardship.MergeStandings;
import io.kintsugi.server.engine.stewardship.Reversals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Golden records: found by any id, with their records, history, lineage and reasons. */
final class GoldenResource {
    private static final String ONE = "/api/v1/goldens/{id}";
    private static final Listing<Goldens.Member> SOURCES = Listing.of(
                    (Goldens.Member member) -> member.record().key().toString())
            .byId("key")
            .by("observedAt", member -> Listing.text(member.record().observedAt()));
    private static final Listing<GoldenRevision> HISTORY = Listing.of(
                    (GoldenRevision change) -> Listing.text(change.revision()))
            .byId("-revision");
    private final HubStore store;
    private final Explanations explanations;
    private final MergeStandings standings;
    private final Reversals reversals;

    /**
     * @param value null if nothing survives; empty text if it was decided that there is none
     * @param steward what a steward gave; null if that is not why
     * @param override how long a steward's value holds if nothing else is said
     * @param candidates the surviving value first
     */
    record ValueView(
            String value,
            String rule,
            long policyVersion,
            String reason,
            GivenView steward,
            LifeCycle override,
            List<CandidateView> candidates) {}

    /** A value that a steward gave. */
    record GivenView(String value, LifeCycle lifeCycle, Instant until, String by, String note, Instant at) {
        static GivenView of(StewardValue given) {
            return new GivenView(given.value(), given.lifeCycle(), given.until(), given.by(), given.note(), given.at());
        }
    }

    record CandidateView(
            String value,
            RecordKey record,
            String system,
            Instant sourceAt,
            boolean copied,
            boolean survives,
            String reason) {}

    /** @param attributes references of the golden that lead here */
    record ReferrerView(String id, String type, GoldenState state, String label, List<String> attributes) {}

    record ExplanationView(
            GoldenView golden,
            List<RecordView> records,
            List<LinkView> links,
            List<MergeView> merges,
            List<ReviewView> reviews,
            Map<String, ValueView> values) {}

    GoldenResource(HubStore store, Explanations explanations, MergeStandings standings, Reversals reversals) {
        this.store = store;
        this.standings = standings;
        this.reversals = reversals;
        this.explanations = explanations;
    }

    void register(Routes routes) {
        routes.get("/api/v1/goldens", this::list);
        routes.get("/api/v1/goldens/by-source/{system}/{type}/{nativeId}", this::bySource);
        routes.get(ONE, this::get);
        routes.get(ONE + "/sources", this::sources);
        routes.get(ONE + "/referrers", this::referrers);
        routes.get(ONE + "/history", this::history);
        routes.get(ONE + "/lineage", this::lineage);
        routes.get(ONE + "/explain", this::explain);
        routes.get(ONE + "/outbound", this::outbound);
    }

    private Reply list(Call call) {
        var sort = call.oneOf(
                "sort",
                List.of("updatedAt", "-updatedAt", "createdAt", "-createdAt", "label", "-label", "id", "-id"),
                "-updatedAt");
        boolean descending = sort.startsWith("-");
        var filter = new Goldens.Filter(
                call.entityType(),
                call.constantOrAny("state", GoldenState.class, GoldenState.ACTIVE),
                call.text("text"),
                call.system(),
                attributes(call),
                (int) call.number("minimumRecords", 0, Integer.MAX_VALUE, 0),
                descending ? sort.substring(1) : sort,
                descending);
        var cursor = call.cursor();
        int limit = call.limit();
        return Reply.ok(store.read(tx -> {
            var page = tx.goldens().list(filter, cursor, limit);
            return new PageView<>(GoldenReader.summaries(tx, page.items()), page.next());
        }));
    }

    private static Map<String, String> attributes(Call call) {
        var wanted = call.prefixed("attribute.");
        var known = new TreeSet<String>();
        call.model().entityTypes().forEach(type -> type.attributes().forEach(a -> known.add(a.name())));
        for (var name : wanted.keySet()) {
            if (!known.contains(name)) {
                throw Refused.badRequest("there is no attribute \"" + name + "\"" + Nearest.hint(name, known));
            }
        }
        return wanted;
    }

    private Reply get(Call call) {
        var id = call.path("id");
        boolean follow = call.flag("follow", true);
        var asOf = call.past("asOf");
        if (asOf != null) {
            return Reply.ok(store.read(tx -> GoldenThenView.of(tx, call.model(), id, asOf, follow)));
        }
        var view = store.read(tx -> GoldenReader.whole(
                tx, call.model(), follow ? GoldenReader.current(tx, id) : GoldenReader.load(tx, id)));
        return Reply.ok(view.askedAs(id), view.revision());
    }

    private Reply bySource(Call call) {
        RecordKey key;
        try {
            key = new RecordKey(call.path("system"), call.path("type"), call.path("nativeId"));
        } catch (IllegalArgumentException e) {
            throw Refused.badRequest("system and type of a record hold no colon, and no part is blank");
        }
        var view = store.read(tx -> {
            var id = tx.goldens().goldenOf(List.of(key)).get(key);
            if (id == null) throw without(key, tx.records().find(List.of(key)).get(key));
            return GoldenReader.whole(tx, call.model(), GoldenReader.current(tx, id));
        });
        return Reply.ok(view, view.revision());
    }

    private static Refused without(RecordKey key, SourceRecord record) {
        if (record == null) return Refused.notFound("the hub does not know the record " + key);
        var state = record.state();
        var why =
                switch (state) {
                    case UNKEYED ->
                        " is UNKEYED: nothing in it can identify anything, so it has no golden record until it holds more";
                    case DELETED -> " was deleted in its system and belongs to no golden record";
                    case MERGED ->
                        " was merged into another record in its system before it belonged to a golden record";
                    case DISCONNECTED ->
                        " is DISCONNECTED: it left its golden record when another system deleted the thing, and joins again once it is changed in its system, or reconnected";
                    case SEVERED ->
                        " is SEVERED: it left its golden record when another system deleted the thing, until a steward reconnects it";
                    case LIVE, FOLDED, RETURNING -> " is not resolved yet; try again in a moment";
                };
        return Refused.noGolden("the record " + key + why, state);
    }

    private Reply sources(Call call) {
        var id = call.path("id");
        var system = call.system();
        var state = call.constant("state", RecordState.class);
        var members = store
                .read(tx ->
                        GoldenReader.members(tx, GoldenReader.current(tx, id).id()))
                .stream()
                .filter(member ->
                        system == null || system.equals(member.record().key().system()))
                .filter(member -> state == null || state == member.record().state())
                .toList();
        return Reply.ok(PageView.of(SOURCES.page(call, members), RecordView::of));
    }

    /** Records as they are shown, also those that wait for what they refer to. */
    private static List<RecordView> views(HubTransaction tx, Call call, List<Goldens.Member> members) {
        var records = members.stream().map(Goldens.Member::record).toList();
        var shown = GoldenReader.withHolds(tx, call.model(), records);
        var views = new ArrayList<RecordView>();
        for (int i = 0; i < shown.size(); i++) {
            views.add(RecordView.of(shown.get(i), members.get(i).membership()));
        }
        return views;
    }

    private Reply referrers(Call call) {
        var id = call.path("id");
        var type = call.entityType();
        call.oneOf("sort", List.of("id"), "id");
        var scan = new Scan(call.cursor(), call.limit());
        return Reply.ok(store.read(tx -> {
            var golden = GoldenReader.current(tx, id);
            var page = scan.matching(
                    (cursor, limit) -> referrers(tx, golden.id(), cursor, limit),
                    referrer -> type == null || type.equals(referrer.type()));
            return new PageView<>(page.items(), page.next());
        }));
    }

    private static Page<ReferrerView> referrers(HubTransaction tx, String id, String cursor, int limit) {
        if (cursor != null && tx.goldens().find(List.of(cursor)).isEmpty()) {
            throw Refused.badRequest("the cursor is not one of this list; begin without a cursor");
        }
        var found = tx.references().referrers(id, cursor == null ? "" : cursor, limit + 1);
        var shown = found.subList(0, Math.min(limit, found.size()));
        var goldens = tx.goldens().find(shown.stream().map(Referrer::goldenId).toList());
        var views = new ArrayList<ReferrerView>();
        for (var referrer : shown) {
            var from = goldens.get(referrer.goldenId());
            views.add(
                    new ReferrerView(from.id(), from.entityType(), from.state(), from.label(), referrer.attributes()));
        }
        return new Page<>(views, found.size() > limit ? shown.get(limit - 1).goldenId() : null);
    }

    private Reply history(Call call) {
        var id = call.path("id");
        var cause = call.constant("cause", GoldenRevision.Cause.class);
        var changes = store
                .read(tx -> tx.goldens().history(GoldenReader.load(tx, id).id(), Integer.MAX_VALUE))
                .stream()
                .filter(change -> cause == null || cause == change.cause())
                .toList();
        return Reply.ok(PageView.of(HISTORY.page(call, changes), ChangeView::of));
    }

    private Reply lineage(Call call) {
        var id = call.path("id");
        var attribute = call.text("attribute");
        var systems = call.model().systems();
        return Reply.ok(store.read(tx -> {
            var golden = GoldenReader.current(tx, id);
            var members = GoldenReader.members(tx, golden.id());
            var merges = tx.merges().ofGolden(golden.id());
            var absorbed = new TreeSet<String>();
            merges.forEach(merge -> absorbed.addAll(merge.absorbed()));
            var links = tx.links().of(GoldenReader.keys(members));
            var outbound = tx.outbox().ofGolden(golden.id());
            return new LineageGraph(systems, attribute)
                    .draw(golden, members, links, merges, tx.goldens().find(absorbed), outbound);
        }));
    }

    private Reply explain(Call call) {
        var asked = call.path("id");
        var id = store.read(tx -> GoldenReader.current(tx, asked)).id();
        var values = new TreeMap<String, ValueView>();
        explanations.values(id).forEach((attribute, candidates) -> values.put(attribute, value(candidates)));
        return Reply.ok(store.read(tx -> {
            GoldenRecord golden = GoldenReader.load(tx, id);
            var members = GoldenReader.members(tx, id);
            var keys = GoldenReader.keys(members);
            return new ExplanationView(
                    GoldenView.of(golden, keys).askedAs(asked),
                    views(tx, call, members),
                    tx.links().of(keys).stream().map(LinkView::of).toList(),
                    MergeView.of(tx, standings, reversals, tx.merges().ofGolden(id)),
                    ReviewView.of(tx, tx.reviews().openOf(keys)),
                    values);
        }));
    }

    private static ValueView value(Explanations.Value decided) {
        var choice = decided.choice();
        return new ValueView(
                choice.value(),
                choice.decidedBy(),
                decided.policyVersion(),
                choice.reasonSurvives(),
                choice.steward() == null ? null : GivenView.of(choice.steward()),
                choice.rule().override(),
                choice.candidates().stream()
                        .map(candidate -> {
                            boolean survives = choice.winner() != null
                                    && (choice.rule().gathers() || candidate.equals(choice.winner()));
                            return new CandidateView(
                                    candidate.value(),
                                    candidate.record(),
                                    candidate.record().system(),
                                    candidate.at(),
                                    candidate.copied(),
                                    survives,
                                    survives ? choice.reasonSurvives() : choice.reasonLost(candidate));
                        })
                        .toList());
    }

    private Reply outbound(Call call) {
        var id = call.path("id");
        return Reply.ok(store.read(tx -> OutboundResource.page(
                tx, call, tx.outbox().ofGolden(GoldenReader.current(tx, id).id()))));
    }
}
