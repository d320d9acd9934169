package io.kintsugi.server.bench;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.Goldens;
import io.kintsugi.graph.EmbeddedNeo4j;
import io.kintsugi.graph.EmbeddedSettings;
import io.kintsugi.graph.GraphHubStore;
import io.kintsugi.graph.RawCopy;
import io.kintsugi.server.Wiring;
import io.kintsugi.server.config.ExpectedRecords;
import io.kintsugi.server.engine.load.FirstLoader;
import io.kintsugi.server.engine.load.Loader;
import io.kintsugi.server.engine.load.Loader.Job;
import io.kintsugi.server.engine.load.Loader.Progress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Measures one hub on made-up persons: loads them, then asks and adds single ones. */
public final class Bench {
    private static final long SEED = 20_261_122;
    private static final int SINGLES = 500;
    private static final int FEW = 100;
    private static final int FOURS = 100;
    private static final Map<String, String> ATTRIBUTES = attributes();

    private final Wiring wiring;
    private final Path folder;
    private final StreamMapping mapping;
    private final Job job;

    /** @param folder for the file with the persons */
    public Bench(Wiring wiring, Path folder) {
        this.wiring = wiring;
        this.folder = folder;
        mapping = new StreamMapping(
                "persons",
                "contact",
                ATTRIBUTES.entrySet().stream()
                        .map(entry -> new FieldMapping(entry.getKey(), entry.getValue(), List.of(), false))
                        .toList(),
                false,
                false,
                null);
        var fields = new ArrayList<>(ATTRIBUTES.keySet());
        fields.add("source");
        job = new Job("bench", "bench", new Query("persons", fields), mapping, row -> row.fields()
                .get("source")
                .toString());
    }

    private static Map<String, String> attributes() {
        var attributes = new LinkedHashMap<String, String>();
        attributes.put("first_name", "firstName");
        attributes.put("middle_name", "middleName");
        attributes.put("last_name", "lastName");
        attributes.put("dob", "birthDate");
        attributes.put("street", "street");
        attributes.put("city", "city");
        attributes.put("state", "region");
        attributes.put("postcode", "postcode");
        attributes.put("phone", "phone");
        attributes.put("email", "email");
        attributes.put("company", "company");
        return attributes;
    }

    /** Writes made-up persons as CSV; the same rows every time. */
    public static void writeCsv(Path file, long rows) throws IOException {
        try (var csv = CsvWriter.builder().build(file, StandardCharsets.UTF_8)) {
            csv.writeRecord(PersonGenerator.COLUMNS);
            new PersonGenerator(SEED)
                    .generate(rows, row -> csv.writeRecord(row.values().values()));
        }
    }

    /** Writes which of the {@linkplain #writeCsv made-up persons} each row is about, as {@code id,cluster}. */
    public static void writeTruth(Path file, long rows) throws IOException {
        try (var csv = CsvWriter.builder().build(file, StandardCharsets.UTF_8)) {
            csv.writeRecord("id", "cluster");
            new PersonGenerator(SEED)
                    .generate(rows, row -> csv.writeRecord(row.values().get("id"), Long.toString(row.person())));
        }
    }

    /** Loads so many persons from a file page by page, through every step, and returns how long it took. */
    public Duration load(long rows, Consumer<Progress> watcher) throws IOException, ConnectorException {
        return timed(rows, source -> new Loader(wiring.hub(), wiring.clock(), wiring.ids()).load(job, source, watcher));
    }

    /**
     * Loads so many persons from a file all at once into a hub that holds no record, and returns how long it took.
     *
     * @param stages told what comes next, as by {@link FirstLoader}
     */
    public Duration loadAtOnce(long rows, Consumer<Progress> watcher, Consumer<String> stages)
            throws IOException, ConnectorException {
        return timed(rows, source -> {
            expect(rows);
            try (var first = wiring.firstLoad(mapping)) {
                new FirstLoader(wiring.hub(), wiring.clock(), wiring.ids()).load(job, source, first, watcher, stages);
            }
        });
    }

    /** What the load command does before it. */
    private void expect(long rows) {
        var rules = wiring.hub().model().get().matching().get(mapping.entityType());
        ExpectedRecords.of(wiring.hub().store(), rules, rows)
                .ifPresent(documents -> wiring.publish(documents, "bench"));
    }

    @FunctionalInterface
    private interface Loading {
        void load(SnapshotSource source) throws ConnectorException;
    }

