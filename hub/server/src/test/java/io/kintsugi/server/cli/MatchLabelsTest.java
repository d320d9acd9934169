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
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MatchLabelsTest {
    /** By themselves 1 and 2 are one, and so are 3 and 4; 5 stays alone. */
    private static final String PEOPLE = """
            id,source,first_name,last_name,dob,email
            1,crm,Robert,Garrison,1978-12-11,rgarrison@work.com
            2,web,Bob,Garrison,12/11/1978,
            3,web,Anna,Vandermeer,1990-05-17,anna@home.org
            4,crm,Ana,Vandermeer,,anna@home.org
            5,web,Jo,Lee,,
            """;

    private static final String LABELS = "id1,id2,match\n1,2,no\n5,4,yes\n3,4,1\n";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void people() throws IOException {
        Files.writeString(folder.resolve("people.csv"), PEOPLE);
    }

    @Test
    @DisplayName("ID-4, ID-11: what the labels say holds in the output, and what the rules alone would say is told")
    void labelsHold() throws IOException {
        assertThat(run("--labels", labels(LABELS), "--out", in("out.csv")))
                .as(err.toString())
                .isZero();
        assertThat(folder.resolve("out.csv")).hasContent("id,cluster\n1,1\n2,2\n3,3\n4,3\n5,3\n");
        assertThat(err.toString())
                .contains(
                        "learned from",
                        "3 labels, 2 the same and 1 different, and the clusters are as they say; "
                                + "by themselves the rules decide 1 so, ask about 0 and decide 2 otherwise");
    }

    @Test
    @DisplayName("ID-4: labels hold by rules that are taken as they are, too")
    void labelsHoldByGivenRules() throws IOException {
        var rules = Files.writeString(folder.resolve("rules.yaml"), "{}").toString();
        assertThat(run("--labels", labels(LABELS), "--rules", rules, "--out", in("out.csv")))
                .as(err.toString())
                .isZero();
        assertThat(folder.resolve("out.csv")).hasContent("id,cluster\n1,1\n2,2\n3,3\n4,3\n5,3\n");
        assertThat(err.toString()).contains("nothing was learned", "3 labels, 2 the same");
    }

    @Test
    @DisplayName("ID-9: an explanation names the label that decides")
    void whyNamesTheLabel() throws IOException {
        assertThat(why("1", "2")).contains("Apart", "Why not: a label says that 1 and 2 are different.");
        assertThat(why("4", "5")).contains("Together", "A label says that they are the same.");
        assertThat(why("5", "3")).contains("Not by their own score but through others: 5 – 4 – 3");
        var apart = "id1,id2,match\n1,3,no\n1,2,yes\n";
        assertThat(run("--labels", labels(apart), "--why", "2", "4")).isZero();
        assertThat(out.toString()).contains("Apart", "Why not: a label says that 1 and 3 are different.");
    }

    @Test
    @DisplayName("ID-11: the report says how labels and rules agree, where there are labels")
    void theReportHasThem() throws IOException {
        var truth = Files.writeString(folder.resolve("truth.csv"), "id,cluster\n1,A\n2,B\n3,C\n4,C\n5,C\n")
                .toString();
        assertThat(run("--labels", labels(LABELS), "--evaluate", truth, "--report", in("report.json")))
                .as(err.toString())
                .isZero();
        var json = JsonMapper.builder()
                .build()
                .readTree(folder.resolve("report.json").toFile());
        assertThat(json.at("/pairs/f1").asDouble()).isEqualTo(1);
        var labels = "{\"same\": 2, \"different\": 1, \"agreeing\": 1, \"unsure\": 0}";
        assertThat(json.get("labels")).isEqualTo(JsonMapper.builder().build().readTree(labels));
        assertThat(run("--evaluate", truth, "--report", in("report.json"))).isZero();
        json = JsonMapper.builder()
                .build()
                .readTree(folder.resolve("report.json").toFile());
        assertThat(json.has("labels")).isFalse();
        assertThat(err.toString()).doesNotContain("label");
    }

    @Test
    void labelsThatCannotBeMeantAreRefusedAndNothingIsWritten() throws IOException {
        refused(1, "labels.csv, line 2: column 2 (id2): no record has the id 77", "id1,id2,match\n1,77,yes\n");
        refused(1, "labels.csv, line 2: column 3 (match): \"perhaps\"", "id1,id2,match\n1,2,perhaps\n");
        refused(1, "line 3: says of 2 and 1 the opposite of line 2", "id1,id2,match\n1,2,yes\n2,1,no\n");
        refused(1, "labels.csv has a header and no rows", "id1,id2,match\n");
        assertThat(run("--labels", in("none.csv"), "--out", in("out.csv"))).isEqualTo(1);
        assertThat(err.toString()).contains("there is no file");
        assertThat(run("--labels", labels(LABELS), "--out", in("labels.csv"))).isEqualTo(2);
        assertThat(err.toString()).contains("has another use");
    }

    private void refused(int exitCode, String message, String labels) throws IOException {
        assertThat(run("--labels", labels(labels), "--out", in("out.csv"))).isEqualTo(exitCode);
        assertThat(err.toString()).contains(message);
        assertThat(folder.resolve("out.csv")).doesNotExist();
    }

    private String why(String one, String other) throws IOException {
        assertThat(run("--labels", labels(LABELS), "--why", one, other))
                .as(err.toString())
                .isZero();
        return out.toString();
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

    private String labels(String csv) throws IOException {
        return Files.writeString(folder.resolve("labels.csv"), csv).toString();
    }
}
