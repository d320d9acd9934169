package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.SurvivorId;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two hubs live the same history of three to five people; in one of them a steward merges people meanwhile, and merged ones, which
 * systems follow each in its own way, and takes all of it back in any order.
 */
class NativeChainsTest {
    private static final List<String> SYSTEMS = List.of("crm", "erp", "web");
    private static final List<Map<String, Object>> PEOPLE = List.of(
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04"),
            Map.of("first", "Bruno", "last", "Silva", "email", "bruno@silva.example", "born", "1975-05-05"),
            Map.of("first", "Carla", "last", "Rossi", "email", "carla@rossi.example", "born", "1990-09-09"),
            Map.of("first", "Dmitri", "last", "Petrov", "email", "dmitri@petrov.example", "born", "1962-01-30"),
            Map.of("first", "Elena", "last", "Okafor", "email", "elena@okafor.example", "born", "1988-12-12"));

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("kintsugi.seeds", 150));
    }

    /** One history, drawn so that a seed is always the same. */
    private static final class Life {
        final SplittableRandom random;
        final int people;
        final HubUnderTest without = new HubUnderTest(new MemoryHubStore(), false, "crm", "erp", "web");
        final HubUnderTest with = new HubUnderTest(new MemoryHubStore(), false, "crm", "erp", "web");
        final List<String> goldens = new ArrayList<>();
        final List<MergeEvent> standing = new ArrayList<>();
        final List<String> story = new ArrayList<>();
        int number = 100;

        Life(long seed) {
            random = new SplittableRandom(seed);
            people = 3 + random.nextInt(3);
            for (var name : SYSTEMS) {
                var system = with.system(name);
                var ways = new SurvivorId[] {SurvivorId.WINNER_KEPT, SurvivorId.NEW_ID, null};
                system.merges = ways[random.nextInt(3)];
                system.undeletes = random.nextInt(3) == 0;
                system.undeletesLosers = system.undeletes && system.merges != null;
                system.tellsMerges = random.nextBoolean();
                with.duplicates(
                        name,
                        new Duplicates(random.nextInt(5) == 0 ? When.KEEP : When.MERGE_DECIDED, random.nextBoolean()));
                story.add(name + " " + system.merges + " undeletes " + system.undeletes + " tells " + system.tellsMerges
                        + " " + with.model.get().system(name).orElseThrow().duplicates());
            }
        }

        List<HubUnderTest> hubs() {
            return List.of(without, with);
        }

        void live() {
            for (int person = 0; person < people; person++) {
                var first = SYSTEMS.get(random.nextInt(3));
                for (var system : SYSTEMS) {
                    if (!system.equals(first) && random.nextInt(2) == 0) continue;
                    tick();
                    var fields = new TreeMap<>(PEOPLE.get(person));
                    if (random.nextInt(3) > 0) fields.put("city", "City " + number++);
                    for (var hub : hubs()) hub.system(system).edit("p" + person, fields);
                }
                settle();
                goldens.add(with.golden(first + ":contact:p" + person).id());
            }
            while (standing.size() < people - 1) {
                merge();
                if (random.nextInt(4) == 0) unmerge();
                for (int i = random.nextInt(3); i > 0; i--) edit();
            }
            while (!standing.isEmpty()) {
                unmerge();
                for (int i = random.nextInt(3); i > 0; i--) edit();
            }
            later();
        }

        /** Somebody edits a record that is there in both hubs. */
        private void edit() {
            int person = random.nextInt(people);
            var system = SYSTEMS.get(random.nextInt(3));
            var id = recordOf(person, system);
            if (id == null) return;
            tick();
            var city = Map.<String, Object>of(random.nextBoolean() ? "city" : "phone", "+48 600 300 " + number++);
            story.add("edit of p" + person + " in " + system + " " + id + " " + city);
            without.system(system).edit("p" + person, city);
            with.system(system).edit(id, city);
            if (random.nextInt(4) > 0) settle();
        }

        /** The record that goes on for a person in the hub that merges; null if there is none, or it is not known whose it is. */
        private String recordOf(int person, String system) {
            var own = "p" + person;
            if (!without.system(system).records().containsKey(own)) return null;
            for (var id : with.system(system).records().keySet())
                if (id.equals(own) || id.startsWith(own + "+")) return id;
            var golden = goldens.get(person);
            if (!with.currentId(golden).equals(golden)) return null;
            if (standing.stream().anyMatch(merge -> merge.survivor().equals(golden))) return null;
            var there = records(with, golden, system);
            return there.size() == 1 ? there.get(0) : null;
        }

        private void merge() {
            settle();
            var ids = new ArrayList<>(
                    new TreeSet<>(goldens.stream().map(with::currentId).toList()));
            if (ids.size() < 2) return;
            var one = ids.remove(random.nextInt(ids.size()));
            var other = ids.remove(random.nextInt(ids.size()));
            standing.add(with.stewardship.merge(
                    List.of(one, other), random.nextBoolean() ? null : one, Map.of(), "same", "sam"));
            var event = standing.get(standing.size() - 1);
            story.add("merge " + event.absorbed().stream().map(goldens::indexOf).toList() + " into "
                    + goldens.indexOf(event.survivor()));
            if (random.nextInt(4) > 0) settle();
        }

        private void unmerge() {
            if (standing.isEmpty()) return;
            if (random.nextInt(4) > 0) settle();
            var event = standing.get(random.nextInt(standing.size()));
            var mode = random.nextInt(4) == 0 ? UnmergeMode.TREE : UnmergeMode.SINGLE;
            var undone = with.stewardship.previewUnmerge(event.id(), mode).merges();
            var id = with.currentId(event.survivor());
            long revision = with.store
                    .read(tx -> tx.goldens().find(List.of(id)).get(id))
                    .revision();
            tick();
            story.add("unmerge " + mode + " "
                    + event.absorbed().stream().map(goldens::indexOf).toList() + " from "
                    + goldens.indexOf(event.survivor()));
            with.stewardship.unmerge(event.id(), mode, revision, "not the same", "sam");
            standing.removeIf(merge -> undone.contains(merge.id()));
            if (random.nextInt(4) > 0) settle();
        }

        /** The clock of both hubs goes the same way. */
        private void tick() {
            var until = without.clock.instant();
            if (with.clock.instant().isAfter(until)) until = with.clock.instant();
            until = until.plus(Duration.ofSeconds(30));
            for (var hub : hubs()) hub.clock.advance(Duration.between(hub.clock.instant(), until));
        }

        private void settle() {
            for (var hub : hubs()) hub.settle();
            tick();
        }

        private void later() {
            settle();
            for (int minutes : List.of(2, 2, 6)) {
                for (var hub : hubs()) hub.clock.advance(Duration.ofMinutes(minutes));
                settle();
            }
        }
    }

    /** Ids of the live records of a golden in a system. */
    private static List<String> records(HubUnderTest hub, String golden, String system) {
        return hub.store.read(tx -> tx.goldens().members(List.of(golden))).getOrDefault(golden, List.of()).stream()
                .map(member -> member.record())
                .filter(record -> record.state() == RecordState.LIVE
                        && record.key().system().equals(system))
                .map(record -> record.key().externalId())
                .sorted()
                .toList();
    }

    /** What the hub and each system know of a person; ids of records aside, which systems may not give back. */
    private static Map<String, Object> known(HubUnderTest hub, String golden) {
        var known = new TreeMap<String, Object>();
        GoldenRecord found =
                hub.store.read(tx -> tx.goldens().find(List.of(golden))).get(golden);
        known.put("state", found.state());
        for (var value : found.values().entrySet())
            if (value.getValue().value() != null && !value.getValue().value().isEmpty())
                known.put(value.getKey(), value.getValue().value());
        for (var name : SYSTEMS) {
            var held = new ArrayList<Object>();
            for (var id : records(hub, golden, name)) {
                var fields = new TreeMap<String, Object>(
                        hub.system(name).records().get(id).fields());
                fields.remove(SimulatedSystem.LINK_KEY);
                fields.values()
                        .removeIf(value -> value == null || value.toString().isEmpty());
                held.add(fields);
            }
            known.put(name, held);
        }
        return known;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName(
            "MRG-8, MRG-4: after merges of merges that systems followed are taken back in any order, each has its golden, records and edits")
    void allTakenBack(long seed) {
        var life = new Life(seed);
        life.live();
        for (int person = 0; person < life.people; person++) {
            var id = life.goldens.get(person);
            assertThat(life.with.currentId(id)).isEqualTo(id);
            assertThat(known(life.with, id))
                    .as("p%s of %s", person, String.join("\n  ", life.story))
                    .isEqualTo(known(life.without, id));
            assertThat(known(life.with, id)).containsEntry("state", GoldenState.ACTIVE);
        }
        for (var system : SYSTEMS) {
            assertThat(life.with.system(system).records())
                    .hasSameSizeAs(life.without.system(system).records());
        }
    }
}
