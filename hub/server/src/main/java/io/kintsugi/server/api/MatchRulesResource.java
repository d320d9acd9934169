package io.kintsugi.server.api;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Journal.Document;
import io.kintsugi.server.config.LearnedRules;
import io.kintsugi.server.config.MatchQuality;
import io.kintsugi.server.config.ModelReader;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.config.Previews;
import io.kintsugi.server.config.RematchPreview;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Match rules: which are published, how well they did, what the records teach, what a draft would change, and publishing it. */
final class MatchRulesResource {
    private static final String ONE = "/api/v1/match-rules/{type}";
    private static final int MOST_VERSIONS = 10;
    private static final int MOST_SAMPLES = 500;
    private static final int SAMPLES = 50;
    private static final long PATIENCE_MILLIS = 2_000;

    private final HubStore store;
    private final LiveModel live;
    private final Previews previews;
    private final BiConsumer<Documents, String> publisher;

    /** @param figures null if nothing was judged, or the version cannot be read by this program */
    record VersionView(long version, Instant at, String by, MatchQuality.Figures figures) {}

    /** @param body YAML; empty if the shipped rules hold as they are */
    record RulesView(
            String type,
            long version,
            String ruleSet,
            double autoBits,
            double reviewBits,
            Double precisionFloor,
            String body,
            List<VersionView> versions) {}

    record Draft(String body, Integer samples) {}

    record Publication(String body) {}

    MatchRulesResource(HubStore store, LiveModel live, Previews previews, BiConsumer<Documents, String> publisher) {
        this.store = store;
        this.live = live;
        this.previews = previews;
        this.publisher = publisher;
    }

    void register(Routes routes) {
        routes.get(ONE, this::get);
        routes.ask(ONE + "/preview", this::preview);
        routes.get("/api/v1/match-rules/previews/{id}", call -> progress(call, RematchPreview.Result.class));
        routes.ask(ONE + "/learn", this::learn);
        routes.get("/api/v1/match-rules/lessons/{id}", call -> progress(call, LearnedRules.Result.class));
        routes.post(ONE + "/publish", this::publish);
        routes.post(ONE + "/rollback", this::rollback);
    }

    private Reply get(Call call) {
        var now = policy(call);
        var asOf = call.past("asOf");
        if (asOf == null) {
            var view = view(call, now);
            return Reply.ok(view, view.version());
        }
        var type = call.model().entityType(now.entityType());
        return Reply.ok(store.read(tx -> {
            var stored = PolicyVersion.until(tx, "matching", type.name(), asOf);
            var then = PolicyVersion.inForce(
                    now, now.version(), stored, (version, body) -> ModelReader.matching(type, version, body));
            return view(tx, type, then, stored);
        }));
    }

    private static MatchPolicy policy(Call call) {
        var type = call.path("type");
        var policy = call.model().matching().get(type);
        if (policy == null) {
            throw Refused.notFound("there is no entity type \"" + type + "\""
                    + Nearest.hint(type, call.model().matching().keySet()));
        }
        return policy;
    }

    private RulesView view(Call call, MatchPolicy policy) {
        var type = call.model().entityType(policy.entityType());
        return store.read(tx -> view(tx, type, policy, tx.journal().versions("matching", type.name())));
    }

    /** @param stored versions up to that one, newest first */
    private static RulesView view(HubTransaction tx, EntityType type, MatchPolicy policy, List<Document> stored) {
        var quality = MatchQuality.of(tx, type.name());
        var versions = new ArrayList<VersionView>();
        boolean listed = stored.stream().anyMatch(document -> document.version() == policy.version());
        if (!listed) {
            versions.add(new VersionView(policy.version(), null, null, quality.measure(tx, new Matcher(type, policy))));
        }
        for (var document : stored.subList(0, Math.min(MOST_VERSIONS, stored.size()))) {
            versions.add(new VersionView(
                    document.version(),
                    document.at(),
                    document.by(),
                    figures(
                            tx,
                            quality,
                            () -> new Matcher(type, ModelReader.matching(type, document.version(), document.body())))));
        }
        var body = stored.isEmpty() ? "" : stored.get(0).body();
        var floor = ModelReader.precisionFloor(type, body);
        return new RulesView(
                type.name(),
                policy.version(),
                new Matcher(type, policy).ruleSet(),
                policy.autoBits(),
                policy.reviewBits(),
                floor.isPresent() ? floor.getAsDouble() : null,
                body,
                versions);
    }

