package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.SurvivorId;
import io.kintsugi.core.lifecycle.MergePlan;
import io.kintsugi.core.lifecycle.MergePlan.Reversibility;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.Duplicates;
import io.kintsugi.core.policy.Duplicates.When;
import io.kintsugi.core.store.Samples;
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
        for (var id : List.of("a" + pair, "b" + pair)) enter("crm", id, pair);
        hub.settle();
        var event =
                hub.stewardship.merge(List.of(golden("a" + pair), golden("b" + pair)), null, Map.of(), "one", "sam");
        hub.clock.advance(Duration.ofSeconds(1));
        hub.settle();
        return event;
    }

    private void enter(String system, String id, int pair) {
        hub.system(system)
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

    private String golden(String id) {
        return hub.golden("crm:contact:" + id).id();
    }

    private MergePlan plan(MergeEvent event) {
        return hub.store.read(tx -> new Reversals(hub.model, hub::catalog)
                .of(tx, tx.merges().find(event.id()).stream().toList())
                .get(event.id()));
    }

    private Reversibility label(MergeEvent event) {
        var plan = plan(event);
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
    @DisplayName(
            "MRG-5: a merge of the hub whose result has a new id is not taken for one of others, and one of others is")
    void whoMergedIsTold() {
        hub.system("crm").clears = true;
        hub.system("crm").merges = SurvivorId.NEW_ID;
        hub.duplicates("crm", new Duplicates(When.MERGE_DECIDED, true));
        for (var id : List.of("a2", "b2")) enter("erp", id, 2);
        var folded = merge(2);
        assertThat(hub.system("crm").records()).doesNotContainKeys("a2", "b2");
        assertThat(plan(folded).steps().get(0)).satisfies(step -> {
            assertThat(step.reversibility()).isEqualTo(Reversibility.PARTIAL);
            assertThat(step.limits())
                    .contains("a record goes on under the id that it got there when the hub merged")
                    .noneMatch(limit -> limit.contains("others"));
        });
        var made = hub.system("crm").records().keySet().iterator().next();
        hub.system("crm").edit("c2", Map.of("first", "Other", "last", "Person", "email", "o@p.example"));
        hub.settle();
        var mergedToo =
                Samples.link(RecordKey.parse("crm:contact:a2"), RecordKey.parse("crm:contact:c2"), Origin.SOURCE);
        hub.store.write(tx -> {
            tx.links().save(List.of(mergedToo));
            return null;
        });
        assertThat(label(folded)).as("the same record, merged by others too").isEqualTo(Reversibility.NONE);
        hub.store.write(tx -> {
            tx.links().save(List.of(mergedToo.retracted(hub.clock.instant(), "crm")));
            return null;
        });
        assertThat(label(folded)).isEqualTo(Reversibility.PARTIAL);
        hub.system("crm").merge(made, "c2", true);
        hub.clock.advance(Duration.ofSeconds(1));
        hub.settle();
        assertThat(plan(folded).steps().get(0)).satisfies(step -> {
            assertThat(step.reversibility()).isEqualTo(Reversibility.NONE);
            assertThat(step.limits()).contains("what was merged there by others than the hub stays so");
        });
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
