package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RawCopyIT {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
    private static final RecordKey ANN = RecordKey.parse("crm:contact:1");
    private static final RecordKey ALSO_ANN = RecordKey.parse("shop:contact:7");

    @Test
    void theCopyHoldsEveryNodeAndRelationshipOfTheOriginal() {
        var original = TestGraph.shared().emptyStore();
        original.<Boolean>write(tx -> {
            for (var key : List.of(ANN, ALSO_ANN)) {
                tx.records()
                        .save(List.of(
                                SourceRecord.observed(key, "people", Map.of("firstName", "Ann"), NOW, NOW, null)));
            }
            tx.blocks().claim(new TreeSet<>(Set.of("a", "b")), 99);
            tx.blocks().assign(Map.of(ANN, Set.of("a", "b"), ALSO_ANN, Set.of("b")));
            var golden = new GoldenRecord("g1", "contact", GoldenState.ACTIVE, 1, Map.of(), null, NOW, NOW);
            var revision = new GoldenRevision(
                    "g1",
                    "contact",
                    0,
                    1,
                    NOW,
                    Cause.CREATED,
                    List.of(),
                    List.of(ANN, ALSO_ANN),
                    List.of(),
                    null,
                    null);
            tx.goldens().save(List.of(golden), List.of(revision));
            tx.goldens().assign(List.of(membership(ANN), membership(ALSO_ANN)));
            tx.links()
                    .save(List.of(new Link(
                            ANN,
                            ALSO_ANN,
                            Origin.RULE,
                            Decision.MATCH,
                            LinkState.ACTIVE,
                            20,
                            List.of(),
                            "b",
                            "rules",
                            NOW)));
            return true;
        });
        var before = shape(original);
        try (var server = EmbeddedNeo4j.start(
                        EmbeddedSettings.of(TestGraph.newFolder("copy")).withMemory(256, 64));
                var copy = GraphHubStore.connect(server.uri(), server.user(), server.password())) {
            assertThat(new RawCopy(original, copy).run()).isPositive();
            assertThat(shape(copy)).isEqualTo(before).hasSize(6);
        }
    }

    private static Membership membership(RecordKey record) {
        return new Membership(record, "g1", NOW, Origin.RULE, Set.of("firstName"));
    }

    /** How many nodes of each kind have how many relationships of each kind and properties. */
    private static List<Map<String, Object>> shape(GraphHubStore store) {
        return store
                .driver()
                .executableQuery("MATCH (n:SourceRecord|GoldenRecord|GoldenRevision|BlockKey)"
                        + " OPTIONAL MATCH (n)-[r]->() RETURN labels(n)[0] AS label, type(r) AS type, count(*) AS count,"
                        + " sum(size(keys(r))) AS properties ORDER BY label, type")
                .execute()
                .records()
                .stream()
                .map(row -> row.asMap())
                .toList();
    }
}
