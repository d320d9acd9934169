package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kintsugi.core.model.HubException;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.recovery.Certificate;
import io.kintsugi.server.engine.recovery.Certificate.Candidate;
import io.kintsugi.server.engine.recovery.Certificate.Conflict;
import io.kintsugi.server.engine.recovery.ConflictJournal;
import io.kintsugi.server.engine.shared.Ids;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** All conflicts of a recovery, however many, whoever joins it and whenever the hub is killed. */
class ConflictListTest {
    private MemoryHubStore store;
    private HubUnderTest hub;
    private Recovery recovery;
    private int people;

    private void peopleInThreeSystems(int number) throws Exception {
        store = new MemoryHubStore();
        hub = new HubUnderTest(store, false, "crm", "erp", "web");
        people = number;
        for (int i = 0; i < people; i++) {
            var person = Map.<String, Object>of("first", "P" + i, "last", "F" + i, "email", i + "@acme.example");
            for (var system : hub.systems.values()) system.edit(String.valueOf(i), person);
        }
        hub.takeIn();
        recovery = begin();
        for (var system : hub.systems.keySet()) read(system);
    }

    private Recovery begin() {
        var begun =
                new Recovery(hub.store, hub.model, hub.clock, new Ids(hub.clock, new SplittableRandom(1)), hub.events);
        begun.start();
        return begun;
    }

    private void read(String system) throws Exception {
        recovery.arrived(hub.model.get().system(system).orElseThrow(), hub.system(system), stream -> null);
        recovery.read(system, hub.clock.instant(), Duration.ZERO, null);
    }

    /** Everybody moves in both systems, to different cities, while the hub is down; then it is back and reads. */
    private void peopleMove(String one, String other) {
        hub.clock.advance(Duration.ofHours(35));
        for (int i = 0; i < people; i++) {
            hub.system(one).edit(String.valueOf(i), Map.of("city", "Oslo " + i));
            hub.clock.advance(Duration.ofMillis(1));
            hub.system(other).edit(String.valueOf(i), Map.of("city", "Bergen " + i));
        }
        hub.clock.advance(Duration.ofHours(1));
        recovery = begin();
        hub.takeIn();
    }

    private void crmAndErpAreReadAndWebIsLeftOut() throws Exception {
        read("crm");
        read("erp");
        hub.clock.advance(Recovery.PATIENCE);
        recovery.away("web", Duration.ZERO, "web is away");
    }

    private void opens() {
        assertThat(recovery.advance()).isTrue();
    }

    private Certificate certificate() {
        var run = store.read(tx -> tx.journal().runs(null, 10)).items().get(0);
        return store.read(tx -> Certificate.find(tx, run.id())).orElseThrow();
    }

    private List<Conflict> listed(int limit, boolean backwards) {
        var certificate = certificate();
        var all = new ArrayList<Conflict>();
        String cursor = null;
        do {
            var from = cursor;
            var page = store.read(tx -> ConflictJournal.page(tx, certificate, from, limit, backwards));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            all.addAll(page.items());
            cursor = page.next();
        } while (cursor != null);
        return all;
    }

    private static List<String> names(List<Conflict> conflicts) {
        return conflicts.stream()
                .map(conflict -> conflict.goldenId() + " " + conflict.attribute())
                .toList();
    }

    @Test
    @DisplayName("SYN-1: of more than 1,000 conflicts each is listed once, with all values and the rule that decided")
    void allAreListed() throws Exception {
        peopleInThreeSystems(1050);
        peopleMove("crm", "erp");
        crmAndErpAreReadAndWebIsLeftOut();
        opens();
        assertThat(certificate().conflictCount()).isEqualTo(1050);
        var all = listed(70, false);
        assertThat(names(all)).doesNotHaveDuplicates().hasSize(1050);
        for (var conflict : all) {
            var golden = store.read(
                    tx -> tx.goldens().find(List.of(conflict.goldenId())).get(conflict.goldenId()));
            var number = golden.value("firstName").substring(1);
            assertThat(conflict.attribute()).isEqualTo("city");
            assertThat(conflict.value()).isEqualTo("Bergen " + number);
            assertThat(conflict.from()).isEqualTo("erp:contact:" + number);
            assertThat(conflict.rule()).isEqualTo("LATEST");
            assertThat(conflict.candidates())
                    .extracting(Candidate::record, Candidate::value, Candidate::survives)
                    .containsExactly(
                            tuple("crm:contact:" + number, "Oslo " + number, false),
                            tuple("erp:contact:" + number, "Bergen " + number, true));
        }
        var reversed = new ArrayList<>(listed(300, true));
        Collections.reverse(reversed);
        assertThat(reversed).isEqualTo(all);
    }

