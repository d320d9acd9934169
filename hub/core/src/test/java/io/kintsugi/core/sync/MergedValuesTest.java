package io.kintsugi.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.sync.MergedValues.Merger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A record that merging made, with what became of the states of the values it has from the record that is gone. */
class MergedValuesTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final RecordKey GONE = new RecordKey("erp", "contact", "1");

    private static SourceRecord record(String id, String city, AttributeState state) {
        var record = SourceRecord.observed(
                new RecordKey("erp", "contact", id), "people", Map.of("city", city), T0.plusSeconds(60), T0, null);
        return state == null ? record : record.withStates(Map.of("city", state));
    }

    private static AttributeState made(String city, AttributeState gone, Map<RecordKey, Intent> intents) {
        return new MergedValues(
                        List.of(record("1", "Oslo", gone)), Set.of(), Merger.PEOPLE, intents, any -> AttributeType.TEXT)
                .inherit(null, record("2", city, null), null, T0.plusSeconds(60))
                .states()
                .get("city");
    }

    @Test
    @DisplayName("MRG-3: what a person entered in the record that is gone was entered then")
    void entered() {
        assertThat(made("Oslo", AttributeState.original(T0, 0), Map.of())).isEqualTo(AttributeState.original(T0, 0));
    }

    @Test
    @DisplayName("MRG-3: what the hub wrote is its copy wherever a merge moves it, and what it replaced is kept")
    void copied() {
        var copy = new AttributeState(T0, 7, true, true, "Bergen", T0.minusSeconds(9), null);
        assertThat(made("Oslo", copy, Map.of())).isEqualTo(copy);
    }

    @Test
    @DisplayName(
            "MRG-3, SYN-3: what the system may have made of a value that the hub wrote and never read is the hub's")
    void imageOfUnread() {
        var written = AttributeState.created("Oslo", null, T0, 7, true, null);
        assertThat(made("osl", written.unread(), Map.of()))
                .matches(AttributeState::copied)
                .extracting(AttributeState::sent)
                .isEqualTo("Oslo");
        assertThat(made("osl", written, Map.of()))
                .as("it was read, and was Oslo")
                .isNull();
        assertThat(made("Rome", written.unread(), Map.of())).isNull();
    }

    @Test
    @DisplayName("MRG-3, SYN-3: a value of which nobody knows whose it is is not known better for having been moved")
    void undecided() {
        var unknown = new AttributeState(T0, 7, false, true, "Bergen", T0.minusSeconds(9), "nobody knows whose it is");
        assertThat(made("Oslo", unknown, Map.of())).isEqualTo(unknown);
    }

    @Test
    @DisplayName("DEL-8: what people merged one of their own records into is not the hub's to delete any more")
    void joined() {
        var created = record("1", "Oslo", AttributeState.created("Oslo", null, T0, 7, true, null));
        var own = record("3", "Rome", null);
        var made = new MergedValues(List.of(created, own), Set.of(), Merger.PEOPLE, Map.of(), any -> AttributeType.TEXT)
                .inherit(null, record("2", "Oslo", null), null, T0.plusSeconds(60));
        assertThat(made.states().get("city").copied()).isTrue();
        assertThat(made.provisioned()).isFalse();
        assertThat(made.evidence()).isEqualTo(Map.of("city", "Oslo"));
        var ofTwo = new MergedValues(
                        List.of(created, created), Set.of(), Merger.PEOPLE, Map.of(), any -> AttributeType.TEXT)
                .inherit(null, record("2", "Oslo", null), null, T0.plusSeconds(60));
        assertThat(ofTwo.provisioned()).as("all of it was the hub's").isTrue();
        var unread = new MergedValues(
                        List.of(created), Set.of(), Merger.PEOPLE_WITH_UNREAD, Map.of(), any -> AttributeType.TEXT)
                .inherit(null, record("2", "Oslo", null), null, T0.plusSeconds(60));
        assertThat(unread.provisioned())
                .as("what the hub has not read it has not made")
                .isFalse();
    }

    @Test
    @DisplayName("SYN-3: what people kept by a merge is what the hub had written, not what the system made of it")
    void joinedAnImage() {
        var created = record("1", "OSLO", AttributeState.created("Oslo", "OSLO", T0, 7, true, null));
        var own = record("3", "Rome", null);
        var made = new MergedValues(List.of(created, own), Set.of(), Merger.PEOPLE, Map.of(), any -> AttributeType.TEXT)
                .inherit(null, record("2", "OSLO", null), null, T0.plusSeconds(60));
        assertThat(made.states().get("city").original()).isEqualTo("Oslo");
    }

    @Test
    @DisplayName(
            "SYN-3: what the hub wrote is its copy also where the survivor was read before that record was known to be in it")
    void toldLater() {
        var copy = new AttributeState(T0, 7, true, true, "Bergen", T0.minusSeconds(9), null);
        var merged = new MergedValues(
                List.of(record("1", "Oslo", copy)), Set.of(), Merger.PEOPLE, Map.of(), any -> AttributeType.TEXT);
        var survivor = record("2", "Oslo", null);
        assertThat(merged.inherit(survivor, survivor, survivor.observedAt(), T0.plusSeconds(60))
                        .states()
                        .get("city")
                        .copied())
                .isTrue();
        assertThat(merged.inherit(survivor, survivor, survivor.observedAt(), T0.plusSeconds(61)))
                .isEqualTo(survivor);
        assertThat(merged.inherit(survivor, survivor, survivor.observedAt(), null))
                .isEqualTo(survivor);
        var said = record("2", "Oslo", AttributeState.original(T0.plusSeconds(50), 0));
        assertThat(merged.inherit(said, said, said.observedAt(), T0.plusSeconds(60)))
                .as("had said it before")
                .isEqualTo(said);
    }

    @Test
    @DisplayName("ID-5, MRG-3: a record that was first read after people merged into it still says what it is")
    void toldLaterOfWhatWasFirstReadThen() {
        var created = record("1", "Oslo", AttributeState.created("Oslo", null, T0, 7, true, null));
        var survivor = record("2", "Oslo", null);
        for (var by : Merger.values()) {
            var after = new MergedValues(List.of(created), Set.of(), by, Map.of(), any -> AttributeType.TEXT)
                    .inherit(survivor, survivor, survivor.observedAt(), T0.plusSeconds(60));
            assertThat(after.states().get("city").copied()).isTrue();
            if (by == Merger.HUB) assertThat(after.evidence()).isEqualTo(Map.of("city", ""));
            else assertThat(after.evidence()).as(by.name()).isEqualTo(Map.of("city", "Oslo"));
        }
    }

    @Test
    @DisplayName(
            "SYN-3: what a loser says as the survivor's copy does is its word, unless the hub has copied nothing from it yet")
    void saidInALoser() {
        var survivor = record("2", "Oslo", new AttributeState(T0, 7, true, true, "", null, null));
        var loser = record("1", "Oslo", null);
        for (boolean resolved : new boolean[] {true, false}) {
            var merged = new MergedValues(
                    List.of(loser),
                    resolved ? Set.of() : Set.of(loser.key()),
                    Merger.PEOPLE,
                    Map.of(),
                    any -> AttributeType.TEXT);
            var after = merged.inherit(survivor, survivor, survivor.observedAt(), T0.plusSeconds(60));
            assertThat(after.states().get("city").copied()).isEqualTo(!resolved);
        }
    }

    @Test
    @DisplayName("MRG-3: what was being written when the records were merged is the hub's")
    void underWay() {
        var intent = new Intent("w-1", Intent.Kind.UPDATE, Map.of("city", "Gdansk"), Map.of("city", 8L), T0);
        var state = made("Gdansk", AttributeState.original(T0, 0), Map.of(GONE, intent));
        assertThat(state.copied()).isTrue();
        assertThat(state.base()).isEqualTo(8);
    }

    @Test
    @DisplayName(
            "SYN-3: what was edited in the survivor and then sent to the loser was not brought there by that write")
    void sentWhatTheSurvivorSays() {
        var survivor = record("2", "Gdansk", null);
        for (int seconds : new int[] {-1, 1}) {
            var sentAt = survivor.observedAt().plusSeconds(seconds);
            var intent = new Intent("w-1", Intent.Kind.UPDATE, Map.of("city", "Gdansk"), Map.of("city", 8L), sentAt);
            var merged = new MergedValues(
                    List.of(record("1", "Oslo", AttributeState.original(T0, 0))),
                    Set.of(),
                    Merger.PEOPLE,
                    Map.of(GONE, intent),
                    any -> AttributeType.TEXT);
            var readAt = survivor.observedAt();
            boolean copied =
                    merged.inherit(survivor, survivor, readAt, T0).states().containsKey("city");
            assertThat(copied).isEqualTo(seconds < 0);
            assertThat(merged.inherit(survivor, survivor, readAt.minusSeconds(9), T0))
                    .as("read before that was sent, and read once more with what is told now")
                    .isEqualTo(survivor);
        }
    }
}
