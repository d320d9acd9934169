package io.kintsugi.connector.file;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.connector.spi.ConnectorException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a reader of changes was told last: the hash of each row by id. Small images live in the checkpoint; what outgrows it goes to
 * the state folder in segments that are named by their content and never changed, so that an older checkpoint still finds its own.
 */
final class Image implements Closeable {
    private static final int INLINE_ROWS = 200;
    private static final int SEGMENTS = 64;
    private static final Duration KEPT = Duration.ofDays(7);

    private final Path folder;
    private final String prefix;
    private final Map<String, Hash> rows = new LinkedHashMap<>();
    private final Map<String, Hash> inline = new LinkedHashMap<>(); // null values: gone since the segments
    private final List<String> segments = new ArrayList<>();
    private Segment.Draft draft; // of a first read that is too long to be inline; else null
    private int inFirst; // entries of the first segment
    private int inOthers;

    Image(Path folder, String stream) {
        this.folder = folder;
        this.prefix = new Hash.Maker().of(stream).toString().substring(0, 8) + "-";
    }

    /** @throws ConnectorException.CheckpointExpired if a segment is not there any more */
    static Image load(Path folder, String stream, ObjectNode position) throws IOException, ConnectorException {
        Image image = new Image(folder, stream);
        for (JsonNode segment : position.path("segments")) {
            try {
                image.read(segment.asText());
            } catch (NoSuchFileException e) {
                throw Positions.expired("what was read of " + stream + " before is not in " + folder + " any more");
            }
        }
        for (Map.Entry<String, JsonNode> each : position.path("image").properties())
            image.set(
                    each.getKey(),
                    each.getValue().isNull() ? null : Hash.of(each.getValue().asText()));
        return image;
    }

    private void read(String segment) throws IOException {
        int[] entries = new int[1];
        Segment.read(folder.resolve(segment), (id, hash) -> {
            entries[0]++;
            if (hash == null) rows.remove(id);
            else rows.put(id, hash);
        });
        if (segments.isEmpty()) inFirst = entries[0];
        else inOthers += entries[0];
        segments.add(segment);
    }

    /** Adds a row of a first read. A long one goes to the state folder as it is read and is not held. */
    void append(String id, Hash hash) throws IOException {
        if (draft == null && inline.size() < INLINE_ROWS) {
            inline.put(id, hash);
            return;
        }
        if (draft == null) draft = new Segment.Draft(folder, prefix);
        draft.add(id, hash);
    }

    /** @param hash null if the row is gone */
    void set(String id, Hash hash) {
        if (hash == null) rows.remove(id);
        else rows.put(id, hash);
        inline.put(id, hash);
    }

    Hash get(String id) {
        return rows.get(id);
    }

    int size() {
        return rows.size();
    }

    /** Ids of rows that are not among those seen now, in the order they were first told. */
    List<String> missingFrom(RowReader read) {
        return rows.keySet().stream().filter(id -> !read.saw(id)).toList();
    }

    /** Puts the image into a position, or its name if it is large. */
    void save(ObjectNode position, Instant now) throws IOException {
        if (draft != null) {
            segments.add(draft.finish());
            draft = null;
            sweep(List.of(), now);
        }
        if (inline.size() > INLINE_ROWS) {
            List<String> before = List.copyOf(segments);
            inOthers += inline.size();
            if (segments.size() >= SEGMENTS
                    || inOthers > inFirst / 2) { // rarely enough that writing stays in proportion
                segments.clear();
                segments.add(write(rows));
                inFirst = rows.size();
                inOthers = 0;
            } else {
                segments.add(write(inline));
            }
            inline.clear();
            sweep(before, now);
        }
        segments.forEach(position.withArray("segments")::add);
        ObjectNode image = position.putObject("image");
        inline.forEach((id, hash) -> image.put(id, hash == null ? null : hash.toString()));
    }

    private String write(Map<String, Hash> entries) throws IOException {
        try (Segment.Draft segment = new Segment.Draft(folder, prefix)) {
            for (Map.Entry<String, Hash> entry : entries.entrySet()) segment.add(entry.getKey(), entry.getValue());
            return segment.finish();
        }
    }

    /** Removes what only positions older than a week can name. */
    private void sweep(List<String> before, Instant now) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, prefix + "*")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                boolean old = Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(KEPT));
                if (old && !segments.contains(name) && !before.contains(name)) Files.deleteIfExists(file);
            }
        }
    }

    /** Leaves nothing of a first read behind that did not come to its end. */
    @Override
    public void close() throws IOException {
        if (draft != null) draft.close();
    }
}
