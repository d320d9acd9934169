package io.kintsugi.server.engine.shared;

import io.kintsugi.core.lifecycle.ResolutionPlanner;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.EntityOrder;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.schema.Standing;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The published configuration, compiled once. Thread-safe; a publish replaces it as a whole, so one batch sees one version. */
public final class LiveModel {
    private volatile Compiled compiled;
    private volatile Map<StreamId, Standing> standings = Map.of();

    public LiveModel(HubModel model) {
        publish(model);
    }

    private record StreamId(String system, String stream) {}

    /** Makes this the configuration that everybody reads from now on. */
    public synchronized void publish(HubModel model) {
        var rules = new HashMap<String, Rules>();
        for (var type : model.entityTypes()) {
            var matching = model.matching().get(type.name());
            var authority = model.authority().get(type.name());
            var policies = model.policies(type.name());
            rules.put(
                    type.name(),
                    new Rules(
                            type,
                            matching,
                            authority,
                            policies,
                            new Matcher(type, matching),
                            new ResolutionPlanner(type, matching, authority, policies)));
        }
        compiled = new Compiled(
                model, working(model), Map.copyOf(rules), EntityOrder.of(model.entityTypes(), model.systems()));
    }

    /** From now on this is what works of the mapping of a stream. */
    public synchronized void stand(String system, String stream, Standing standing) {
        var all = new HashMap<>(standings);
        all.put(new StreamId(system, stream), standing);
        standings = Map.copyOf(all);
        compiled =
                new Compiled(compiled.published(), working(compiled.published()), compiled.rules(), compiled.order());
    }

    /** What works of the mapping of a stream, and why not all. */
    public Standing standing(String system, String stream) {
        return standings.getOrDefault(new StreamId(system, stream), Standing.CLEAR);
    }

    private HubModel working(HubModel model) {
        return new HubModel(
                model.entityTypes(),
                model.matching(),
                model.authority(),
                model.deletes(),
                model.systems().stream()
                        .map(system -> system.withStreams(system.streams().stream()
                                .map(stream ->
                                        standing(system.id(), stream.stream()).applyTo(stream))
                                .toList()))
                        .toList());
    }

    /** The published configuration with what works of its mappings as things are. */
    public HubModel get() {
        return compiled.model();
    }

    /** Which entity types are written first. */
    public EntityOrder order() {
        return compiled.order();
    }

    /** The published configuration as people made it. */
    public HubModel published() {
        return compiled.published();
    }

    /** @throws io.kintsugi.core.model.HubException with {@code NOT_FOUND} if there is no such entity type */
    public Rules rules(String entityType) {
        var now = compiled;
        var rules = now.rules().get(entityType);
        return rules == null
                ? now.rules().get(now.model().entityType(entityType).name())
                : rules;
    }

    private record Compiled(HubModel published, HubModel model, Map<String, Rules> rules, EntityOrder order) {}

    /** Everything that decides about one entity type. @param policies as of {@link HubModel#policies} */
    public record Rules(
            EntityType type,
            MatchPolicy matching,
            AuthorityPolicy authority,
            String policies,
            Matcher matcher,
            ResolutionPlanner planner) {
        /** Type of an attribute; null for one the model does not know. */
        public Function<String, AttributeType> attributeTypes() {
            return name -> type.attribute(name).map(a -> a.type()).orElse(null);
        }
    }
}
