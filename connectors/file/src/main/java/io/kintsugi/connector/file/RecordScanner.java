package io.kintsugi.connector.file;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts bytes into records and CSV records into cells (RFC 4180; a quote inside an unquoted cell stands for itself). Knows where each
 * record stands, never holds more than one, and goes on behind a broken one: at the next line, so that a quote that never closes
 * costs one line and not the rest of the file. A quote may also be closed by that of a later row; such a record of several lines is
 * known by its wrong number of cells. Needs an encoding in which delimiters, quotes and line ends are single ASCII bytes.
 */
final class RecordScanner implements Closeable {
    private static final int RAW_SHOWN = 4096;
    private static final int WHOLE_LINE = -1;

    private final InputStream in;
    private final Charset charset;
    private final int delimiter;
    private final int maxLength;
    private int width; // cells a record ought to have; 0 if that is not known

    private byte[] buffer = new byte[1 << 16];
    private int start; // of the current record in the buffer
    private int limit; // of what the buffer holds
    private long base; // offset in the file of the first byte in the buffer
    private boolean ended;

    private int length; // of the current record without its line end
    private int size; // with its line end
    private long skipped; // bytes of the current record that were dropped unseen
    private long line = 1;
    private long lines;
    private String problem;
    private String raw;
    private int cells;
    private int[] cellEnds =
            new int[32]; // exclusive, relative to the record; a cell begins behind the delimiter before
    private boolean[] quoted = new boolean[32];

    private RecordScanner(InputStream in, long offset, Charset charset, int delimiter, int maxLength) {
        this.in = in;
        this.base = offset;
        this.charset = charset;
        this.delimiter = delimiter;
        this.maxLength = maxLength;
    }

    /** @param offset how far into the file {@code in} stands */
    static RecordScanner csv(InputStream in, long offset, Charset charset, char delimiter, int maxLength) {
        return new RecordScanner(in, offset, charset, delimiter, maxLength);
    }

    static RecordScanner lines(InputStream in, long offset, Charset charset, int maxLength) {
        return new RecordScanner(in, offset, charset, WHOLE_LINE, maxLength);
    }

    /** From now on, a record of several lines has this many cells or is broken at its first line. */
    void expect(int cells) {
        width = cells;
    }

    /** Goes to the next record that is not a blank line. @return false at the end */
    boolean next() throws IOException {
        do {
            start += size;
            base += skipped;
            line += lines;
            skipped = size = length = 0;
            lines = 0;
            problem = raw = null;
            cells = 0;
            quoted[0] = false;
            if (!scan()) return false;
        } while (length == 0 && problem == null);
        return true;
    }

    private boolean scan() throws IOException {
        int i = 0;
        int firstLineEnd = 0; // behind the first line end inside quotes; 0 before there is one
        int inner = 0;
        boolean cellStart = true;
        boolean inQuotes = false;
        boolean closed = false;
        while (true) {
            if (i > maxLength)
                return broken(
                        firstLineEnd,
                        "is longer than " + maxLength + " bytes; shorten it, or raise setting maxRecordLength");
            if (!has(i)) {
                if (i == 0) return false;
                if (inQuotes) return broken(firstLineEnd, "opens a quote that never closes");
                if (delimiter != WHOLE_LINE) endCell(i);
                return finish(i, i, 1 + inner, firstLineEnd);
            }
            int b = buffer[start + i];
            if (inQuotes) {
                if (b == '"') {
                    if (isAt(i + 1, '"')) i++;
                    else {
                        inQuotes = false;
                        closed = true;
                    }
                } else if (b == '\n' || b == '\r' && !isAt(i + 1, '\n')) {
                    inner++;
                    if (firstLineEnd == 0) firstLineEnd = i + 1;
                }
            } else if (b == '\n' || b == '\r') {
                if (delimiter == WHOLE_LINE && b == '\r' && !isAt(i + 1, '\n')) {
                    i++; // a lone carriage return does not end a JSON line
                    continue;
                }
                if (delimiter != WHOLE_LINE) endCell(i);
                int end = i + 1;
                if (b == '\r' && isAt(end, '\n')) end++;
                return finish(i, end, 1 + inner, firstLineEnd);
            } else if (b == delimiter) {
                endCell(i);
                cellStart = true;
                closed = false;
                i++;
                continue;
            } else if (closed) {
                return broken(firstLineEnd, "has text after a closing quote in column " + (cells + 1));
            } else if (b == '"' && cellStart && delimiter != WHOLE_LINE) {
                inQuotes = true;
                room();
                quoted[cells] = true;
            }
            cellStart = false;
            i++;
        }
    }

    private void room() {
        if (cells < cellEnds.length) return;
        cellEnds = Arrays.copyOf(cellEnds, cells * 2);
        quoted = Arrays.copyOf(quoted, cells * 2);
    }

    private void endCell(int end) {
        room();
        cellEnds[cells++] = end;
        if (cells < quoted.length) quoted[cells] = false;
    }

    private boolean isAt(int i, char expected) throws IOException {
        return has(i) && buffer[start + i] == expected;
    }

    /** @param firstLineEnd 0 for a record of one line */
    private boolean finish(int length, int size, int lines, int firstLineEnd) throws IOException {
        if (firstLineEnd > 0 && width > 0 && cells != width)
            return broken(
                    firstLineEnd,
                    "has %d cells over %d lines, the header has %d; a quote that never closes is likely"
                            .formatted(cells, lines, width));
        return finish(length, size, lines);
    }

