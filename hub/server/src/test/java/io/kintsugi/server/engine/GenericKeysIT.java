package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generic values on a real Neo4j. */
class GenericKeysIT extends GenericKeysContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 4);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName(
            "ID-2, ID-10: whatever the history, the same records and rules have the same clusters and generic values")
    void historyDoesNotMatter(long seed) {
        assertHistoryDoesNotMatter(seed);
    }
}
