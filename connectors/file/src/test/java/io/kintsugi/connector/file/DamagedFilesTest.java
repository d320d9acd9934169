package io.kintsugi.connector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.Capabilities;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.ChangeSource.ChangeBatch;
import io.kintsugi.connector.spi.ChangeSource.StartAt;
import io.kintsugi.connector.spi.ChangeSource.Sweep;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.Unreadable;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with a file stays where it is: no good row is lost, changed or deleted by it. */
@DisplayName("SYN-7 damaged files")
final class DamagedFilesTest {
    private static final Query QUERY = new Query("a", List.of());
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    @TempDir
    Path folder;

    private Desk desk;
    private Checkpoint position;
    private final List<Unreadable> reported = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        desk = new Desk(folder);
    }

    private void start() throws Exception {
        position = desk.changes().start(QUERY, StartAt.NOW);
    }

    /** {@code +1} for a row told of, {@code -1} for a delete. */
    private List<String> poll() throws Exception {
        List<String> told = new ArrayList<>();
        ChangeBatch batch;
        do {
            batch = desk.changes().poll(QUERY, position, 100);
            for (Change change : batch.changes())
                told.add((change instanceof Change.Deleted ? "-" : "+")
                        + change.id().id());
            reported.addAll(batch.unreadable());
            position = batch.next();
        } while (!batch.caughtUp());
        return told;
    }

    private static byte[] windows(String text) {
        return text.getBytes(WINDOWS);
    }

    @Test
    void aStrayQuoteThatSwallowsTheNextRowCostsItsOwnLineOnly() throws Exception {
        desk.file("a.csv", "id,name,no\n1,\"Ann\",11\n2,Ben,12\n3,Cem,13\n");
        start();
        desk.file("a.csv", "id,name,no\n1,\"Ann,Bonn\n2,Ben,12\"\n3,Cem,13\n");
        assertThat(poll()).doesNotContain("-1", "-2", "-3");
        assertThat(reported).extracting(Unreadable::place).contains("a.csv line 2");
        assertThat(desk.column("a", "id")).containsExactly("2", "3");
        assertThat(desk.read("a").unreadable())
                .extracting(Unreadable::reason)
                .containsExactly("has 2 cells over 2 lines, the header has 3; a quote that never closes is likely");
    }

    @Test
    void aRowOfSeveralLinesWithAllItsCellsIsARow() throws Exception {
        desk.file("a.csv", "id,name,no\n1,\"Ann\nof\nBonn\",11\n2,Ben,12\n");
        assertThat(desk.column("a", "name")).containsExactly("Ann\nof\nBonn", "Ben");
    }

    @Test
    void aBrokenRowInAFileOfCarriageReturnsCostsThatRowOnly() throws Exception {
        desk.file("a.csv", "id,name\r1,\"x\" y\r2,Ben\r3,\"never closed\r4,Dan\r");
        assertThat(desk.column("a", "id")).containsExactly("2", "4");
        assertThat(desk.write("a", new WriteOp.Create("new", "5", Map.of("name", "Eve"))))
                .hasOnlyElementsOfType(WriteResult.Applied.class);
        assertThat(desk.text("a.csv")).endsWith("4,Dan\r5,Eve\r");
    }

    @Test
    void aBrokenRowDoesNotClaimItsIdForItself() throws Exception {
        desk.file("a.csv", "id,name\n1,too,many\n1,Ann\n2,Ben\n");
        assertThat(desk.column("a", "name")).containsExactly("Ann", "Ben");
    }

    @Test
    void aBrokenRowIsNamedByItsIdUnlessAnotherRowHasIt() throws Exception {
        desk.file("a.csv", "id,name\n1,Ann\n2,too,many\n2,too,many\n1,Anna\n,Nobody\n");
        assertThat(desk.read("a").unreadable()).extracting(Unreadable::idOrNull).containsExactly("2", null, null, null);
    }

    @Test
    void anIdMayBeUniqueWithinAnotherColumnOnly() throws Exception {
        desk.file("a.csv", "id,name,source\n1,Ann,crm\n1,Ben,erp\n2,Cem,crm\n1,Dan,crm\n1,Eve,\n");
        desk.set("idWithin", Map.of("a", "source"));
        assertThat(desk.column("a", "name")).containsExactly("Ann", "Ben", "Cem", "Eve");
        assertThat(desk.read("a").unreadable())
                .extracting(Unreadable::reason)
                .containsExactly("has the id of a.csv line 2, which counts");
        assertThat(desk.connector.facet(ChangeSource.class))
                .as("an id names no row")
                .isEmpty();
        assertThat(desk.connector.facet(Writer.class)).isEmpty();
        StreamDef stream = desk.connector.discover().streams().get(0);
        assertThat(stream.can().feeds()).containsExactly(Capabilities.Feed.SNAPSHOT);
        assertThat(stream.can().ops()).isEmpty();
    }

    @Test
    void aWholeReadingSaysWhereItBeginsAndEnds() throws Exception {
        desk.file("a.csv", "id,name\n1,Ann\n");
        start();
        desk.file("a.csv", "id,name\n1,Anna\n2,too,many\n3,Cem\n");
        List<Sweep> sweeps = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ChangeBatch batch = desk.changes().poll(QUERY, position, 2);
            position = batch.next();
            sweeps.add(batch.sweep());
        }
        assertThat(sweeps).containsExactly(new Sweep(true, false), new Sweep(false, true), null, null, null);
    }

    @Test
    void aCorrectedEncodingReadsTheFileAnew() throws Exception {
        Files.write(folder.resolve("a.csv"), "id,name\n1,Zoë\n".getBytes(StandardCharsets.UTF_8));
        desk.set("encoding", "windows-1252");
        start();
        SnapshotSource snapshots = desk.connector.facet(SnapshotSource.class).orElseThrow();
        Checkpoint page = snapshots.page(QUERY, null, 1).next();
        desk.set("maxShrinkPercent", 30);
        assertThat(poll()).as("a setting that changes no value").isEmpty();
        desk.set("encoding", "UTF-8");
        assertThatThrownBy(this::poll)
                .isInstanceOf(ConnectorException.CheckpointExpired.class)
                .hasMessageContaining("settings");
        assertThatThrownBy(() ->
                        desk.connector.facet(SnapshotSource.class).orElseThrow().page(QUERY, page, 1))
                .isInstanceOf(ConnectorException.CheckpointExpired.class);
    }

    @Test
    void oneRowInAnotherEncodingDoesNotChangeHowTheOthersAreRead() throws Exception {
        Path file = folder.resolve("a.csv");
        Files.writeString(file, "id,name\n1,Zoë\n2,Ben\n");
        start();
        Files.write(file, windows("id,name\n1,Zo\u00C3\u00AB\n2,Bén\n3,Céc\u00E9\n")); // line 1 is still UTF-8
        desk.set();
        assertThat(poll()).isEmpty();
        assertThat(reported).extracting(Unreadable::reason).contains("holds bytes that are not UTF-8");
        assertThat(desk.column("a", "name")).containsExactly("Zoë");
    }

    @Test
    void aFileThatWasConvertedToUtf8IsReadAnew() throws Exception {
        Path file = folder.resolve("a.csv");
        Files.write(file, windows("id,name\n1,Zoë\n2,Bén\n"));
        start();
        Files.writeString(file, "id,name\n1,Zoë\n2,Bén\n");
        assertThatThrownBy(this::poll).isInstanceOf(ConnectorException.CheckpointExpired.class);
        start();
        assertThat(desk.column("a", "name")).containsExactly("Zoë", "Bén");
    }

    @Test
    void aFileThatMayStillBeCopiedIsNotReadYet() throws Exception {
        desk.file("a.csv", "id,name\n1,Ann\n");
        desk.clock.pass(Duration.ofMillis(500));
        SnapshotSource snapshots = desk.connector.facet(SnapshotSource.class).orElseThrow();
        assertThatThrownBy(() -> snapshots.page(QUERY, null, 10))
                .isInstanceOf(ConnectorException.Transient.class)
                .hasMessageContaining("half written");
        desk.clock.pass(Duration.ofMinutes(1));
        assertThat(snapshots.page(QUERY, null, 10).records()).hasSize(1);
    }

    @Test
    void aFileWhoseLastRowHasNoEndIsGivenMoreTime() throws Exception {
        Path file = desk.file("a.csv", "id,name\n1,Ann\n2,Be");
        SnapshotSource snapshots = desk.connector.facet(SnapshotSource.class).orElseThrow();
        Files.setLastModifiedTime(file, FileTime.from(desk.clock.instant().minusSeconds(5)));
        assertThatThrownBy(() -> snapshots.page(QUERY, null, 10)).isInstanceOf(ConnectorException.Transient.class);
        desk.clock.pass(Duration.ofSeconds(30));
        assertThat(snapshots.page(QUERY, null, 10).records()).hasSize(2);
    }

    @Test
    void aFileFromTheFutureIsLeftAloneUntilItHasBeenSeenUnchanged() throws Exception {
        Path file = desk.file("a.csv", "id,name\n1,Ann\n");
        Files.setLastModifiedTime(file, FileTime.from(desk.clock.instant().plusSeconds(86_400)));
        SnapshotSource snapshots = desk.connector.facet(SnapshotSource.class).orElseThrow();
        assertThatThrownBy(() -> snapshots.page(QUERY, null, 10)).isInstanceOf(ConnectorException.Transient.class);
        desk.clock.pass(Duration.ofSeconds(3));
        assertThat(snapshots.page(QUERY, null, 10).records()).hasSize(1);
    }

    @Test
    void aFileThatSomebodyIsWritingIsNotReplaced() throws Exception {
        Path file = desk.file("a.csv", "id,name\n1,Ann\n");
        Files.setLastModifiedTime(file, FileTime.from(desk.clock.instant()));
        WriteOp op = new WriteOp.Update("op", "1", Map.of("name", "Anna"), Set.of(), Map.of(), null);
        assertThatThrownBy(() -> desk.writeAtOnce("a", op)).isInstanceOf(ConnectorException.Transient.class);
        assertThat(desk.text("a.csv")).contains("1,Ann\n");
        desk.clock.pass(Duration.ofMinutes(1));
        assertThat(desk.writeAtOnce("a", op)).hasOnlyElementsOfType(WriteResult.Applied.class);
        assertThat(desk.writeAtOnce("a", new WriteOp.Create("new", "2", Map.of("name", "Ben"))))
                .as("its own last change is nobody else's")
                .hasOnlyElementsOfType(WriteResult.Applied.class);
    }

    @Test
    void whatIsAppendedWhileAFileIsReplacedIsCarriedOver() throws Exception {
        Path file = desk.file("a.csv", "id,name\n1,Ann\n");
        try (FileChannel replaced = FileChannel.open(file, StandardOpenOption.READ)) {
            long copied = replaced.size();
            Files.writeString(file, "2,Ben\n", StandardOpenOption.APPEND);
            Path draft = desk.file("draft", "id,name\n1,Anna\n");
            SafeFile.replace(file, draft);
            assertThat(Rewriter.rescue(replaced, copied, file)).isTrue();
            assertThat(Rewriter.rescue(replaced, replaced.size(), file)).isFalse();
        }
        assertThat(desk.text("a.csv")).isEqualTo("id,name\n1,Anna\n2,Ben\n");
    }

    @Test
    void oneStrayFileStopsNothingAndAConfiguredOneIsAProblem() throws Exception {
        desk.file("a.csv", "id,name\n1,Ann\n");
        desk.file("notes.csv", "shopping list\nmilk\n");
        assertThat(desk.connector.check().ok()).isTrue();
        assertThat(desk.connector.check().facts().get("left out")).contains("notes.csv has no column id");
        desk.set("streams", Map.of("a", "a.csv", "notes", "notes.csv"));
        assertThat(desk.connector.check().problems()).singleElement().asString().contains("notes.csv");
    }

    @Test
    void aStateFolderThatCannotBeWrittenIsAProblem() throws Exception {
        desk.file("a.csv", "id,name\n1,Ann\n");
        desk.set("stateFolder", "/proc/sys/kintsugi");
        assertThat(desk.connector.check().problems())
                .singleElement()
                .asString()
                .contains("/proc/sys/kintsugi", "stateFolder");
    }

    @Test
    void jsonLinesThatLackAFieldAreNoSchemaDrift() throws Exception {
        desk.file("a.jsonl", "");
        Query query = new Query("a", List.of("name", "town"));
        position = desk.changes().start(query, StartAt.NOW);
        SnapshotSource snapshots = desk.connector.facet(SnapshotSource.class).orElseThrow();
        assertThat(snapshots.page(query, null, 10).records()).isEmpty();
        desk.file("a.jsonl", "{\"id\": 1, \"name\": \"Ann\"}\n");
        ChangeBatch batch = desk.changes().poll(query, position, 10);
        assertThat(((Change.Upserted) batch.changes().get(0)).record().fields())
                .as("what a line does not say is unknown")
                .containsOnlyKeys("name");
        desk.set("columns", Map.of("a", List.of("id", "name")));
        assertThatThrownBy(() -> desk.changes().poll(query, position, 10))
                .as("the columns were said, and it is none of them")
                .isInstanceOfSatisfying(ConnectorException.SchemaDrift.class, drift -> assertThat(drift.fields())
                        .containsExactly("town"));
    }

    @Test
    void aUtf16FileIsReadButNotWritten() throws Exception {
        for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            Files.write(folder.resolve("a.csv"), "\uFEFFid\tname\r\n1\tZoë 漢\r\n".getBytes(charset));
            assertThat(desk.column("a", "name")).containsExactly("Zoë 漢");
            StreamDef stream = desk.connector.discover().streams().get(0);
            assertThat(stream.can().ops()).isEmpty();
            assertThat(stream.can().writing()).isEqualTo(Capabilities.Writing.NONE);
            start();
            Files.write(folder.resolve("a.csv"), "\uFEFFid\tname\r\n1\tZoé\r\n".getBytes(charset));
            assertThat(poll()).containsExactly("+1");
        }
    }

    @Test
    void theGroupOfAFileIsKeptWhenItIsWritten() throws Exception {
        Path file = desk.file("a.csv", "id,name\n1,Ann\n");
        Files.setAttribute(file, "unix:gid", 12345);
        Files.setAttribute(file, "unix:uid", 12346);
        desk.clock.pass(Duration.ofMinutes(1));
        desk.write("a", new WriteOp.Delete("op", "1", Map.of(), null));
        assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(12345);
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(12346);
    }
}
