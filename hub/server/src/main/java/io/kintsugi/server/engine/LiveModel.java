package io.kintsugi.server.engine;

import io.kintsugi.core.lifecycle.ResolutionPlanner;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.EntityOrder;
import io.kintsugi.core.policy.MatchPolicy;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The published configuration, compiled once. Thread-safe; a publish replaces it as a whole, so one batch sees one version. */
public final class LiveModel {
    private volatile Compiled compiled;

    public LiveModel(HubModel model) {
        publish(model);
    }

    public void publish(HubModel model) {
        var rules = new HashMap<String, Rules>();
        for (var type : model.entityTypes()) {
            var matching = model.matching().get(type.name());
            var authority = model.authority().get(type.name());
            rules.put(
                    type.name(),
                    new Rules(
                            type,
                            matching,
                            authority,
                            new Matcher(type, matching),
                            new ResolutionPlanner(type, matching, authority)));
        }
        compiled = new Compiled(model, Map.copyOf(rules), EntityOrder.of(model.entityTypes(), model.systems()));
    }

    public HubModel get() {
        return compiled.model();
    }

    /** Which entity types are written first. */
    EntityOrder order() {
        return compiled.order();
    }

    /** @throws io.kintsugi.core.model.HubException with {@code NOT_FOUND} if there is no such entity type */
    public Rules rules(String entityType) {
        var now = compiled;
        var rules = now.rules().get(entityType);
        return rules == null
                ? now.rules().get(now.model().entityType(entityType).name())
                : rules;
    }

    private record Compiled(HubModel model, Map<String, Rules> rules, EntityOrder order) {}

    /** Everything that decides about one entity type. */
    public record Rules(
            EntityType type,
            MatchPolicy matching,
            AuthorityPolicy authority,
            Matcher matcher,
            ResolutionPlanner planner) {
        /** Type of an attribute; null for one the model does not know. */
        public Function<String, AttributeType> attributeTypes() {
            return name -> type.attribute(name).map(a -> a.type()).orElse(null);
        }
    }
}
