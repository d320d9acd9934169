package io.kintsugi.connector.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.Capabilities.Op;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The values of the SPI refuse what no engine could act on, and keep what they are given. */
final class ValuesTest {
    private static Capabilities capabilities(Set<Op> ops, int maxBatch, Duration lag) {
        return new Capabilities(ops, Set.of(), false, maxBatch, false, Duration.ZERO, lag, null, null, null);
    }

    @Test
    void capabilitiesRefuseWhatCannotBe() {
        assertThat(capabilities(Set.of(Op.UPDATE), 1, Duration.ZERO).maxBatch()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> capabilities(Set.of(), 0, Duration.ZERO))
                .withMessageContaining("maxBatch is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> capabilities(Set.of(), 1, Duration.ofSeconds(-1)))
                .withMessageContaining("visibilityLag");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> capabilities(Set.of(Op.MERGE), 1, Duration.ZERO))
                .withMessageContaining("merge rules are missing");
    }

    @Test
    void aRecordIdIsNeverBlank() {
        assertThatIllegalArgumentException().isThrownBy(() -> new RecordId("person", " "));
        assertThatIllegalArgumentException().isThrownBy(() -> new RecordId("", "1"));
    }

    @Test
    void aRecordKeepsNullValuesAndCannotBeChanged() {
        Map<String, Object> fields = new HashMap<>(Collections.singletonMap("town", null));
        NativeRecord record = new NativeRecord(new RecordId("person", "1"), fields, null, null, null);
        fields.put("town", "Bonn");
        assertThat(record.fields()).containsEntry("town", null);
        assertThatThrownBy(() -> record.fields().put("a", "b")).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void anUpdateDoesNotSetAndClearTheSameField() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WriteOp.Update("op", "1", Map.of("a", "b"), Set.of("a"), Map.of(), null))
                .withMessageContaining("both sets and clears a");
    }

    @Test
    void opsAndResultsNameWhatTheyAreAbout() {
        assertThatIllegalArgumentException().isThrownBy(() -> new WriteOp.Delete("op", "", null));
        assertThatIllegalArgumentException().isThrownBy(() -> new WriteOp.Create("", "key", Map.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new WriteResult.Applied("op", null, true, null, null));
        assertThatIllegalArgumentException().isThrownBy(() -> new WriteResult.Rejected("op", null));
        assertThatIllegalArgumentException().isThrownBy(() -> new Writer.WriteOptions(null, Duration.ZERO));
    }

    @Test
    void readingCanAlwaysGoOn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SnapshotSource.Page(List.of(), List.of(), null, false));
        assertThat(new SnapshotSource.Page(List.of(), List.of(), null, true).last())
                .isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChangeSource.ChangeBatch(List.of(), List.of(), null, true, null));
    }
}
