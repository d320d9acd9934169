package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
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
    /** They run while the schema is made, or in the benchmark; {@link MigrationsIT}, {@link RawWriteBenchIT}, {@link RawCopyIT} and, of a first load, {@link GraphFirstLoadIT} prove them. */
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
            Cypher.FIND_FILLED,
            Cypher.LIST_CONTENTS,
            Cypher.LIST_TIES,
            Cypher.COPY_CONTENTS,
            Cypher.COPY_TIES,
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
    void theDocumentationsQueriesReadWhatIsThere() throws IOException {
        var page = Files.readString(Path.of("../../docs/how-to/query-the-graph.md"));
        var queries = Pattern.compile("```cypher\n(.*?)```", Pattern.DOTALL).matcher(page);
        int found = 0;
        try (var session = driver.session()) {
            for (; queries.find(); found++) {
                var plan = session.run("EXPLAIN " + queries.group(1)).consume();
                assertThat(plan.gqlStatusObjects().stream()
                                .filter(GqlNotification.class::isInstance)
                                .map(GqlStatusObject::statusDescription))
                        .as(queries.group(1))
                        .isEmpty();
                assertThat(plan.queryType()).isEqualTo(QueryType.READ_ONLY);
            }
        }
        assertThat(found).isGreaterThan(3);
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

    /**
     * Queries that may read everything of a kind, and why. Whatever is asked for each record or for each batch must not be here.
     */
    private static final Map<Cypher, String> MAY_READ_ALL = Map.ofEntries(
            Map.entry(Cypher.FIND_FOREIGN, "asked once, of a graph that is not the hub's"),
            Map.entry(Cypher.FIND_MIGRATIONS, "one node for each schema script"),
            Map.entry(Cypher.FIND_FILLED, "stops at the first node; asked once before a load"),
            Map.entry(Cypher.LIST_CONTENTS, "asked of a graph without records only"),
            Map.entry(Cypher.LIST_TIES, "as LIST_CONTENTS"),
            Map.entry(
                    Cypher.FIND_PENDING,
                    "only records that wait bear the label, and only as many are read as are asked for"),
            Map.entry(
                    Cypher.COUNT_RECORDS,
                    "for a person's page: the count store knows no properties, and a counter is a lock of all writers"),
            Map.entry(
                    Cypher.REMOVE_REVIEWS,
                    "a person is rarely erased, and may be named by a row that could not be read, of whatever system"),
            Map.entry(Cypher.REMOVE_ANSWERS, "as REMOVE_REVIEWS; answers are kept for a day"),
            Map.entry(Cypher.REMOVE_HISTORIES, "as REMOVE_REVIEWS; nothing says which goldens a record once was in"),
            Map.entry(Cypher.FIND_LEFT_BEHIND, "as REMOVE_HISTORIES"),
            Map.entry(Cypher.COUNT_GOLDENS, "as COUNT_RECORDS"),
            Map.entry(Cypher.COUNT_CHANGES, "as COUNT_RECORDS"),
            Map.entry(
                    Cypher.LIST_GOLDENS_ASCENDING,
                    "for a person's page: any attribute may be the order or the filter; the usual orders are others"),
            Map.entry(Cypher.LIST_GOLDENS_DESCENDING, "as LIST_GOLDENS_ASCENDING"));

    @Test
    void noQueryReadsEveryNodeOfTheGraph() {
        assertThat(scanning(operator -> operator.startsWith("AllNodesScan")))
                .isSubsetOf(Cypher.FIND_FOREIGN, Cypher.FIND_FILLED, Cypher.LIST_CONTENTS);
    }

    /** The planner goes by how much there is: of an empty graph it reads whatever it likes. */
    @Test
    void noQueryReadsEverythingOfAFullGraph() {
        try (var store = TestGraph.shared().openStore()) {
            for (int page = 0; page < 8; page++) fill(store, 500 * page, 500 * (page + 1));
        }
        try (var session = driver.session()) {
            session.run("CALL db.prepareForReplanning()").consume();
        }
        assertThat(scanning(QueriesIT::scans)).isSubsetOf(MAY_READ_ALL.keySet());
        TestGraph.empty();
    }

    private static Set<Cypher> scanning(Predicate<String> operator) {
        try (var session = driver.session()) {
            var scanning = EnumSet.noneOf(Cypher.class);
            for (var query : Cypher.values()) {
                if (query.file().mode() == CypherFile.Mode.SCHEMA) continue;
                session.run("EXPLAIN " + query.text(), parameters(query))
                        .consume()
                        .queryPlan()
                        .filter(plan -> uses(plan, operator))
                        .ifPresent(plan -> scanning.add(query));
            }
            return scanning;
        }
    }

    private static void fill(HubStore store, int from, int to) {
        var records = new ArrayList<SourceRecord>();
        var goldens = new ArrayList<GoldenRecord>();
        var members = new ArrayList<Membership>();
        var links = new ArrayList<Link>();
        var reviews = new ArrayList<Review>();
        var changes = new ArrayList<OutboundChange>();
        var merges = new ArrayList<MergeEvent>();
        var deletions = new ArrayList<Deletion>();
        var blocks = new TreeMap<RecordKey, SortedSet<String>>();
        var keys = new TreeSet<String>();
        for (int i = from; i < to; i++) {
            var one = Samples.key("crm", "r" + i);
            var two = Samples.key("erp", "r" + i);
            var states = OutboundChange.OutboundState.values();
            records.add(Samples.recordAt(one, i, "name", "n" + i));
            records.add(Samples.recordAt(two, i, "name", "n" + i));
            goldens.add(Samples.goldenAt("g" + i, i, "name", "n" + i));
            goldens.add(Samples.retired("old" + i, "g" + i));
            members.add(Samples.member(one, "g" + i, "name"));
            members.add(Samples.member(two, "g" + i));
            links.add(Samples.link(one, two, Origin.RULE));
            reviews.add(Samples.review("rv" + i, i % 9, one, two));
            changes.add(Samples.change(two, "g" + i, states[i % states.length], i));
            deletions.add(Samples.deletion("d" + i, one, i)
                    .withSteps(
                            "g" + i, List.of(Samples.step("erp", two, StepState.values()[i % 8], i)), Samples.at(i)));
            merges.add(Samples.merge("m" + i, i, "g" + i, "old" + i, two));
            blocks.put(one, Samples.sorted("contact|" + i, "contact|" + i / 3));
            blocks.put(two, Samples.sorted("contact|" + i, "contact|" + i / 3));
        }
        blocks.values().forEach(keys::addAll);
        store.<Boolean>write(tx -> {
            tx.records().save(records);
            tx.goldens()
                    .save(
                            goldens,
                            goldens.stream()
                                    .map(golden -> Samples.revision(golden.id(), golden.revision()))
                                    .toList());
            tx.goldens().assign(members);
            tx.links().save(links);
            tx.reviews().save(reviews);
            tx.outbox().save(changes);
            tx.merges().save(merges);
            tx.deletions().save(deletions);
            tx.blocks().claim(keys, 99);
            tx.blocks().assign(blocks);
            for (int i = from; i < to; i++) tx.journal().saveRun(Samples.run("run" + i, i));
            return true;
        });
    }

    /** Whether it reads all nodes, all of a label, all relationships or all of a type. Scans of an index are ordered and stop early. */
    private static boolean scans(String operator) {
        return operator.startsWith("AllNodesScan")
                || operator.contains("LabelScan")
                || operator.contains("LabelsScan")
                || operator.contains("AllRelationshipsScan")
                || operator.contains("RelationshipTypeScan")
                || operator.contains("RelationshipTypesScan");
    }

    private static boolean uses(Plan plan, Predicate<String> operator) {
        return operator.test(plan.operatorType()) || plan.children().stream().anyMatch(child -> uses(child, operator));
    }
}
