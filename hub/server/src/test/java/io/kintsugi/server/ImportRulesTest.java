package io.kintsugi.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who may import what. Maven forbids imports between modules; this reads the import lines of all sources for what Maven cannot see,
 * and says where the code belongs instead.
 */
class ImportRulesTest {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern IMPORT = Pattern.compile("^import (?:static )?([\\w.]+)");

    /**
     * @param folder sources the rule is about
     * @param forbidden start of what they may not import
     * @param except files the rule does not hold for
     * @param instead where such code belongs
     */
    record Rule(String folder, String forbidden, List<String> except, String instead) {
        @Override
        public String toString() {
            return folder + " does not import " + forbidden;
        }
    }

    static Stream<Rule> rules() {
        var core = "hub/core/src/main/java/io/kintsugi/core/";
        var server = "hub/server/src/main/java/io/kintsugi/server/";
        var rules = new ArrayList<Rule>();
        for (var package_ : List.of("match", "cluster", "survivorship", "lifecycle", "sync")) {
            var allowed = Map.of("lifecycle", List.of("cluster", "survivorship"), "sync", List.of("survivorship"))
                    .getOrDefault(package_, List.of());
            for (var other : List.of("match", "cluster", "survivorship", "lifecycle", "sync", "store")) {
                if (!other.equals(package_) && !allowed.contains(other)) {
                    rules.add(
                            new Rule(
                                    core + package_,
                                    "io.kintsugi.core." + other + ".",
                                    List.of(),
                                    "decisions do not know one another: let hub/server's engine pass the result of one to the other"));
                }
            }
        }
        for (var other : List.of("match", "cluster", "survivorship", "lifecycle", "sync", "store", "policy")) {
            rules.add(new Rule(core + "model", "io.kintsugi.core." + other + ".", List.of(), "model knows nobody"));
            if (!other.equals("policy")) {
                rules.add(new Rule(
                        core + "policy", "io.kintsugi.core." + other + ".", List.of(), "policy knows model only"));
            }
        }
        for (var impure : List.of(
                "java.time.Clock",
                "java.util.Random",
                "java.util.concurrent.",
                "java.security.SecureRandom",
                "java.net.",
                "java.nio.file.",
                "java.io.File",
                "java.lang.Thread")) {
            rules.add(new Rule(
                    core,
                    impure,
                    List.of("/store/memory/"), // a store has to keep threads apart
                    "core is given time, chance and files by hub/server"));
        }
        rules.add(new Rule(
                core,
                "org.jgrapht.",
                List.of("/cluster/", "/EntityOrder.java"),
                "core.cluster and the order of entity types are the only users of JGraphT"));
        rules.add(new Rule(server, "org.neo4j.", List.of(), "hub/graph is the only module that sees the driver"));
        rules.add(new Rule(
                server,
                "io.kintsugi.graph.",
                List.of("/Wiring.java", "/bench/"),
                "only Wiring opens a graph store; others get a HubStore"));
        rules.add(new Rule(server + "engine", "io.javalin.", List.of(), "HTTP belongs to server.api"));
        rules.add(
                new Rule(server + "engine", "io.kintsugi.server.api.", List.of(), "the engine does not know who asks"));
        var parts = List.of(
                "shared",
                "explain",
                "deletion",
                "resolution",
                "schema",
                "outbound",
                "inbound",
                "audit",
                "recovery",
                "erasure",
                "stewardship",
                "dryrun",
                "load");
        for (int i = 0; i < parts.size(); i++) {
            for (var later : parts.subList(i + 1, parts.size())) {
                rules.add(
                        new Rule(
                                server + "engine/" + parts.get(i),
                                "io.kintsugi.server.engine." + later + ".",
                                List.of(),
                                "parts of the engine know those before them in this list: hand the later one in, or move the code there"));
            }
            for (var loops : List.of("Hub", "Systems", "SystemWorker", "OpenSystem", "PollRuns", "Recovery")) {
                rules.add(new Rule(
                        server + "engine/" + parts.get(i),
                        "io.kintsugi.server.engine." + loops,
                        List.of("/load/"), // works on a whole hub
                        "the loops drive the parts, not the other way"));
            }
        }
        rules.add(new Rule(
                server + "connector",
                "io.kintsugi.server.engine.",
                List.of(),
                "the engine uses connectors, not the other way"));
        for (var connector : List.of("spi", "tck", "file", "jdbc")) {
            for (var hub : List.of("io.kintsugi.core.", "io.kintsugi.graph.", "io.kintsugi.server.")) {
                rules.add(new Rule(
                        "connectors/" + connector + "/src/main",
                        hub,
                        List.of(),
                        "a connector knows the SPI only; the hub translates"));
            }
        }
        rules.add(new Rule("connectors/spi/src/main", "com.", List.of(), "the SPI needs nothing but the JDK"));
        rules.add(new Rule("connectors/spi/src/main", "org.", List.of(), "the SPI needs nothing but the JDK"));
        return rules.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void importsGoOneWay(Rule rule) throws IOException {
        var offences = new ArrayList<String>();
        var folder = ROOT.resolve(rule.folder());
        try (var files = Files.walk(folder)) {
            for (var file :
                    files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
                if (rule.except().stream().anyMatch(part -> file.toString().contains(part))) continue;
                for (var line : Files.readAllLines(file)) {
                    var match = IMPORT.matcher(line);
                    if (match.find() && match.group(1).startsWith(rule.forbidden())) {
                        offences.add(ROOT.relativize(file) + " imports " + match.group(1));
                    }
                }
            }
        }
        assertThat(offences).as(rule.instead()).isEmpty();
    }
}
