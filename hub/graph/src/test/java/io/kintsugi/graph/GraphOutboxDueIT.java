package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.OutboxDueContract;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.neo4j.driver.summary.Plan;

class GraphOutboxDueIT extends OutboxDueContract {
    @Override
    protected HubStore emptyStore() {
        return TestGraph.empty();
    }

    @ParameterizedTest
    @EnumSource(names = {"FIND_DUE_KEYS", "FIND_DUE_KEYS_OF_CAUSE", "FIND_NEXT_DUE"})
    @DisplayName("What is due is found by its time, so the cost does not grow with what waits")
    void whatIsDueIsFoundByItsTime(Cypher query) {
        var parameters =
                Map.<String, Object>of("system", "crm", "cause", "EDIT", "now", 0, "creates", true, "limit", 1);
        try (var driver = TestGraph.shared().openDriver();
                var session = driver.session()) {
            var plan = session.run("EXPLAIN " + query.text(), parameters)
                    .consume()
                    .queryPlan()
                    .orElseThrow();
            var operators = operators(plan).toList();
            assertThat(operators).anyMatch(name -> name.startsWith("NodeIndexSeek"));
            assertThat(operators).doesNotContainAnyElementsOf(List.of("Sort@neo4j", "Top@neo4j"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"COUNT_OVERDUE_CHANGES", "LIST_OVERDUE_CHANGES"})
    @DisplayName("SYN-5: what is overdue is found among what is open, however much was settled")
    void whatIsOverdueIsFoundAmongWhatIsOpen(Cypher query) {
        var parameters = new HashMap<String, Object>(Map.of("sentBefore", 0, "afterAt", 0, "afterId", "", "limit", 1));
        parameters.put("system", null);
        try (var driver = TestGraph.shared().openDriver();
                var session = driver.session()) {
            var plan = session.run("EXPLAIN " + query.text(), parameters)
                    .consume()
                    .queryPlan()
                    .orElseThrow();
            assertThat(details(plan)).anyMatch(detail -> detail.contains("state IN") && detail.contains("INDEX"));
        }
    }

    private static Stream<String> details(Plan plan) {
        var own = plan.operatorType() + " " + plan.arguments().get("Details");
        return Stream.concat(Stream.of(own), plan.children().stream().flatMap(GraphOutboxDueIT::details));
    }

    private static Stream<String> operators(Plan plan) {
        return Stream.concat(
                Stream.of(plan.operatorType()), plan.children().stream().flatMap(GraphOutboxDueIT::operators));
    }
}
