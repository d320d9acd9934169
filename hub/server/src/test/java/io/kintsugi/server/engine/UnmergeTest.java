package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.store.memory.MemoryHubStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two hubs live the same history; one of them merges two golden records meanwhile, and takes it back. */
class UnmergeTest {
    private static final List<String> SYSTEMS = List.of("crm", "erp", "web");
    private static final List<String> EDITED = List.of("phone", "city");
    private static final List<Map<String, Object>> PEOPLE = List.of(
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04"),
            Map.of("first", "Bruno", "last", "Silva", "email", "bruno@silva.example", "born", "1975-05-05"));

    /** An edit of a person: of which record of which system, and to what. */
    private record Edit(String system, String id, Map<String, Object> fields) {}

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("kintsugi.seeds", 150));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName(
            "MRG-4: after an unmerge systems hold what they would hold without the merge, edits since then included")
    void asIfItHadNotBeen(long seed) {
        var random = new SplittableRandom(seed);
        var rule =
                random.nextBoolean() ? new Rule(Strategy.LATEST, List.of()) : new Rule(Strategy.SYSTEM_RANK, SYSTEMS);
        var first = new ArrayList<Edit>();
        var before = new ArrayList<Edit>();
        var during = new ArrayList<Edit>();
        var after = new ArrayList<Edit>();
        for (int person = 0; person < 2; person++) {
            for (var system : SYSTEMS) {
                if (person == 1 && system.equals("web") || random.nextInt(4) > 0)
                    first.add(whole(system, person, random));
            }
            if (first.stream().noneMatch(edit -> edit.fields().get("first").equals("Anna"))) {
                first.add(whole("crm", 0, random));
            }
        }
        for (int i = random.nextInt(4); i > 0; i--) before.add(edit(first, random));
        for (int i = random.nextInt(5); i > 0; i--) during.add(edit(first, random));
        for (int i = random.nextInt(2); i > 0; i--) after.add(edit(first, random));
        boolean provision = random.nextInt(3) == 0;
        var without = new HubUnderTest(new MemoryHubStore(), provision, rule, SYSTEMS.toArray(String[]::new));
        var with = new HubUnderTest(new MemoryHubStore(), provision, rule, SYSTEMS.toArray(String[]::new));
        boolean syncedBetween = random.nextInt(4) > 0;
        for (var hub : List.of(without, with)) {
            live(hub, first, true);
            live(hub, before, true);
        }
        merge(with);
        settle(without, syncedBetween);
        settle(with, syncedBetween);
        for (var hub : List.of(without, with)) live(hub, during, syncedBetween);
        unmerge(with);
        settle(without, true);
        settle(with, true);
        for (var hub : List.of(without, with)) live(hub, after, true);
        assertThat(held(with)).isEqualTo(held(without));
        assertThat(with.clusters()).isEqualTo(without.clusters());
    }

    private static Edit whole(String system, int person, SplittableRandom random) {
        var fields = new HashMap<>(PEOPLE.get(person));
        for (var field : EDITED) if (random.nextBoolean()) fields.put(field, value(field, random));
        return new Edit(system, "p" + person, fields);
    }

    private static Edit edit(List<Edit> there, SplittableRandom random) {
        var record = there.get(random.nextInt(there.size()));
        var field = EDITED.get(random.nextInt(EDITED.size()));
        var fields = new HashMap<String, Object>();
        fields.put(field, value(field, random));
        return new Edit(record.system(), record.id(), fields);
    }

    private static String value(String field, SplittableRandom random) {
        int number = 100 + random.nextInt(900);
        return field.equals("phone") ? "+1 415 555 0" + number : "City " + number;
    }

    private static void live(HubUnderTest hub, List<Edit> edits, boolean sync) {
        for (var edit : edits) {
            hub.clock.advance(Duration.ofSeconds(30));
            hub.system(edit.system()).edit(edit.id(), edit.fields());
            settle(hub, sync);
        }
    }

    /** Brings everything in step; the clock of both hubs goes the same way. */
    private static void settle(HubUnderTest hub, boolean sync) {
        var until = hub.clock.instant().plus(Duration.ofMinutes(2));
        if (sync) hub.settle();
        hub.clock.advance(Duration.between(hub.clock.instant(), until));
    }

    private static String anyOf(HubUnderTest hub, String id) {
        return SYSTEMS.stream()
                .filter(system -> hub.system(system).records().containsKey(id))
                .map(system -> hub.golden(system + ":contact:" + id).id())
                .findFirst()
                .orElseThrow();
    }

    private static void merge(HubUnderTest hub) {
        hub.stewardship.merge(List.of(anyOf(hub, "p0"), anyOf(hub, "p1")), null, Map.of(), "same desk", "sam");
    }

    private static void unmerge(HubUnderTest hub) {
        var golden = anyOf(hub, "p0");
        var event = hub.store.read(tx -> tx.merges().ofGolden(golden)).get(0);
        long revision = hub.store.read(
                tx -> tx.goldens().find(List.of(golden)).get(golden).revision());
        hub.stewardship.unmerge(event.id(), revision, "two people", "sam");
    }

    /** What each system holds, by record; an empty field is as good as none. */
    private static Map<String, Map<String, Object>> held(HubUnderTest hub) {
        var held = new TreeMap<String, Map<String, Object>>();
        for (var system : SYSTEMS) {
            hub.system(system).records().forEach((id, record) -> {
                var fields = new TreeMap<String, Object>();
                record.fields().forEach((field, value) -> {
                    if (value != null && !value.toString().isEmpty()) fields.put(field, value);
                });
                held.put(system + " " + id, fields);
            });
        }
        return held;
    }
}
