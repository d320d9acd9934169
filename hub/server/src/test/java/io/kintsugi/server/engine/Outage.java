package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.simulated.Nature;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.Trait;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;
import io.kintsugi.server.engine.recovery.Certificate;
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

/** 36 hours without the hub, or without one of three systems, while people work in all of them. */
final class Outage {
    static final Duration LENGTH = Duration.ofHours(36);
    private final int first;
    private final int happenings;
    private final int busy;
    private final SplittableRandom random = new SplittableRandom(42);
    /** Last edit of each field of each row during the outage: what must not be lost. */
    private final Map<String, Edit> edits = new LinkedHashMap<>();

    History history;
    private final HubStore store;
    private int people;

    /**
     * @param people in each system before it begins
     * @param happenings what people do during the outage
     * @param busy how many rows of each system people edit again and again
     */
    Outage(HubStore store, int people, int happenings, int busy) {
        this.store = store;
        first = people;
        this.happenings = happenings;
        this.busy = busy;
    }

    record Edit(String system, String id, String email, String field, String value, Instant at) {}

    private static Nature nature(Duration retention, Trait... more) {
        var traits = new HashSet<>(Set.of(more));
        traits.addAll(Set.of(Trait.VERSIONS, Trait.CONDITIONAL, Trait.LINK_KEY, Trait.TELLS_RECORD));
        return new Nature(
                traits, Scenario.FIELDS, Duration.ofMillis(1), Duration.ZERO, retention, 100, Map.of(), Set.of());
    }

    /**
     * Three systems in step: one that keeps its log for ever, one for 12 hours, one that hints only.
     *
     * @param known where everybody is known from the beginning; the hub creates them in the others
     */
    void inStep(long seed, String... known) {
        var natures = List.of(
                nature(null, Trait.TELLS_DELETES, Trait.TELLS_STATES),
                nature(Duration.ofHours(12), Trait.TELLS_DELETES),
                nature(null, Trait.TELLS_DELETES, Trait.HINTS));
        history = new History(seed, List.of(), store, false, natures);
        history.weather.clearUp();
        history.hub.page(200);
        for (int i = 0; i < first; i++) {
            for (var system : known) person(system, i);
        }
        people = first;
        history.hub.pollEvery(Duration.ofMillis(1)); // a worker reads its system before it writes it for the first time
        history.hub.start();
        history.hub.pollEvery(Duration.ofSeconds(20));
        toRest();
        for (var system : history.systems.values())
            assertThat(system.rows().size()).as(system.id()).isEqualTo(first);
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

    void toRest() {
        for (int round = 0; round < 60; round++) {
            history.run(history.time.instant().plus(Duration.ofMinutes(3)));
            if (history.hub.up() && history.atRest() && recovery() == null) return;
        }
        throw new AssertionError("it does not come to rest");
    }

    String recovery() {
        return history.store
                .read(tx -> tx.journal().checkpoint("recovery", "recovery"))
                .filter(text -> !text.isEmpty())
                .orElse(null);
    }

    void edit(String system, int index, String field) {
        var at = history.systems.get(system);
        var ids = List.copyOf(at.rows().keySet());
        edit(at, ids.get(index % ids.size()), field);
    }

    void edit(SimulatedSystem at, String id, String field) {
        var value = field + "-" + edits.size() + "-" + at.id();
        history.edits++;
        at.edit(id, Map.of(field, value));
        history.remember(at, id, Set.of(field));
        var key = at.id() + " " + id + " " + field;
        edits.put(key, new Edit(at.id(), id, at.rows().get(id).value("email"), field, value, history.time.instant()));
    }

    String idOf(String system, String email) {
        return history.systems.get(system).rows().values().stream()
                .filter(row -> email.equals(row.value("email")))
                .map(row -> row.id())
                .findFirst()
                .orElseThrow();
    }

    /** What people do in all systems in 36 hours; the hub is down or not. */
    void peopleWork() {
        var systems = List.of("crm", "erp", "web");
        var begin = history.time.instant();
        var deleted = new HashSet<String>();
        for (int i = 0; i < happenings; i++) {
            history.run(begin.plus(LENGTH.multipliedBy(i).dividedBy(happenings)));
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
                edit(system, random.nextInt(busy), History.EDITED.get(random.nextInt(3)));
            }
        }
        assertThat(deleted).isNotEmpty();
    }

    Certificate certificate() {
        var runs = history.store.read(tx -> tx.journal().runs(null, 500)).items().stream()
                .filter(run -> run.kind().equals(Recovery.KIND))
                .toList();
        assertThat(runs).isNotEmpty().allMatch(run -> run.state() == RunState.DONE);
        return history.store.read(tx -> Certificate.find(tx, runs.get(0).id())).orElseThrow();
    }

    /** Edits that neither stand, nor were superseded in their system, nor are listed as having lost. */
    List<Edit> lost(Set<String> live, Certificate... certificates) {
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
        return lost;
    }

    /** Records more than one for a person in a system. */
    int duplicates() {
        int more = 0;
        for (var system : history.systems.values()) {
            var emails = new HashSet<String>();
            for (var row : system.rows().values()) if (!emails.add(row.value("email"))) more++;
        }
        return more;
    }

    /** Writes more than one net change for each record, and writes in three hours of rest. */
    int echoes() {
        var written = new HashSet<String>();
        for (var effect : history.effects) {
            var row = effect.after() == null ? effect.before() : effect.after();
            written.add(effect.system() + " " + row.id());
        }
        history.run(history.time.instant().plus(Duration.ofHours(3)));
        return history.effects.size() - written.size();
    }

    /** {@code main} takes how many people are in each system and how much they do; on a Neo4j of its own. */
    public static void main(String[] args) {
        int people = Integer.parseInt(args[0]);
        var outage = new Outage(TestGraph.empty(), people, Integer.parseInt(args[1]), people / 10);
        long begin = System.nanoTime();
        outage.inStep(1, "crm", "erp", "web");
        System.out.printf("in step after %.1f minutes%n", minutesSince(begin));
        var history = outage.history;
        history.hub.stop();
        history.barrier.stops();
        outage.peopleWork();
        var returned = history.time.instant();
        begin = System.nanoTime();
        history.barrier.starts();
        history.watched = 0;
        history.hub.start();
        outage.toRest();
        double minutes = minutesSince(begin + history.watched);
        var certificate = outage.certificate();
        System.out.printf("at rest after %.1f minutes, %d writes%n", minutes, history.effects.size());
        int lost = outage.lost(Set.of(), certificate).size();
        int duplicates = outage.duplicates();
        int writes = history.effects.size();
        history.hub.pollEvery(Duration.ofMinutes(5));
        int echoes = outage.echoes();
        new Invariants(history).check();
        System.out.printf(
                "%d records in 3 systems, %d edits in 36 hours: lost %d, duplicates %d, echoes %d of %d writes, conflicts listed %d,"
                        + " equal %s, violations %s; at rest after %.1f minutes of work (%d s of simulated time)%n",
                3 * people,
                history.edits,
                lost,
                duplicates,
                echoes,
                writes,
                certificate.conflicts().size(),
                certificate.equality().stream().allMatch(Certificate.Equality::equal),
                history.violations,
                minutes,
                Duration.between(returned, certificate.ended()).toSeconds());
        System.exit(0); // the graph ends with the process
    }

    private static double minutesSince(long begin) {
        return (System.nanoTime() - begin) / 6e10;
    }
}
