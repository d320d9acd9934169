package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Goldens.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LineageGraphTest {
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final GoldenRecord GOLDEN =
            new GoldenRecord("g-1", "contact", GoldenState.ACTIVE, 1, Map.of(), null, NOW, NOW);

    @Test
    void aGraphThatIsTooBigIsCutAndSaysHowMuchIsMissing() {
        var members = new ArrayList<Member>();
        for (int i = 0; i < 310; i++) {
            var key = new RecordKey("crm", "contact", String.valueOf(i));
            members.add(new Member(
                    new Membership(key, "g-1", NOW, Origin.RULE, Set.of()),
                    SourceRecord.observed(key, "people", Map.of("city", "Oslo"), null, NOW, null)));
        }
        var graph = new LineageGraph(List.of(), null).draw(GOLDEN, members, List.of(), List.of(), Map.of(), List.of());
        assertThat(graph.nodes()).hasSize(LineageGraph.MOST_NODES);
        assertThat(graph.omitted())
                .isEqualTo(310 - (LineageGraph.MOST_NODES - 2)); // the golden and the system are nodes too
        var ids = graph.nodes().stream().map(LineageGraph.Node::id).toList();
        assertThat(graph.edges()).allMatch(edge -> ids.contains(edge.from()) && ids.contains(edge.to()));
    }
}
