package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RawCopyIT {
    @Test
    void theCopyHoldsEveryNodeAndRelationshipOfTheOriginal() {
        var original = TestGraph.shared().emptyStore();
        new RawWriteBench(original).write(60, 20, 1);
        original.driver()
                .executableQuery(
                        "MATCH (v:GoldenRevision) SET v.type = 'contact', v.cause = 'CREATED', v.sequence = -v.sequence")
                .execute();
        original.driver()
                .executableQuery("MATCH (r:SourceRecord) SET r.type = 'contact', r.externalId = split(r.key, ':')[2]")
                .execute();
        var before = shape(original);
        try (var server = EmbeddedNeo4j.start(
                        EmbeddedSettings.of(TestGraph.newFolder("copy")).withMemory(256, 64));
                var copy = GraphHubStore.connect(server.uri(), server.user(), server.password())) {
            assertThat(new RawCopy(original, copy).run()).isPositive();
            assertThat(shape(copy)).isEqualTo(before).isNotEmpty();
        }
    }

    private static List<Map<String, Object>> shape(GraphHubStore store) {
        return store
                .driver()
                .executableQuery("MATCH (n:SourceRecord|GoldenRecord|GoldenRevision|BlockKey)"
                        + " OPTIONAL MATCH (n)-[r]->() RETURN labels(n) AS labels, type(r) AS type, count(*) AS count"
                        + " ORDER BY labels, type")
                .execute()
                .records()
                .stream()
                .map(row -> row.asMap())
                .toList();
    }
}
