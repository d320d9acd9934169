package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import org.junit.jupiter.api.Test;

/** A hub can be given one of several databases of a server. */
class DatabaseIT {
    private final TestGraph graph = TestGraph.shared();

    private GraphHubStore connect(String database) {
        return GraphHubStore.connect(graph.uri, graph.user, graph.password, database);
    }

    @Test
    void theHubWorksInTheDatabaseThatIsNamed() {
        try (var store = connect("neo4j")) {
            assertThat(store.<Long>write(tx -> tx.goldens().reserveVersions(1))).isPositive();
            assertThat(store.<Boolean>read(tx -> tx.goldens().counts() != null)).isTrue();
        }
    }

    @Test
    void aDatabaseThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> connect("elsewhere"))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.code()).isEqualTo(HubErrorCode.BAD_CONFIGURATION))
                .hasMessageContaining("elsewhere")
                .hasMessageContaining("neo4j.database");
        assertThatThrownBy(() -> GraphHubStore.look(graph.uri, graph.user, graph.password, "elsewhere"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("elsewhere");
    }

    @Test
    void everythingGoesToTheNamedDatabaseAlsoTheSchema() {
        assertThatThrownBy(() ->
                        connect("system")) // it holds no data, so whatever is asked of it as of a graph is refused
                .isInstanceOf(HubException.class);
    }
}
