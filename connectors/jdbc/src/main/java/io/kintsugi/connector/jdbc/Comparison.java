package io.kintsugi.connector.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.connector.jdbc.Projection.Row;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorException.Transient;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.Unreadable;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Finds what changed in one table without trusting any of its columns: the whole table is read in one statement and compared with the
 * image of the last time, which holds the id and a digest of every row. What differs is listed first and then read again by id, batch
 * by batch, so that what is told is what the database holds then.
 *
 * <p>A row is told as deleted if it bears the tombstone, or was in the image and is in neither the complete scan nor the reading by
 * id; a scan that breaks off proves nothing and leaves nothing behind. If more rows are gone than {@code maxShrinkPercent} allows, as
 * while a table is emptied and filled again, none is told as deleted, all stay in the image, and one {@link Unreadable} says so. A row
 * that leaves a view is not deleted and never told so.
 *
 * <p>A scan holds 16 bytes a row. The position holds the image and the list, or names their files (see {@link StateFolder}); files
 * are removed by the scan after the one that replaced them, so that the last position but one can still be polled.
 */
final class Comparison {
    private final Database database;
    private final Tables tables;
    private final JdbcLookups lookups;
    private final StateFolder folder;
    private final int maxShrinkPercent;
    private final Query query;
    private final Table table;
    private final Projection projection;

    Comparison(
            Database database,
            Tables tables,
            JdbcLookups lookups,
            StateFolder folder,
            int maxShrinkPercent,
            Query query,
            Table table,
            Projection projection) {
        this.database = database;
        this.tables = tables;
        this.lookups = lookups;
        this.folder = folder;
        this.maxShrinkPercent = maxShrinkPercent;
        this.query = query;
        this.table = table;
        this.projection = projection;
    }

    /**
     * Where the comparing of a table stands.
     *
     * @param image reference to the image; null if nothing was ever read
     * @param pending reference to the list of differences; null if all were told
     * @param offset how many of them were
     * @param asOf when the image was read, by the database's clock
     * @param doubted whether deletes are withheld because too many rows are gone, and a person was told so
     */
    record At(String image, String pending, long offset, Instant asOf, boolean doubted) {
        static final At BEGINNING = new At(null, null, 0, null, false);

        At asOf(Instant now) {
            return new At(image, pending, offset, now, doubted);
        }

        ObjectNode into(ObjectNode json) {
            return json.put("image", image)
                    .put("pending", pending)
                    .put("offset", offset)
                    .put("asOf", asOf == null ? null : asOf.toString())
                    .put("doubted", doubted);
        }

        static At from(JsonNode json) {
            return new At(
                    Position.text(json, "image"),
                    Position.text(json, "pending"),
                    json.path("offset").asLong(),
                    Position.instant(json, "asOf"),
                    json.path("doubted").asBoolean());
        }
    }

    /**
     * What one step found.
     *
     * @param next the same position if nothing differs from the image
     * @param unreadable may be added to
     * @param readable places of what was told to be unreadable and is not any more
     * @param asOf when the table was last read whole, also if nothing differed
     */
    record Told(At next, List<Change> changes, List<Unreadable> unreadable, List<String> readable, Instant asOf) {
        Told after(Told scanned) {
            unreadable.addAll(scanned.unreadable());
            return new Told(next, changes, unreadable, scanned.readable(), asOf);
        }
    }

    /** The position at which the rows that are there now are known. */
    At now() throws ConnectorException {
        return keeping(() -> {
            At read = scan(At.BEGINNING).next();
            return new At(read.image(), null, 0, read.asOf(), false);
        });
    }

    /** Tells the next differences; reads the table first if there are none left. */
    Told step(At last, int maxRecords) throws ConnectorException {
        return keeping(() -> {
            if (last.pending() != null) return deliver(last, maxRecords);
            Told scanned = scan(last);
            if (scanned.next().pending() == null) return scanned;
            return deliver(scanned.next(), maxRecords).after(scanned);
        });
    }

    private Told deliver(At at, int maxRecords) throws IOException, ConnectorException {
        Map<String, Boolean> listed = new LinkedHashMap<>();
        boolean more;
        try (DataInputStream in = unpack(at.pending())) {
            for (long skip = 0; skip < at.offset(); skip++) {
                in.readUTF();
                in.readBoolean();
            }
            String id = next(in);
            for (; id != null && listed.size() < maxRecords; id = next(in)) listed.put(id, in.readBoolean());
            more = id != null;
        }
        List<Change> changes = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        Map<String, Row> rows = lookups.rows(table, query, listed.keySet());
        listed.forEach((id, gone) -> {
            Row row = rows.get(id);
            RecordId record = new RecordId(table.name(), id);
            // a row that the scan saw and that went since is left to the next scan, which knows how many went with it
            if (row == null ? gone : row.deleted()) changes.add(new Change.Deleted(record, null, false));
            else if (row != null && row.unreadable() != null) unreadable.add(row.unreadable());
            else if (row != null)
                changes.add(new Change.Upserted(record, row.record().modifiedAt(), row.record()));
        });
        At next = new At(
                at.image(),
                more ? at.pending() : null,
                more ? at.offset() + listed.size() : 0,
                at.asOf(),
                at.doubted());
        return new Told(next, changes, unreadable, List.of(), at.asOf());
    }

    /** Writes the list of differences and counts them. */
    private static final class Differences {
        private final DataOutputStream out;
        private long count;

        Differences(DataOutputStream out) {
            this.out = out;
        }

