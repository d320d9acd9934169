package io.kintsugi.server.api;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.HubModel;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What people decided: entity types and their policies; and what the data decided: keys that are no keys. */
final class ModelResource {
    private final HubStore store;

    record EntityTypeView(
            String name,
            EntityType.Kind kind,
            List<Attribute> attributes,
            MatchPolicyView matching,
            AuthorityView authority) {}

    record MatchPolicyView(
            long version, double autoBits, double reviewBits, List<String> duplicateFree, int maxBlock) {}

    record AuthorityView(long version, Rule defaultRule, Map<String, Rule> rules) {}

    record BlockKeyView(String value, long records) {}

    ModelResource(HubStore store) {
        this.store = store;
    }

    void register(Routes routes) {
        routes.get("/api/v1/entity-types", this::list);
        routes.get("/api/v1/entity-types/{name}", this::get);
        routes.get("/api/v1/block-keys", this::genericKeys);
    }

    private Reply list(Call call) {
        return Reply.ok(PageView.all(call.model().entityTypes().stream()
                .sorted(Comparator.comparing(EntityType::name))
                .map(type -> view(type, call.model()))
                .toList()));
    }

    private Reply get(Call call) {
        var name = call.path("name");
        var types = call.model().entityTypes();
        return Reply.ok(types.stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .map(type -> view(type, call.model()))
                .orElseThrow(() -> Refused.notFound("there is no entity type \"" + name + "\""
                        + Nearest.hint(
                                name, types.stream().map(EntityType::name).toList()))));
    }

    private static EntityTypeView view(EntityType type, HubModel model) {
        var matching = model.matching().get(type.name());
        var authority = model.authority().get(type.name());
        return new EntityTypeView(
                type.name(),
                type.kind(),
                type.attributes(),
                new MatchPolicyView(
                        matching.version(),
                        matching.autoBits(),
                        matching.reviewBits(),
                        matching.duplicateFree().stream().sorted().toList(),
                        matching.maxBlock()),
                new AuthorityView(authority.version(), authority.defaultRule(), authority.rules()));
    }

    private Reply genericKeys(Call call) {
        int limit = call.limit();
        return Reply.ok(PageView.all(store.read(tx -> tx.blocks().generic(limit)).stream()
                .map(key -> new BlockKeyView(key.value(), key.records()))
                .toList()));
    }
}
