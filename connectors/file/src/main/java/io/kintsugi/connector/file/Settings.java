package io.kintsugi.connector.file;

import io.kintsugi.connector.spi.ConnectorException.Misconfigured;
import io.kintsugi.connector.spi.ConnectorSpec.Setting;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a folder is to be read.
 *
 * @param streams file name or pattern by stream; empty if every file is a stream of its own
 * @param format null to tell by the extension
 * @param encoding null to tell by the content
 * @param delimiter 0 to tell by the header
 * @param id id column by stream; the key {@code *} holds for all others
 * @param idWithin column that an id is unique within, by stream, in the same way; usually empty
 * @param changed column of the change time by stream, in the same way; may be empty
 * @param columns further columns by stream, beside those a file shows
 */
record Settings(
        Path folder,
        Map<String, String> streams,
        Format format,
        Charset encoding,
        char delimiter,
        Map<String, String> id,
        Map<String, String> idWithin,
        Map<String, String> changed,
        Map<String, List<String>> columns,
        int maxRecordLength,
        Duration quiet,
        int maxShrinkPercent,
        Path stateFolder) {

    static final String TYPE = "file";
    private static final String OTHERS = "*";

    static final List<Setting> DESCRIBED = List.of(
            setting("folder", true, "Folder that holds the files."),
            setting(
                    "streams",
                    false,
                    "Stream name to file name or pattern, for example {orders: orders-*.csv}; by default each .csv, .tsv,"
                            + " .jsonl or .ndjson file is a stream named like the file. A stream of a pattern is read-only."),
            setting("format", false, "csv, jsonl or auto (default): by the extension, CSV if it does not tell."),
            setting(
                    "encoding",
                    false,
                    "Encoding of the files, UTF-8 or a single-byte one; auto (default) takes UTF-8 if the file is, else windows-1252, and"
                            + " stays with it. A file in UTF-16 is told by its first bytes and is read-only."),
            setting(
                    "delimiter",
                    false,
                    "One character or the word tab; auto (default) takes the one of comma, semicolon, tab and bar that the header uses."),
            setting("id", false, "Column that holds the id: one name for all streams, or stream to name. Default: id."),
            setting(
                    "idWithin",
                    false,
                    "Column that an id is unique within, such as one that names the source of each row: one name, or stream to name. A"
                            + " folder with such a stream can only be read whole, as an id alone names no row. Default: none."),
            setting(
                    "changedColumn",
                    false,
                    "Column that holds the time of the last change: one name, or stream to name. Default: none."),
            setting(
                    "columns",
                    false,
                    "Stream to list of columns that a JSONL file may hold beside those that its lines show; lets the first row be written"
                            + " and lets a column that is neither here nor there count as removed."),
            setting("maxRecordLength", false, "Longest record in bytes; a longer one is reported. Default: 1048576."),
            setting(
                    "quietSeconds",
                    false,
                    "A file that others changed less than this ago is neither read nor written, as it may be half written; ten times"
                            + " this if its last line has no end. 0 turns that off. Default: 2."),
            setting(
                    "maxShrinkPercent",
                    false,
                    "A poll reports no deletes if more than this share of the rows is gone, until a person raises it. Default: 20."),
            setting(
                    "stateFolder",
                    false,
                    "Folder for what polls and writes remember, kept between restarts. Default: .kintsugi inside the folder."));

    private static Setting setting(String name, boolean required, String description) {
        return new Setting(name, required, false, description);
    }

    enum Format {
        CSV,
        JSONL;

        /** Null if the name does not tell. */
        static Format ofName(String fileName) {
            String lower = fileName.toLowerCase(Locale.ROOT);
            if (lower.endsWith(".csv") || lower.endsWith(".tsv")) return CSV;
            if (lower.endsWith(".jsonl") || lower.endsWith(".ndjson")) return JSONL;
            return null;
        }
    }

    static Settings of(Map<String, Object> raw) throws Misconfigured {
        Path folder = path(raw, "folder");
        if (folder == null) throw new Misconfigured("folder", "is missing: name the folder that holds the files");
        Path stateFolder = path(raw, "stateFolder");
        return new Settings(
                folder,
                streams(raw.get("streams")),
                format(raw.get("format")),
                encoding(raw.get("encoding")),
                delimiter(raw.get("delimiter")),
                columnByStream(raw.getOrDefault("id", "id"), "id"),
                columnByStream(raw.getOrDefault("idWithin", Map.of()), "idWithin"),
                columnByStream(raw.getOrDefault("changedColumn", Map.of()), "changedColumn"),
                columns(raw.get("columns")),
                number(raw, "maxRecordLength", 1 << 20, 64, 1 << 28),
                Duration.ofSeconds(number(raw, "quietSeconds", 2, 0, 86_400)),
                number(raw, "maxShrinkPercent", 20, 0, 100),
                stateFolder == null ? folder.resolve(".kintsugi") : stateFolder);
    }

    /** Whether a file name stands for many files, to which no row can be written. */
    static boolean isPattern(String fileName) {
        return fileName.chars().anyMatch(each -> "*?[{".indexOf(each) >= 0);
    }

    boolean writesSomewhere() {
        return streams.isEmpty() || !streams.values().stream().allMatch(Settings::isPattern);
    }

    /** Of all by which the values of a stream are read: positions made under others are no positions. */
    String fingerprint(String stream) {
        String reading = streams.get(stream) + "|" + format + "|" + encoding + "|" + (int) delimiter + "|"
                + idColumn(stream) + "|" + idWithin(stream) + "|" + changedColumn(stream) + "|" + maxRecordLength;
        return new Hash.Maker().of(reading).toString();
    }

    String idColumn(String stream) {
        return id.getOrDefault(stream, id.getOrDefault(OTHERS, "id"));
    }

    /** Null if an id is unique in the whole stream. */
    String idWithin(String stream) {
        return idWithin.getOrDefault(stream, idWithin.get(OTHERS));
    }

    /** Whether an id names one row everywhere. */
    boolean idsNameRows() {
        return idWithin.isEmpty();
    }

    /** Null if the stream does not say when a record changed. */
    String changedColumn(String stream) {
        return changed.getOrDefault(stream, changed.get(OTHERS));
    }

    private static Path path(Map<String, Object> raw, String name) throws Misconfigured {
        Object value = raw.get(name);
        if (value == null || value.toString().isBlank()) return null;
        try {
            return Path.of(value.toString());
        } catch (InvalidPathException e) {
            throw new Misconfigured(name, "is no path: " + e.getReason());
        }
    }

    private static Map<String, String> streams(Object value) throws Misconfigured {
        Map<String, String> streams = texts(value == null ? Map.of() : value, "streams");
        for (Map.Entry<String, String> each : streams.entrySet())
            if (each.getValue().contains("/") || each.getValue().contains("\\"))
                throw new Misconfigured(
                        "streams." + each.getKey(),
                        "must name files of the folder itself, without a path; open another system for another folder");
        return streams;
    }

    private static Format format(Object value) throws Misconfigured {
        if (isAuto(value)) return null;
        try {
            return Format.valueOf(value.toString().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new Misconfigured("format", "is " + value + "; it must be csv, jsonl or auto");
        }
    }

    private static Charset encoding(Object value) throws Misconfigured {
        if (isAuto(value)) return null;
        Charset charset;
        try {
            charset = Charset.forName(value.toString());
        } catch (IllegalArgumentException e) {
            throw new Misconfigured("encoding", "names no encoding that is known: " + value);
        }
        String marks = ",;\t|\"\r\n{}";
        boolean suits = charset.canEncode()
                && (charset.equals(StandardCharsets.UTF_8)
                        || charset.newEncoder().maxBytesPerChar() == 1)
                && new String(marks.getBytes(charset), StandardCharsets.US_ASCII).equals(marks);
        if (!suits)
            throw new Misconfigured(
                    "encoding",
                    charset.name().startsWith("UTF-16")
                            ? "is not for UTF-16, which is told by its first bytes; leave it out, or save the files as UTF-8"
                            : "names " + charset
                                    + ", which cannot be read row by row; save the files as UTF-8 or a single-byte"
                                    + " encoding");
        return charset;
    }

    private static char delimiter(Object value) throws Misconfigured {
        if (isAuto(value)) return 0;
        String text = value.toString();
        if (text.equalsIgnoreCase("tab")) return '\t';
        if (text.length() != 1 || text.charAt(0) >= 128 || "\"\r\n".contains(text))
            throw new Misconfigured("delimiter", "must be one plain character, tab or auto");
        return text.charAt(0);
    }

    private static boolean isAuto(Object value) {
        return value == null || value.toString().equalsIgnoreCase("auto");
    }

    private static Map<String, String> columnByStream(Object value, String name) throws Misconfigured {
        return value instanceof String one ? Map.of(OTHERS, one) : texts(value, name);
    }

    private static Map<String, String> texts(Object value, String name) throws Misconfigured {
        if (!(value instanceof Map<?, ?> map)) throw new Misconfigured(name, "must map streams to names");
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<?, ?> each : map.entrySet()) {
            if (!(each.getValue() instanceof String text) || text.isBlank())
                throw new Misconfigured(name + "." + each.getKey(), "must name something");
            texts.put(each.getKey().toString(), text);
        }
        return texts;
    }

    private static Map<String, List<String>> columns(Object value) throws Misconfigured {
        if (value == null) return Map.of();
        if (!(value instanceof Map<?, ?> map)) throw new Misconfigured("columns", "must map streams to lists of names");
        Map<String, List<String>> columns = new LinkedHashMap<>();
        for (Map.Entry<?, ?> each : map.entrySet()) {
            if (!(each.getValue() instanceof List<?> names))
                throw new Misconfigured("columns." + each.getKey(), "must be a list of names");
            List<String> texts = new ArrayList<>();
            names.forEach(column -> texts.add(column.toString()));
            columns.put(each.getKey().toString(), texts);
        }
        return columns;
    }

    private static int number(Map<String, Object> raw, String name, int standard, int least, int most)
            throws Misconfigured {
        Object value = raw.get(name);
        if (value == null) return standard;
        try {
            int number = Integer.parseInt(value.toString().trim());
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException e) {
            // said below
        }
        throw new Misconfigured(name, "must be a whole number from " + least + " to " + most);
    }
}
