package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.jdbc.TestServer.Place;
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

final class DifferenceFeedTest {
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
        fill(1, 20_000);
        try (Harness harness = harness(true)) {
            List<Change> seen = Harness.list();
            Checkpoint position = harness.catchUp("parts", harness.start("parts", StartAt.EARLIEST), 5000, seen);
            assertThat(seen).hasSize(20_000);
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
        fill(1, 20_000);
        try (Harness harness = harness(false)) {
            assertThatThrownBy(() -> harness.start("parts", StartAt.NOW))
                    .isInstanceOf(ConnectorException.Misconfigured.class)
                    .hasMessageContaining("stateFolder")
                    .hasMessageContaining("streams.parts.changed");
        }
    }

    @Test
    void anImageThatIsGoneMeansReadingTheTableWhole() throws Exception {
        fill(1, 20_000);
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
        fill(1, 10);
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
