package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.jdbc.Projection.Row;
import io.kintsugi.connector.jdbc.StampPosition.Sweep;
import io.kintsugi.connector.spi.Change;
import io.kintsugi.connector.spi.ChangeSource.ChangeBatch;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.ConnectorException.CheckpointExpired;
import io.kintsugi.connector.spi.RecordId;
import io.kintsugi.connector.spi.Unreadable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * Changes by stamp column. The database is read in sweeps from {@code low} to {@code high}, in pages by (stamp, id), so that any
 * number of rows may bear one stamp. {@code high} is the database's own time less the safety lag.
 *
 * <p>A stamp is set before its row becomes visible, so a sweep can pass a stamp whose row is not there yet. Two things bring it back:
 * each sweep begins the overlap before the end of the last, skipping rows it knows by digest; and where the database shows its
 * running transactions, a sweep that finds one finished begins no later than that transaction did. Without the latter, a row is found
 * if it becomes visible no later than safety lag plus overlap after its stamp.
 *
 * <p>What no stamp tells, hard deletes and rows whose stamp is empty or was not maintained, is told by a {@link Comparison} of the
 * whole table, which runs between two sweeps every {@code compareEvery}, unless that is switched off.
 */
final class StampFeed {
    private final Database database;
    private final Tables tables;
    private final Duration safetyLag;
    private final Duration overlap;

    StampFeed(Database database, Tables tables, Duration safetyLag, Duration overlap) {
        this.database = database;
        this.tables = tables;
        this.safetyLag = safetyLag;
        this.overlap = overlap;
    }

    /** Rows that are visible now are taken as known. */
    StampPosition now(Table table, Projection projection) throws ConnectorException {
        StampPosition begun = reading(table, connection -> {
            StampPosition asked = begin(connection, StampPosition.BEGINNING);
            Instant high = asked.sweep().high();
            return asked.with(new Sweep(high.minus(overlap), high, null, null, new HashSet<>()));
        });
        StampPosition position = begun;
        while (position.sweep() != null)
            position = step(table, projection, position, 1000, new ArrayList<>(), new ArrayList<>());
        return position;
    }

    /** {@link ChangeBatch#completeUpTo()} speaks of what bears a stamp; the rest comes with the next comparison. */
    ChangeBatch poll(Table table, Projection projection, Comparison comparison, StampPosition from, int maxRecords)
            throws ConnectorException {
        List<Change> changes = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        List<String> readable = List.of();
        StampPosition position = from;
        boolean telling = from.compared() != null && from.compared().pending() != null;
        if (!telling) {
            if (from.sweep() == null)
                position = from.high() == null && from.compared() != null
                        ? now(table, projection).compared(from.compared()) // all comes from the first comparison
                        : reading(table, connection -> begin(connection, from));
            while (position.sweep() != null && changes.isEmpty() && unreadable.isEmpty())
                position = step(table, projection, position, maxRecords, changes, unreadable);
        }
        boolean due = !telling && isDue(table, position);
        if (telling || due && changes.isEmpty() && unreadable.isEmpty()) {
            Comparison.Told told = comparison.step(position.compared(), maxRecords);
            position = position.compared(told.next().asOf(told.asOf()));
            changes.addAll(told.changes());
            unreadable.addAll(told.unreadable());
            readable = told.readable();
            telling = told.next().pending() != null;
            due = false;
        }
        return new ChangeBatch(
                changes,
                unreadable,
                position.checkpoint(table),
                position.sweep() == null && !telling && !due,
                telling ? null : completeUpTo(table, position),
                null,
                readable);
    }

    private boolean isDue(Table table, StampPosition position) {
        if (position.compared() == null || position.sweep() != null) return false;
        Instant last = position.compared().asOf();
        Instant now = position.high().plus(safetyLag);
        return last == null || !now.isBefore(last.plus(table.compareEvery()));
    }

