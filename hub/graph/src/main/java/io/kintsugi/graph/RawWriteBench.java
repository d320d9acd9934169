package io.kintsugi.graph;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.neo4j.driver.Driver;

/**
 * How fast this machine's Neo4j takes the nodes and relationships that a new record needs at least, written by the bare driver in
 * the best way known: the ceiling that ingest is compared with. Writes into the graph of the store and leaves it there, so give
 * it a graph of its own.
 */
public final class RawWriteBench {
    private final Driver driver;
    private final AtomicInteger next = new AtomicInteger();

    /** @param store connected to a graph that may be filled with rubbish */
    public RawWriteBench(GraphHubStore store) {
        this.driver = store.driver();
    }

    /**
     * Writes so many rows of ten attributes and three block keys, durably, and returns how long it took. The first twenty thousand
     * of a fresh server are slow; leave them out of the measure. A second call writes other rows.
     *
     * @param batch rows per transaction
     * @param writers threads that write at once
     */
    public Duration write(int rows, int batch, int writers) {
        var pool = Executors.newFixedThreadPool(writers);
        int end = next.get() + rows;
        long begin = System.nanoTime();
        try {
            var tasks = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < writers; i++) {
                tasks.add(() -> writeUntil(end, batch));
            }
            for (var done : pool.invokeAll(tasks)) {
                done.get();
            }
            next.set(end);
            return Duration.ofNanos(System.nanoTime() - begin);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the raw writes failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private boolean writeUntil(int end, int batch) {
        try (var session = driver.session()) {
            for (int from = next.getAndAdd(batch); from < end; from = next.getAndAdd(batch)) {
                var keys = new TreeSet<String>();
                var rows = new ArrayList<Map<String, Object>>();
                for (int i = from; i < Math.min(end, from + batch); i++) {
                    var row = row(i);
                    row.keys().forEach(keys::add);
                    rows.add(row.parameters());
                }
                session.executeWriteWithoutResult(tx -> {
                    tx.run(Cypher.MERGE_RAW_KEYS.text(), Map.of("keys", new ArrayList<>(keys)))
                            .consume();
                    tx.run(Cypher.CREATE_RAW_ROWS.text(), Map.of("rows", rows)).consume();
                });
            }
            return true;
        }
    }

    private record Row(Map<String, Object> parameters, List<String> keys) {}

    private static Row row(int i) {
        var at = Times.stored(Instant.EPOCH.plusSeconds(i));
        var attributes = Map.of(
                "givenName", "Anna" + i % 50,
                "familyName", "Smith" + i % 977,
                "email", "user" + i + "@example.com",
                "phone", "+49" + (1_000_000_000L + i),
                "street", i % 211 + " Long Main Street",
                "city", "City" + i % 613,
                "postcode", "" + i % 99_999,
                "birthDate", "1970-01-0" + (1 + i % 9),
                "country", "DE",
                "company", "Acme " + i % 3000);
        var golden = new HashMap<String, Object>(attributes);
        golden.putAll(Map.of("id", "raw" + i, "type", "contact", "state", "ACTIVE", "updatedAt", at));
        var record = new HashMap<String, Object>(attributes);
        record.putAll(Map.of("key", "raw:contact:" + i, "system", "raw", "state", "LIVE", "observedAt", at));
        var keys = List.of("raw|e|" + i, "raw|n|" + i / 3, "raw|p|" + i / 2);
        return new Row(
                Map.of(
                        "record", record,
                        "golden", golden,
                        "membership", Map.of("since", at, "origin", "RULE"),
                        "revision", Map.of("sequence", -1L - i, "goldenId", "raw" + i, "revision", 1, "at", at),
                        "keys", keys),
                keys);
    }
}
