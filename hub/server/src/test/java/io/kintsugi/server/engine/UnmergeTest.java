package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.SurvivorId;
import io.kintsugi.core.lifecycle.MergePlan;
import io.kintsugi.core.lifecycle.MergePlan.Reversibility;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.stewardship.Reversals;
import io.kintsugi.server.engine.stewardship.Stewardship.MergePreview;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
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

    /** What happens before, during and after the merge; drawn so that a seed is always the same. */
    private static final class Plan {
        final SplittableRandom random;
        final List<Edit> first = new ArrayList<>();
        final List<Edit> before = new ArrayList<>();
        final List<Edit> during = new ArrayList<>();
        final List<Edit> after = new ArrayList<>();
        final boolean syncedBetween;
        final boolean provision;
        final HubUnderTest without;
        final HubUnderTest with;
        MergePlan standing;

        Plan(long seed, boolean clearing) {
            random = new SplittableRandom(seed);
            var rule = random.nextBoolean()
                    ? new Rule(Strategy.LATEST, List.of())
                    : new Rule(Strategy.SYSTEM_RANK, SYSTEMS);
            for (int person = 0; person < 2; person++) {
                for (var system : SYSTEMS) {
                    if (person == 1 && system.equals("web") || random.nextInt(4) > 0)
                        first.add(whole(system, person, random));
                }
                if (first.stream().noneMatch(edit -> edit.fields().get("first").equals("Anna"))) {
                    first.add(whole("crm", 0, random));
                }
            }
            for (int i = random.nextInt(4); i > 0; i--) before.add(edit(first, random, clearing));
            for (int i = random.nextInt(5); i > 0; i--) during.add(edit(first, random, false));
            for (int i = random.nextInt(2); i > 0; i--) after.add(edit(first, random, false));
            provision = random.nextInt(3) == 0;
            syncedBetween = random.nextInt(4) > 0;
            without = new HubUnderTest(new MemoryHubStore(), provision, rule, SYSTEMS.toArray(String[]::new));
            with = new HubUnderTest(new MemoryHubStore(), provision, rule, SYSTEMS.toArray(String[]::new));
        }

        List<HubUnderTest> hubs() {
            return List.of(without, with);
        }

        /** Lives it; returns what was said of the merge before it was made. */
        MergePreview live() {
            for (var hub : hubs()) {
                UnmergeTest.live(hub, first, true);
                UnmergeTest.live(hub, before, true);
            }
            var preview = with.stewardship.previewMerge(List.of(anyOf(with, "p0"), anyOf(with, "p1")), null);
            var event = merge(with);
            for (var hub : hubs()) hub.clock.advance(Duration.ofSeconds(1));
            for (var hub : hubs()) settle(hub, syncedBetween);
            liveOn(during, syncedBetween);
            standing = with.store.read(tx -> new Reversals(with.model, with::catalog)
                    .of(tx, tx.merges().find(event.id()).stream().toList())
                    .get(event.id()));
            unmerge(with, event);
            for (var hub : hubs()) settle(hub, true);
            liveOn(after, true);
            return preview;
        }

        /** Edits of records that are there in both hubs. */
        private void liveOn(List<Edit> edits, boolean sync) {
            for (var edit : edits) {
                if (!with.system(edit.system()).records().containsKey(edit.id())) continue;
                for (var hub : hubs()) UnmergeTest.live(hub, List.of(edit), sync);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName(
            "MRG-4: after an unmerge systems hold what they would hold without the merge, edits since then included")
    void asIfItHadNotBeen(long seed) {
        var plan = new Plan(seed, false);
        var preview = plan.live();
        assertThat(held(plan.with)).isEqualTo(held(plan.without));
        assertThat(plan.with.clusters()).isEqualTo(plan.without.clusters());
        if (!plan.provision) assertThat(preview.plan().reversibility()).isEqualTo(Reversibility.FULL);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName("MRG-4: the same where systems merged their records: what had gone is created anew, as it would be")
    void asIfItHadNotBeenThoughSystemsMerged(long seed) {
        var plan = new Plan(seed, false);
        for (var system : SYSTEMS) {
            plan.with.duplicates(system, new Duplicates(When.MERGE_DECIDED, true));
            if (plan.random.nextInt(3) > 0) plan.with.system(system).merges = SurvivorId.WINNER_KEPT;
        }
        plan.live();
        if (asks(plan.with)) return; // then nothing is created before a person has answered
        assertThat(contents(plan.with)).isEqualTo(contents(plan.without));
    }

    private static boolean asks(HubUnderTest hub) {
        var open = new Reviews.Filter(null, ReviewState.OPEN, null, null, null, "openedAt");
        return !hub.store.read(tx -> tx.reviews().list(open, null, 1)).items().isEmpty();
    }

    /** What each system holds, whatever the ids, and however often: two records of one side may stay one. */
    private static Map<String, Set<String>> contents(HubUnderTest hub) {
        var contents = new TreeMap<String, Set<String>>();
        held(hub).forEach((record, fields) -> {
            fields.remove(SimulatedSystem.LINK_KEY);
            contents.computeIfAbsent(record.substring(0, record.indexOf(' ')), system -> new TreeSet<>())
                    .add(fields.toString());
        });
        return contents;
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName(
            "MRG-5: what is said before a merge of how far it can be taken back is never more than what is given back")
    void neverOverstated(long seed) {
        var plan = new Plan(seed, true);
        for (var system : SYSTEMS) {
            boolean clears = plan.random.nextBoolean();
            for (var hub : plan.hubs()) hub.system(system).clears = clears;
        }
        var preview = plan.live();
        var with = held(plan.with);
        var without = held(plan.without);
        for (var step : preview.plan().steps()) {
            if (step.reversibility() != Reversibility.FULL) continue;
            assertThat(of(step.system(), with)).as(step.toString()).isEqualTo(of(step.system(), without));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName(
            "MRG-5: what is said of a merge that stands is never more than what is given back, and is all where nothing else happened")
    void neverOverstatedWhileItStands(long seed) {
        boolean all = seed % 2 == 0;
        var plan = new Plan(seed, !all);
        for (var system : SYSTEMS) {
            boolean clears = all || plan.random.nextBoolean();
            for (var hub : plan.hubs()) hub.system(system).clears = clears;
        }
        plan.live();
        var with = held(plan.with);
        var without = held(plan.without);
        for (var step : plan.standing.steps()) {
            if (step.reversibility() != Reversibility.FULL) continue;
            assertThat(of(step.system(), with)).as(step.toString()).isEqualTo(of(step.system(), without));
        }
        if (all && !plan.provision && plan.during.isEmpty())
            assertThat(plan.standing.reversibility())
                    .as(plan.standing.toString())
                    .isEqualTo(Reversibility.FULL);
    }

    private static Map<String, Map<String, Object>> of(String system, Map<String, Map<String, Object>> held) {
        var some = new TreeMap<>(held);
        some.keySet().removeIf(key -> !key.startsWith(system + " "));
        return some;
    }

    private static Edit whole(String system, int person, SplittableRandom random) {
        var fields = new HashMap<>(PEOPLE.get(person));
        for (var field : EDITED) fields.put(field, random.nextBoolean() ? value(field, random) : null);
        return new Edit(system, "p" + person, fields);
    }

    private static Edit edit(List<Edit> there, SplittableRandom random, boolean clearing) {
        var record = there.get(random.nextInt(there.size()));
        var field = EDITED.get(random.nextInt(EDITED.size()));
        var fields = new HashMap<String, Object>();
        fields.put(field, clearing && random.nextInt(4) == 0 ? null : value(field, random));
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

    private static MergeEvent merge(HubUnderTest hub) {
        return hub.stewardship.merge(List.of(anyOf(hub, "p0"), anyOf(hub, "p1")), null, Map.of(), "same desk", "sam");
    }

    private static void unmerge(HubUnderTest hub, MergeEvent event) {
        var golden = hub.currentId(event.survivor());
        long revision = hub.store.read(
                tx -> tx.goldens().find(List.of(golden)).get(golden).revision());
        hub.stewardship.unmerge(event.id(), UnmergeMode.SINGLE, revision, "two people", "sam");
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