    private boolean finish(int length, int size, int lines) {
        this.length = length;
        this.size = size;
        this.lines = lines;
        return true;
    }

    /** Gives up this record and makes its first line the broken one. */
    private boolean broken(int firstLineEnd, String why) throws IOException {
        problem = why;
        if (firstLineEnd > 0) {
            int content = firstLineEnd - 1;
            if (content > 0 && buffer[start + content] == '\n' && buffer[start + content - 1] == '\r') content--;
            raw = shown(content);
            return finish(content, firstLineEnd, 1);
        }
        int i = 0;
        while (has(i) && !endsLine(i)) {
            if (++i <= maxLength) continue;
            if (raw == null) raw = shown(i);
            skipped += i; // drop what was seen of this line
            System.arraycopy(buffer, start + i, buffer, start, limit - start - i);
            limit -= i;
            i = 0;
        }
        if (raw == null) raw = shown(i);
        int end = has(i) ? i + 1 : i;
        if (end > i && buffer[start + i] == '\r' && isAt(end, '\n')) end++;
        return finish(i, end, 1);
    }

    /** A lone carriage return ends a line of CSV, not one of JSON. */
    private boolean endsLine(int i) throws IOException {
        int b = buffer[start + i];
        return b == '\n' || b == '\r' && (delimiter != WHOLE_LINE || isAt(i + 1, '\n'));
    }

    private String shown(int length) {
        return new String(buffer, start, Math.min(length, RAW_SHOWN), charset);
    }

    /** Makes sure that the byte {@code i} of the current record is in the buffer. @return false behind the end */
    private boolean has(int i) throws IOException {
        while (start + i >= limit) {
            if (ended) return false;
            if (start > 0) {
                System.arraycopy(buffer, start, buffer, 0, limit - start);
                limit -= start;
                base += start;
                start = 0;
            }
            if (limit == buffer.length) buffer = Arrays.copyOf(buffer, buffer.length * 2);
            int read = in.read(buffer, limit, buffer.length - limit);
            if (read < 0) ended = true;
            else limit += read;
        }
        return true;
    }

    /** What is wrong with the record, to be read after its place; null if it is whole. */
    String problem() {
        return problem;
    }

    /** Line of the file where the record begins, from 1. */
    long line() {
        return line;
    }

    /** Offset in the file where the record begins. */
    long offset() {
        return base + start;
    }

    /** Offset behind the record and its line end. */
    long end() {
        return base + start + skipped + size;
    }

    /** The line end of the record; a line feed if it has none. */
    String lineEnd() {
        if (size - length == 2) return "\r\n";
        return size > length && buffer[start + length] == '\r' ? "\r" : "\n";
    }

    /** The record as text, cut at a few kilobytes; for people. */
    String raw() {
        return raw != null ? raw : shown(length);
    }

    /** The whole record. @throws CharacterCodingException if it is not in the encoding */
    String text() throws CharacterCodingException {
        return decode(buffer, start, length);
    }

    int cells() {
        return cells;
    }

    /** Content of a cell without its quotes. @throws CharacterCodingException if it is not in the encoding */
    String cell(int index) throws CharacterCodingException {
        int from = index == 0 ? 0 : cellEnds[index - 1] + 1;
        int to = cellEnds[index];
        if (!quoted[index]) return decode(buffer, start + from, to - from);
        byte[] content = new byte[to - from - 2];
        int count = 0;
        for (int i = from + 1; i < to - 1; i++) {
            content[count++] = buffer[start + i];
            if (buffer[start + i] == '"') i++;
        }
        return decode(content, 0, count);
    }

    private String decode(byte[] bytes, int from, int count) throws CharacterCodingException {
        String text = new String(bytes, from, count, charset);
        if (text.indexOf('\uFFFD') >= 0) charset.newDecoder().decode(ByteBuffer.wrap(bytes, from, count)); // strict
        return text;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /**
     * How characters beyond ASCII are written down.
     *
     * @param utf8 characters that are UTF-8
     * @param other bytes that are not
     */
    record Evidence(long utf8, long other) {}

    static Evidence evidence(InputStream in) throws IOException {
        long good = 0;
        long bad = 0;
        byte[] chunk = new byte[1 << 16];
        int held = 0;
        int read;
        while ((read = in.read(chunk, held, chunk.length - held)) >= 0 || held > 0) {
            int limit = held + Math.max(read, 0);
            int i = 0;
            while (i < limit) {
                if (chunk[i] >= 0) {
                    i++;
                    continue;
                }
                int width = width(chunk[i] & 0xFF);
                if (read >= 0 && i + width > limit) break; // the rest of the character comes with the next chunk
                boolean whole = width > 1
                        && i + width <= limit
                        && new String(chunk, i, width, StandardCharsets.UTF_8).indexOf('\uFFFD') < 0;
                if (whole) good++;
                else bad++;
                i += whole ? width : 1;
            }
            held = limit - i;
            System.arraycopy(chunk, i, chunk, 0, held);
        }
        return new Evidence(good, bad);
    }

    private static int width(int lead) {
        if (lead >= 0xC2 && lead <= 0xDF) return 2;
        if (lead >= 0xE0 && lead <= 0xEF) return 3;
        return lead >= 0xF0 && lead <= 0xF4 ? 4 : 1;
    }
}
