package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trees of merges that are taken back, in memory. */
class ManyMergesTest extends ManyMergesContract {
    static LongStream seeds() {
        return seeds(150);
    }

    @Override
    protected HubStore emptyStore() {
        return new MemoryHubStore();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName(MERGES_OF_MERGES)
    void allTakenBackInAnyOrder(long seed) {
        allTakenBack(seed);
    }
}
