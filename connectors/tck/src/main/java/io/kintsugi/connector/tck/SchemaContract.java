package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorException.SchemaDrift;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A change of the schema stops the field it concerns and nothing else; a field that is gone is unknown, never empty. */
@Tag("schema-change")
@Tag("SCH-1")
abstract class SchemaContract extends Contract {
    private String id;
    private String fingerprint;

    @BeforeEach
    void aRecord() throws Exception {
        id = subject.create(texts("stays", "goes"));
        subject.settle();
        fingerprint = connector.discover().fingerprint();
    }

    private List<String> fields() throws ConnectorException {
        return definition().fields().stream().map(FieldDef::name).toList();
    }

    private Query asking(String... fields) {
        return new Query(subject.stream(), List.of(fields));
    }

    private void assertDrift(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(SchemaDrift.class, drift -> {
            assertThat(drift.stream()).isEqualTo(subject.stream());
            assertThat(drift.fields()).as("fields that drifted").containsExactly(second());
        });
    }

    @Test
    void aNewFieldIsDiscoveredAndChangesTheFingerprint() throws Exception {
        shownOnlyIf(subject.addField("addedLater"), "fields cannot be added to the subject");
        assertThat(fields()).contains("addedLater");
        assertThat(connector.discover().fingerprint()).isNotEqualTo(fingerprint);
        assertThat(found(id).fields()).containsEntry(first(), "stays");
    }

    @Test
    void aRemovedFieldIsTheOnlyOneThatDrifts() throws Exception {
        shownOnlyIf(subject.removeField(second()), "fields cannot be removed from the subject");
        assertOnlyTheSecondFieldIsGone();
    }

    @Test
    void aRenamedFieldDriftsUnderItsOldNameAndIsDiscoveredUnderItsNewOne() throws Exception {
        shownOnlyIf(subject.renameField(second(), "renamed"), "fields of the subject cannot be renamed");
        assertThat(fields()).contains("renamed");
        assertOnlyTheSecondFieldIsGone();
        assertThat(found(id).fields()).containsEntry("renamed", "goes");
    }

    private void assertOnlyTheSecondFieldIsGone() throws Exception {
        assertThat(fields()).contains(first()).doesNotContain(second());
        assertThat(connector.discover().fingerprint()).isNotEqualTo(fingerprint);
        Query both = asking(first(), second());
        assertDrift(() -> connector.lookups().byId(both, List.of(id)));
        var answer = (Lookup.Found)
                connector.lookups().byId(asking(first()), List.of(id)).get(id);
        assertThat(answer.record().fields()).containsEntry(first(), "stays").doesNotContainKey(second());
        assertThat(found(id).fields()).as("gone is not empty").doesNotContainKey(second());
        if (can().feeds().contains(Feed.SNAPSHOT)) {
            assertDrift(() -> snapshots().page(both, null, 10));
            assertThat(snapshots().page(asking(first()), null, 10).records()).hasSize(1);
        }
        if (can().ops().contains(Op.UPDATE)) assertWriteStopsAtTheField();
    }

    private void assertWriteStopsAtTheField() throws Exception {
        WriteOp op = new WriteOp.Update("op", id, Map.of(first(), "x", second(), "y"), Set.of(), Map.of(), null);
        WriteResult result = facet(Writer.class)
                .write(subject.stream(), List.of(op), new Writer.WriteOptions(null, Duration.ofSeconds(30)))
                .get(0);
        assertThat(result).isInstanceOfSatisfying(WriteResult.Rejected.class, rejected -> {
            assertThat(rejected.error().code()).isEqualTo(Code.UNKNOWN_FIELD);
            assertThat(rejected.error().field()).isEqualTo(second());
        });
    }

    @Test
    void aFeedThatAskedForARemovedFieldDriftsAndGoesOnWithoutIt() throws Exception {
        needs(Feed.INCREMENTAL);
        Query both = asking(first(), second());
        Checkpoint position = changes().start(both, StartAt.NOW);
        shownOnlyIf(subject.removeField(second()), "fields cannot be removed from the subject");
        subject.edit(id, Map.of(first(), "edited"));
        subject.settle();
        assertDrift(() -> changes().poll(both, position, 10));
        Replica replica = new Replica();
        try {
            replica.catchUp(connector, asking(first()), position, 10);
        } catch (ConnectorException.CheckpointExpired e) {
            Checkpoint earliest = changes().start(asking(first()), StartAt.EARLIEST);
            replica.catchUp(connector, asking(first()), earliest, 10);
        }
        assertThat(replica.records().get(id).fields())
                .containsEntry(first(), "edited")
                .doesNotContainKey(second());
    }

    @Test
    void aFieldOfAnotherTypeIsDiscovered() throws Exception {
        shownOnlyIf(subject.retypeField(second()), "fields of the subject have no other types");
        assertThat(definition().fields())
                .filteredOn(field -> field.name().equals(second()))
                .extracting(FieldDef::type)
                .containsExactly(FieldDef.FieldType.INT);
        assertThat(connector.discover().fingerprint()).isNotEqualTo(fingerprint);
        assertThat(found(id).fields()).containsEntry(first(), "stays");
    }
}
