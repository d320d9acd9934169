package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.MatchRulesReader;
import io.kintsugi.core.sync.Absorb.Observation;
import io.kintsugi.graph.TestGraph;
import io.kintsugi.server.engine.inbound.Intake;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Two resolvers on one real graph that meet at the worst moment. */
class RaceIT {
    private static final int ROUNDS = 25; // without the claims nearly every round fails
    private final HubUnderTest hub = new HubUnderTest(TestGraph.empty(), false, "crm", "erp", "web");
    private final ExecutorService threads = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private void store(String key, Map<String, String> attributes) {
        var seen = new Observation(RecordKey.parse(key), "people", attributes, Instant.EPOCH, null);
        hub.store.write(tx -> new Intake(hub.model)
                .store(
                        tx,
                        new Intake.Batch(
                                seen.key().system(),
                                seen.key().system(),
                                "people",
                                "contact",
                                List.of(seen),
                                Map.of(),
                                List.of(),
                                List.of(),
                                null),
                        hub.clock.instant()));
    }

    private void together(String first, String second) throws Exception {
        var gate = new CyclicBarrier(2);
        var work = new ArrayList<Callable<Integer>>();
        for (var key : List.of(first, second)) {
            work.add(() -> {
                gate.await();
                return hub.resolver.resolve(List.of(RecordKey.parse(key)));
            });
        }
        for (var done : threads.invokeAll(work)) done.get();
    }

    @Test
    @DisplayName("ID-1: twins resolved at the same moment by two threads make one golden, always")
    void twinsMakeOneGolden() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var twin = Map.of(
                    "firstName",
                    "Anna",
                    "lastName",
                    "Kowalski",
                    "email",
                    "anna" + round + "@acme" + round + ".example");
            store("crm:contact:" + round, twin);
            store("erp:contact:" + round, twin);
            together("crm:contact:" + round, "erp:contact:" + round);
            assertThat(hub.golden("crm:contact:" + round).id())
                    .as("round %s", round)
                    .isEqualTo(hub.golden("erp:contact:" + round).id());
        }
    }

    @Test
    @DisplayName("two records that join one golden through different keys leave no stale value")
    void joinsThroughDifferentKeysLeaveNoStaleGolden() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            var random = new Random(round);
            var first = People.word(random, 6);
            var last = People.word(random, 8);
            var email = People.word(random, 9) + "@example.org";
            var phone = "+1 41" + (50_000_000 + random.nextInt(49_000_000));
            store("crm:contact:" + round, Map.of("firstName", first, "lastName", last, "email", email, "phone", phone));
            hub.resolver.resolve(List.of(RecordKey.parse("crm:contact:" + round)));
            store(
                    "erp:contact:" + round,
                    Map.of("firstName", first, "lastName", last, "email", email, "city", "Leeds"));
            store(
                    "web:contact:" + round,
                    Map.of("firstName", first, "lastName", last, "phone", phone, "birthDate", "1980-03-04"));
            together("erp:contact:" + round, "web:contact:" + round);
            var members = Set.of("crm:contact:" + round, "erp:contact:" + round, "web:contact:" + round);
            assertThat(hub.clusters()).as("round %s", round).contains(members);
            assertThat(hub.values("crm:contact:" + round))
                    .as("round %s", round)
                    .containsEntry("city", "Leeds")
                    .containsEntry("birthDate", "1980-03-04");
        }
    }

    @Test
    @DisplayName(
            "ID-2, ID-10: who gets and who loses a value at the same moment is counted exactly, at the edge of too many")
    void holdersAreCountedExactly() throws Exception {
        var rules = MatchRulesReader.shipped(EntityType.Kind.PERSON).withKeyCap(3);
        hub.matching(new MatchPolicy("contact", 1, rules, Set.of()));
        for (int round = 0; round < 10; round++) {
            var twin = Map.of("firstName", "Anna", "email", "anna" + round + "@acme" + round + ".example");
            var keys = new ArrayList<String>();
            for (int i = 0; i < 4; i++) keys.add("crm:contact:" + round + "-" + i);
            store(keys.get(0), twin);
            store(keys.get(1), twin);
            resolveAll();
            for (var key : keys.subList(2, 4)) store(key, twin);
            together(keys.get(2), keys.get(3));
            resolveAll();
            assertThat(together(keys)).as("round %s: too many", round).isEqualTo(4);
            remove(keys.get(0));
            store(keys.get(1), Map.of("firstName", "Bruno", "email", "bruno" + round + "@acme.example"));
            together(keys.get(0), keys.get(1));
            resolveAll();
            assertThat(together(keys.subList(2, 4)))
                    .as("round %s: two left", round)
                    .isEqualTo(1);
            store(keys.get(1), twin);
            store("erp:contact:" + round, twin);
            remove(keys.get(2));
            resolveAll();
            store(keys.get(0), twin);
            remove(keys.get(3));
            together(keys.get(0), keys.get(3));
            resolveAll();
            assertThat(together(List.of(keys.get(0), keys.get(1), "erp:contact:" + round)))
                    .as("round %s: one came and one went", round)
                    .isEqualTo(1);
        }
    }

    private void resolveAll() {
        while (hub.resolver.resolvePending(20) > 0) {
            // until nothing waits
        }
    }

    private void remove(String key) {
        hub.store.write(tx -> {
            var record = tx.records().find(List.of(RecordKey.parse(key))).get(RecordKey.parse(key));
            tx.records().save(List.of(record.withState(RecordState.DELETED)));
            tx.records().markPending(List.of(record.key()));
            return null;
        });
    }

    /** How many goldens hold these records. */
    private int together(List<String> keys) {
        var goldens = new HashSet<String>();
        for (var key : keys) goldens.add(hub.golden(key).id());
        return goldens.size();
    }
}
