package io.kintsugi.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.MovableClock;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What happens before and after a policy is published: each event says under which versions it was decided, and goes on saying so. */
abstract class DecidedUnderContract {
    private static final String SHIPPED = "shipped policies";

    private final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T00:00:00Z"));
    private HubStore store;
    private ModelStore models;
    private LiveModel model;
    private Hub hub;

    /** A store that holds nothing; valid until the next call. */
    abstract HubStore emptyStore();

    @BeforeEach
    void start() {
        store = emptyStore();
        models = new ModelStore(store, clock);
        model = new LiveModel(models.publish(ModelStore.Documents.NONE, "file"));
        var connectors = new Connectors(List.of(), clock, Path.of("target"));
        hub = Hub.over(store, model, connectors, clock, new Ids(clock, new SplittableRandom(7)));
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private void publish(String yaml) {
        var documents = Settings.parse("kintsugi.yaml", yaml, Map.of()).documents();
        model.publish(models.publish(documents, "file"));
        models.rematch();
        resolve();
    }

    /** Later, so that the order of events is that of their times. */
    private void resolve() {
        while (hub.resolver().resolvePending(100) > 0) {
            // until nothing waits
        }
        clock.advance(Duration.ofSeconds(1));
    }

    private static RecordKey key(String text) {
        return RecordKey.parse(text);
    }

    private void record(String key, String values) {
        var attributes = new HashMap<String, String>();
        for (var pair : values.split(",")) attributes.put(pair.split("=")[0], pair.split("=")[1]);
        var record = SourceRecord.observed(key(key), "people", attributes, clock.instant(), clock.instant(), null);
        save(record);
    }

    private void save(SourceRecord record) {
        store.write(tx -> {
            tx.records().save(List.of(record));
            tx.records().markPending(List.of(record.key()));
            return null;
        });
        resolve();
    }

    /** Its system tells that it deleted the record. */
    private String deleted(String key) {
        var record = store.read(tx -> tx.records().find(List.of(key(key)))).get(key(key));
        var deletion = Deletion.seen(record.key(), Deletion.Evidence.FEED, clock.instant());
        store.write(tx -> {
            tx.deletions().save(List.of(deletion));
            return null;
        });
        save(record.withState(RecordState.DELETED));
        return deletion.id();
    }

    private String golden(String key) {
        return store.read(tx -> tx.goldens().goldenOf(List.of(key(key)))).get(key(key));
    }

    /** What each change of a golden says, oldest first. */
    private List<String> history(String golden) {
        return store.read(tx -> tx.goldens().history(golden, 99)).stream()
                .sorted((a, b) -> Long.compare(a.revision(), b.revision()))
                .map(GoldenRevision::policies)
                .toList();
    }

    private String merge(String one, String other) {
        return hub.stewardship()
                .merge(List.of(golden(one), golden(other)), null, Map.of(), null, "sam")
                .id();
    }

    private MergeEvent event(String id) {
        return store.read(tx -> tx.merges().find(id)).orElseThrow();
    }

    private Deletion deletion(String id) {
        return store.read(tx -> tx.deletions().find(List.of(id))).get(id);
    }

    private Review question(Kind kind, String key) {
        return store.read(tx -> tx.reviews().openOf(List.of(key(key)))).stream()
                .filter(review -> review.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private Review again(Review review) {
        return store.read(tx -> tx.reviews().find(List.of(review.id()))).get(review.id());
    }

    @Test
    @DisplayName(
            "GOV-1: each change of a golden record says which versions of the policies decided it, and goes on saying so")
    void changesOfGoldens() {
        record("crm:contact:1", "firstName=Anna,lastName=Kowalski,email=anna@acme.example,phone=+14155550001");
        record("erp:contact:1", "firstName=Anna,lastName=Kowalski,email=anna@acme.example,phone=+14155550002");
        var anna = golden("crm:contact:1");
        assertThat(golden("erp:contact:1")).isEqualTo(anna);
        assertThat(history(anna)).containsExactly(SHIPPED, SHIPPED);
        publish("authority: {contact: {phone: {strategy: system_rank, ranking: [crm, erp]}}}");
        assertThat(history(anna)).containsExactly(SHIPPED, SHIPPED, "authority 1");
        publish("deletes: {contact: {default: {action: flag}}}");
        assertThat(history(anna)).as("nothing changed").hasSize(3);
        publish("matching: {contact: {autoBits: 900, reviewBits: 800}}");
        var last = "authority 1, match 1, deletes 1";
        assertThat(history(anna)).containsExactly(SHIPPED, SHIPPED, "authority 1", last);
        assertThat(golden("erp:contact:1")).isNotEqualTo(anna);
        assertThat(history(golden("erp:contact:1"))).containsExactly(last);
        publish("authority: {contact: {phone: {strategy: system_rank, ranking: [erp, crm]}}}");
        deleted("erp:contact:1");
        assertThat(history(golden("erp:contact:1"))).containsExactly(last, "authority 2, match 1, deletes 1");
    }

    @Test
    @DisplayName("GOV-1: a merge says which versions were in force, of people and of rules, also once it is undone")
    void merges() {
        for (var id : List.of("1", "2", "3", "4")) record("crm:contact:" + id, "firstName=P" + id + ",lastName=L" + id);
        var first = merge("crm:contact:1", "crm:contact:2");
        publish("authority: {contact: {phone: {strategy: system_rank, ranking: [crm, erp]}}}");
        var second = merge("crm:contact:3", "crm:contact:4");
        assertThat(event(first).policies()).isEqualTo(SHIPPED);
        assertThat(event(second).policies()).isEqualTo("authority 1");
        publish("matching: {contact: {autoBits: 900, reviewBits: 800}}");
        var survivor = golden("crm:contact:1");
        long revision = store.read(tx -> tx.goldens().find(List.of(survivor)))
                .get(survivor)
                .revision();
        hub.stewardship().unmerge(first, UnmergeMode.SINGLE, revision, null, "sam");
        assertThat(event(first).undoneAt()).isNotNull();
        assertThat(event(first).policies()).isEqualTo(SHIPPED);
        assertThat(history(survivor)).last().isEqualTo("authority 1, match 1");

        record("crm:contact:9", "firstName=Anna,lastName=Kowalski,email=anna@acme.example");
        record("erp:contact:9", "firstName=Anna,lastName=Kowalski,email=anna@acme.example");
        publish("matching: {contact: {}}");
        var joined = golden("crm:contact:9");
        var byRules = store.read(tx -> tx.merges().ofGolden(joined));
        assertThat(byRules).singleElement().satisfies(event -> {
            assertThat(event.origin()).isEqualTo(Origin.RULE);
            assertThat(event.policies()).isEqualTo("authority 1, match 2");
        });
    }

    @Test
    @DisplayName("GOV-1: a question says under which versions it was last asked, and its answer leaves that")
    void questions() {
        publish("matching: {contact: {autoBits: 900, reviewBits: 1}}");
        record("crm:contact:1", "firstName=Anna,lastName=Kowalski,email=anna@acme.example");
        record("erp:contact:1", "firstName=Anna,lastName=Kowalski,email=anna@acme.example");
        var first = question(Kind.CANDIDATE, "crm:contact:1");
        assertThat(first.policies()).isEqualTo("match 1");
        publish("authority: {contact: {phone: {strategy: system_rank, ranking: [crm, erp]}}}");
        record("crm:contact:2", "firstName=Bruno,lastName=Silva,email=bruno@silva.example");
        record("erp:contact:2", "firstName=Bruno,lastName=Silva,email=bruno@silva.example");
        var second = question(Kind.CANDIDATE, "crm:contact:2");
        assertThat(second.policies()).isEqualTo("authority 1, match 1");
        assertThat(again(first)).as("the same question").isEqualTo(first);
        hub.stewardship().decide(first.id(), first.revision(), Decision.NO_MATCH, null, "sam");
        assertThat(again(first).state()).isEqualTo(ReviewState.DECIDED);
        assertThat(again(first).policies()).isEqualTo("match 1");
        publish("matching: {contact: {mode: report}}");
        assertThat(again(second).kind()).isEqualTo(Kind.WOULD_MERGE);
        assertThat(again(second).policies()).isEqualTo("authority 1, match 2");
        assertThat(again(first).policies()).isEqualTo("match 1");
    }

    @Test
    @DisplayName(
            "GOV-1: a deletion, and the question about it, say which versions decided; what was only waited for changes nothing")
    void deletions() {
        publish("deletes: {contact: {default: {action: flag}}}");
        for (var id : List.of("1", "2", "3")) {
            var values = "firstName=P%s,lastName=L%s,email=p%s@acme.example".formatted(id, id, id);
            record("crm:contact:" + id, values);
            record("erp:contact:" + id, values);
        }
        var flagged = deleted("crm:contact:1");
        assertThat(deletion(flagged).state()).isEqualTo(DeletionState.SETTLED);
        assertThat(deletion(flagged).policies()).isEqualTo("deletes 1");
        publish("deletes: {contact: {default: {action: review}}}");
        var asked = deleted("crm:contact:2");
        assertThat(deletion(asked).policies()).isEqualTo("deletes 2");
        assertThat(question(Kind.DELETED, "erp:contact:2").policies()).isEqualTo("deletes 2");
        publish("deletes: {contact: {default: {action: sever, joined: sever}}}");
        var waiting = deleted("crm:contact:3");
        assertThat(deletion(waiting).policies()).isEqualTo("deletes 3");
        publish("authority: {contact: {phone: {strategy: system_rank, ranking: [crm, erp]}}}");
        assertThat(deletion(waiting).policies()).as("it waits").isEqualTo("deletes 3");
        clock.advance(Duration.ofMinutes(2));
        resolve();
        assertThat(deletion(waiting).state()).isEqualTo(DeletionState.SETTLED);
        assertThat(deletion(waiting).policies()).isEqualTo("authority 1, deletes 3");
        var question = question(Kind.DELETED, "erp:contact:2");
        hub.stewardship().answerDeletion(question.id(), question.revision(), false, null, "sam");
        assertThat(deletion(asked).state()).isEqualTo(DeletionState.SETTLED);
        assertThat(deletion(asked).policies()).isEqualTo("deletes 2");
        assertThat(again(question).policies()).isEqualTo("deletes 2");
        assertThat(deletion(flagged).policies()).isEqualTo("deletes 1");

        record("web:contact:7", "firstName=Carla,lastName=Rossi");
        var byHand = hub.stewardship().delete(golden("web:contact:7"), 1, "sam");
        assertThat(deletion(byHand.id()).policies()).isEqualTo("authority 1, deletes 3");
    }
}
