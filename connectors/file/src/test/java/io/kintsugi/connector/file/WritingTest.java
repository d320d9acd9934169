package io.kintsugi.connector.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.Writer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A rewrite changes what it was asked to change and not one byte more. */
final class WritingTest {
    @TempDir
    Path folder;

    private Desk desk;

    @BeforeEach
    void open() throws Exception {
        desk = new Desk(folder);
    }

    private static WriteOp.Update update(String id, Map<String, Object> set, String... clear) {
        return new WriteOp.Update("update " + id, id, set, Set.of(clear), Map.of(), null);
    }

    private static void assertCode(WriteResult result, Code code) {
        assertThat(result)
                .asInstanceOf(InstanceOfAssertFactories.type(WriteResult.Rejected.class))
                .extracting(rejected -> rejected.error().code())
                .isEqualTo(code);
    }

    @Test
    void bytesOfRowsThatNobodyNamedStayAsTheyAre() throws Exception {
        desk.file(
                "a.csv",
                "\uFEFFid;\"name\";town\r\n1;\"Ann\";\"Bonn\"\r\n2;Bo;Ulm\r\n\r\n3;broken\r\n4;\"Di\r\nna\";Jena");
        desk.write("a", update("2", Map.of("name", "B;o")), new WriteOp.Create("new", "5", Map.of("town", "Hof")));
        assertThat(desk.text("a.csv"))
                .isEqualTo(
                        "\uFEFFid;\"name\";town\r\n1;\"Ann\";\"Bonn\"\r\n2;\"B;o\";Ulm\r\n\r\n3;broken\r\n4;\"Di\r\nna\";Jena\r\n"
                                + "5;;Hof\r\n");
    }

    @Test
    void aDeleteRemovesTheRowWithItsLineEnd() throws Exception {
        desk.file("a.csv", "id,name\n1,a\n2,\"b\nb\"\n3,c\n");
        desk.write("a", new WriteOp.Delete("op", "2", Map.of(), null));
        assertThat(desk.text("a.csv")).isEqualTo("id,name\n1,a\n3,c\n");
    }

    @Test
    void jsonKeepsItsFieldsTheirOrderAndTheirKind() throws Exception {
        desk.file("a.jsonl", """
                {"id":1,"nested":{"b":[1,2]},"paid":1.50,"vip":true,"zip":"0012","big":12345678901234567890.10}
                {"id":2,"paid":2,"vip":null,"zip":null}
                """);
        assertThat(desk.write(
                        "a",
                        update("1", Map.of("paid", "2.75", "zip", "0013", "vip", "false")),
                        update("2", Map.of("paid", "a lot", "vip", true), "zip"),
                        new WriteOp.Create(
                                "new", "x-3", Map.of("paid", new BigDecimal("3.10"), "zip", 7L, "vip", "true"))))
                .hasOnlyElementsOfType(WriteResult.Applied.class);
        assertThat(desk.text("a.jsonl")).isEqualTo("""
                {"id":1,"nested":{"b":[1,2]},"paid":2.75,"vip":false,"zip":"0013","big":12345678901234567890.10}
                {"id":2,"paid":"a lot","vip":true,"zip":null}
                {"id":"x-3","nested":null,"paid":3.10,"vip":true,"zip":"7","big":null}
                """);
    }

    @Test
    void theEncodingStaysAndWhatItCannotHoldIsRefused() throws Exception {
        Charset western = Charset.forName("windows-1252");
        Files.write(folder.resolve("a.csv"), "id,name\n1,Zoë\n2,Ömer\n".getBytes(western));
        List<WriteResult> results =
                desk.write("a", update("1", Map.of("name", "Noël €")), update("2", Map.of("name", "漢")));
        assertThat(results.get(0)).isInstanceOf(WriteResult.Applied.class);
        assertCode(results.get(1), Code.VALIDATION);
        assertThat(new String(Files.readAllBytes(folder.resolve("a.csv")), western))
                .isEqualTo("id,name\n1,Noël €\n2,Ömer\n");
    }

    @Test
    void anIdThatTwoRowsHaveIsNotTouched() throws Exception {
        String before = "id,name\n1,a\n2,b\n1,c\n";
        desk.file("a.csv", before);
        List<WriteResult> results = desk.write(
                "a",
                update("1", Map.of("name", "x")),
                new WriteOp.Delete("delete", "3", Map.of(), null),
                new WriteOp.Create("create", "1", Map.of("name", "x")));
        assertCode(results.get(0), Code.AMBIGUOUS_KEY);
        assertCode(results.get(1), Code.NOT_FOUND);
        assertCode(results.get(2), Code.DUPLICATE);
        assertThat(desk.text("a.csv")).isEqualTo(before);
    }