    private static MatchQuality.Figures figures(HubTransaction tx, MatchQuality quality, Supplier<Matcher> matcher) {
        try {
            return quality.measure(tx, matcher.get());
        } catch (HubException e) {
            return null; // written for another build
        }
    }

    private Reply preview(Call call) {
        var policy = policy(call);
        var draft = call.body(Draft.class);
        int samples = draft.samples() == null ? SAMPLES : draft.samples();
        if (samples < 0 || samples > MOST_SAMPLES) {
            throw Refused.badRequest("samples must be a whole number from 0 to " + MOST_SAMPLES);
        }
        var type = call.model().entityType(policy.entityType());
        var rules = parsed(() -> ModelReader.matching(type, policy.version() + 1, body(draft.body())));
        var authority = call.model().authority().get(type.name());
        var preview = new RematchPreview(store, type, rules, authority, samples);
        var work = new Previews.Work(type.name(), preview::total, preview::run);
        return Reply.ok(previews.begin(work, PATIENCE_MILLIS));
    }

    private Reply learn(Call call) {
        var type = call.model().entityType(policy(call).entityType());
        var body = body(call.body(Publication.class).body());
        var lesson = parsed(() -> new LearnedRules(store, type, body));
        return Reply.ok(previews.begin(new Previews.Work(type.name(), lesson::total, lesson::run), PATIENCE_MILLIS));
    }

    private Reply progress(Call call, Class<?> result) {
        return Reply.ok(previews.find(call.path("id"))
                .filter(preview -> preview.result() == null || result.isInstance(preview.result()))
                .orElseThrow(
                        () -> Refused.notFound("there is no such work as " + call.path("id") + "; begin it again")));
    }

    private Reply publish(Call call) {
        long seen = call.revision();
        var publication = call.body(Publication.class);
        return publish(call, seen, body(publication.body()));
    }

    /** Publishes what an earlier version said; it becomes a version of its own, so that nothing is forgotten. */
    private Reply rollback(Call call) {
        long seen = call.revision();
        var back = PolicyVersion.Back.in(call);
        var type = policy(call).entityType();
        var stored = store.read(tx -> tx.journal().versions("matching", type));
        return publish(call, seen, back.body("the match rules of " + type, stored));
    }

    private synchronized Reply publish(Call call, long seen, String body) {
        var policy = now(policy(call).entityType());
        if (policy.version() != seen) {
            throw Refused.conflict(
                    new HubException(
                            HubErrorCode.REVISION_CONFLICT,
                            "the match rules of " + policy.entityType() + " are at version " + policy.version()
                                    + ", you sent " + seen + "; reload and decide again"),
                    view(call, policy));
        }
        parsed(() -> ModelReader.matching(call.model().entityType(policy.entityType()), policy.version() + 1, body));
        publisher.accept(new Documents(Map.of("matching", Map.of(policy.entityType(), body))), HubApi.LOCAL_USER);
        return Reply.ok(view(call, now(policy.entityType())));
    }

    /** As it is when asked, not when the request began. */
    private MatchPolicy now(String entityType) {
        return live.get().matching().get(entityType);
    }

    private static String body(String body) {
        if (body == null) throw Refused.badRequest("body is missing; send the rules as YAML, or an empty text");
        return body;
    }

    /** What is wrong with a draft is the caller's to mend. */
    private static <T> T parsed(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (HubException e) {
            if (e.code() != HubErrorCode.BAD_CONFIGURATION) throw e;
            throw new HubException(HubErrorCode.UNPROCESSABLE, e.getMessage(), e);
        }
    }
}
