package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.graph.Migrations.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.neo4j.driver.Driver;
import org.neo4j.driver.SessionConfig;
import org.neo4j.driver.exceptions.ClientException;

class MigrationsIT {
    private Driver driver;

    @BeforeEach
    void connect() {
        driver = TestGraph.shared().openDriver();
        apply(Migrations.shipped());
    }

    @AfterEach
    void leaveTheShippedSchema() {
        forgetEverything();
        apply(Migrations.shipped());
        driver.close();
    }

    private void apply(List<Script> scripts) {
        new Migrations(driver, SessionConfig.defaultConfig(), scripts).apply();
    }

    private void forgetEverything() {
        TestGraph.forgetSchema();
    }

    private List<String> names(String query) {
        try (var session = driver.session()) {
            return session.run(query).list(row -> row.get(0).asString());
        }
    }

    private static List<Script> with(String name, String text) {
        var scripts = new ArrayList<>(Migrations.shipped());
        scripts.add(Script.parse(name, text));
        return scripts;
    }

    @Test
    void hubsThatStartTogetherApplyEveryScriptOnce() throws Exception {
        forgetEverything();
        var scripts = with(
                "V900__once.cypher", "MERGE (s:Sequence {name: 'starts'}) SET s.value = coalesce(s.value, 0) + 1;\n");
        var pool = Executors.newFixedThreadPool(3);
        try {
            Callable<Boolean> start = () -> {
                apply(scripts);
                return true;
            };
            for (var started : pool.invokeAll(List.of(start, start, start))) {
                started.get();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(names("MATCH (m:_Migration) RETURN m.script ORDER BY m.version"))
                .startsWith("V001__first.cypher")
                .endsWith("V900__once.cypher")
                .hasSize(scripts.size());
        assertThat(names("MATCH (s:Sequence {name: 'starts'}) RETURN toString(s.value)"))
                .containsExactly("1");
    }

    @Test
    void everyConstraintAndIndexHasANameOfOurs() {
        assertThat(names("SHOW CONSTRAINTS YIELD name")).noneMatch(name -> name.startsWith("constraint_"));
        assertThat(names("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name"))
                .contains("golden_search", "source_record_key")
                .noneMatch(name -> name.startsWith("index_"));
        assertThat(names("SHOW INDEXES YIELD name, state WHERE state <> 'ONLINE' RETURN name"))
                .isEmpty();
    }

    @Test
    void aScriptThatChangedAfterItWasAppliedIsRefused() {
        apply(with("V900__a.cypher", "MERGE (:Sequence {name: 'a'});\n"));
        assertThatThrownBy(() -> apply(with("V900__a.cypher", "MERGE (:Sequence {name: 'b'});\n")))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.BAD_CONFIGURATION))
                .hasMessageContaining("V900__a.cypher");
        assertThat(names("MATCH (s:Sequence {name: 'b'}) RETURN s.name")).isEmpty();
    }

    @Test
    void aGraphOfANewerHubIsRefused() {
        apply(with("V909__later.cypher", "MERGE (:Sequence {name: 'a'});\n"));
        assertThatThrownBy(() -> TestGraph.shared().openStore())
                .isInstanceOf(HubException.class)
                .hasMessageContaining("newer hub");
    }

    @Test
    void aGraphThatHoldsWhatNoHubMadeIsRefusedAndLeftAsItIs() {
        forgetEverything();
        names("CREATE (r:Run {name: 'marathon'}) RETURN r.name");
        assertThatThrownBy(() -> TestGraph.shared().openStore())
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.BAD_CONFIGURATION))
                .hasMessageContaining("\"Run\"")
                .hasMessageNotContaining("marathon");
        assertThat(names("SHOW CONSTRAINTS YIELD name")).isEmpty();
    }

    @Test
    void aScriptThatFailedIsAppliedAgain() {
        assertThatThrownBy(() -> apply(with("V900__x.cypher", "MERGE (:Sequence {name: 'a'});\nMERGE oops;\n")))
                .isInstanceOf(ClientException.class);
        assertThat(names("MATCH (m:_Migration) RETURN m.script")).hasSameSizeAs(Migrations.shipped());
        apply(with("V900__x.cypher", "MERGE (:Sequence {name: 'a'});\n"));
        assertThat(names("MATCH (m:_Migration) RETURN m.script")).contains("V900__x.cypher");
    }
}
