package io.kintsugi.server.api;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.store.Blocks.BlockKey;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.explain.GenericKeys;
import io.kintsugi.server.engine.shared.HubModel;
import java.util.List;
import java.util.Map;

/** What people decided: entity types and their policies; and what the data decided: keys that are no keys. */
final class ModelResource {
    private static final int EVERY = 1_000_000; // a key is generic only when many records share it
    private static final Listing<EntityType> TYPES = Listing.of(EntityType::name)
            .byId("name")
            .by("kind", type -> type.kind().name());
    private static final Listing<BlockKey> KEYS = Listing.of(BlockKey::value)
            .by("-records", key -> Listing.text(key.records()))
            .byId("value");
    private final HubStore store;

    record EntityTypeView(
            String name,
            EntityType.Kind kind,
            List<Attribute> attributes,
            MatchPolicyView matching,
            AuthorityView authority) {}

    record MatchPolicyView(
            long version, double autoBits, double reviewBits, List<String> duplicateFree, int maxBlock) {}

    record AuthorityView(
            long version, Rule defaultRule, Map<String, List<Rule>> rules, Map<String, List<String>> groups) {}

    record BlockKeyView(String value, long records) {}

    ModelResource(HubStore store) {
        this.store = store;
    }

    void register(Routes routes) {
        routes.get("/api/v1/entity-types", this::list);
        routes.get("/api/v1/entity-types/{name}", this::get);
        routes.get("/api/v1/block-keys", this::genericKeys);
        routes.get("/api/v1/block-keys/{value}", this::affected);
    }

    private Reply list(Call call) {
        var kind = call.constant("kind", EntityType.Kind.class);
        var types = call.model().entityTypes().stream()
                .filter(type -> kind == null || kind == type.kind())
                .toList();
        return Reply.ok(PageView.of(TYPES.page(call, types), type -> view(type, call.model())));
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
                new AuthorityView(authority.version(), authority.defaultRule(), authority.rules(), authority.groups()));
    }

    private Reply affected(Call call) {
        var value = call.path("value");
        return Reply.ok(new GenericKeys(store)
                .of(value)
                .orElseThrow(() -> Refused.notFound("no record ever held the block key " + value)));
    }

    private Reply genericKeys(Call call) {
        var type = call.entityType();
        var keys = store.read(tx -> tx.blocks().generic(EVERY)).stream()
                .filter(key -> type == null || key.value().startsWith(type + ":"))
                .toList();
        return Reply.ok(PageView.of(KEYS.page(call, keys), key -> new BlockKeyView(key.value(), key.records())));
    }
}
