package io.kintsugi.server.browser;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.Evidence;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.MatchRulesReader;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.api.HubApi;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** A hub with people worth looking at, served with the web UI: the real engine over the in-memory store. */
final class ServedHub implements AutoCloseable {
    private static final EntityType CONTACT = new EntityType(
            "contact",
            EntityType.Kind.PERSON,
            List.of(
                    new Attribute("givenName", AttributeType.GIVEN_NAME, "First name"),
                    new Attribute("familyName", AttributeType.FAMILY_NAME, "Last name"),
                    new Attribute("email", AttributeType.EMAIL, "E-mail"),
                    new Attribute("phone", AttributeType.PHONE, "Phone"),
                    new Attribute("birthDate", AttributeType.BIRTH_DATE, "Born"),
                    new Attribute("city", AttributeType.CITY, "City")));

    private final HubStore store = new MemoryHubStore();
    private final Clock clock = Clock.systemUTC();
    final Hub hub;
    final String address;
    private final HubApi api;

    ServedHub() {
        hub = Hub.over(
                store,
                new LiveModel(model()),
                new Connectors(List.of(), clock, Path.of("target")),
                clock,
                new Ids(clock, new SplittableRandom(7)));
        api = new HubApi(hub, clock, new HubApi.Config("127.0.0.1", 0, Set.of()));
        address = "http://127.0.0.1:" + api.start();
    }

    private static HubModel model() {
        var rank = new Rule(Strategy.SYSTEM_RANK, List.of("crm", "erp", "shop"));
        return new HubModel(
                List.of(CONTACT),
                Map.of(
                        "contact",
                        new MatchPolicy(
                                "contact",
                                1,
                                MatchRulesReader.shipped(EntityType.Kind.PERSON).withThresholds(9, 0),
                                Set.of())),
                Map.of("contact", new AuthorityPolicy("contact", 1, rank, Map.of())),
                Map.of("contact", deletePolicy()),
                Stream.of("crm", "erp", "shop").map(ServedHub::system).toList());
    }

    /** What the crm deletes is deleted in the erp; where a person deletes, a steward is asked. */
    private static DeletePolicy deletePolicy() {
        var spreads = new DeletePolicy.Rule(
                Action.PROPAGATE, Action.DISCONNECT, Duration.ofHours(2), DeletePolicy.Conflict.EDIT_WINS);
        var asks = new DeletePolicy.Rule(Action.REVIEW, Action.REVIEW, Duration.ZERO, DeletePolicy.Conflict.EDIT_WINS);
        return new DeletePolicy(
                "contact",
                1,
                DeletePolicy.FLAG_ONLY,
                List.of(new DeletePolicy.Cell("crm", "erp", spreads), new DeletePolicy.Cell("hub", null, asks)),
                DeletePolicy.Brake.USUAL);
    }

    private static SystemConfig system(String id) {
        var fields = CONTACT.attributes().stream()
                .map(attribute ->
                        new FieldMapping("native_" + attribute.name(), attribute.name(), List.of("trim"), true))
                .toList();
        return new SystemConfig(
                id,
                "The " + id,
                SystemConfig.NO_CONNECTOR,
                Map.of(),
                Duration.ofMinutes(10),
                List.of(new StreamMapping("people", "contact", fields, true, false, null)));
    }

    Instant now() {
        return clock.instant();
    }

    /** Takes a record in and resolves it. */
    ServedHub record(String key, Map<String, String> attributes) {
        var record = SourceRecord.observed(
                RecordKey.parse(key), "people", attributes, clock.instant(), clock.instant(), null);
        store.write(tx -> {
            tx.records().save(List.of(record));
            tx.records().markPending(List.of(record.key()));
            return null;
        });
        while (hub.resolver().resolvePending(100) > 0) {}
        return this;
    }

    /** Ada in three systems, who is one golden record without asking. */
    ServedHub ada() {
        var ada = Map.of(
                "givenName",
                "Ada",
                "familyName",
                "Lovelace",
                "birthDate",
                "1815-12-10",
                "email",
                "ada@example.org",
                "city",
                "London");
        var inShop = new HashMap<>(ada);
        inShop.put("city", "Ockham");
        inShop.put("phone", "+442079460000");
        return record("crm:contact:1", ada).record("erp:contact:1", ada).record("shop:contact:1", inShop);
    }

    /** Two records of one name in one town: a steward must say whether they are one person. */
    ServedHub question(int number, String firstName, String lastName, String city) {
        var known = new HashMap<>(Map.of("givenName", firstName, "familyName", lastName, "city", city));
        record("erp:contact:q" + number, known);
        known.put("birthDate", "1961-04-" + (10 + number));
        return record("crm:contact:q" + number, known);
    }

