package io.kintsugi.connector.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kintsugi.connector.file.Settings.Format;
import io.kintsugi.connector.spi.ConnectorException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the rows of a stream one after the other, from the first. Not for several threads. */
final class RowReader implements Closeable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonFactory PARSERS = JSON.getFactory();

    private final Folder folder;
    private final StreamFiles stream;
    private final String idColumn;
    private final String idWithin;
    private final SeenIds seen = new SeenIds();
    private final SeenIds broken = new SeenIds();
    private Layout layout;
    private RecordScanner scanner;
    private int nextFile;

    RowReader(Folder folder, StreamFiles stream, Settings settings) {
        this.folder = folder;
        this.stream = stream;
        this.idColumn = settings.idColumn(stream.name());
        this.idWithin = settings.idWithin(stream.name());
    }

    /** @return null at the end */
    Row next() throws IOException, ConnectorException {
        while (scanner == null || !scanner.next()) {
            if (scanner != null) scanner.close();
            scanner = null;
            if (nextFile == stream.files().size()) return null;
            layout = folder.layout(stream, stream.files().get(nextFile));
            scanner = layout.scanRows();
            nextFile++;
        }
        if (scanner.problem() != null) return broken(null, scanner.problem());
        try {
            return layout.format() == Format.CSV ? csv() : json();
        } catch (CharacterCodingException e) {
            return broken(null, "holds bytes that are not " + layout.charset());
        }
    }

    /** Whether a row with this id was read so far, a broken one too. */
    boolean saw(String id) {
        return seen.contains(id) || broken.contains(id);
    }

    boolean sawAny() {
        return seen.size() > 0;
    }

    private Row csv() throws CharacterCodingException {
        List<String> header = layout.header();
        String id = layout.idIndex() < scanner.cells() ? scanner.cell(layout.idIndex()) : "";
        if (scanner.cells() != header.size())
            return broken(id, "has %d cells, the header has %d".formatted(scanner.cells(), header.size()));
        Map<String, Object> fields = new LinkedHashMap<>(header.size() * 2);
        for (int i = 0; i < header.size(); i++) {
            String cell = scanner.cell(i);
            fields.put(header.get(i), cell.isEmpty() ? null : cell);
        }
        return row(id, fields);
    }

    private Row json() throws CharacterCodingException {
        Map<String, Object> fields = new LinkedHashMap<>();
        try (JsonParser parser = PARSERS.createParser(scanner.text())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) return broken(null, "is not a JSON object");
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                Object value =
                        switch (parser.nextToken()) {
                            case VALUE_NULL -> null;
                            case START_OBJECT, START_ARRAY ->
                                JSON.readTree(parser).toString();
                            default -> parser.getText();
                        };
                if (fields.containsKey(name)) return broken(null, "names a field twice");
                fields.put(name, "".equals(value) ? null : value);
            }
            if (parser.nextToken() != null) return broken(null, "goes on behind its JSON object");
        } catch (CharacterCodingException e) {
            throw e;
        } catch (JsonProcessingException e) {
            return broken(null, "is not JSON from column " + e.getLocation().getColumnNr() + " on");
        } catch (IOException e) {
            throw new AssertionError("reading from memory", e);
        }
        Object id = fields.get(idColumn);
        return row(id == null ? "" : id.toString(), fields);
    }

    private Row row(String id, Map<String, Object> fields) {
        if (id.isBlank()) return broken(null, "has no " + idColumn);
        Object within = idWithin == null ? null : fields.get(idWithin);
        long before =
                seen.add(within == null ? id : within + "\u0000" + id, SeenIds.place(nextFile - 1, scanner.line()));
        if (before != SeenIds.NOT_SEEN)
            return broken(
                    id,
                    "has the %s of %s line %d, which counts"
                            .formatted(
                                    idColumn,
                                    stream.files().get(SeenIds.file(before)).getFileName(),
                                    SeenIds.line(before)));
        return new Row(layout.file(), scanner.line(), id, true, fields, null, null, scanner.offset(), scanner.end());
    }

    private Row broken(String id, String problem) {
        String known = id == null || id.isBlank() ? null : id;
        boolean first = known != null
                && idWithin == null
                && !seen.contains(known)
                && broken.add(known, SeenIds.place(nextFile - 1, scanner.line())) == SeenIds.NOT_SEEN;
        String raw = scanner.raw();
        return new Row(
                layout.file(), scanner.line(), known, first, Map.of(), problem, raw, scanner.offset(), scanner.end());
    }

    @Override
    public void close() throws IOException {
        if (scanner != null) scanner.close();
        scanner = null;
        nextFile = stream.files().size();
    }
}
