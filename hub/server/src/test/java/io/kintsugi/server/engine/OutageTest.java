package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.simulated.Nature;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.Trait;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.CatchUp.Tier;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** 36 hours without the hub and one of three systems, while people work in all of them. */
class OutageTest {
    private static final int PEOPLE = 334; // about 1,000 records
    private static final Duration OUTAGE = Duration.ofHours(36);
    private final SplittableRandom random = new SplittableRandom(42);
    /** Last edit of each field of each row during the outage: what must not be lost. */
    private final Map<String, Edit> edits = new LinkedHashMap<>();

    private History history;
    private int people;

    private record Edit(String system, String id, String email, String field, String value, Instant at) {}

    private static Nature nature(Duration retention, Trait... more) {
        var traits = new HashSet<>(Set.of(more));
        traits.addAll(Set.of(Trait.VERSIONS, Trait.CONDITIONAL, Trait.LINK_KEY, Trait.TELLS_RECORD));
        return new Nature(
                traits, Scenario.FIELDS, Duration.ofMillis(1), Duration.ZERO, retention, 100, Map.of(), Set.of());
    }

    /** Three systems in step: one that keeps its log for ever, one for 12 hours, one that hints only. */
    private void inStep(long seed) {
        var natures = List.of(
                nature(null, Trait.TELLS_DELETES, Trait.TELLS_STATES),
                nature(Duration.ofHours(12), Trait.TELLS_DELETES),
                nature(null, Trait.TELLS_DELETES, Trait.HINTS));
        history = new History(seed, List.of(), new MemoryHubStore(), false, natures);
        history.weather.clearUp();
        history.hub.page(200);
        for (int i = 0; i < PEOPLE; i++) person("crm");
        history.hub.start();
        toRest();
        for (var system : history.systems.values()) assertThat(system.rows()).hasSize(PEOPLE);
        history.effects.clear();
    }

    /** Somebody new, in one system. */
    private String person(String system) {
        int n = people++;
        return person(system, n);
    }

    private String person(String system, int n) {
        var values = new HashMap<>(Map.of(
                "firstName", "First" + letters(n),
                "lastName", "Last" + letters(n * 7919),
                "email", "p" + n + "@example.com",
                "birthDate", LocalDate.of(1950, 1, 1).plusDays(n * 37L % 18_000).toString()));
        var at = history.systems.get(system);
        var id = at.create(values);
        history.remember(at, id, values.keySet());
        return id;
    }

    /** Names that are not alike. */
    private static String letters(int n) {
        var text = new StringBuilder();
        for (long rest = Integer.toUnsignedLong(n * 0x9E3779B9) + 26; rest > 0; rest /= 26) {
            text.append((char) ('a' + rest % 26));
        }
        return text.toString();
    }

    private void toRest() {
        for (int round = 0; round < 60; round++) {
            history.run(history.time.instant().plus(Duration.ofMinutes(3)));
            if (history.hub.up() && history.atRest() && recovery() == null) return;
        }
        throw new AssertionError("it does not come to rest");
    }

    private String recovery() {
        return history.store
                .read(tx -> tx.journal().checkpoint("recovery", "recovery"))
                .filter(text -> !text.isEmpty())
                .orElse(null);
    }

    private void edit(String system, int index, String field) {
        var at = history.systems.get(system);
        var ids = List.copyOf(at.rows().keySet());
        edit(at, ids.get(index % ids.size()), field);
    }

    private void edit(SimulatedSystem at, String id, String field) {
        var value = field + "-" + edits.size() + "-" + at.id();
        history.edits++;
        at.edit(id, Map.of(field, value));
        history.remember(at, id, Set.of(field));
        var key = at.id() + " " + id + " " + field;
        edits.put(key, new Edit(at.id(), id, at.rows().get(id).value("email"), field, value, history.time.instant()));
    }

    private String idOf(String system, String email) {
        return history.systems.get(system).rows().values().stream()
                .filter(row -> email.equals(row.value("email")))
                .map(row -> row.id())
                .findFirst()
                .orElseThrow();
    }

