package io.kintsugi.connector.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A change feed loses nothing: at boundaries, among equal times, with late commits, over restarts. */
@Tag("SYN-6")
abstract class ChangeFeedContract extends Contract {
    private final Replica replica = new Replica();

    @BeforeEach
    void declared() throws Exception {
        needs(Feed.INCREMENTAL);
    }

    private Checkpoint startNow() throws Exception {
        return changes().start(everything(), StartAt.NOW);
    }

    private Checkpoint catchUp(Checkpoint from, int maxRecords) throws Exception {
        return replica.catchUp(connector, everything(), from, maxRecords);
    }

    private void assertReplicaHolds(List<String> ids) throws Exception {
        Map<String, Object> expected = new TreeMap<>();
        for (String id : ids) expected.put(id, seen(id));
        Map<String, Object> actual = new TreeMap<>();
        for (NativeRecord record : replica.records().values())
            if (ids.contains(record.id().id())) actual.put(record.id().id(), textsOf(record));
        assertThat(actual).isEqualTo(expected);
    }

    @Test
    void fromTheEarliestPositionEveryRecordComes() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) ids.add(subject.create(texts("record " + i, null)));
        subject.settle();
        catchUp(changes().start(everything(), StartAt.EARLIEST), 3);
        assertReplicaHolds(ids);
    }

    @Test
    void whatHappensAfterNowComesCreatedOrEdited() throws Exception {
        String old = subject.create(texts("old", null));
        subject.settle();
        Checkpoint now = startNow();
        String fresh = subject.create(texts("fresh", "f"));
        subject.edit(old, Map.of(second(), "edited"));
        subject.settle();
        catchUp(now, 100);
        assertReplicaHolds(List.of(old, fresh));
    }

    @Test
    void anEditBetweenNowAndTheEndOfASnapshotIsNotLost() throws Exception {
        String id = subject.create(texts("before", null));
        subject.settle();
        Checkpoint now = startNow();
        subject.edit(id, Map.of(first(), "during"));
        subject.settle();
        catchUp(now, 100);
        assertReplicaHolds(List.of(id));
    }

    @Test
    @Tag("boundary-cursor")
    void aChangeAtTheBoundaryOfAPollComesWithTheNext() throws Exception {
        List<String> ids = new ArrayList<>();
        Checkpoint position = startNow();
        for (int i = 0; i < 6; i++) { // no pause between a poll and the change after it
            ids.add(subject.create(texts("record " + i, null)));
            position = catchUp(position, 100);
        }
        subject.settle();
        catchUp(position, 100);
        assertReplicaHolds(ids);
    }

    @Test
    @Tag("boundary-cursor")
    void changesWithOneTimeAllComeHoweverSmallTheBatch() throws Exception {
        for (int size : new int[] {1, 3, 10}) {
            Checkpoint now = startNow();
            List<Map<String, String>> rows = new ArrayList<>();
            for (int i = 0; i < 10; i++) rows.add(texts("record " + i, "batch " + size));
            List<String> ids = subject.createTogether(rows);
            subject.settle();
            catchUp(now, size);
            assertReplicaHolds(ids);
        }
    }

    @Test
    @Tag("reorder")
    void aChangeThatCommitsLateIsStillSeen() throws Exception {
        Checkpoint position = startNow();
        var held = subject.hold(texts("held back", "h"));
        shownOnlyIf(held.isPresent(), "changes of the subject cannot commit late");
        List<String> ids = new ArrayList<>();
        ids.add(subject.create(texts("overtook", "o")));
        position = catchUp(position, 100);
        ids.add(held.get().release());
        position = catchUp(position, 100);
        subject.settle();
        catchUp(position, 100);
        assertReplicaHolds(ids);
    }

    @Test
    @Tag("reorder")
    void theLastStateOfARecordComesLast() throws Exception {
        String id = subject.create(texts("first", null));
        String other = subject.create(texts("first", null));
        subject.settle();
        Checkpoint position = startNow();
        for (int i = 0; i < 5; i++) {
            subject.edit(i % 2 == 0 ? id : other, texts("edit " + i, i % 2 == 0 ? null : "odd"));
            if (i == 2) subject.settle();
            position = catchUp(position, 1);
        }
        subject.settle();
        catchUp(position, 1);
        assertReplicaHolds(List.of(id, other));
    }

    @Test
    @Tag("duplicate-delivery")
    void theSamePositionPolledTwiceGivesAtLeastTheSame() throws Exception {
        Checkpoint now = startNow();
        for (int i = 0; i < 4; i++) subject.create(texts("record " + i, null));
        subject.settle();
        List<Change> one = changes().poll(everything(), now, 100).changes();
        List<Change> two = changes().poll(everything(), now, 100).changes();
        assertThat(one).hasSizeGreaterThanOrEqualTo(4);
        assertThat(two)
                .extracting(change -> change.id().id())
                .containsAll(one.stream().map(change -> change.id().id()).toList());
    }

    @Test
    void aPositionSurvivesARestart() throws Exception {
        List<String> ids = new ArrayList<>();
        Checkpoint position = startNow();
        for (int i = 0; i < 3; i++) {
            ids.add(subject.create(texts("record " + i, null)));
            subject.edit(ids.get(0), Map.of(second(), "edit " + i));
            subject.settle();
            restart();
            position = catchUp(position, 1);
        }
        assertReplicaHolds(ids);
    }

    @Tag("duplicate-delivery")
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 5, 8, 13})
    void aReaderEndsWithWhatUsersSeeWhateverTheyDid(long seed) throws Exception {
        Random random = new Random(seed);
        List<String> ids = new ArrayList<>();
        List<Checkpoint> positions = new ArrayList<>();
        positions.add(startNow());
        for (int step = 0; step < 40; step++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> ids.add(subject.create(texts("created " + step, null)));
                case 2 -> {
                    if (!ids.isEmpty())
                        subject.edit(ids.get(random.nextInt(ids.size())), texts("edited " + step, "" + seed));
                }
                case 3 -> subject.settle();
                case 4 -> restart();
                default -> positions.add(catchUp(positions.get(positions.size() - 1), 1 + random.nextInt(5)));
            }
        }
        subject.settle();
        catchUp(positions.get(positions.size() - 1), 3);
        assertReplicaHolds(ids);
        // an engine that lost its last checkpoints reads old positions again: duplicates, never losses or old values at
        // the end
        catchUp(positions.get(random.nextInt(positions.size())), 2);
        assertReplicaHolds(ids);
    }

    @Test
    void aQuietSystemIsCaughtUp() throws Exception {
        subject.create(texts("a", "b"));
        subject.settle();
        Checkpoint position = catchUp(startNow(), 10);
        for (int i = 0; i < 3; i++) {
            subject.settle();
            position = catchUp(position, 10);
        }
        subject.settle();
        var batch = changes().poll(everything(), position, 10);
        assertThat(batch.caughtUp()).isTrue();
        assertThat(batch.changes()).isEmpty();
    }

    @Test
    void whatIsCompleteIsNeverInTheFuture() throws Exception {
        Checkpoint now = startNow();
        subject.create(texts("a", "b"));
        subject.settle();
        var batch = changes().poll(everything(), now, 10);
        if (batch.completeUpTo() != null)
            assertThat(batch.completeUpTo()).isBeforeOrEqualTo(subject.clock().instant());
    }

    @Test
    @Tag("CON-1")
    void changeTimesHaveTheDeclaredPrecision() throws Exception {
        Duration precision = can().reading().cursor().precision();
        Checkpoint now = startNow();
        for (int i = 0; i < 5; i++) subject.create(texts("record " + i, null));
        subject.settle();
        catchUp(now, 10);
        assertThat(replica.applied()).isNotEmpty().allSatisfy(change -> {
            if (change.at() == null) return;
            assertThat(precision).as("precision, as changes carry times").isPositive();
            assertThat(change.at().getNano() % Math.min(precision.toNanos(), 1_000_000_000L))
                    .as("nanoseconds beyond the precision")
                    .isZero();
        });
    }

    @Test
    @Tag("CON-1")
    void changesComeInOrderIfDeclaredSorted() throws Exception {
        onlyIf(can().reading().cursor().sorted(), "does not declare sorted changes");
        Checkpoint now = startNow();
        for (int i = 0; i < 6; i++) {
            subject.create(texts("record " + i, null));
            if (i % 2 == 0) subject.settle();
        }
        subject.settle();
        catchUp(now, 4);
        List<Instant> times = replica.applied().stream().map(Change::at).toList();
        assertThat(times).doesNotContainNull().isSorted();
    }

    @Test
    @Tag("CON-1")
    void deletesComeOnlyIfDeclared() throws Exception {
        onlyIf(!can().feeds().contains(Feed.DELETES), "declares DELETES");
        String id = subject.create(texts("a", "b"));
        subject.settle();
        Checkpoint position = catchUp(startNow(), 10);
        subject.delete(id);
        subject.settle();
        catchUp(position, 10);
        assertThat(replica.applied()).noneMatch(Change.Deleted.class::isInstance);
    }

    @Test
    void aPositionOfAnotherConnectorOrALaterFormatIsRefused() throws Exception {
        Checkpoint own = startNow();
        assertRefused(() -> changes().poll(everything(), foreign(own), 10));
        assertRefused(() -> changes().poll(everything(), newer(own), 10));
    }

    @Test
    void aStreamThatIsNotThereIsSchemaDrift() throws Exception {
        Checkpoint own = startNow();
        Query query = new Query("noSuchStream", List.of());
        assertThatThrownBy(() -> changes().start(query, StartAt.NOW))
                .isInstanceOf(ConnectorException.SchemaDrift.class);
        assertThatThrownBy(() -> changes().poll(query, own, 10)).isInstanceOf(ConnectorException.class);
    }
}
