package io.kintsugi.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MatchWhyTest {
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

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    @DisplayName("ID-9: prior and comparisons sum to the score, with raw and standard values and the key")
    void twoThatAreTogether() throws IOException {
        assertThat(why(PEOPLE, "1", "2")).as(err.toString()).isZero();
        assertThat(out.toString())
                .containsPattern("first_name +Robert +Bob")
                .containsPattern("dob +1978-12-11 +12/11/1978")
                .containsPattern("givenName +robert +bob")
                .containsPattern("birthDate +1978-12-11 +1978")
                .containsPattern("Key in common: .+, of 2 records")
                .contains("Together, in a cluster of 2.")
                .doesNotContain("Why not");
        double sum = 0;
        double total = Double.NaN;
        var lines = Pattern.compile("(?m)^ *([+-][0-9.]+)  (\\w+)").matcher(out.toString());
        while (lines.find()) {
            if (lines.group(2).equals("in")) total = Double.parseDouble(lines.group(1));
            else sum += Double.parseDouble(lines.group(1));
        }
        assertThat(out.toString()).contains("prior");
        assertThat(sum).isCloseTo(total, within(0.05));
    }

    @Test
    void theAnswerIsTheSameTheOtherWayRound() throws IOException {
        assertThat(why(PEOPLE, "2", "1")).isZero();
        assertThat(out.toString())
                .containsPattern("first_name +Bob +Robert")
                .containsPattern("givenName +bob +robert")
                .contains("Together");
    }

    @Test
    @DisplayName("ID-9: why not, for any two records")
    void twoThatHaveNothingInCommon() throws IOException {
        assertThat(why(PEOPLE, "1", "5")).isZero();
        assertThat(out.toString())
                .contains("No key in common: they were never compared.")
                .contains("Apart, in clusters of 2 and 1.")
                .contains("Why not: they were never compared");
    }

    @Test
    void twoThatAreTooLittleAlike() throws IOException {
        assertThat(why("id,name,born\n1,Ann Smith,1960-02-03\n2,Ann Smith,1991-11-17\n", "1", "2"))
                .isZero();
        assertThat(out.toString()).contains("Apart").containsPattern("Why not: [0-9.]+ bits are missing\\.");
    }

    @Test
    void twoOfASourceWithoutDuplicates() throws IOException {
        var twice = PEOPLE.replace("2,web", "2,crm");
        assertThat(why(twice, "1", "2", "--duplicate-free", "crm")).isZero();
        assertThat(out.toString()).contains("Both are of crm, which was declared free of duplicates.");
    }

    @Test
    void twoThatOthersBroughtTogether() throws IOException {
        var chain = """
                id,first_name,last_name,dob,email,phone
                1,Robert,Garrison,1978-12-11,,702-919-1300
                2,Robert,Garrison,1978-12-11,rob@garrison.example,702-919-1300
                3,R,Garrison,,rob@garrison.example,
                """;
        assertThat(why(chain, "1", "3")).isZero();
        assertThat(out.toString())
                .contains("Together, in a cluster of 3.")
                .contains("Not by their own score but through others: 1 – 2 – 3");
    }

    @Test
    @DisplayName(
            "ID-10: a value of too many records is no key and no evidence, under learned rules and under given ones")
    void aValueOfTooManyRecordsIsNoKeyAndNoEvidence() throws IOException {
        var many = new StringBuilder("id,name,phone\n");
        for (int i = 0; i < 250; i++) {
            many.append(i)
                    .append(",Q")
                    .append(word(i))
                    .append(" Z")
                    .append(word(999 - i))
                    .append(",702-919-1300\n");
        }
        var rules = Files.writeString(folder.resolve("rules.yaml"), "{}").toString();
        for (var given : List.of(List.<String>of(), List.of("--rules", rules))) {
            assertThat(why(many.toString(), "3", "4", given.toArray(String[]::new)))
                    .as(err.toString())
                    .isZero();
            assertThat(out.toString())
                    .contains("No key in common: they were never compared.")
                    .doesNotContain("  phone  ")
                    .contains("no key in common that is rare enough");
        }
    }

    @Test
    void recordsOfSourcesThatShareIdsAreNamedWithTheirSource() throws IOException {
        var twice = PEOPLE.replace("2,web", "1,web");
        assertThat(why(twice, "crm:1", "web:1")).isZero();
        assertThat(out.toString()).containsPattern("crm:1 +web:1").contains("Together");
        assertThat(why(twice, "1", "3")).isEqualTo(2);
        assertThat(err.toString()).contains("several records have the id 1; name one: crm:1, web:1");
    }

    @Test
    void idsWithColonsAreIdsFirst() throws IOException {
        assertThat(why(PEOPLE.replace("1,crm", "a:1,crm"), "a:1", "2")).isZero();
        assertThat(out.toString()).contains("Together");
    }

    @Test
    void namesOfNoRecordAreRefused() throws IOException {
        assertThat(why(PEOPLE, "1", "9")).isEqualTo(2);
        assertThat(err.toString()).contains("no record has the id 9");
        assertThat(why(PEOPLE, "1", "1")).isEqualTo(2);
        assertThat(err.toString()).contains("the same record twice");
        assertThat(run(file(PEOPLE), "--kind", "person", "--why", "1")).isEqualTo(2);
        assertThat(why(PEOPLE, "1", "2", "--why", "3", "4")).isEqualTo(2);
        assertThat(err.toString()).contains("--why is about one pair");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aPipeCannotBeReadTwiceAndIsRefused() {
        assertThat(run("/dev/null", "--kind", "person", "--why", "1", "2")).isEqualTo(2);
        assertThat(err.toString()).contains("--why reads the file twice");
    }

    @Test
    void longAndHostileValuesDoNotBreakTheTable() throws IOException {
        var odd = "id,name,email\n1,\"Ann \u001b[2J\u202E" + "x".repeat(10_000) + "\",a@b.example\n2,Ann,a@b.example\n";
        assertThat(why(odd, "1", "2")).isZero();
        assertThat(out.toString()).doesNotContain("\u001b", "\u202E").contains("…");
        assertThat(out.toString().lines()).allMatch(line -> line.length() < 200);
    }

    private static String word(int i) {
        var word = new StringBuilder();
        for (int rest = i + 1_000; rest > 0; rest /= 26)
            word.append((char) ('a' + rest % 26)).append((char) ('k' + rest % 7));
        return word.toString();
    }

    private int why(String csv, String one, String other, String... more) throws IOException {
        var args = new ArrayList<>(List.of(file(csv), "--kind", "person", "--why", one, other));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return new CommandLine(new MatchCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(args);
    }

    private String file(String csv) throws IOException {
        return Files.writeString(folder.resolve("in.csv"), csv).toString();
    }
}