    /** A write that a system refused and a row that could not be read. */
    ServedHub stuck() {
        var now = clock.instant();
        var target = RecordKey.parse("shop:contact:1");
        var golden = goldenOf("shop:contact:1");
        var parked = new OutboundChange(
                OutboundChange.updateKey(target),
                golden,
                "shop",
                "contact",
                target,
                OutboundState.PARKED,
                false,
                now,
                now,
                4,
                null,
                null,
                "column \"city\" refuses the value",
                now);
        var row = new Review(
                "row-41",
                Kind.UNMAPPABLE,
                ReviewState.OPEN,
                "contact",
                List.of(),
                List.of(),
                0,
                "people.csv, line 41: 9 columns where the header has 8",
                "{\"line\":41}",
                1,
                now,
                null,
                null,
                null,
                null,
                null);
        store.write(tx -> {
            tx.outbox().save(List.of(parked));
            tx.reviews().save(List.of(row));
            return null;
        });
        return this;
    }

    /**
     * Grace, whom the crm deleted and the brake of the erp holds back; Linus, whom the crm deleted and nobody else; Emmy, about whose
     * delete in the hub a steward is asked.
     */
    ServedHub deletes() {
        person("grace", "Grace", "Hopper").person("linus", "Linus", "Pauling").person("emmy", "Emmy", "Noether");
        var now = clock.instant();
        var why = "31 deletes for erp within 24 hours are more than the brake lets through";
        var erp = RecordKey.parse("erp:contact:grace");
        var held = new Step("erp", erp, Action.PROPAGATE, StepState.HELD, null, why, null, now);
        var kept = new Step(
                "erp", RecordKey.parse("erp:contact:linus"), Action.FLAG, StepState.KEPT, null, null, null, now);
        var brake = new Review(
                "brake-erp",
                Kind.DELETED,
                ReviewState.OPEN,
                "contact",
                List.of(goldenOf("crm:contact:grace")),
                List.of(erp),
                0,
                why + "; none was sent. Are they right?",
                "brake erp",
                1,
                now,
                null,
                null,
                null,
                null,
                null);
        var policy = """
                matrix:
                  - {from: crm, to: erp, action: propagate, grace: 2h}
                  - {from: hub, action: review}
                """;
        store.write(tx -> {
            tx.journal().publish("deletes", "contact", policy, "file", now);
            var gone = List.of(RecordKey.parse("crm:contact:grace"), RecordKey.parse("crm:contact:linus"));
            tx.records()
                    .save(tx.records().find(gone).values().stream()
                            .map(record -> record.withState(RecordState.DELETED))
                            .toList());
            tx.deletions()
                    .save(List.of(
                            Deletion.seen(gone.get(0), Evidence.FEED, now)
                                    .withSteps(goldenOfIn(tx, gone.get(0)), List.of(held), now),
                            Deletion.seen(gone.get(1), Evidence.ABSENT, now)
                                    .withSteps(goldenOfIn(tx, gone.get(1)), List.of(kept), now)));
            tx.reviews().save(List.of(brake));
            return null;
        });
        hub.stewardship().delete(goldenOf("crm:contact:emmy"), 2, "p.nair"); // two records joined it
        return this;
    }

    private ServedHub person(String id, String firstName, String lastName) {
        var known = Map.of(
                "givenName",
                firstName,
                "familyName",
                lastName,
                "email",
                id + "@example.org",
                "birthDate",
                "1906-12-09");
        return record("crm:contact:" + id, known).record("erp:contact:" + id, known);
    }

    private static String goldenOfIn(HubTransaction tx, RecordKey record) {
        return tx.goldens().goldenOf(List.of(record)).get(record);
    }

    /** The deletion of what a record stood for. */
    String deletionOf(String key) {
        var golden = goldenOf(key);
        return store.read(tx -> tx.deletions().ofGolden(golden)).get(0).id();
    }

    /** The open question about what a record stood for. */
    String deletionReview(String key) {
        var record = RecordKey.parse(key);
        return store.read(tx -> tx.reviews().openOf(List.of(record))).stream()
                .filter(review -> review.kind() == Kind.DELETED)
                .findFirst()
                .orElseThrow()
                .id();
    }

    String goldenOf(String key) {
        var record = RecordKey.parse(key);
        return store.read(tx -> tx.goldens().goldenOf(List.of(record)).get(record));
    }

    /** Whether both records of a question belong to one golden record. */
    boolean joined(int number) {
        return goldenOf("crm:contact:q" + number).equals(goldenOf("erp:contact:q" + number));
    }

    /** The review of a question, whatever its state. */
    Review review(int number) {
        var record = RecordKey.parse("crm:contact:q" + number);
        var all = new Reviews.Filter(Kind.CANDIDATE, null, null, null, null, "score");
        return store.read(tx -> tx.reviews().list(all, null, 100).items().stream()
                .filter(review -> review.records().contains(record))
                .findFirst()
                .orElseThrow());
    }

    /** Another steward decides. */
    void decide(int number, Decision decision, String by) {
        var review = review(number);
        hub.stewardship().decide(review.id(), review.revision(), decision, null, by);
    }

    /** Merges by a steward's decision and returns the id that retired. */
    String retire(int number) {
        var before = List.of(goldenOf("crm:contact:q" + number), goldenOf("erp:contact:q" + number));
        decide(number, Decision.MATCH, "p.nair");
        var now = goldenOf("crm:contact:q" + number);
        return before.stream().filter(id -> !id.equals(now)).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        api.close();
        hub.close();
    }
}
