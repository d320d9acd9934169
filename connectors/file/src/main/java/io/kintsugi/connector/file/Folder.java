package io.kintsugi.connector.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.connector.file.Settings.Format;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Query;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Which streams the folder holds, and how their files are laid out. Remembers layouts as long as the files stay the same. */
final class Folder {
    private record Known<T>(String marks, T value) {}

    private final Settings settings;
    private final Quiet quiet;
    private final Map<Path, Known<Layout>> layouts = new ConcurrentHashMap<>();
    private final Map<Path, Charset> encodings = new ConcurrentHashMap<>(); // as far as files have shown them
    private final Map<String, Known<Set<String>>> jsonColumns = new ConcurrentHashMap<>();

    Folder(Settings settings, Clock clock) {
        this.settings = settings;
        this.quiet = new Quiet(settings, clock);
    }

    Quiet quiet() {
        return quiet;
    }

    /** Every stream that has a file now, by name. */
    Map<String, StreamFiles> streams() throws ConnectorException {
        Map<String, StreamFiles> streams = new TreeMap<>();
        try {
            if (settings.streams().isEmpty()) {
                for (Path file : list("*"))
                    if (Format.ofName(file.getFileName().toString()) != null) {
                        String name = withoutExtension(file);
                        StreamFiles twin = streams.put(name, new StreamFiles(name, List.of(file), isWritable(file)));
                        if (twin != null)
                            throw new ConnectorException.Misconfigured(
                                    "%s and %s both make the stream %s; name them in setting streams"
                                            .formatted(twin.files().get(0).getFileName(), file.getFileName(), name));
                    }
            } else {
                for (String name : settings.streams().keySet()) {
                    StreamFiles configured = configured(name);
                    if (!configured.files().isEmpty()) streams.put(name, configured);
                }
            }
        } catch (IOException e) {
            throw Trouble.of(e, "reading folder " + settings.folder());
        }
        return streams;
    }

    /** @throws ConnectorException.SchemaDrift if the folder has no such stream */
    StreamFiles stream(String name) throws ConnectorException {
        StreamFiles stream = streams().get(name);
        if (stream != null) return stream;
        if (settings.streams().containsKey(name))
            throw new ConnectorException.Transient(
                    "no file " + settings.streams().get(name) + " is in " + settings.folder() + " now", null);
        throw new ConnectorException.SchemaDrift(
                name, Set.of(), "no file makes the stream " + name + " in " + settings.folder());
    }

    private StreamFiles configured(String name) throws IOException {
        String pattern = settings.streams().get(name);
        if (Settings.isPattern(pattern)) return new StreamFiles(name, list(pattern), false);
        if (!Files.isDirectory(settings.folder()))
            throw new NotDirectoryException(settings.folder().toString());
        Path file = settings.folder().resolve(pattern);
        return Files.exists(file)
                ? new StreamFiles(name, List.of(file), isWritable(file))
                : new StreamFiles(name, List.of(), false);
    }

    /** A row is written by replacing the file, so that its folder matters and not the file. */
    private boolean isWritable(Path file) throws IOException {
        return Files.isWritable(settings.folder()) && !Utf16.is(file);
    }

