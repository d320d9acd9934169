package io.kintsugi.server.match;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Reads CSV row by row and loses none: a row with a fault is handed out as far as it can be read, with what is wrong. A quote that is
 * never closed spoils the line it stands on, not the rest of the file. Not safe for threads.
 */
public final class CsvRows implements Closeable {
    private static final int LONGEST_LINE = 1 << 24; // bytes
    private static final int MOST_LINES_OF_A_ROW = 200;
    private static final int BYTE_ORDER_MARK = 3; // bytes
    private static final String SEPARATORS = ",;\t|";

    /**
     * One row of data.
     *
     * @param line where it begins, from 1
     * @param fields as many as the header has; missing ones are empty
     * @param problem what is wrong with it; null if nothing is
     */
    public record Row(long line, List<String> fields, String problem) {
        public Row {
            fields = List.copyOf(fields);
        }
    }

    private record Line(long number, String text, boolean undecodable) {}

    private final PushbackInputStream in; // a buffered one asks how much is available, which pipes do not tell
    private final CharsetDecoder strict;
    private final Charset charset;
    private final Deque<Line> ahead = new ArrayDeque<>();
    private final List<String> header;
    private final CsvReader.CsvReaderBuilder parser;
    private final char separator;
    private byte[] buffer = new byte[1 << 12];
    private long linesRead;
    private long bytesRead;
    private int pushedBack = -1;
    private final byte[] chunk = new byte[1 << 16]; // read from the file, and not yet looked at from here on:
    private int chunkAt;
    private int chunkEnd;

    /**
     * Reads the header.
     *
     * @param in closed with this
     * @param charset one that has ASCII in it, as UTF-8 and the Windows and ISO encodings do
     * @throws IOException if it cannot be read, is empty, is UTF-16, another encoding without ASCII or no text, or has a line
     *     over 16 MiB; the message is for people
     */
    public CsvRows(InputStream in, Charset charset) throws IOException {
        this.in = new PushbackInputStream(in, BYTE_ORDER_MARK);
        this.charset = charset;
        strict = charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        if (!charset.decode(ByteBuffer.wrap(new byte[] {'a', '\n'})).toString().equals("a\n")) {
            throw new IOException(charset + " is not read; save it as UTF-8");
        }
        skipByteOrderMark();
        var first = nextLine();
        while (first != null && first.text().isBlank()) first = nextLine();
        if (first == null) throw new IOException("the file is empty; its first line must name the columns");
        if (first.text().indexOf('\0') >= 0) {
            throw new IOException("line " + first.number()
                    + " holds zero bytes, so the file is no text; if it is UTF-16, save it as UTF-8");
        }
        separator = separatorOf(first.text());
        parser = CsvReader.builder()
                .fieldSeparator(separator)
                .skipEmptyLines(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE);
        ahead.addFirst(first);
        var row = readRow();
        if (row.problem() != null) {
            var hint = first.undecodable() ? "; name the encoding with --encoding, such as windows-1252" : "";
            var place = first.undecodable() ? "" : " on line " + row.line(); // of bytes the problem names the line
            throw new IOException("the header" + place + ": " + row.problem() + hint);
        }
        header = row.fields().stream().map(String::strip).toList();
    }

    /** Column names in order, without blanks around them. Not checked for repeats. */
    public List<String> header() {
        return header;
    }

    /** Bytes taken from the file so far. */
    public long bytesRead() {
        return bytesRead;
    }

