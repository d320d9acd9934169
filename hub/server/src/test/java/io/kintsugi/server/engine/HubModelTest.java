package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.server.engine.shared.HubModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubModelTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "SYN-3: a create carries no key in a stream without one, also where only what was deleted is created again")
    void keyless(boolean provision) {
        var with = new StreamMapping("with", "contact", List.of(), true, provision, "hub_key");
        var without = new StreamMapping("without", "contact", List.of(), true, provision, null);
        var crm = new SystemConfig("crm", "crm", "sim", Map.of(), Duration.ofSeconds(1), List.of(with, without));
        var model = new HubModel(List.of(), Map.of(), Map.of(), List.of(crm));
        assertThat(model.keyless("crm", "without")).isTrue();
        assertThat(model.keyless("crm", "with")).isFalse();
        assertThat(model.keyless("erp", "without")).isFalse();
    }
}
