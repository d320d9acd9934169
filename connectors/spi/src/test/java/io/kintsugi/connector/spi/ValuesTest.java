package io.kintsugi.connector.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.Capabilities.Cursor;
import io.kintsugi.connector.spi.Capabilities.DeleteFeed;
import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Capabilities.Quota;
import io.kintsugi.connector.spi.Capabilities.Reading;
import io.kintsugi.connector.spi.Capabilities.Writing;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The values of the SPI refuse what no engine could act on, and keep what they are given. */
final class ValuesTest {
    private static final Cursor SECONDS = new Cursor(Cursor.Kind.STAMP, Duration.ofSeconds(1), false, null);

    private static Reading reading(Cursor cursor, DeleteFeed deletes, Duration pushRetention) {
        return new Reading(cursor, deletes, pushRetention, Duration.ZERO, 100);
    }

    private static Capabilities capabilities(Set<Op> ops, Set<Feed> feeds, Reading reading) {
        return new Capabilities(ops, feeds, reading, Writing.NONE, List.of(), null);
    }

    @Test
    @DisplayName("CON-1 what a manifest lists is described, and what it does not list is not")
    void aManifestHoldsTogether() {
        Reading bare = reading(null, null, null);
        assertThat(capabilities(Set.of(Op.UPDATE), Set.of(), bare).reading()).isEqualTo(bare);
        assertRefused(() -> capabilities(Set.of(Op.MERGE), Set.of(), bare), "merge rules is missing");
        assertRefused(() -> capabilities(Set.of(Op.DELETE, Op.ARCHIVE), Set.of(), bare), "both are declared");
        assertRefused(() -> capabilities(Set.of(), Set.of(Feed.INCREMENTAL), bare), "cursor is missing");
        assertRefused(() -> capabilities(Set.of(), Set.of(), reading(SECONDS, null, null)), "cursor is given without");
        assertRefused(() -> capabilities(Set.of(), Set.of(Feed.DELETES), bare), "deletes is missing");
        assertRefused(() -> capabilities(Set.of(), Set.of(), reading(null, null, Duration.ZERO)), "pushRetention");
    }

    @Test
    @DisplayName("CON-1 numbers of a manifest that cannot be are refused by name")
    void aManifestHasNumbersThatCanBe() {
        assertRefused(() -> new Writing(0, false, Set.of()), "maxBatch is 0");
        assertRefused(() -> new Reading(null, null, null, Duration.ofSeconds(-1), 1), "visibilityLag");
        assertRefused(() -> new Reading(null, null, null, Duration.ZERO, 0), "maxPage is 0");
        assertRefused(() -> new Cursor(Cursor.Kind.STAMP, Duration.ZERO, false, null), "precision");
        assertRefused(() -> new Quota("api", 100, null, null), "window");
        assertRefused(() -> new Quota("api", null, null, null), "a concurrency");
        assertRefused(() -> new Quota("api", 0, Duration.ofSeconds(1), null), "units of api is 0");
        assertThat(new Quota("api", null, null, 5).concurrency()).isEqualTo(5);
    }

    @Test
    @DisplayName("CON-1 a link key is a unique field that a create may set and a look-up finds")
    void aLinkKeyIsAUniqueField() {
        FieldDef plain = new FieldDef(
                "key", FieldDef.FieldType.STRING, true, true, true, false, true, false, null, List.of(), false);
        Capabilities can = new Capabilities(
                Set.of(Op.CREATE),
                Set.of(),
                reading(null, null, null),
                new Writing(1, false, Set.of("key")),
                List.of(),
                null);
        StreamDef.IdRules ids = new StreamDef.IdRules(true, false, false, false);
        assertRefused(() -> new StreamDef("thing", "Thing", List.of(plain), List.of(), ids, can), "link key key");
    }

    private static void assertRefused(ThrowingCallable construction, String message) {
        assertThatIllegalArgumentException().isThrownBy(construction).withMessageContaining(message);
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
        assertThatIllegalArgumentException().isThrownBy(() -> new WriteOp.Delete("op", "", Map.of(), null));
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
