package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.MatchRulesReader;
import io.kintsugi.core.store.Blocks.BlockKey;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.explain.GenericKeys;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GenericKeysTest {
    private static final String KEY = "contact:email:desk@acme.example";
    private final HubUnderTest hub = new HubUnderTest(new MemoryHubStore(), false, "crm", "erp");
    private final GenericKeys keys = new GenericKeys(hub.store);

    private void mostHolders(int most) {
        var now = hub.model.get();
        var rules = MatchRulesReader.shipped(EntityType.Kind.PERSON).withKeyCap(most);
        hub.model.publish(new HubModel(
                now.entityTypes(),
                Map.of("contact", new MatchPolicy("contact", 1, rules, Set.of())),
                now.authority(),
                now.systems()));
    }

    private void desk(String system, String id, String first) {
        hub.system(system).edit(id, Map.of("first", first, "email", "desk@acme.example"));
        hub.takeIn();
        hub.clock.advance(Duration.ofMinutes(1));
    }

    @Test
    @DisplayName("ID-10: a value that too many hold brings nobody together any more, and the merges it made are listed")
    void aValueThatTooManyHoldStopsAndItsMergesAreListed() {
        mostHolders(4);
        desk("crm", "1", "Anna");
        desk("erp", "1", "Anna");
        var golden = hub.golden("crm:contact:1").id();
        assertThat(hub.golden("erp:contact:1").id()).as("by the e-mail alone").isEqualTo(golden);
        assertThat(keys.of(KEY).orElseThrow().together()).singleElement().satisfies(one -> assertThat(one.records())
                .hasSize(2));
        for (var name : new String[] {"Bruno", "Carla", "Dmitri"}) desk("crm", name, name);

        var affected = keys.of(KEY).orElseThrow();
        assertThat(affected.generic()).isTrue();
        assertThat(affected.records()).isEqualTo(5);
        assertThat(hub.clusters()).as("it counts no more").hasSize(5);
        assertThat(affected.apart()).singleElement().satisfies(one -> {
            assertThat(one.from()).isEqualTo(golden);
            assertThat(one.golden()).isNotEqualTo(golden);
        });
        assertThat(affected.together()).isEmpty();
        var generic = hub.store.read(tx -> tx.blocks().generic(10));
        assertThat(generic).extracting(BlockKey::value).contains(KEY);
    }

    @Test
    void anUnknownKeyHasNothing() {
        assertThat(keys.of("contact:email:none")).isEmpty();
    }
}
