package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.jdbc.TestServer.Place;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource.ChangeBatch;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Unreadable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SYN-6 by generators: stamps the tests choose, in a database whose clock is its own. */
@Tag("SYN-6")
final class StampFeedTest {
    /** Never compared, or that would find what the stamps lose. */
    private static final Map<String, Object> STAMPED = Map.of("changed", "at", "compareEvery", "0s");

    @TempDir
    private Path folder;

    private Place place;

    @BeforeEach
    void table() throws Exception {
        place = new TestServer.Sqlite(folder).fresh();
        place.run("CREATE TABLE visits (id text PRIMARY KEY, at datetime, note text)");
    }

    private static String ago(long millis) {
        return "strftime('%Y-%m-%d %H:%M:%f', 'now', '-" + millis / 1000 + "." + String.format("%03d", millis % 1000)
                + " seconds')";
    }

    private void visit(String id, long millisAgo) throws Exception {
        place.run("INSERT INTO visits (id, at, note) VALUES ('" + id + "', " + ago(millisAgo)
                + ", '') ON CONFLICT (id) DO UPDATE SET at = excluded.at");
    }

    @ParameterizedTest(name = "batches of {0}")
    @ValueSource(ints = {1, 7, 199, 200, 201})
    void aFloodOfOneStampIsReadOnceWhateverTheBatch(int batch) throws Exception {
        place.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
                + " INSERT INTO visits SELECT 'v' || i, '2026-01-01 10:00:00', '' FROM n");
        try (Harness harness = Harness.of(place, "visits", STAMPED)) {
            List<Change> seen = Harness.list();
            harness.catchUp("visits", harness.start("visits", StartAt.EARLIEST), batch, seen);
            assertThat(Harness.ids(seen)).hasSize(200).doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void rowsThatAppearLateWithinTheOverlapAreNotLostThoughANaiveCursorLosesThem(long seed) throws Exception {
        Random random = new Random(seed);
        try (Harness harness = Harness.of(place, "visits", STAMPED)) {
            Checkpoint position = harness.start("visits", StartAt.NOW);
            List<Change> seen = Harness.list();
            TreeSet<String> naive = new TreeSet<>();
            TreeSet<String> all = new TreeSet<>();
            String largest = "";
            for (int step = 0; step < 30; step++) {
                String id = "v" + random.nextInt(1000);
                visit(id, random.nextInt(50_000));
                all.add(id);
                if (random.nextInt(3) > 0) continue;
                position = harness.catchUp("visits", position, 1 + random.nextInt(4), seen);
                String newer = place.ask("SELECT group_concat(id) FROM visits WHERE at > '" + largest + "'");
                if (newer != null) naive.addAll(List.of(newer.split(",")));
                largest = place.ask("SELECT max(at) FROM visits");
            }
            harness.catchUp("visits", position, 3, seen);
            assertThat(new TreeSet<>(Harness.ids(seen))).isEqualTo(all);
            assertThat(naive).as("what a cursor on the largest stamp read").isNotEqualTo(all);
        }
    }

    @Test
    void rowsOfTheOverlapAreKnownAgainByTheirContent() throws Exception {
        try (Harness harness = Harness.of(place, "visits", STAMPED)) {
            List<Change> seen = Harness.list();
            for (int i = 0; i < 20; i++) visit("v" + i, 30_000);
            Checkpoint position = harness.catchUp("visits", harness.start("visits", StartAt.EARLIEST), 3, seen);
            seen.clear();
            place.run("UPDATE visits SET note = 'edited, but the stamp stayed' WHERE id = 'v7'");
            harness.catchUp("visits", position, 3, seen);
            assertThat(Harness.ids(seen)).containsExactly("v7");
        }
    }

    @Test
    void everyUnreadableRowIsShownAndShownAgainWhenItChanges() throws Exception {
        place.run("ALTER TABLE visits ADD COLUMN cost numeric");
        try (Harness harness = Harness.of(place, "visits", STAMPED)) {
            Checkpoint position = harness.start("visits", StartAt.NOW);
            place.run("INSERT INTO visits VALUES ('a', " + ago(0) + ", '', 'dear'), ('b', " + ago(0) + ", '', 'dear')");
            ChangeBatch first = harness.changes().poll(Harness.all("visits"), position, 10);
            assertThat(first.unreadable()).extracting(Unreadable::place).containsExactly("visits id a", "visits id b");
            place.run("UPDATE visits SET cost = 'cheap' WHERE id = 'b'");
            ChangeBatch second = harness.changes().poll(Harness.all("visits"), first.next(), 10);
            assertThat(second.unreadable()).extracting(Unreadable::place).containsExactly("visits id b");
        }
    }

    @Test
    void aPositionOfAnotherStampColumnIsNotUsed() throws Exception {
        place.run("ALTER TABLE visits ADD COLUMN created datetime");
        Checkpoint position;
        try (Harness harness = Harness.of(place, "visits", Map.of("changed", "created"))) {
            position = harness.start("visits", StartAt.NOW);
        }
        try (Harness corrected = Harness.of(place, "visits", Map.of("changed", "at"))) {
            assertThatThrownBy(() -> corrected.changes().poll(Harness.all("visits"), position, 10))
                    .isInstanceOf(ConnectorException.CheckpointExpired.class);
        }
    }

    @Test
    void aNumberThatMayMeanNothingIsNoTombstone() throws Exception {
        place.run("ALTER TABLE visits ADD COLUMN deleted integer DEFAULT 0");
        visit("v1", 1000);
        try (Harness vague = Harness.of(place, "visits", Map.of("changed", "at", "deleted", "deleted"))) {
            assertThatThrownBy(() -> vague.start("visits", StartAt.NOW))
                    .isInstanceOf(ConnectorException.Misconfigured.class)
                    .hasMessageContaining("streams.visits.deleted")
                    .hasMessageContaining("value");
        }
        Map<String, Object> deleted = Map.of("column", "deleted", "value", "1");
        try (Harness exact = Harness.of(place, "visits", Map.of("changed", "at", "deleted", deleted))) {
            List<Change> seen = new ArrayList<>();
            exact.catchUp("visits", exact.start("visits", StartAt.EARLIEST), 10, seen);
            assertThat(seen).singleElement().isInstanceOf(Change.Upserted.class);
        }
    }

    @Test
    void stampsInDifferentSpellingsSortByTime() throws Exception {
        place.run(
                "INSERT INTO visits VALUES ('b', '2026-01-01T10:00:00+02:00', '')",
                "INSERT INTO visits VALUES ('c', '2026-01-01 09:00:00', '')",
                "INSERT INTO visits VALUES ('a', '2026-01-01T07:59:59.5Z', '')");
        try (Harness harness = Harness.of(place, "visits", STAMPED)) {
            List<Change> seen = new ArrayList<>();
            harness.catchUp("visits", harness.start("visits", StartAt.EARLIEST), 1, seen);
            assertThat(Harness.ids(seen)).containsExactly("a", "b", "c");
        }
    }
}
