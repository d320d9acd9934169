package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.Capabilities.DeleteFeed.Source;
import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Capabilities.Op;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Lookup;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.Restorer;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Deletes, as the feed reports them and as the writer does them. */
abstract class DeletesContract extends Contract {
    private final Replica replica = new Replica();

    @Test
    @Tag("lost-delete")
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
    @Tag("duplicate-delivery")
    void aDeletePolledTwiceComesTwice() throws Exception {
        needs(Feed.DELETES);
        List<String> ids = createRecords(10);
        Checkpoint position = replica.catchUp(connector, everything(), earliest(), 100);
        subject.delete(ids.get(0));
        subject.settle();
        for (int i = 0; i < 2; i++) replica.catchUp(connector, everything(), position, 100);
        assertThat(deleted()).hasSizeGreaterThanOrEqualTo(2).containsOnly(ids.get(0));
    }

    @Test
    @Tag("lost-delete")
    void aDeleteBetweenNowAndTheEndOfASnapshotIsNotLost() throws Exception {
        needs(Feed.DELETES);
        needs(Feed.SNAPSHOT);
        List<String> ids = createRecords(10);
        Checkpoint now = changes().start(everything(), StartAt.NOW);
        SnapshotSource.Page page = snapshots().page(everything(), null, 4);
        Set<String> known = new TreeSet<>();
        page.records().forEach(record -> known.add(record.id().id()));
        String read = known.iterator().next();
        subject.delete(read);
        String unread =
                ids.stream().filter(id -> !known.contains(id)).findFirst().orElseThrow();
        subject.delete(unread);
        subject.settle();
        try {
            while (!page.last()) {
                page = snapshots().page(everything(), page.next(), 4);
                page.records().forEach(record -> known.add(record.id().id()));
            }
        } catch (ConnectorException.CheckpointExpired e) {
            known.addAll(ids); // the worst a reader can have learned from an abandoned snapshot
        }
        replica.catchUp(connector, everything(), now, 100);
        known.removeAll(deleted());
        ids.removeAll(List.of(read, unread));
        assertThat(known).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    @Tag("lost-delete")
    void aRecordDeletedAndCreatedAgainIsThereInTheEnd() throws Exception {
        needs(Feed.DELETES);
        List<String> ids = createRecords(6);
        Checkpoint position = replica.catchUp(connector, everything(), earliest(), 100);
        subject.delete(ids.get(2));
        shownOnlyIf(subject.recreate(ids.get(2), texts("again", null)), "ids are never used again");
        subject.settle();
        replica.catchUp(connector, everything(), position, 100);
        assertThat(replica.records()).containsOnlyKeys(ids);
        assertThat(textsOf(replica.records().get(ids.get(2)))).isEqualTo(seen(ids.get(2)));
        if (can().reading().deletes().source() == Source.LOG)
            assertThat(deleted()).containsExactly(ids.get(2));
    }

    @Test
    @Tag("lost-delete")
    void aPositionTheSystemForgotIsExpiredAndNotQuiet() throws Exception {
        needs(Feed.INCREMENTAL);
        List<String> ids = createRecords(4);
        Checkpoint position = replica.catchUp(connector, everything(), earliest(), 100);
        subject.delete(ids.get(1));
        subject.settle();
        shownOnlyIf(subject.forget(), "the subject cannot forget changes");
        assertThatThrownBy(() -> changes().poll(everything(), position, 100))
                .isInstanceOf(ConnectorException.CheckpointExpired.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 5, 8})
    @Tag("lost-delete")
    void aReaderHoldsExactlyTheRecordsThatAreThere(long seed) throws Exception {
        needs(Feed.DELETES);
        Random random = new Random(seed);
        List<String> ids = createRecords(12);
        Checkpoint position = replica.catchUp(connector, everything(), earliest(), 100);
        for (int step = 0; step < 30; step++) {
            String id = ids.get(random.nextInt(ids.size()));
            switch (random.nextInt(5)) {
                case 0 -> ids.add(subject.create(texts("created " + step, null)));
                case 1 -> subject.edit(id, texts("edited " + step, null));
                case 2 -> {
                    if (ids.size() > 3 && ids.remove(id)) subject.delete(id);
                }
                case 3 -> restart();
                default -> {
                    subject.settle();
                    position = replica.catchUp(connector, everything(), position, 1 + random.nextInt(4));
                }
            }
        }
        subject.settle();
        replica.catchUp(connector, everything(), position, 2);
        assertThat(replica.records()).containsOnlyKeys(ids);
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
    @Tag("duplicate-delivery")
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

    @Test
    @Tag("CON-1")
    void anUndeletedRecordIsBack() throws Exception {
        needs(Op.UNDELETE);
        List<String> ids = createRecords(3);
        Checkpoint position = can().feeds().contains(Feed.INCREMENTAL)
                ? replica.catchUp(connector, everything(), earliest(), 100)
                : null;
        subject.delete(ids.get(1));
        subject.settle();
        if (position != null) position = replica.catchUp(connector, everything(), position, 100);
        WriteResult result = undelete(ids.get(1));
        assertThat(result).isInstanceOf(WriteResult.Applied.class);
        String id = ((WriteResult.Applied) result).id();
        assertThat(id).as("the id it had").isEqualTo(ids.get(1));
        assertThat(seen(id)).containsEntry(first(), "record 1");
        assertThat(found(id).fields()).containsEntry(first(), "record 1");
        if (position == null) return;
        subject.settle();
        replica.catchUp(connector, everything(), position, 100);
        assertThat(replica.records()).containsOnlyKeys(ids.get(0), id, ids.get(2));
    }

    @Test
    @Tag("CON-1")
    void whatWasNeverDeletedOrNeverThereCannotBeUndeleted() throws Exception {
        needs(Op.UNDELETE);
        List<String> ids = createRecords(1);
        assertThat(undelete("999999999")).isInstanceOf(WriteResult.Rejected.class);
        undelete(ids.get(0)); // either answer will do, as the record is there
        assertThat(seen(ids.get(0))).containsEntry(first(), "record 0");
    }

    private WriteResult undelete(String id) throws Exception {
        List<WriteResult> results = facet(Restorer.class).undelete(subject.stream(), Map.of("op", id));
        assertThat(results).extracting(WriteResult::opId).containsExactly("op");
        return results.get(0);
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
        subject.settle();
        List<WriteResult> results = facet(Writer.class)
                .write(
                        subject.stream(),
                        List.of(new WriteOp.Delete("op", id, expected, version)),
                        new Writer.WriteOptions(subject.linkKeyField(), Duration.ofSeconds(30)));
        assertThat(results).hasSize(1);
        return results.get(0);
    }
}