    /** What people do in all systems in 36 hours; the hub is down or not. */
    private void peopleWork() {
        var systems = List.of("crm", "erp", "web");
        var begin = history.time.instant();
        var deleted = new HashSet<String>();
        for (int i = 0; i < 300; i++) {
            history.run(begin.plus(OUTAGE.multipliedBy(i).dividedBy(300)));
            var system = systems.get(random.nextInt(3));
            int what = random.nextInt(100);
            if (what < 8) {
                person(system);
            } else if (what < 11) {
                int n = people++; // the same person in two systems
                person("crm", n);
                person("web", n);
            } else if (what < 15) {
                var rows = history.systems.get(system).rows();
                var id = List.copyOf(rows.keySet()).get(random.nextInt(rows.size()));
                edits.remove(system + " " + id + " note");
                edits.remove(system + " " + id + " nick");
                edits.remove(system + " " + id + " tier");
                deleted.add(system + " " + rows.get(id).value("email"));
                history.systems.get(system).delete(id);
            } else {
                edit(system, random.nextInt(40), History.EDITED.get(random.nextInt(3)));
            }
        }
        assertThat(deleted).isNotEmpty();
    }

    private Certificate certificate() {
        var runs = history.store.read(tx -> tx.journal().runs(null, 500)).items().stream()
                .filter(run -> run.kind().equals(Recovery.KIND))
                .toList();
        assertThat(runs).isNotEmpty().allMatch(run -> run.state() == RunState.DONE);
        return history.store.read(tx -> Certificate.find(tx, runs.get(0).id())).orElseThrow();
    }

    /** Every edit stands, was superseded in its system, or is listed as having lost. */
    private void nothingIsLost(Certificate... certificates) {
        nothingIsLost(Set.of(), certificates);
    }

    /** @param live systems between which edits went to and fro meanwhile */
    private void nothingIsLost(Set<String> live, Certificate... certificates) {
        var listed = new HashSet<String>();
        for (var certificate : certificates) {
            for (var conflict : certificate.conflicts()) {
                conflict.candidates()
                        .forEach(c -> listed.add(c.record() + " " + conflict.attribute() + " " + c.value()));
            }
        }
        var lost = new ArrayList<Edit>();
        for (var edit : edits.values()) {
            var key = new RecordKey(edit.system(), "contact", edit.id());
            var value = history.store.read(tx -> {
                var golden = tx.goldens().goldenOf(List.of(key)).get(key);
                return golden == null
                        ? null
                        : tx.goldens().find(List.of(golden)).get(golden).value(edit.field());
            });
            boolean superseded = edits.values().stream()
                    .anyMatch(later -> live.contains(edit.system())
                            && later.email().equals(edit.email())
                            && later.field().equals(edit.field())
                            && later.at().isAfter(edit.at()));
            if (superseded) continue; // whoever edited later saw it
            boolean told = listed.contains(key + " " + edit.field() + " " + edit.value());
            if (!edit.value().equals(value) && !told) lost.add(edit);
        }
        assertThat(lost).as("edits that neither stand nor are listed").isEmpty();
        assertThat(history.violations).isEmpty();
        new Invariants(history).check();
        assertThat(history.violations).isEmpty();
    }

    private void noDuplicatesAndNoEchoes() {
        for (var system : history.systems.values()) {
            var emails = new TreeMap<String, Integer>();
            system.rows().values().forEach(row -> emails.merge(row.value("email"), 1, Integer::sum));
            assertThat(emails.values()).as(system.id()).allMatch(count -> count == 1);
        }
        var writes = new TreeMap<String, Integer>();
        for (var effect : history.effects) {
            var row = effect.after() == null ? effect.before() : effect.after();
            writes.merge(effect.system() + " " + row.id(), 1, Integer::sum);
        }
        assertThat(writes.values()).as("one net change for each record").allMatch(count -> count == 1);
        int before = history.effects.size();
        history.run(history.time.instant().plus(Duration.ofHours(3)));
        assertThat(history.effects).as("writes while at rest").hasSize(before);
    }

