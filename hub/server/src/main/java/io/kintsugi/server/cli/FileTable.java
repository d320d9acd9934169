package io.kintsugi.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.server.match.CsvRows;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A CSV or JSONL file as something to load. Looks at its first rows; the file connector reads it whole. */
final class FileTable {
    private static final int SAMPLE = 2000;
    private static final int LOOK = 1 << 13; // bytes
    private static final Charset WINDOWS = Charset.forName("windows-1252");
    private static final int HEAD = 1 << 23; // bytes or characters
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final String encoding;
    private final byte[] head;
    private final boolean utf16;
    private final Charset charset;

    /**
     * @param encoding null to tell by the content, of which a file in UTF-16 leaves no doubt
     * @throws HubException with {@code UNPROCESSABLE} if it cannot be read, or not in this encoding
     */
    FileTable(Path file, String encoding) throws IOException {
        this.file = file.toAbsolutePath().normalize();
        FileChecks.readableAs(file, "a CSV or JSONL file");
        try (var in = Files.newInputStream(file)) {
            head = in.readNBytes(LOOK);
        }
        utf16 = head.length > 1 && Set.of(0xFEFF, 0xFFFE).contains((head[0] & 0xFF) << 8 | head[1] & 0xFF);
        if (!utf16 && IntStream.range(0, head.length).anyMatch(i -> head[i] == 0)) {
            throw refused(file + " holds zero bytes, so it is no text; name a CSV or JSONL file");
        }
        var named = encoding == null ? null : named(encoding);
        if (named != null && named.name().startsWith("UTF-16") && !utf16) {
            throw refused(file + " does not begin with the mark of UTF-16; save it as UTF-8");
        }
        this.encoding = utf16 ? null : encoding;
        charset = utf16 ? StandardCharsets.UTF_8 : named;
    }

    Table look() throws IOException {
        var name = file.getFileName().toString();
        var lower = name.toLowerCase(Locale.ROOT);
        var stream = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
        if (lower.endsWith(".jsonl") || lower.endsWith(".ndjson")) {
            return json(stream, charset == null ? StandardCharsets.UTF_8 : charset);
        }
        try {
            return csv(stream, ofHeader());
        } catch (IOException e) {
            throw refused(file + ": " + e.getMessage());
        }
    }

    private Charset ofHeader() {
        if (utf16) return charset;
        var likely = charset != null ? List.of(charset) : List.of(StandardCharsets.UTF_8, WINDOWS);
        return likely.stream()
                .filter(this::headerFits)
                .findFirst()
                .orElseThrow(() -> refused("the first line of " + file + " is not in "
                        + likely.stream().map(Charset::name).collect(Collectors.joining(" or "))
                        + "; if it is a text, name its encoding with --encoding"));
    }

    /** What is behind the header the connector reads, and takes row by row. */
    private boolean headerFits(Charset candidate) {
        int begin = 0;
        while (begin < head.length && Character.isWhitespace(head[begin])) begin++;
        int end = begin;
        while (end < head.length && head[end] != '\n' && head[end] != '\r') end++;
        var decoder = candidate.newDecoder();
        var text = CharBuffer.allocate((int) Math.ceil((end - begin) * (double) decoder.maxCharsPerByte()) + 1);
        boolean whole = end < head.length || head.length < LOOK;
        return !decoder.decode(ByteBuffer.wrap(head, begin, end - begin), text, whole)
                .isError();
    }

    /** Its bytes, those of UTF-16 as UTF-8, as the connector reads them, but only the beginning. */
    private InputStream open() throws IOException {
        if (!utf16) return Files.newInputStream(file);
        var text = new char[HEAD];
        int length = 0;
        try (var in = Files.newBufferedReader(file, StandardCharsets.UTF_16)) {
            for (int read = in.read(text); read > 0; read = in.read(text, length, HEAD - length)) length += read;
        } catch (CharacterCodingException e) {
            throw refused(file + " begins like UTF-16 but is not; save it as UTF-8");
        }
        return new ByteArrayInputStream(new String(text, 0, length).getBytes(StandardCharsets.UTF_8));
    }

    private static Charset named(String encoding) {
        try {
            return Charset.forName(encoding);
        } catch (IllegalArgumentException e) {
            throw refused("there is no encoding " + encoding + "; name one such as UTF-8, windows-1252 or ISO-8859-2");
        }
    }

    private Table csv(String stream, Charset as) throws IOException {
        try (var rows = new CsvRows(open(), as)) {
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
    private Table json(String stream, Charset as) throws IOException {
        byte[] begin;
        try (var in = open()) {
            begin = in.readNBytes(HEAD);
        }
        int length = begin.length < HEAD ? begin.length : lastLineEnd(begin);
        if (length == 0 && begin.length == HEAD) {
            throw refused("the first line of " + file + " is longer than " + (HEAD >> 20) + " MiB, which is no record");
        }
        var text = new String(begin, 0, length, as);
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
        if (sample.isEmpty()) throw refused(file + " has a header and no rows, so there is nothing to load");
        if (utf16) bytes *= 2; // as most letters
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
