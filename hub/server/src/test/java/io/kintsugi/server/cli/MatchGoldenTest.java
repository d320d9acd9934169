package io.kintsugi.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Goldens;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.bench.PersonGenerator;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.load.Loader;
import io.kintsugi.server.engine.load.Loader.Job;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** One row for each cluster of a file, with the values of its golden record. */
class MatchGoldenTest {
    private static final String PEOPLE = """
            id,source,first_name,last_name,dob,email,country,note
            9,web,Bob,Garrison,12/11/1978,,US,"likes, commas"
            1,crm,Robert,Garrison,1978-12-11,rgarrison@work.com,US,
            3,web,Anna,Vandermeer,1990-05-17,anna@home.org,US,"says ""hi\"""
            4,crm,Ana,Vandermeer,,anna@home.org,US,
            5,web,Jo,Lee,,,US,old
            """;

    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();

    @Test
    void aRowForEachClusterInTheOrderOfTheFile() throws IOException {
        assertThat(match(PEOPLE, "--map", "email=ignore")).isZero();
        assertThat(golden())
                .containsExactly(
                        "cluster,records,first_name,last_name,dob,country,note",
                        "1,2,Robert,Garrison,1978-12-11,US,\"likes, commas\"",
                        "3,2,Ana,Vandermeer,1990-05-17,US,\"says \"\"hi\"\"\"",
                        "5,1,Jo,Lee,,US,old");
    }

    @Test
    void clustersAreCalledAsInTheOtherFile() throws IOException {
        var shared = PEOPLE.replace("9,web", "1,web");
        assertThat(match(shared, "--out", folder.resolve("out.csv").toString())).isZero();
        var named = new TreeSet<String>();
        for (var row : rows(folder.resolve("out.csv"))) named.add(row.getField("cluster"));
        assertThat(named).containsExactly("crm:1", "crm:4", "web:5");
        assertThat(rows(target()).stream().map(row -> row.getField("cluster")))
                .containsExactly("crm:1", "crm:4", "web:5");
    }

    @Test
    void columnsOfTheFileKeepTheirNames() throws IOException {
        assertThat(match("id,name,cluster,records\n1,Ann Lee,x,7\n2,Bo Reed,y,8\n"))
                .isZero();
        assertThat(golden())
                .startsWith("cluster2,records2,name,cluster,records")
                .contains("1,1,Ann Lee,x,7");
    }

    @Test
    void aRowWithFaultsCountsWithWhatCouldBeReadOfIt() throws IOException {
        assertThat(match("id,name,city\n1,Ann Lee\n,Nobody,Oslo\n2,Bo Reed,Oslo,more\n1,Ann Other,Rome\n"))
                .isZero();
        assertThat(golden()).containsExactly("cluster,records,name,city", "1,1,Ann Lee,", "2,1,Bo Reed,Oslo");
    }

    /** Types docs/how-to/make-one-row-of-duplicates.md. */
    @Test
    void thePageWorksAsItIsWritten() throws IOException {
        var page = Files.readString(Path.of("../../docs/how-to/make-one-row-of-duplicates.md"));
        var blocks = Pattern.compile("(?ms)^```\n(.*?)^```$")
                .matcher(page)
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(blocks).hasSize(3);
        assertThat(blocks.get(1))
                .isEqualTo("kintsugi match people.csv --kind person --golden persons.csv --out clusters.csv\n");
        assertThat(match(blocks.get(0), "--out", folder.resolve("clusters.csv").toString()))
                .isZero();
        assertThat(String.join("\n", golden()) + "\n").isEqualTo(blocks.get(2));
    }

    @Test
    void aPlaceThatCannotBeIsToldBeforeTheWork() throws IOException {
        var in = Files.writeString(folder.resolve("in.csv"), PEOPLE).toString();
        var truth = Files.writeString(folder.resolve("truth.csv"), "id,cluster\n1,a\n")
                .toString();
        assertRefused(
                1,
                "there is no folder",
                in,
                "--golden",
                folder.resolve("no/where.csv").toString());
        assertRefused(1, "is a folder", in, "--golden", folder.toString());
        assertRefused(2, "--golden names no file", in, "--golden", "");
        assertRefused(2, "which has another use", in, "--golden", in);
        assertRefused(2, "--golden is", in, "--golden", target().toString(), "--out", target().toString());
        assertRefused(2, "--golden is", in, "--golden", truth, "--evaluate", truth);
        assertRefused(
                2,
                "--report is",
                in,
                "--golden",
                target().toString(),
                "--evaluate",
                truth,
                "--report",
                target().toString());
        assertRefused(2, "--golden GOLDEN.csv", in);
        assertThat(Path.of(in)).content().isEqualTo(PEOPLE);
        assertThat(target()).doesNotExist();
    }