    @Test
    @DisplayName(
            "SYN-1: a system that joins later brings its own conflicts; those that are listed are not listed again")
    void joinsLater() throws Exception {
        peopleInThreeSystems(250);
        hub.system("web").down = true;
        peopleMove("crm", "erp");
        crmAndErpAreReadAndWebIsLeftOut();
        opens();
        var first = listed(500, false);
        assertThat(first).hasSize(250);
        webJoins();
        opens();
        var all = listed(500, false);
        assertThat(all.subList(0, 250)).isEqualTo(first);
        assertThat(names(all)).doesNotHaveDuplicates();
        assertThat(all.subList(250, all.size())).hasSize(120).allMatch(conflict -> conflict.attribute()
                .equals("phone"));
        assertThat(certificate().conflictCount()).isEqualTo(370);
    }

    /** It knows of other cities, and of other numbers than the ERP for some. */
    private void webJoins() throws Exception {
        for (int i = 0; i < people; i++) {
            hub.system("web").edit(String.valueOf(i), Map.of("city", "Bodø " + i));
            if (i < 120) {
                hub.system("erp").edit(String.valueOf(i), Map.of("phone", "+41 44 668 18 " + (10 + i % 90)));
                hub.system("web").edit(String.valueOf(i), Map.of("phone", "+41 44 668 19 " + (10 + i % 90)));
            }
        }
        hub.system("web").down = false;
        recovery.arrived(hub.model.get().system("web").orElseThrow(), hub.system("web"), stream -> null);
        hub.takeIn();
        for (var system : hub.systems.keySet()) read(system);
    }

    @Test
    @DisplayName("SYN-1, SYN-2: a hub that is killed between any two parts loses none and lists none twice")
    void killedBetweenParts() throws Exception {
        for (boolean joined : List.of(false, true)) {
            for (int n = 1; n <= 6; n++) {
                for (boolean before : List.of(true, false)) {
                    peopleInThreeSystems(110);
                    hub.system("web").down = true;
                    peopleMove("crm", "erp");
                    crmAndErpAreReadAndWebIsLeftOut();
                    if (joined) {
                        opens();
                        webJoins();
                    }
                    dies(n, before);
                    assertThat(names(listed(500, false)))
                            .as("write %d, %s, %s", n, before, joined)
                            .doesNotHaveDuplicates()
                            .hasSize(joined ? 220 : 110);
                    assertThat(certificate().conflictCount()).isEqualTo(joined ? 220 : 110);
                }
            }
        }
    }

    private void dies(int n, boolean before) {
        if (before) store.failBeforeCommit(n);
        else store.failAfterCommit(n);
        try {
            recovery.advance();
        } catch (HubException e) { // it died
        }
        store.heal();
        recovery = begin();
        recovery.advance();
    }

    @Test
    @DisplayName("SYN-1, SYN-2: what a killed hub listed and is none any more when it goes on is not kept")
    void whatIsNoneAnyMore() throws Exception {
        peopleInThreeSystems(210);
        peopleMove("crm", "erp");
        crmAndErpAreReadAndWebIsLeftOut();
        store.failBeforeCommit(5); // after three parts
        try {
            recovery.advance();
        } catch (HubException e) { // it died
        }
        assertThat(kept()).contains("Oslo 3");
        for (int i = 0; i < people; i++) {
            for (var system : List.of("crm", "erp"))
                hub.system(system).edit(String.valueOf(i), Map.of("city", i < 5 ? "Tromsø " + system : "Stavanger"));
        }
        hub.takeIn();
        recovery = begin();
        opens();
        assertThat(listed(500, false)).hasSize(5);
        assertThat(kept()).contains("Tromsø").doesNotContain("Oslo");
    }

    /** The parts of the list as they are stored, known to the certificate or not. */
    private String kept() {
        var run = store.read(tx -> tx.journal().runs(null, 10)).items().get(0).id();
        var texts = new StringBuilder();
        for (int part = 0; part < 10; part++) {
            var key = run + "/" + part;
            texts.append(store.read(tx -> tx.journal().checkpoint("recovery-conflicts", key))
                    .orElse(""));
        }
        return texts.toString();
    }

    @Test
    @DisplayName("SYN-1: conflicts that an earlier release kept in the certificate stay readable, and others join them")
    void ofAnEarlierRelease() throws Exception {
        peopleInThreeSystems(120);
        hub.system("web").down = true;
        peopleMove("crm", "erp");
        crmAndErpAreReadAndWebIsLeftOut();
        opens();
        var now = certificate();
        var conflicts = new ArrayList<>(listed(500, false));
        Collections.shuffle(conflicts, new Random(1));
        var then = new Certificate(
                now.run(),
                now.cause(),
                now.begun(),
                now.opened(),
                now.resolved(),
                null,
                now.systems(),
                conflicts,
                120,
                List.of(),
                now.questions(),
                List.of());
        store.write(tx -> {
            then.save(tx, hub.clock.instant());
            for (int part = 0; part < 2; part++)
                tx.journal().saveCheckpoint("recovery-conflicts", now.run() + "/" + part, "[]", hub.clock.instant());
            return null;
        });
        assertThat(listed(7, false)).containsExactlyInAnyOrderElementsOf(conflicts);
        webJoins();
        opens();
        assertThat(listed(500, false)).hasSize(240).containsAll(conflicts);
        assertThat(names(listed(7, false))).doesNotHaveDuplicates().hasSize(240);
    }
}
