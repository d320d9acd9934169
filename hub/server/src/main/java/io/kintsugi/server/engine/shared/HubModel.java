package io.kintsugi.server.engine.shared;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.SystemConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What people decided: the published configuration as one value. Every entity type has a match and an authority policy.
 *
 * @param matching by entity type
 * @param authority by entity type
 * @param deletes by entity type; that of a type without an entry lets nothing spread
 */
public record HubModel(
        List<EntityType> entityTypes,
        Map<String, MatchPolicy> matching,
        Map<String, AuthorityPolicy> authority,
        Map<String, DeletePolicy> deletes,
        List<SystemConfig> systems) {
    /** Takes the place of a system in the checkpoints that say by which build's match rules a type was decided. */
    public static final String RULES = "match-rules";

    /** What {@link #policies} says as long as nobody published any. */
    public static final String SHIPPED_POLICIES = "shipped policies";

    public HubModel {
        entityTypes = List.copyOf(entityTypes);
        matching = Map.copyOf(matching);
        authority = Map.copyOf(authority);
        deletes = Map.copyOf(deletes);
        systems = List.copyOf(systems);
        for (var type : entityTypes) {
            if (!matching.containsKey(type.name()) || !authority.containsKey(type.name())) {
                throw new HubException(
                        HubErrorCode.BAD_CONFIGURATION,
                        "entity type " + type.name() + " has no match or no authority policy");
            }
        }
        for (var type : entityTypes) {
            for (var reference : type.references()) requireTarget(type, reference, entityTypes, systems);
        }
    }

    /** A reference is understood in a system only through the records of the type that it leads to. */
    private static void requireTarget(
            EntityType type, Attribute reference, List<EntityType> entityTypes, List<SystemConfig> systems) {
        var to = reference.refersTo();
        if (entityTypes.stream().noneMatch(other -> other.name().equals(to))) {
            throw new HubException(
                    HubErrorCode.BAD_CONFIGURATION,
                    "entities." + type.name() + ".attributes." + reference.name() + " leads to \"" + to
                            + "\", and there is no such entity type; there are "
                            + entityTypes.stream().map(EntityType::name).toList());
        }
        for (var system : systems) {
            boolean understood = system.streams().stream()
                    .anyMatch(stream -> stream.entityType().equals(to));
            for (var stream : system.streams()) {
                boolean maps = stream.entityType().equals(type.name())
                        && stream.fields().stream()
                                .anyMatch(field -> field.attribute().equals(reference.name()));
                if (maps && !understood) {
                    throw new HubException(
                            HubErrorCode.BAD_CONFIGURATION,
                            "systems." + system.id() + ".streams." + stream.stream() + " maps " + reference.name()
                                    + ", which leads to " + to + ", but no stream of " + system.id() + " is mapped to "
                                    + to
                                    + ", so its ids could not be understood; map that stream too, or take the field away");
                }
            }
        }
    }

    /** Whether records of some type can refer to records of this one. */
    boolean referredTo(String entityType) {
        return entityTypes.stream()
                .flatMap(type -> type.references().stream())
                .anyMatch(reference -> reference.refersTo().equals(entityType));
    }

    /** One in which no deletion spreads. */
    public HubModel(
            List<EntityType> entityTypes,
            Map<String, MatchPolicy> matching,
            Map<String, AuthorityPolicy> authority,
            List<SystemConfig> systems) {
        this(entityTypes, matching, authority, Map.of(), systems);
    }

    /** What deletes of an entity type lead to; the default where nobody said. */
    public DeletePolicy deletes(String entityType) {
        var policy = deletes.get(entityType);
        return policy == null ? DeletePolicy.none(entityType) : policy;
    }

    /**
     * The versions of the policies in force for an entity type, as what is decided under them keeps them: "authority 3, match 2, deletes
     * 1". A kind of which none was published is left out.
     */
    public String policies(String entityType) {
        var versions = new ArrayList<String>();
        if (authority.containsKey(entityType))
            add(versions, "authority", authority.get(entityType).version());
        if (matching.containsKey(entityType))
            add(versions, "match", matching.get(entityType).version());
        add(versions, "deletes", deletes(entityType).version());
        return versions.isEmpty() ? SHIPPED_POLICIES : String.join(", ", versions);
    }

    private static void add(List<String> versions, String kind, long version) {
        if (version > 0) versions.add(kind + " " + version);
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

    /** Configuration of a system; empty if there is none with this id. */
    public Optional<SystemConfig> system(String id) {
        return systems.stream().filter(system -> system.id().equals(id)).findFirst();
    }

    /** Whether what the hub creates in a stream carries no key that names the create. */
    public boolean keyless(String system, String stream) {
        return system(system).stream()
                .flatMap(config -> config.streams().stream())
                .anyMatch(mapping -> mapping.stream().equals(stream) && mapping.linkKeyField() == null);
    }
}
