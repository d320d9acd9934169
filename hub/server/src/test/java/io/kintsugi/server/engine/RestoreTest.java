package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.stewardship.UnmergeMode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What was deleted and restored, and then merged and taken back. */
class RestoreTest {
    private static final Map<String, Object> ANNA =
            Map.of("first", "Anna", "last", "Kowalski", "email", "anna.kowalski@acme.example", "born", "1980-03-04");
    private static final Map<String, Object> BRUNO =
            Map.of("first", "Bruno", "last", "Rossi", "email", "bruno.rossi@acme.example", "born", "1971-05-06");

    private final HubUnderTest hub = new HubUnderTest(new MemoryHubStore(), true, "crm", "erp");

    private void later() {
        hub.settle();
        for (int minutes : List.of(2, 2, 61, 2, 2)) {
            hub.clock.advance(Duration.ofMinutes(minutes));
            hub.settle();
        }
    }

    @Test
    @DisplayName("DEL-10, MRG-4: what a restored record says outlives a merge that is taken back")
    void theBeforeImageIsWhatTheSystemSays() {
        var all = new Rule(Action.PROPAGATE, Action.PROPAGATE, Duration.ZERO, Conflict.EDIT_WINS);
        hub.deletes(new DeletePolicy("contact", 1, all, List.of(), Brake.USUAL));
        hub.system("crm").edit("1", ANNA);
        hub.system("crm").edit("2", BRUNO);
        later();
        var bruno = hub.golden("crm:contact:2");
        hub.system("crm").delete("1");
        later();
        assertThat(hub.system("erp").records()).hasSize(1);
        var deletion = hub.store
                .read(tx -> tx.deletions().list(Deletions.Filter.ALL, null, 9))
                .items()
                .get(0);
        hub.stewardship.restore(deletion.id(), deletion.revision(), "sam");
        later();
        var restored = hub.system("crm").records().keySet().stream()
                .filter(id -> !id.equals("2"))
                .findFirst()
                .orElseThrow();
        var anna = hub.golden("crm:contact:" + restored);
        assertThat(anna.value("email")).isEqualTo(ANNA.get("email"));

        var event = hub.stewardship.merge(
                List.of(anna.id(), bruno.id()), bruno.id(), Map.of(anna.id(), anna.revision()), "same", "sam");
        later();
        var survivor = hub.golden("crm:contact:2");
        hub.stewardship.unmerge(event.id(), UnmergeMode.SINGLE, survivor.revision(), "not the same", "sam");
        later();
        for (var field : ANNA.keySet()) {
            assertThat(hub.system("crm").value(restored, field)).as(field).isEqualTo(ANNA.get(field));
            assertThat(hub.system("crm").value("2", field)).as(field).isEqualTo(BRUNO.get(field));
        }
        assertThat(hub.golden("crm:contact:" + restored).id()).isEqualTo(anna.id());
    }
}
