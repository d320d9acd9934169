package io.kintsugi.connector.file;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource;
import io.kintsugi.connector.spi.Checkpoint;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.NativeRecord;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.Unreadable;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds changes by comparing the rows with what was told before. A position holds exactly what was told up to it, so a poll that is
 * repeated, or goes on after a restart or after the file changed again, still tells every difference. Deletes are told only after a
 * read that reached the end, had no row whose id is unknown, and did not shrink the file beyond belief.
 */
final class Differ implements ChangeSource {
    /** What was told up to a position, and the read that goes on from there. */
    private final class Told {
        final Image image;
        String position;
        String marks = "";
        RowReader rows;
        int before;
        boolean unknownRows;
        boolean fresh;

        Told(Image image, String position) {
            this.image = image;
            this.position = position;
        }

        void beginAgain(StreamFiles stream, String marks) throws IOException {
            stop();
            this.marks = marks;
            rows = folder.read(stream);
            before = image.size();
            unknownRows = false;
            fresh = true;
        }

        void stop() throws IOException {
            if (rows != null) rows.close();
            rows = null;
        }
    }

    private final Folder folder;
    private final Settings settings;
    private final Clock clock;
    private final Hash.Maker rowHashes = new Hash.Maker();
    private final Map<String, Told> open = new ConcurrentHashMap<>();

    Differ(Folder folder, Settings settings, Clock clock) {
        this.folder = folder;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Checkpoint start(Query query, StartAt at) throws ConnectorException {
        StreamFiles stream = folder.answering(query, null);
        Instant now = clock.instant();
        try (Image image = new Image(settings.stateFolder(), stream.name())) {
            if (at == StartAt.EARLIEST) return position(stream, image, "", Instant.EPOCH);
            String marks = stream.marks();
            boolean trusted = folder.quiet().mayBeRead(stream);
            Hash.Maker hashes = new Hash.Maker();
            try (RowReader rows = folder.read(stream)) {
                for (Row row = rows.next(); row != null; row = rows.next())
                    if (row.problem() == null) image.append(row.id(), hashes.of(row.fields()));
            }
            return position(stream, image, trusted && marks.equals(stream.marks()) ? marks : "", now);
        } catch (IOException e) {
            throw Trouble.of(e, "reading " + stream.name());
        }
    }

    private Checkpoint position(StreamFiles stream, Image image, String marks, Instant upTo) throws IOException {
        ObjectNode position = folder.reading(stream).put("marks", marks).put("upTo", upTo.toString());
        image.save(position, clock.instant());
        return Positions.write(stream.name(), position);
    }

    @Override
    public ChangeBatch poll(Query query, Checkpoint from, int maxRecords) throws ConnectorException {
        if (maxRecords < 1) throw new IllegalArgumentException("maxRecords is " + maxRecords);
        ObjectNode position = Positions.read(query.stream(), from);
        StreamFiles stream = folder.answering(query, position);
        Instant now = clock.instant();
        Instant upTo = Instant.parse(position.path("upTo").asText("1970-01-01T00:00:00Z"));
        try {
            String marks = stream.marks();
            String known = position.path("marks").asText();
            if (known.equals(marks) || known.equals(withheld(marks))) return nothing(from, true, now);
            if (!folder.quiet().mayBeRead(stream)) return nothing(from, true, upTo);
            Told told = open.remove(stream.name());
            if (told == null || !told.position.equals(from.json())) {
                if (told != null) told.stop();
                told = new Told(Image.load(settings.stateFolder(), stream.name(), position), from.json());
            }
            if (told.rows == null || !told.marks.equals(marks)) told.beginAgain(stream, marks);
            try {
                return tell(told, stream, query, from, maxRecords, now, upTo);
            } catch (IOException | ConnectorException | RuntimeException e) {
                told.stop();
                throw e;
            }
        } catch (IOException e) {
            throw Trouble.of(e, "reading " + stream.name());
        }
    }

    private static ChangeBatch nothing(Checkpoint from, boolean caughtUp, Instant completeUpTo) {
        return new ChangeBatch(List.of(), List.of(), from, caughtUp, completeUpTo);
    }

    private String withheld(String marks) {
        return marks + " deletes withheld beyond " + settings.maxShrinkPercent() + " %";
    }

    private ChangeBatch tell(
            Told told, StreamFiles stream, Query query, Checkpoint from, int maxRecords, Instant now, Instant upTo)
            throws IOException, ConnectorException {
        List<Change> changes = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        boolean atEnd = tellRows(told, query, maxRecords, changes, unreadable);
        String finished = "";
        if (atEnd) {
            List<String> gone = told.image.missingFrom(told.rows);
            String doubt = doubt(told, gone.size());
            if (doubt != null) {
                unreadable.add(new Unreadable(
                        stream.name(), stream.files().get(0).getFileName().toString(), doubt, ""));
                finished = withheld(told.marks);
            } else {
                List<String> fit = gone.subList(0, Math.min(gone.size(), maxRecords - changes.size()));
                for (String id : fit) {
                    changes.add(new Change.Deleted(new RecordId(stream.name(), id), null, false));
                    told.image.set(id, null);
                }
                if (fit.size() == gone.size()) finished = told.marks;
            }
        }
        if (!stream.marks().equals(told.marks)) { // rows may be halves of two versions
            told.stop();
            return nothing(from, false, upTo);
        }
        boolean done = !finished.isEmpty();
        if (done) told.stop();
        Checkpoint next = position(stream, told.image, finished, done ? now : upTo);
        told.position = next.json();
        open.put(stream.name(), told);
        Sweep part = new Sweep(told.fresh, done);
        told.fresh = false;
        return new ChangeBatch(changes, unreadable, next, done, done ? now : upTo, part);
    }

    /** @return whether the last row was read */
    private boolean tellRows(Told told, Query query, int maxRecords, List<Change> changes, List<Unreadable> unreadable)
            throws IOException, ConnectorException {
        String changedColumn = settings.changedColumn(query.stream());
        while (changes.size() + unreadable.size() < maxRecords) {
            Row row = told.rows.next();
            if (row == null) return true;
            if (row.problem() != null) {
                unreadable.add(row.unreadable(query.stream()));
                told.unknownRows |= row.id() == null;
                continue;
            }
            Hash hash = hash(row);
            if (hash.equals(told.image.get(row.id()))) continue;
            NativeRecord record = row.record(query, changedColumn);
            changes.add(new Change.Upserted(record.id(), record.modifiedAt(), record));
            told.image.set(row.id(), hash);
        }
        return false;
    }

    private synchronized Hash hash(Row row) {
        return rowHashes.of(row.fields());
    }

    /** Why rows that are missing may not be deleted ones; null if there is no doubt. */
    private String doubt(Told told, int gone) {
        if (gone == 0) return null;
        if (told.unknownRows)
            return gone
                    + " rows of before are not there, but rows with an unknown id are; mend those, then deletes are believed";
        boolean single = gone == 1 && told.rows.sawAny();
        if (single || gone * 100L <= (long) told.before * settings.maxShrinkPercent()) return null;
        return "%d of %d rows are gone, so the file looks cut short and no deletes are believed; if they are meant, raise setting maxShrinkPercent"
                .formatted(gone, told.before);
    }

    void close() {
        for (String stream : List.copyOf(open.keySet())) {
            Told told = open.remove(stream);
            try {
                if (told != null) told.stop();
            } catch (IOException e) {
                continue; // it was only read from; nothing is lost
            }
        }
    }
}
