package io.kintsugi.server.engine;

import io.kintsugi.graph.TestGraph;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The copy that a dry run works in, made of a real Neo4j. */
class DryRunIT {
    @Test
    @DisplayName("SYN-11: the dry run of a hub on Neo4j tells exactly what a first reading then does there")
    void aFirstReading() {
        new DryRunTest().theFirstReading(TestGraph.empty(), 3);
    }

    @Test
    @DisplayName("SYN-11: the dry run of a hub on Neo4j tells exactly what other match rules then do there")
    void otherRules() {
        new DryRunTest().otherRules(TestGraph.empty(), 25);
    }
}
