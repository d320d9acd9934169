package io.kintsugi.connector.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.connector.spi.Unreadable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Pages through the rows. A cursor is the state of the files and the number of rows read; the file stays open between the pages, so
 * that only a cursor from before a restart has to read up to its place again.
 */
final class Snapshots implements SnapshotSource {
    private static final class Reading {
        final RowReader rows;
        final String marks;
        long count;
        Row pending;

        Reading(RowReader rows, String marks) {
            this.rows = rows;
            this.marks = marks;
        }

        Row next() throws IOException, ConnectorException {
            Row next = pending != null ? pending : rows.next();
            pending = null;
            if (next != null) count++;
            return next;
        }

        boolean atEnd() throws IOException, ConnectorException {
            if (pending == null) pending = rows.next();
            return pending == null;
        }
    }

    private final Folder folder;
    private final Settings settings;
    private final Map<String, Reading> open = new ConcurrentHashMap<>();

    Snapshots(Folder folder, Settings settings) {
        this.folder = folder;
        this.settings = settings;
    }

    /** @throws ConnectorException.CheckpointExpired if a file changed since the snapshot began */
    @Override
    public Page page(Query query, Checkpoint cursor, int maxRecords) throws ConnectorException {
        if (maxRecords < 1) throw new IllegalArgumentException("maxRecords is " + maxRecords);
        ObjectNode position = cursor == null ? null : Positions.read(query.stream(), cursor);
        StreamFiles stream = folder.answering(query, position);
        try {
            String marks = stream.marks();
            if (position == null && !folder.quiet().mayBeRead(stream))
                throw new ConnectorException.Transient(
                        stream.name() + " was changed a moment ago and may be half written (setting quietSeconds)",
                        null);
            if (position != null && !marks.equals(position.path("marks").asText())) throw changed(stream);
            Reading reading = reading(
                    stream, marks, position == null ? 0 : position.path("rows").asLong());
            try {
                Page page = read(reading, stream, query, maxRecords);
                if (!stream.marks().equals(marks)) throw changed(stream);
                if (page.last()) reading.rows.close();
                else open.put(stream.name(), reading);
                return page;
            } catch (IOException | ConnectorException | RuntimeException e) {
                reading.rows.close();
                throw e;
            }
        } catch (IOException e) {
            throw Trouble.of(e, "reading " + stream.name());
        }
    }

    private static ConnectorException changed(StreamFiles stream) {
        return Positions.expired(stream.name() + " changed while it was read; read it again from the start");
    }

    private Reading reading(StreamFiles stream, String marks, long rows) throws IOException, ConnectorException {
        Reading reading = open.remove(stream.name());
        if (reading != null && reading.count == rows && reading.marks.equals(marks)) return reading;
        if (reading != null) reading.rows.close();
        reading = new Reading(folder.read(stream), marks);
        while (reading.count < rows && reading.next() != null) {} // ids are noted on the way, for duplicates
        return reading;
    }

    private Page read(Reading reading, StreamFiles stream, Query query, int maxRecords)
            throws IOException, ConnectorException {
        String changedColumn = settings.changedColumn(query.stream());
        List<NativeRecord> records = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        while (records.size() + unreadable.size() < maxRecords) {
            Row row = reading.next();
            if (row == null) break;
            if (row.problem() == null) records.add(row.record(query, changedColumn));
            else unreadable.add(row.unreadable(query.stream()));
        }
        boolean last = reading.atEnd();
        ObjectNode next = folder.reading(stream).put("marks", reading.marks).put("rows", reading.count);
        return new Page(records, unreadable, Positions.write(query.stream(), next), last);
    }

    void close() {
        for (String stream : List.copyOf(open.keySet())) {
            Reading reading = open.remove(stream);
            try {
                if (reading != null) reading.rows.close();
            } catch (IOException e) {
                continue; // it was only read from; nothing is lost
            }
        }
    }
}
