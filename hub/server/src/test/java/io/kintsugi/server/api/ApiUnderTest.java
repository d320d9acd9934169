package io.kintsugi.server.api;

import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.FirstSync;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.MatchRulesReader;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** A whole hub without systems that move by themselves: the real engine over the in-memory store, served over real HTTP. */
final class ApiUnderTest implements AutoCloseable {
    static final EntityType CONTACT = new EntityType(
            "contact",
            EntityType.Kind.PERSON,
            List.of(
                    new Attribute("firstName", AttributeType.GIVEN_NAME, "First name"),
                    new Attribute("lastName", AttributeType.FAMILY_NAME, "Last name"),
                    new Attribute("email", AttributeType.EMAIL, "E-mail"),
                    new Attribute("phone", AttributeType.PHONE, "Phone"),
                    new Attribute("birthDate", AttributeType.BIRTH_DATE, "Born"),
                    new Attribute("city", AttributeType.CITY, "City"),
                    new Attribute("manager", AttributeType.REFERENCE, "Manager", "contact")));

    final HubStore store;
    final Clock clock;
    final Hub hub;
    final HttpClientOf http;
    private final HubApi api;
    private final LiveModel model = new LiveModel(model());

    ApiUnderTest() {
        this(new MemoryHubStore(), Clock.systemUTC(), List.of());
    }

    ApiUnderTest(HubStore store, Clock clock, List<ConnectorFactory> connectors) {
        this.store = store;
        this.clock = clock;
        hub = Hub.over(
                store,
                model,
                new Connectors(connectors, clock, Path.of("target")),
                clock,
                new Ids(clock, new SplittableRandom(7)));
        api = new HubApi(hub, clock, new HubApi.Config("127.0.0.1", 0, Set.of()));
        http = new HttpClientOf(api.start());
    }

    private static HubModel model() {
        var rank = new Rule(Strategy.SYSTEM_RANK, List.of("crm", "erp", "shop"));
        return new HubModel(
                List.of(CONTACT),
                Map.of(
                        "contact",
                        new MatchPolicy(
                                "contact",
                                2,
                                MatchRulesReader.shipped(EntityType.Kind.PERSON).withThresholds(9, 0),
                                Set.of())), // far apart: tests do not hang on weights
                Map.of("contact", new AuthorityPolicy("contact", 3, rank, Map.of())),
                Stream.of("crm", "erp", "shop").map(ApiUnderTest::system).toList());
    }

    /** A system is not written to from now on before somebody approves. */
    void askFirst(String id) {
        var now = model.published();
        var systems = now.systems().stream()
                .map(system -> system.id().equals(id) ? system.withFirstSync(FirstSync.APPROVE) : system)
                .toList();
        model.publish(new HubModel(now.entityTypes(), now.matching(), now.authority(), now.deletes(), systems));
    }

    private static SystemConfig system(String id) {
        var fields = new ArrayList<FieldMapping>();
        for (var attribute : CONTACT.attributes()) {
            fields.add(new FieldMapping("native_" + attribute.name(), attribute.name(), List.of("trim"), true));
        }
        return new SystemConfig(
                id,
                "The " + id,
                "still",
                Map.of("password", "canary-secret"),
                Duration.ofMinutes(10),
                List.of(new StreamMapping("people", "contact", fields, true, false, null)));
    }

    /**
     * A store that knows the systems of this hub from a file, and in which two fields of the crm are gone and others are new.
     *
     * @param added names of the new fields
     */
    static HubStore changing(HubStore store, String... added) {
        var fields = new ArrayList<String>();
        for (var attribute : CONTACT.attributes()) {
            if (attribute.refersTo() != null) continue; // the shipped type has none
            fields.add("native_" + attribute.name() + ": " + attribute.name());
        }
        var now = new ArrayList<>(List.of(shape("native_email")));
        for (var name : added) now.add(shape(name));
        var schema = "{\"agreed\":[%s,%s,%s],\"now\":[%s]}"
                .formatted(shape("native_city"), shape("native_email"), shape("native_phone"), String.join(",", now));
        store.write(tx -> {
            tx.journal().publish("entity", "contact", ModelStore.shipped("contact"), "kintsugi", Instant.EPOCH);
            for (var id : List.of("crm", "erp", "shop")) {
                var body = "label: The %s\nconnector: still\nstreams: {people: {entity: contact, fields: {%s}}}\n"
                        .formatted(id, String.join(", ", fields));
                tx.journal().publish("system", id, body, "file", Instant.EPOCH);
            }
            return tx.journal().publish("schema", "crm.people", schema, "hub", Instant.EPOCH);
        });
        return store;
    }

