package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Connector;
import io.kintsugi.connector.spi.ConnectorContext;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.spi.ConnectorSpec;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.connector.Connectors;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

    private Hub hub;

    @BeforeEach
    void open() {
        open(null);
    }

    /** @param lost system whose connector is not there; null for none */
    private void open(String lost) {
        var configs = simulated.keySet().stream()
                .map(id -> new SystemConfig(
                        id,
                        id,
                        id.equals(lost) ? "gone" : "sim",
                        Map.of(),
                        Duration.ofMillis(50),
                        List.of(mapping("accounts", false), mapping(SimulatedSystem.STREAM, true))))
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

    private String state(String system) {
        return hub.systems().find(system).orElseThrow().state();
    }

    @Test
    @DisplayName("SYN-7: a stream that is gone keeps neither the other streams nor their writes back")
    void aDroppedStreamStopsOnlyItself() throws Exception {
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
