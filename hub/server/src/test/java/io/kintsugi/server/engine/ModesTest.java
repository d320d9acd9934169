package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.policy.Condition;
import io.kintsugi.core.policy.Merging;
import io.kintsugi.core.policy.Merging.Mode;
import io.kintsugi.core.policy.ValueTest;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.core.store.memory.MemoryHubStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Modes, in memory, with every transaction run twice: nothing outside the store may remember the first run. */
class ModesTest extends ModesContract {
    private static final Map<String, String> FIELDS = Map.of(
            "firstName",
            "first",
            "lastName",
            "last",
            "email",
            "email",
            "phone",
            "phone",
            "city",
            "city",
            "birthDate",
            "born");

    @Override
    protected HubStore emptyStore() {
        var store = new MemoryHubStore();
        store.runWorkTwice(true);
        return store;
    }

    private record End(Set<Set<String>> clusters, Set<String> questions) {}

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    @DisplayName("ID-2, MRG-1: in any order the same clusters, questions and would-be merges, whatever the modes")
    void theOrderNeverShows(long seed) {
        var random = new Random(seed);
        var rows = new ArrayList<>(People.some(18, seed));
        var skip = new ValueTest("city", ValueTest.Kind.ONE_OF, List.of("Oslo"));
        var own = new Condition(
                "same birth",
                Condition.Effect.CERTAIN,
                Map.of("email", List.of("same"), "birthDate", List.of("exact")),
                10,
                Mode.values()[(int) (seed % 3)]);
        var merging = new Merging(Mode.values()[(int) (seed / 2 % 3)], 2, seed % 2 == 0 ? List.of(skip) : List.of());
        End first = null;
        for (int order = 0; order < 3; order++) {
            var hub = new HubUnderTest(emptyStore(), false, "crm", "erp", "web");
            hub.matching(policy(merging, own));
            for (var row : rows) {
                var fields = new HashMap<String, Object>();
                row.attributes().forEach((attribute, value) -> fields.put(FIELDS.get(attribute), value));
                hub.system(row.system()).edit(row.id(), fields);
                hub.takeIn();
            }
            var end = new End(hub.clusters(), questions(hub));
            if (first == null) first = end;
            assertThat(end.clusters()).as("order %s", order).isEqualTo(first.clusters());
            assertThat(end.questions()).as("order %s", order).isEqualTo(first.questions());
            Collections.shuffle(rows, random);
        }
    }

    private static Set<String> questions(HubUnderTest hub) {
        var questions = new TreeSet<String>();
        for (var kind : Kind.values()) {
            hub.store
                    .read(tx -> tx.reviews()
                            .list(new Reviews.Filter(kind, ReviewState.OPEN, null, null, null, "openedAt"), null, 999))
                    .items()
                    .forEach((Review review) -> questions.add(kind + " " + review.records() + " " + review.reason()));
        }
        return questions;
    }
}
