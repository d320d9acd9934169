package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.RecordKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RawWriteBenchIT {
    @Test
    void writesEveryRowOnceAndSomethingTheStoreCanRead() {
        var store = TestGraph.shared().emptyStore();
        var bench = new RawWriteBench(store);
        assertThat(bench.write(250, 100, 2)).isPositive();
        assertThat(bench.write(50, 100, 1)).isPositive();
        assertThat(store.<Map<String, Long>>read(tx -> tx.goldens().counts())).containsEntry("contact", 300L);
        var last = new RecordKey("raw", "contact", "299");
        assertThat(store.<Map<RecordKey, String>>read(tx -> tx.goldens().goldenOf(List.of(last))))
                .containsEntry(last, "raw299");
        assertThat(store.<List<RecordKey>>read(tx -> tx.blocks().holders("raw|p|149", 9)))
                .hasSize(2);
    }
}
