package io.kintsugi.connector.file;

import io.kintsugi.connector.file.Settings.Format;
import io.kintsugi.connector.spi.ConnectorException;
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
 * @param bom bytes before the text that only name the encoding
 * @param lineEnd of the first line, for rows that are added
 * @param header columns of a CSV file in order; empty for JSONL
 * @param idIndex which of them holds the id
 */
record Layout(
        Path file,
        Format format,
        Charset charset,
        int bom,
        char delimiter,
        String lineEnd,
        List<String> header,
        int idIndex,
        int maxLength) {

    private static final String DELIMITERS = ",;\t|";

    static Layout of(Path file, String idColumn, Settings settings) throws IOException, ConnectorException {
        String name = file.getFileName().toString();
        Format format = settings.format() != null ? settings.format() : Format.ofName(name);
        if (format == null) format = Format.CSV;
        int bom = bom(file);
        Charset charset = settings.encoding();
        if (charset == null) charset = bom > 0 || format == Format.JSONL ? StandardCharsets.UTF_8 : guess(file);
        Layout bare = new Layout(file, format, charset, bom, (char) 0, "\n", List.of(), -1, settings.maxRecordLength());
        char delimiter = settings.delimiter();
        if (format == Format.CSV && delimiter == 0) delimiter = bare.likeliestDelimiter();
        return bare.withDelimiter(delimiter).withHeader(idColumn);
    }

    private Layout withDelimiter(char delimiter) {
        return new Layout(file, format, charset, bom, delimiter, lineEnd, header, idIndex, maxLength);
    }

    private static int bom(Path file) throws IOException, ConnectorException {
        byte[] head;
        try (InputStream in = Files.newInputStream(file)) {
            head = in.readNBytes(3);
        }
        int first = head.length < 2 ? 0 : (head[0] & 0xFF) << 8 | head[1] & 0xFF;
        if (first == 0xFFFE || first == 0xFEFF)
            throw new ConnectorException.Misconfigured(
                    file.getFileName() + " is UTF-16, which cannot be read row by row; save it as UTF-8");
        return first == 0xEFBB && head.length == 3 && (head[2] & 0xFF) == 0xBF ? 3 : 0;
    }

    private static Charset guess(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return RecordScanner.isRatherSingleByte(in) ? Charset.forName("windows-1252") : StandardCharsets.UTF_8;
        }
    }

    /** The delimiter that cuts the header into most columns; a comma if none does. */
    private char likeliestDelimiter() throws IOException {
        char likeliest = ',';
        int most = 1;
        for (char each : DELIMITERS.toCharArray()) {
            try (RecordScanner scanner = withDelimiter(each).scan()) {
                if (scanner.next() && scanner.problem() == null && scanner.cells() > most) {
                    most = scanner.cells();
                    likeliest = each;
                }
            }
        }
        return likeliest;
    }

    private Layout withHeader(String idColumn) throws IOException, ConnectorException {
        try (RecordScanner scanner = scan()) {
            boolean some = scanner.next();
            String end = some && scanner.endsWithCarriageReturnLineFeed() ? "\r\n" : "\n";
            if (format == Format.JSONL)
                return new Layout(file, format, charset, bom, delimiter, end, List.of(), -1, maxLength);
            if (!some)
                throw new ConnectorException.Transient(
                        file.getFileName() + " is empty; its first line has to name the columns", null);
            List<String> names = columns(scanner);
            int index = names.indexOf(idColumn);
            if (index < 0)
                throw new ConnectorException.Misconfigured(file.getFileName() + " has no column " + idColumn
                        + "; name the id column in setting id, one of " + names);
            return new Layout(file, format, charset, bom, delimiter, end, names, index, maxLength);
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
                        file.getFileName() + " line 1, the header, is not " + charset + "; set encoding to what it is");
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

    /** Reads the file from its beginning, header included. */
    RecordScanner scan() throws IOException {
        InputStream in = Files.newInputStream(file);
        in.skipNBytes(bom);
        return format == Format.CSV
                ? RecordScanner.csv(in, bom, charset, delimiter, maxLength)
                : RecordScanner.lines(in, bom, charset, maxLength);
    }

    /** Reads the rows. */
    RecordScanner scanRows() throws IOException {
        RecordScanner scanner = scan();
        if (format == Format.CSV) scanner.next();
        return scanner;
    }
}
