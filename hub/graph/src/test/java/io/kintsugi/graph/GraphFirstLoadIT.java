package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Blocks.BlockKey;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Journal.Document;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/** The offline import on a real embedded graph: what it takes in, and what is left if it is not finished. */
@Execution(ExecutionMode.CONCURRENT) // with other classes
@ResourceLock("GraphFirstLoadIT") // so its tests one after the other
class GraphFirstLoadIT {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00.123456789Z");
    private static final RecordKey RECORD = new RecordKey("crm", "contact", "a;1,\"x\" ü");
    private static final Map<String, String> ODD = Map.of(
            "firstName",
            "Ann \"Nan\"",
            "lastName",
            "",
            "street",
            "1 Main St\nback, \\ house",
            "note",
            " ;1;'\u00e9\uD83D\uDE00 ");

    private Path folder;
    private EmbeddedNeo4j server;
    private GraphHubStore store;

    @BeforeEach
    void start() {
        folder = TestGraph.newFolder("first-load");
        open();
    }

    private void open() {
        server = EmbeddedNeo4j.start(EmbeddedSettings.of(folder).withMemory(256, 16));
        store = GraphHubStore.connect(server.uri(), server.user(), server.password());
    }

    @AfterEach
    void close() {
        store.close();
        server.close();
    }

    private GraphFirstLoad begin() {
        return GraphFirstLoad.begin(server, store, new TreeSet<>(ODD.keySet()));
    }

    static Boolean fill(HubTransaction tx) {
        tx.records().find(List.of(RECORD));
        tx.records().save(List.of(SourceRecord.observed(RECORD, "people", ODD, NOW, NOW, "v7")));
        tx.records().hold(new TreeSet<>(Set.of(RECORD)));
        tx.blocks().claim(new TreeSet<>(Set.of("contact:x:1", "contact:x:2")), 10);
        tx.blocks().assign(Map.of(RECORD, new TreeSet<>(Set.of("contact:x:1", "contact:x:2"))));
        var value = new GoldenValue("Ann \"Nan\"", tx.goldens().reserveVersions(1), RECORD, NOW, "LATEST", 1);
        tx.goldens()
                .save(
                        List.of(new GoldenRecord(
                                "g-1", "contact", GoldenState.ACTIVE, 1, Map.of("firstName", value), null, NOW, NOW)),
                        List.of(new GoldenRevision(
                                "g-1",
                                "contact",
                                0,
                                1,
                                NOW,
                                Cause.CREATED,
                                List.of(),
                                List.of(RECORD),
                                List.of(),
                                null,
                                "authority 1, match 1")));
        tx.goldens().assign(List.of(new Membership(RECORD, "g-1", NOW, Origin.RULE, Set.of())));
        return true;
    }

    private List<Document> documents() {
        return store.read(tx -> tx.journal().versions("entity", "contact"));
    }

    private void publish() {
        store.write(tx -> tx.journal().publish("entity", "contact", "body: \"x\"", "me", NOW));
        store.write(tx -> tx.journal().publish("entity", "contact", "body: \"y\"", "me", NOW));
    }

    @Test
    @DisplayName(
            "what was written is there to the letter, with documents, sequences and schema, and the graph goes on from there")
    void whatWasWrittenIsThere() throws Exception {
        publish();
        try (var first = begin()) {
            first.write(tx -> {
                tx.blocks().markGeneric(Set.of("contact:x:2"));
                return true;
            });
            first.write(GraphFirstLoadIT::fill);
            first.open(stage -> {});
            first.keep();
        }
        reads();
        store.close();
        server.close();
        open();
        reads();
        assertThat(Files.exists(folder.resolve("import"))).isFalse();
        assertThat(store.holdsNoRecord()).isFalse();
        long version = store.write(tx -> tx.goldens().reserveVersions(1));
        assertThat(version).isGreaterThan(1);
        store.write(tx -> {
            tx.goldens()
                    .save(
                            List.of(new GoldenRecord(
                                    "g-2", "contact", GoldenState.ACTIVE, 1, Map.of(), null, NOW, NOW)),
                            List.of(new GoldenRevision(
                                    "g-2",
                                    "contact",
                                    0,
                                    1,
                                    NOW,
                                    Cause.CREATED,
                                    List.of(),
                                    List.of(),
                                    List.of(),
                                    null,
                                    null)));
            return true;
        });
        List<GoldenRevision> feed = store.read(tx -> tx.goldens().feed(0, 9));
        assertThat(feed).extracting(GoldenRevision::sequence).containsExactly(1L, 2L);
        assertThatThrownBy(() -> {
                    try (var session = store.driver().session()) {
                        session.run("CREATE (:BlockKey {value: 'contact:x:1'})").consume();
                    }
                })
                .hasMessageContaining("already exists");
    }

    private void reads() {
        store.read(tx -> {
            var record = tx.records().find(List.of(RECORD)).get(RECORD);
            assertThat(record).isEqualTo(SourceRecord.observed(RECORD, "people", ODD, NOW, NOW, "v7"));
            assertThat(tx.blocks().generic(9)).extracting(BlockKey::value).containsExactly("contact:x:2");
            assertThat(tx.blocks().holders("contact:x:1", 9)).containsExactly(RECORD);
            assertThat(tx.goldens().members(List.of("g-1")).get("g-1"))
                    .extracting(member -> member.membership())
                    .containsExactly(new Membership(RECORD, "g-1", NOW, Origin.RULE, Set.of()));
            assertThat(tx.goldens()
                            .find(List.of("g-1"))
                            .get("g-1")
                            .values()
                            .get("firstName")
                            .version())
                    .isEqualTo(1);
            assertThat(tx.goldens().feed(0, 9).get(0).joined()).containsExactly(RECORD);
            assertThat(tx.journal().versions("entity", "contact"))
                    .extracting(document -> document.body())
                    .containsExactly("body: \"y\"", "body: \"x\"");
            return true;
        });
    }

    @Test
    void whatWasNotKeptIsGoneAtOnceOrAtTheNextStart() {
        publish();
        try (var first = begin()) {
            first.write(GraphFirstLoadIT::fill);
            first.open(stage -> {});
            assertThat(store.holdsNoRecord()).isFalse();
        }
        assertThat(store.holdsNoRecord()).isTrue();
        assertThat(documents()).hasSize(2);

        var second = begin();
        second.write(GraphFirstLoadIT::fill);
        second.open(stage -> {});
        store.close();
        server.close(); // as if the hub had died here
        open();
        assertThat(store.holdsNoRecord()).isTrue();
        assertThat(documents()).hasSize(2);
        publish();
    }

    @Test
    void whatAnImportCannotDoIsRefusedAndLeavesTheGraphAsItWas() {
        try (var first = begin()) {
            assertThatThrownBy(() -> first.write(tx -> {
                        tx.records().markPending(List.of(RECORD));
                        return true;
                    }))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("records/mark-pending");
            first.write(GraphFirstLoadIT::fill);
            first.write(GraphFirstLoadIT::fill); // the same record twice: the graph refuses the key
            assertThatThrownBy(() -> first.open(stage -> {})).isInstanceOf(HubException.class);
        }
        assertThat(store.holdsNoRecord()).isTrue();
        publish();
    }
}
