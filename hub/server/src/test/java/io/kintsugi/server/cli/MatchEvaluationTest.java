package io.kintsugi.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MatchEvaluationTest {
    /** 1 and 2 are put together, and so are 3 and 4; 5 stays alone. */
    private static final String PEOPLE = """
            id,source,first_name,last_name,dob,email
            1,crm,Robert,Garrison,1978-12-11,rgarrison@work.com
            2,web,Bob,Garrison,12/11/1978,
            3,web,Anna,Vandermeer,1990-05-17,anna@home.org
            4,crm,Ana,Vandermeer,,anna@home.org
            5,web,Jo,Lee,,
            """;

    private static final String TRUTH = "id,cluster\n1,A\n2,A\n3,B\n4,C\n5,C\n";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void people() throws IOException {
        Files.writeString(folder.resolve("people.csv"), PEOPLE);
    }

    @Test
    void printsTheFiguresAndWritesNothing() throws IOException {
        assertThat(evaluate(TRUTH)).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("5 records judged by")
                .containsPattern("pairs +0\\.5000 +0\\.5000 +0\\.5000")
                .containsPattern("B-cubed +0\\.8000 +0\\.8000 +0\\.8000")
                .containsPattern("clusters +0\\.3333 +0\\.3333 +0\\.3333")
                .containsPattern("pairs +2 found, 2 true, 1 both")
                .containsPattern("clusters +3 found, 3 true")
                .containsPattern("largest +2 found, 2 true")
                .containsPattern("review +0 records for a person to look at, 0\\.00 %")
                .containsPattern("records/s; at most .* MB of heap");
        assertThat(err.toString()).contains("5 rows, 5 records, 3 clusters");
        try (var files = Files.list(folder)) {
            assertThat(files.map(f -> f.getFileName().toString())).containsExactlyInAnyOrder("people.csv", "truth.csv");
        }
    }

    @Test
    void whatTheCommandWroteIsATruthThatItAgreesWith() throws IOException {
        Files.writeString(
                folder.resolve("people.csv"),
                PEOPLE.replace("2,web", "1,web").replace("4,crm", "3,crm")); // ids alone do not tell apart
        var clusters = folder.resolve("clusters.csv").toString();
        assertThat(run("--out", clusters)).as(err.toString()).isZero();
        assertThat(run("--evaluate", clusters)).as(err.toString()).isZero();
        assertThat(out.toString()).containsPattern("pairs +1\\.0000 +1\\.0000 +1\\.0000");
    }

    @Test
    void pairsAreATruthToo() throws IOException {
        assertThat(evaluate("id1,id2\n2,1\n4,5\n")).isZero();
        assertThat(out.toString()).containsPattern("pairs +0\\.5000 +0\\.5000 +0\\.5000");
        assertThat(err.toString()).contains("truth.csv holds 2 pairs; records in no pair are taken for alone");
    }

    @Test
    void theReportHasTheSameFigures() throws IOException {
        var report = folder.resolve("report.json");
        Files.writeString(report, "old");
        assertThat(evaluate(TRUTH + "77,D\n", "--report", report.toString())).isZero();
        var json = JsonMapper.builder().build().readTree(report.toFile());
        assertThat(json.at("/pairs/f1").asDouble()).isEqualTo(0.5);
        assertThat(json.at("/pairs/both").asLong()).isEqualTo(1);
        assertThat(json.at("/bCubed/recall").asDouble()).isEqualTo(5.0 / 6);
        assertThat(json.at("/clusters/largestTrue").asInt()).isEqualTo(2);
        assertThat(json.at("/unknownIds").asInt()).isEqualTo(1);
        assertThat(json.at("/records").asInt()).isEqualTo(5);
        assertThat(json.at("/judged").asInt()).isEqualTo(6);
        assertThat(json.at("/reviewRecords").asInt()).isZero();
        assertThat(json.at("/reviewShare").asDouble()).isZero();
        assertThat(json.at("/seconds").asDouble()).isPositive();
        assertThat(json.at("/recordsPerSecond").asDouble()).isPositive();
        assertThat(json.at("/peakHeapBytes").asLong()).isPositive();
        assertThat(json.has("peakResidentBytes")).isTrue();
        assertThat(json.at("/rules").asText()).contains("person rules");
    }

    @Test
    void idsOfTheTruthThatNoRecordHasAreCountedAndTheFirstAreListed() throws IOException {
        assertThat(evaluate(TRUTH + "a,D\nb,D\nc,D\nd,D\ne,D\nf\u001b,D\ng,D\n"))
                .isZero();
        assertThat(err.toString())
                .contains("7 ids of", "without a record here, counted as found alone: a, b, c, d, e, …");
        assertThat(evaluate("id,cluster\n1,A\n2,A\n\u001b[31m,B\n")).isZero();
        assertThat(err.toString())
                .contains("found alone: \uFFFD[31m", "3 records are not in")
                .doesNotContain("\u001b");
    }

    @Test
    void theWorstMistakesAreListedWithWhatBroughtThemTogetherOrDidNot() throws IOException {
        assertThat(evaluate(TRUTH, "--mistakes", "3")).isZero();
        assertThat(out.toString())
                .contains("Wrong merges, worst first", "1 wrong pair: 4 | 3", "best across: 4 3, +")
                .containsPattern("best across: 4 3, \\+[0-9.]+ bits, by .*email")
                .contains("Splits, worst first", "1 missed pair: 4 | 5")
                .containsPattern("best across: 4 5, -[0-9.]+ bits, no key in common");
        assertThat(evaluate("id,cluster\n1,A\n2,A\n3,B\n4,B\n5,C\n", "--mistakes", "3"))
                .isZero();
        assertThat(out.toString()).contains("put together: none").contains("not the same: none");
    }

    @Test
    void pairsThatMustBeApartAreCountedWithoutClosure() throws IOException {
        var pairs = Files.writeString(folder.resolve("apart.csv"), "id1,id2\n1,2\n1,3\n2,3\n4,99\n")
                .toString();
        var report = folder.resolve("report.json");
        assertThat(evaluate(TRUTH, "--apart", pairs, "--report", report.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).containsPattern("apart +2 of 3 pairs kept apart, 66\\.67 %");
        assertThat(err.toString()).contains("1 of the pairs that must be apart left out");
        var json = JsonMapper.builder().build().readTree(report.toFile());
        assertThat(json.at("/apart/kept").asInt()).isEqualTo(2);
        assertRefused(2, "--apart needs --evaluate", "--out", in("o.csv"), "--apart", pairs);
        assertRefused(1, "has id1 and id2", "--evaluate", truth(TRUTH), "--apart", in("truth.csv"));
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() throws IOException {
        var truth = truth(TRUTH);
        assertRefused(2, "--out OUT.csv, --golden GOLDEN.csv, --evaluate TRUTH.csv, --why ID1 ID2 or --rules-out FILE");
        assertRefused(2, "--report needs --evaluate", "--out", in("o.csv"), "--report", in("r.json"));
        assertRefused(2, "--mistakes needs --evaluate", "--out", in("o.csv"), "--mistakes", "2");
        assertRefused(2, "from 0 on, not -1", "--evaluate", truth, "--mistakes", "-1");
        assertRefused(2, "--mistakes", "--evaluate", truth, "--mistakes", "many");
        assertRefused(2, "--report is " + truth, "--evaluate", truth, "--report", truth);
        assertRefused(2, "--out is " + truth, "--evaluate", truth, "--out", truth);
        assertRefused(2, "--report is", "--evaluate", truth, "--report", in("people.csv"));
        assertRefused(2, "--report is", "--evaluate", truth, "--out", in("x"), "--report", in("y/../x"));
        assertThat(Files.readString(Path.of(truth))).isEqualTo(TRUTH);
    }

    @Test
    void truthsThatCannotBeReadAreToldBeforeTheWork() throws IOException {
        assertRefused(1, "there is no file", "--evaluate", in("none.csv"));
        assertRefused(1, "is a folder", "--evaluate", folder.toString());
        assertRefused(1, "truth.csv: the file is empty", "--evaluate", truth(""));
        assertRefused(1, "truth.csv has a header and no rows", "--evaluate", truth("id,cluster\n"));
        assertRefused(1, "truth.csv, line 3, column 2 (cluster): empty", "--evaluate", truth("id,cluster\n1,A\n2,\n"));
        assertRefused(1, "there is no folder", "--evaluate", truth(TRUTH), "--report", in("no/where.json"));
        assertThat(err.toString()).doesNotContain("Columns");
        assertRefused(1, "no id of truth.csv is an id of the records", "--evaluate", truth("id,cluster\nx,A\n"));
    }

    private int evaluate(String truth, String... more) throws IOException {
        var args = new ArrayList<>(List.of("--evaluate", truth(truth)));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    private void assertRefused(int exitCode, String message, String... args) {
        assertThat(run(args)).as(err.toString()).isEqualTo(exitCode);
        assertThat(err.toString()).contains(message);
        assertThat(out.toString()).isEmpty();
    }

    private int run(String... more) {
        var args = new ArrayList<>(List.of(in("people.csv"), "--kind", "person"));
        args.addAll(List.of(more));
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new MatchCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args.toArray(String[]::new));
    }

    private String in(String name) {
        return folder.resolve(name).toString();
    }

    private String truth(String csv) throws IOException {
        return Files.writeString(folder.resolve("truth.csv"), csv).toString();
    }
}