    private static String shape(String field) {
        return "{\"name\":\"%s\",\"type\":\"EMAIL\",\"required\":false,\"writable\":true,\"options\":[]}"
                .formatted(field);
    }

    HubApi api() {
        return api;
    }

    /** Takes a record in and resolves it. */
    ApiUnderTest record(String key, String... attributesInTurn) {
        var attributes = new HashMap<String, String>();
        for (int i = 0; i < attributesInTurn.length; i += 2)
            attributes.put(attributesInTurn[i], attributesInTurn[i + 1]);
        var now = clock.instant();
        var record = SourceRecord.observed(
                RecordKey.parse(key), "people", attributes, Instant.parse("2026-11-20T09:14:00Z"), now, null);
        store.write(tx -> {
            tx.records().save(List.of(record));
            tx.records().markPending(List.of(record.key()));
            return null;
        });
        while (hub.resolver().resolvePending(100) > 0) {}
        return this;
    }

    /** Ada in three systems: one golden with values of all of them. */
    ApiUnderTest ada() {
        record(
                "crm:contact:1",
                "firstName",
                "Ada",
                "lastName",
                "Lovelace",
                "birthDate",
                "1815-12-10",
                "email",
                "ada@example.org",
                "city",
                "London");
        record(
                "erp:contact:A/7",
                "firstName",
                "Ada",
                "lastName",
                "Lovelace",
                "birthDate",
                "1815-12-10",
                "email",
                "ada@example.org",
                "city",
                "Ockham");
        return record(
                "shop:contact:x",
                "firstName",
                "Ada",
                "lastName",
                "Lovelace",
                "birthDate",
                "1815-12-10",
                "email",
                "ada@example.org",
                "phone",
                "+442079460000");
    }

    /** Lets a delete policy count from now on. */
    ApiUnderTest deletes(DeletePolicy policy) {
        var before = model.get();
        model.publish(new HubModel(
                before.entityTypes(),
                before.matching(),
                before.authority(),
                Map.of("contact", policy),
                before.systems()));
        return this;
    }

    /** An open question about all that the brake of a system holds back. */
    String brake(String system, List<String> goldens) {
        var review = new Review(
                "brake-" + system,
                Kind.DELETED,
                ReviewState.OPEN,
                "contact",
                goldens,
                List.of(),
                0,
                "30 deletes for " + system + " within 24 hours are more than the brake lets through",
                "brake " + system,
                1,
                clock.instant(),
                null,
                null,
                null,
                null,
                null);
        store.write(tx -> {
            tx.reviews().save(List.of(review));
            return null;
        });
        return review.id();
    }

    /** A write that was sent so long ago, and of which nobody knows what became of it; nobody looks at it within the hour. */
    void sentUnanswered(String target, Duration ago) {
        var now = clock.instant();
        var key = RecordKey.parse(target);
        var intent = new Intent("i " + target, Intent.Kind.UPDATE, Map.of(), Map.of(), now.minus(ago));
        var change = new OutboundChange(
                OutboundChange.updateKey(key),
                "g-none",
                key.system(),
                "contact",
                key,
                OutboundState.VERIFYING,
                false,
                now,
                now,
                0,
                now.plus(Duration.ofHours(1)),
                intent,
                null,
                now);
        store.write(tx -> {
            tx.outbox().save(List.of(change));
            return null;
        });
    }

    String goldenOf(String key) {
        var record = RecordKey.parse(key);
        return store.read(tx -> tx.goldens().goldenOf(List.of(record)).get(record));
    }

    @Override
    public void close() {
        api.close();
        hub.close();
    }
}
