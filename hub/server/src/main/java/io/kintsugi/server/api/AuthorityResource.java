package io.kintsugi.server.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.connector.spi.Catalog;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Journal.Document;
import io.kintsugi.server.config.ModelReader;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.config.PolicyWarnings;
import io.kintsugi.server.config.Previews;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.stewardship.AuthorityPreview;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Authority policies: which are published, what a draft would change, publishing it, and going back. */
final class AuthorityResource {
    private static final String KIND = "authority";
    private static final String ONE = "/api/v1/authority/{type}";
    private static final int MOST_SAMPLES = 500;
    private static final int SAMPLES = 50;
    private static final long PATIENCE_MILLIS = 2_000;

    private final HubStore store;
    private final LiveModel live;
    private final Clock clock;
    private final Function<String, Catalog> catalogs;
    private final Previews previews;
    private final BiConsumer<Documents, String> publisher;

    /**
     * @param body YAML; empty if nothing was published
     * @param document the same as JSON
     * @param systems systems of the hub that hold the type
     * @param warnings what is allowed and may not be meant
     */
    record PolicyView(
            String type,
            long version,
            String body,
            JsonNode document,
            Rule defaultRule,
            Map<String, List<Rule>> rules,
            Map<String, List<String>> groups,
            List<String> systems,
            List<String> warnings,
            List<PolicyVersion> versions) {}

    /** @param warnings what is allowed and may not be meant */
    record PreviewView(@JsonUnwrapped AuthorityPreview.Result found, List<String> warnings) {}

    /** @param body YAML; or {@code document}, the same as JSON */
    record Draft(String body, JsonNode document, Integer samples) {}

    AuthorityResource(
            HubStore store,
            LiveModel live,
            Clock clock,
            Function<String, Catalog> catalogs,
            Previews previews,
            BiConsumer<Documents, String> publisher) {
        this.store = store;
        this.live = live;
        this.clock = clock;
        this.catalogs = catalogs;
        this.previews = previews;
        this.publisher = publisher;
    }

    void register(Routes routes) {
        routes.get(ONE, this::get);
        routes.ask(ONE + "/preview", this::preview);
        routes.get("/api/v1/authority/previews/{id}", this::progress);
        routes.post(ONE + "/publish", this::publish);
        routes.post(ONE + "/rollback", this::rollback);
    }

    private Reply get(Call call) {
        var now = policy(call);
        var asOf = call.past("asOf");
        if (asOf == null) {
            var view = view(now);
            return Reply.ok(view, view.version());
        }
        var type = live.get().entityType(now.entityType());
        var stored = store.read(tx -> PolicyVersion.until(tx, KIND, type.name(), asOf));
        var then = PolicyVersion.inForce(
                now, now.version(), stored, (version, body) -> ModelReader.authority(type, version, body));
        return Reply.ok(view(then, stored), then.version());
    }

    private AuthorityPolicy policy(Call call) {
        var type = call.path("type");
        var policy = live.get().authority().get(type);
        if (policy == null) {
            throw Refused.notFound("there is no entity type \"" + type + "\""
                    + Nearest.hint(type, live.get().authority().keySet()));
        }
        return policy;
    }

    private PolicyView view(AuthorityPolicy policy) {
        return view(policy, store.read(tx -> tx.journal().versions(KIND, policy.entityType())));
    }

    /** @param stored versions up to that one, newest first */
    private PolicyView view(AuthorityPolicy policy, List<Document> stored) {
        var type = policy.entityType();
        var body = stored.isEmpty() ? "" : stored.get(0).body();
        var systems = live.get().systems();
        return new PolicyView(
                type,
                policy.version(),
                body,
                ModelReader.tree(KIND + "." + type, body),
                policy.defaultRule(),
                policy.rules(),
                policy.groups(),
                systems.stream()
                        .filter(system -> system.streams().stream()
                                .anyMatch(stream -> stream.entityType().equals(type)))
                        .map(system -> system.id())
                        .sorted()
                        .toList(),
                PolicyWarnings.of(policy, live.get()),
                PolicyVersion.of(stored));
    }

    private Reply preview(Call call) {
        var policy = policy(call);
        var draft = call.body(Draft.class);
        int samples = draft.samples() == null ? SAMPLES : draft.samples();
        if (samples < 0 || samples > MOST_SAMPLES) {
            throw Refused.badRequest("samples must be a whole number from 0 to " + MOST_SAMPLES);
        }
        var parsed = parsed(policy, new PolicyDraft(draft.body(), draft.document()).yaml());
        var preview = new AuthorityPreview(store, live, parsed, samples, clock.instant(), catalogs);
        var warnings = PolicyWarnings.of(parsed, live.get());
        var work = new Previews.Work(
                policy.entityType(), preview::total, progress -> new PreviewView(preview.run(progress), warnings));
        return Reply.ok(previews.begin(work, PATIENCE_MILLIS));
    }

    private Reply progress(Call call) {
        return Reply.ok(previews.find(call.path("id"))
                .orElseThrow(() -> Refused.notFound("there is no preview " + call.path("id") + "; begin it again")));
    }

    private Reply publish(Call call) {
        long seen = call.revision();
        var draft = call.body(PolicyDraft.class);
        return publish(policy(call), seen, draft.yaml());
    }

    /** Publishes what an earlier version said; it becomes a version of its own, so that nothing is forgotten. */
    private Reply rollback(Call call) {
        long seen = call.revision();
        var back = PolicyVersion.Back.in(call);
        var policy = policy(call);
        var stored = store.read(tx -> tx.journal().versions(KIND, policy.entityType()));
        return publish(policy, seen, back.body("the authority of " + policy.entityType(), stored));
    }

    private synchronized Reply publish(AuthorityPolicy asked, long seen, String body) {
        var policy = live.get().authority().get(asked.entityType()); // as it is now, not when the request began
        if (policy.version() != seen) {
            throw Refused.conflict(
                    new HubException(
                            HubErrorCode.REVISION_CONFLICT,
                            "the authority of " + policy.entityType() + " is at version " + policy.version()
                                    + ", you sent " + seen + "; reload and decide again"),
                    view(policy));
        }
        parsed(policy, body);
        publisher.accept(new Documents(Map.of(KIND, Map.of(policy.entityType(), body))), HubApi.LOCAL_USER);
        return Reply.ok(view(live.get().authority().get(policy.entityType())));
    }

    /** What is wrong with a draft is the caller's to mend. */
    private AuthorityPolicy parsed(AuthorityPolicy policy, String body) {
        try {
            return ModelReader.authority(live.get().entityType(policy.entityType()), policy.version() + 1, body);
        } catch (HubException e) {
            if (e.code() != HubErrorCode.BAD_CONFIGURATION) throw e;
            throw new HubException(HubErrorCode.UNPROCESSABLE, e.getMessage(), e);
        }
    }
}
