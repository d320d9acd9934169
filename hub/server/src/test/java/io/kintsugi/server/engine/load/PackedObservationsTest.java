package io.kintsugi.server.engine.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.sync.Absorb.Observation;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PackedObservationsTest {
    @Test
    void whatComesOutIsWhatWentIn() {
        var one = new Observation(
                new RecordKey("crm", "contact", "1"),
                "people",
                Map.of("firstName", "Änne \uD83D\uDE00", "lastName", "", "note", "a\nb"),
                Instant.parse("2026-03-01T08:00:00.123456789Z"),
                "v1");
        var other = new Observation(new RecordKey("shop", "contact", "1"), "people", Map.of("email", "x"), null, null);
        var packed = new PackedObservations("people");
        packed.add(one);
        packed.add(other);
        assertThat(packed.size()).isEqualTo(2);
        assertThat(packed.key(1)).isEqualTo(other.key());
        assertThat(packed.get(1)).isEqualTo(other);
        assertThat(packed.get(0)).isEqualTo(one);
    }
}
