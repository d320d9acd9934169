package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.lifecycle.MergePlan.Reversibility;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.stewardship.Reversals;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How far merges that stand can be taken back. */
class ReversalsTest {
    private final HubUnderTest hub = new HubUnderTest(new MemoryHubStore(), false, "crm", "erp");

    private MergeEvent merge(int pair) {
        for (var id : List.of("a" + pair, "b" + pair)) {
            hub.system("crm")
                    .edit(
                            id,
                            Map.of(
                                    "first",
                                    "First" + id,
                                    "last",
                                    "Last" + id,
                                    "email",
                                    id + "@acme.example",
                                    "born",
                                    (id.startsWith("a") ? "1980-03-0" : "1951-07-1") + pair,
                                    "phone",
                                    "",
                                    "city",
                                    ""));
        }
        hub.settle();
        var event =
                hub.stewardship.merge(List.of(golden("a" + pair), golden("b" + pair)), null, Map.of(), "one", "sam");
        hub.clock.advance(Duration.ofSeconds(1));
        hub.settle();
        return event;
    }

    private String golden(String id) {
        return hub.golden("crm:contact:" + id).id();
    }

    private Reversibility label(MergeEvent event) {
        var plan = hub.store.read(tx -> new Reversals(hub.model, hub::catalog)
                .of(tx, tx.merges().find(event.id()).stream().toList())
                .get(event.id()));
        return plan == null ? null : plan.reversibility();
    }

    @Test
    @DisplayName("MRG-5: a record that went by the merge counts against the label")
    void whatIsGoneCounts() {
        hub.system("crm").clears = true;
        assertThat(label(merge(1))).isEqualTo(Reversibility.FULL);
        hub.duplicates("crm", new Duplicates(When.MERGE_DECIDED, true));
        var folded = merge(2);
        assertThat(hub.system("crm").records()).doesNotContainKeys("b2");
        assertThat(label(folded)).isEqualTo(Reversibility.PARTIAL);
    }

    @Test
    @DisplayName("MRG-5: what cannot be taken apart any more has no plan, and one that was taken back neither")
    void nothingToTakeApart() {
        var event = merge(1);
        var golden = hub.currentId(event.survivor());
        long revision = hub.store.read(
                tx -> tx.goldens().find(List.of(golden)).get(golden).revision());
        hub.stewardship.unmerge(event.id(), UnmergeMode.SINGLE, revision, null, "sam");
        assertThat(label(event)).isNull();
    }

    @Test
    @DisplayName("MRG-5: it takes as many questions to the store for many merges as for one")
    void asManyQuestionsForMany() {
        var ids = new ArrayList<String>();
        for (int pair = 1; pair < 7; pair++) ids.add(merge(pair).id());
        assertThat(calls(ids)).isNotEmpty().isEqualTo(calls(ids.subList(0, 1)));
    }

    private Map<String, Integer> calls(List<String> ids) {
        var calls = new HashMap<String, Integer>();
        var watched = new WatchedStore(hub.store, (call, arguments) -> calls.merge(call, 1, Integer::sum));
        var events = hub.store.read(
                tx -> ids.stream().map(id -> tx.merges().find(id).orElseThrow()).toList());
        watched.read(tx -> new Reversals(hub.model, hub::catalog).of(tx, events));
        return calls;
    }
}
