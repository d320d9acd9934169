package io.kintsugi.core.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static final Instant T = Instant.parse("2026-01-01T00:00:00Z");
    private static final StreamMapping PEOPLE = new StreamMapping(
            "people",
            "contact",
            List.of(
                    new FieldMapping("city", "city", List.of(), true),
                    new FieldMapping("mail", "email", List.of(), true)),
            true,
            true,
            "hub_key");
    private static final List<FieldShape> ALL =
            List.of(FieldShape.text("city"), FieldShape.text("mail"), FieldShape.text("hub_key"));

    private static Standing standing(List<FieldShape> now) {
        return Standing.of(PEOPLE, SchemaDiff.between(ALL, now), now);
    }

    @Test
    @DisplayName("SCH-2: only the field that is gone stands still")
    void onlyTheFieldStops() {
        var mapping = standing(List.of(ALL.get(1), ALL.get(2))).applyTo(PEOPLE);
        assertThat(mapping.fields()).extracting(FieldMapping::field).containsExactly("mail");
        assertThat(mapping.provision()).isTrue();
    }

    @Test
    @DisplayName("SCH-2: without the field that names creates everything else goes on, and creates can still be marked")
    void withoutLinkKeyNothingIsCreated() {
        var mapping = standing(List.of(ALL.get(0), ALL.get(1))).applyTo(PEOPLE);
        assertThat(mapping.fields()).hasSize(2);
        assertThat(mapping.write()).isTrue();
        assertThat(mapping.provision()).isTrue();
        assertThat(mapping.linkKeyField()).isNull();
    }

    @Test
    @DisplayName("SCH-2: a field that may not be written any more is still read")
    void readOnly() {
        var now = List.of(ALL.get(0).withWritable(false), ALL.get(1), ALL.get(2));
        var city = standing(now).applyTo(PEOPLE).fields().get(0);
        assertThat(city.field()).isEqualTo("city");
        assertThat(city.writable()).isFalse();
    }

    @Test
    @DisplayName("SCH-1: a field that nobody maps is kept")
    void newFieldIsKept() {
        var now = new java.util.ArrayList<>(ALL);
        now.add(FieldShape.text("segment"));
        assertThat(standing(now).retained()).containsExactly("segment");
        assertThat(standing(now).applyTo(PEOPLE)).isEqualTo(PEOPLE);
    }

    @Test
    @DisplayName(
            "SCH-3: a rename is suggested by the share of records that hold the same, and says on how many it rests")
    void overlap() {
        var was = Map.of("1", "new", "2", "old", "3", "new", "4", "", "5", "x");
        var overlap = Overlap.of(was, Map.of("1", "new", "2", "old", "3", "new", "4", "", "5", "y"));
        assertThat(overlap).isEqualTo(new Overlap(3, 4));
        assertThat(overlap.share()).isEqualTo(0.75);
        assertThat(overlap.suggests()).isTrue();
        assertThat(Overlap.of(was, Map.of("1", "new")).suggests()).isFalse();
        assertThat(Overlap.of(was, Map.of()).share()).isZero();
    }

    @Test
    @DisplayName("SCH-1: a kept value fills what is unknown, with the time it had, and moves nothing else")
    void filling() {
        var record = SourceRecord.observed(
                new RecordKey("crm", "contact", "1"), "people", Map.of("email", "a@b.example"), T, T, "1");
        var filled = Filling.fill(record, "city", "Gdansk", T.minusSeconds(60), true);
        assertThat(filled.attributes()).containsEntry("city", "Gdansk").containsEntry("email", "a@b.example");
        assertThat(filled.states().get("city").changedAt()).isEqualTo(T.minusSeconds(60));
        assertThat(filled.sourceAt()).isEqualTo(T);
        assertThat(Filling.fill(filled, "city", "Gdansk", T, true)).isSameAs(filled);
        assertThat(Filling.fill(filled, "city", "Sopot", T, false)).isSameAs(filled);
        assertThat(Filling.fill(record, "city", "", T, true).states()).isEmpty();
        var gone = record.withState(RecordState.DELETED);
        assertThat(Filling.fill(gone, "city", "Gdansk", T, true)).isSameAs(gone);
    }
}
