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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables without a stamp column. */
final class ComparisonTest {
    @TempDir
    private Path folder;

    private Path state;
    private Place place;

    @BeforeEach
    void table() throws Exception {
        state = folder.resolve("state");
        place = new TestServer.Sqlite(folder).fresh();
        place.run("CREATE TABLE parts (id integer PRIMARY KEY, name text)");
    }

    private void fill(int from, int to) throws Exception {
        place.run("WITH RECURSIVE n(i) AS (SELECT " + from + " UNION ALL SELECT i + 1 FROM n WHERE i < " + to + ")"
                + " INSERT INTO parts SELECT i, 'part ' || i FROM n");
    }

    private Harness harness(boolean withFolder) throws Exception {
        Map<String, Object> settings = place.settings();
        if (withFolder) settings.put("stateFolder", state.toString());
        return new Harness(place, settings);
    }

    private long files() throws IOException {
        if (!Files.exists(state)) return 0;
        try (Stream<Path> files = Files.list(state)) {
            return files.count();
        }
    }

    @Test
    void aLargeTableKeepsItsImageInFilesAndCleansUp() throws Exception {
        fill(1, 8_000);
        try (Harness harness = harness(true)) {
            List<Change> seen = Harness.list();
            Checkpoint position = harness.catchUp("parts", harness.start("parts", StartAt.EARLIEST), 5000, seen);
            assertThat(seen).hasSize(8_000);
            assertThat(position.json().length()).isLessThan(1000);
            seen.clear();
            for (int i = 0; i < 4; i++) {
                place.run(
                        "UPDATE parts SET name = 'edit " + i + "' WHERE id = " + (100 + i),
                        "DELETE FROM parts WHERE id = " + i);
                position = harness.catchUp("parts", position, 100, seen);
            }
            assertThat(Harness.ids(seen)).containsExactlyInAnyOrder("100", "101", "102", "103", "1", "2", "3");
            assertThat(seen.stream().filter(Change.Deleted.class::isInstance)).hasSize(3);
            assertThat(files()).as("the image, and what the last scan replaced").isLessThanOrEqualTo(3);
        }
    }

    @Test
    void aLargeTableWithoutAFolderSaysWhatToDo() throws Exception {
        fill(1, 8_000);
        try (Harness harness = harness(false)) {
            assertThatThrownBy(() -> harness.start("parts", StartAt.NOW))
                    .isInstanceOf(ConnectorException.Misconfigured.class)
                    .hasMessageContaining("stateFolder")
                    .hasMessageContaining("streams.parts.changed");
        }
    }

    @Test
    void anImageThatIsGoneMeansReadingTheTableWhole() throws Exception {
        fill(1, 8_000);
        try (Harness harness = harness(true)) {
            Checkpoint position = harness.start("parts", StartAt.NOW);
            try (Stream<Path> files = Files.list(state)) {
                for (Path file : files.toList()) Files.delete(file);
            }
            assertThatThrownBy(() -> harness.changes().poll(Harness.all("parts"), position, 10))
                    .isInstanceOf(ConnectorException.CheckpointExpired.class);
        }
    }

    @Test
    void anAbsentRowThatIsBackWhenItIsReadAgainIsNotDeleted() throws Exception {
        fill(1, 20);
        try (Harness harness = harness(false)) {
            Checkpoint position = harness.start("parts", StartAt.NOW);
            place.run("DELETE FROM parts WHERE id IN (3, 4, 5)");
            ChangeBatch first = harness.changes().poll(Harness.all("parts"), position, 1);
            assertThat(first.changes()).singleElement().isInstanceOf(Change.Deleted.class);
            place.run("INSERT INTO parts VALUES (5, 'part 5')");
            List<Change> rest = Harness.list();
            harness.catchUp("parts", first.next(), 1, rest);
            assertThat(rest).hasSize(2);
            assertThat(rest.get(0)).isInstanceOf(Change.Deleted.class);
            assertThat(rest.get(1)).isInstanceOf(Change.Upserted.class);
        }
    }

    private ChangeBatch poll(Harness harness, Checkpoint from) throws Exception {
        return harness.changes().poll(Harness.all("parts"), from, 100);
    }

    @Test
    void aTableThatIsEmptiedAndFilledAgainDeletesNothing() throws Exception {
        fill(1, 20);
        try (Harness harness = harness(false)) {
            Checkpoint position = harness.start("parts", StartAt.NOW);
            place.run("DELETE FROM parts");
            ChangeBatch emptied = poll(harness, position);
            assertThat(emptied.changes()).isEmpty();
            assertThat(emptied.unreadable()).singleElement().satisfies(doubt -> assertThat(doubt.reason())
                    .contains("20 of 20 rows")
                    .contains("maxShrinkPercent"));
            fill(1, 7);
            place.run("UPDATE parts SET name = 'new' WHERE id = 7");
            ChangeBatch half = poll(harness, emptied.next());
            assertThat(Harness.ids(half.changes())).containsExactly("7");
            assertThat(half.unreadable()).as("it was said once").isEmpty();
            assertThat(half.readable()).as("13 of 20 are still gone").isEmpty();
            fill(8, 20);
            ChangeBatch full = poll(harness, half.next());
            assertThat(full.changes()).isEmpty();
            assertThat(full.readable())
                    .containsExactly(emptied.unreadable().get(0).place());
            assertThat(poll(harness, full.next()).readable())
                    .as("it was said once")
                    .isEmpty();
            place.run("DELETE FROM parts WHERE id = 7");
            assertThat(poll(harness, full.next()).changes()).singleElement().isInstanceOf(Change.Deleted.class);
        }
    }

