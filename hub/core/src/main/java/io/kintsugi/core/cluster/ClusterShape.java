package io.kintsugi.core.cluster;

import io.kintsugi.core.model.RecordKey;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jgrapht.alg.connectivity.BiconnectivityInspector;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.SimpleGraph;

/**
 * How a cluster hangs together. Records that alone hold two parts together are the first sign of a wrong merge: each part may be right
 * without them.
 *
 * @param records how many
 * @param links pairs of them that score as the same by themselves
 * @param bridges records without which the links fall into parts, sorted
 */
public record ClusterShape(int records, int links, List<RecordKey> bridges) {
    /** Two records, in any order. */
    public record Pair(RecordKey a, RecordKey b) {}

    /** @param links that lead out of the cluster are ignored */
    public static ClusterShape of(SortedSet<RecordKey> cluster, Collection<Pair> links) {
        var graph = new SimpleGraph<RecordKey, DefaultEdge>(DefaultEdge.class);
        cluster.forEach(graph::addVertex);
        for (var link : links) {
            if (!link.a().equals(link.b()) && cluster.contains(link.a()) && cluster.contains(link.b())) {
                graph.addEdge(link.a(), link.b());
            }
        }
        var bridges = new TreeSet<>(new BiconnectivityInspector<>(graph).getCutpoints());
        return new ClusterShape(cluster.size(), graph.edgeSet().size(), List.copyOf(bridges));
    }
}
