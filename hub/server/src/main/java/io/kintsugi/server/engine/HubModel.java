package io.kintsugi.server.engine;

import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.SystemConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What people decided: the published configuration as one value. Every entity type has a match and an authority policy.
 *
 * @param matching by entity type
 * @param authority by entity type
 */
public record HubModel(
        List<EntityType> entityTypes,
        Map<String, MatchPolicy> matching,
        Map<String, AuthorityPolicy> authority,
        List<SystemConfig> systems) {
    public HubModel {
        entityTypes = List.copyOf(entityTypes);
        matching = Map.copyOf(matching);
        authority = Map.copyOf(authority);
        systems = List.copyOf(systems);
        for (var type : entityTypes) {
            if (!matching.containsKey(type.name()) || !authority.containsKey(type.name())) {
                throw new HubException(
                        HubErrorCode.BAD_CONFIGURATION,
                        "entity type " + type.name() + " has no match or no authority policy");
            }
        }
    }

    /** @throws HubException with {@code NOT_FOUND} that names the types there are */
    public EntityType entityType(String name) {
        return entityTypes.stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new HubException(
                        HubErrorCode.NOT_FOUND,
                        "there is no entity type " + name + "; there are "
                                + entityTypes.stream().map(EntityType::name).toList()));
    }

    public Optional<SystemConfig> system(String id) {
        return systems.stream().filter(system -> system.id().equals(id)).findFirst();
    }

    /** Whether what the hub creates in a stream carries no key that names the create. */
    boolean keyless(String system, String stream) {
        return system(system).stream()
                .flatMap(config -> config.streams().stream())
                .anyMatch(mapping ->
                        mapping.stream().equals(stream) && mapping.provision() && mapping.linkKeyField() == null);
    }
}
