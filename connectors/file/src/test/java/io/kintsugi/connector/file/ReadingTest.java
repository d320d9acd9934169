package io.kintsugi.connector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.StreamDef;
import io.kintsugi.connector.spi.Unreadable;
import io.kintsugi.connector.spi.Writer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as people make them. */
final class ReadingTest {
    @TempDir
    Path folder;

    private Desk desk(Object... settings) throws ConnectorException {
        return new Desk(folder, settings);
    }

    @Test
    void theDelimiterIsTheOneTheHeaderUses() throws Exception {
        for (String delimiter : List.of(",", ";", "\t", "|")) {
            try (Desk desk = desk()) {
                desk.file("a.csv", "id,name\n1,Ann\n".replace(",", delimiter));
                assertThat(desk.column("a", "name")).containsExactly("Ann");
            }
        }
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstColumn() throws Exception {
        try (Desk desk = desk()) {
            desk.file("a.csv", "\uFEFFid,name\n1,Zoë\n");
            assertThat(desk.column("a", "id")).containsExactly("1");
            assertThat(desk.column("a", "name")).containsExactly("Zoë");
        }
    }

    @Test
    void aFileThatIsNotUtf8IsReadAsWindows1252() throws Exception {
        Files.write(folder.resolve("a.csv"), "id,name\n1,Zoë €\n".getBytes(Charset.forName("windows-1252")));
        try (Desk desk = desk()) {
            assertThat(desk.column("a", "name")).containsExactly("Zoë €");
        }
    }

    @Test
    void oneUndecodableRowInAUtf8FileCostsThatRowOnly() throws Exception {
        try (OutputStream out = Files.newOutputStream(folder.resolve("a.csv"))) {
            out.write("id,name\n1,Zoë\n2,".getBytes(StandardCharsets.UTF_8));
            out.write(0xE9);
            out.write("\n3,Ömer\n".getBytes(StandardCharsets.UTF_8));
        }
        try (Desk desk = desk()) {
            assertThat(desk.column("a", "name")).containsExactly("Zoë", "Ömer");
            assertThat(desk.read("a").unreadable())
                    .extracting(Unreadable::place, Unreadable::reason)
                    .containsExactly(tuple("a.csv line 3", "holds bytes that are not UTF-8"));
        }
    }

    @Test
    void aDuplicateHeaderNamesBothColumns() throws Exception {
        try (Desk desk = desk()) {
            desk.file("a.csv", "id,email,name,email\n1,a,b,c\n");
            assertThatThrownBy(() -> desk.read("a"))
                    .isInstanceOf(ConnectorException.Misconfigured.class)
                    .hasMessageContaining("columns 2 and 4 are both named email");
            desk.file("b.csv", "id,name\n1,Ann\n");
            assertThat(desk.connector.discover().streams())
                    .as("one bad file does not hide the others")
                    .extracting(StreamDef::name)
                    .containsExactly("b");
        }
    }

    @Test
    void aBlankHeaderNameGetsOneByItsPlace() throws Exception {
        try (Desk desk = desk()) {
            desk.file("a.csv", "id,,name\n1,x,Ann\n");
            assertThat(desk.column("a", "column 2")).containsExactly("x");
        }
    }

    @Test
    void aMissingIdColumnIsNamedWithTheColumnsThereAre() throws Exception {
        try (Desk desk = desk()) {
            desk.file("a.csv", "number,name\n1,Ann\n");
            assertThatThrownBy(() -> desk.read("a"))
                    .isInstanceOf(ConnectorException.Misconfigured.class)
                    .hasMessageContaining("no column id")
                    .hasMessageContaining("number");
            desk.set("id", Map.of("a", "number"));
            assertThat(desk.read("a").records().get(0).id().id()).isEqualTo("1");
        }
    }

    @Test
    void brokenRowsAreReportedEachWithItsLineAndTheRestFlows() throws Exception {
        try (Desk desk = desk()) {
            desk.file("a.csv", """
                    id,name,town
                    1,"Ann
                    of Bonn",Bonn
                    2,too few
                    3,one,too,many
                    4,"a ""quoted"" word",Köln
                    5,"stray" quote,x
                    ,no id,x
                    4,again,x

                    6,5" pipe,Ulm
                    7,"never closed,x
                    8,Hal,Jena
                    """);
            assertThat(desk.column("a", "id")).containsExactly("1", "4", "6", "8");
            assertThat(desk.column("a", "name"))
                    .containsExactly("Ann\nof Bonn", "a \"quoted\" word", "5\" pipe", "Hal");
            assertThat(desk.read("a").unreadable().stream().map(each -> each.place() + " " + each.reason()))
                    .containsExactly(
                            "a.csv line 4 has 2 cells, the header has 3",
                            "a.csv line 5 has 4 cells, the header has 3",
                            "a.csv line 7 has text after a closing quote in column 2",
                            "a.csv line 8 has no id",
                            "a.csv line 9 has the id of a.csv line 6, which counts",
                            "a.csv line 12 opens a quote that never closes");
        }
    }

    @Test
    void brokenJsonLinesAreReportedWithoutTheirContent() throws Exception {
        try (Desk desk = desk()) {
            desk.file("a.jsonl", """
                    {"id": 1, "name": "Ann", "tags": ["a", "b"], "paid": 1.50, "vip": true, "town": null}
                    ["not", "an object"]
                    {"id": 2, "name": secret}
                    {"id": 3, "name": "x", "name": "y"}
                    {"id": 4} {"id": 5}
                    {"id": "6", "name": "Zoë"}
                    """);
            assertThat(desk.read("a").records().get(0).fields())
                    .containsEntry("id", "1")
                    .containsEntry("tags", "[\"a\",\"b\"]")
                    .containsEntry("paid", "1.50")
                    .containsEntry("vip", "true")
                    .containsEntry("town", null);
            assertThat(desk.column("a", "id")).containsExactly("1", "6");
            assertThat(desk.read("a").unreadable())
                    .extracting(Unreadable::place)
                    .containsExactly("a.jsonl line 2", "a.jsonl line 3", "a.jsonl line 4", "a.jsonl line 5");
            assertThat(desk.read("a").unreadable())
                    .extracting(Unreadable::reason)
                    .noneMatch(each -> each.contains("secret"));
        }
    }

    @Test
    void aRecordBeyondTheLimitIsReportedAndSkippedHoweverLong() throws Exception {
        Path file = folder.resolve("a.csv");
        byte[] block = new byte[1 << 20];
        Arrays.fill(block, (byte) 'x');
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write("id,name\n1,Ann\n2,".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 64; i++) out.write(block); // 64 times the limit
            out.write("\n3,Cem\n".getBytes(StandardCharsets.UTF_8));
        }
        try (Desk desk = desk()) {
            assertThat(desk.column("a", "id")).containsExactly("1", "3");
            Unreadable bad = desk.read("a").unreadable().get(0);
            assertThat(bad.place()).isEqualTo("a.csv line 3");
            assertThat(bad.reason()).contains("longer than 1048576 bytes");
            assertThat(bad.raw()).hasSizeLessThanOrEqualTo(4096).startsWith("2,xxx");
        }
        Files.delete(file);
    }

