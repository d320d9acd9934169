package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.jdbc.TestServer.Place;
import io.kintsugi.connector.spi.Capabilities.Feed;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource.ChangeBatch;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SYN-6 where stamps do not tell all: hard deletes, and stamps that are empty or were not maintained. */
@Tag("SYN-6")
final class StampComparisonTest {
    private static final Map<String, Object> AT_ONCE = Map.of("changed", "at", "compareEvery", "PT0.000001S");
    private static final Map<String, Object> NEVER = Map.of("changed", "at", "compareEvery", "0s");

    @TempDir
    private Path folder;

    private Place place;

    @BeforeEach
    void table() throws Exception {
        place = new TestServer.Sqlite(folder).fresh();
        place.run(
                "CREATE TABLE visits (id integer PRIMARY KEY, at datetime, note text)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)"
                        + " INSERT INTO visits SELECT i, '2026-01-01 10:00:00', '' FROM n");
    }

    private static ChangeBatch poll(Harness harness, Checkpoint from) throws Exception {
        Harness.tick();
        return harness.changes().poll(Harness.all("visits"), from, 100);
    }

    private static Set<Feed> feeds(Harness harness) throws Exception {
        return harness.connector.discover().streams().get(0).can().feeds();
    }

    @Test
    void aHardDeleteComesWithTheNextComparison() throws Exception {
        try (Harness harness = Harness.of(place, "visits", AT_ONCE)) {
            assertThat(feeds(harness)).contains(Feed.DELETES);
            Checkpoint position = harness.start("visits", StartAt.NOW);
            place.run("DELETE FROM visits WHERE id IN (3, 4)");
            List<Change> seen = Harness.list();
            position = harness.catchUp("visits", position, 1, seen);
            assertThat(seen).hasSize(2).allMatch(Change.Deleted.class::isInstance);
            assertThat(Harness.ids(seen)).containsExactly("3", "4");
            seen.clear();
            harness.catchUp("visits", position, 1, seen);
            assertThat(seen).isEmpty();
        }
    }

    @Test
    void rowsWithAnEmptyBackdatedOrUnmaintainedStampComeWithTheNextComparison() throws Exception {
        try (Harness harness = Harness.of(place, "visits", AT_ONCE)) {
            Checkpoint position = harness.start("visits", StartAt.NOW);
            place.run(
                    "INSERT INTO visits VALUES (21, NULL, 'never stamped')",
                    "INSERT INTO visits VALUES (22, '2020-01-01 00:00:00', 'imported')",
                    "UPDATE visits SET note = 'edited by hand' WHERE id = 5");
            List<Change> seen = Harness.list();
            harness.catchUp("visits", position, 100, seen);
            assertThat(Harness.ids(seen)).containsExactlyInAnyOrder("21", "22", "5");
            assertThat(seen).allMatch(Change.Upserted.class::isInstance);
        }
    }

    @Test
    void fromTheEarliestPositionEachRowComesOnce() throws Exception {
        place.run("INSERT INTO visits VALUES (21, NULL, 'never stamped')");
        try (Harness harness = Harness.of(place, "visits", AT_ONCE)) {
            List<Change> seen = Harness.list();
            harness.catchUp("visits", harness.start("visits", StartAt.EARLIEST), 4, seen);
            assertThat(Harness.ids(seen)).hasSize(21).doesNotHaveDuplicates();
        }
    }

    @Test
    void aTableThatIsEmptiedAndFilledAgainDeletesNothing() throws Exception {
        try (Harness harness = Harness.of(place, "visits", AT_ONCE)) {
            Checkpoint position = harness.start("visits", StartAt.NOW);
            place.run("CREATE TABLE kept AS SELECT * FROM visits", "DELETE FROM visits");
            ChangeBatch emptied = poll(harness, position);
            assertThat(emptied.changes()).isEmpty();
            assertThat(emptied.unreadable()).singleElement().satisfies(doubt -> assertThat(doubt.reason())
                    .contains("maxShrinkPercent"));
            ChangeBatch still = poll(harness, emptied.next());
            assertThat(still.unreadable()).isEmpty();
            place.run("INSERT INTO visits SELECT * FROM kept");
            ChangeBatch filled = poll(harness, still.next());
            while (!filled.caughtUp() && filled.readable().isEmpty()) filled = poll(harness, filled.next());
            assertThat(filled.readable()).containsExactly("table visits");
        }
    }

    @Test
    void betweenTwoComparisonsOnlyStampsAreRead() throws Exception {
        try (Harness harness = Harness.of(place, "visits", Map.of("changed", "at", "compareEvery", "1h"))) {
            Checkpoint position = harness.start("visits", StartAt.NOW);
            place.run(
                    "DELETE FROM visits WHERE id = 3",
                    "UPDATE visits SET note = 'stamped', at = strftime('%Y-%m-%d %H:%M:%f', 'now') WHERE id = 5");
            List<Change> seen = Harness.list();
            harness.catchUp("visits", position, 100, seen);
            assertThat(Harness.ids(seen)).containsExactly("5");
        }
    }

    @Test
    void withoutComparisonsNoDeletesAreDeclaredAndRowsWithoutAStampAreReported() throws Exception {
        try (Harness harness = Harness.of(place, "visits", NEVER)) {
            assertThat(feeds(harness)).doesNotContain(Feed.DELETES);
            assertThat(harness.connector.check().problems()).isEmpty();
            place.run("INSERT INTO visits VALUES (21, NULL, 'never stamped')");
            assertThat(harness.connector.check().problems()).singleElement().satisfies(problem -> assertThat(problem)
                    .contains("streams.visits.changed")
                    .contains("compareEvery"));
        }
        try (Harness compared = Harness.of(place, "visits", AT_ONCE)) {
            assertThat(compared.connector.check().problems()).isEmpty();
        }
    }

    @Test
    void stampsInTheFutureAreReported() throws Exception {
        place.run("INSERT INTO visits VALUES (21, datetime('now', '+2 hours'), '')");
        try (Harness harness = Harness.of(place, "visits", AT_ONCE)) {
            assertThat(harness.connector.check().problems()).singleElement().satisfies(problem -> assertThat(problem)
                    .contains("streams.visits.changed")
                    .contains("timeZone"));
        }
    }

    @Test
    void switchingComparisonsOnMeansReadingTheTableWhole() throws Exception {
        Checkpoint position;
        try (Harness never = Harness.of(place, "visits", NEVER)) {
            position = never.start("visits", StartAt.NOW);
        }
        try (Harness compared = Harness.of(place, "visits", AT_ONCE)) {
            assertThatThrownBy(() -> poll(compared, position)).isInstanceOf(ConnectorException.CheckpointExpired.class);
        }
    }
}
