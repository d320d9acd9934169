package io.kintsugi.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.core.sync.Absorb.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BackgroundResolvingTest {
    private final MemoryHubStore memory = new MemoryHubStore();
    private final Watched store = new Watched(memory);
    private final HubUnderTest hub = new HubUnderTest(store, false, "crm");

    @AfterEach
    void close() {
        memory.close();
    }

    /** Sees how many write at once, and can hold the first ones until there are two. */
    private static final class Watched implements HubStore {
        private final HubStore store;
        private final AtomicInteger writing = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        volatile CountDownLatch meeting = new CountDownLatch(0);
        volatile boolean met = true;

        Watched(HubStore store) {
            this.store = store;
        }

        @Override
        public <T> T write(Function<HubTransaction, T> work) {
            most.accumulateAndGet(writing.incrementAndGet(), Math::max);
            try {
                meeting.countDown();
                met &= meeting.await(20, TimeUnit.SECONDS);
                return store.write(work);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                writing.decrementAndGet();
            }
        }

        @Override
        public <T> T read(Function<HubTransaction, T> work) {
            return store.read(work);
        }

        @Override
        public void close() {
            store.close();
        }
    }

    private List<Observation> stored(int count, Function<Integer, String> email) {
        var seen = new ArrayList<Observation>();
        for (int i = 0; i < count; i++) {
            seen.add(new Observation(
                    new RecordKey("crm", "contact", "r" + i),
                    "people",
                    Map.of("email", email.apply(i)),
                    Instant.EPOCH,
                    null));
        }
        memory.write(tx -> new Intake(hub.model)
                .store(
                        tx,
                        new Intake.Batch("crm", "crm", "people", "contact", seen, Map.of(), List.of(), List.of(), null),
                        hub.clock.instant()));
        return seen;
    }

    @Test
    void strangersDoNotWaitForEachOther() {
        var records = stored(1000, i -> "person" + i + "@acme" + i + ".example");
        store.meeting =
                new CountDownLatch(2); // each batch waits for the other: would end in failure one after the other
        try (var resolving = new BackgroundResolving(hub.resolver)) {
            resolving.resolve(records);
            resolving.finish();
            assertThat(resolving.resolved()).isEqualTo(1000);
        }
        assertThat(store.met).isTrue();
        assertThat(store.most).hasValue(2);
    }

    @Test
    void recordsThatShareAKeyAreNeverInTwoBatchesAtOnce() {
        var records = stored(1500, i -> "person" + i % 10 + "@acme" + i % 10 + ".example");
        try (var resolving = new BackgroundResolving(hub.resolver)) {
            resolving.resolve(records); // three batches, and each has records of all ten persons
            resolving.finish();
            assertThat(resolving.resolved()).isEqualTo(1500);
        }
        assertThat(store.most).hasValue(1);
        assertThat(memory.<List<RecordKey>>read(tx -> tx.records().pending(9))).isEmpty();
    }

    @Test
    void aFaultOfABatchIsToldToWhoBringsTheNext() {
        var records = stored(10, i -> "person" + i + "@acme" + i + ".example");
        memory.failBeforeCommit(1);
        try (var resolving = new BackgroundResolving(hub.resolver)) {
            resolving.resolve(records);
            assertThatThrownBy(resolving::finish).isInstanceOf(HubException.class);
            assertThatThrownBy(() -> resolving.resolve(records)).isInstanceOf(HubException.class);
        }
    }
}