    @Test
    void aPatternMakesOneReadOnlyStreamOfManyFiles() throws Exception {
        try (Desk desk = desk("streams", Map.of("orders", "orders-*.csv"))) {
            desk.file("orders-2.csv", "id,sum\n3,30\n1,11\n");
            desk.file("orders-1.csv", "id;sum\n1;10\n2;20\n");
            desk.file("other.csv", "id\n9\n");
            assertThat(desk.column("orders", "sum")).containsExactly("10", "20", "30");
            assertThat(desk.read("orders").unreadable())
                    .extracting(Unreadable::reason)
                    .containsExactly("has the id of orders-1.csv line 2, which counts");
            assertThat(desk.connector.facet(Writer.class)).isEmpty();
            assertThat(desk.connector.discover().streams().get(0).can().ops()).isEmpty();
        }
    }

    @Test
    void theChangedColumnSaysWhenARowChanged() throws Exception {
        try (Desk desk = desk("changedColumn", "at")) {
            desk.file(
                    "a.csv", "id,at\n1,2026-03-01T10:00:00Z\n2,2026-03-01 11:00:00+01:00\n3,2026-03-01\n4,soon\n5,\n");
            assertThat(desk.read("a").records())
                    .extracting(record -> record.modifiedAt())
                    .containsExactly(
                            Instant.parse("2026-03-01T10:00:00Z"),
                            Instant.parse("2026-03-01T10:00:00Z"),
                            Instant.parse("2026-03-01T00:00:00Z"),
                            null,
                            null);
        }
    }

    @Test
    void aSnapshotOfAFileThatChangesUnderneathBeginsAgain() throws Exception {
        try (Desk desk = desk()) {
            desk.file("a.csv", "id\n1\n2\n3\n");
            desk.clock.pass(Duration.ofMinutes(1));
            SnapshotSource source = desk.connector.facet(SnapshotSource.class).orElseThrow();
            Query query = new Query("a", List.of());
            Checkpoint next = source.page(query, null, 1).next();
            desk.file("a.csv", "id\n0\n1\n2\n3\n");
            assertThatThrownBy(() -> source.page(query, next, 1))
                    .isInstanceOf(ConnectorException.CheckpointExpired.class);
        }
    }

    @Test
    void twoFilesOfOneNameAreToldApartBySettings() throws IOException, ConnectorException {
        try (Desk desk = desk()) {
            desk.file("a.csv", "id\n1\n");
            desk.file("a.jsonl", "{\"id\":2}\n");
            assertThatThrownBy(() -> desk.read("a"))
                    .isInstanceOf(ConnectorException.Misconfigured.class)
                    .hasMessageContaining("setting streams");
            desk.set("streams", Map.of("a", "a.jsonl"));
            assertThat(desk.column("a", "id")).containsExactly("2");
        }
    }
}
