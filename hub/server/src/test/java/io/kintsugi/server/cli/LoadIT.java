package io.kintsugi.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kintsugi.graph.TestGraph;
import io.kintsugi.server.Main;
import io.kintsugi.server.Wiring;
import io.kintsugi.server.bench.Bench;
import io.kintsugi.server.config.Settings;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads on a real graph: within this process on the shared one, and as real processes, killed and all, on an embedded one. */
class LoadIT {
    private static final int PERSONS = 5_000;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    private record Result(int exitCode, String said) {
        String line(String part) {
            return said.lines().filter(line -> line.contains(part)).findFirst().orElse(said);
        }
    }

    @BeforeEach
    void useTheSharedGraph() throws IOException {
        TestGraph.empty();
        Files.writeString(
                folder.resolve("shared.yaml"), "data: '" + folder.resolve("shared") + "'\n" + TestGraph.settings());
    }

    @AfterEach
    void endWhatIsLeft() {
        for (var process : started) process.destroyForcibly().onExit().join();
    }

    /** A command on the shared graph. */
    private Result run(String... args) {
        var command = new ArrayList<>(Arrays.asList(args));
        command.addAll(List.of("--config", folder.resolve("shared.yaml").toString()));
        var said = new StringWriter();
        var out = new PrintWriter(said, true);
        return new Result(Main.run(out, out, command.toArray(String[]::new)), said.toString());
    }

    /** A command of its own process, with the embedded graph below the folder. */
    private Process start(String... args) throws IOException {
        var command = new ArrayList<>(java(args));
        command.addAll(List.of("--data", folder.resolve("own").toString()));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        started.add(process);
        return process;
    }

