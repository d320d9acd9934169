package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.StewardValue.LifeCycle;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.store.Goldens;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.explain.GoldenThen;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Hubs that live a random life; what they are at each instant is remembered, and asked again at the end. */
class GoldenThenTest {
    private static final List<String> SYSTEMS = List.of("crm", "erp", "web");
    private static final int PEOPLE = 4;
    private static final int STEPS = 25;

    static LongStream seeds() {
        return LongStream.range(0, Long.getLong("kintsugi.seeds", 60));
    }

    /** What was answered of a golden. */
    private record Answer(
            GoldenState state,
            long revision,
            String label,
            Map<String, String> values,
            Map<RecordKey, Map<String, String>> held,
            String redirectsTo,
            String inUse,
            Instant createdAt,
            Instant updatedAt) {

        static Answer now(HubTransaction tx, GoldenRecord golden) {
            var values = new TreeMap<String, String>();
            golden.values().keySet().forEach(name -> {
                if (golden.value(name) != null) values.put(name, golden.value(name));
            });
            var held = new TreeMap<RecordKey, Map<String, String>>();
            for (var member : tx.goldens().members(List.of(golden.id())).get(golden.id())) {
                held.put(member.record().key(), member.record().attributes());
            }
            return new Answer(
                    golden.state(),
                    golden.revision(),
                    golden.label(),
                    values,
                    held,
                    golden.redirectsTo(),
                    tx.goldens().currentId(golden.id()),
                    golden.createdAt(),
                    golden.updatedAt());
        }

        static Answer then(HubTransaction tx, String id, Instant at) {
            var then = GoldenThen.of(tx, id, at, false);
            var values = new TreeMap<String, String>();
            then.values().forEach((name, since) -> values.put(name, since.value()));
            return new Answer(
                    then.state(),
                    then.revision(),
                    then.label(),
                    values,
                    then.held(),
                    then.redirectsTo(),
                    GoldenThen.of(tx, id, at, true).id(),
                    then.createdAt(),
                    then.updatedAt());
        }
    }

    /** A hub, and what it answered at each instant. */
    private static final class Life {
        final SplittableRandom random;
        final HubUnderTest hub;
        final TreeMap<Instant, Map<String, Answer>> remembered = new TreeMap<>();
        final TreeSet<String> kinds = new TreeSet<>();
        private final TreeSet<String> ids = new TreeSet<>();
        private List<Object> happened = List.of();

        Life(long seed) {
            random = new SplittableRandom(seed);
            var rule = random.nextBoolean()
                    ? new Rule(Strategy.LATEST, List.of())
                    : new Rule(Strategy.SYSTEM_RANK, SYSTEMS);
            hub = new HubUnderTest(new MemoryHubStore(), random.nextInt(3) == 0, rule, SYSTEMS.toArray(String[]::new));
        }

        void live() {
            for (int person = 0; person < PEOPLE; person++) edit(person, true);
            for (int i = 0; i < STEPS; i++) {
                step();
                hub.clock.advance(Duration.ofSeconds(1 + random.nextInt(90)));
                if (random.nextInt(3) > 0) hub.settle();
                else hub.takeIn();
                remember();
            }
        }

        private void step() {
            int person = random.nextInt(PEOPLE);
            try {
                switch (random.nextInt(10)) {
                    case 0 -> remove(person);
                    case 1, 2 -> merge();
                    case 3 -> unmerge();
                    case 4 -> give();
                    case 5 -> decide();
                    case 6 -> deleteWhole();
                    default -> edit(person, random.nextInt(3) == 0);
                }
            } catch (HubException e) {
                kinds.add("refused"); // not possible as things are; nothing was changed
            }
        }

        private void edit(int person, boolean whole) {
            var system = SYSTEMS.get(random.nextInt(SYSTEMS.size()));
            var fields = new HashMap<String, Object>();
            if (whole) {
                fields.put("first", "Ann" + "abel".substring(0, random.nextInt(2) * 4));
                fields.put("last", "Kowalski" + person);
                fields.put("email", "ann" + random.nextInt(PEOPLE) + "@acme.example");
            }
            fields.put("city", random.nextInt(5) == 0 ? null : "City " + random.nextInt(5));
            if (!whole && !hub.system(system).records().containsKey("p" + person)) return;
            hub.system(system).edit("p" + person, fields);
        }

        private void remove(int person) {
            var system = SYSTEMS.get(random.nextInt(SYSTEMS.size()));
            if (hub.system(system).records().containsKey("p" + person)) {
                hub.system(system).delete("p" + person);
            }
        }

        private List<GoldenRecord> active() {
            return hub.store
                    .read(tx -> tx.goldens().list(Goldens.Filter.all(), null, 100))
                    .items();
        }

