package io.kintsugi.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.server.bench.Bench;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MatchCommandTest {
    private static final String PEOPLE = """
            id,source,first_name,last_name,dob,email
            1,crm,Robert,Garrison,1978-12-11,rgarrison@work.com
            2,web,Bob,Garrison,12/11/1978,
            3,web,Anna,Vandermeer,1990-05-17,anna@home.org
            4,crm,Ana,Vandermeer,,anna@home.org
            5,web,Jo,Lee,,
            """;

    @TempDir
    Path folder;

    private final StringWriter err = new StringWriter();

    @Test
    void writesACasePerIdInTheOrderOfTheFile() throws IOException {
        assertThat(match(PEOPLE, "--kind", "person")).isZero();
        assertThat(out()).containsExactly("id,cluster", "1,1", "2,1", "3,3", "4,3", "5,5");
        assertThat(err.toString())
                .contains("first_name", "given-name", "by its name")
                .contains("5 rows, 5 records, 3 clusters");
    }

    @Test
    void theOrderOfTheRowsChangesNoCluster() throws IOException {
        var lines = PEOPLE.lines().toList();
        var turned = String.join(
                "\n", List.of(lines.get(0), lines.get(5), lines.get(3), lines.get(2), lines.get(4), lines.get(1)));
        assertThat(match(turned, "--kind", "person")).isZero();
        assertThat(out()).containsExactly("id,cluster", "5,5", "3,3", "2,1", "4,3", "1,1");
    }

    @Test
    @DisplayName(
            "ID-2: thousands of messy persons of four systems fall into the same clusters in any order of the rows")
    void theOrderOfAWholeFileChangesNoCluster() throws IOException {
        var file = folder.resolve("persons.csv");
        Bench.writeCsv(file, 3_000);
        var lines = Files.readAllLines(file);
        var random = new Random(11);
        List<String> before = null;
        for (int round = 0; round < 4; round++) {
            assertThat(match(String.join("\n", lines), "--kind", "person", "--duplicate-free", "crm"))
                    .isZero();
            var clusters = out().stream().sorted().toList();
            assertThat(clusters).hasSize(3_001).isEqualTo(before == null ? clusters : before);
            before = clusters;
            Collections.shuffle(lines.subList(1, lines.size()), random);
        }
        assertThat(before.stream().map(line -> line.split(",")[1]).distinct().count())
                .as("clusters of several records")
                .isLessThan(2_500);
    }

    @Test
    void recordsOfADuplicateFreeSourceStayApart() throws IOException {
        var twice = PEOPLE.replace("2,web", "2,crm");
        assertThat(match(twice, "--kind", "person", "--duplicate-free", "crm")).isZero();
        assertThat(out()).contains("1,1", "2,2", "4,3");
        assertThat(match(twice, "--kind", "person", "--source-column", "source", "--duplicate-free", "all"))
                .isZero();
        assertThat(out()).contains("1,1", "2,2");
    }

    @Test
    void everyIdIsWrittenOnceAndEveryBrokenRowIsTold() throws IOException {
        var broken = PEOPLE
                + "6,web,Mia\n"
                + "7,web,\"Tom,Reed,,\n"
                + ",web,Nobody,Known,,\n"
                + "2,web,Bobby,Garrison,,\n"
                + "8,web,Zoe,Quill,,,extra\n";
        assertThat(match(broken, "--kind", "person")).isZero();
        assertThat(out().stream().map(line -> line.split(",")[0]))
                .containsExactly("id", "1", "2", "3", "4", "5", "6", "7", "8");
        assertThat(err.toString())
                .contains("line 7: 3 fields, but the header has 6; the row is matched with what could be read of it")
                .contains("line 8: a quote that does not belong there or is never closed")
                .contains("line 9: the id is empty; the row has no id and is left out")
                .contains(
                        "line 10: the id is that of line 3, of the same source; the row repeats an id and is left out")
                .contains("line 11: 7 fields")
                .contains("10 rows, 8 records");
    }

    @Test
    void equalIdsOfDifferentSourcesAreDifferentRecords() throws IOException {
        var twice = PEOPLE.replace("2,web", "1,web") + "1,web,Ann,Again,,\n6,a:b,Zoe,Quill,,\n6,a_b,Max,Stern,,\n";
        assertThat(match(twice, "--kind", "person")).isZero();
        assertThat(out())
                .containsExactly(
                        "id,cluster,source",
                        "1,crm:1,crm",
                        "1,crm:1,web",
                        "3,crm:4,web",
                        "4,crm:4,crm",
                        "5,web:5,web",
                        "6,a:b:6,a:b",
                        "6,a_b:6,a_b");
        assertThat(err.toString())
                .contains("line 7: the id is that of line 3, of the same source; the row repeats an id and is left out")
                .contains("8 rows, 7 records");
    }

    @Test
    void columnsCanBeTold() throws IOException {
        var odd = "nr,x,y,z\n1,Robert,Garrison,1978-12-11\n2,Bob,Garrison,1978-12-11\n";
        assertThat(match(
                        odd,
                        "--kind",
                        "person",
                        "--id-column",
                        "nr",
                        "--map",
                        "x=given-name",
                        "--map",
                        "y=FAMILY_NAME",
                        "--map",
                        "z=birth-date"))
                .isZero();
        assertThat(out()).containsExactly("id,cluster", "1,1", "2,1");
        assertThat(err.toString()).contains("as you said");
    }

    @Test
    void withoutAnIdColumnTheLineIsTheId() throws IOException {
        assertThat(match("first_name,last_name\nAnn,Lee\nBo,Reed\n", "--kind", "person"))
                .isZero();
        assertThat(out()).containsExactly("id,cluster", "2,2", "3,3");
        assertThat(err.toString()).contains("No column is an id");
    }

    @Test
    void oddIdsAreWrittenAsTheyCame() throws IOException {
        assertThat(match("id,name\n\"a,1\",Ann Lee\n\"b:\"\"2\",Bo Reed\n", "--kind", "person"))
                .isZero();
        assertThat(out()).containsExactly("id,cluster", "\"a,1\",\"a,1\"", "\"b:\"\"2\",\"b:\"\"2\"");
    }

    @Test
    void commandsThatMakeNoSenseExitWithTwoAndSayWhy() throws IOException {
        assertRefused(2, "person, organisation or item", PEOPLE, "--kind", "people");
        assertRefused(2, "no column \"phone\"", PEOPLE, "--kind", "person", "--map", "phone=phone");
        assertRefused(2, "cannot hold \"colour\"", PEOPLE, "--kind", "person", "--map", "dob=colour");
        assertRefused(2, "no column \"nr\"", PEOPLE, "--kind", "person", "--id-column", "nr");
        assertRefused(2, "the sources are crm, web", PEOPLE, "--kind", "person", "--duplicate-free", "erp");
        assertRefused(2, "--source-column", "id,name\n1,Ann Lee\n", "--kind", "person", "--duplicate-free", "all");
        assertRefused(2, "no column can be compared", "id,q\n1,2\n", "--kind", "person");
        assertRefused(2, "--kind", PEOPLE);
        assertRefused(2, "--encoding", PEOPLE, "--kind", "person", "--encoding", "klingon");
    }

    @Test
    void filesThatCannotBeReadExitWithOneAndSayWhy() throws IOException {
        assertRefused(1, "the file is empty", "", "--kind", "person");
        assertRefused(1, "no rows", "id,name\n", "--kind", "person");
        assertRefused(1, "columns 2 and 4 are both named \"name\"", "id,name,x,name\n1,a,b,c\n", "--kind", "person");
        assertRefused(1, "no row", "id,name\n,Ann\n", "--kind", "person");
        assertThat(run(folder.resolve("none.csv").toString(), "--kind", "person", "--out", target()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("there is no file").contains("none.csv");
        assertThat(run(folder.toString(), "--kind", "person", "--out", target()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("is a folder");
    }

    @Test
    void aResultThatCannotBeWrittenIsToldBeforeTheWork() throws IOException {
        var in = file(PEOPLE).toString();
        assertThat(run(
                        in,
                        "--kind",
                        "person",
                        "--out",
                        folder.resolve("no/where.csv").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("there is no folder").doesNotContain("Columns");
        assertThat(run(in, "--kind", "person", "--out", folder.toString())).isEqualTo(1);
        assertThat(run(in, "--kind", "person", "--out", in)).isEqualTo(2);
        assertThat(Files.readString(Path.of(in))).isEqualTo(PEOPLE);
    }

    @Test
    void otherEncodingsAreRead() throws IOException {
        var in = folder.resolve("latin.csv");
        Files.write(in, "id,name\n1,Jörg Müller\n2,Bo\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(run(in.toString(), "--kind", "person", "--out", target(), "--encoding", "ISO-8859-1"))
                .isZero();
        assertThat(err.toString()).doesNotContain("bytes that are not");
        assertThat(run(in.toString(), "--kind", "person", "--out", target())).isZero();
        assertThat(err.toString()).contains("line 2 holds bytes that are not UTF-8");
    }

    @Test
    void aLinkStaysALinkAndItsTargetIsWritten() throws IOException {
        var target = Files.writeString(folder.resolve("target.csv"), "old");
        var link = Files.createSymbolicLink(folder.resolve("link.csv"), Path.of("target.csv"));
        var out = link.toString();
        assertThat(run(file(PEOPLE).toString(), "--kind", "person", "--out", out))
                .isZero();
        assertThat(link).isSymbolicLink();
        assertThat(target).content().startsWith("id,cluster");
        Files.delete(target);
        assertThat(run(file(PEOPLE).toString(), "--kind", "person", "--out", out))
                .isZero();
        assertThat(link).isSymbolicLink();
        assertThat(target).content().startsWith("id,cluster");
    }

    @Test
    void aLinkIntoNowhereIsToldBeforeTheWork() throws IOException {
        var link = Files.createSymbolicLink(folder.resolve("link.csv"), Path.of("no/where.csv"));
        assertThat(run(file(PEOPLE).toString(), "--kind", "person", "--out", link.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("there is no folder").doesNotContain("Columns");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPipeIsWrittenIntoAndNotReplaced() throws Exception {
        var pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        var read = new FutureTask<>(() -> Files.readString(pipe));
        var reader = new Thread(read);
        reader.setDaemon(true);
        reader.start();
        assertThat(run(file(PEOPLE).toString(), "--kind", "person", "--out", pipe.toString()))
                .isZero();
        assertThat(Files.isRegularFile(pipe)).as("replaced").isFalse();
        assertThat(read.get(10, TimeUnit.SECONDS)).startsWith("id,cluster");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPipeIsRead() throws Exception {
        var pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        var write = new Thread(() -> {
            try {
                Files.writeString(pipe, PEOPLE, StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        write.setDaemon(true);
        write.start();
        assertThat(run(pipe.toString(), "--kind", "person", "--out", target()))
                .as(err.toString())
                .isZero();
        assertThat(out()).containsExactly("id,cluster", "1,1", "2,1", "3,3", "4,3", "5,5");
    }

    @Test
    void encodingsThatAreNotReadAreNamed() throws IOException {
        var in = folder.resolve("wide.csv");
        for (var encoding : List.of("UTF-16LE", "UTF-16BE", "UTF-16")) {
            Files.write(in, PEOPLE.getBytes(encoding));
            assertThat(run(in.toString(), "--kind", "person", "--out", target()))
                    .as(encoding)
                    .isEqualTo(1);
            assertThat(run(in.toString(), "--kind", "person", "--out", target(), "--encoding", encoding))
                    .as(encoding)
                    .isEqualTo(1);
        }
        assertThat(err.toString().lines().filter(line -> line.contains("UTF-16") && line.contains("save it as UTF-8")))
                .hasSize(6);
        Files.write(in, "id,n\u00f6me\n1,Ann Lee\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(run(in.toString(), "--kind", "person", "--out", target())).isEqualTo(1);
        assertThat(err.toString()).contains("bytes that are not UTF-8", "--encoding, such as windows-1252");
    }

    @Test
    void namesOfNoFileAndTwoIdColumnsMakeNoSense() throws IOException {
        assertThat(run(file(PEOPLE).toString(), "--kind", "person", "--out", ""))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--out names no file");
        assertThat(run("", "--kind", "person", "--out", target())).isEqualTo(2);
        assertThat(err.toString()).contains("IN.csv names no file");
        assertRefused(
                2,
                "id, dob are both said to be the id",
                PEOPLE,
                "--kind",
                "person",
                "--map",
                "id=id",
                "--map",
                "dob=id");
        assertRefused(
                2,
                "both said to be the source",
                PEOPLE,
                "--kind",
                "person",
                "--map",
                "source=source",
                "--map",
                "dob=source");
    }

    private void assertRefused(int exitCode, String message, String csv, String... options) throws IOException {
        err.getBuffer().setLength(0);
        assertThat(match(csv, options)).as(err.toString()).isEqualTo(exitCode);
        assertThat(err.toString()).contains(message);
        assertThat(Path.of(target())).doesNotExist();
    }

    private int match(String csv, String... options) throws IOException {
        var args = new String[options.length + 3];
        args[0] = file(csv).toString();
        args[1] = "--out";
        args[2] = target();
        System.arraycopy(options, 0, args, 3, options.length);
        return run(args);
    }

    private int run(String... args) {
        return new CommandLine(new MatchCommand())
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private Path file(String csv) throws IOException {
        return Files.writeString(folder.resolve("in.csv"), csv);
    }

    private String target() {
        return folder.resolve("out.csv").toString();
    }

    private List<String> out() throws IOException {
        return Files.readAllLines(folder.resolve("out.csv"));
    }
}
