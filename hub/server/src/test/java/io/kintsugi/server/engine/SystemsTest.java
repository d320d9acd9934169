package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.FirstSync;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.outbound.FirstSyncs;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The loops as they run in a hub, over systems in memory. */
@Timeout(60)
class SystemsTest {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example");
    private final Clock clock = Clock.systemUTC();
    private final MemoryHubStore store = new MemoryHubStore();
    private final Map<String, SimulatedSystem> simulated =
            new TreeMap<>(Map.of("crm", new SimulatedSystem("crm", clock), "erp", new SimulatedSystem("erp", clock)));

    @TempDir
    Path folder;

    /** Systems that are not written to before somebody approves. */
    private final Set<String> asked = new HashSet<>();

    private List<StreamMapping> streams = List.of(mapping(SimulatedSystem.STREAM, true));

    private Hub hub;

    @BeforeEach
    void open() {
        open(null);
    }

    /** @param lost system whose connector is not there; null for none */
    private void open(String lost) {
        var configs = simulated.keySet().stream()
                .map(id -> new SystemConfig(
                                id, id, id.equals(lost) ? "gone" : "sim", Map.of(), Duration.ofMillis(50), streams)
                        .withFirstSync(asked.contains(id) ? FirstSync.APPROVE : FirstSync.AUTO))
                .toList();
        var contact = HubUnderTest.CONTACT;
        var authority = new AuthorityPolicy("contact", 1, new Rule(Strategy.LATEST, List.of()), Map.of());
        var model = new LiveModel(new HubModel(
                List.of(contact), Map.of("contact", Matcher.defaults(contact)), Map.of("contact", authority), configs));
        var ids = new Ids(clock, new SplittableRandom(7));
        hub = Hub.over(store, model, new Connectors(List.of(new Simulation()), clock, folder), clock, ids);
    }

    private static StreamMapping mapping(String stream, boolean write) {
        var fields = List.of(
                new FieldMapping("first", "firstName", List.of(), true),
                new FieldMapping("last", "lastName", List.of(), true),
                new FieldMapping("email", "email", List.of(), true),
                new FieldMapping("city", "city", List.of(), true));
        return new StreamMapping(stream, "contact", fields, write, false, null);
    }

    private static StreamMapping creating(String stream) {
        var as = mapping(stream, true);
        return new StreamMapping(stream, as.entityType(), as.fields(), true, true, SimulatedSystem.LINK_KEY);
    }

    private final class Simulation implements ConnectorFactory {
        @Override
        public ConnectorSpec spec() {
            return new ConnectorSpec("sim", "Simulated", List.of());
        }

        @Override
        public Connector open(String system, Map<String, Object> settings, ConnectorContext context) {
            return simulated.get(system);
        }
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private void await(String system, String state) throws InterruptedException {
        var reached = new CountDownLatch(1);
        hub.events().subscribe(event -> {
            if (state(system).equals(state)) reached.countDown();
        });
        if (state(system).equals(state)) return;
        assertThat(reached.await(30, TimeUnit.SECONDS))
                .as("%s is %s", system, state)
                .isTrue();
    }

    private static void await(Callable<Boolean> reached) throws Exception {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!reached.call()) {
            assertThat(System.nanoTime()).as("waited long enough").isLessThan(end);
            Thread.sleep(5);
        }
    }

    private String state(String system) {
        return hub.systems().find(system).orElseThrow().state();
    }

