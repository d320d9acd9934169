package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trees of merges that are taken back, on a real Neo4j. */
class ManyMergesIT extends ManyMergesContract {
    static LongStream seeds() {
        return seeds(2);
    }

    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName(MERGES_OF_MERGES)
    void allTakenBackInAnyOrder(long seed) {
        allTakenBack(seed);
    }
}
