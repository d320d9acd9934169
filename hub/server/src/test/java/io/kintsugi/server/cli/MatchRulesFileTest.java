package io.kintsugi.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.server.bench.Bench;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Rules tried on a file before a hub publishes them. */
class MatchRulesFileTest {
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
    @DisplayName(
            "MRG-9: rules are tried on a file as they are: thresholds, caps, conditions and duplicate-free sources")
    void rulesDecideAsTheyAre() throws IOException {
        var people = Files.writeString(folder.resolve("people.csv"), PEOPLE);
        assertThat(clusters(people, "")).containsExactly("id,cluster", "1,1", "2,1", "3,3", "4,3", "5,5");
        assertThat(err.toString()).contains("nothing was learned");
        assertThat(clusters(people, "autoBits: 60")).contains("2,2", "4,4");
        assertThat(clusters(people, "rules: {keys: {email: 0, mailbox: 0, name: 0, part: 0}}"))
                .contains("1,1", "2,1");
        assertThat(clusters(people.getParent().resolve("people.csv"), "duplicateFree: [crm, shop]"))
                .contains("2,1", "4,3");
        assertThat(clusters(people, """
                rules:
                  conditions:
                    other mail:
                      when: {email: [same]}
                      atMost: -20
                """)).contains("2,1", "4,4");
    }

    @Test
    @DisplayName(
            "An identifier that a thing has once keeps two apart, also through a third that has none; others do not")
    void anExclusiveIdentifier() throws IOException {
        var firms = Files.writeString(folder.resolve("firms.csv"), """
                id,name,tax,member,street,city,phone
                1,Acme Widgets GmbH,DE811128135,K-100,Lange Str. 12,Ulm,+49 731 1234567
                2,Acme Widgets GmbH,,,Lange Str. 12,Ulm,+49 731 1234567
                3,Acme Widgets GmbH,DE136695976,K-100,Lange Str. 12,Ulm,+49 731 1234567
                4,Acme Widgets GmbH,,,Lange Str. 12,Ulm,+49 731 1234567
                """);
        var never = """
                rules:
                  conditions:
                    another number:
                      when: {identifier.%s: [different]}
                      never: true
                """;
        assertThat(firms(firms, "")).contains("1,1", "3,1");
        assertThat(firms(firms, never.formatted("tax"))).contains("1,1").doesNotContain("3,1");
        var file = Files.writeString(folder.resolve("rules.yaml"), never.formatted("tacks"))
                .toString();
        assertThat(run(firms, "--kind", "organisation", "--map", "tax=identifier", "--rules", file, "--out", target()))
                .isEqualTo(1);
        assertThat(err.toString())
                .contains("rule another number is about identifier.tacks, which is not compared")
                .contains("identifier.tax");
    }

    private List<String> firms(Path in, String rules) throws IOException {
        var file = Files.writeString(folder.resolve("rules.yaml"), rules).toString();
        var options = List.of("--kind", "organisation", "--map", "tax=identifier", "--map", "member=identifier");
        var all = new ArrayList<>(options);
        all.addAll(List.of("--rules", file, "--out", target()));
        assertThat(run(in, all.toArray(String[]::new))).as(err.toString()).isZero();
        return Files.readAllLines(Path.of(target()));
    }

    @Test
    @DisplayName("What was learned from a file is written as rules, and these rules find nearly the same")
    void learnedRulesCanBeUsed() throws IOException {
        var file = folder.resolve("persons.csv");
        Bench.writeCsv(file, 3_000);
        var rules = folder.resolve("learned.yaml");
        assertThat(run(file, "--rules-out", rules.toString(), "--out", target()))
                .as(err.toString())
                .isZero();
        var learned = pairs(Files.readAllLines(Path.of(target())));
        assertThat(rules).content().contains("duplicates:", "givenName:").contains("persons.csv");
        var asTheyAre = pairs(clusters(file, Files.readString(rules)));
        var both = new ArrayList<>(learned);
        both.retainAll(asTheyAre);
        assertThat(both.size()).isGreaterThan(learned.size() * 9 / 10).isGreaterThan(asTheyAre.size() * 9 / 10);
    }

    @Test
    @DisplayName("What is wrong in rules is told with its path, and nothing is written")
    void wrongRulesAreRefused() throws IOException {
        var people = Files.writeString(folder.resolve("people.csv"), PEOPLE);
        refused(people, "autoBit: 3", "matching.person does not know the key \"autoBit\"");
        refused(people, "rules: {keys: {mailbx: 0}}", "matching.person.rules.keys.mailbx is no kind of key");
        refused(people, "rules: [", "matching.person");
        assertThat(run(
                        people,
                        "--out",
                        target(),
                        "--rules",
                        folder.resolve("none.yaml").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("there is no file");
        var rules = Files.writeString(folder.resolve("rules.yaml"), "").toString();
        assertThat(run(people, "--rules", rules, "--rules-out", target())).isEqualTo(2);
        assertThat(err.toString()).contains("leave one out");
    }

    private void refused(Path people, String rules, String message) throws IOException {
        var file = Files.writeString(folder.resolve("rules.yaml"), rules).toString();
        assertThat(run(people, "--rules", file, "--out", target())).isEqualTo(1);
        assertThat(err.toString()).contains(message);
        assertThat(Path.of(target())).doesNotExist();
    }

    private List<String> clusters(Path in, String rules) throws IOException {
        var file = Files.writeString(folder.resolve("rules.yaml"), rules).toString();
        assertThat(run(in, "--rules", file, "--out", target()))
                .as(err.toString())
                .isZero();
        return Files.readAllLines(Path.of(target()));
    }

    /** Each id with the first one of its cluster, of those that are in one with another. */
    private static List<String> pairs(List<String> lines) {
        return lines.stream()
                .skip(1)
                .filter(line -> !line.split(",")[0].equals(line.split(",")[1]))
                .toList();
    }

    private String target() {
        return folder.resolve("out.csv").toString();
    }

    private int run(Path in, String... options) {
        err.getBuffer().setLength(0);
        var args = new ArrayList<>(List.of(in.toString()));
        args.addAll(List.of(options));
        if (!args.contains("--kind")) args.addAll(List.of("--kind", "person"));
        return new CommandLine(new MatchCommand())
                .setErr(new PrintWriter(err, true))
                .execute(args.toArray(String[]::new));
    }
}
