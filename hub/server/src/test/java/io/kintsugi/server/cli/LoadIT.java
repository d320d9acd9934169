package io.kintsugi.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.server.bench.Bench;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real executable on the embedded graph, killed and all. */
class LoadIT {
    private static final int PERSONS = 12_000;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatIsLeft() {
        for (var process : started) process.destroyForcibly().onExit().join();
    }

    private Process start(String... args) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Dkintsugi.neo4j.lib="
                        + Path.of(System.getProperty("kintsugi.neo4j.lib")).toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.kintsugi.server.Main"));
        command.addAll(Arrays.asList(args));
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        started.add(process);
        return process;
    }

    private record Result(int exitCode, String said) {}

    private Result run(String... args) throws Exception {
        var process = start(args);
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Result(process.waitFor(), said);
    }

    private static String waitFor(BufferedReader lines, String part) throws IOException {
        var before = new StringBuilder();
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(part)) return line;
            before.append(line).append('\n');
        }
        throw new AssertionError("\"" + part + "\" was never said, but:\n" + before);
    }

    private static BufferedReader said(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    private static String line(Result result, String part) {
        return result.said()
                .lines()
                .filter(line -> line.contains(part))
                .findFirst()
                .orElse(result.said());
    }

    /** Golden records without their ids, which are new in every hub. */
    private List<String> goldens(String data) throws Exception {
        var file = folder.resolve(data + ".csv");
        assertThat(run("export", "--data", data, "--provenance", "--out", file.toString())
                        .exitCode())
                .isZero();
        return Files.readAllLines(file).stream()
                .map(line -> line.substring(line.indexOf(',')))
                .sorted()
                .toList();
    }

    @Test
    @DisplayName("SYN-5, ID-2: a load killed in the middle goes on and ends as if it never had been, nothing twice")
    void aKilledLoadEndsAsIfItNeverHadBeen() throws Exception {
        var file = folder.resolve("persons.csv");
        Bench.writeCsv(file, PERSONS);
        String[] load = {
            "load",
            "persons.csv",
            "--kind",
            "person",
            "--source-column",
            "source",
            "--duplicate-free",
            "crm",
            "--data",
            "killed"
        };
        var victim = start(load);
        waitFor(said(victim), " read, ");
        victim.destroyForcibly().waitFor();
        var rest = run(load);
        assertThat(rest.exitCode()).as(rest.said()).isZero();
        var all = "12,000 rows read = 12,000 stored + 0 unchanged + 0 echo + 0 unmappable";
        assertThat(rest.said()).contains(all);

        load[load.length - 1] = "whole";
        var whole = run(load);
        assertThat(whole.said()).contains(all);
        assertThat(line(rest, "The hub holds")).isEqualTo(line(whole, "The hub holds"));
        assertThat(goldens("killed")).isEqualTo(goldens("whole"));

        var again = run(load);
        assertThat(again.said()).contains("12,000 rows read = 0 stored + 12,000 unchanged + 0 echo + 0 unmappable");
        assertThat(line(again, "The hub holds")).isEqualTo(line(whole, "The hub holds"));
    }

    @Test
    @DisplayName("CON-2: every broken row of a file is listed with its line, the others are loaded")
    void brokenRowsAreListedAndTheOthersAreLoaded() throws Exception {
        var text = new StringBuilder("id,first_name,last_name,email\n");
        for (int i = 2; i < 40; i++) text.append("%d,Ann,Lee%d,a%d@x.example\n".formatted(i, i, i));
        text.append("40,too,few\n");
        text.append("41,one,too,many,cells\n");
        text.append("42,\"a quote\" that ends early,x,y\n");
        text.append(",no,id,n@x.example\n");
        text.append("44,").append("x".repeat(3_000_000)).append(",long,l@x.example\n");
        text.append("45,Bob,Last,b@x.example\n");
        Files.writeString(folder.resolve("broken.csv"), text);

        var result = run("load", "broken.csv", "--kind", "person", "--system", "crm", "--data", "hub");
        assertThat(result.exitCode()).as(result.said()).isZero();
        assertThat(result.said())
                .contains("44 rows read = 39 stored + 0 unchanged + 0 echo + 5 unmappable")
                .contains("line 40", "line 41", "line 42", "line 43", "line 44")
                .contains("39 golden records");

        Files.writeString(folder.resolve("twice.csv"), "id,name,name\n1,Ann,Lee\n");
        var twice = run("load", "twice.csv", "--kind", "person", "--system", "crm", "--data", "hub");
        assertThat(twice.exitCode()).isEqualTo(1);
        assertThat(twice.said()).contains("name").doesNotContain("\tat ");

        Files.write(
                folder.resolve("old.csv"),
                "id;Vorname;last_name\n1;J\u00FCrgen;M\u00FCller\n".getBytes("windows-1252"));
        var old = run(
                "load",
                "old.csv",
                "--kind",
                "person",
                "--system",
                "old",
                "--map",
                "Vorname=firstName",
                "--data",
                "hub");
        assertThat(old.said()).contains("1 rows read = 1 stored");
        var export = run("export", "--data", "hub", "--format", "jsonl");
        assertThat(export.said()).contains("J\u00FCrgen", "M\u00FCller");
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
            "first=firstName",
            "--data",
            "hub"
        };
        var result = run(load);
        assertThat(result.said()).contains("2 rows read = 2 stored", "2 golden records");
        load[4] = "orders";
        var missing = run(load);
        assertThat(missing.exitCode()).isEqualTo(1);
        assertThat(missing.said()).contains("no table orders", "customers");
    }

    @Test
    @DisplayName("a hub knows what was loaded, keeps others off its folder, and stops cleanly")
    void aLaterHubKnowsWhatWasLoadedAndKeepsOthersOff() throws Exception {
        Files.writeString(folder.resolve("a.csv"), "id,first_name,last_name,email\n1,Ann,Lee,a@x.example\n");
        assertThat(run("load", "a.csv", "--kind", "person", "--system", "crm", "--data", "hub")
                        .exitCode())
                .isZero();
        Files.delete(folder.resolve("a.csv"));

        var hub = start("serve", "--data", "hub", "--port", "0");
        var lines = said(hub);
        var ready = waitFor(lines, "http://");
        assertThat(waitFor(lines, "systems")).contains("crm");
        var address = ready.substring(ready.indexOf("http://"));
        var answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address + "/api/v1/systems"))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.body())
                .contains("\"id\":\"crm\"", "\"connector\":\"none\"")
                .doesNotContain("problem");

        var second = run("export", "--data", "hub");
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.said()).contains("in use by the hub with process id " + hub.pid());

        var children = hub.children().toList();
        assertThat(children).isNotEmpty();
        hub.destroy();
        assertThat(hub.waitFor(60, TimeUnit.SECONDS)).isTrue();
        for (var child : children) assertThat(child.isAlive()).isFalse();
        assertThat(new TreeSet<>(goldens("hub"))).hasSize(2);
    }
}
