package io.kintsugi.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.sync.Drift.Disposition;
import io.kintsugi.core.sync.Drift.Known;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriftTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final RecordKey KEY = RecordKey.parse("crm:contact:1");
    private static final GoldenValue BERGEN = new GoldenValue("Bergen", 7, KEY, NOW, "LATEST", 1);

    private static SourceRecord holding(String city, AttributeState state) {
        var states = state == null ? Map.<String, AttributeState>of() : Map.of("city", state);
        return new SourceRecord(KEY, "people", RecordState.LIVE, Map.of("city", city), states, NOW, NOW, null, null);
    }

    private static OutboundChange change(OutboundState state) {
        var intent = new Intent("w-1", Intent.Kind.UPDATE, Map.of("city", "Bergen"), Map.of("city", 7L), NOW);
        return new OutboundChange(
                OutboundChange.updateKey(KEY),
                "g",
                "crm",
                "contact",
                KEY,
                state,
                false,
                NOW,
                NOW,
                0,
                null,
                intent,
                null,
                NOW);
    }

    private static Disposition of(
            SourceRecord record, String seen, GoldenValue golden, boolean writable, OutboundState state) {
        var change = state == null ? null : change(state);
        return Drift.of(new Known("city", record, golden, writable, false, change, AttributeType.CITY), seen);
    }

    @Test
    @DisplayName(
            "SYN-10: a system agrees that holds the golden's value, its own form of it, or anything where the golden says nothing")
    void agrees() {
        assertThat(of(holding("Bergen", null), "Bergen", BERGEN, true, null)).isEqualTo(Disposition.AGREES);
        var image = new AttributeState(NOW, 7, true, true, "", null);
        assertThat(of(holding("BERGEN", image), "BERGEN", BERGEN, true, null)).isEqualTo(Disposition.AGREES);
        assertThat(of(holding("Oslo", null), "Oslo", null, true, null)).isEqualTo(Disposition.AGREES);
        var older = new AttributeState(NOW, 6, true, true, "", null);
        assertThat(of(holding("BERGEN", older), "BERGEN", BERGEN, true, null)).isEqualTo(Disposition.OUT_OF_STEP);
    }

    @Test
    @DisplayName("SYN-10: what the hub was not told is missed, unless its own write may have put it there")
    void missed() {
        assertThat(of(holding("Oslo", null), "Bodø", BERGEN, true, null)).isEqualTo(Disposition.MISSED);
        assertThat(of(holding("Oslo", null), "Bodø", BERGEN, true, OutboundState.DUE))
                .isEqualTo(Disposition.MISSED);
        assertThat(of(holding("Oslo", null), "Bergen", BERGEN, true, OutboundState.VERIFYING))
                .isEqualTo(Disposition.WAITING);
        assertThat(of(holding("Oslo", null), "", BERGEN, true, null)).isEqualTo(Disposition.MISSED);
    }

    @Test
    @DisplayName("SYN-10: what mapping or policy leave so is no drift")
    void left() {
        assertThat(of(holding("Oslo", null), "Oslo", BERGEN, false, null)).isEqualTo(Disposition.LEFT);
        var foreign = AttributeState.original(NOW, 6).withHold(AttributeState.FOREIGN);
        assertThat(of(holding("Oslo", foreign), "Oslo", BERGEN, true, null)).isEqualTo(Disposition.LEFT);
        var undecided = AttributeState.original(NOW, 6).withHold("nobody knows");
        assertThat(of(holding("Oslo", undecided), "Oslo", BERGEN, true, null)).isEqualTo(Disposition.HELD);
    }

    @ParameterizedTest
    @CsvSource({"DUE,WAITING", "SENDING,WAITING", "VERIFYING,WAITING", "PARKED,HELD", "HELD,HELD", "SETTLED,OUT_OF_STEP"
    })
    @DisplayName("SYN-10: what is to be written is where its write is")
    void onItsWay(OutboundState state, Disposition expected) {
        assertThat(of(holding("Oslo", null), "Oslo", BERGEN, true, state)).isEqualTo(expected);
    }

    @Test
    @DisplayName("SYN-10: what waits for resolution waits")
    void pending() {
        var known = new Known("city", holding("Oslo", null), BERGEN, true, true, null, AttributeType.CITY);
        assertThat(Drift.of(known, "Oslo")).isEqualTo(Disposition.WAITING);
        var unresolved = new Known("city", holding("Oslo", null), null, true, true, null, AttributeType.CITY);
        assertThat(Drift.of(unresolved, "Oslo")).isEqualTo(Disposition.WAITING);
    }

    @Test
    @DisplayName("SYN-10: a row is what its worst value is")
    void worst() {
        assertThat(Drift.worst(List.of())).isEqualTo(Disposition.AGREES);
        assertThat(Drift.worst(List.of(Disposition.LEFT, Disposition.MISSED, Disposition.WAITING)))
                .isEqualTo(Disposition.MISSED);
        assertThat(Disposition.LEFT.drifted()).isFalse();
        assertThat(Disposition.WAITING.drifted()).isTrue();
    }
}