        void add(String id, boolean gone) throws IOException {
            out.writeUTF(id);
            out.writeBoolean(gone);
            count++;
        }
    }

    /** Reads the table and lists what differs from the image; tells nothing yet but a doubt. */
    private Told scan(At last) throws IOException, ConnectorException {
        folder.keepOnly(last.image() == null ? Set.of() : Set.of(last.image()));
        Digests before = new Digests();
        image(last, before::put);
        before.sort();
        Digests after = new Digests();
        StateFolder.Draft imageDraft = folder.draft();
        StateFolder.Draft listDraft = folder.draft();
        try {
            Instant asOf;
            String doubt;
            Differences differences;
            try (DataOutputStream image = new DataOutputStream(new GZIPOutputStream(imageDraft));
                    DataOutputStream list = new DataOutputStream(new GZIPOutputStream(listDraft))) {
                differences = new Differences(list);
                asOf = rows(row -> {
                    Long known = before.get(row.id());
                    after.put(row.id(), row.digest());
                    if (row.deleted()) {
                        if (known != null) differences.add(row.id(), true);
                        return;
                    }
                    image.writeUTF(row.id());
                    image.writeLong(row.digest());
                    if (known == null || known != row.digest()) differences.add(row.id(), false);
                });
                after.sort();
                doubt = doubt(absent(last, after), before.size());
                image(last, (id, digest) -> {
                    if (table.view() || after.get(id) != null) return;
                    if (doubt == null) {
                        differences.add(id, true);
                    } else {
                        image.writeUTF(id);
                        image.writeLong(digest);
                    }
                });
            }
            List<Unreadable> told = doubt == null || last.doubted()
                    ? List.of()
                    : List.of(new Unreadable(table.name(), place(), doubt, ""));
            List<String> over = doubt == null && last.doubted() ? List.of(place()) : List.of();
            boolean same = differences.count == 0;
            if (same && last.image() != null && last.doubted() == (doubt != null))
                return new Told(last, List.of(), told, over, asOf);
            At next = new At(
                    same && last.image() != null ? last.image() : imageDraft.keep(),
                    same ? null : listDraft.keep(),
                    0,
                    asOf,
                    doubt != null);
            return new Told(next, List.of(), told, over, asOf);
        } finally {
            imageDraft.discard();
            listDraft.discard();
        }
    }

    private String place() {
        return "table " + table.name();
    }

    private long absent(At last, Digests after) throws IOException, ConnectorException {
        long[] absent = {0};
        image(last, (id, digest) -> {
            if (!table.view() && after.get(id) == null) absent[0]++;
        });
        return absent[0];
    }

    /** Why rows that are missing may not be deleted ones; null if there is no doubt. */
    private String doubt(long absent, long before) {
        if (absent <= 1 || absent * 100 <= before * maxShrinkPercent) return null;
        return "%d of %d rows are gone, so the table looks as if it were being filled anew and no deletes are believed; if they are"
                        .formatted(absent, before)
                + " meant, raise the setting maxShrinkPercent until they are told";
    }

    private interface Entry {
        void take(String id, long digest) throws IOException;
    }

    private void image(At at, Entry entry) throws IOException, ConnectorException {
        if (at.image() == null) return;
        try (DataInputStream in = unpack(at.image())) {
            for (String id = next(in); id != null; id = next(in)) entry.take(id, in.readLong());
        }
    }

    private interface Taker {
        void take(Row row) throws IOException;
    }

    /** Reads all rows that have an id, in one statement. */
    private Instant rows(Taker taker) throws ConnectorException, IOException {
        String doing = "scan " + table.name();
        IOException[] broken = {null};
        Instant asOf = database.read(doing, connection -> {
            Instant now = database.dialect().now(connection);
            boolean commits = connection.getAutoCommit();
            try {
                database.dialect().beginScan(connection);
                each(connection, taker);
            } catch (SQLException e) {
                throw tables.failed(e, doing, table.name());
            } catch (IOException e) {
                broken[0] = e;
            } finally {
                if (!connection.isClosed() && !connection.getAutoCommit() && commits) {
                    connection.rollback();
                    connection.setAutoCommit(true);
                }
            }
            return now;
        });
        if (broken[0] != null) throw broken[0];
        return asOf;
    }

    private void each(Connection connection, Taker taker) throws SQLException, IOException {
        Sql sql = new Sql(database.dialect(), projection.select())
                .add(" WHERE 1 = 1")
                .hasId(table.id());
        try (PreparedStatement statement = sql.prepare(connection)) {
            database.dialect().stream(statement);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Row row = projection.read(rows);
                    if (row.id() != null) taker.take(row);
                }
            }
        } catch (Values.Unfit e) {
            throw new IllegalStateException("a scan has no parameters", e);
        }
    }

    private DataInputStream unpack(String reference) throws IOException, ConnectorException {
        return new DataInputStream(new BufferedInputStream(new GZIPInputStream(folder.open(reference))));
    }

    private static String next(DataInputStream in) throws IOException {
        try {
            return in.readUTF();
        } catch (EOFException end) {
            return null;
        }
    }

    private interface Kept<T> {
        T get() throws IOException, ConnectorException;
    }

    private static <T> T keeping(Kept<T> work) throws ConnectorException {
        try {
            return work.get();
        } catch (IOException e) {
            throw new Transient(
                    "the image of a table cannot be kept or read: " + e.getMessage()
                            + "; see that the setting stateFolder names a folder with space that the hub may write",
                    e);
        }
    }
}
