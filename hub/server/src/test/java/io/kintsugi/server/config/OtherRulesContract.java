package io.kintsugi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A graph whose decisions were made by the match rules of an older build. Each person has a record in two systems that the older rules
 * kept apart and the present ones join.
 */
abstract class OtherRulesContract {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final String OLDER = "contact rules 1, policy 0";

    private final Clock clock = Clock.systemUTC();
    private HubStore store;
    private Hub hub;

    abstract HubStore emptyStore();

    /** People with a record in each system. */
    abstract int people();

    @BeforeEach
    void decideByOlderRules() {
        store = emptyStore();
        hub = start();
        var records = new ArrayList<SourceRecord>();
        for (var system : List.of("crm", "erp")) {
            for (int i = 0; i < people(); i++) {
                var values =
                        Map.of("firstName", "Anna", "lastName", "Kowalski" + i, "email", "anna" + i + "@acme.example");
                records.add(SourceRecord.observed(key(system, i), "people", values, T0, T0, null));
            }
        }
        store.write(tx -> {
            tx.records().save(records);
            tx.records().markPending(records.stream().map(SourceRecord::key).toList());
            tx.journal().publish("matching", "contact", "{autoBits: 900, reviewBits: 800}", "test", T0);
            return null;
        });
        hub = start();
        resolve();
        store.write(
                tx -> { // as if these thresholds had been those of the older build
                    tx.journal().publish("matching", "contact", "{brake: {merges: 1000000, percent: 100}}", "test", T0);
                    tx.journal().saveCheckpoint(HubModel.RULES, "contact", OLDER, T0);
                    return null;
                });
        assertThat(together(0)).isFalse();
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private static RecordKey key(String system, int i) {
        return new RecordKey(system, "contact", "%05d".formatted(i));
    }

    private ModelStore models() {
        return new ModelStore(store, clock);
    }

    /** A hub of the present build starts. */
    private Hub start() {
        var model = new LiveModel(models().publish(ModelStore.Documents.NONE, "file"));
        var ids = new Ids(clock, new SplittableRandom(7));
        return Hub.over(store, model, new Connectors(List.of(), clock, Path.of("target")), clock, ids);
    }

    private void resolve() {
        while (hub.resolver().resolvePending(1000) > 0) {
            // until nothing waits
        }
    }

    private boolean together(int i) {
        var goldens = store.read(tx -> tx.goldens().goldenOf(List.of(key("crm", i), key("erp", i))));
        return goldens.get(key("crm", i)).equals(goldens.get(key("erp", i)));
    }

    private List<Run> runs() {
        return store.read(tx -> tx.journal().runs(null, 100)).items().stream()
                .filter(run -> run.kind().equals("rematch"))
                .toList();
    }

    @Test
    @DisplayName(
            "ID-2, ID-4, SYN-2: a build with other rules decides anew, page by page over restarts, and never about verdicts")
    void otherRulesDecideAnew() {
        var verdict = new Link(
                key("crm", 7),
                key("erp", 7),
                Origin.STEWARD,
                Decision.NO_MATCH,
                Link.LinkState.ACTIVE,
                0,
                List.of(),
                null,
                "sam",
                T0);
        store.write(tx -> {
            tx.links().save(List.of(verdict));
            return null;
        });
        hub = start();
        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.state()).isEqualTo(RunState.RUNNING);
            assertThat(run.total()).isEqualTo(2 * people());
        });
        var id = runs().get(0).id();
        long marked = 0;
        for (var run = models().rematchPage(); run.isPresent(); run = models().rematchPage()) {
            assertThat(run.get().id()).isEqualTo(id);
            assertThat(run.get().counts().get("marked")).isBetween(marked, marked + 1000);
            marked = run.get().counts().get("marked");
            resolve();
            hub = start(); // killed after each page
        }
        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.state()).isEqualTo(RunState.DONE);
            assertThat(run.counts()).containsEntry("marked", 2L * people());
        });
        for (int i = 0; i < people(); i += 10) assertThat(together(i)).isTrue();
        assertThat(together(7)).isFalse();
        var links = store.read(tx -> tx.links().of(List.of(key("crm", 7))));
        assertThat(links).contains(verdict);
        hub = start();
        assertThat(models().rematchPage()).as("the same rules again").isEmpty();
    }

    @Test
    @DisplayName("A system that joins gets what the others hold already, where the hub may create records in it")
    void aSystemThatJoinsGetsWhatIsThere() {
        hub = start();
        models().rematch();
        resolve();
        assertThat(creates()).isZero();
        join("{connector: sim, streams: {people: {entity: contact, fields: {mail: email}}}}");
        assertThat(models().rematchPage()).as("creates nothing there").isEmpty();
        var creating =
                "{connector: sim, streams: {people: {entity: contact, provision: true, linkKey: key, fields: {mail: email}}}}";
        join(creating);
        models().rematch();
        resolve();
        assertThat(creates()).isEqualTo(people());
        join(creating);
        assertThat(models().rematchPage()).as("the same once more").isEmpty();
    }

    private long creates() {
        return store.read(tx -> tx.outbox().dueCreates("web"));
    }

    private void join(String system) {
        var documents = new ModelStore.Documents(Map.of("system", Map.of("web", system)));
        var model = new LiveModel(models().publish(documents, "file"));
        hub = Hub.over(
                store,
                model,
                new Connectors(List.of(), clock, Path.of("target")),
                clock,
                new Ids(clock, new SplittableRandom(7)));
    }

    @Test
    @DisplayName("ID-2: a hub that serves does it in the background")
    void aServingHubDoesItInTheBackground() throws Exception {
        hub = start();
        var done = new CountDownLatch(1);
        hub.events().subscribe(event -> {
            if (event.data() instanceof Run run && run.state() == RunState.DONE) done.countDown();
        });
        hub.systems().start();
        var rematching = new Rematching(models(), hub);
        try {
            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            rematching.close();
        }
        assertThat(together(0)).isTrue();
        assertThat(together(people() - 1)).isTrue();
    }

    @Test
    @DisplayName("An empty hub has nothing to decide anew")
    void anEmptyHubHasNothingToDo() {
        var fresh = new ModelStore(emptyStore(), clock);
        fresh.publish(ModelStore.Documents.NONE, "file");
        assertThat(fresh.rematchPage()).isEmpty();
    }
}
