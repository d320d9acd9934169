package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.FieldDef;
import io.kintsugi.connector.spi.FieldDef.FieldType;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.WriteResult.Applied;
import io.kintsugi.connector.spi.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writes: exactly one answer per op, only what was named changes, refusals say why. */
abstract class WriterContract extends Contract {
    @BeforeEach
    void declared() {
        onlyIf(connector.facet(Writer.class).isPresent(), "does not write");
    }

    private List<WriteResult> write(WriteOp... ops) throws ConnectorException {
        List<WriteResult> results = facet(Writer.class)
                .write(
                        subject.stream(),
                        List.of(ops),
                        new Writer.WriteOptions(subject.linkKeyField(), Duration.ofSeconds(30)));
        assertThat(results)
                .extracting(WriteResult::opId)
                .as("one result per op")
                .containsExactlyInAnyOrder(
                        List.of(ops).stream().map(WriteOp::opId).toArray(String[]::new));
        return List.of(ops).stream()
                .map(op -> results.stream()
                        .filter(result -> result.opId().equals(op.opId()))
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    private Applied applied(WriteOp op) throws ConnectorException {
        WriteResult result = write(op).get(0);
        assertThat(result).isInstanceOf(Applied.class);
        return (Applied) result;
    }

    private RecordError rejected(WriteOp op) throws ConnectorException {
        return rejected(write(op).get(0));
    }

    private static RecordError rejected(WriteResult result) {
        assertThat(result).isInstanceOf(WriteResult.Rejected.class);
        RecordError error = ((WriteResult.Rejected) result).error();
        assertThat(error.message()).as("a refusal says why").isNotBlank();
        return error;
    }

    private WriteOp.Create create(String opId, String linkKey, Map<String, ?> fields) {
        Map<String, Object> set = new HashMap<>(subject.required());
        set.putAll(fields);
        return new WriteOp.Create(opId, linkKey, set);
    }

    private static WriteOp.Update update(String opId, String id, Map<String, Object> set, Set<String> clear) {
        return new WriteOp.Update(opId, id, set, clear, Map.of(), null);
    }

    private static WriteOp.Update expecting(
            String opId, NativeRecord read, Map<String, Object> set, Map<String, Object> expected) {
        return new WriteOp.Update(opId, read.id().id(), set, Set.of(), expected, read.version());
    }

    @Test
    void noOpsGiveNoResults() throws Exception {
        assertThat(write()).isEmpty();
    }

    @Test
    void aCreatedRecordIsThereAsWritten() throws Exception {
        needs(Op.CREATE);
        Applied applied = applied(create("op-1", "key-1", Map.of(first(), "written")));
        assertThat(applied.created()).isTrue();
        assertThat(seen(applied.id())).containsEntry(first(), "written").containsEntry(second(), null);
        assertThat(textsOf(found(applied.id()))).isEqualTo(seen(applied.id()));
        if (applied.record() != null) assertThat(applied.record().fields()).containsEntry(first(), "written");
    }

    @Test
    void textIsWrittenUnchanged() throws Exception {
        needs(Op.CREATE);
        int n = 0;
        for (String text : subject.texts()) {
            Applied applied = applied(create("op-" + n, "key-" + n++, Map.of(first(), text)));
            assertThat(seen(applied.id())).containsEntry(first(), text);
        }
    }

    @Test
    @Tag("duplicate-delivery")
    void theSameLinkKeyTwiceIsADuplicate() throws Exception {
        needs(Op.CREATE);
        onlyIf(subject.linkKeyField() != null, "the stream has no link-key field");
        Applied one = applied(create("op-1", "key-1", Map.of(first(), "one")));
        RecordError error = rejected(create("op-2", "key-1", Map.of(first(), "two")));
        assertThat(error.code()).isEqualTo(Code.DUPLICATE);
        assertThat(error.existingIds()).isSubsetOf(one.id());
        var holders = connector.lookups().byKey(everything(), subject.linkKeyField(), List.of("key-1"));
        assertThat(holders.get("key-1")).extracting(each -> each.id().id()).containsExactly(one.id());
        assertThat(seen(one.id())).containsEntry(first(), "one");
    }

    @Test
    void anUpdateChangesOnlyTheFieldsItNames() throws Exception {
        needs(Op.UPDATE);
        String id = subject.create(texts("a", "b"));
        String bystander = subject.create(texts("a", "b"));
        found(id);
        subject.edit(id, Map.of(second(), "changed by a user"));
        Applied applied = applied(update("op-1", id, Map.of(first(), "changed by the hub"), Set.of()));
        assertThat(applied.id()).isEqualTo(id);
        assertThat(applied.created()).isFalse();
        assertThat(seen(id)).containsEntry(first(), "changed by the hub").containsEntry(second(), "changed by a user");
        assertThat(seen(bystander)).containsEntry(first(), "a").containsEntry(second(), "b");
    }

    @Test
    @Tag("duplicate-delivery")
    void anUpdateSentTwiceLeavesWhatOneLeaves() throws Exception {
        needs(Op.UPDATE);
        String id = subject.create(texts("a", "b"));
        WriteOp op = update("op-1", id, Map.of(first(), "changed"), Set.of());
        for (int i = 0; i < 2; i++) assertThat(applied(op).id()).isEqualTo(id);
        assertThat(seen(id)).containsEntry(first(), "changed").containsEntry(second(), "b");
    }

    @Test
    void aClearedFieldIsEmpty() throws Exception {
        needs(Op.CLEAR_FIELD);
        String id = subject.create(texts("a", "b"));
        applied(update("op-1", id, Map.of(first(), "c"), Set.of(second())));
        assertThat(seen(id)).containsEntry(first(), "c").containsEntry(second(), null);
        assertThat(found(id).fields()).containsEntry(second(), null);
    }

    @Test
    void anUpdateThatExpectedSomethingElseIsAConflict() throws Exception {
        needs(Op.CONDITIONAL_UPDATE);
        String id = subject.create(texts("old", null));
        NativeRecord read = found(id);
        subject.settle();
        subject.edit(id, Map.of(first(), "by a user"));
        RecordError error = rejected(expecting("op-1", read, Map.of(first(), "by the hub"), Map.of(first(), "old")));
        assertThat(error.code()).isEqualTo(Code.VERSION_CONFLICT);
        assertThat(seen(id)).containsEntry(first(), "by a user");
    }

    @Test
    void anUpdateThatExpectedRightIsApplied() throws Exception {
        needs(Op.CONDITIONAL_UPDATE);
        String id = subject.create(texts("old", null));
        Map<String, Object> expected = new HashMap<>(Map.of(first(), "old"));
        expected.put(second(), null);
        WriteOp op = expecting("op-1", found(id), Map.of(first(), "new", second(), "filled"), expected);
        assertThat(write(op)).hasOnlyElementsOfType(Applied.class);
        assertThat(seen(id)).containsEntry(first(), "new").containsEntry(second(), "filled");
    }

    @Test
    void anExpectedEmptyFieldThatWasFilledIsAConflict() throws Exception {
        needs(Op.CONDITIONAL_UPDATE);
        String id = subject.create(texts("a", null));
        NativeRecord read = found(id);
        subject.settle();
        subject.edit(id, Map.of(second(), "filled by a user"));
        Map<String, Object> expected = Collections.singletonMap(second(), null);
        assertThat(rejected(expecting("op-1", read, Map.of(second(), "hub"), expected))
                        .code())
                .isEqualTo(Code.VERSION_CONFLICT);
        assertThat(seen(id)).containsEntry(second(), "filled by a user");
    }

    @Test
    void anUnknownIdIsNotFound() throws Exception {
        needs(Op.UPDATE);
        subject.create(texts("a", "b"));
        assertThat(rejected(update("op-1", "999999999", Map.of(first(), "x"), Set.of()))
                        .code())
                .isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void anUnknownFieldIsNamedAndNothingOfTheRecordChanges() throws Exception {
        needs(Op.UPDATE);
        String id = subject.create(texts("a", "b"));
        RecordError error = rejected(update("op-1", id, Map.of(first(), "x", "noSuchField", "y"), Set.of()));
        assertThat(error.code()).isEqualTo(Code.UNKNOWN_FIELD);
        assertThat(error.field()).isEqualTo("noSuchField");
        assertThat(seen(id)).containsEntry(first(), "a");
    }

    @Test
    @Tag("CON-1")
    void aFieldThatIsNotUpdateableIsRefused() throws Exception {
        needs(Op.UPDATE);
        FieldDef fixed = definition().fields().stream()
                .filter(field ->
                        !field.updateable() && (field.type() == FieldType.STRING || field.type() == FieldType.INT))
                .findFirst()
                .orElse(null);
        onlyIf(fixed != null, "every text field may be updated");
        String id = subject.create(texts("a", "b"));
        Object value = fixed.type() == FieldType.INT ? (Object) 77L : "77";
        RecordError error = rejected(update("op-1", id, Map.of(fixed.name(), value), Set.of()));
        assertThat(error.code()).isEqualTo(Code.FIELD_NOT_WRITABLE);
        assertThat(error.field()).isEqualTo(fixed.name());
        assertThat(seen(id)).containsEntry(first(), "a");
    }

    @Test
    @Tag("partial-batch")
    void oneBadOpInABatchDoesNotHideTheOthers() throws Exception {
        needs(Op.UPDATE);
        String one = subject.create(texts("1", null));
        String two = subject.create(texts("2", null));
        onlyIf(can().writing().maxBatch() >= 3, "takes one op at a time");
        List<WriteResult> results = write(
                update("op-1", one, Map.of(first(), "one"), Set.of()),
                update("op-2", "999999999", Map.of(first(), "nobody"), Set.of()),
                update("op-3", two, Map.of(first(), "two"), Set.of()));
        assertThat(rejected(results.get(1)).code()).isEqualTo(Code.NOT_FOUND);
        for (int i : new int[] {0, 2})
            assertThat(results.get(i))
                    .isInstanceOf(can().writing().atomic() ? WriteResult.NotAttempted.class : Applied.class);
        assertThat(seen(one)).containsEntry(first(), can().writing().atomic() ? "1" : "one");
        assertThat(seen(two)).containsEntry(first(), can().writing().atomic() ? "2" : "two");
    }

    @Test
    @Tag("CON-1")
    void aFullBatchIsTaken() throws Exception {
        needs(Op.CREATE);
        int size = can().writing().maxBatch();
        List<WriteOp> ops = new ArrayList<>();
        for (int i = 0; i < size; i++) ops.add(create("op-" + i, "key-" + i, Map.of(first(), "record " + i)));
        List<WriteResult> results = write(ops.toArray(WriteOp[]::new));
        assertThat(results).hasOnlyElementsOfType(Applied.class);
        assertThat(results).extracting(result -> ((Applied) result).id()).doesNotHaveDuplicates();
        assertThat(seen(((Applied) results.get(size - 1)).id())).containsEntry(first(), "record " + (size - 1));
    }

    @Test
    @Tag("CON-1")
    void opsThatAreNotDeclaredAreRefusedAsUnsupported() throws Exception {
        String id = subject.create(texts("a", "b"));
        if (!can().ops().contains(Op.CREATE))
            assertThat(rejected(create("op-1", "key-1", Map.of(first(), "x"))).code())
                    .isEqualTo(Code.UNSUPPORTED);
        if (!can().ops().contains(Op.UPDATE))
            assertThat(rejected(update("op-2", id, Map.of(first(), "x"), Set.of()))
                            .code())
                    .isEqualTo(Code.UNSUPPORTED);
        if (!can().ops().contains(Op.CLEAR_FIELD))
            assertThat(rejected(update("op-3", id, Map.of(), Set.of(second()))).code())
                    .isEqualTo(Code.UNSUPPORTED);
        assertThat(seen(id)).containsEntry(first(), "a").containsEntry(second(), "b");
    }

    @Test
    void aStreamThatIsNotThereIsSchemaDrift() {
        WriteOp op = update("op-1", "1", Map.of("a", "b"), Set.of());
        assertThatThrownBy(() -> facet(Writer.class)
                        .write("noSuchStream", List.of(op), new Writer.WriteOptions(null, Duration.ofSeconds(30))))
                .isInstanceOf(ConnectorException.SchemaDrift.class);
    }
}
