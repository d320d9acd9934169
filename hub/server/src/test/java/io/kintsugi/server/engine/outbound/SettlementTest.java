package io.kintsugi.server.engine.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettlementTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @DisplayName(
            "SYN-5: a golden that is marked while its create is under way is looked at again: what was made may be another thing by then")
    void markedMeanwhile(boolean dirty) {
        var intent = new Intent("w-1", Intent.Kind.CREATE, Map.of("city", "Oslo"), Map.of("city", 3L), NOW);
        var create = new OutboundChange(
                OutboundChange.createKey("g-1", "crm", "contact"),
                "g-1",
                "crm",
                "contact",
                null,
                OutboundState.VERIFYING,
                dirty,
                NOW,
                NOW,
                1,
                NOW,
                intent,
                null,
                NOW,
                Cause.EDIT);
        var made = SourceRecord.observed(
                new RecordKey("crm", "contact", "4"), "people", Map.of("city", "Oslo"), NOW, NOW, null);
        var settled = Settlement.settled(create, made, NOW);
        assertThat(settled.state()).isEqualTo(dirty ? OutboundState.DUE : OutboundState.SETTLED);
        assertThat(settled.target()).as("one to create has none").isEqualTo(dirty ? null : made.key());
    }
}
