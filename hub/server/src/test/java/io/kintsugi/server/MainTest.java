package io.kintsugi.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    @Test
    void helpTeachesEveryCommandWithExamples() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("serve", "load", "match", "export", "bench", "doctor", "First steps");
        for (var command : new String[] {"serve", "demo", "load", "match", "export", "bench", "doctor"}) {
            out.getBuffer().setLength(0);
            assertThat(run(command, "--help")).isZero();
            assertThat(out.toString()).contains("Examples:", "kintsugi " + command);
        }
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aVersionIsTold() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).contains("kintsugi", "Java");
    }

    @Test
    void withoutACommandHelpIsShownAndTheExitCodeIs2() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("Commands:");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            laod x.csv                                   | there is no command "laod"; there are serve, demo, match, load
            serve --prot 80                              | --prot
            serve --port eighty                          | is not a whole number
            plan --limit x                               | is not a whole number
            load                                         | --kind
            load --kind person --system crm              | name a file
            load a.csv --jdbc u --kind person --system c | name a file
            load --jdbc u --kind person --system crm     | --table
            load a.csv --kind person                     | --system
            load a.csv --kind person --entity contact    | mutually exclusive
            load a.csv --kind person --system My-CRM     | no id of a system
            load a.csv --kind person --system crm --duplicate-free shop | --duplicate-free
            export --format xml                          | xml
            plan --limit -1                              | --limit
            bench --records 0                            | --records
            demo --records 5                             | --records
            demo --port 99999                            | --port must be
            serve --port 99999                           | --port must be
            """)
    void aCommandThatMakesNoSenseEndsWith2AndSaysWhy(String line, String why) {
        assertThat(run(line.strip().split(" "))).isEqualTo(2);
        assertThat(err.toString()).contains(why, "--help");
        assertThat(err.toString().lines().count()).as("a few lines").isLessThan(6);
    }

    @Test
    void aFolderWithoutAHubIsNotExported() {
        var nowhere = folder.resolve("nowhere");
        assertThat(run("export", "--data", nowhere.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("there is no hub in " + nowhere, "--data");
        assertThat(nowhere).doesNotExist();
    }

    @Test
    void anUnknownKindEndsWith2() throws IOException {
        var people = file("people.csv", "id,name\n1,Ann\n");
        assertThat(run("load", people, "--kind", "persons", "--system", "crm")).isEqualTo(2);
        assertThat(err.toString()).contains("person, organisation or item");
    }

    @Test
    void aFileThatIsNotThereEndsWith1AndOneLine() {
        assertThat(run("load", folder.resolve("no.csv").toString(), "--kind", "person", "--system", "crm"))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith("kintsugi: there is no file").doesNotContain("\tat ");
        assertThat(err.toString().lines()).hasSize(1);
    }

    @Test
    void aFileThatCannotBeLookedAtIsNotSaidToBeMissing() throws IOException {
        var below = file("people.csv", "id\n1\n") + "/people.csv"; // as in a folder that is closed to this user
        assertThat(run("load", below, "--kind", "person", "--system", "crm")).isEqualTo(1);
        assertThat(run("match", below, "--kind", "person", "--out", "-")).isEqualTo(1);
        assertThat(run("export", "--config", below)).isEqualTo(1);
        assertThat(err.toString().lines())
                .hasSize(3)
                .allMatch(line -> line.contains("people.csv/people.csv cannot be looked at; see that")
                        || line.contains("there is no ") // newer JDKs know that nothing is below a file
                                && line.endsWith("people.csv/people.csv"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "demo"})
    void aPortThatIsTakenIsRefusedBeforeAnythingIsMade(String command) throws IOException {
        var data = folder.resolve("hub");
        try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var port = Integer.toString(other.getLocalPort());
            assertThat(run(command, "--port", port, "--data", data.toString())).isEqualTo(1);
            assertThat(err.toString().lines()).hasSize(1);
            assertThat(err.toString()).contains("port " + port, "is taken", "--port");
        }
        assertThat(data).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            first name,last name;Jo,Smith;Jo,Smith | 2 | --id-column
            id,name,name;1,Jo,Joe                  | 1 | columns 2 and 3
            id,zq;1,x                              | 2 | --map
            """)
    void whatCannotBeLoadedIsRefusedBeforeAGraphIsMade(String rows, int code, String why) throws IOException {
        var data = folder.resolve("hub");
        var people = file("people.csv", rows.strip().replace(';', '\n') + "\n");
        assertThat(run("load", people, "--kind", "person", "--system", "crm", "--data", data.toString()))
                .as(err.toString())
                .isEqualTo(code);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains(why);
        assertThat(data).doesNotExist();
    }

    @Test
    void whoTypesADatabaseIsToldOfTheOptionsAndNotOfSettings() {
        var data = folder.resolve("hub");
        for (var url :
                new String[] {"jdbc:oracle:thin:@db", "jdbc:postgresql://db/x?evil=1", "jdbc:postgresql://db/x"}) {
            err.getBuffer().setLength(0);
            int code = run(
                    "load", "--jdbc", url, "--table", "t", "--kind", "person", "--system", "crm", "--data", data + "");
            assertThat(code).as(err.toString()).isEqualTo(2);
            assertThat(err.toString()).contains("--jdbc").doesNotContain("setting");
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void aFolderThatIsNotThereIsNamedAndNotTheFileInIt() {
        var nowhere = folder.resolve("nowhere");
        assertThat(run(
                        "bench",
                        "--records",
                        "5",
                        "--write-csv",
                        nowhere.resolve("x.csv").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).isEqualToIgnoringNewLines("kintsugi: there is no folder " + nowhere);
    }

    @Test
    void theBenchmarksPersonsComeWithTheTruthAboutThem() {
        var persons = folder.resolve("persons.csv").toString();
        var truth = folder.resolve("truth.csv").toString();
        assertThat(run("bench", "--records", "300", "--write-truth", truth)).isEqualTo(2);
        assertThat(run("bench", "--records", "300", "--write-csv", persons, "--write-truth", truth))
                .isZero();
        assertThat(run("match", persons, "--kind", "person", "--evaluate", truth))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("pairs ", "B-cubed");
    }

    @Test
    void aConfigurationThatCannotBeReadSaysWhatToDoInOneLine() throws IOException {
        var latin = Files.write(folder.resolve("latin.yaml"), "data: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        var broken = file("broken.yaml", "http:\n  port: 7070\nsystems: [crm,\n");
        var twice = file("twice.yaml", "http: {port: 1}\nhttp: {port: 2}\n");
        Map.of(
                        folder.resolve("none.yaml").toString(),
                        "there is no configuration file",
                        folder.toString(),
                        "is a folder",
                        latin.toString(),
                        "is not in UTF-8",
                        broken,
                        "broken.yaml line 4 cannot be read",
                        twice,
                        "twice.yaml line 2 cannot be read: Duplicate field 'http'")
                .forEach((config, why) -> {
                    err.getBuffer().setLength(0);
                    assertThat(run("export", "--config", config)).isEqualTo(1);
                    assertThat(err.toString()).contains(why).doesNotContain("Exception");
                    assertThat(err.toString().lines()).hasSize(1);
                });
    }

    @Test
    void debugShowsWhereAFailureCameFrom() {
        assertThat(run("load", folder.toString(), "--kind", "person", "--system", "crm", "--debug"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("is a folder", "\tat io.kintsugi");
    }

    @Test
    void anEmptyFileAndOneWithoutRowsAreRefused() throws IOException {
        assertThat(run("load", file("empty.csv", ""), "--kind", "person", "--system", "crm"))
                .isEqualTo(1);
        assertThat(run("load", file("header.csv", "id,name\n"), "--kind", "person", "--system", "crm"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("is empty", "no rows");
    }

    @Test
    void aDeadGraphIsSaidInOneSentence() throws IOException {
        var people = file("people.csv", "id,first_name,last_name\n1,Ann,Lee\n");
        var config = file("kintsugi.yaml", "neo4j: {uri: 'bolt://127.0.0.1:" + closedPort() + "', password: x}\n");
        assertThat(run("load", people, "--kind", "person", "--system", "crm", "--config", config))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("no Neo4j answers at bolt://127.0.0.1")
                .doesNotContain("\tat ");
    }

    @Test
    void aDeadDatabaseIsSaidInOneSentence() throws IOException {
        var url = "jdbc:postgresql://127.0.0.1:" + closedPort() + "/shop";
        assertThat(run(
                        "load",
                        "--jdbc",
                        url,
                        "--jdbc-user",
                        "reader",
                        "--table",
                        "t",
                        "--kind",
                        "person",
                        "--system",
                        "shop",
                        "--data",
                        folder.toString()))
                .isEqualTo(1);
        assertThat(err.toString())
                .startsWith("kintsugi: ")
                .contains("127.0.0.1")
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "export", "doctor"})
    void anUnknownKeyOfTheConfigurationIsNamedWithTheNearestOne(String command) throws IOException {
        var config = file("kintsugi.yaml", "dta: here\n");
        assertThat(run(command, "--config", config)).isEqualTo(1);
        assertThat(out + err.toString()).contains("dta", "did you mean \"data\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            connector: jdcb                                             | no connector "jdcb"; there are [file, jdbc]
            connector: jdbc, settings: {urll: x}                        | has no setting "urll"; it has [url
            connector: jdbc                                             | setting "url" is missing
            """)
    void aSystemThatNamesWhatIsNotThereIsRefusedBeforeAGraphIsMade(String system, String why) throws IOException {
        var data = folder.resolve("hub");
        var stream = "streams: {people: {entity: contact, fields: {mail: email}}}";
        var config = file("kintsugi.yaml", "systems: {crm: {" + system.strip() + ", " + stream + "}}\n");
        assertThat(run("serve", "--port", "0", "--config", config, "--data", data.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).startsWith("kintsugi: system crm: ").contains(why);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(data).doesNotExist();
    }

    @Test
    void theDoctorNamesEveryFaultAndHowToMendIt() throws IOException {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var config = file("kintsugi.yaml", "neo4j: {uri: 'bolt://127.0.0.1:" + closedPort() + "', password: x}\n");
            assertThat(run(
                            "doctor",
                            "--config",
                            config,
                            "--port",
                            "" + taken.getLocalPort(),
                            "--data",
                            folder.toString()))
                    .isEqualTo(1);
        }
        assertThat(out.toString().lines().map(line -> line.replaceAll(" +", " ")))
                .anyMatch(line -> line.startsWith("OK java"))
                .anyMatch(line -> line.startsWith("OK data folder"))
                .anyMatch(line -> line.startsWith("FAIL port"))
                .anyMatch(line -> line.startsWith("FAIL graph no Neo4j answers"))
                .anyMatch(line -> line.contains("-> start that Neo4j"));
    }

    private static int closedPort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
