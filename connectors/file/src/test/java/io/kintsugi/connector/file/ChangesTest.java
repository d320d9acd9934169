package io.kintsugi.connector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.ChangeSource.ChangeBatch;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.Unreadable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What polls tell, and above all what they do not. */
final class ChangesTest {
    private static final Query QUERY = new Query("a", List.of());

    @TempDir
    Path folder;

    private Desk desk;
    private Checkpoint position;
    private List<Unreadable> reported = List.of();

    @BeforeEach
    void open() throws Exception {
        desk = new Desk(folder);
    }

    private static String rows(int from, int to) {
        StringBuilder text = new StringBuilder("id,name\n");
        for (int id = from; id <= to; id++)
            text.append(id).append(",name ").append(id).append('\n');
        return text.toString();
    }

    private void startNow() throws Exception {
        position = desk.changes().start(QUERY, StartAt.NOW);
    }

    /** Polls to the end: {@code +1} for a row told of, {@code -1} for a delete. */
    private List<String> poll(int maxRecords) throws Exception {
        List<String> told = new ArrayList<>();
        reported = new ArrayList<>();
        ChangeSource source = desk.changes();
        ChangeBatch batch;
        do {
            batch = source.poll(QUERY, position, maxRecords);
            for (Change change : batch.changes())
                told.add((change instanceof Change.Deleted ? "-" : "+")
                        + change.id().id());
            reported.addAll(batch.unreadable());
            position = batch.next();
        } while (!batch.caughtUp());
        return told;
    }

    @Test
    void onlyRowsThatDifferAreTold() throws Exception {
        desk.file("a.csv", rows(1, 20));
        startNow();
        assertThat(poll(100)).isEmpty();
        desk.file("a.csv", rows(2, 21).replace("name 7\n", "Seven\n").replace("8,name 8", "\"8\",\"name 8\""));
        assertThat(poll(100)).as("other quotes are no other values").containsExactly("+7", "+21", "-1");
        assertThat(poll(100)).isEmpty();
    }

    @Test
    void aFileThatIsMissingOrEmptyIsNoDelete() throws Exception {
        Path file = desk.file("a.csv", rows(1, 20));
        startNow();
        Files.writeString(file, "");
        assertThatThrownBy(() -> poll(100)).isInstanceOf(ConnectorException.Transient.class);
        Files.delete(file);
        assertThatThrownBy(() -> poll(100)).isInstanceOf(ConnectorException.SchemaDrift.class);
        desk.file("a.csv", rows(1, 20));
        assertThat(poll(100)).isEmpty();
    }

    @Test
    void aFileCutShortDeletesNothingUntilAPersonSaysItIsMeant() throws Exception {
        desk.file("a.csv", rows(1, 100));
        startNow();
        desk.file("a.csv", rows(1, 60));
        assertThat(poll(10)).isEmpty();
        assertThat(reported).singleElement().satisfies(each -> assertThat(each.reason())
                .contains("40 of 100 rows are gone"));
        assertThat(poll(10)).isEmpty();
        assertThat(reported).as("said once").isEmpty();
        desk.set("maxShrinkPercent", 50);
        assertThat(poll(7)).hasSize(40).allMatch(told -> told.startsWith("-")).doesNotHaveDuplicates();
    }

    @Test
    void aFileCutShortThatGrowsBackTellsNothing() throws Exception {
        desk.file("a.csv", rows(1, 100));
        startNow();
        desk.file("a.csv", rows(1, 10));
        poll(100);
        desk.file("a.csv", rows(1, 100));
        assertThat(poll(100)).isEmpty();
    }

    @Test
    void aBrokenRowIsNotADeletedOne() throws Exception {
        desk.file("a.csv", rows(1, 20));
        startNow();
        desk.file("a.csv", rows(1, 20).replace("5,name 5", "5,name 5,ragged").replace("9,name 9", "9,\"name\" 9"));
        assertThat(poll(100)).isEmpty();
        assertThat(reported).extracting(Unreadable::place).contains("a.csv line 6", "a.csv line 10", "a.csv");
        desk.file("a.csv", rows(1, 19));
        assertThat(poll(100)).containsExactly("-20");
    }

    @Test
    void aFileThatMayBeHalfWrittenIsLeftAlone() throws Exception {
        desk.file("a.csv", rows(1, 3));
        startNow();
        desk.clock.pass(Duration.between(desk.clock.instant(), Instant.now()).plusMillis(100));
        desk.file("a.csv", rows(1, 4));
        ChangeSource source = desk.connector.facet(ChangeSource.class).orElseThrow();
        ChangeBatch early = source.poll(QUERY, position, 10);
        assertThat(early.changes()).isEmpty();
        assertThat(early.caughtUp()).isTrue();
        assertThat(early.next()).isEqualTo(position);
        assertThat(poll(10)).containsExactly("+4");
    }

    @Test
    void aLargeImageOutlivesARestartInTheStateFolder() throws Exception {
        desk.file("a.csv", rows(1, 3000));
        position = desk.changes().start(QUERY, StartAt.EARLIEST);
        assertThat(poll(250)).hasSize(3000);
        assertThat(position.json()).hasSizeLessThan(20_000);
        desk.set();
        desk.file("a.csv", rows(2, 3001));
        assertThat(poll(250)).containsExactly("+3001", "-1");
        desk.set();
        assertThat(poll(250)).isEmpty();
        desk.set();
        desk.file("a.csv", rows(2, 3002));
        try (Stream<Path> state = Files.list(folder.resolve(".kintsugi"))) {
            for (Path each : state.toList()) Files.delete(each);
        }
        assertThatThrownBy(() -> poll(250)).isInstanceOf(ConnectorException.CheckpointExpired.class);
    }

    @Test
    void aStartFromNowHoldsNoRowsInMemory() throws Exception {
        Hash.Maker hashes = new Hash.Maker();
        ObjectNode position = Positions.blank();
        try (Image image = new Image(folder, "a")) {
            for (int id = 1; id <= 3000; id++) image.append("" + id, hashes.of("row " + id));
            assertThat(image.size()).as("rows held").isZero();
            image.save(position, desk.clock.instant());
        }
        assertThat(position.toString()).hasSizeLessThan(20_000);
        try (Image image = Image.load(folder, "a", position)) {
            assertThat(image.size()).isEqualTo(3000);
            assertThat(image.get("1234")).isEqualTo(hashes.of("row 1234"));
        }
        try (Image unfinished = new Image(folder, "b")) {
            for (int id = 1; id <= 300; id++) unfinished.append("" + id, hashes.of("row " + id));
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void aRestartInTheMiddleOfATaleTellsTheRest() throws Exception {
        desk.file("a.csv", rows(1, 1000));
        startNow();
        desk.file("a.csv", rows(101, 1500));
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ChangeBatch batch = desk.changes().poll(QUERY, position, 130);
            batch.changes().forEach(change -> told.add(change.id().id()));
            position = batch.next();
            desk.set();
        }
        desk.file("a.csv", rows(101, 1501)); // and once more, before all was told
        poll(130).forEach(each -> told.add(each.substring(1)));
        assertThat(told).hasSize(100 + 501).doesNotHaveDuplicates();
    }
}
