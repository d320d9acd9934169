package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.neo4j.driver.Driver;
import org.neo4j.driver.summary.GqlNotification;
import org.neo4j.driver.summary.GqlStatusObject;
import org.neo4j.driver.summary.Plan;
import org.neo4j.driver.summary.QueryType;
import org.neo4j.driver.summary.ResultSummary;

/**
 * What every query must do on the migrated schema. Runs after the store contract, whose use of the queries it checks, and whose
 * data make the server know every label, relationship and property: run it with all {@code *IT}.
 */
@Order(Integer.MAX_VALUE)
class QueriesIT {
    /** They run while the schema is made, or in the benchmark; {@link MigrationsIT} and {@link RawWriteBenchIT} and {@link RawCopyIT} prove them. */
    private static final Set<Cypher> OF_MIGRATIONS = EnumSet.of(
            Cypher.SHOW_COMPONENTS,
            Cypher.CREATE_MIGRATION_LOCK,
            Cypher.CREATE_MIGRATION_VERSION,
            Cypher.LOCK_MIGRATIONS,
            Cypher.FIND_MIGRATIONS,
            Cypher.SAVE_MIGRATION,
            Cypher.AWAIT_INDEXES,
            Cypher.MERGE_RAW_KEYS,
            Cypher.CREATE_RAW_ROWS,
            Cypher.CREATE_RAW_RECORDS,
            Cypher.CREATE_RAW_GOLDENS,
            Cypher.CREATE_RAW_REVISIONS,
            Cypher.FIND_FOREIGN);

    private static Driver driver;

    @BeforeAll
    static void connect() {
        TestGraph.empty();
        driver = TestGraph.shared().openDriver();
    }

    @AfterAll
    static void close() {
        driver.close();
    }

    @Test
    void theStoreContractRunsEveryQuery() {
        var unseen = EnumSet.allOf(Cypher.class);
        unseen.removeAll(OF_MIGRATIONS);
        unseen.removeAll(TestGraph.SEEN);
        assertThat(unseen).as("queries that no behaviour test runs").isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void thePlanIsWhatTheHeaderSays(Cypher query) {
        var file = query.file();
        try (var session = driver.session()) {
            var result = session.run("EXPLAIN " + query.text(), parameters(query));
            assertThat(result.keys()).isEqualTo(file.out());
            ResultSummary summary = result.consume();
            var type = summary.queryType();
            assertThat(type)
                    .isIn(
                            switch (file.mode()) {
                                case READ ->
                                    query == Cypher.SHOW_COMPONENTS
                                            ? Set.of(
                                                    QueryType
                                                            .SCHEMA_WRITE) // so are all procedures of the server itself
                                            : Set.of(QueryType.READ_ONLY);
                                case WRITE -> Set.of(QueryType.WRITE_ONLY, QueryType.READ_WRITE);
                                case SCHEMA -> Set.of(QueryType.SCHEMA_WRITE);
                            });
            assertThat(summary.gqlStatusObjects())
                    .filteredOn(GqlNotification.class::isInstance)
                    .as("notifications")
                    .extracting(GqlStatusObject::statusDescription)
                    .isEmpty();
        }
    }

    /** Plans do not depend on values, but the server wants all of them. */
    private static Map<String, Object> parameters(Cypher query) {
        var parameters = new HashMap<String, Object>();
        for (var name : query.file().in()) {
            parameters.put(name, name.equals("limit") ? 1 : null);
        }
        return parameters;
    }

    @Test
    void noQueryReadsEveryNodeOfTheGraph() {
        try (var session = driver.session()) {
            var scanning = Arrays.stream(Cypher.values())
                    .filter(query -> query.file().mode() != CypherFile.Mode.SCHEMA)
                    .filter(query -> query != Cypher.FIND_FOREIGN) // asked once, of a graph that is not the hub's
                    .filter(query -> session.run("EXPLAIN " + query.text(), parameters(query))
                            .consume()
                            .queryPlan()
                            .filter(QueriesIT::scansAllNodes)
                            .isPresent())
                    .toList();
            assertThat(scanning).isEmpty();
        }
    }

    private static boolean scansAllNodes(Plan plan) {
        return plan.operatorType().startsWith("AllNodesScan")
                || plan.children().stream().anyMatch(QueriesIT::scansAllNodes);
    }
}