    @Test
    @DisplayName(
            "SYN-1: after 36 h without the hub no edit is lost, nothing is there twice, every conflict is listed with all values")
    void theHubIsAway() {
        inStep(1);
        history.hub.stop();
        history.barrier.stops();
        peopleWork();
        var both = "p7@example.com";
        for (var system : List.of("crm", "erp", "web")) edit(history.systems.get(system), idOf(system, both), "note");
        history.run(history.time.instant().plus(Duration.ofMinutes(1)));
        history.barrier.starts();
        history.hub.start();
        toRest();

        var certificate = certificate();
        nothingIsLost(certificate);
        noDuplicatesAndNoEchoes();
        assertThat(certificate.resolved()).isTrue();
        assertThat(certificate.cause()).contains("the hub was down");
        assertThat(certificate.conflicts())
                .filteredOn(conflict -> conflict.attribute().equals("note")
                        && conflict.candidates().size() == 3)
                .anySatisfy(conflict -> {
                    assertThat(conflict.rule()).isEqualTo("LATEST");
                    assertThat(conflict.candidates().stream().filter(Certificate.Candidate::survives))
                            .hasSize(1);
                });
        assertThat(certificate.conflictCount())
                .isEqualTo(certificate.conflicts().size());
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
        inStep(2);
        history.hub.stop();
        history.barrier.stops();
        history.weather.fail("web", OUTAGE.plusHours(2));
        peopleWork();
        history.barrier.starts();
        history.hub.start();
        history.run(history.time.instant().plus(Duration.ofHours(1)));
        var first = certificate();
        assertThat(first.systems())
                .filteredOn(part -> part.system().equals("web"))
                .singleElement()
                .satisfies(part -> assertThat(part.leftOut()).contains("web is away"));
        assertThat(first.equality()).extracting(Certificate.Equality::system).containsExactly("crm", "erp");
        history.run(history.time.instant().plus(Duration.ofHours(2)));
        toRest();
        var second = certificate();
        assertThat(second.run()).isNotEqualTo(first.run());
        assertThat(second.cause()).contains("web was away");
        nothingIsLost(first, second);
        assertThat(second.equality()).hasSize(3).allMatch(Certificate.Equality::equal);
    }

    @Test
    @DisplayName(
            "SYN-1: while one system is away the others go on; when it is back nothing is written before it was read")
    void theHubStaysUp() {
        inStep(3);
        history.weather.fail("erp", OUTAGE);
        peopleWork();
        int before = history.effects.size();
        assertThat(before).as("writes between the systems that are there").isPositive();
        history.run(history.time.instant().plus(Duration.ofHours(1)));
        toRest();
        var certificate = certificate();
        assertThat(certificate.cause()).contains("erp was away");
        nothingIsLost(Set.of("crm", "web"), certificate);
        assertThat(certificate.equality()).allMatch(Certificate.Equality::equal);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 40, 120})
    @DisplayName("SYN-1, SYN-2: a hub that is killed during its recovery goes on with it")
    void aKilledHubGoesOn(int point) {
        inStep(4);
        history.hub.stop();
        history.barrier.stops();
        peopleWork();
        history.barrier.starts();
        history.hub.start();
        history.hub.killAt(point);
        toRest();
        assertThat(history.kills).isEqualTo(1);
        var certificate = certificate();
        nothingIsLost(certificate);
        noDuplicatesAndNoEchoes();
        assertThat(certificate.equality()).hasSize(3).allMatch(Certificate.Equality::equal);
    }

    @Test
    @DisplayName("SYN-8: a short silence is nothing that polling does not make good")
    void aShortOutageIsNoRecovery() {
        inStep(5);
        history.hub.stop();
        history.run(history.time.instant().plus(Duration.ofMinutes(20)));
        edit("crm", 3, "note");
        history.hub.start();
        toRest();
        assertThat(history.store.read(tx -> tx.journal().runs(null, 500)).items())
                .noneMatch(run -> run.kind().equals(Recovery.KIND));
        nothingIsLost();
    }
}
