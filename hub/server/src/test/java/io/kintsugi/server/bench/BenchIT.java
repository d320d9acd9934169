package io.kintsugi.server.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.graph.TestGraph;
import io.kintsugi.server.Wiring;
import io.kintsugi.server.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The measures measure what they say, on the real graph; how fast is for a person to ask. */
class BenchIT {
    private static final int PERSONS = 300;

    @TempDir
    private Path folder;

    @Test
    void changesArriveInBothOtherSystemsWithOneWriteEach() throws Exception {
        TestGraph.empty();
        var config = Files.writeString(
                folder.resolve("kintsugi.yaml"), "data: '" + folder.resolve("data") + "'\n" + TestGraph.settings());
        try (var wiring = Wiring.open(Settings.read(config, Map.of()));
                var bench = new ChangeBench(wiring, 60, folder)) {
            assertThat(bench.comeInStep()).isPositive();
            assertThat(bench.change(40)).isPositive();
            assertThat(bench.single(1, 5).percentile(50)).isPositive();
            assertThat(bench.amplification()).as("writes sent / needed").isEqualTo(1);
            assertThat(bench.commits(10)).isPositive();
            assertThat(bench.sizes()).containsOnly(Map.entry("a", 60), Map.entry("b", 60), Map.entry("c", 60));
        }
    }

    @Test
    void personsAreLoadedFoundAndAdded() throws Exception {
        TestGraph.empty();
        var config = Files.writeString(
                folder.resolve("kintsugi.yaml"), "data: '" + folder.resolve("data") + "'\n" + TestGraph.settings());
        try (var wiring = Wiring.open(Settings.read(config, Map.of()))) {
            var bench = new Bench(wiring, folder);
            var counts = new ArrayList<Map<String, Long>>();
            assertThat(bench.load(PERSONS, progress -> counts.add(progress.counts())))
                    .isPositive();
            assertThat(counts.get(counts.size() - 1)).containsEntry("stored", (long) PERSONS);
            long goldens =
                    wiring.hub().store().read(tx -> tx.goldens().counts()).getOrDefault("contact", 0L);
            assertThat(goldens).isBetween(PERSONS / 4L, PERSONS - 1L);
            assertThat(bench.match(20).percentile(99)).isPositive();
            assertThat(bench.ingest(20).percentile(50)).isPositive();
            assertThat(bench.lineage().percentile(50)).isPositive();
            assertThat(wiring.hub().resolver().resolvePending(1)).isZero();
        }
    }
}