    private StampPosition begin(Connection connection, StampPosition last) throws SQLException {
        Instant now = database.dialect().now(connection);
        Map<String, Instant> listed = database.dialect().running(connection); // before the rows, after the time
        Instant high = database.dialect().replayed(connection, now).minus(safetyLag);
        if (last.high() != null && high.isBefore(last.high())) high = last.high(); // the clock was set back
        Instant low = last.high() == null ? null : last.high().minus(overlap);
        Map<String, Instant> running = new HashMap<>();
        if (listed == null) {
            running.putAll(last.running());
        } else {
            for (Map.Entry<String, Instant> gone : last.running().entrySet())
                if (!listed.containsKey(gone.getKey())
                        && low != null
                        && gone.getValue().isBefore(low)) low = gone.getValue();
            Instant unseen =
                    last.askedAt() == null ? now.minus(overlap) : last.askedAt(); // not running then: begun later
            listed.forEach(
                    (id, began) -> running.put(id, last.running().getOrDefault(id, began == null ? unseen : began)));
        }
        Sweep sweep = new Sweep(low, high, null, null, new HashSet<>());
        return new StampPosition(
                last.high(), listed == null ? last.askedAt() : now, running, last.seen(), sweep, last.compared());
    }

    private StampPosition step(
            Table table,
            Projection projection,
            StampPosition position,
            int maxRecords,
            List<Change> changes,
            List<Unreadable> unreadable)
            throws ConnectorException {
        return reading(table, connection -> {
            Sweep sweep = position.sweep();
            Instant again = sweep.high().minus(overlap);
            Sweep next = sweep;
            int count = 0;
            try (PreparedStatement statement =
                            sql(table, projection, sweep, maxRecords).prepare(connection);
                    ResultSet rows = statement.executeQuery()) {
                for (; rows.next(); count++) {
                    Row row = projection.read(rows);
                    if (row.id() != null) next = next.at(row.stamp(), row.id());
                    if (!database.dialect()
                            .instantOf(table.changed(), row.stamp())
                            .isBefore(again)) StampPosition.remember(sweep.seen(), row.digest());
                    if (position.seen().contains(row.digest())) continue;
                    if (row.unreadable() != null) unreadable.add(row.unreadable());
                    else changes.add(change(table, row));
                }
            } catch (Values.Unfit e) {
                throw new CheckpointExpired(null, "the id of " + table.name() + " has changed its type; read it whole");
            }
            if (count == maxRecords && next == sweep) throw JdbcSnapshots.idsUnreadable(table);
            return count < maxRecords ? position.swept() : position.with(next);
        });
    }

    private Sql sql(Table table, Projection projection, Sweep sweep, int maxRecords) throws CheckpointExpired {
        Column changed = table.changed();
        Sql sql = new Sql(database.dialect(), projection.select())
                .add(" WHERE ")
                .stamp(changed, "<=", database.dialect().stampOf(changed, sweep.high()));
        if (sweep.stamp() != null)
            sql.add(" AND ").after(changed, sweep.stamp(), table.id(), JdbcSnapshots.parts(table, sweep.id()));
        else if (sweep.low() != null) sql.add(" AND ").stamp(changed, ">=", lowest(changed, sweep.low(), sweep.high()));
        return sql.hasId(table.id()).orderBy(changed, table.id()).add(" LIMIT " + maxRecords);
    }

    /** Where clocks were set back between the two, local stamps repeat: read from the first that may have been written twice. */
    private String lowest(Column changed, Instant low, Instant high) {
        String lowest = database.dialect().stampOf(changed, low);
        if (changed.zoned()) return lowest;
        ZoneRules rules = database.dialect().zone.getRules();
        LocalDateTime local = LocalDateTime.parse(lowest);
        for (ZoneOffsetTransition next = rules.nextTransition(low);
                next != null && !next.getInstant().isAfter(high);
                next = rules.nextTransition(next.getInstant()))
            if (next.isOverlap() && next.getDateTimeAfter().isBefore(local)) local = next.getDateTimeAfter();
        return local.toString();
    }

    private static Change change(Table table, Row row) {
        RecordId id = new RecordId(table.name(), row.id());
        Instant at = row.record().modifiedAt();
        return row.deleted() ? new Change.Deleted(id, at, false) : new Change.Upserted(id, at, row.record());
    }

    private Instant completeUpTo(Table table, StampPosition position) {
        Instant complete = position.high();
        Sweep sweep = position.sweep();
        if (sweep != null && sweep.stamp() != null) {
            Instant at = database.dialect().instantOf(table.changed(), sweep.stamp());
            if (complete == null || complete.isBefore(at)) complete = at;
        }
        for (Instant from : position.running().values())
            if (complete != null && from.isBefore(complete)) complete = from;
        return complete;
    }

    private <T> T reading(Table table, Database.Work<T> work) throws ConnectorException {
        String doing = "read changes of " + table.name();
        return database.read(doing, connection -> {
            try {
                return work.with(connection);
            } catch (SQLException e) {
                throw tables.failed(e, doing, table.name());
            }
        });
    }
}
