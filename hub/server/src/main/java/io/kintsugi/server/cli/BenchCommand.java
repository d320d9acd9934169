package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.server.Folders;
import io.kintsugi.server.Wiring;
import io.kintsugi.server.bench.Bench;
import io.kintsugi.server.bench.ChangeBench;
import io.kintsugi.server.config.Settings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures what this machine makes of the hub. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Measure how fast this machine takes records in and matches them, on persons that are made up.",
            ""
        },
        footer = {
            "",
            "Runs a hub and a graph of its own in a folder for the moment. "
                    + "The raw rate is what the bare Neo4j driver needs for the same nodes and relationships, "
                    + "written right after the load by one thread. Numbers of a busy machine mean little.",
            "",
            "Examples:",
            "  kintsugi bench",
            "  kintsugi bench --records 20000 --json",
            "  kintsugi bench --records 10000 --changes 5000",
            "  kintsugi bench --records 1000000 --write-csv persons.csv --write-truth truth.csv"
        })
public final class BenchCommand implements Callable<Integer> {
    private static final int WARM_UP = 2_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "100000",
            description = "How many persons to load; default ${DEFAULT-VALUE}.")
    private long records;

    @Option(
            names = "--at-once",
            description = "Load as into a hub without records: all at once instead of page by page.")
    private boolean atOnce;

    @Option(
            names = "--changes",
            paramLabel = "N",
            description = "Measure N changes from end to end instead: three systems hold --records persons each, "
                    + "N are changed in the first, and the time counts until both others hold it.")
    private int changes;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A new folder to work in and to keep; by default one that is deleted at the end.")
    private Path data;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Option(
            names = "--write-csv",
            paramLabel = "FILE",
            description = "Only write the persons into a file, to load them otherwise.")
    private Path csv;

    @Option(
            names = "--write-truth",
            paramLabel = "FILE",
            description = "With --write-csv: also write who is who, for \"match --evaluate\".")
    private Path truth;

    @Override
    public Integer call() throws IOException, ConnectorException, InterruptedException {
        if (records < 1) throw new ParameterException(spec.commandLine(), "--records is a number from 1 on");
        var out = spec.commandLine().getOut();
        if (truth != null && csv == null) {
            throw new ParameterException(spec.commandLine(), "--write-truth goes with --write-csv");
        }
        if (changes < 0 || changes > records)
            throw new ParameterException(spec.commandLine(), "--changes is a number from 1 to --records");
        if (csv != null) {
            Bench.writeCsv(csv, records);
            if (truth != null) Bench.writeTruth(truth, records);
            out.printf(Locale.ROOT, "%,d persons in %s%n", records, csv);
            return 0;
        }
        if (data != null && Files.exists(data))
            throw new ParameterException(spec.commandLine(), data + " exists; name a new folder");
        var folder = data == null ? Files.createTempDirectory("kintsugi-bench") : Files.createDirectories(data);
        try {
            var results = changes > 0 ? measureChanges(folder) : measure(folder);
            if (json)
                out.println(JsonMapper.builder()
                        .build()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(results));
            else
                results.forEach((name, value) -> out.printf(Locale.ROOT, "%-34s %,12.2f%n", name, value.doubleValue()));
            out.flush();
        } finally {
            if (data == null) Folders.delete(folder);
        }
        return 0;
    }

    private Map<String, Number> measure(Path folder) throws IOException, ConnectorException {
        var err = spec.commandLine().getErr();
        var results = new LinkedHashMap<String, Number>();
        var settings = Settings.of(Map.of("KINTSUGI_DATA", folder.toString(), "KINTSUGI_PORT", "0"));
        try (var wiring = Wiring.open(settings)) {
            wiring.serve();
            long born = ManagementFactory.getRuntimeMXBean().getStartTime();
            results.put("start-up s", (System.currentTimeMillis() - born) / 1e3);
            var bench = new Bench(wiring, folder);
            var progress = new LoadProgress(err, System.console() != null, records);
            long hub = ProcessHandle.current().pid();
            var hubBefore = Bench.processorTime(hub);
            var graphBefore = Bench.processorTime(wiring.graphProcess());
            var stages = new LinkedHashMap<String, Long>();
            var took = atOnce
                    ? bench.loadAtOnce(records, progress::show, stage -> {
                        stages.put(stage, System.nanoTime());
                        progress.stage(stage);
                    })
                    : bench.load(records, progress::show);
            progress.finish();
            var hubTime = Bench.processorTime(hub).minus(hubBefore);
            var graphTime = Bench.processorTime(wiring.graphProcess()).minus(graphBefore);
            double rate = records * 1e9 / took.toNanos();
            results.put("records", records);
            results.put(
                    "golden records",
                    wiring.hub().store().read(tx -> tx.goldens().counts()).getOrDefault("contact", 0L));
            results.put("load s", took.toMillis() / 1e3);
            results.put("durable ingest records/s", rate);
            results.put("ingest, CPU of the hub us/record", hubTime.toNanos() / 1e3 / records);
            if (atOnce) {
                double raw = records * 1e9 / importing(stages);
                results.put("import and indexes alone records/s", raw);
                results.put("durable ingest / import and indexes", rate / raw);
            } else {
                results.put("ingest, CPU of Neo4j us/record", graphTime.toNanos() / 1e3 / records);
                var copy = bench.writeRaw();
                double raw = records * 1e9 / copy.time().toNanos();
                results.put("raw write records/s", raw);
                results.put("durable ingest / raw write", rate / raw);
                results.put("raw write, CPU of Neo4j us/record", copy.graph().toNanos() / 1e3 / records);
            }
            var match = bench.match(WARM_UP);
            results.put("single match p50 ms", match.percentile(50));
            results.put("single match p99 ms", match.percentile(99));
            var ingest = bench.ingest(WARM_UP);
            results.put("single ingest p50 ms", ingest.percentile(50));
            results.put("single ingest p99 ms", ingest.percentile(99));
            var lineage = bench.lineage();
            results.put("merges that brought a value p50 ms", lineage.percentile(50));
            results.put("merges that brought a value p99 ms", lineage.percentile(99));
            results.put("peak memory of the hub MB", peakMegabytes(hub));
            results.put("peak memory of Neo4j MB", peakMegabytes(wiring.graphProcess()));
        }
        return results;
    }

    private Map<String, Number> measureChanges(Path folder) throws InterruptedException {
        var results = new LinkedHashMap<String, Number>();
        var settings = Settings.of(Map.of("KINTSUGI_DATA", folder.toString(), "KINTSUGI_PORT", "0"));
        try (var wiring = Wiring.open(settings);
                var bench = new ChangeBench(wiring, Math.toIntExact(records), folder)) {
            results.put("records in each of 3 systems", records);
            results.put("first reading of all s", bench.comeInStep().toMillis() / 1e3);
            var single = bench.single(50, 200);
            results.put("single change p50 ms", single.percentile(50));
            results.put("single change p99 ms", single.percentile(99));
            long hub = ProcessHandle.current().pid();
            var hubBefore = Bench.processorTime(hub);
            var graphBefore = Bench.processorTime(wiring.graphProcess());
            var took = bench.change(changes);
            var hubTime = Bench.processorTime(hub).minus(hubBefore);
            var graphTime = Bench.processorTime(wiring.graphProcess()).minus(graphBefore);
            results.put("changes", changes);
            double rate = changes * 1e9 / took.toNanos();
            results.put("changes/s", rate);
            results.put("CPU of the hub us/change", hubTime.toNanos() / 1e3 / changes);
            results.put("CPU of Neo4j us/change", graphTime.toNanos() / 1e3 / changes);
            results.put("writes sent / writes needed", bench.amplification());
            bench.commits(200); // a warm up
            double commits = bench.commits(1_000);
            results.put("commits of one node/s, 3 threads", commits);
            results.put("changes / commits of one node", rate / commits);
        }
        return results;
    }

    /** Nanoseconds from the first step of the import to the end of the load: what Neo4j needs for the same files. */
    private static long importing(Map<String, Long> stages) {
        return System.nanoTime()
                - stages.entrySet().stream()
                        .filter(stage -> stage.getKey().startsWith("importing"))
                        .findFirst()
                        .orElseThrow()
                        .getValue();
    }

    private static double peakMegabytes(long process) {
        var bytes = PeakMemory.resident(process);
        return bytes.isPresent() ? bytes.getAsLong() / 1048576.0 : -1;
    }
}