    @Test
    void deletesThatWereWithheldComeWhenAPersonRaisesTheShare() throws Exception {
        fill(1, 20);
        Checkpoint doubted;
        try (Harness harness = harness(false)) {
            Checkpoint position = harness.start("parts", StartAt.NOW);
            place.run("DELETE FROM parts WHERE id > 5");
            doubted = poll(harness, position).next();
        }
        Map<String, Object> settings = place.settings();
        settings.put("maxShrinkPercent", 80);
        try (Harness raised = new Harness(place, settings)) {
            ChangeBatch told = poll(raised, doubted);
            assertThat(told.changes()).hasSize(15).allMatch(Change.Deleted.class::isInstance);
            assertThat(told.readable()).containsExactly("table parts");
            assertThat(poll(raised, told.next()).changes()).isEmpty();
        }
    }

    @Test
    void rowsThatGoWhileTheirChangesAreToldAreCountedByTheNextScan() throws Exception {
        fill(1, 20);
        try (Harness harness = harness(false)) {
            Checkpoint position = harness.start("parts", StartAt.NOW);
            place.run("UPDATE parts SET name = 'edited'");
            position = harness.changes().poll(Harness.all("parts"), position, 1).next();
            place.run("DELETE FROM parts");
            ChangeBatch rest = poll(harness, position);
            assertThat(rest.changes()).isEmpty();
            assertThat(poll(harness, rest.next()).unreadable()).hasSize(1);
        }
    }

    @Test
    void aTableAtRestKeepsItsPosition() throws Exception {
        fill(1, 10);
        try (Harness harness = harness(true)) {
            Checkpoint position = harness.start("parts", StartAt.NOW);
            ChangeBatch nothing = poll(harness, position);
            assertThat(nothing.next()).isEqualTo(position);
            assertThat(nothing.caughtUp()).isTrue();
        }
    }

    @Test
    void aRowThatLeavesAViewIsNotDeleted() throws Exception {
        fill(1, 10);
        place.run("CREATE VIEW shown AS SELECT id, name FROM parts WHERE name <> 'hidden'");
        try (Harness harness = Harness.of(place, "shown", Map.of("id", "id"))) {
            assertThat(harness.connector.discover().streams())
                    .filteredOn(stream -> stream.name().equals("shown"))
                    .singleElement()
                    .satisfies(stream -> assertThat(stream.can().feeds()).doesNotContain(Feed.DELETES));
            Checkpoint position = harness.start("shown", StartAt.NOW);
            place.run("UPDATE parts SET name = 'hidden' WHERE id = 3");
            List<Change> seen = Harness.list();
            position = harness.catchUp("shown", position, 10, seen);
            assertThat(seen).isEmpty();
            place.run("UPDATE parts SET name = 'back' WHERE id = 3");
            harness.catchUp("shown", position, 10, seen);
            assertThat(seen).singleElement().isInstanceOf(Change.Upserted.class);
        }
    }

    @Test
    void aPositionOfOtherIdColumnsIsNotUsed() throws Exception {
        fill(1, 10);
        Checkpoint position;
        try (Harness harness = harness(false)) {
            position = harness.start("parts", StartAt.NOW);
        }
        try (Harness corrected = Harness.of(place, "parts", Map.of("id", "name"))) {
            assertThatThrownBy(() -> poll(corrected, position))
                    .isInstanceOf(ConnectorException.CheckpointExpired.class);
        }
    }

    @Test
    void aTombstoneIsADeleteHoweverManyBearOne() throws Exception {
        fill(1, 10);
        place.run("ALTER TABLE parts ADD COLUMN gone boolean");
        try (Harness harness = Harness.of(place, "parts", Map.of("deleted", "gone"))) {
            Checkpoint position = harness.start("parts", StartAt.NOW);
            place.run("UPDATE parts SET gone = true");
            ChangeBatch told = poll(harness, position);
            assertThat(told.changes()).hasSize(10).allMatch(Change.Deleted.class::isInstance);
            assertThat(told.unreadable()).isEmpty();
        }
    }

    @Test
    void anUnreadableRowIsShownAgainWhenItChanges() throws Exception {
        place.run("ALTER TABLE parts ADD COLUMN cost numeric", "INSERT INTO parts VALUES (1, 'a', 'dear')");
        try (Harness harness = harness(false)) {
            ChangeBatch first = poll(harness, harness.start("parts", StartAt.EARLIEST));
            assertThat(first.unreadable()).hasSize(1);
            place.run("UPDATE parts SET cost = 'cheap'");
            assertThat(poll(harness, first.next()).unreadable()).hasSize(1);
        }
    }

    @Test
    void aScanThatBreaksOffDeletesNothing() throws Exception {
        fill(1, 10);
        try (Harness harness = harness(false)) {
            Checkpoint position = harness.start("parts", StartAt.NOW);
            place.run("ALTER TABLE parts RENAME TO parts_away");
            assertThatThrownBy(() -> harness.changes().poll(Harness.all("parts"), position, 10))
                    .isInstanceOf(ConnectorException.SchemaDrift.class);
            place.run("ALTER TABLE parts_away RENAME TO parts");
            ChangeBatch after = harness.changes().poll(Harness.all("parts"), position, 10);
            assertThat(after.changes()).isEmpty();
            assertThat(after.caughtUp()).isTrue();
        }
    }
}
