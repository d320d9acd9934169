package io.kintsugi.server.engine.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final OutboundChange CREATE = new OutboundChange(
            OutboundChange.createKey("g-1", "erp", "contact"),
            "g-1",
            "erp",
            "contact",
            null,
            OutboundState.SENDING,
            false,
            NOW,
            NOW,
            0,
            NOW,
            new Intent("w-1", Intent.Kind.CREATE, Map.of("city", "Oslo", "phone", "1"), Map.of(), NOW),
            null,
            NOW);

    @Test
    @DisplayName(
            "SYN-2: a create that was looked for in vain as often as may be is known to be unknown, and not before")
    void lookedForInVain() {
        var change = CREATE;
        for (int i = 0; i < Outcome.MAX_ATTEMPTS; i++) {
            change = new Outcome.Unknown("it cannot be read", NOW, true).applyTo(change, NOW);
            assertThat(change.state()).isEqualTo(OutboundState.VERIFYING);
            assertThat(change.intent().unknown()).isFalse();
        }
        change = new Outcome.Unknown("it cannot be read", NOW, true).applyTo(change, NOW);
        assertThat(change.state()).isEqualTo(OutboundState.PARKED);
        assertThat(change.intent().unknown()).isTrue();
        assertThat(change.released().intent()).isEqualTo(CREATE.intent());
    }

    @Test
    @DisplayName("SYN-7: what is refused is added up, costs no attempt, and the rest is due at once")
    void refusalsAddUp() {
        var change = CREATE;
        for (var attribute : change.intent().values().keySet()) {
            change = new Outcome.HeldBack(new TreeMap<>(Map.of(attribute, "too long"))).applyTo(change, NOW);
        }
        assertThat(change.state()).isEqualTo(OutboundState.DUE);
        assertThat(change.dueAt()).isEqualTo(NOW);
        assertThat(change.attempts()).isZero();
        assertThat(change.intent().heldBack())
                .isEqualTo(Map.of(
                        "city", new Intent.Refusal("Oslo", "too long"), "phone", new Intent.Refusal("1", "too long")));
    }
}
