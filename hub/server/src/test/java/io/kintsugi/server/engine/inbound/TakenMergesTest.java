package io.kintsugi.server.engine.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.sync.Absorb.Observation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TakenMergesTest {
    private static final Instant MERGED = Instant.parse("2026-01-01T00:05:00Z");
    private static final RecordKey LOSER = RecordKey.parse("crm:contact:1");
    private static final RecordKey BETWEEN = RecordKey.parse("crm:contact:1+2");
    private static final RecordKey END = RecordKey.parse("crm:contact:1+2+3");
    private static final Map<String, String> SHOUTED = Map.of("city", "LISBON");

    private static SourceRecord read(RecordKey key, Instant sourceAt) {
        return SourceRecord.observed(key, "people", SHOUTED, sourceAt, MERGED.plusSeconds(90), null);
    }

    /** A loser in which the hub wrote, of which the system says only where it is now, and a record that was made on the way. */
    private static TakenMerges told(Instant madeAt) {
        var written = new AttributeState(null, 3, true, true, null, null, "Lisbon", null);
        var loser = read(LOSER, MERGED.minusSeconds(60)).withStates(Map.of("city", written));
        var batch = new Intake.Batch(
                "crm",
                "crm",
                "people",
                "contact",
                List.of(
                        new Observation(BETWEEN, "people", SHOUTED, madeAt, null),
                        new Observation(END, "people", SHOUTED, MERGED.plusSeconds(30), null)),
                Map.of(),
                List.of(),
                Deletion.Evidence.FEED,
                Map.of(LOSER, new Intake.Merged(END, END, MERGED)),
                List.of(),
                null,
                null,
                Map.of());
        return new TakenMerges(
                batch,
                Map.of(),
                Set.of(),
                Map.of(LOSER, loser),
                Set.of(),
                List.of(),
                Map.of(),
                any -> AttributeType.TEXT);
    }

    private static boolean isCopy(TakenMerges merges, SourceRecord record) {
        var state = merges.inherit(null, record).states().get("city");
        return state != null && state.copied() && "Lisbon".equals(state.sent());
    }

    @Test
    @DisplayName("SYN-3: what the hub wrote is its own also in what a chain of merges made on its way to the end")
    void whatAMergeMadeOnTheWay() {
        assertThat(isCopy(told(MERGED), read(END, MERGED.plusSeconds(30)))).isTrue();
        assertThat(isCopy(told(MERGED), read(BETWEEN, MERGED))).isTrue();
    }

    @Test
    @DisplayName("SYN-3: what is younger than the merge is somebody's own")
    void whatSomebodyEnteredSince() {
        var later = MERGED.plusSeconds(10);
        assertThat(isCopy(told(later), read(BETWEEN, later))).isFalse();
    }
}
