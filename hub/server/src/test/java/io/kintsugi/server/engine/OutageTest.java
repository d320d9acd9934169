package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.recovery.CatchUp.Tier;
import io.kintsugi.server.engine.recovery.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 36 hours without the hub and one of three systems, while people work in all of them. */
class OutageTest {
    private final Outage outage = new Outage(new MemoryHubStore(), 334, 300, 40); // about 1,000 records

    private void nothingIsLost(Certificate... certificates) {
        nothingIsLost(Set.of(), certificates);
    }

    /** @param live systems between which edits went to and fro meanwhile */
    private void nothingIsLost(Set<String> live, Certificate... certificates) {
        assertThat(outage.lost(live, certificates))
                .as("edits that neither stand nor are listed")
                .isEmpty();
        assertThat(outage.history.violations).isEmpty();
        new Invariants(outage.history).check();
        assertThat(outage.history.violations).isEmpty();
    }

    private void noDuplicatesAndNoEchoes() {
        assertThat(outage.duplicates()).as("duplicates").isZero();
        assertThat(outage.echoes())
                .as("writes beyond one for each record, and at rest")
                .isZero();
    }

    @Test
    @DisplayName(
            "SYN-1: after 36 h without the hub no edit is lost, nothing is there twice, every conflict is listed with all values")
    void theHubIsAway() {
        outage.inStep(1, "crm");
        outage.history.hub.stop();
        outage.history.barrier.stops();
        outage.peopleWork();
        var both = "p7@example.com";
        for (var system : List.of("crm", "erp", "web"))
            outage.edit(outage.history.systems.get(system), outage.idOf(system, both), "note");
        outage.history.run(outage.history.time.instant().plus(Duration.ofMinutes(1)));
        outage.history.barrier.starts();
        outage.history.hub.start();
        outage.toRest();

        var certificate = outage.certificate();
        nothingIsLost(certificate);
        noDuplicatesAndNoEchoes();
        assertThat(certificate.resolved()).isTrue();
        assertThat(certificate.cause()).contains("the hub was down");
        assertThat(outage.conflicts(certificate))
                .filteredOn(conflict -> conflict.attribute().equals("note")
                        && conflict.candidates().size() == 3)
                .anySatisfy(conflict -> {
                    assertThat(conflict.rule()).isEqualTo("LATEST");
                    assertThat(conflict.candidates().stream().filter(Certificate.Candidate::survives))
                            .hasSize(1);
                });
        var tiers = new TreeMap<String, String>();
        certificate
                .systems()
                .forEach(part -> tiers.put(part.system(), part.streams().get(0).tier()));
        assertThat(tiers)
                .containsEntry("crm", Tier.REPLAY.name())
                .containsEntry("erp", Tier.FULL.name())
                .containsEntry("web", Tier.REPLAY.name());
        assertThat(certificate.equality()).hasSize(3).allMatch(Certificate.Equality::equal);
        for (var part : certificate.systems()) {
            var read = new TreeMap<>(part.read());
            assertThat(read.remove("read"))
                    .isEqualTo(read.values().stream().mapToLong(n -> n).sum());
            assertThat(part.deletes()).isPositive();
            assertThat(part.waiting() + part.parked()).isZero();
            assertThat(part.silentSince()).isBefore(certificate.begun());
        }
    }

    @Test
    @DisplayName("SYN-1: a system that stays away is left out and told, and joins by the same way when it is back")
    void oneSystemStaysAway() {
        outage.inStep(2, "crm");
        outage.history.hub.stop();
        outage.history.barrier.stops();
        outage.history.weather.fail("web", Outage.LENGTH.plusHours(2));
        outage.peopleWork();
        outage.history.barrier.starts();
        outage.history.hub.start();
        outage.history.run(outage.history.time.instant().plus(Duration.ofHours(1)));
        var first = outage.certificate();
        assertThat(first.systems())
                .filteredOn(part -> part.system().equals("web"))
                .singleElement()
                .satisfies(part -> assertThat(part.leftOut()).contains("web is away"));
        assertThat(first.equality()).extracting(Certificate.Equality::system).containsExactly("crm", "erp");
        outage.history.run(outage.history.time.instant().plus(Duration.ofHours(2)));
        outage.toRest();
        var second = outage.certificate();
        assertThat(second.run()).isNotEqualTo(first.run());
        assertThat(second.cause()).contains("web was away");
        nothingIsLost(first, second);
        assertThat(second.equality()).hasSize(3).allMatch(Certificate.Equality::equal);
    }