    private Duration timed(long rows, Loading loading) throws IOException, ConnectorException {
        var file = folder.resolve("persons.csv");
        writeCsv(file, rows);
        var system = new SystemConfig(
                "bench",
                "bench",
                "file",
                Map.of(
                        "folder",
                        folder.toString(),
                        "streams",
                        Map.of("persons", file.getFileName().toString()),
                        "quietSeconds",
                        0),
                Duration.ofSeconds(5),
                List.of());
        try (var connector = wiring.connectors().open(system)) {
            long begin = System.nanoTime();
            loading.load(connector.facet(SnapshotSource.class).orElseThrow());
            return Duration.ofNanos(System.nanoTime() - begin);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /**
     * What writing took.
     *
     * @param graph processor time of the graph's process; it says more than {@code time} where other work shares the machine
     */
    public record Cost(Duration time, Duration graph) {}

    /** Writes the nodes and relationships of the load once more, by the bare driver into a graph of its own. */
    public Cost writeRaw() {
        try (var server = EmbeddedNeo4j.start(EmbeddedSettings.of(folder.resolve("raw")));
                var raw = GraphHubStore.connect(server.uri(), server.user(), server.password())) {
            var before = processorTime(server.pid());
            var time = new RawCopy((GraphHubStore) wiring.hub().store(), raw).run();
            return new Cost(time, processorTime(server.pid()).minus(before));
        }
    }

    /** Processor time that a process has used until now; zero where the system does not say. */
    public static Duration processorTime(long process) {
        return ProcessHandle.of(process)
                .flatMap(handle -> handle.info().totalCpuDuration())
                .orElse(Duration.ZERO);
    }

    /**
     * Finds whom a description fits, one person after the other.
     *
     * @param warmUp calls that do not count, until both processes have compiled what they have in a hub that has run for minutes
     */
    public Latencies match(int warmUp) {
        var latencies = new Latencies(warmUp, SINGLES);
        for (var row : strangers(1, warmUp)) {
            var asked = new HashMap<String, String>();
            ATTRIBUTES.forEach(
                    (column, attribute) -> asked.put(attribute, row.values().get(column)));
            latencies.time(() -> wiring.hub().explanations().search("contact", asked, 10));
        }
        return latencies;
    }

    /**
     * Takes in one person after the other: stored, resolved, durable.
     *
     * @param warmUp calls that do not count
     */
    public Latencies ingest(int warmUp) {
        var latencies = new Latencies(warmUp, SINGLES);
        var loader = new Loader(wiring.hub(), wiring.clock(), wiring.ids());
        for (var row : strangers(2, warmUp)) {
            var fields = new LinkedHashMap<String, Object>(row.values());
            var id = new RecordId("persons", "single" + row.values().get("id"));
            var record = new NativeRecord(id, fields, null, null, null);
            latencies.time(() -> loader.take(job, record));
        }
        return latencies;
    }

    /**
     * Merges golden records by fours, as a steward does, and asks for each record that was moved which merges brought it where it is
     * (MRG-10). The hub holds other golden records afterwards.
     */
    public Latencies lineage() {
        var store = wiring.hub().store();
        var filter = new Goldens.Filter("contact", GoldenState.ACTIVE, null, null, Map.of(), 0, "id", false);
        var ids = store.read(tx -> tx.goldens().list(filter, null, FOURS * 4)).items().stream()
                .map(GoldenRecord::id)
                .toList();
        var moved = new ArrayList<RecordKey>();
        for (int i = 0; i + 4 <= ids.size(); i += 4) {
            merge(ids.get(i + 1), ids.get(i), moved);
            merge(ids.get(i + 3), ids.get(i + 2), moved);
            merge(ids.get(i + 2), ids.get(i), moved);
        }
        var latencies = new Latencies(FEW, SINGLES);
        for (int call = 0; call < FEW + SINGLES; call++) {
            var record = moved.get(call % moved.size());
            latencies.time(() -> store.read(tx -> tx.merges().thatMoved(record)));
        }
        return latencies;
    }

    private void merge(String golden, String into, List<RecordKey> moved) {
        var event = wiring.hub().stewardship().merge(List.of(into, golden), into, Map.of(), "measured", "bench");
        event.moved().forEach(move -> moved.add(move.record()));
    }

    /** Persons of another world with the same names, so that some of them seem known. */
    private static List<PersonGenerator.Row> strangers(int world, int warmUp) {
        var rows = new ArrayList<PersonGenerator.Row>();
        new PersonGenerator(SEED + world).generate(warmUp + SINGLES, rows::add);
        return rows;
    }

    /** How long each of many calls took; the first ones do not count. Not safe for threads. */
    public static final class Latencies {
        private final long[] nanos;
        private int calls;

        Latencies(int warmUp, int calls) {
            nanos = new long[calls];
            this.calls = -warmUp;
        }

        void time(Runnable call) {
            long begin = System.nanoTime();
            call.run();
            if (calls >= 0) nanos[calls] = System.nanoTime() - begin;
            calls++;
        }

        /** In milliseconds: so much of all calls took at most so long. */
        public double percentile(int percent) {
            var sorted = nanos.clone();
            Arrays.sort(sorted);
            return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
        }
    }
}
