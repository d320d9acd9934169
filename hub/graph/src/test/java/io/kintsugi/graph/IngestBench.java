package io.kintsugi.graph;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenRevision.ValueChange;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Measures the store's share of durable ingest against the raw rate, on a server of its own. Not a test; run it with
 * {@code java -cp … io.kintsugi.graph.IngestBench 30000 1000}.
 */
final class IngestBench {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

    private final GraphHubStore store;
    private final EmbeddedNeo4j server;
    private final Map<String, Long> steps = new TreeMap<>();
    private int next;

    private IngestBench(GraphHubStore store, EmbeddedNeo4j server) {
        this.store = store;
        this.server = server;
    }

    public static void main(String[] args) throws Exception {
        int rows = Integer.parseInt(args[0]);
        int batch = Integer.parseInt(args[1]);
        var server = EmbeddedNeo4j.start(EmbeddedSettings.of(TestGraph.newFolder("bench")));
        try (var store = GraphHubStore.open(server.uri(), server.user(), server.password(), q -> {}, server)) {
            var bench = new IngestBench(store, server);
            var raw = new RawWriteBench(store);
            for (int round = 0; round < 3; round++) {
                bench.measured("raw", rows, () -> raw.write(rows, batch, 1));
                bench.steps.clear();
                bench.measured("store", rows, () -> bench.ingest(rows, batch));
                bench.steps.forEach(
                        (step, nanos) -> System.out.printf("    %-18s %6.1f us/row%n", step, nanos / 1e3 / rows));
                bench.next -= rows;
                bench.measured("store, unchanged", rows, () -> bench.reread(rows, batch));
            }
        }
    }

    private void measured(String name, int rows, Runnable work) throws IOException {
        double serverBefore = cpuSeconds(server.pid());
        double clientBefore = cpuSeconds(ProcessHandle.current().pid());
        long begin = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "%-18s %7.0f rows/s   CPU per row: server %5.1f us, client %5.1f us%n",
                name,
                rows / seconds,
                (cpuSeconds(server.pid()) - serverBefore) * 1e6 / rows,
                (cpuSeconds(ProcessHandle.current().pid()) - clientBefore) * 1e6 / rows);
    }

    /** Linux only. */
    private static double cpuSeconds(long pid) throws IOException {
        var stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / 100.0;
    }

    private void step(String name, Runnable work) {
        long begin = System.nanoTime();
        work.run();
        steps.merge(name, System.nanoTime() - begin, Long::sum);
    }

    private void transaction(Consumer<HubTransaction> work) {
        store.<Boolean>write(tx -> {
            work.accept(tx);
            return true;
        });
    }

    private void ingest(int rows, int batch) {
        for (int end = next + rows; next < end; next += batch) {
            var records = records(batch);
            var keys = new TreeSet<>(records.keySet());
            step(
                    "T1",
                    () -> transaction(tx -> {
                        step("T1 lock", () -> tx.records().lock(keys));
                        step("T1 save", () -> tx.records().save(records.values()));
                        step("T1 pending", () -> tx.records().markPending(keys));
                        tx.journal().saveCheckpoint("crm", "contacts", "" + next, NOW);
                    }));
            step("T2", () -> transaction(tx -> resolve(tx, keys, records)));
        }
    }

    private void reread(int rows, int batch) {
        for (int end = next + rows; next < end; next += batch) {
            var records = records(batch);
            transaction(tx -> {
                var known = tx.records().lock(new TreeSet<>(records.keySet()));
                if (known.size() != records.size()) throw new AssertionError("" + known.size());
            });
        }
    }

    private void resolve(HubTransaction tx, TreeSet<RecordKey> keys, Map<RecordKey, SourceRecord> records) {
        step("T2 look", () -> tx.records().look(keys));
        var blockKeys = new HashMap<RecordKey, Set<String>>();
        var all = new TreeSet<String>();
        for (var key : keys) {
            int i = Integer.parseInt(key.externalId());
            blockKeys.put(key, Set.of("contact|e|" + i, "contact|n|" + i / 3, "contact|p|" + i / 2));
            all.addAll(blockKeys.get(key));
        }
        step("T2 claim", () -> tx.blocks().claim(all, 200));
        step("T2 hold", () -> tx.records().hold(keys));
        step("T2 assign keys", () -> tx.blocks().assign(blockKeys));
        var goldens = new ArrayList<GoldenRecord>();
        var revisions = new ArrayList<GoldenRevision>();
        var members = new ArrayList<Membership>();
        for (var record : records.values()) {
            var id = "g" + record.key().externalId();
            var values = new HashMap<String, GoldenValue>();
            var changes = new ArrayList<ValueChange>();
            record.attributes().forEach((name, value) -> {
                values.put(name, new GoldenValue(value, tx.goldens().reserveVersions(1), record.key(), NOW, "RANK", 1));
                changes.add(new ValueChange(name, null, value, record.key()));
            });
            goldens.add(new GoldenRecord(id, "contact", GoldenState.ACTIVE, 1, values, null, NOW, NOW));
            revisions.add(new GoldenRevision(
                    id, "contact", 0, 1, NOW, Cause.CREATED, changes, List.of(record.key()), List.of(), null, null));
            members.add(new Membership(
                    record.key(), id, NOW, Origin.RULE, record.attributes().keySet()));
        }
        step("T2 goldens", () -> tx.goldens().save(goldens, revisions));
        step("T2 members", () -> tx.goldens().assign(members));
        step("T2 clear", () -> tx.records().clearPending(keys));
        step("T2 revisions", () -> tx.goldens().feedEnd());
    }

    private Map<RecordKey, SourceRecord> records(int batch) {
        var records = new HashMap<RecordKey, SourceRecord>();
        for (int i = next; i < next + batch; i++) {
            var key = new RecordKey("crm", "contact", "" + i);
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
            records.put(key, SourceRecord.observed(key, "contacts", attributes, NOW, NOW, null));
        }
        return records;
    }
}
