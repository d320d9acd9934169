package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Erasure.ErasureState;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.memory.MemoryHubStore;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ErasureTest extends ErasureContract {
    private MemoryHubStore store;

    @Override
    protected HubStore emptyStore() {
        store = new MemoryHubStore();
        return store;
    }

    @Override
    protected String everything() {
        return store.read(tx -> store.contents());
    }

    @Test
    @DisplayName("DEL-11: a hub that dies before or after any of its writes erases all the same once it is back")
    void diesBetweenSteps() {
        for (int n = 1; n < 40; n++) {
            for (boolean before : List.of(true, false)) {
                threeSystems();
                hub.system("crm").edit("zz-777", Map.of("first", "Annabellina", "last", "Kowalczykowa"));
                hub.settle();
                var golden = hub.golden("crm:contact:zz-777");
                if (before) store.failBeforeCommit(n);
                else store.failAfterCommit(n);
                boolean died = false;
                try {
                    hub.erasing.erase(golden.id(), golden.revision(), "case 2026-17", "dana");
                    hub.settle();
                } catch (HubException e) {
                    died = true;
                }
                store.heal();
                var begun = store.read(tx -> tx.erasures().ofGolden(golden.id()));
                if (begun.isEmpty()) {
                    assertThat(n).as("only its first write begins it").isEqualTo(1);
                    hub.erasing.erase(golden.id(), golden.revision(), "case 2026-17", "dana");
                }
                hub.clock.advance(java.time.Duration.ofMinutes(5));
                hub.settle();
                var erasure =
                        store.read(tx -> tx.erasures().ofGolden(golden.id())).orElseThrow();
                assertThat(erasure.state())
                        .as("write %d, %s, died %s", n, before, died)
                        .isEqualTo(ErasureState.DONE);
                assertThat(everything()).doesNotContain("Kowalczykowa", "zz-777");
                for (var system : hub.systems.values())
                    assertThat(system.records()).isEmpty();
                if (!died) return;
            }
        }
    }
}
