package io.kintsugi.server.engine;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generic values in memory, with every transaction run twice. */
class GenericKeysTest extends GenericKeysContract {
    @Override
    protected HubStore emptyStore() {
        var store = new MemoryHubStore();
        store.runWorkTwice(true);
        return store;
    }

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName(
            "ID-2, ID-10: whatever the history, the same records and rules have the same clusters and generic values")
    void historyDoesNotMatter(long seed) {
        assertHistoryDoesNotMatter(seed);
    }
}