    @Test
    void anUpdateToWhatIsThereAlreadyLeavesTheFileAlone() throws Exception {
        Path file = desk.file("a.csv", "id,name\n1,\"a\"\n");
        String mark = StreamFiles.mark(file);
        assertThat(desk.write("a", update("1", Map.of("name", "a")))).hasOnlyElementsOfType(WriteResult.Applied.class);
        assertThat(StreamFiles.mark(file)).isEqualTo(mark);
    }

    @Test
    void aSecondWriterWaitsItsTurnAndNoDraftIsLeftBehind() throws Exception {
        Path file = desk.file("a.csv", "id,name\n1,a\n");
        desk.write("a", update("1", Map.of("name", "b")));
        Path lock;
        try (Stream<Path> state = Files.list(folder.resolve(".kintsugi"))) {
            lock = state.filter(each -> each.toString().endsWith(".lock"))
                    .findFirst()
                    .orElseThrow();
        }
        try (FileChannel other = FileChannel.open(lock, StandardOpenOption.WRITE);
                FileLock held = other.lock()) {
            assertThat(held.isValid()).isTrue();
            assertThatThrownBy(() -> desk.write("a", update("1", Map.of("name", "c"))))
                    .isInstanceOf(ConnectorException.Transient.class)
                    .hasMessageContaining("another writer");
        }
        assertThat(desk.text("a.csv")).isEqualTo("id,name\n1,b\n");
        try (Stream<Path> all = Files.list(folder)) {
            assertThat(all.filter(Files::isRegularFile)).containsExactly(file);
        }
    }

    @Test
    void permissionsAndLinksStay() throws Exception {
        Path real = Files.createDirectory(folder.resolve("elsewhere")).resolve("real.csv");
        Files.writeString(real, "id,name\n1,a\n");
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
        Files.createSymbolicLink(folder.resolve("a.csv"), real);
        desk.write("a", update("1", Map.of("name", "b")));
        assertThat(Files.readString(real)).isEqualTo("id,name\n1,b\n");
        assertThat(folder.resolve("a.csv")).isSymbolicLink();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void aRowThatWouldBeTooLongToReadIsNotWritten() throws Exception {
        desk.set("maxRecordLength", 100);
        desk.file("a.csv", "id,name\n1,a\n");
        assertCode(desk.write("a", update("1", Map.of("name", "x".repeat(200)))).get(0), Code.VALIDATION);
        assertThat(desk.column("a", "name")).containsExactly("a");
    }

    /** Runs something each time a connector asks for the time, which it does just before it replaces a file. */
    private static Clock interrupting(Runnable interruption) {
        return new Clock() {
            @Override
            public Instant instant() {
                interruption.run();
                return Instant.EPOCH;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }

    private void append(String text) {
        try {
            Files.writeString(folder.resolve("a.csv"), text, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<WriteResult> writeInterrupted(Runnable interruption) throws ConnectorException {
        Settings settings = Settings.of(Map.of("folder", folder.toString()));
        Writer writer = new Rewriter(new Folder(settings), settings, interrupting(interruption));
        return writer.write(
                "a", List.of(update("1", Map.of("name", "hub"))), new Writer.WriteOptions(null, Duration.ofMinutes(1)));
    }

    @Test
    void aRowThatAUserAddsMeanwhileIsKept() throws Exception {
        desk.file("a.csv", "id,name\n1,a\n");
        AtomicInteger calls = new AtomicInteger();
        assertThat(writeInterrupted(() -> {
                    if (calls.incrementAndGet() == 2) append("2,user\n");
                }))
                .hasOnlyElementsOfType(WriteResult.Applied.class);
        assertThat(desk.text("a.csv")).isEqualTo("id,name\n1,hub\n2,user\n");
    }

    @Test
    void aFileThatNeverRestsIsNotWritten() throws Exception {
        desk.file("a.csv", "id,name\n1,a\n");
        AtomicInteger calls = new AtomicInteger();
        assertThatThrownBy(() -> writeInterrupted(() -> append("x" + calls.incrementAndGet() + ",user\n")))
                .isInstanceOf(ConnectorException.Transient.class)
                .hasMessageContaining("nothing is changed");
        assertThat(desk.column("a", "name")).startsWith("a", "user").doesNotContain("hub");
    }
}
