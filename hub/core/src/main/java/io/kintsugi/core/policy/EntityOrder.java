package io.kintsugi.core.policy;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.EntityType;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jgrapht.alg.connectivity.KosarajuStrongConnectivityInspector;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.SimpleDirectedGraph;
import org.jgrapht.traverse.TopologicalOrderIterator;

/**
 * Which entity types are written first: those that records of others refer to. Types that refer to one another in a circle stand on one
 * step, because none of them can wait for all others. Immutable and thread-safe.
 */
public final class EntityOrder {
    private final Map<String, Integer> steps = new HashMap<>();

    /**
     * @param types every type that one of them refers to is among them
     * @param systems whose mappings say which references are used; others order nothing
     */
    public static EntityOrder of(Collection<EntityType> types, Collection<SystemConfig> systems) {
        return new EntityOrder(types, systems);
    }

    private EntityOrder(Collection<EntityType> types, Collection<SystemConfig> systems) {
        var byName = new TreeMap<String, EntityType>();
        types.forEach(type -> byName.put(type.name(), type));
        var graph = new SimpleDirectedGraph<String, DefaultEdge>(DefaultEdge.class);
        byName.keySet().forEach(graph::addVertex);
        for (var type : byName.values()) {
            for (Attribute reference : type.references()) {
                boolean own = reference.refersTo().equals(type.name());
                if (!own && used(type, reference, systems)) graph.addEdge(reference.refersTo(), type.name());
            }
        }
        var circles = new KosarajuStrongConnectivityInspector<>(graph).getCondensation();
        Comparator<org.jgrapht.Graph<String, DefaultEdge>> byFirst = Comparator.comparing(
                circle -> circle.vertexSet().stream().sorted().findFirst().orElse(""));
        int step = 0;
        for (var order = new TopologicalOrderIterator<>(circles, byFirst); order.hasNext(); step++) {
            for (var type : order.next().vertexSet()) steps.put(type, step);
        }
    }

    private static boolean used(EntityType type, Attribute reference, Collection<SystemConfig> systems) {
        return systems.stream()
                .flatMap(system -> system.streams().stream())
                .filter(stream -> stream.entityType().equals(type.name()))
                .flatMap(stream -> stream.fields().stream())
                .anyMatch(field -> field.attribute().equals(reference.name()));
    }

    /** The place of a type in the order; types of one circle have the same, and one that is not known comes last. */
    public int step(String type) {
        return steps.getOrDefault(type, Integer.MAX_VALUE);
    }

    /** Whether records of a type can wait for those of another, because those never wait for them. */
    public boolean before(String first, String then) {
        return step(first) < step(then);
    }
}