    private static List<String> java(String... args) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dkintsugi.neo4j.lib="
                        + Path.of(System.getProperty("kintsugi.neo4j.lib")).toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.kintsugi.server.Main"));
        command.addAll(Arrays.asList(args));
        return command;
    }

    private Result finish(Process process) throws Exception {
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Result(process.waitFor(), said);
    }

    private static BufferedReader said(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    private static String waitFor(BufferedReader lines, String part) throws IOException {
        var before = new StringBuilder();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(part)) return line;
            before.append(line).append('\n');
        }
        throw new AssertionError("\"" + part + "\" was never said, but:\n" + before);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    /** Golden records without their ids, which are new in every hub. */
    private static List<String> goldens(Path export) throws IOException {
        return Files.readAllLines(export).stream()
                .map(line -> line.substring(line.indexOf(',')))
                .sorted()
                .toList();
    }

    @Test
    @DisplayName(
            "SYN-5, ID-2: a load killed in the middle goes on and ends as if it never had been; a later hub knows it")
    void aKilledLoadEndsAsIfItNeverHadBeen() throws Exception {
        var file = folder.resolve("persons.csv");
        Bench.writeCsv(file, PERSONS);
        String[] load = {
            "load", file.toString(), "--kind", "person", "--source-column", "source", "--duplicate-free", "crm"
        };
        var victim = start(load);
        waitFor(said(victim), " read, ");
        victim.destroyForcibly().waitFor();
        var rest = finish(start(load));
        var all = "5,000 rows read = 5,000 stored + 0 unchanged + 0 echo + 0 unmappable";
        assertThat(rest.said()).contains(all);

        var whole = run(load);
        assertThat(whole.said()).contains(all);
        assertThat(rest.line("The hub holds")).isEqualTo(whole.line("The hub holds"));

        Files.delete(file); // a hub that only loaded it needs it no more
        aLaterHubKnowsTheSystemsAndKeepsOthersOff();

        var ours = folder.resolve("ours.csv");
        var theirs = folder.resolve("theirs.csv");
        assertThat(finish(start("export", "--provenance", "--out", ours.toString()))
                        .exitCode())
                .isZero();
        assertThat(run("export", "--provenance", "--out", theirs.toString()).exitCode())
                .isZero();
        assertThat(goldens(ours)).isEqualTo(goldens(theirs)).hasSizeGreaterThan(PERSONS / 4);
    }

    private void aLaterHubKnowsTheSystemsAndKeepsOthersOff() throws Exception {
        var hub = start("serve", "--port", "0");
        var lines = said(hub);
        var ready = waitFor(lines, "http://");
        assertThat(waitFor(lines, "The graph"))
                .containsPattern("bolt://127.0.0.1:\\d+, user neo4j, password in .*bolt.password");
        assertThat(waitFor(lines, "systems")).contains("4 systems: billing, crm, shop, support");
        var systems = URI.create(ready.substring(ready.indexOf("http://")) + "/api/v1/systems");
        var answer =
                HttpClient.newHttpClient().send(HttpRequest.newBuilder(systems).build(), BodyHandlers.ofString());
        assertThat(answer.body())
                .contains("\"id\":\"crm\"", "\"connector\":\"none\"")
                .doesNotContain("problem");

        var second = finish(start("export"));
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.said()).contains("in use by the hub with process id " + hub.pid());

        var children = hub.children().toList();
        assertThat(children).isNotEmpty();
        hub.destroy();
        assertThat(hub.waitFor(60, TimeUnit.SECONDS)).isTrue();
        for (var child : children) assertThat(child.isAlive()).isFalse();
    }

    @Test
    @DisplayName("SYN-7: every broken row of a file is listed with its line, the others are loaded")
    void brokenRowsAreListedAndTheOthersAreLoaded() throws Exception {
        var text = new StringBuilder("id,first_name,last_name,email\n");
        for (int i = 2; i < 40; i++) text.append("%d,Ann,Lee%d,a%d@x.example\n".formatted(i, i, i));
        text.append("40,too,few\n");
        text.append("41,one,too,many,cells\n");
        text.append("42,\"a quote\" that ends early,x,y\n");
        text.append(",no,id,n@x.example\n");
        text.append("44,").append("x".repeat(3_000_000)).append(",long,l@x.example\n");
        text.append("45,Bob,Last,b@x.example\n");
        var broken = file("broken.csv", text.toString());

        var result = run("load", broken, "--kind", "person", "--system", "crm");
        assertThat(result.exitCode()).as(result.said()).isZero();
        assertThat(result.said())
                .contains("44 rows read = 39 stored + 0 unchanged + 0 echo + 5 unmappable")
                .contains("line 40", "line 41", "line 42", "line 43", "line 44")
                .contains("39 golden records");

        var again = run("load", broken, "--kind", "person", "--system", "crm");
        assertThat(again.said()).contains("44 rows read = 0 stored + 39 unchanged + 0 echo + 5 unmappable");
        assertThat(again.line("The hub holds")).isEqualTo(result.line("The hub holds"));
    }

    @Test
    void aDuplicateHeaderStopsALoadBeforeAnythingIsStored() throws Exception {
        var good = file("good.csv", "id,first_name,last_name\n1,Ann,Lee\n");
        assertThat(run("load", good, "--kind", "person", "--system", "crm").exitCode())
                .isZero();
        var before = model();
        String[] load = {
            "load",
            file("twice.csv", "id,shop,name,name\n1,web,Ann,Lee\n"),
            "--kind",
            "person",
            "--duplicate-free",
            "all"
        };
        for (var options : List.of(List.of("--system", "crm"), List.of("--source-column", "shop"))) {
            var command = new ArrayList<>(List.of(load));
            command.addAll(options);
            var twice = run(command.toArray(String[]::new));
            assertThat(twice.exitCode()).as(twice.said()).isEqualTo(1);
            assertThat(twice.said()).contains("both named name; rename one").doesNotContain("\tat ", "rows read");
            assertThat(model()).isEqualTo(before);
        }
    }

    /** Systems and match policies as the hub of {@link #run} knows them. */
    private String model() {
        var settings = Settings.read(folder.resolve("shared.yaml"), Map.of());
        try (var wiring = Wiring.open(settings)) {
            var model = wiring.hub().model().get();
            return model.systems() + "\n" + model.matching();
        }
    }

    @Test
    void theDoctorLeavesTheGraphAsItFoundIt() throws Exception {
        var before = model();
        var config = folder.resolve("doctor.yaml");
        var systems =
                "systems: {crm: {connector: none, streams: {people: {entity: contact, write: false, fields: {mail: email}}}}}\n";
        Files.writeString(config, Files.readString(folder.resolve("shared.yaml")) + systems);
        TestGraph.forgetSchema();
        try {
            var said = new StringWriter();
            var out = new PrintWriter(said, true);
            assertThat(Main.run(out, out, "doctor", "--port", "0", "--config", config.toString()))
                    .as(said.toString())
                    .isZero();
            assertThat(said.toString()).contains("3 entity types, 1 system\n");
            assertThat(TestGraph.isBare()).isTrue();
        } finally {
            assertThat(model()).as("which brings the schema back").isEqualTo(before);
        }
    }

    @Test
    @DisplayName("a second file leaves the records of the first alone, however alike the names of their sources are")
    void sourcesWithSimilarNamesStayApart() throws Exception {
        var north = "the customers of the north-west ";
        loadOneEach("first.csv", "Lee", List.of("\u6771\u4eac", "A B", north + 1));
        var second = loadOneEach("second.csv", "Okafor", List.of("\u5927\u962a", "A&B", north + 2));
        assertThat(second.said()).contains("6 golden records");
    }

    /** Loads a row of each source. All have the same id: ids are unique within a source. */
    private Result loadOneEach(String name, String family, List<String> sources) throws IOException {
        var text = new StringBuilder("id,source,first_name,last_name,email\n");
        for (int i = 0; i < sources.size(); i++) {
            text.append("1,%s,Ann,%s%d,%s%d@x.example\n".formatted(sources.get(i), family, i, family, i));
        }
        var load = run("load", file(name, text.toString()), "--kind", "person", "--source-column", "source");
        assertThat(load.said()).contains("3 rows read = 3 stored");
        return load;
    }

    @Test
    void brokenJsonIsSaidInOneSentenceAndNothingIsStored() throws Exception {
        var huge = folder.resolve("huge.jsonl");
        try (var sparse = new RandomAccessFile(huge.toFile(), "rw")) {
            sparse.setLength(3L << 30);
        }
        var said = Map.of(huge.toString(), "it is no text", file("list.jsonl", "[1]\n"), "no JSON object");
        for (var broken : said.entrySet()) {
            var load = run("load", broken.getKey(), "--kind", "person", "--system", "crm");
            assertThat(load.exitCode()).as(load.said()).isEqualTo(1);
            assertThat(load.said()).contains(broken.getValue()).doesNotContain("\tat ");
        }
        assertThat(model()).doesNotContain("crm");
    }

    @Test
    void aJsonLineInAnotherEncodingIsParkedAndTheOthersAreLoaded() throws Exception {
        var old = folder.resolve("old.jsonl");
        var text = "{\"id\":\"1\",\"last_name\":\"M\u00FCller\"}\n{\"id\":\"2\",\"last_name\":\"Lee\"}\n";
        Files.write(old, text.getBytes("windows-1252"));
        var load = run("load", old.toString(), "--kind", "person", "--system", "crm");
        assertThat(load.said()).contains("2 rows read = 1 stored + 0 unchanged + 0 echo + 1 unmappable", "line 1");
        var told = run("load", old.toString(), "--kind", "person", "--system", "crm", "--encoding", "windows-1252");
        assertThat(told.said()).contains("2 rows read = 1 stored + 1 unchanged");
    }

    @Test
    void anExportThatCannotBeWrittenFails() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "only this device is always full");
        var command = new ArrayList<>(java("export"));
        command.addAll(List.of("--config", folder.resolve("shared.yaml").toString()));
        var process = new ProcessBuilder(command)
                .redirectOutput(new File("/dev/full"))
                .start();
        started.add(process);
        var said = new String(process.getErrorStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isEqualTo(1);
        assertThat(said).contains("No space left").doesNotContain("\tat ");
    }

    @Test
    void aWrittenFileHasTheRightsOfAnyNewFile() throws Exception {
        var mine = folder.resolve("mine.txt");
        Files.createFile(mine);
        var export = folder.resolve("export.csv");
        assertThat(run("export", "--out", export.toString()).exitCode()).isZero();
        assertThat(Files.getPosixFilePermissions(export)).isEqualTo(Files.getPosixFilePermissions(mine));
    }

    @Test
    void aWrongColumnOrAttributeIsNamedWithThoseThereAre() throws Exception {
        var people = file("people.csv", "id,first_name,last_name\n1,Ann,Lee\n");
        var column = run("load", people, "--kind", "person", "--system", "crm", "--map", "surname=lastName");
        assertThat(column.exitCode()).isEqualTo(2);
        assertThat(column.said()).contains("no column \"surname\"", "last_name");
        var attribute = run("load", people, "--kind", "person", "--system", "crm", "--map", "last_name=surname");
        assertThat(attribute.exitCode()).isEqualTo(2);
        assertThat(attribute.said()).contains("no attribute \"surname\"", "lastName");
        var entity = run("load", people, "--entity", "persons", "--system", "crm");
        assertThat(entity.exitCode()).isEqualTo(1);
        assertThat(entity.said()).contains("persons", "contact");
    }

    @Test
    void anOldEncodingIsRecognisedAndExported() throws Exception {
        var file = folder.resolve("old.csv");
        Files.write(file, "id;Vorname;last_name\n1;J\u00FCrgen;=M\u00FCller\n".getBytes("windows-1252"));
        var load = run("load", file.toString(), "--kind", "person", "--system", "old", "--map", "Vorname=firstName");
        assertThat(load.said()).contains("1 row read = 1 stored");
        var wide = folder.resolve("wide.csv");
        Files.write(wide, "id;Vorname;last_name\n1;J\u00FCrgen;=M\u00FCller\n".getBytes(StandardCharsets.UTF_16));
        var other = run("load", wide.toString(), "--kind", "person", "--system", "old", "--map", "Vorname=firstName");
        assertThat(other.said()).contains("1 row read = 0 stored + 1 unchanged");
        var lines = folder.resolve("out.jsonl");
        run("export", "--format", "jsonl", "--provenance", "--out", lines.toString());
        assertThat(lines).content().contains("\"firstName\":\"J\u00FCrgen\"", "\"lastName\":\"old:contact:1\"");
        var safe = folder.resolve("safe.csv");
        run("export", "--spreadsheet-safe", "--out", safe.toString());
        assertThat(safe).content().startsWith("id,").contains("'=M\u00FCller");
    }

    @Test
    void aTableOfADatabaseIsLoaded() throws Exception {
        var url = "jdbc:sqlite:" + folder.resolve("shop.db");
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE customers (no INTEGER PRIMARY KEY, first TEXT, last_name TEXT, email TEXT)");
            statement.execute(
                    "INSERT INTO customers VALUES (1, 'Ann', 'Lee', 'a@x.example'), (2, 'Bob', 'Lee', 'b@x.example')");
        }
        String[] load = {
            "load",
            "--jdbc",
            url,
            "--table",
            "customers",
            "--kind",
            "person",
            "--system",
            "shop",
            "--map",
            "first=firstName"
        };
        assertThat(run(load).said()).contains("2 rows read = 2 stored", "2 golden records");
        load[4] = "orders";
        var missing = run(load);
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.said()).contains("no table orders", "customers");
    }
}