        private void merge() {
            var goldens = active();
            if (goldens.size() < 2) return;
            int first = random.nextInt(goldens.size());
            int other = (first + 1 + random.nextInt(goldens.size() - 1)) % goldens.size();
            hub.stewardship.merge(
                    List.of(goldens.get(first).id(), goldens.get(other).id()), null, Map.of(), "same", "sam");
            kinds.add("merged");
        }

        private void unmerge() {
            var standing = hub.store.read(tx -> tx.merges().list(null, 100)).items().stream()
                    .filter(merge -> merge.undoneAt() == null)
                    .toList();
            if (standing.isEmpty()) return;
            var event = standing.get(random.nextInt(standing.size()));
            var holder = hub.currentId(event.survivor());
            long revision = hub.store.read(
                    tx -> tx.goldens().find(List.of(holder)).get(holder).revision());
            hub.stewardship.unmerge(event.id(), UnmergeMode.SINGLE, revision, "two", "sam");
            kinds.add("unmerged");
        }

        private void give() {
            var goldens = active();
            if (goldens.isEmpty()) return;
            var golden = goldens.get(random.nextInt(goldens.size()));
            var value = random.nextInt(4) == 0 ? "" : "Given " + random.nextInt(3);
            hub.stewardship.giveValue(
                    golden.id(), golden.revision(), "city", value, LifeCycle.UNTIL_ANY_RELOAD, null, "so it is", "sam");
            kinds.add("given");
        }

        private void decide() {
            var open = hub.store
                    .read(tx -> tx.reviews()
                            .list(new Reviews.Filter(null, ReviewState.OPEN, null, null, null, "openedAt"), null, 10))
                    .items();
            if (open.isEmpty()) return;
            var review = open.get(random.nextInt(open.size()));
            var decision = random.nextBoolean() ? Decision.MATCH : Decision.NO_MATCH;
            hub.stewardship.decide(review.id(), review.revision(), decision, "seen", "sam");
            kinds.add("decided");
        }

        private void deleteWhole() {
            var goldens = active();
            if (goldens.isEmpty() || random.nextBoolean()) return;
            var golden = goldens.get(random.nextInt(goldens.size()));
            hub.stewardship.delete(golden.id(), golden.revision(), "sam");
            kinds.add("deleted");
        }

        /** Histories only grow: what was there before is there, as it was; of a merge alone it is added that it was undone. */
        private void requireGrown() {
            List<Object> now = hub.store.read(tx -> {
                var all = new ArrayList<Object>(tx.goldens().feed(0, 100_000));
                for (var merge : tx.merges().listOldestFirst(null, 1_000).items()) all.add(merge.undone(null, null));
                return all;
            });
            assertThat(now).containsAll(happened).doesNotHaveDuplicates();
            happened = now;
        }

        private void remember() {
            requireGrown();
            remembered.put(hub.clock.instant(), hub.store.read(tx -> {
                for (var change : tx.goldens().feed(0, 100_000)) ids.add(change.goldenId());
                var answers = new TreeMap<String, Answer>();
                tx.goldens().find(ids).forEach((id, golden) -> answers.put(id, Answer.now(tx, golden)));
                return answers;
            }));
            hub.clock.advance(Duration.ofMillis(1));
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    @DisplayName("GOV-2: what a golden was at any instant is what was answered then, and no history is ever rewritten")
    void whatWasAnsweredThen(long seed) {
        var life = new Life(seed);
        life.live();
        life.hub.store.read(tx -> {
            life.remembered.forEach((at, answers) -> answers.forEach((id, answer) -> assertThat(Answer.then(tx, id, at))
                    .as("%s at %s (%s)", id, at, life.kinds)
                    .isEqualTo(answer)));
            return null;
        });
    }

    @Test
    @DisplayName("GOV-2: the lives of this test hold merges, unmerges, verdicts, given values and deletions")
    void theLivesHoldAll() {
        var kinds = new TreeSet<String>();
        seeds().limit(30).forEach(seed -> {
            var life = new Life(seed);
            life.live();
            kinds.addAll(life.kinds);
        });
        assertThat(kinds).contains("merged", "unmerged", "decided", "given", "deleted");
    }

    @Test
    @DisplayName("GOV-2: before a golden came to be there was none, and the answer says since when there is one")
    void beforeItCameToBe() {
        var life = new Life(1);
        life.edit(1, true);
        life.hub.settle();
        life.remember();
        var id = new ArrayList<>(life.ids).get(0);
        var begin = life.remembered.firstEntry().getValue().get(id).createdAt();
        assertThatThrownBy(() -> life.hub.store.read(tx -> GoldenThen.of(tx, id, begin.minusMillis(1), true)))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("its history begins at " + begin);
    }
}
