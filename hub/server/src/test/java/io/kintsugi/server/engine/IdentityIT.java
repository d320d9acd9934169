package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Identity on a real Neo4j. */
class IdentityIT extends IdentityContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 3);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("ID-2, DA-2: the same records in any order give the same clusters and the same values")
    void orderDoesNotMatter(long seed) {
        assertOrderDoesNotMatter(seed);
    }
}
