package io.kintsugi.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Blocks.BlockKey;
import io.kintsugi.core.store.Blocks.Holder;
import io.kintsugi.core.store.HubTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both claims of architecture §4 on a real graph: without the first twins become two goldens, without the second one is stale. */
class ClaimsIT {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
    private static final int ROUNDS = 30;

    private final ExecutorService pool = Executors.newFixedThreadPool(2);
    private GraphHubStore store;

    @BeforeEach
    void open() {
        store = TestGraph.shared().emptyStore();
    }

    @AfterEach
    void stop() {
        pool.shutdownNow();
    }

    /** What a resolver does with one new record; the golden says how many records it has. */
    private static void resolve(HubTransaction tx, RecordKey key, Set<String> blockKeys) {
        tx.records().save(List.of(SourceRecord.observed(key, "contacts", Map.of(), null, NOW, null)));
        var others = tx.blocks().claim(new TreeSet<>(blockKeys), 99).values().stream()
                .flatMap(block -> block.holders().stream())
                .map(Holder::record)
                .toList();
        tx.blocks().assign(Map.of(key, blockKeys));
        var goldens = new TreeSet<>(tx.goldens().goldenOf(others).values());
        tx.goldens().claim(goldens);
        var id = goldens.isEmpty() ? "g-" + key.externalId() : goldens.first();
        long members = tx.goldens().members(List.of(id)).get(id).size() + 1L;
        tx.goldens().save(List.of(golden(id, members)), List.of());
        tx.goldens().assign(List.of(new Membership(key, id, NOW, Origin.RULE, Set.of())));
    }

    private static GoldenRecord golden(String id, long records) {
        var count = new GoldenValue("" + records, 1, null, null, "COUNT", 1);
        return new GoldenRecord(id, "contact", GoldenState.ACTIVE, records, Map.of("records", count), null, NOW, NOW);
    }

    private void together(Runnable one, Runnable other) throws Exception {
        var barrier = new CyclicBarrier(2);
        var futures = new ArrayList<java.util.concurrent.Future<?>>();
        for (var step : List.of(one, other)) {
            futures.add(pool.submit(() -> {
                barrier.await();
                step.run();
                return true;
            }));
        }
        for (var future : futures) {
            future.get(60, TimeUnit.SECONDS);
        }
    }

    private void resolved(String id, String... blockKeys) {
        store.<Boolean>write(tx -> {
            resolve(tx, new RecordKey("crm", "contact", id), Set.of(blockKeys));
            return true;
        });
    }

    @Test
    void twinsThatComeTogetherAreNeverTwoGoldens() throws Exception {
        for (int n = 0; n < ROUNDS; n++) {
            var round = "r" + n;
            together(() -> resolved(round + "a", "k" + round), () -> resolved(round + "b", "k" + round));
        }
        var goldens = store.read(tx -> tx.goldens().counts());
        assertThat(goldens).containsExactly(Map.entry("contact", (long) ROUNDS));
    }

    @Test
    void recordsThatJoinThroughDifferentKeysLeaveNoStaleGolden() throws Exception {
        for (int n = 0; n < ROUNDS; n++) {
            var round = "r" + n;
            resolved(round, "k1" + round, "k2" + round);
            together(() -> resolved(round + "a", "k1" + round), () -> resolved(round + "b", "k2" + round));
            var golden =
                    store.read(tx -> tx.goldens().find(List.of("g-" + round))).get("g-" + round);
            assertThat(golden.value("records")).as(round).isEqualTo("3");
        }
    }

    @Test
    void strangersDoNotWaitForEachOther() throws Exception {
        var claimed = new CountDownLatch(1);
        var done = new CountDownLatch(1);
        var first = pool.submit(() -> store.<Boolean>write(tx -> {
            resolve(tx, new RecordKey("crm", "contact", "1"), Set.of("a", "b"));
            claimed.countDown();
            return await(done);
        }));
        assertThat(await(claimed)).isTrue();
        resolved("2", "c", "d"); // would hang if it waited for the first, which waits for it
        done.countDown();
        assertThat(first.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aDeadlockCostsMillisecondsAndNoWork() throws Exception {
        var both = new CyclicBarrier(2);
        var tries = new AtomicInteger();
        Callable<Boolean> forth = () -> lockBoth(both, tries, "a", "b");
        Callable<Boolean> back = () -> lockBoth(both, tries, "b", "a");
        lockBoth(null, tries, "a", "b");
        tries.set(0);
        long begin = System.nanoTime();
        for (var done : pool.invokeAll(List.of(forth, back))) {
            assertThat(done.get()).isTrue();
        }
        assertThat(tries).as("runs of the work, one of them repeated").hasValue(3);
        assertThat(System.nanoTime() - begin)
                .as("the driver's own wait is a second")
                .isLessThan(900_000_000L);
    }

    private boolean lockBoth(CyclicBarrier both, AtomicInteger tries, String first, String second) {
        return store.write(tx -> {
            int run = tries.incrementAndGet();
            tx.blocks().claim(new TreeSet<>(Set.of(first)), 99);
            if (both != null && run <= 2) {
                try {
                    both.await(30, TimeUnit.SECONDS);
                } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                    throw new AssertionError(e);
                }
            }
            tx.blocks().claim(new TreeSet<>(Set.of(second)), 99);
            return true;
        });
    }

    @Test
    void whoWaitedForAKeySeesWhatTheOtherDidWithIt() throws Exception {
        var claimed = new CountDownLatch(1);
        var waiting = new CountDownLatch(1);
        var key = new RecordKey("crm", "contact", "1");
        store.<Map<String, BlockKey>>write(tx -> tx.blocks().claim(new TreeSet<>(Set.of("k")), 99));
        pool.submit(() -> store.<Boolean>write(tx -> {
            tx.records().save(List.of(SourceRecord.observed(key, "contacts", Map.of(), null, NOW, null)));
            tx.blocks().claim(new TreeSet<>(Set.of("k")), 99);
            claimed.countDown();
            await(waiting);
            waitUntilSomebodyIsBlocked();
            tx.blocks().assign(Map.of(key, Set.of("k")));
            tx.blocks().markGeneric(List.of("k"));
            return true;
        }));
        await(claimed);
        Callable<BlockKey> second = () -> store.write(tx -> {
            waiting.countDown();
            return tx.blocks().claim(new TreeSet<>(Set.of("k")), 99).get("k");
        });
        assertThat(pool.submit(second).get(60, TimeUnit.SECONDS)).isEqualTo(new BlockKey("k", 1, true, List.of()));
    }

    private void waitUntilSomebodyIsBlocked() {
        try (var session = store.driver().session()) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (session.run("SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN status")
                            .list()
                            .isEmpty()
                    && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