    private List<Path> list(String pattern) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(settings.folder(), pattern)) {
            for (Path file : found)
                if (Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".")) files.add(file);
        }
        files.sort(null);
        return files;
    }

    private static String withoutExtension(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    Layout layout(StreamFiles stream, Path file) throws IOException, ConnectorException {
        String mark = StreamFiles.mark(file);
        Known<Layout> known = layouts.get(file);
        if (known != null && known.marks().equals(mark)) return known.value();
        Layout layout = Layout.of(file, settings.idColumn(stream.name()), settings, encodings.get(file));
        if (layout.sure()) encodings.put(file, layout.charset());
        layouts.put(file, new Known<>(mark, layout));
        return layout;
    }

    /** What has to be as it was for a position to mean what it meant: the settings values are read by, and the encodings. */
    ObjectNode reading(StreamFiles stream) {
        ObjectNode encoding = Positions.blank();
        for (Path file : stream.files()) {
            Charset charset = encodings.get(file);
            if (charset != null) encoding.put(file.getFileName().toString(), charset.name());
        }
        ObjectNode reading = Positions.blank().put("settings", settings.fingerprint(stream.name()));
        reading.set("encodings", encoding);
        return reading;
    }

    /**
     * Reads on as a position was read.
     *
     * @throws ConnectorException.CheckpointExpired if the settings are others now
     */
    private void readAs(ObjectNode position, StreamFiles stream) throws ConnectorException {
        if (!position.path("settings").asText().equals(settings.fingerprint(stream.name())))
            throw Positions.expired(
                    "the settings by which " + stream.name() + " is read were changed; it is read anew");
        for (Path file : stream.files()) {
            String name = position.path("encodings")
                    .path(file.getFileName().toString())
                    .asText();
            if (name.isEmpty()) continue;
            Charset charset = Charset.forName(name);
            if (!charset.equals(encodings.put(file, charset))) layouts.remove(file);
        }
    }

    /** Lets files that were not UTF-8 show what they are now; what was UTF-8 stays so, until the setting says otherwise. */
    private void readAnew(StreamFiles stream) {
        for (Path file : stream.files())
            if (!StandardCharsets.UTF_8.equals(encodings.get(file)) && encodings.remove(file) != null)
                layouts.remove(file);
    }

    private boolean hasOpenColumns(StreamFiles stream) throws IOException, ConnectorException {
        if (settings.columns().containsKey(stream.name())) return false;
        for (Path file : stream.files()) if (layout(stream, file).format() == Format.JSONL) return true;
        return false;
    }

    /** The columns of all files of a stream. Reads JSONL files through once, as only their lines tell. */
    Set<String> columns(StreamFiles stream) throws IOException, ConnectorException {
        Set<String> columns = new LinkedHashSet<>();
        columns.add(settings.idColumn(stream.name()));
        boolean json = false;
        for (Path file : stream.files()) {
            Layout layout = layout(stream, file);
            json |= layout.format() == Format.JSONL;
            columns.addAll(layout.header());
        }
        if (!json) return columns;
        columns.addAll(settings.columns().getOrDefault(stream.name(), List.of()));
        String marks = stream.marks();
        Known<Set<String>> known = jsonColumns.get(stream.name());
        if (known == null || !known.marks().equals(marks)) {
            Set<String> seen = new LinkedHashSet<>();
            try (RowReader rows = read(stream)) {
                for (Row row = rows.next(); row != null; row = rows.next())
                    if (row.problem() == null) seen.addAll(row.fields().keySet());
            }
            known = new Known<>(marks, seen);
            jsonColumns.put(stream.name(), known);
        }
        columns.addAll(known.value());
        return columns;
    }

    /**
     * Lines of JSON cannot prove that a field does not exist, so unless the setting columns says which there are, none is missing.
     *
     * @throws ConnectorException.SchemaDrift naming the fields that the stream does not have
     */
    void requireFields(StreamFiles stream, Collection<String> fields) throws IOException, ConnectorException {
        if (fields.isEmpty() || hasOpenColumns(stream)) return;
        Set<String> missing = new LinkedHashSet<>(fields);
        missing.removeAll(columns(stream));
        if (!missing.isEmpty())
            throw new ConnectorException.SchemaDrift(
                    stream.name(), missing, stream.files().get(0).getFileName() + " has no column " + missing);
    }

    RowReader read(StreamFiles stream) {
        return new RowReader(this, stream, settings);
    }

    /** The stream a query asks for, whose fields it has. */
    StreamFiles answering(Query query) throws ConnectorException {
        StreamFiles stream = stream(query.stream());
        try {
            requireFields(stream, query.fields());
        } catch (IOException e) {
            throw Trouble.of(e, "reading " + stream.name());
        }
        return stream;
    }

    /**
     * The same for a reader that goes on from a position.
     *
     * @param position null for one that begins: it lets the files show their encodings anew
     */
    StreamFiles answering(Query query, ObjectNode position) throws ConnectorException {
        StreamFiles stream = stream(query.stream());
        if (position == null) readAnew(stream);
        else readAs(position, stream);
        return answering(query);
    }
}
