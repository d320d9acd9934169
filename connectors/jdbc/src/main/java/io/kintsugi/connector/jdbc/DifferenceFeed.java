package io.kintsugi.connector.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.connector.jdbc.Projection.Row;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource.ChangeBatch;
import io.kintsugi.connector.spi.Checkpoint;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Changes of a table without a stamp column: the whole table is read in one statement and compared with the image of the last time,
 * which holds the id and a digest of every row. What differs is listed first and then read again by id, batch by batch, so that what
 * is delivered is what the database holds then. A row that was in the image and in neither the complete scan nor the reading by id is
 * deleted; a scan that breaks off proves nothing and leaves nothing behind.
 *
 * <p>A scan holds 16 bytes a row. The position holds the image and the list, or names their files (see {@link StateFolder}); files
 * are removed by the scan after the one that replaced them, so that the last position but one can still be polled.
 */
final class DifferenceFeed {
    static final String FEED = "difference";

    private final Database database;
    private final Tables tables;
    private final JdbcLookups lookups;
    private final StateFolder folder;

    DifferenceFeed(Database database, Tables tables, JdbcLookups lookups, StateFolder folder) {
        this.database = database;
        this.tables = tables;
        this.lookups = lookups;
        this.folder = folder;
    }

    /**
     * @param image reference to the image; null if nothing was ever read
     * @param pending reference to the list of differences; null if all were delivered
     * @param offset how many of them were
     * @param asOf when the image was read, by the database's clock
     */
    private record At(String image, String pending, long offset, Instant asOf) {
        Checkpoint checkpoint(String stream) {
            ObjectNode json = Position.of(FEED)
                    .put("image", image)
                    .put("pending", pending)
                    .put("offset", offset);
            return Position.checkpoint(stream, json.put("asOf", asOf == null ? null : asOf.toString()));
        }

        static At read(Checkpoint checkpoint, String stream) throws ConnectorException {
            JsonNode json = Position.read(checkpoint, stream, FEED);
            return new At(
                    Position.text(json, "image"),
                    Position.text(json, "pending"),
                    json.path("offset").asLong(),
                    Position.instant(json, "asOf"));
        }
    }

    Checkpoint earliest(Table table) {
        return new At(null, null, 0, null).checkpoint(table.name());
    }

    /** Rows that are there now are taken as known. */
    Checkpoint now(Table table, Projection projection) throws ConnectorException {
        At at = keeping(() -> scan(table, projection, new At(null, null, 0, null)));
        return new At(at.image(), null, 0, at.asOf()).checkpoint(table.name());
    }

    ChangeBatch poll(Query query, Table table, Projection projection, Checkpoint from, int maxRecords)
            throws ConnectorException {
        At last = At.read(from, table.name());
        return keeping(() -> {
            At at = last.pending() == null ? scan(table, projection, last) : last;
            return at.pending() == null ? nothing(table, at) : deliver(query, table, at, maxRecords);
        });
    }

    private static ChangeBatch nothing(Table table, At at) {
        return new ChangeBatch(List.of(), List.of(), at.checkpoint(table.name()), true, at.asOf());
    }

    private ChangeBatch deliver(Query query, Table table, At at, int maxRecords)
            throws IOException, ConnectorException {
        Map<String, Boolean> known = new LinkedHashMap<>();
        boolean more;
        try (DataInputStream in = unpack(at.pending())) {
            for (long skip = 0; skip < at.offset(); skip++) {
                in.readUTF();
                in.readBoolean();
            }
            String id = next(in);
            for (; id != null && known.size() < maxRecords; id = next(in)) known.put(id, in.readBoolean());
            more = id != null;
        }
        List<Change> changes = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        Map<String, Row> rows = lookups.rows(table, query, known.keySet());
        known.forEach((id, wasThere) -> {
            Row row = rows.get(id);
            RecordId record = new RecordId(table.name(), id);
            if (row == null || row.deleted()) {
                if (wasThere) changes.add(new Change.Deleted(record, null, false));
            } else if (row.unreadable() != null) {
                unreadable.add(row.unreadable());
            } else {
                changes.add(new Change.Upserted(record, row.record().modifiedAt(), row.record()));
            }
        });
        At next = new At(at.image(), more ? at.pending() : null, more ? at.offset() + known.size() : 0, at.asOf());
        return new ChangeBatch(changes, unreadable, next.checkpoint(table.name()), !more, more ? null : at.asOf());
    }

    /** Reads the table and lists what differs from the image; {@link At#pending()} is null if nothing does. */
    private At scan(Table table, Projection projection, At last) throws IOException, ConnectorException {
        Set<String> kept = new HashSet<>();
        if (last.image() != null) kept.add(last.image());
        folder.keepOnly(kept);
        Digests before = new Digests();
        if (last.image() != null) {
            try (DataInputStream in = unpack(last.image())) {
                for (String id = next(in); id != null; id = next(in)) before.put(id, in.readLong());
            }
        }
        before.sort();
        Digests after = new Digests();
        StateFolder.Draft imageDraft = folder.draft();
        StateFolder.Draft listDraft = folder.draft();
        try {
            Instant asOf;
            long[] differences = {0};
            try (DataOutputStream image = new DataOutputStream(new GZIPOutputStream(imageDraft));
                    DataOutputStream list = new DataOutputStream(new GZIPOutputStream(listDraft))) {
                asOf = rows(table, projection, row -> {
                    Long known = before.get(row.id());
                    after.put(row.id(), row.digest());
                    image.writeUTF(row.id());
                    image.writeLong(row.digest());
                    if (known != null && known == row.digest()) return;
                    list.writeUTF(row.id());
                    list.writeBoolean(known != null);
                    differences[0]++;
                });
                after.sort();
                differences[0] += absent(last, after, list);
            }
            return new At(imageDraft.keep(), differences[0] == 0 ? null : listDraft.keep(), 0, asOf);
        } finally {
            imageDraft.discard();
            listDraft.discard();
        }
    }

    private long absent(At last, Digests after, DataOutputStream pending) throws IOException, ConnectorException {
        if (last.image() == null) return 0;
        long absent = 0;
        try (DataInputStream in = unpack(last.image())) {
            for (String id = next(in); id != null; id = next(in)) {
                in.readLong();
                if (after.get(id) != null) continue;
                pending.writeUTF(id);
                pending.writeBoolean(true);
                absent++;
            }
        }
        return absent;
    }

    private interface Taker {
        void take(Row row) throws IOException;
    }

    /** Reads all rows that have an id and bear no tombstone, in one statement. */
    private Instant rows(Table table, Projection projection, Taker taker) throws ConnectorException, IOException {
        String doing = "scan " + table.name();
        IOException[] broken = {null};
        Instant asOf = database.read(doing, connection -> {
            Instant now = database.dialect().now(connection);
            boolean commits = connection.getAutoCommit();
            try {
                database.dialect().beginScan(connection);
                each(connection, table, projection, taker);
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

    private void each(Connection connection, Table table, Projection projection, Taker taker)
            throws SQLException, IOException {
        Sql sql = new Sql(database.dialect(), projection.select())
                .add(" WHERE 1 = 1")
                .hasId(table.id());
        try (PreparedStatement statement = sql.prepare(connection)) {
            database.dialect().stream(statement);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Row row = projection.read(rows);
                    if (row.id() != null && !row.deleted()) taker.take(row);
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
