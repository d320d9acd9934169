package io.kintsugi.connector.file;

import io.kintsugi.connector.file.Settings.Format;
import io.kintsugi.connector.spi.ConnectorException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How one file is written down.
 *
 * @param content where its text is: the file itself, or a copy in UTF-8 of a file in UTF-16
 * @param sure whether the encoding is known, rather than assumed for a file that is plain ASCII so far
 * @param bom bytes before the text that only name the encoding
 * @param lineEnd of the first line, for rows that are added
 * @param header columns of a CSV file in order; empty for JSONL
 * @param idIndex which of them holds the id
 */
record Layout(
        Path file,
        Path content,
        Format format,
        Charset charset,
        boolean sure,
        int bom,
        char delimiter,
        String lineEnd,
        List<String> header,
        int idIndex,
        int maxLength) {

    private static final String DELIMITERS = ",;\t|";
    private static final Charset SINGLE_BYTE = Charset.forName("windows-1252");

    private record Encoding(Charset charset, boolean sure) {}

    /**
     * @param known the encoding the file had before; null if that is not known
     * @throws ConnectorException.CheckpointExpired if the file had a single-byte encoding and was converted to UTF-8 since
     */
    static Layout of(Path file, String idColumn, Settings settings, Charset known)
            throws IOException, ConnectorException {
        String name = file.getFileName().toString();
        Format format = settings.format() != null ? settings.format() : Format.ofName(name);
        if (format == null) format = Format.CSV;
        boolean utf16 = Utf16.is(file);
        Path content = utf16 ? Utf16.copy(file, settings.stateFolder()) : file;
        int bom = bom(content);
        Encoding encoding = settings.encoding() != null && !utf16
                ? new Encoding(settings.encoding(), true)
                : utf16 || bom > 0 || format == Format.JSONL
                        ? new Encoding(StandardCharsets.UTF_8, true)
                        : guess(file, known);
        Layout bare = new Layout(
                file,
                content,
                format,
                encoding.charset,
                encoding.sure,
                bom,
                (char) 0,
                "\n",
                List.of(),
                -1,
                settings.maxRecordLength());
        byte[] head = bare.head();
        char delimiter = settings.delimiter();
        if (format == Format.CSV && delimiter == 0) delimiter = bare.likeliestDelimiter(head);
        return bare.withDelimiter(delimiter).withHeader(head, idColumn);
    }

    private Layout with(char newDelimiter, String newLineEnd, List<String> newHeader, int newIdIndex) {
        return new Layout(
                file, content, format, charset, sure, bom, newDelimiter, newLineEnd, newHeader, newIdIndex, maxLength);
    }

    private Layout withDelimiter(char newDelimiter) {
        return with(newDelimiter, lineEnd, header, idIndex);
    }

    private static int bom(Path file) throws IOException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(3);
        }
        return head.length == 3 && (head[0] & 0xFF) == 0xEF && (head[1] & 0xFF) == 0xBB && (head[2] & 0xFF) == 0xBF
                ? 3
                : 0;
    }

    /** What it was before, it still is: rows that contradict are broken, and do not turn all others into other text. */
    private static Encoding guess(Path file, Charset known) throws IOException, ConnectorException {
        if (StandardCharsets.UTF_8.equals(known)) return new Encoding(known, true);
        RecordScanner.Evidence evidence;
        try (InputStream in = Files.newInputStream(file)) {
            evidence = RecordScanner.evidence(in);
        }
        if (known != null) {
            if (evidence.utf8() > 0 && evidence.other() == 0)
                throw Positions.expired(
                        file.getFileName() + " was " + known + " before and is UTF-8 now; read it anew");
            return new Encoding(known, true);
        }
        return new Encoding(
                evidence.other() > evidence.utf8() ? SINGLE_BYTE : StandardCharsets.UTF_8,
                evidence.other() + evidence.utf8() > 0);
    }

    /** As much of the text as a header may have. */
    private byte[] head() throws IOException {
        try (InputStream in = Files.newInputStream(content)) {
            in.skipNBytes(bom);
            return in.readNBytes(maxLength + 2);
        }
    }

    /** The delimiter that cuts the header into most columns; a comma if none does. */
    private char likeliestDelimiter(byte[] head) throws IOException {
        char likeliest = ',';
        int most = 1;
        for (char each : DELIMITERS.toCharArray()) {
            try (RecordScanner scanner = withDelimiter(each).scan(new ByteArrayInputStream(head))) {
                if (scanner.next() && scanner.problem() == null && scanner.cells() > most) {
                    most = scanner.cells();
                    likeliest = each;
                }
            }
        }
        return likeliest;
    }

    private Layout withHeader(byte[] head, String idColumn) throws IOException, ConnectorException {
        try (RecordScanner scanner = scan(new ByteArrayInputStream(head))) {
            boolean some = scanner.next();
            String end = some ? scanner.lineEnd() : "\n";
            if (format == Format.JSONL) return with(delimiter, end, List.of(), -1);
            if (!some)
                throw new ConnectorException.Transient(
                        file.getFileName() + " is empty; its first line has to name the columns", null);
            List<String> names = columns(scanner);
            int index = names.indexOf(idColumn);
            if (index < 0)
                throw new ConnectorException.Misconfigured(file.getFileName() + " has no column " + idColumn
                        + "; name the id column in setting id, one of " + names);
            return with(delimiter, end, names, index);
        }
    }

    private List<String> columns(RecordScanner scanner) throws ConnectorException {
        if (scanner.problem() != null)
            throw new ConnectorException.Misconfigured(
                    file.getFileName() + " line 1, the header, " + scanner.problem());
        List<String> names = new ArrayList<>();
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < scanner.cells(); i++) {
            String name;
            try {
                name = scanner.cell(i).strip();
            } catch (CharacterCodingException e) {
                throw new ConnectorException.Misconfigured(
                        "encoding",
                        "does not fit: " + file.getFileName() + " line 1, the header, is not " + charset
                                + "; say what it is");
            }
            if (name.isEmpty()) name = "column " + (i + 1);
            Integer before = first.putIfAbsent(name, i + 1);
            if (before != null)
                throw new ConnectorException.Misconfigured("%s: columns %d and %d are both named %s; rename one"
                        .formatted(file.getFileName(), before, i + 1, name));
            names.add(name);
        }
        return List.copyOf(names);
    }

    private RecordScanner scan(InputStream text) {
        return format == Format.CSV
                ? RecordScanner.csv(text, bom, charset, delimiter, maxLength)
                : RecordScanner.lines(text, bom, charset, maxLength);
    }

    /** Reads the rows, whose first stands behind the header. */
    RecordScanner scanRows() throws IOException {
        InputStream in = Files.newInputStream(content);
        in.skipNBytes(bom);
        RecordScanner scanner = scan(in);
        if (format == Format.CSV) {
            scanner.next();
            scanner.expect(header.size());
        }
        return scanner;
    }
}
