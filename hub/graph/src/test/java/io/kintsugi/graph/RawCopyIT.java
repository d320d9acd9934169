package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RawCopyIT {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

    @Test
    void theCopyHoldsEveryNodeAndRelationshipOfTheOriginal() {
        var original = TestGraph.shared().emptyStore();
        for (int i = 0; i < 60; i++) {
            var n = i;
            original.<Boolean>write(tx -> pair(tx, n));
        }
        var before = shape(original);
        try (var server = EmbeddedNeo4j.start(
                        EmbeddedSettings.of(TestGraph.newFolder("copy")).withMemory(256, 64));
                var copy = GraphHubStore.connect(server.uri(), server.user(), server.password())) {
            assertThat(new RawCopy(original, copy).run()).isPositive();
            assertThat(shape(copy)).isEqualTo(before).isNotEmpty();
        }
    }

    /** Two linked records of one golden, with three block keys between them. */
    private static boolean pair(HubTransaction tx, int n) {
        var a = new RecordKey("crm", "contact", "" + n);
        var b = new RecordKey("erp", "contact", "" + n);
        for (var key : List.of(a, b)) {
            tx.records()
                    .save(List.of(SourceRecord.observed(key, "contacts", Map.of("city", "c" + n), null, NOW, null)));
        }
        tx.blocks().claim(new TreeSet<>(Set.of("k" + n, "l" + n, "m" + n / 2)));
        tx.blocks().assign(Map.of(a, Set.of("k" + n, "m" + n / 2), b, Set.of("k" + n, "l" + n)));
        tx.links()
                .save(List.of(new Link(
                        a, b, Origin.RULE, Decision.MATCH, LinkState.ACTIVE, 9, List.of(), "k" + n, "rules", NOW)));
        var city = new GoldenValue("c" + n, 1, a, null, "RANK", 1);
        var golden = new GoldenRecord("g" + n, "contact", GoldenState.ACTIVE, 1, Map.of("city", city), null, NOW, NOW);
        var revision = new GoldenRevision(
                "g" + n, "contact", 0, 1, NOW, Cause.CREATED, List.of(), List.of(a, b), List.of(), null);
        tx.goldens().save(List.of(golden), List.of(revision));
        tx.goldens()
                .assign(List.of(
                        new Membership(a, "g" + n, NOW, Origin.RULE, Set.of("city")),
                        new Membership(b, "g" + n, NOW, Origin.RULE, Set.of())));
        return true;
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
