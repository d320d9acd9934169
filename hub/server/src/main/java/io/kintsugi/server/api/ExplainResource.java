package io.kintsugi.server.api;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.explain.Explanations;
import io.kintsugi.server.engine.explain.Origins;
import io.kintsugi.server.engine.explain.PairExplanations;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Why two records are linked or not, how a golden came to be, which way a value came, and what a description would match. */
final class ExplainResource {
    private static final int MOST_CANDIDATES = 100;
    private final HubStore store;
    private final Explanations explanations;
    private final PairExplanations pairs;
    private final Origins origins;

    /** @param merges those that moved the record the value comes from, oldest first */
    record ValueWay(
            String goldenId,
            String attribute,
            String value,
            RecordKey record,
            Instant sourceAt,
            String rule,
            long policyVersion,
            MergeView broughtBy,
            List<MergeView> merges) {}

    record MatchRequest(String type, Map<String, String> attributes, Integer limit) {}

    record CandidateView(
            RecordKey record,
            Map<String, String> attributes,
            String goldenId,
            String label,
            LinkView.Computed decision) {}

    ExplainResource(HubStore store, Explanations explanations, PairExplanations pairs) {
        this.store = store;
        this.explanations = explanations;
        this.pairs = pairs;
        this.origins = new Origins(store);
    }

    void register(Routes routes) {
        routes.get("/api/v1/explain/link", this::link);
        routes.get("/api/v1/explain/value", this::value);
        routes.get("/api/v1/goldens/{id}/how", this::how);
        routes.ask("/api/v1/match", this::match);
    }

    private Reply link(Call call) {
        var a = call.key("a");
        var b = call.key("b");
        if (a.equals(b)) throw Refused.badRequest("parameters a and b name the same record");
        var pair = pairs.explain(a, b, call.past("asOf"));
        var views = store.read(tx -> {
            var found = tx.records().find(List.of(pair.a(), pair.b()));
            return GoldenReader.records(tx, List.of(found.get(pair.a()), found.get(pair.b())));
        });
        return Reply.ok(PairView.of(pair, views.get(0), views.get(1)));
    }

    private Reply how(Call call) {
        var id = call.path("id");
        return Reply.ok(StoryView.of(
                origins.of(store.read(tx -> GoldenReader.current(tx, id).id()))));
    }

    /** MRG-10: which merge brought a value here. */
    private Reply value(Call call) {
        var id = call.required("golden");
        var attribute = call.required("attribute");
        return Reply.ok(store.read(tx -> {
            var golden = GoldenReader.current(tx, id);
            var value = golden.values().get(attribute);
            if (value == null) {
                throw Refused.notFound("golden " + golden.id() + " has no value of \"" + attribute + "\""
                        + Nearest.hint(attribute, golden.values().keySet()));
            }
            var merges = value.from() == null // a steward gave it
                    ? List.<MergeView>of()
                    : tx.merges().thatMoved(value.from()).stream()
                            .map(MergeView::of)
                            .toList();
            return new ValueWay(
                    golden.id(),
                    attribute,
                    value.value(),
                    value.from(),
                    value.sourceAt(),
                    value.rule(),
                    value.policyVersion(),
                    merges.isEmpty() ? null : merges.get(merges.size() - 1),
                    merges);
        }));
    }

    private Reply match(Call call) {
        var request = call.body(MatchRequest.class);
        if (request.type() == null || request.attributes() == null) {
            throw Refused.badRequest("the body needs type and attributes");
        }
        int limit = request.limit() == null ? 10 : request.limit();
        if (limit < 1 || limit > MOST_CANDIDATES) {
            throw Refused.badRequest("limit must be a whole number from 1 to " + MOST_CANDIDATES);
        }
        requireKnown(call, request);
        var scored = explanations.search(request.type(), request.attributes(), limit);
        var keys = scored.stream().map(Explanations.Scored::record).toList();
        var ids = new TreeSet<String>();
        scored.forEach(s -> {
            if (s.goldenId() != null) ids.add(s.goldenId());
        });
        return Reply.ok(store.read(tx -> {
            var records = tx.records().find(keys);
            var goldens = tx.goldens().find(ids);
            var items = new ArrayList<CandidateView>();
            for (var candidate : scored) {
                var record = records.get(candidate.record());
                var golden = candidate.goldenId() == null ? null : goldens.get(candidate.goldenId());
                items.add(new CandidateView(
                        candidate.record(),
                        record == null ? Map.of() : record.attributes(),
                        candidate.goldenId(),
                        golden == null ? null : golden.label(),
                        LinkView.Computed.of(candidate.decision())));
            }
            return new PageView<>(items, null);
        }));
    }

    private static void requireKnown(Call call, MatchRequest request) {
        var names = new HashMap<String, List<String>>();
        call.model()
                .entityTypes()
                .forEach(type -> names.put(
                        type.name(),
                        type.attributes().stream().map(a -> a.name()).toList()));
        var attributes = names.get(request.type());
        if (attributes == null) {
            throw Refused.badRequest("there is no entity type \"" + request.type() + "\""
                    + Nearest.hint(request.type(), names.keySet()));
        }
        request.attributes().forEach((name, value) -> {
            if (!attributes.contains(name)) {
                throw Refused.badRequest(
                        request.type() + " has no attribute \"" + name + "\"" + Nearest.hint(name, attributes));
            }
            if (value == null) throw Refused.badRequest("attribute " + name + " is null; leave it out instead");
        });
    }
}
