package io.kintsugi.connector.file;

import static org.assertj.core.api.Assertions.assertThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random tables survive, checked against another CSV reader and writer. */
final class RoundTripTest {
    private static final String[] PIECES = {
        "a", "Z", "7", " ", ",", ";", "\t", "|", "\"", "\"\"", "\n", "\r\n", "é", "漢", "😀", "e\u0301", "#", "'", "{",
        "\\", "\u00A0"
    };

    @TempDir
    Path folder;

    static LongStream seeds() {
        return LongStream.rangeClosed(1, 60);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) text.append(PIECES[random.nextInt(PIECES.length)]);
        return text.toString();
    }

    private static Map<String, Object> row(Random random, int id, int columns) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", "r" + id);
        for (int column = 1; column < columns; column++) {
            String text = text(random);
            row.put("c" + column, text.isEmpty() ? null : text);
        }
        return row;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatAnotherWriterWroteIsReadAndWhatIsWrittenAnotherReaderReads(long seed) throws Exception {
        Random random = new Random(seed);
        int columns = 2 + random.nextInt(5);
        char delimiter = ",;\t|".charAt(random.nextInt(4));
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int id = random.nextInt(30); id >= 0; id--) rows.add(row(random, id, columns));
        Path file = folder.resolve("t.csv");
        try (CsvWriter writer = CsvWriter.builder()
                .fieldSeparator(delimiter)
                .lineDelimiter(random.nextBoolean() ? LineDelimiter.LF : LineDelimiter.CRLF)
                .quoteStrategy(random.nextBoolean() ? QuoteStrategies.ALWAYS : QuoteStrategies.REQUIRED)
                .build(file)) {
            writer.writeRecord(rows.get(0).keySet());
            for (Map<String, Object> row : rows)
                writer.writeRecord(
                        row.values().stream().map(cell -> (String) cell).toList());
        }
        try (Desk desk = new Desk(folder)) {
            assertThat(desk.read("t").unreadable()).isEmpty();
            assertThat(desk.read("t").records())
                    .extracting(NativeRecord::fields)
                    .isEqualTo(rows);
            List<WriteOp> ops = change(random, rows, columns);
            assertThat(desk.write("t", ops.toArray(WriteOp[]::new))).hasOnlyElementsOfType(WriteResult.Applied.class);
            assertThat(desk.read("t").records())
                    .extracting(NativeRecord::fields)
                    .isEqualTo(rows);
        }
        assertThat(Files.exists(file)).isTrue();
        List<Map<String, Object>> others = new ArrayList<>();
        try (CsvReader<CsvRecord> reader =
                CsvReader.builder().fieldSeparator(delimiter).ofCsvRecord(file)) {
            List<String> header = null;
            for (CsvRecord record : reader) {
                if (header == null) {
                    header = record.getFields();
                    continue;
                }
                Map<String, Object> row = new LinkedHashMap<>();
                for (int i = 0; i < header.size(); i++)
                    row.put(header.get(i), record.getField(i).isEmpty() ? null : record.getField(i));
                others.add(row);
            }
        }
        assertThat(others).isEqualTo(rows);
    }

    /** Changes, removes and adds rows at random, in the expectation and as ops. */
    private static List<WriteOp> change(Random random, List<Map<String, Object>> rows, int columns) {
        List<WriteOp> ops = new ArrayList<>();
        for (Map<String, Object> row : List.copyOf(rows)) {
            String id = (String) row.get("id");
            int what = random.nextInt(4);
            if (what == 0 && rows.size() > 1) {
                rows.remove(row);
                ops.add(new WriteOp.Delete("delete " + id, id, Map.of(), null));
            } else if (what == 1) {
                String text = "x" + text(random);
                row.put("c1", text);
                Set<String> clear = columns > 2 ? Set.of("c2") : Set.of();
                clear.forEach(column -> row.put(column, null));
                ops.add(new WriteOp.Update("update " + id, id, Map.of("c1", text), clear, Map.of(), null));
            }
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            Map<String, Object> row = row(random, 100 + i, columns);
            rows.add(row);
            Map<String, Object> set = new LinkedHashMap<>(row);
            set.values().removeIf(value -> value == null);
            ops.add(new WriteOp.Create("create " + i, "r" + (100 + i), set));
        }
        return ops;
    }
}
