package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.graph.TestGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Histories on a real graph; {@link Simulations} lives more of them. */
class SimulationIT {
    /** The graph is another test's before, with numbers in reserve. */
    @BeforeAll
    static void anew() {
        TestGraph.empty().close();
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 9, 24})
    @DisplayName(
            "SYN-1, SYN-2, SYN-5: a history on Neo4j is to the last write the history in memory, and ends in agreement")
    void isTheSameHistory(long seed) {
        var pair = GraphHistories.live(seed, Scenario.draw(seed, 12), false);
        assertThat(pair.difference()).isEmpty();
        assertThat(pair.graph().violations).isEmpty();
    }
}
