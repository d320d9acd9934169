package io.kintsugi.connector.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.kintsugi.connector.spi.ConnectorFactory;
import io.kintsugi.connector.tck.Subject;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A folder with one file of people, edited by its users with other means than the connector. */
final class FolderSubject implements Subject {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final Path file;
    private final boolean csv;
    private final MovingClock clock = new MovingClock();
    private List<String> columns = List.of("id", "name", "town");
    private int ids = 100;

    FolderSubject(String fileName) throws IOException {
        folder = Files.createTempDirectory("people");
        file = folder.resolve(fileName);
        csv = fileName.endsWith(".csv");
        Files.writeString(file, csv ? "id,name,town\n" : "");
    }

    @Override
    public ConnectorFactory factory() {
        return new FileConnectorFactory();
    }

    @Override
    public Map<String, Object> settings() {
        return Map.of(
                "folder",
                folder.toString(),
                "columns",
                Map.of("people", List.of("id", "name", "town")),
                "maxShrinkPercent", // the tests delete most of a few rows
                100);
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public String stream() {
        return "people";
    }

    @Override
    public List<String> textFields() {
        return List.of("name", "town");
    }

    @Override
    public String linkKeyField() {
        return "id";
    }

    @Override
    public String create(Map<String, String> fields) throws IOException {
        String id = "" + ++ids;
        recreate(id, fields);
        return id;
    }

    @Override
    public boolean recreate(String id, Map<String, String> fields) throws IOException {
        Map<String, String> row = new LinkedHashMap<>();
        columns.forEach(column -> row.put(column, fields.get(column)));
        row.put("id", id);
        Files.writeString(
                file, csv ? csv(row.values()) : JSON.writeValueAsString(row) + "\n", StandardOpenOption.APPEND);
        return true;
    }

    @Override
    public void edit(String id, Map<String, String> fields) throws IOException {
        rewrite(row -> {
            if (id.equals(row.get("id"))) row.putAll(fields);
            return row;
        });
    }

    @Override
    public void delete(String id) throws IOException {
        rewrite(row -> id.equals(row.get("id")) ? null : row);
    }

    @Override
    public Optional<Map<String, String>> read(String id) throws IOException {
        return rows().stream().filter(row -> id.equals(row.get("id"))).findFirst();
    }

    @Override
    public boolean spoil() throws IOException {
        Files.writeString(file, csv ? "5,\"broken\" quote,x\n" : "{\"id\": \"5\", oh no\n", StandardOpenOption.APPEND);
        return true;
    }

    @Override
    public boolean addField(String name) throws IOException {
        columns = Stream.concat(columns.stream(), Stream.of(name)).toList();
        rewrite(row -> {
            row.put(name, "new");
            return row;
        });
        return true;
    }

    /** A header proves that a column is gone; lines of JSON that lack a field prove nothing. */
    @Override
    public boolean removeField(String name) throws IOException {
        if (!csv) return false;
        columns = columns.stream().filter(column -> !column.equals(name)).toList();
        rewrite(row -> {
            row.remove(name);
            return row;
        });
        return true;
    }

    @Override
    public boolean renameField(String name, String newName) throws IOException {
        if (!csv) return false;
        columns = columns.stream()
                .map(column -> column.equals(name) ? newName : column)
                .toList();
        rewrite(row -> {
            Map<String, String> renamed = new LinkedHashMap<>();
            row.forEach((column, value) -> renamed.put(column.equals(name) ? newName : column, value));
            return renamed;
        });
        return true;
    }

    @Override
    public boolean unplug() throws IOException {
        close();
        return true;
    }

    @Override
    public void settle() {
        clock.pass(Duration.ofMinutes(1));
    }

    @Override
    public void close() {
        if (!Files.exists(folder)) return;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted((a, b) -> b.compareTo(a)).toList()) Files.delete(each);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void rewrite(UnaryOperator<Map<String, String>> change) throws IOException {
        StringBuilder text = new StringBuilder(csv ? csv(columns) : "");
        for (Map<String, String> row : rows()) {
            Map<String, String> changed = change.apply(row);
            if (changed != null) text.append(csv ? csv(changed.values()) : JSON.writeValueAsString(changed) + "\n");
        }
        Files.writeString(file, text);
    }

    private static String csv(Iterable<String> cells) {
        StringWriter text = new StringWriter();
        CsvWriter.builder()
                .lineDelimiter(LineDelimiter.LF)
                .bufferSize(0)
                .build(text)
                .writeRecord(cells);
        return text.toString();
    }

    private List<Map<String, String>> rows() throws IOException {
        List<Map<String, String>> rows = new ArrayList<>();
        if (csv) {
            try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(file)) {
                for (NamedCsvRecord record : reader) {
                    Map<String, String> row = new LinkedHashMap<>(record.getFieldsAsMap());
                    row.replaceAll((column, cell) -> cell.isEmpty() ? null : cell);
                    rows.add(row);
                }
            }
            return rows;
        }
        for (String line : Files.readString(file).split("\n")) {
            if (line.isEmpty()) continue;
            Map<String, String> row = new LinkedHashMap<>();
            JsonNode node = JSON.readTree(line);
            ((ObjectNode) node)
                    .properties()
                    .forEach(each -> row.put(
                            each.getKey(),
                            each.getValue().isNull() ? null : each.getValue().asText()));
            rows.add(row);
        }
        return rows;
    }

    /** Starts at the real time, as files carry it, and moves when told. */
    static final class MovingClock extends Clock {
        private Instant now = Instant.now();

        void pass(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
