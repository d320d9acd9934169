package io.kintsugi.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenRevision.Cause;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.memory.MemoryHubStore;
import io.kintsugi.server.engine.shared.HubEvents;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class EventStreamTest {
    private final HubEvents events = new HubEvents();
    private final Slow store = new Slow();
    private final EventStream stream = new EventStream(store, events, new Json(), Clock.systemUTC());

    @AfterEach
    void stop() {
        stream.close();
        store.close();
    }

    /** Counts its reads, and can make them wait until they are interrupted. */
    private static final class Slow implements HubStore {
        private final HubStore memory = new MemoryHubStore();
        final AtomicInteger reads = new AtomicInteger();
        final CountDownLatch stuck = new CountDownLatch(1);
        volatile boolean slow;

        @Override
        public <T> T read(Function<HubTransaction, T> work) {
            reads.incrementAndGet();
            if (slow) {
                stuck.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("interrupted", e);
                }
            }
            return memory.read(work);
        }

        @Override
        public <T> T write(Function<HubTransaction, T> work) {
            return memory.write(work);
        }

        @Override
        public void close() {
            memory.close();
        }
    }

    private void change(int times) {
        store.write(tx -> {
            var at = Instant.EPOCH;
            var revisions = new ArrayList<GoldenRevision>();
            for (int i = 1; i <= times; i++) {
                revisions.add(new GoldenRevision(
                        "g", "contact", 0, i, at, Cause.UPDATED, List.of(), List.of(), List.of(), null, null));
            }
            tx.goldens()
                    .save(
                            List.of(new GoldenRecord(
                                    "g", "contact", GoldenState.ACTIVE, times, Map.of(), null, at, at)),
                            revisions);
            return null;
        });
        events.publish("golden.changed", Map.of("count", times));
    }

    @Test
    void changesThatNobodyHearsAreCountedAndNotReadBack() {
        stream.start();
        int before = store.reads.get();
        change(4000); // eight batches of the feed
        while (stream.lastMinute() < 4000) Thread.onSpinWait();
        assertThat(stream.lastMinute()).isEqualTo(4000);
        assertThat(store.reads.get() - before)
                .as("looks at the end of the feed")
                .isLessThanOrEqualTo(3);
    }

    @Test
    void stoppingInTheMiddleOfAReadIsNoFault() throws InterruptedException {
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        var logger = (Logger) LoggerFactory.getLogger(EventStream.class);
        logger.addAppender(log);
        try {
            stream.start();
            store.slow = true;
            events.publish("golden.changed", Map.of("count", 1));
            store.stuck.await();
            stream.close();
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list).isEmpty();
    }
}