    @Test
    @DisplayName(
            "SYN-1: while one system is away the others go on; when it is back nothing is written before it was read")
    void theHubStaysUp() {
        outage.inStep(3, "crm");
        outage.history.weather.fail("erp", Outage.LENGTH);
        outage.peopleWork();
        int before = outage.history.effects.size();
        assertThat(before).as("writes between the systems that are there").isPositive();
        outage.history.run(outage.history.time.instant().plus(Duration.ofHours(1)));
        outage.toRest();
        var certificate = outage.certificate();
        assertThat(certificate.cause()).contains("erp was away");
        nothingIsLost(Set.of("crm", "web"), certificate);
        assertThat(certificate.equality()).allMatch(Certificate.Equality::equal);
    }

    @Test
    @DisplayName(
            "SYN-1: where the policy does not depend on order, 36 h without the hub end as if it had been there all the time")
    void asIfThereHadBeenNone() {
        outage.ranked().inStep(6, "crm");
        outage.history.hub.stop();
        outage.history.barrier.stops();
        outage.peopleWork();
        outage.history.run(outage.history.time.instant().plus(Duration.ofMinutes(10)));
        outage.history.barrier.starts();
        outage.history.hub.start();
        outage.toRest();

        var without = new Outage(new MemoryHubStore(), 334, 300, 40);
        without.ranked().inStep(6, "crm");
        without.liveAs(outage);
        without.toRest();
        var settled = outage.settled(without);
        assertThat(settled).hasSizeGreaterThan(300);
        var expected = without.settled(outage);
        assertThat(settled.keySet()).isEqualTo(expected.keySet());
        settled.entrySet().removeIf(entry -> entry.getValue().equals(expected.get(entry.getKey())));
        expected.keySet().retainAll(settled.keySet());
        assertThat(settled).isEqualTo(expected);
    }

    @Test
    @DisplayName("SYN-1: what people merge in their systems meanwhile is merged, and no edit is lost by it")
    void peopleMergeMeanwhile() {
        outage.merging().inStep(7, "crm");
        outage.history.hub.stop();
        outage.history.barrier.stops();
        outage.peopleWork();
        outage.history.barrier.starts();
        outage.history.hub.start();
        outage.toRest();
        assertThat(outage.history.merges).isGreaterThan(10);
        var certificate = outage.certificate();
        nothingIsLost(certificate);
        assertThat(certificate.equality()).hasSize(3).allMatch(Certificate.Equality::equal);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 40, 120})
    @DisplayName("SYN-1, SYN-2: a hub that is killed during its recovery goes on with it")
    void aKilledHubGoesOn(int point) {
        outage.inStep(4, "crm");
        outage.history.hub.stop();
        outage.history.barrier.stops();
        outage.peopleWork();
        outage.history.barrier.starts();
        outage.history.hub.start();
        outage.history.hub.killAt(point);
        outage.toRest();
        assertThat(outage.history.kills).isEqualTo(1);
        var certificate = outage.certificate();
        nothingIsLost(certificate);
        noDuplicatesAndNoEchoes();
        assertThat(certificate.equality()).hasSize(3).allMatch(Certificate.Equality::equal);
    }

    @Test
    @DisplayName("SYN-8: a short silence is nothing that polling does not make good")
    void aShortOutageIsNoRecovery() {
        outage.inStep(5, "crm");
        outage.history.hub.stop();
        outage.history.run(outage.history.time.instant().plus(Duration.ofMinutes(20)));
        outage.edit("crm", 3, "note");
        outage.history.hub.start();
        outage.toRest();
        assertThat(outage.history.store.read(tx -> tx.journal().runs(null, 500)).items())
                .noneMatch(run -> run.kind().equals(Recovery.KIND));
        nothingIsLost();
    }
}
