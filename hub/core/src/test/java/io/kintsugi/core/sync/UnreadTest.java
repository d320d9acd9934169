package io.kintsugi.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.sync.Absorb.Observation;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A record that went before it was read what its system had made of it, and comes back. */
class UnreadTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final RecordKey KEY = RecordKey.parse("erp:contact:7");

    private static SourceRecord gone() {
        var create = new Intent("w-1", Intent.Kind.CREATE, Map.of("city", "Gdansk (PL)"), Map.of("city", 7L), T0);
        return Outbound.confirm(null, KEY, "people", create, null, false, Map.of(), name -> AttributeType.CITY, T0)
                .withState(RecordState.DELETED);
    }

    private static SourceRecord back(SourceRecord gone, String city) {
        var seen = new Observation(KEY, "people", Map.of("city", city), T0.plusSeconds(9), null);
        return Absorb.absorb(gone, seen, null, name -> AttributeType.CITY, T0.plusSeconds(9))
                .record();
    }

    @Test
    @DisplayName("SYN-3: a form of what was written is the hub's own in a record that was never read, and nowhere else")
    void aFormOfWhatWasWritten() {
        var image = back(Absorb.unread(gone()), "GDANSK (P");
        assertThat(image.states().get("city").copied()).isTrue();
        assertThat(image.states().get("city").agreed()).isTrue();
        assertThat(image.states().get("city").base()).isEqualTo(7);
        assertThat(image.states().get("city").standsFor(image.value("city"))).isEqualTo("Gdansk (PL)");
        assertThat(back(gone(), "GDANSK (P").states().get("city").copied())
                .as("it was read before")
                .isFalse();
        assertThat(back(Absorb.unread(gone()), "Oslo").states().get("city").copied())
                .as("somebody edited it")
                .isFalse();
    }
}
