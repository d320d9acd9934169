package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import de.siegmar.fastcsv.reader.CsvReader;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.bench.PersonGenerator;
import io.kintsugi.server.bench.PersonGenerator.Row;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.load.Loader;
import io.kintsugi.server.engine.load.Loader.Job;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.match.BatchMatch;
import io.kintsugi.server.match.Evaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * One record after another against all at once. {@code -Dkintsugi.incremental=100000} does it with as many as that, which takes
 * minutes, and reports the figures; {@code -Dkintsugi.incremental.folder=…} does it with persons of a folder that holds
 * {@code records.csv} and {@code truth_clusters.csv}.
 */
class IncrementalTest {
    private static final int RECORDS = Integer.getInteger("kintsugi.incremental", 1_000);
    private static final String FOLDER = System.getProperty("kintsugi.incremental.folder");
    /** How far from the batch the clusters may be: a hub asks about a record that fits two goldens, which a batch puts to one (ID-6). */
    private static final double FAR = RECORDS > 10_000 || FOLDER != null ? 0.010 : 0.003;

    private static final Map<String, String> ATTRIBUTES = Map.of(
            "first_name", "firstName",
            "middle_name", "middleName",
            "last_name", "lastName",
            "dob", "birthDate",
            "street", "street",
            "city", "city",
            "postcode", "postcode",
            "phone", "phone",
            "email", "email");

    private final Clock clock = Clock.systemUTC();
    private final List<Row> rows = new ArrayList<>();
    private final Job job = job();

    IncrementalTest() throws IOException {
        if (FOLDER == null) new PersonGenerator(20_261_126).generate(RECORDS, rows::add);
        else read(Path.of(FOLDER));
    }

    private void read(Path folder) throws IOException {
        var persons = new HashMap<String, Long>();
        try (var truth = CsvReader.builder().ofNamedCsvRecord(folder.resolve("truth_clusters.csv"))) {
            for (var row : truth) persons.put(row.getField("id"), Long.valueOf(row.getField("cluster")));
        }
        try (var records = CsvReader.builder().ofNamedCsvRecord(folder.resolve("records.csv"))) {
            for (var row : records) rows.add(new Row(persons.get(row.getField("id")), row.getFieldsAsMap()));
        }
    }

    private static Job job() {
        var fields = ATTRIBUTES.entrySet().stream()
                .map(entry -> new FieldMapping(entry.getKey(), entry.getValue(), List.of(), false))
                .toList();
        return new Job(
                "persons",
                "persons",
                new Query("persons", List.of()),
                new StreamMapping("persons", "contact", fields, false, false, null),
                row -> row.fields().get("source").toString());
    }

    private LiveModel model(HubStore store) {
        return new LiveModel(new ModelStore(store, clock).publish(ModelStore.Documents.NONE, "test"));
    }

    private static RecordKey key(Row row) {
        return new RecordKey(row.values().get("source"), "contact", row.values().get("id"));
    }

    @Test
    @DisplayName("ID-2: one by one, in three orders, the same clusters come to be, and those of a batch")
    void oneByOneIsAsAllAtOnce(TestReporter reporter) {
        int[] truth = rows.stream().mapToInt(row -> (int) row.person()).toArray();
        int[] all = batch();
        var batch = Evaluation.of(all, truth);
        report(reporter, "batch", batch);
        for (var order : orders()) {
            int[] found = oneByOne(order);
            var evaluation = Evaluation.of(found, truth);
            report(reporter, "one by one", evaluation);
            var same = Evaluation.of(found, all);
            report(reporter, "beside the batch", same);
            assertThat(evaluation.bCubed().f1()).isCloseTo(batch.bCubed().f1(), within(FAR));
            assertThat(same.bCubed().f1()).isGreaterThan(1 - FAR);
        }
    }

    private List<List<Row>> orders() {
        var backwards = new ArrayList<>(rows);
        Collections.reverse(backwards);
        var shuffled = new ArrayList<>(rows);
        Collections.shuffle(shuffled, new Random(7));
        return List.of(rows, backwards, shuffled);
    }

    private static void report(TestReporter reporter, String what, Evaluation evaluation) {
        reporter.publishEntry(
                what,
                "B-cubed " + evaluation.bCubed() + ", pairs " + evaluation.pairs() + ", largest "
                        + evaluation.largestFound());
    }

    /** Cluster of each row, by a number. */
    private int[] batch() {
        var matcher = model(new MemoryHubStore()).rules("contact").matcher();
        var profiles = new ArrayList<Profile>();
        for (var row : rows) {
            var attributes = new HashMap<String, String>();
            ATTRIBUTES.forEach((column, attribute) -> {
                var value = row.values().get(column);
                if (!value.isEmpty()) attributes.put(attribute, value);
            });
            profiles.add(matcher.profile(key(row), attributes));
        }
        var clusters = BatchMatch.run(matcher, profiles, done -> {}).clusters();
        var clusterOf = new HashMap<RecordKey, Integer>();
        for (int i = 0; i < clusters.size(); i++) for (var record : clusters.get(i)) clusterOf.put(record, i);
        return rows.stream().mapToInt(row -> clusterOf.get(key(row))).toArray();
    }

    private int[] oneByOne(List<Row> order) {
        var store = new MemoryHubStore();
        var hub = Hub.over(
                store, model(store), new Connectors(List.of(), clock, Path.of("none")), clock, Ids.secure(clock));
        var loader = new Loader(hub, clock, Ids.secure(clock));
        for (var row : order) {
            Map<String, Object> fields = new HashMap<>(row.values());
            loader.take(
                    job, new NativeRecord(new RecordId("persons", row.values().get("id")), fields, null, null, null));
        }
        var goldenOf = store.read(tx ->
                tx.goldens().goldenOf(rows.stream().map(IncrementalTest::key).toList()));
        var numbers = new HashMap<String, Integer>();
        return rows.stream()
                .mapToInt(row -> {
                    var golden = goldenOf.getOrDefault(key(row), row.values().get("id"));
                    return numbers.computeIfAbsent(golden, id -> numbers.size());
                })
                .toArray();
    }
}
