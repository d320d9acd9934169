package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Deletes, as the feed reports them and as the writer does them. */
abstract class DeletesContract extends Contract {
    private final Replica replica = new Replica();

    @Test
    void aUsersDeleteComesWithTheNextPollAndOnlyThatOne() throws Exception {
        needs(Feed.DELETES);
        List<String> ids = createRecords(10);
        Checkpoint position = replica.catchUp(connector, everything(), earliest(), 100);
        subject.delete(ids.get(4));
        subject.settle();
        restart();
        replica.catchUp(connector, everything(), position, 3);
        assertThat(deleted()).containsExactly(ids.get(4));
    }

    @Test
    void aDeletePolledTwiceComesTwice() throws Exception {
        needs(Feed.DELETES);
        List<String> ids = createRecords(10);
        Checkpoint position = replica.catchUp(connector, everything(), earliest(), 100);
        subject.delete(ids.get(0));
        subject.settle();
        for (int i = 0; i < 2; i++) replica.catchUp(connector, everything(), position, 100);
        assertThat(deleted()).hasSizeGreaterThanOrEqualTo(2).containsOnly(ids.get(0));
    }

    private List<String> createRecords(int count) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) ids.add(subject.create(texts("record " + i, null)));
        subject.settle();
        return ids;
    }

    private Checkpoint earliest() throws Exception {
        return changes().start(everything(), StartAt.EARLIEST);
    }

    private List<String> deleted() {
        return replica.applied().stream()
                .filter(Change.Deleted.class::isInstance)
                .map(change -> change.id().id())
                .toList();
    }

    @Test
    void aWrittenDeleteTakesAwayThatRecordOnly() throws Exception {
        needsDelete();
        List<String> ids = createRecords(3);
        assertThat(delete(ids.get(1), Map.of())).isInstanceOf(WriteResult.Applied.class);
        assertThat(subject.read(ids.get(1))).isEmpty();
        assertThat(seen(ids.get(0))).containsEntry(first(), "record 0");
        assertThat(seen(ids.get(2))).containsEntry(first(), "record 2");
        assertThat(lookUp(ids.get(1))).isInstanceOfAny(Lookup.Gone.class, Lookup.Unknown.class);
    }

    @Test
    @Tag("CON-1")
    void anArchivedRecordIsKnownToBeGone() throws Exception {
        needs(Op.ARCHIVE);
        List<String> ids = createRecords(2);
        assertThat(delete(ids.get(0), Map.of())).isInstanceOf(WriteResult.Applied.class);
        assertThat(lookUp(ids.get(0))).isInstanceOf(Lookup.Gone.class);
    }

    @Test
    void deletingWhatIsNotThereSaysSo() throws Exception {
        needsDelete();
        List<String> ids = createRecords(2);
        assertThat(delete(ids.get(0), Map.of())).isInstanceOf(WriteResult.Applied.class);
        for (String id : List.of(ids.get(0), "999999999"))
            assertThat(refusal(delete(id, Map.of()))).isIn(Code.NOT_FOUND, Code.DELETED, Code.MERGED_AWAY);
    }

    @Test
    void aDeleteThatExpectedSomethingElseIsAConflict() throws Exception {
        needsDelete();
        needs(Op.CONDITIONAL_UPDATE);
        List<String> ids = createRecords(2);
        String version = found(ids.get(0)).version();
        subject.edit(ids.get(0), Map.of(first(), "by a user"));
        subject.settle();
        assertThat(refusal(delete(ids.get(0), Map.of(first(), "record 0"), version)))
                .isEqualTo(Code.VERSION_CONFLICT);
        assertThat(seen(ids.get(0))).containsEntry(first(), "by a user");
        version = found(ids.get(1)).version();
        assertThat(delete(ids.get(1), Map.of(first(), "record 1"), version)).isInstanceOf(WriteResult.Applied.class);
        assertThat(subject.read(ids.get(1))).isEmpty();
    }

    @Test
    @Tag("CON-1")
    void aDeleteThatIsNotDeclaredIsRefusedAndDoesNothing() throws Exception {
        onlyIf(!deletes(), "takes deletes");
        onlyIf(connector.facet(Writer.class).isPresent(), "does not write");
        String id = subject.create(texts("stays", null));
        assertThat(refusal(delete(id, Map.of()))).isEqualTo(Code.UNSUPPORTED);
        assertThat(subject.read(id)).isPresent();
    }

    private boolean deletes() throws Exception {
        return can().ops().contains(Op.DELETE) || can().ops().contains(Op.ARCHIVE);
    }

    private void needsDelete() throws Exception {
        onlyIf(deletes(), "declares neither DELETE nor ARCHIVE");
    }

    private static Code refusal(WriteResult result) {
        assertThat(result).isInstanceOf(WriteResult.Rejected.class);
        return ((WriteResult.Rejected) result).error().code();
    }

    private WriteResult delete(String id, Map<String, Object> expected) throws Exception {
        return delete(id, expected, null);
    }

    private WriteResult delete(String id, Map<String, Object> expected, String version) throws Exception {
        List<WriteResult> results = facet(Writer.class)
                .write(
                        subject.stream(),
                        List.of(new WriteOp.Delete("op", id, expected, version)),
                        new Writer.WriteOptions(subject.linkKeyField(), Duration.ofSeconds(30)));
        assertThat(results).hasSize(1);
        return results.get(0);
    }
}
