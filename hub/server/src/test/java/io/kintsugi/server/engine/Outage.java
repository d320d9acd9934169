package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.simulated.Nature;
import io.kintsugi.connector.simulated.SimulatedSystem;
import io.kintsugi.connector.simulated.Trait;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Run.RunState;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.graph.TestGraph;
import io.kintsugi.server.engine.recovery.Certificate;
import io.kintsugi.server.engine.recovery.Certificate.Conflict;
import io.kintsugi.server.engine.recovery.ConflictJournal;
import io.kintsugi.server.engine.shared.HubModel;
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
import java.util.function.Consumer;

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
    /** What people did, so that others can do the same. */
    private final List<Deed> deeds = new ArrayList<>();
    /** E-mail addresses of people whose records were deleted, or merged into others. */
    private final Set<String> unsettled = new HashSet<>();

    private boolean merging;
    private boolean ranked;

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

    private record Deed(Duration at, Consumer<Outage> what) {}

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
                nature(null, Trait.TELLS_DELETES, Trait.TELLS_STATES, Trait.TELLS_MERGES, Trait.MERGES_KEEPING_ID),
                nature(Duration.ofHours(12), Trait.TELLS_DELETES),
                nature(null, Trait.TELLS_DELETES, Trait.HINTS, Trait.MERGES_MINTING_ID));
        history = new History(seed, List.of(), store, false, natures);
        history.weather.clearUp();
        if (ranked) rank();
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

    /** People also merge records in their systems meanwhile. */
    Outage merging() {
        merging = true;
        return this;
    }

    /** Who is trusted does not depend on times: a system that tells one time for a whole row blurs those of its values if it is read late. */
    Outage ranked() {
        ranked = true;
        return this;
    }

    private void rank() {
        var before = history.model();
        var rule = new Rule(Strategy.SYSTEM_RANK, List.of("crm", "erp", "web"));
        var authority = Map.of("contact", new AuthorityPolicy("contact", 2, rule, Map.of()));
        history.publish(
                new HubModel(before.entityTypes(), before.matching(), authority, before.deletes(), before.systems()));
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
        edit(at, id, field, field + "-" + edits.size() + "-" + at.id());
    }

    private void edit(SimulatedSystem at, String id, String field, String value) {
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
        for (int i = 0; i < happenings; i++) {
            var at = LENGTH.multipliedBy(i).dividedBy(happenings);
            history.run(begin.plus(at));
            var system = history.systems.get(systems.get(random.nextInt(3)));
            int what = random.nextInt(100);
            if (merging && what % 10 == 0) {
                merge(history.systems.get(system.id().equals("erp") ? "crm" : system.id()));
            } else if (what < 8) {
                int n = people++;
                does(at, outage -> outage.person(system.id(), n));
            } else if (what < 11) {
                int n = people++; // the same person in two systems
                does(at, outage -> outage.person("crm", n));
                does(at, outage -> outage.person("web", n));
            } else if (what < 15) {
                var rows = system.rows();
                var email = rows.get(List.copyOf(rows.keySet()).get(random.nextInt(rows.size())))
                        .value("email");
                does(at, outage -> outage.delete(system.id(), email));
            } else {
                int index = random.nextInt(busy);
                var field = History.EDITED.get(random.nextInt(3));
                var id = List.copyOf(system.rows().keySet())
                        .get(index % system.rows().size());
                var email = system.rows().get(id).value("email");
                var value = field + "-" + edits.size() + "-" + system.id();
                does(at, outage -> {
                    var there = outage.history.systems.get(system.id());
                    outage.edit(there, outage.idOf(system.id(), email), field, value);
                });
            }
        }
        assertThat(unsettled).isNotEmpty();
    }

    private void does(Duration at, Consumer<Outage> what) {
        deeds.add(new Deed(at, what));
        what.accept(this);
    }

    /** The people here do what those did, at the same times. */
    void liveAs(Outage other) {
        var begin = history.time.instant();
        for (var deed : other.deeds) {
            history.run(begin.plus(deed.at()));
            deed.what().accept(this);
        }
        history.run(begin.plus(LENGTH));
    }

    private void delete(String system, String email) {
        var id = idOf(system, email);
        forget(system, id);
        unsettled.add(email);
        history.systems.get(system).delete(id);
    }

    /** What was edited in a record that is gone went with it. */
    private void forget(String system, String id) {
        for (var field : History.EDITED) edits.remove(system + " " + id + " " + field);
    }

    private void merge(SimulatedSystem system) {
        var before = Map.copyOf(system.rows());
        history.mergers.mergeInside(system, random);
        for (var row : before.values()) {
            if (system.rows().containsKey(row.id())) continue;
            forget(system.id(), row.id());
            unsettled.add(row.value("email"));
        }
    }

    /**
     * Golden values of people by e-mail address, without those of whom a record was deleted: what was edited there before anybody had
     * seen it is gone with it.
     */
    TreeMap<String, Map<String, String>> settled(Outage other) {
        var all = new TreeMap<String, Map<String, String>>();
        for (var golden : history.goldens()) {
            var email = golden.value("email");
            if (unsettled.contains(email) || other.unsettled.contains(email)) continue;
            var values = new TreeMap<String, String>();
            golden.values().forEach((attribute, value) -> values.put(attribute, value.value()));
            all.merge(email, values, (one, two) -> Map.of("email", "of two golden records"));
        }
        return all;
    }

    Certificate certificate() {
        var runs = history.store.read(tx -> tx.journal().runs(null, 500)).items().stream()
                .filter(run -> run.kind().equals(Recovery.KIND))
                .toList();
        assertThat(runs).isNotEmpty().allMatch(run -> run.state() == RunState.DONE);
        return history.store.read(tx -> Certificate.find(tx, runs.get(0).id())).orElseThrow();
    }

    /** All conflicts that a recovery lists, each once, and as many as its certificate counts. */
    List<Conflict> conflicts(Certificate certificate) {
        var all = new ArrayList<Conflict>();
        String cursor = null;
        do {
            var from = cursor;
            var page = history.store.read(tx -> ConflictJournal.page(tx, certificate, from, 500, false));
            all.addAll(page.items());
            cursor = page.next();
        } while (cursor != null);
        assertThat(all)
                .as("conflicts listed, and counted")
                .doesNotHaveDuplicates()
                .hasSize((int) certificate.conflictCount());
        return all;
    }

    /** Edits that neither stand, nor were superseded in their system, nor are listed as having lost. */
    List<Edit> lost(Set<String> live, Certificate... certificates) {
        var listed = new HashSet<String>();
        for (var certificate : certificates) {
            for (var conflict : conflicts(certificate)) {
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
                outage.conflicts(certificate).size(),
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
