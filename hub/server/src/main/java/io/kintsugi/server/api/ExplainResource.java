package io.kintsugi.server.api;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.Explanations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Why two records are linked or not, and what a description would match. */
final class ExplainResource {
    private static final int MOST_CANDIDATES = 100;
    private final HubStore store;
    private final Explanations explanations;

    record LinkExplanation(
            RecordView a, RecordView b, boolean sameGolden, List<LinkView> links, LinkView.Computed computed) {}

    record MatchRequest(String type, Map<String, String> attributes, Integer limit) {}

    record CandidateView(
            RecordKey record,
            Map<String, String> attributes,
            String goldenId,
            String label,
            LinkView.Computed decision) {}

    ExplainResource(HubStore store, Explanations explanations) {
        this.store = store;
        this.explanations = explanations;
    }

    void register(Routes routes) {
        routes.get("/api/v1/explain/link", this::link);
        routes.ask("/api/v1/match", this::match);
    }

    private Reply link(Call call) {
        var a = call.key("a");
        var b = call.key("b");
        if (a.equals(b)) throw Refused.badRequest("parameters a and b name the same record");
        var stored = store.read(tx -> {
            var found = tx.records().find(List.of(a, b));
            for (var key : List.of(a, b)) {
                if (!found.containsKey(key)) throw Refused.notFound("the hub does not know the record " + key);
            }
            var views = GoldenReader.records(tx, List.of(found.get(a), found.get(b)));
            var links = tx.links().of(List.of(a)).stream()
                    .filter(link -> link.a().equals(b) || link.b().equals(b))
                    .map(LinkView::of)
                    .toList();
            return new LinkExplanation(
                    views.get(0),
                    views.get(1),
                    views.get(0).goldenId() != null
                            && views.get(0).goldenId().equals(views.get(1).goldenId()),
                    links,
                    null);
        });
        var computed = LinkView.Computed.of(explanations.compare(a, b));
        return Reply.ok(new LinkExplanation(stored.a(), stored.b(), stored.sameGolden(), stored.links(), computed));
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
