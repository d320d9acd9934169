package io.kintsugi.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.server.match.CsvRows;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A CSV or JSONL file as something to load. Looks at its first rows; the file connector reads it whole. */
final class FileTable {
    private static final int SAMPLE = 2000;
    private static final int HEAD = 1 << 23; // bytes
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final String encoding;

    /** @param encoding null to tell by the content */
    FileTable(Path file, String encoding) {
        this.file = file.toAbsolutePath().normalize();
        this.encoding = encoding;
        if (!Files.exists(file)) throw refused("there is no file " + file);
        if (Files.isDirectory(file)) throw refused(file + " is a folder; name a CSV or JSONL file");
        if (!Files.isReadable(file)) throw refused(file + " may not be read by this user");
    }

    Table look() throws IOException {
        var name = file.getFileName().toString();
        var lower = name.toLowerCase(Locale.ROOT);
        var stream = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
        if (lower.endsWith(".jsonl") || lower.endsWith(".ndjson")) return json(stream);
        if (encoding != null) return csv(stream, charset());
        try {
            return csv(stream, StandardCharsets.UTF_8);
        } catch (IOException e) { // of the header, so perhaps it is the other usual encoding
            try {
                return csv(stream, Charset.forName("windows-1252"));
            } catch (IOException alsoWrong) {
                throw refused(file + ": " + e.getMessage());
            }
        }
    }

    private Charset charset() {
        try {
            return Charset.forName(encoding);
        } catch (IllegalArgumentException e) {
            throw refused("there is no encoding " + encoding);
        }
    }

    private Table csv(String stream, Charset charset) throws IOException {
        try (var rows = new CsvRows(Files.newInputStream(file), charset)) {
            long begin = rows.bytesRead();
            var sample = new ArrayList<List<String>>();
            try {
                for (var row = rows.next(); row != null; row = sample.size() < SAMPLE ? rows.next() : null) {
                    sample.add(row.fields());
                }
            } catch (IOException e) {
                if (sample.isEmpty()) throw e; // otherwise the connector says which line is broken, and goes on
            }
            refuseTwins(rows.header());
            return table(stream, rows.header(), sample, rows.bytesRead() - begin);
        }
    }

    /** Else the mapping would seem to be about one of them, and nobody could say which. */
    private void refuseTwins(List<String> header) {
        for (int i = 0; i < header.size(); i++) {
            int first = header.indexOf(header.get(i));
            if (first == i) continue;
            throw refused(file + ": columns " + (first + 1) + " and " + (i + 1) + " are both named " + header.get(i)
                    + "; rename one");
        }
    }

    /** Looks at the whole lines of the first bytes only, because the first line may be longer than the memory. */
    private Table json(String stream) throws IOException {
        byte[] head;
        try (var in = Files.newInputStream(file)) {
            head = in.readNBytes(HEAD);
        }
        int length = head.length < HEAD ? head.length : lastLineEnd(head);
        var text = new String(head, 0, length, encoding == null ? StandardCharsets.UTF_8 : charset());
        var header = new LinkedHashSet<String>();
        var objects = new ArrayList<JsonNode>();
        long bytes = 0;
        for (var line : (Iterable<String>) text.lines()::iterator) {
            if (objects.size() == SAMPLE) break;
            bytes += line.length() + 1;
            try {
                var object = JSON.readTree(line);
                if (!object.isObject()) continue;
                object.fieldNames().forEachRemaining(header::add);
                objects.add(object);
            } catch (JsonProcessingException e) {
                continue; // the connector parks it
            }
        }
        if (objects.isEmpty()) {
            throw refused("the first lines of " + file
                    + " hold no JSON object; write one per line, in UTF-8 or in the encoding that --encoding names");
        }
        var sample = new ArrayList<List<String>>();
        for (var object : objects) {
            sample.add(header.stream().map(name -> object.path(name).asText("")).toList());
        }
        return table(stream, List.copyOf(header), sample, bytes);
    }

    private static int lastLineEnd(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') end--;
        return end;
    }

    private Table table(String stream, List<String> header, List<List<String>> sample, long bytes) throws IOException {
        if (sample.isEmpty()) throw refused(file + " has a header and no rows");
        long rows = bytes <= 0 ? sample.size() : Math.round((double) Files.size(file) * sample.size() / bytes);
        return new Table(file.toString(), stream, header, sample, rows);
    }

    /**
     * How the file connector reads it.
     *
     * @param sourceColumn column whose values each have ids of their own; null for none
     */
    SystemConfig system(String id, Table table, String idColumn, String sourceColumn) {
        var settings = new LinkedHashMap<String, Object>();
        settings.put("folder", file.getParent().toString());
        settings.put("streams", Map.of(table.stream(), file.getFileName().toString()));
        settings.put("id", Map.of(table.stream(), idColumn));
        if (sourceColumn != null) settings.put("idWithin", Map.of(table.stream(), sourceColumn));
        if (encoding != null) settings.put("encoding", encoding);
        settings.put("quietSeconds", 0); // who names a file says that it is whole
        return new SystemConfig(id, id, "file", settings, Duration.ofSeconds(5), List.of());
    }

    private static HubException refused(String why) {
        return new HubException(HubErrorCode.UNPROCESSABLE, why);
    }
}
