package io.kintsugi.connector.jdbc;

import io.kintsugi.connector.jdbc.Dialect.Fault;
import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.RecordError;
import io.kintsugi.connector.spi.RecordError.Code;
import io.kintsugi.connector.spi.WriteOp;
import io.kintsugi.connector.spi.WriteResult;
import io.kintsugi.connector.spi.WriteResult.Applied;
import io.kintsugi.connector.spi.WriteResult.NotAttempted;
import io.kintsugi.connector.spi.WriteResult.Rejected;
import io.kintsugi.connector.spi.Writer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes rows. A batch is one transaction with a savepoint for each op, so a refused op leaves the others alone. Only a connection
 * lost while committing leaves ops unclear; before that nothing was done, and after it everything was.
 */
final class JdbcWriter implements Writer {
    static final int MAX_BATCH = 200;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOCK_WAIT = Duration.ofSeconds(10);

    /** How long after the deadline the answer to what is under way is waited for, so that a lock that times out is still said. */
    private static final Duration LAST_WORD = Duration.ofSeconds(2);

    private final Database database;
    private final Tables tables;
    private final Clock clock;

    JdbcWriter(Database database, Tables tables, Clock clock) {
        this.database = database;
        this.tables = tables;
        this.clock = clock;
    }

    @Override
    public List<WriteResult> write(String stream, List<WriteOp> ops, WriteOptions options) throws ConnectorException {
        Table table = tables.get(stream);
        if (table.view()) {
            RecordError error = Refusals.of(Code.UNSUPPORTED, null, stream + " is a view; views are only read");
            return ops.stream()
                    .<WriteResult>map(op -> new Rejected(op.opId(), error))
                    .toList();
        }
        Instant deadline = clock.instant().plus(options.deadline() == null ? PATIENCE : options.deadline());
        return write(table, ops, options.linkKeyField(), deadline);
    }

    private List<WriteResult> write(Table table, List<WriteOp> ops, String linkKey, Instant deadline)
            throws ConnectorException {
        String doing = "write " + table.name();
        List<WriteResult> results = new ArrayList<>();
        SQLException refusedCommit;
        Connection connection = database.connection(doing);
        try {
            try {
                connection.setAutoCommit(false);
                database.dialect().beginWrite(connection, lockMillis(deadline));
                RowWriter rows = new RowWriter(database, table, connection, linkKey);
                for (WriteOp op : ops) {
                    limit(connection, deadline);
                    WriteResult result = clock.instant().isBefore(deadline)
                            ? attempt(connection, rows, op)
                            : new NotAttempted(op.opId(), "the time for this call was over");
                    if (result == null) return undone(ops, results);
                    results.add(result);
                }
            } catch (SQLException e) {
                rollback(connection);
                throw tables.failed(e, doing, table.name());
            }
            refusedCommit = commit(connection, deadline);
            if (refusedCommit == null) return results;
            rollback(connection);
        } finally {
            giveBack(connection);
        }
        Fault fault = database.fault(refusedCommit);
        if (fault == Fault.CONNECTION || fault == Fault.OTHER || fault == Fault.TIMEOUT)
            return applied(results, WriteResult.Ambiguous::new, "the connection was lost while committing");
        boolean locked = fault == Fault.LOCKED || fault == Fault.DEADLOCK;
        if (locked) return applied(results, NotAttempted::new, "the commit was refused because of a lock");
        if (ops.size() > 1) return oneByOne(table, ops, linkKey, deadline);
        RecordError error = new Refusals(database.dialect(), table)
                .of(fault, refusedCommit, Map.of(), ops.get(0) instanceof WriteOp.Delete);
        return List.of(new Rejected(ops.get(0).opId(), error));
    }

    /** A rule that is checked at the commit does not say which row it is about. */
    private List<WriteResult> oneByOne(Table table, List<WriteOp> ops, String linkKey, Instant deadline) {
        List<WriteResult> results = new ArrayList<>();
        for (WriteOp op : ops) {
            try {
                results.addAll(write(table, List.of(op), linkKey, deadline));
            } catch (ConnectorException e) {
                results.add(new NotAttempted(op.opId(), e.getMessage()));
            }
        }
        return results;
    }

    /** Null if the whole transaction is undone. */
    private WriteResult attempt(Connection connection, RowWriter rows, WriteOp op) throws SQLException {
        Savepoint before = connection.setSavepoint();
        SQLException refused;
        try {
            WriteResult result = rows.write(op);
            if (result instanceof Rejected) connection.rollback(before);
            else connection.releaseSavepoint(before);
            return result;
        } catch (SQLException e) {
            refused = e;
        }
        Fault fault = database.fault(refused);
        switch (fault) {
            case CONNECTION, NO_TABLE, NO_COLUMN -> throw refused;
            case DEADLOCK -> {
                rollback(connection);
                return null;
            }
            default -> connection.rollback(before);
        }
        if (fault == Fault.TIMEOUT) return new NotAttempted(op.opId(), "the statement took too long and was undone");
        return new Rejected(op.opId(), rows.refusal(fault, refused, op));
    }

    /** After a deadlock: the op that met it may be sent again, like those before and after it. */
    private static List<WriteResult> undone(List<WriteOp> ops, List<WriteResult> results) {
        String why = "the transaction was undone because of a deadlock";
        List<WriteResult> all = applied(results, NotAttempted::new, why);
        WriteOp met = ops.get(all.size());
        all.add(new Rejected(
                met.opId(),
                new RecordError(Code.LOCKED, null, null, "another transaction holds the record", List.of(), true)));
        for (WriteOp op : ops.subList(all.size(), ops.size())) all.add(new NotAttempted(op.opId(), why));
        return all;
    }

    private interface Verdict {
        WriteResult of(String opId, String why);
    }

    /** The results with another verdict on what seemed applied; refusals stand. */
    private static List<WriteResult> applied(List<WriteResult> results, Verdict verdict, String why) {
        List<WriteResult> changed = new ArrayList<>();
        for (WriteResult result : results)
            changed.add(result instanceof Applied ? verdict.of(result.opId(), why) : result);
        return changed;
    }

    private SQLException commit(Connection connection, Instant deadline) {
        try {
            limit(connection, deadline);
            connection.commit();
            return null;
        } catch (SQLException e) {
            return e;
        }
    }

    /** What happened is known by now, so trouble with giving back must not hide it; the pool drops a broken connection. */
    private static void giveBack(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // the pool has dropped it
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // the connection is gone, and the transaction with it
        }
    }

    /** A database that does not answer in time is left; the pool resets this when the connection is given back. */
    private void limit(Connection connection, Instant deadline) throws SQLException {
        Duration left = Duration.between(clock.instant(), deadline);
        Duration patience = LAST_WORD.plus(left.isNegative() ? Duration.ZERO : left);
        connection.setNetworkTimeout(Runnable::run, (int) Math.min(Integer.MAX_VALUE, patience.toMillis()));
    }

    private long lockMillis(Instant deadline) {
        Duration left = Duration.between(clock.instant(), deadline);
        Duration wait = left.compareTo(LOCK_WAIT) < 0 ? left : LOCK_WAIT;
        return Math.max(1, wait.toMillis());
    }
}
