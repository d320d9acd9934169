package io.kintsugi.server.engine;

import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.graph.TestGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Lives a history twice, on the store in memory and on Neo4j. The engine, the systems and the dice are the same, so whatever differs is a
 * store that does not do what the other does.
 */
final class GraphHistories {
    private GraphHistories() {}

    /**
     * What became of one seed.
     *
     * @param difference the first of them, with what each store had
     */
    record Pair(long seed, History memory, History graph, Optional<String> difference) {}

    static Pair live(long seed, List<Scenario.Step> steps, boolean tracing) {
        var memory = Simulations.run(seed, steps, new MemoryHubStore(), tracing);
        try (var store =
                TestGraph.empty()) { // closed, because it keeps numbers in reserve from one history to the next
            var graph = Simulations.run(seed, steps, store, tracing);
            return new Pair(seed, memory, graph, difference(told(memory, tracing), told(graph, tracing)));
        }
    }

    /** Every write that took effect, and all that the hub knows at the end. */
    private static List<Object> told(History history, boolean tracing) {
        var told = new ArrayList<Object>();
        if (tracing) told.addAll(history.trace().lines().toList());
        told.addAll(history.effects);
        told.addAll(known(history.store, history.systems.keySet()));
        told.add("violations " + history.violations);
        return told;
    }

    private static List<Object> known(HubStore store, Iterable<String> systems) {
        return store.read(tx -> {
            var known = new ArrayList<Object>();
            for (var system : systems) {
                var records = tx.records().list(system, "contact", null, 500).items();
                known.addAll(records);
                var ids = tx.goldens()
                        .goldenOf(records.stream().map(SourceRecord::key).toList());
                known.add(ids);
                known.add(tx.goldens().find(new TreeSet<>(ids.values())));
                known.addAll(tx.outbox().list(system, null, null, 500).items());
            }
            known.add(tx.reviews().openCounts());
            known.add(Set.copyOf(tx.records().counts()));
            known.add(tx.goldens().feed(0, 10_000));
            return known;
        });
    }

    private static Optional<String> difference(List<Object> memory, List<Object> graph) {
        for (int i = 0; i < Math.max(memory.size(), graph.size()); i++) {
            var one = i < memory.size() ? memory.get(i) : "nothing";
            var other = i < graph.size() ? graph.get(i) : "nothing";
            if (!one.equals(other)) return Optional.of("memory: " + one + "\n neo4j: " + other);
        }
        return Optional.empty();
    }

    /** As {@code main} of {@link Simulations}, which calls it. */
    static void run(long first, long count, int steps, boolean tracing) {
        int different = 0;
        int violated = 0;
        int writes = 0;
        long begin = System.nanoTime();
        for (long seed = first; seed < first + count; seed++) {
            var pair = live(seed, Scenario.draw(seed, steps), tracing);
            writes += pair.graph().effects.size();
            if (!pair.graph().violations.isEmpty()) {
                violated++;
                System.out.println(seed + " " + pair.graph().violations);
            }
            if (pair.difference().isPresent()) {
                different++;
                System.out.println(seed + " differs\n" + pair.difference().get());
            }
            if ((seed - first + 1) % 10 == 0) System.out.println(seed - first + 1 + " lived");
        }
        System.out.printf(
                "%d histories on Neo4j in %.0f s, %d writes; %d with violations, %d other than in memory%n",
                count, (System.nanoTime() - begin) / 1e9, writes, violated, different);
    }
}
