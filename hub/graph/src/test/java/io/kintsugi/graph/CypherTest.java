package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract of query files that needs no server; {@link QueriesIT} has the rest. */
class CypherTest {
    private static final Pattern PARAMETER = Pattern.compile("\\$([A-Za-z][A-Za-z0-9]*)");

    private static List<String> files() throws IOException, URISyntaxException {
        var root = Path.of(CypherTest.class.getResource("/cypher").toURI());
        try (var files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyFileIsAConstantOrASchemaScript() throws Exception {
        var known = new TreeSet<String>();
        Arrays.stream(Cypher.values()).forEach(query -> known.add(query.path() + ".cypher"));
        Migrations.SCRIPTS.forEach(script -> known.add("schema/" + script));
        assertThat(files()).containsExactlyElementsOf(known);
    }

    @ParameterizedTest
    @EnumSource
    void theConstantIsTheFileName(Cypher query) {
        var name = query.path().substring(query.path().indexOf('/') + 1);
        assertThat(query.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-'))
                .isEqualTo(name);
    }

    @ParameterizedTest
    @EnumSource
    void theParametersAreThoseOfTheHeader(Cypher query) {
        var used = PARAMETER
                .matcher(query.text())
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(query.file().in()).containsExactlyInAnyOrderElementsOf(used);
    }

    @ParameterizedTest
    @EnumSource
    void thePurposeIsASentence(Cypher query) {
        assertThat(query.file().purpose()).matches("[A-Z].*\\.");
        assertThat(query.text()).doesNotContain("//", ";");
    }

    @Test
    void aBrokenHeaderIsRefused() {
        assertThatThrownBy(() -> CypherFile.parse("a/b", "// Reads.\n// mode: read\nRETURN 1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a/b");
        assertThatThrownBy(() -> CypherFile.parse("a/b", "// Reads.\n// node: read\nRETURN 1"))
                .hasMessageContaining("// node: read");
        assertThatThrownBy(() -> CypherFile.read("/cypher/none.cypher")).hasMessageContaining("none.cypher");
    }

    @Test
    void aScriptIsSplitAtSemicolonsThatEndALine() {
        var script = Migrations.Script.parse(
                "V007__x.cypher", "// about\nCREATE (a {t: ';'})\n  SET a.b = 1;\n\nMATCH (n);\n");
        assertThat(script.version()).isEqualTo(7);
        assertThat(script.statements()).containsExactly("CREATE (a {t: ';'})\n  SET a.b = 1", "MATCH (n)");
    }
}
