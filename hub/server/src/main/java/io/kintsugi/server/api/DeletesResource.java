package io.kintsugi.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Journal.Document;
import io.kintsugi.server.config.ModelReader;
import io.kintsugi.server.config.ModelStore.Documents;
import io.kintsugi.server.config.PolicyWarnings;
import io.kintsugi.server.engine.deletion.DeletionReplay;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Delete policies: which are published, what a draft would do, publishing it, and going back. */
final class DeletesResource {
    private static final String KIND = "deletes";
    private static final String ONE = "/api/v1/deletes/{type}";

    private final HubStore store;
    private final LiveModel live;
    private final Clock clock;
    private final BiConsumer<Documents, String> publisher;

    record RuleView(Action action, Action joined, long graceSeconds, Conflict conflict) {
        static RuleView of(Rule rule) {
            return new RuleView(rule.action(), rule.joined(), rule.grace().toSeconds(), rule.conflict());
        }
    }

    /** @param says what follows, in words */
    record CellView(String from, String to, RuleView rule, String says) {}

    record BrakeView(int count, double percent, long windowSeconds, String says) {
        static BrakeView of(Brake brake, DeleteWords words) {
            return new BrakeView(brake.count(), brake.percent(), brake.window().toSeconds(), words.brake(brake));
        }
    }

    /**
     * @param body YAML; empty if nothing was published
     * @param document the same as JSON
     * @param systems systems of the hub that hold the type
     */
    record PolicyView(
            String type,
            long version,
            String body,
            JsonNode document,
            RuleView defaultRule,
            List<CellView> matrix,
            BrakeView brake,
            List<String> systems,
            List<String> warnings,
            List<PolicyVersion> versions) {}

    record PreviewView(
            String type, List<CellView> matrix, BrakeView brake, List<String> warnings, DeletionReplay.Result replay) {}

    DeletesResource(HubStore store, LiveModel live, Clock clock, BiConsumer<Documents, String> publisher) {
        this.store = store;
        this.live = live;
        this.clock = clock;
        this.publisher = publisher;
    }

    void register(Routes routes) {
        routes.get(ONE, this::get);
        routes.ask(ONE + "/preview", this::preview);
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
                now, now.version(), stored, (version, body) -> ModelReader.deletes(type, version, body));
        return Reply.ok(view(then, stored), then.version());
    }

    private DeletePolicy policy(Call call) {
        var type = call.path("type");
        var known = call.model().entityTypes().stream().map(EntityType::name).toList();
        if (!known.contains(type)) {
            throw Refused.notFound("there is no entity type \"" + type + "\"" + Nearest.hint(type, known));
        }
        return live.get().deletes(type);
    }

    private PolicyView view(DeletePolicy policy) {
        return view(policy, store.read(tx -> tx.journal().versions(KIND, policy.entityType())));
    }

    /** @param stored versions up to that one, newest first */
    private PolicyView view(DeletePolicy policy, List<Document> stored) {
        var type = policy.entityType();
        var model = live.get();
        var body = stored.isEmpty() ? "" : stored.get(0).body();
        return new PolicyView(
                type,
                policy.version(),
                body,
                ModelReader.tree(KIND + "." + type, body),
                RuleView.of(policy.defaultRule()),
                matrix(policy, model),
                BrakeView.of(policy.brake(), new DeleteWords(model, type)),
                holders(model, type),
                PolicyWarnings.of(policy, model),
                PolicyVersion.of(stored));
    }

    private static List<String> holders(HubModel model, String type) {
        return model.systems().stream()
                .filter(system -> streams(system, type).findAny().isPresent())
                .map(SystemConfig::id)
                .sorted()
                .toList();
    }

    private static Stream<StreamMapping> streams(SystemConfig system, String type) {
        return system.streams().stream().filter(stream -> stream.entityType().equals(type));
    }

    private static List<CellView> matrix(DeletePolicy policy, HubModel model) {
        var words = new DeleteWords(model, policy.entityType());
        var systems = holders(model, policy.entityType());
        var cells = new ArrayList<CellView>();
        for (var from : Stream.concat(systems.stream(), Stream.of(Deletion.HUB)).toList()) {
            for (var to : systems) {
                if (from.equals(to)) continue;
                var rule = policy.rule(from, to);
                cells.add(new CellView(from, to, RuleView.of(rule), words.cell(from, to, rule)));
            }
        }
        return cells;
    }

    private Reply preview(Call call) {
        var policy = policy(call);
        var draft = parsed(policy, call.body(PolicyDraft.class).yaml());
        var model = live.get();
        return Reply.ok(new PreviewView(
                policy.entityType(),
                matrix(draft, model),
                BrakeView.of(draft.brake(), new DeleteWords(model, policy.entityType())),
                PolicyWarnings.of(draft, model),
                new DeletionReplay(store, policy, draft, clock.instant()).run()));
    }

    private Reply publish(Call call) {
        long seen = call.revision();
        var draft = call.body(PolicyDraft.class);
        return publish(policy(call), seen, draft.yaml());
    }

    private Reply rollback(Call call) {
        long seen = call.revision();
        var back = PolicyVersion.Back.in(call);
        var policy = policy(call);
        var stored = store.read(tx -> tx.journal().versions(KIND, policy.entityType()));
        return publish(policy, seen, back.body("the delete policy of " + policy.entityType(), stored));
    }

    private synchronized Reply publish(DeletePolicy asked, long seen, String body) {
        var type = asked.entityType();
        var policy = live.get().deletes(type); // as it is now, not when the request began
        if (policy.version() != seen) {
            throw Refused.conflict(
                    new HubException(
                            HubErrorCode.REVISION_CONFLICT,
                            "the delete policy of " + type + " is at version " + policy.version() + ", you sent " + seen
                                    + "; reload and decide again"),
                    view(policy));
        }
        parsed(policy, body);
        publisher.accept(new Documents(Map.of(KIND, Map.of(type, body))), HubApi.LOCAL_USER);
        return Reply.ok(view(live.get().deletes(type)));
    }

    /** What is wrong with a draft is the caller's to mend. */
    private DeletePolicy parsed(DeletePolicy policy, String body) {
        try {
            return ModelReader.deletes(live.get().entityType(policy.entityType()), policy.version() + 1, body);
        } catch (HubException e) {
            if (e.code() != HubErrorCode.BAD_CONFIGURATION) throw e;
            throw new HubException(HubErrorCode.UNPROCESSABLE, e.getMessage(), e);
        }
    }
}