    @Test
    void whatWasThereStaysUntilAllIsWritten() throws IOException {
        Files.writeString(target(), "old");
        assertThat(match("id,name\n,Ann\n")).isEqualTo(1);
        assertThat(target()).content().isEqualTo("old");
        assertThat(match(PEOPLE)).isZero();
        assertThat(target()).content().startsWith("cluster,records");
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("in.csv", "golden.csv");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    @DisplayName("ID-2: a file gives each thing the values that a hub which loads the file gives its golden record")
    void theValuesAreThoseOfAHub(long seed) throws Exception {
        var file = messy(seed);
        var out = folder.resolve("out.csv");
        assertThat(run(
                        file.toString(),
                        "--source-column",
                        "source",
                        "--golden",
                        target().toString(),
                        "--out",
                        out.toString()))
                .as(err.toString())
                .isZero();
        var membersOf = new HashMap<String, Set<RecordKey>>();
        for (var row : rows(out)) {
            membersOf
                    .computeIfAbsent(row.getField("cluster"), name -> new HashSet<>())
                    .add(new RecordKey(LoadedSystems.id(row.getField("source")), "contact", row.getField("id")));
        }
        var columnOf = new TreeMap<String, String>();
        var hub = load(file, columnOf);
        int same = 0;
        int several = 0;
        for (var row : rows(target())) {
            var members = membersOf.get(row.getField("cluster"));
            assertThat(row.getField("records")).isEqualTo("" + members.size());
            var golden = hub.get(members);
            if (golden == null) continue; // a file learns its weights, so some clusters are others
            same++;
            if (members.size() > 1) several++;
            var values = new TreeMap<String, String>();
            var expected = new TreeMap<String, String>();
            columnOf.forEach((column, attribute) -> {
                values.put(column, row.getField(column));
                expected.put(column, golden.value(attribute) == null ? "" : golden.value(attribute));
            });
            assertThat(values).as("cluster " + row.getField("cluster")).isEqualTo(expected);
        }
        assertThat(columnOf).hasSizeGreaterThan(9);
        assertThat(same).isGreaterThan(membersOf.size() * 9 / 10);
        assertThat(several).isGreaterThan(50);
    }

    /** Persons of sources with odd names that share ids, with values that are easily spoiled on the way. */
    private Path messy(long seed) throws IOException {
        var random = new Random(seed);
        var names = Map.of("crm", "CRM", "shop", "Web shop: EU", "support", "a 100 %", "billing", "Zürich");
        var counts = new HashMap<String, Integer>();
        var file = folder.resolve("messy.csv");
        try (var csv = CsvWriter.builder().build(file, StandardCharsets.UTF_8)) {
            csv.writeRecord(PersonGenerator.COLUMNS);
            new PersonGenerator(seed).generate(6_000, row -> {
                if (row.person() % 15 != 0) return; // whole persons, whose records are far from each other
                var values = new ArrayList<String>();
                row.values().forEach((column, value) -> {
                    var source = row.values().get("source");
                    switch (column) {
                        case "id" -> values.add("" + counts.merge(source, 1, Integer::sum));
                        case "source" -> values.add(names.get(value));
                        case "street", "company" -> values.add(odd(random, value));
                        default -> values.add(value);
                    }
                });
                csv.writeRecord(values);
            });
        }
        return file;
    }

    private static String odd(Random random, String value) {
        return switch (random.nextInt(8)) {
            case 0 -> " " + value + " ";
            case 1 -> value + ", \"left\"";
            case 2 -> value + "\nback";
            case 3 -> "  ";
            default -> value;
        };
    }

    /**
     * Loads a file as the load command does, into a hub in memory.
     *
     * @param columnOf takes what the hub keeps: attribute by column
     */
    private Map<Set<RecordKey>, GoldenRecord> load(Path file, Map<String, String> columnOf) throws Exception {
        var clock = Clock.systemUTC();
        var store = new MemoryHubStore();
        var model = new LiveModel(new ModelStore(store, clock).publish(ModelStore.Documents.NONE, "test"));
        var connectors = new Connectors(clock, folder.resolve("state"));
        var hub = Hub.over(store, model, connectors, clock, Ids.secure(clock));
        var rows = new FileTable(file, null);
        var table = rows.look();
        var mapping = LoadMapping.of(table, model.get().entityType("contact"), Map.of("source", "source"));
        mapping.uses().stream()
                .filter(use -> use.attribute() != null)
                .forEach(use -> columnOf.put(use.column(), use.attribute()));
        var job = new Job(
                "people",
                table.place(),
                new Query(table.stream(), mapping.fields()),
                mapping.stream(table.stream()),
                row -> LoadedSystems.id(row.fields().get("source").toString()));
        try (var connector = connectors.open(rows.system("people", table, mapping.id(), mapping.source()))) {
            new Loader(hub, clock, Ids.secure(clock))
                    .load(job, connector.facet(SnapshotSource.class).orElseThrow(), progress -> {});
        }
        return store.read(tx -> {
            var goldens = new HashMap<String, GoldenRecord>();
            for (var golden :
                    tx.goldens().list(Goldens.Filter.all(), null, 1_000).items()) {
                goldens.put(golden.id(), golden);
            }
            var byMembers = new HashMap<Set<RecordKey>, GoldenRecord>();
            tx.goldens().members(new TreeSet<>(goldens.keySet())).forEach((id, members) -> {
                var keys = new HashSet<RecordKey>();
                members.forEach(member -> keys.add(member.record().key()));
                byMembers.put(keys, goldens.get(id));
            });
            return byMembers;
        });
    }

    private void assertRefused(int exitCode, String message, String... args) {
        err.getBuffer().setLength(0);
        assertThat(run(args)).as(err.toString()).isEqualTo(exitCode);
        assertThat(err.toString()).contains(message).doesNotContain("Columns");
    }

    private int match(String csv, String... options) throws IOException {
        var args = new ArrayList<>(
                List.of(Files.writeString(folder.resolve("in.csv"), csv).toString(), "--golden", target().toString()));
        args.addAll(List.of(options));
        return run(args.toArray(String[]::new));
    }

    private int run(String... args) {
        var all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--kind", "person"));
        return new CommandLine(new MatchCommand())
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    private Path target() {
        return folder.resolve("golden.csv");
    }

    private List<String> golden() throws IOException {
        return Files.readAllLines(target());
    }

    private static List<NamedCsvRecord> rows(Path file) throws IOException {
        try (var csv = CsvReader.builder().ofNamedCsvRecord(file)) {
            return csv.stream().toList();
        }
    }
}