    @Test
    @DisplayName("SYN-7: a stream that is gone keeps neither the other streams nor their writes back")
    void aDroppedStreamStopsOnlyItself() throws Exception {
        hub.close();
        streams = List.of(mapping("accounts", false), mapping(SimulatedSystem.STREAM, true));
        open();
        var written = new CountDownLatch(1);
        for (var system : simulated.values()) {
            system.edit("1", ANNA);
            system.dropped.add("accounts");
        }
        simulated.get("erp").poisoned = op -> {
            if (op instanceof WriteOp.Update) written.countDown();
            return false;
        };
        hub.systems().start();
        await("erp", "FAILING");
        simulated.get("crm").edit("1", Map.of("city", "Oslo"));
        assertThat(written.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(hub.systems().find("erp").orElseThrow().problem()).contains("accounts");
    }

    @Test
    @DisplayName("SYN-7: a system that takes no writes shows it and what it says, and is read as ever")
    void anUnwillingSystemShowsIt() throws Exception {
        for (var system : simulated.values()) {
            system.maxBatch = 1;
            for (int i = 0; i < 6; i++) system.edit("p" + i, person(i));
        }
        hub.systems().start();
        var ends = List.of(RecordKey.parse("crm:contact:p5"), RecordKey.parse("erp:contact:p5"));
        await(() -> Set.copyOf(store.read(tx -> tx.goldens().goldenOf(ends)).values())
                                .size()
                        == 1
                && store.read(tx -> tx.goldens().goldenOf(ends)).size() == 2);
        simulated.get("erp").fault = op -> new WriteResult.NotAttempted(op.opId(), "in maintenance");
        for (int i = 0; i < 6; i++) simulated.get("crm").edit("p" + i, Map.of("city", "Oslo"));
        await("erp", "FAILING");
        assertThat(hub.systems().find("erp").orElseThrow().problem()).contains("in maintenance");
        simulated.get("erp").edit("new", ANNA);
        var seen = List.of(RecordKey.parse("erp:contact:new"));
        await(() -> store.read(tx -> tx.records().find(seen)).size() == 1);
    }

    private static Map<String, Object> person(int i) {
        var random = new Random(i);
        return Map.of(
                "first",
                People.word(random, 6),
                "last",
                People.word(random, 8),
                "email",
                People.word(random, 9) + "@example.org");
    }

    @Test
    @DisplayName("A system whose connector is not there any more shows that it fails and why; the others run")
    void aSystemWithoutItsConnectorFailsAlone() throws Exception {
        hub.close();
        open("crm");
        hub.systems().start();
        await("erp", "RUNNING");
        await("crm", "FAILING");
        assertThat(hub.systems().find("crm").orElseThrow().problem())
                .isEqualTo("there is no connector \"gone\"; there are [sim]");
    }

    @Test
    @DisplayName("A paused system is paused until it is resumed, also in a hub that starts again")
    void aPauseOutlivesTheHub() throws Exception {
        hub.systems().start();
        hub.systems().pause("crm");
        hub.close();
        open();
        hub.systems().start();
        assertThat(state("crm")).isEqualTo("PAUSED");
        await("erp", "RUNNING");
        hub.systems().resume("crm");
        hub.close();
        open();
        hub.systems().start();
        await("crm", "RUNNING");
    }

    @Test
    @DisplayName("SYN-9: a system that asks to be left alone is left alone for as long as it says, and is not away")
    void retryAfterIsHonoured() throws Exception {
        var erp = simulated.get("erp");
        erp.rateLimit = Duration.ofSeconds(4);
        var states = ConcurrentHashMap.<String>newKeySet();
        hub.events().subscribe(event -> states.add(state("erp")));
        hub.systems().start();
        var asked = new AtomicReference<Instant>();
        var again = new CountDownLatch(1);
        erp.onCheck = () -> {
            if (asked.compareAndSet(null, clock.instant())) return;
            erp.rateLimit = null;
            again.countDown();
        };
        assertThat(again.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.between(asked.get(), clock.instant())).isGreaterThanOrEqualTo(Duration.ofMillis(3900));
        await("erp", "RUNNING");
        assertThat(states).doesNotContain("FAILING", "OFFLINE");
    }

    @Test
    @DisplayName("SYN-9: so is one that says it while it is read")
    void retryAfterIsHonouredByReading() throws Exception {
        var erp = simulated.get("erp");
        erp.readLimit = Duration.ofSeconds(4);
        var asked = new AtomicReference<Instant>();
        var again = new CountDownLatch(1);
        erp.beforeRead = () -> {
            if (asked.compareAndSet(null, clock.instant())) return;
            erp.readLimit = null;
            again.countDown();
        };
        hub.systems().start();
        assertThat(again.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.between(asked.get(), clock.instant())).isGreaterThanOrEqualTo(Duration.ofMillis(3900));
        await("erp", "RUNNING");
    }

    @Test
    @DisplayName("SYN-9: a system is read while a backlog is written to it, because both share its quota")
    void aBacklogDoesNotKeepASystemFromBeingRead() throws Exception {
        var erp = simulated.get("erp");
        erp.maxBatch = 1;
        for (int number = 0; number < 200; number++) {
            var person = Map.<String, Object>of(
                    "first", "Ann", "last", "Of" + number, "email", "p" + number + "@example.com");
            simulated.get("crm").edit("p" + number, person);
            erp.edit("p" + number, person);
        }
        hub.systems().start();
        await("erp", "RUNNING");
        await(() -> store.read(tx -> tx.records().pending(1).isEmpty()
                && tx.records().counts().stream()
                                .mapToLong(count -> count.records())
                                .sum()
                        == 400));
        erp.beforeReply = () -> LockSupport.parkNanos(20_000_000);
        var noticed = new CountDownLatch(1);
        hub.events().subscribe(event -> {
            boolean edited =
                    store.read(tx -> tx.records().find(List.of(RecordKey.parse("erp:contact:p7"))).values().stream()
                            .anyMatch(record -> "Bergen".equals(record.value("city"))));
            if (edited) noticed.countDown();
        });
        for (int number = 0; number < 200; number++) {
            if (number != 7) simulated.get("crm").edit("p" + number, Map.of("city", "Oslo"));
        }
        await(() -> erp.effects.size() > 3);
        erp.edit("p7", Map.of("city", "Bergen"));
        assertThat(noticed.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(erp.effects).as("written before it was read").hasSizeLessThan(150);
    }

    @Test
    @DisplayName("Nothing is written to a system before the streams in which the hub creates were read once")
    void nothingIsCreatedBeforeItWasRead() throws Exception {
        hub.close();
        streams = List.of(creating(SimulatedSystem.STREAM), creating("accounts"));
        open();
        for (var system : simulated.values()) system.dropped.add("accounts");
        simulated.get("crm").edit("1", ANNA);
        hub.systems().start();
        await("erp", "FAILING");
        await(() -> !store.read(tx -> tx.outbox().list("erp", null, null, 9))
                .items()
                .isEmpty());
        for (int turn = 0; turn < 3; turn++) {
            var now = hub.systems().find("erp").orElseThrow().lastPoll();
            await(() -> !now.equals(hub.systems().find("erp").orElseThrow().lastPoll()));
        }
        assertThat(simulated.get("erp").effects).isEmpty();
    }

    @Test
    @DisplayName(
            "SYN-11: a new system is read and matched and not written until somebody approves, also over a restart")
    void nothingIsWrittenBeforeItIsApproved() throws Exception {
        hub.close();
        asked.add("erp");
        open();
        var crm = simulated.get("crm");
        var erp = simulated.get("erp");
        crm.edit("1", ANNA);
        erp.edit("1", ANNA);
        hub.systems().start();
        await("erp", "RUNNING");
        crm.edit("1", Map.of("city", "Oslo"));
        await(() -> standing().updates() == 1);
        hub.systems().refuseFirstSync("erp");
        hub.close();
        open();
        hub.systems().start();
        await("erp", "RUNNING");
        erp.edit("1", Map.of("first", "Annabel"));
        await(() -> "Annabel".equals(crm.value("1", "first")));
        assertThat(erp.effects).isEmpty();
        assertThat(standing().answer()).isEqualTo(FirstSyncs.Answer.REFUSED);
        hub.systems().approveFirstSync("erp");
        hub.systems().approveFirstSync("erp");
        await(() -> "Oslo".equals(erp.value("1", "city")));
        assertThat(standing())
                .isEqualTo(new FirstSyncs.Standing(
                        FirstSyncs.Answer.APPROVED, 0, 0, 0, standing().at()));
        assertThatThrownBy(() -> hub.systems().refuseFirstSync("erp")).hasMessageContaining("pause the system");
        assertThatThrownBy(() -> hub.systems().approveFirstSync("crm")).hasMessageContaining("firstSync: approve");
    }

    private FirstSyncs.Standing standing() {
        return store.read(tx -> FirstSyncs.of(
                        tx, hub.systems().find("erp").orElseThrow().config()))
                .orElseThrow();
    }

    @Test
    @DisplayName(
            "A run that a killed hub left open is ended by the next one; a load is not, because it is gone on with")
    void openRunsAreEnded() {
        store.write(tx -> {
            for (var kind : List.of("poll", "load")) {
                tx.journal()
                        .saveRun(new Run(
                                kind,
                                kind,
                                "crm",
                                "people",
                                RunState.RUNNING,
                                Map.of(),
                                -1,
                                Instant.EPOCH,
                                null,
                                null));
            }
            return null;
        });
        hub.systems().start();
        var poll = store.read(tx -> tx.journal().run("poll")).orElseThrow();
        assertThat(poll.state()).isEqualTo(RunState.FAILED);
        assertThat(poll.endedAt()).isNotNull();
        assertThat(store.read(tx -> tx.journal().run("load")).orElseThrow().state())
                .isEqualTo(RunState.RUNNING);
    }
}
