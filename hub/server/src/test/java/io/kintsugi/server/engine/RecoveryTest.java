package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.recovery.Certificate;
import io.kintsugi.server.engine.shared.Ids;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The steps of a recovery, one by one; {@link OutageTest} lives through whole ones. */
class RecoveryTest {
    private static final Duration NO_LAG = Duration.ZERO;
    private final HubUnderTest hub = new HubUnderTest(new MemoryHubStore(), false, "crm", "erp");
    private Recovery recovery;

    @BeforeEach
    void inContact() throws Exception {
        hub.system("crm").edit("1", Map.of("first", "Anna", "last", "Kowalski", "email", "anna@acme.example"));
        hub.settle();
        recovery = begin();
        for (var system : List.of("crm", "erp")) read(system, NO_LAG);
    }

    private Recovery begin() {
        var begun =
                new Recovery(hub.store, hub.model, hub.clock, new Ids(hub.clock, new SplittableRandom(1)), hub.events);
        begun.start();
        return begun;
    }

    private void arrive(String system) throws Exception {
        recovery.arrived(hub.model.get().system(system).orElseThrow(), hub.system(system), stream -> null);
    }

    private void read(String system, Duration lag) throws Exception {
        arrive(system);
        recovery.read(system, hub.clock.instant(), lag, null);
    }

    private void theHubIsDown(Duration length) {
        hub.clock.advance(length);
        recovery = begin();
    }

    private Certificate certificate() {
        var run = hub.store.read(tx -> tx.journal().runs(null, 10)).items().get(0);
        return hub.store.read(tx -> Certificate.find(tx, run.id())).orElseThrow();
    }

    @Test
    @DisplayName("I19: every system is frozen until all that answer were read and all is resolved")
    void frozenUntilAllAreRead() throws Exception {
        theHubIsDown(Duration.ofHours(36));
        assertThat(recovery.frozen("crm")).isTrue();
        read("crm", NO_LAG);
        recovery.advance();
        assertThat(recovery.frozen("crm")).as("erp was not read").isTrue();
        read("erp", NO_LAG);
        assertThat(recovery.frozen("erp")).isTrue();
        assertThat(recovery.advance()).isTrue();
        assertThat(recovery.frozen("crm")).isFalse();
        assertThat(recovery.frozen("erp")).isFalse();
    }

    @Test
    @DisplayName("SYN-13: a reading that began before a system must have told what happened is not enough")
    void theBarrierCountsTheLag() throws Exception {
        theHubIsDown(Duration.ofHours(36));
        var lag = Duration.ofSeconds(45);
        read("crm", NO_LAG);
        read("erp", lag);
        recovery.advance();
        assertThat(recovery.frozen("erp")).isTrue();
        assertThat(recovery.readAt("erp", lag)).isEqualTo(hub.clock.instant().plus(lag));
        hub.clock.advance(lag);
        read("erp", lag);
        recovery.advance();
        assertThat(recovery.frozen("erp")).isFalse();
    }

    @Test
    @DisplayName("SYN-1: resolving is waited for, but not for ever, and the certificate says so")
    void resolvingIsNotWaitedForForEver() throws Exception {
        theHubIsDown(Duration.ofHours(36));
        hub.store.write(tx -> {
            tx.records().markPending(List.of(RecordKey.parse("crm:contact:1")));
            return null;
        });
        read("crm", NO_LAG);
        read("erp", NO_LAG);
        recovery.advance();
        hub.clock.advance(Duration.ofMinutes(29));
        assertThat(recovery.advance()).isFalse();
        assertThat(recovery.frozen("crm")).isTrue();
        hub.clock.advance(Duration.ofMinutes(1));
        assertThat(recovery.advance()).isTrue();
        assertThat(certificate().resolved()).isFalse();
    }

    @Test
    @DisplayName("SYN-1: who does not answer is waited for a little while, who is paused not at all")
    void whoIsLeftOut() throws Exception {
        theHubIsDown(Duration.ofHours(36));
        read("crm", NO_LAG);
        recovery.away("erp", Duration.ZERO, "erp is away");
        recovery.advance();
        assertThat(recovery.frozen("crm")).isTrue();
        hub.clock.advance(Recovery.PATIENCE);
        recovery.away("erp", Duration.ZERO, "erp is away");
        recovery.advance();
        assertThat(recovery.frozen("crm")).isFalse();
        recovery.advance();
        assertThat(certificate().systems())
                .extracting(Certificate.SystemPart::leftOut)
                .containsExactly(null, "erp is away");

        arrive("erp"); // it is back: what it missed is not forgotten
        assertThat(recovery.frozen("crm")).isTrue();
        hub.store.write(
                tx -> tx.journal().publish("system-state", "crm", "paused: true\n", "sam", hub.clock.instant()));
        read("erp", NO_LAG);
        recovery.advance();
        assertThat(recovery.frozen("erp")).isFalse();
        assertThat(certificate().systems().get(0).leftOut()).isEqualTo("it is paused");
    }

    @Test
    @DisplayName(
            "I19, SYN-1: a system of which a stream was not read is not read; it is waited for a little while, and named")
    void whoIsReadInPart() throws Exception {
        theHubIsDown(Duration.ofHours(36));
        read("crm", NO_LAG);
        arrive("erp");
        recovery.read("erp", hub.clock.instant(), NO_LAG, "orders cannot be read: it is forbidden");
        recovery.advance();
        assertThat(recovery.frozen("crm")).isTrue();
        hub.clock.advance(Recovery.PATIENCE);
        arrive("erp");
        recovery.read("erp", hub.clock.instant(), NO_LAG, "orders cannot be read: it is forbidden");
        recovery.advance();
        assertThat(recovery.frozen("crm")).isFalse();
        arrive("erp"); // it is polled on and on, and begins nothing anew
        assertThat(recovery.frozen("crm")).isFalse();
        recovery.advance();
        assertThat(certificate().systems().get(1).leftOut()).contains("orders");
    }

    @Test
    @DisplayName("SYN-9: who wants to be left alone for longer than the others wait is left out at once")
    void whoWantsToBeLeftAlone() throws Exception {
        theHubIsDown(Duration.ofHours(36));
        read("crm", NO_LAG);
        arrive("erp");
        recovery.away("erp", Duration.ofMinutes(1), "too many calls");
        recovery.advance();
        assertThat(recovery.frozen("crm")).isTrue();
        recovery.away("erp", Duration.ofHours(3), "too many calls today");
        recovery.advance();
        assertThat(recovery.frozen("crm")).isFalse();
    }

    @Test
    @DisplayName("SYN-2: a hub that starts again goes on where it was")
    void goesOnAfterARestart() throws Exception {
        theHubIsDown(Duration.ofHours(36));
        read("crm", NO_LAG);
        theHubIsDown(Duration.ofMinutes(1));
        assertThat(recovery.frozen("crm")).isTrue();
        read("erp", NO_LAG);
        recovery.advance();
        assertThat(recovery.frozen("crm")).isFalse();
        recovery.advance();
        var part = certificate().systems().get(1);
        assertThat(Duration.between(part.silentSince(), part.barrier())).isGreaterThan(Duration.ofHours(36));
    }
}
