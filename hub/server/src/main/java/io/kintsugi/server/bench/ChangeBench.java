package io.kintsugi.server.bench;

import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.policy.StreamMapping;
import io.kintsugi.core.policy.StreamMapping.FieldMapping;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.core.store.Journal.Answer;
import io.kintsugi.server.Wiring;
import io.kintsugi.server.connector.Connectors;
import io.kintsugi.server.engine.Hub;
import io.kintsugi.server.engine.shared.HubModel;
import io.kintsugi.server.engine.shared.LiveModel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Measures changes from end to end: three systems in memory hold the same people, somebody changes some in the first, and the time
 * counts until both others hold the change. Uses the graph of a hub that is not started; started hubs would not know of each other.
 */
public final class ChangeBench implements AutoCloseable {
    private static final String CHANGED = "city";
    private static final List<String> FIELDS = List.of("firstName", "lastName", "email", "birthDate", CHANGED);
    private static final Duration POLL_EVERY = Duration.ofSeconds(1);
    private static final long PATIENCE_MINUTES = 60;

    private final Hub hub;
    private final int people;
    private final Map<String, BenchSystem> systems = new TreeMap<>();
    /** What a system must hold before a change has arrived, by system and record. */
    private final Map<String, Object> awaited = new ConcurrentHashMap<>();

    private volatile CountDownLatch arrivals = new CountDownLatch(0);
    private int changed;
    private long needed;

    /**
     * @param people in each of the three systems
     * @param folder for what connectors keep
     */
    public ChangeBench(Wiring wiring, int people, Path folder) {
        this.people = people;
        for (var id : List.of("a", "b", "c")) {
            systems.put(id, new BenchSystem(id, FIELDS, (record, values) -> arrived(id + " " + record, values)));
        }
        var known = wiring.hub().model().get();
        var type = known.entityType("contact");
        var configs = systems.keySet().stream()
                .map(id -> new SystemConfig(id, id, id, Map.of(), POLL_EVERY, List.of(mapping())))
                .toList();
        var model = new HubModel(
                List.of(type),
                Map.of("contact", known.matching().get("contact")),
                Map.of("contact", known.authority().get("contact")),
                configs);
        hub = Hub.over(
                wiring.hub().store(),
                new LiveModel(model),
                new Connectors(List.copyOf(systems.values()), wiring.clock(), folder),
                wiring.clock(),
                wiring.ids());
        for (int i = 0; i < people; i++) {
            var person = person(i);
            systems.values().forEach(system -> system.edit(person.get("email").toString(), person));
        }
    }

    private static StreamMapping mapping() {
        var fields = FIELDS.stream()
                .map(name -> new FieldMapping(name, name, List.of(), true))
                .toList();
        return new StreamMapping(BenchSystem.STREAM, "contact", fields, true, true, null);
    }

    private static Map<String, Object> person(int n) {
        return Map.of(
                "firstName",
                name(n),
                "lastName",
                name(n * 7919 + 13),
                "email",
                "p" + n + "@example.org",
                "birthDate",
                LocalDate.of(1940, 1, 1).plusDays(n * 37L % 25_000).toString(),
                CHANGED,
                "Town 0");
    }

    /** Names that are not alike. */
    private static String name(int n) {
        var text = new StringBuilder();
        for (long rest = Integer.toUnsignedLong(n * 0x9E3779B9) + 26; rest > 0; rest /= 26) {
            text.append((char) ('a' + rest % 26));
        }
        return text.toString();
    }

    private void arrived(String record, Map<String, Object> values) {
        var value = values.get(CHANGED);
        if (value != null && awaited.remove(record, value)) arrivals.countDown();
    }

    /** Starts the hub and waits until it has read all systems and found out who is who; returns how long that took. */
    public Duration comeInStep() throws InterruptedException {
        long begin = System.nanoTime();
        hub.systems().start();
        while (!hub.store()
                .read(tx -> tx.records().counts().stream()
                                        .filter(count -> count.state() == RecordState.LIVE)
                                        .mapToLong(count -> count.records())
                                        .sum()
                                >= 3L * people
                        && tx.records().pending(1).isEmpty())) {
            Thread.sleep(200);
        }
        toRest();
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private void toRest() throws InterruptedException {
        while (!hub.store()
                .read(tx -> tx.records().pending(1).isEmpty()
                        && systems.keySet().stream()
                                .allMatch(id -> tx.outbox().nextDue(id).isEmpty()))) {
            Thread.sleep(50);
        }
    }

    /** Changes so many records of the first system at once; returns how long it took until both others held all changes. */
    public Duration change(int records) throws InterruptedException {
        long begin = System.nanoTime();
        arrivals = new CountDownLatch(2 * records);
        for (int i = 0; i < records; i++) changeOne();
        awaitArrivals();
        var took = Duration.ofNanos(System.nanoTime() - begin);
        toRest();
        return took;
    }

    /**
     * Changes one record after the other, each when the one before has arrived; the hub is told of each as by a webhook.
     *
     * @param warmUp changes that do not count
     * @param calls changes that do
     */
    public Bench.Latencies single(int warmUp, int calls) {
        var latencies = new Bench.Latencies(warmUp, calls);
        for (int i = 0; i < warmUp + calls; i++) {
            latencies.time(() -> {
                arrivals = new CountDownLatch(2);
                changeOne();
                hub.systems().poll("a");
                try {
                    awaitArrivals();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("interrupted while a change was under way", e);
                }
            });
        }
        return latencies;
    }

    /**
     * Transactions of one node that the same graph commits in a second for as many threads as there are systems, while nothing is to
     * do: no change can be stored faster.
     *
     * @param each transactions of each thread
     */
    public double commits(int each) {
        var done = new CompletableFuture<?>[systems.size()];
        long begin = System.nanoTime();
        for (int i = 0; i < done.length; i++) {
            var prefix = "bench-" + i + "-";
            done[i] = CompletableFuture.runAsync(() -> commit(prefix, each));
        }
        CompletableFuture.allOf(done).join();
        return done.length * each * 1e9 / (System.nanoTime() - begin);
    }

    private void commit(String prefix, int times) {
        for (int i = 0; i < times; i++) {
            var key = prefix + i;
            hub.store().write(tx -> {
                tx.journal().saveAnswer(key, new Answer("", 200, "application/json", "", Instant.EPOCH));
                return null;
            });
        }
    }

    private void changeOne() {
        int n = changed++;
        var id = "p" + n % people + "@example.org";
        var value = "Town " + (1 + n);
        awaited.put("b " + id, value);
        awaited.put("c " + id, value);
        needed += 2;
        systems.get("a").edit(id, Map.of(CHANGED, value));
    }

    private void awaitArrivals() throws InterruptedException {
        if (!arrivals.await(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            throw new IllegalStateException(arrivals.getCount() + " changes did not arrive within an hour");
        }
    }

    /** Writes that all systems were sent for each write that was needed; waits for rest. */
    public double amplification() throws InterruptedException {
        toRest();
        long sent = systems.values().stream().mapToLong(BenchSystem::writes).sum();
        return needed == 0 ? 1 : (double) sent / needed;
    }

    /** Records of each system by their number; all have the same, if nothing was created. */
    public Map<String, Integer> sizes() {
        var sizes = new HashMap<String, Integer>();
        systems.forEach((id, system) -> sizes.put(id, system.size()));
        return sizes;
    }

    /** Stops the loops; the graph stays open. */
    @Override
    public void close() {
        hub.close();
    }
}
