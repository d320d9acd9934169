package io.kintsugi.core.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.OutboundChange.Intent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a record says that was created in the place of one that is gone. */
class RebornTest {
    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant LATER = T0.plusSeconds(600);
    private static final RecordKey GONE = RecordKey.parse("crm:contact:2");
    private static final RecordKey MADE = RecordKey.parse("crm:contact:9");
    private static final EntityType CONTACT = new EntityType(
            "contact",
            EntityType.Kind.PERSON,
            List.of(
                    new Attribute("note", AttributeType.TEXT, null),
                    new Attribute("boss", AttributeType.REFERENCE, null, "contact")));

    private static AttributeState boss(String said, Map<RecordKey, String> goldenOf) {
        return reborn("boss", said, "7", goldenOf);
    }

    private static AttributeState reborn(
            String attribute, String said, String written, Map<RecordKey, String> goldenOf) {
        var gone = SourceRecord.observed(GONE, "people", Map.of(attribute, said), T0, T0, "1")
                .withState(RecordState.DELETED);
        var create = new Intent("w-1", Intent.Kind.CREATE, Map.of(attribute, written), Map.of(attribute, 5L), LATER);
        var made = Outbound.confirm(null, MADE, "people", create, null, true, Map.of(), types(), LATER);
        return Reborn.inPlaceOf(made, List.of(gone), types(), Referents.of(CONTACT, goldenOf, Map.of()))
                .states()
                .get(attribute);
    }

    private static Function<String, AttributeType> types() {
        return name -> name.equals("boss") ? AttributeType.REFERENCE : AttributeType.TEXT;
    }

    @Test
    @DisplayName(
            "DEL-10: what the system had said it says again, as old as it was; what is written otherwise is a copy")
    void whatWasSaid() {
        assertThat(reborn("note", "a", "a", Map.of())).isEqualTo(AttributeState.original(T0, 5));
        var copy = reborn("note", "a", "b", Map.of());
        assertThat(copy.copied()).isTrue();
        assertThat(copy.recalled()).isFalse();
        assertThat(copy.original()).isEqualTo("a");
    }

    @Test
    @DisplayName("DEL-10, SYN-12: a reference by another record that leads where the system had said is its word")
    void anotherRecordOfTheSame() {
        var four = RecordKey.parse("crm:contact:4");
        var seven = RecordKey.parse("crm:contact:7");
        var same = boss("4", Map.of(four, "G1", seven, "G1"));
        assertThat(same.recalled()).isTrue();
        assertThat(same.original()).isEqualTo("4");
        assertThat(same.originalAt()).isEqualTo(T0);
        var other = boss("4", Map.of(four, "G1", seven, "G2"));
        assertThat(other.recalled()).isFalse();
        assertThat(other.base()).isEqualTo(5);
        assertThat(other.original()).isEqualTo("4");
        assertThat(boss("4", Map.of(seven, "G2")).recalled())
                .as("where it led is not known")
                .isFalse();
        assertThat(boss("7", Map.of(seven, "G2"))).isEqualTo(AttributeState.original(T0, 5));
    }
}
