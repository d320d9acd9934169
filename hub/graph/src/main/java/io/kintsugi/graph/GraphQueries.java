package io.kintsugi.graph;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.neo4j.driver.Query;
import org.neo4j.driver.Record;
import org.neo4j.driver.TransactionContext;

/** Runs the queries of one transaction. */
class GraphQueries {
    /** Larger statements gain nothing and need heap. */
    private static final int BATCH = 5000;

    private final TransactionContext transaction;
    private final boolean writing;
    private final boolean hopeful;
    private final Consumer<Cypher> watcher;
    private boolean over;

    /**
     * @param hopeful whether what seems new may be created without looking again; if that turns out wrong the transaction fails
     *     on a constraint, and its work is run again without hope
     */
    GraphQueries(TransactionContext transaction, boolean writing, boolean hopeful, Consumer<Cypher> watcher) {
        this.transaction = transaction;
        this.writing = writing;
        this.hopeful = hopeful;
        this.watcher = watcher;
    }

    boolean hopeful() {
        return hopeful;
    }

    /** Refuses every query from now on. */
    void end() {
        over = true;
    }

    /** @throws IllegalStateException if the transaction is over */
    <T> T valid(T subject) {
        if (over) {
            throw new IllegalStateException("the transaction is over");
        }
        return subject;
    }

    /** @throws IllegalStateException if the transaction is over, or one that only reads */
    void requireWriting() {
        valid(this);
        if (!writing) {
            throw new IllegalStateException("the transaction only reads; use HubStore.write");
        }
    }

    List<Record> list(Cypher query, Map<String, Object> parameters) {
        require(query);
        watcher.accept(query);
        return transaction.run(new Query(query.text(), parameters)).list();
    }

    void require(Cypher query) {
        if (query.file().mode() == CypherFile.Mode.READ) {
            valid(this);
        } else {
            requireWriting();
        }
    }

    /** Runs a query in batches of values; nothing at all for no values. */
    List<Record> list(Cypher query, String parameter, Collection<?> values) {
        return list(query, parameter, values, Map.of());
    }

    List<Record> list(Cypher query, String parameter, Collection<?> values, Map<String, Object> others) {
        var left = new ArrayList<Object>(values);
        if (left.isEmpty()) {
            require(query);
            return List.of();
        }
        var found = new ArrayList<Record>();
        for (int from = 0; from < left.size(); from += BATCH) {
            var parameters = new HashMap<>(others);
            parameters.put(parameter, left.subList(from, Math.min(left.size(), from + BATCH)));
            found.addAll(list(query, parameters));
        }
        return found;
    }

    /** Runs a query whose one answer is a number. */
    long count(Cypher query, String column, Map<String, Object> parameters) {
        return list(query, parameters).get(0).get(column).asLong();
    }

    /** Runs a query that tells how many rows it stored, and gives their sum. */
    long count(Cypher query, String column, List<?> rows, Map<String, Object> others) {
        long stored = 0;
        for (var record : list(query, "rows", rows, others)) {
            stored += record.get(column).asLong();
        }
        return stored;
    }

    /**
     * Runs a query that tells how many rows it stored, and refuses to lose any.
     *
     * @throws IllegalStateException if something that a row names is not stored
     */
    void store(Cypher query, String column, List<?> rows, Map<String, Object> others) {
        long stored = count(query, column, rows, others);
        if (stored != rows.size()) {
            throw new IllegalStateException(query.path() + " stored " + stored + " of " + rows.size()
                    + " rows: a record or golden that they name is not stored, or is named twice");
        }
    }

    void store(Cypher query, String column, List<?> rows) {
        store(query, column, rows, Map.of());
    }
}