    /** @return the next row that is not an empty line; null at the end */
    public Row next() throws IOException {
        while (true) {
            var line = ahead.isEmpty() ? nextLine() : ahead.removeFirst();
            if (line == null) return null;
            if (line.text().isBlank()) continue;
            ahead.addFirst(line);
            var row = readRow();
            int expected = header.size();
            int found = row.fields().size();
            if (found == expected) return row;
            var fields = new ArrayList<>(row.fields().subList(0, Math.min(found, expected)));
            while (fields.size() < expected) fields.add("");
            var problem = row.problem() != null ? row.problem() : found + " fields, but the header has " + expected;
            return new Row(row.line(), fields, problem);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private Row readRow() throws IOException {
        var first = ahead.removeFirst();
        if (first.text().indexOf('"') < 0) return new Row(first.number(), split(first.text()), coding(first));

        var taken = new ArrayList<Line>(List.of(first));
        var text = new StringBuilder(first.text());
        while (true) {
            if (closed(text)) {
                try {
                    var fields = parse(text.toString());
                    boolean broken = taken.size() > 1 && header != null && fields.size() != header.size();
                    if (!broken) {
                        var undecodable = taken.stream()
                                .filter(Line::undecodable)
                                .findFirst()
                                .orElse(first);
                        return new Row(first.number(), fields, coding(undecodable));
                    }
                } catch (CsvParseException e) {
                    // handed out below as far as it can be read
                }
                break;
            }
            var next = taken.size() < MOST_LINES_OF_A_ROW ? (ahead.isEmpty() ? nextLine() : ahead.removeFirst()) : null;
            if (next == null) break;
            taken.add(next);
            text.append('\n').append(next.text());
        }
        for (int i = taken.size() - 1; i > 0; i--) ahead.addFirst(taken.get(i));
        var fields = split(first.text()).stream().map(CsvRows::unquoted).toList();
        return new Row(first.number(), fields, "a quote that does not belong there or is never closed");
    }

    private List<String> parse(String text) {
        CsvRecord row = parser.ofSingleCsvRecord(text);
        return row.getFields();
    }

    private List<String> split(String line) {
        var fields = new ArrayList<String>(header == null ? 16 : header.size());
        int start = 0;
        for (int end = line.indexOf(separator); end >= 0; end = line.indexOf(separator, start)) {
            fields.add(line.substring(start, end));
            start = end + 1;
        }
        fields.add(line.substring(start));
        return fields;
    }

    /** Whether every quote that opens a field also closes it. */
    private boolean closed(CharSequence text) {
        boolean open = false;
        boolean atStart = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (open) {
                if (c != '"') continue;
                if (i + 1 < text.length() && text.charAt(i + 1) == '"') i++;
                else open = false;
            } else {
                open = c == '"' && atStart;
                atStart = c == separator || c == '\n';
            }
        }
        return !open;
    }

    private static String unquoted(String field) {
        return field.replace("\"", "");
    }

    private String coding(Line line) {
        return line.undecodable() ? "line " + line.number() + " holds bytes that are not " + charset : null;
    }

    private static char separatorOf(String header) {
        char best = ',';
        long most = 0;
        for (char candidate : SEPARATORS.toCharArray()) {
            long count = header.chars().filter(c -> c == candidate).count();
            if (count > most) {
                most = count;
                best = candidate;
            }
        }
        return best;
    }

    private void skipByteOrderMark() throws IOException {
        var begin = in.readNBytes(BYTE_ORDER_MARK);
        int first = begin.length > 0 ? begin[0] & 0xFF : -1;
        int second = begin.length > 1 ? begin[1] & 0xFF : -1;
        if (first == 0xEF && second == 0xBB && begin.length > 2 && (begin[2] & 0xFF) == 0xBF) return;
        if (first == 0xFE && second == 0xFF || first == 0xFF && second == 0xFE) {
            throw new IOException("the file is UTF-16; save it as UTF-8");
        }
        in.unread(begin);
    }

    /** Lines end with LF, CR LF or CR. */
    private Line nextLine() throws IOException {
        int length = 0;
        int next = read();
        if (next < 0) return null;
        linesRead++;
        while (next >= 0 && next != '\n' && next != '\r') {
            if (length == buffer.length) {
                if (length >= LONGEST_LINE)
                    throw new IOException("line " + linesRead + " is over 16 MiB; is this a CSV file?");
                buffer = Arrays.copyOf(buffer, length * 2);
            }
            buffer[length++] = (byte) next;
            next = read();
        }
        if (next == '\r') {
            int after = read();
            if (after != '\n') pushedBack = after;
        }
        return decode(length);
    }

    private Line decode(int length) {
        if (charset == StandardCharsets.UTF_8 || charset == StandardCharsets.US_ASCII) {
            boolean ascii = true;
            for (int i = 0; i < length && ascii; i++) ascii = buffer[i] >= 0;
            if (ascii) return new Line(linesRead, new String(buffer, 0, length, StandardCharsets.ISO_8859_1), false);
        }
        try {
            return new Line(
                    linesRead, strict.decode(ByteBuffer.wrap(buffer, 0, length)).toString(), false);
        } catch (CharacterCodingException e) {
            return new Line(linesRead, new String(buffer, 0, length, charset), true);
        }
    }

    private int read() throws IOException {
        if (pushedBack >= 0) {
            int again = pushedBack;
            pushedBack = -1;
            return again;
        }
        if (chunkAt == chunkEnd) {
            chunkAt = 0;
            chunkEnd = Math.max(0, in.read(chunk));
            if (chunkEnd == 0) return -1;
        }
        bytesRead++;
        return chunk[chunkAt++] & 0xff;
    }
}
