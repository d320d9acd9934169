package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.Unreadable;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Run;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Records;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.load.Loader;
import io.kintsugi.server.engine.load.Loader.Job;
import io.kintsugi.server.engine.shared.Ids;
import io.kintsugi.server.engine.shared.LiveModel;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LoaderTest {
    private static final int ROWS = 30;
    private final HubStore store = new MemoryHubStore();
    private final Clock clock = Clock.systemUTC();
    private final LiveModel model =
            new LiveModel(new ModelStore(store, clock).publish(ModelStore.Documents.NONE, "test"));
    private final Hub hub =
            Hub.over(store, model, new Connectors(List.of(), clock, Path.of("none")), clock, Ids.secure(clock));
    private final Loader loader = new Loader(hub, clock, Ids.secure(clock));

    private static Job job(FieldMapping... more) {
        var fields = new ArrayList<>(List.of(
                new FieldMapping("first", "firstName", List.of(), false),
                new FieldMapping("last", "lastName", List.of(), false),
                new FieldMapping("mail", "email", List.of(), false)));
        fields.addAll(List.of(more));
        var mapping = new StreamMapping("people", "contact", fields, false, false, null);
        return new Job("people", "a place", new Query("people", List.of()), mapping, row -> {
            var source = row.fields().get("source").toString();
            return source.isEmpty() ? null : source;
        });
    }

    /** Persons of whom every third is in two systems; a page is as large as the test says. */
    private static final class Rows implements SnapshotSource {
        private final int page;
        private int failAt = -1;
        private int expireAt = -1;
        private int broken = 17;
        private int reads;

        Rows(int page) {
            this.page = page;
        }

        @Override
        public Page page(Query query, Checkpoint cursor, int maxRecords) throws ConnectorException {
            int from = cursor == null ? 0 : Integer.parseInt(cursor.json());
            if (from == failAt) throw new ConnectorException.Transient("the rows are away", null);
            if (from == expireAt) {
                expireAt = -1;
                throw new ConnectorException.CheckpointExpired(null, "the rows changed");
            }
            reads++;
            var records = new ArrayList<NativeRecord>();
            var unreadable = new ArrayList<Unreadable>();
            int end = Math.min(ROWS, from + page);
            for (int i = from; i < end; i++) {
                if (i == broken) unreadable.add(new Unreadable("people", "line 18", "is broken", "x"));
                else records.add(row(i));
            }
            return new Page(records, unreadable, new Checkpoint("test", 1, "people", "" + end), end == ROWS);
        }

        private static NativeRecord row(int i) {
            int person = i % 3 == 0 ? i / 6 : 100 + i;
            var source = i == 22 ? "" : i % 2 == 0 ? "crm" : "shop";
            return new NativeRecord(
                    new RecordId("people", "r" + i),
                    Map.of(
                            "first",
                            "Ann" + person,
                            "last",
                            "Lee",
                            "mail",
                            "p" + person + "@acme.example",
                            "source",
                            source),
                    null,
                    null,
                    null);
        }
    }

    /** Every commit is done, but its answer is lost and the work runs again. */
    private static HubStore deaf(HubStore store) {
        return new HubStore() {
            @Override
            public <T> T write(Function<HubTransaction, T> work) {
                store.write(work);
                return store.write(work);
            }

            @Override
            public <T> T read(Function<HubTransaction, T> work) {
                return store.read(work);
            }

            @Override
            public void close() {
                store.close();
            }
        };
    }

    @Test
    void aPageWhoseCommitWasNotHeardOfIsCountedOnce() throws ConnectorException {
        var counts = load(job(), new Rows(7)).counts();
        try (var other = new MemoryHubStore()) {
            var model = new LiveModel(new ModelStore(other, clock).publish(ModelStore.Documents.NONE, "test"));
            var hub = Hub.over(
                    deaf(other), model, new Connectors(List.of(), clock, Path.of("none")), clock, Ids.secure(clock));
            var run = new Loader(hub, clock, Ids.secure(clock)).load(job(), new Rows(7), progress -> {});
            assertThat(run.counts()).isEqualTo(counts);
        }
    }

    private Run load(Job job, Rows rows) throws ConnectorException {
        return loader.load(job, rows, progress -> {});
    }

    private long records() {
        return store.read(tx -> tx.records().counts()).stream()
                .mapToLong(Records.Count::records)
                .sum();
    }

    private long goldens() {
        return store.read(tx -> tx.goldens().counts()).get("contact");
    }

    private long feedEnd() {
        return store.read(tx -> tx.goldens().feedEnd());
    }

    private long unmappable() {
        return store.read(tx -> tx.reviews().openCounts()).getOrDefault(Review.Kind.UNMAPPABLE, 0L);
    }

    @Test
    void everyRowIsCountedOnceAndResolved() throws ConnectorException {
        var run = load(job(), new Rows(7));
        assertThat(run.state()).isEqualTo(Run.RunState.DONE);
        assertThat(run.counts())
                .isEqualTo(Map.of("read", 30L, "stored", 28L, "unchanged", 0L, "echo", 0L, "unmappable", 2L));
        assertThat(records()).isEqualTo(28);
        assertThat(goldens()).isEqualTo(28 - 5);
        List<RecordKey> waiting = store.read(tx -> tx.records().pending(10));
        assertThat(waiting).isEmpty();
        List<Records.Count> counts = store.read(tx -> tx.records().counts());
        assertThat(counts).extracting(Records.Count::system).contains("crm", "shop");
    }

    @Test
    void rowsThatCannotBeTakenWaitAsReviewsAndAreTold() throws ConnectorException {
        var told = new ArrayList<Unreadable>();
        loader.load(job(), new Rows(7), progress -> told.addAll(progress.parked()));
        assertThat(told).extracting(Unreadable::place).containsExactly("line 18", "r22");
        assertThat(unmappable()).isEqualTo(2);
    }

    @Test
    @DisplayName("SYN-7: a row without an id is no question any more once a load has read all rows and not met it")
    void whatALoadOfAllRowsDoesNotMeetIsNoQuestionAnyMore() throws ConnectorException {
        load(job(), new Rows(7));
        load(job(), new Rows(11));
        assertThat(unmappable()).as("still broken").isEqualTo(2);
        var mended = new Rows(7);
        mended.broken = -1;
        mended.failAt = 21;
        assertThatThrownBy(() -> load(job(), mended)).hasMessage("the rows are away");
        mended.failAt = -1;
        load(job(), mended);
        assertThat(unmappable())
                .as("nobody knows what was met before the load was stopped")
                .isEqualTo(2);
        load(job(), mended);
        assertThat(unmappable()).as("but for the row of no system").isOne();
    }

    @Test
    @DisplayName("SYN-5: a load that was stopped goes on where it was and ends with the same counts")
    void aStoppedLoadGoesOn() throws ConnectorException {
        var rows = new Rows(7);
        rows.failAt = 14;
        assertThatThrownBy(() -> load(job(), rows)).hasMessage("the rows are away");
        assertThat(records()).isEqualTo(14);
        rows.failAt = -1;
        rows.reads = 0;
        var run = load(job(), rows);
        assertThat(rows.reads).as("pages read after the stop").isEqualTo(3);
        assertThat(run.counts())
                .isEqualTo(Map.of("read", 30L, "stored", 28L, "unchanged", 0L, "echo", 0L, "unmappable", 2L));
        assertThat(goldens()).isEqualTo(23);
    }

    @Test
    void loadingAgainChangesNothing() throws ConnectorException {
        load(job(), new Rows(7));
        long end = feedEnd();
        var run = load(job(), new Rows(11));
        assertThat(run.counts())
                .containsEntry("unchanged", 28L)
                .containsEntry("stored", 0L)
                .containsEntry("read", 30L);
        assertThat(feedEnd()).isEqualTo(end);
        assertThat(unmappable()).isEqualTo(2);
    }

    @Test
    void rowsThatChangeWhileTheyAreReadAreReadFromTheBeginning() throws ConnectorException {
        var rows = new Rows(7);
        rows.expireAt = 21;
        var run = load(job(), rows);
        assertThat(run.counts())
                .containsEntry("read", 30L)
                .containsEntry("unchanged", 20L)
                .containsEntry("stored", 8L);
        List<Run> runs = store.read(tx -> tx.journal().runs(null, 10).items());
        assertThat(runs).extracting(Run::state).containsExactlyInAnyOrder(Run.RunState.DONE, Run.RunState.FAILED);
    }

    @Test
    void aPositionOfAnotherMappingIsNotUsed() throws ConnectorException {
        var rows = new Rows(7);
        rows.failAt = 14;
        assertThatThrownBy(() -> load(job(), rows)).isInstanceOf(ConnectorException.class);
        rows.failAt = -1;
        var run = load(job(new FieldMapping("source", "segment", List.of(), false)), rows);
        assertThat(run.counts()).containsEntry("read", 30L).containsEntry("stored", 28L);
    }

    @Test
    void aPageIsResolvedInTheTransactionThatStoresIt() throws ConnectorException {
        var resolved = new ArrayList<Long>();
        loader.load(job(), new Rows(7), progress -> {
            resolved.add(progress.resolved());
            assertThat((List<?>) store.read(tx -> tx.records().pending(1))).isEmpty();
        });
        assertThat(resolved.get(0)).isEqualTo(7);
        assertThat(resolved.get(resolved.size() - 1)).isEqualTo(28);
    }

    @Test
    @DisplayName("SYN-7: a row that cannot be resolved is set aside and named, and all others are loaded and resolved")
    void aPoisonRowIsSetAside() throws ConnectorException {
        var poison = new RecordKey("crm", "contact", "r8");
        var watched = new WatchedStore(store, (call, arguments) -> {
            if (call.equals("records.hold") && ((Collection<?>) arguments[0]).contains(poison)) {
                throw new HubException(HubErrorCode.INTERNAL, "the graph refused a query of the hub");
            }
        });
        var other =
                Hub.over(watched, model, new Connectors(List.of(), clock, Path.of("none")), clock, Ids.secure(clock));
        var run = new Loader(other, clock, Ids.secure(clock)).load(job(), new Rows(7), progress -> {});
        assertThat(run.counts()).containsEntry("read", 30L).containsEntry("stored", 28L);
        assertThat(goldens()).isEqualTo(28 - 5 - 1);
        assertThat(unmappable()).isEqualTo(3);
    }

    @Test
    void rowsThatChangedAreResolvedBeforeTheLoadEnds() throws ConnectorException {
        load(job(), new Rows(7));
        load(job(new FieldMapping("mail", "phone", List.of(), false)), new Rows(7));
        List<RecordKey> waiting = store.read(tx -> tx.records().pending(10));
        assertThat(waiting).isEmpty();
        assertThat(goldens()).isEqualTo(23);
    }

    @Test
    void oneRowIsTakenAndResolvedAtOnce() {
        var row = Rows.row(1);
        loader.take(job(), row);
        assertThat(records()).isOne();
        assertThat(goldens()).isOne();
        var fields = new HashMap<String, Object>(row.fields());
        fields.put("first", "Bea");
        loader.take(job(), new NativeRecord(row.id(), fields, null, null, null));
        var key = RecordKey.parse("shop:contact:r1");
        var golden = store.read(tx -> {
            var id = tx.goldens().goldenOf(List.of(key)).get(key);
            return tx.goldens().find(List.of(id)).get(id);
        });
        assertThat(golden.value("firstName")).isEqualTo("Bea");
    }
}
