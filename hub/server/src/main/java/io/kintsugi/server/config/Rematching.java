package io.kintsugi.server.config;

import io.kintsugi.core.model.HubException;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.server.engine.Hub;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link ModelStore#rematch} in the background of a hub that serves: page by page, and the next one only when nothing waits, so that
 * what systems change meanwhile never queues behind it. Thread-safe.
 */
public final class Rematching implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Rematching.class);
    private static final long CALM_MILLIS = 200;
    private static final long FAILED_MILLIS = 5_000;

    private final ModelStore models;
    private final HubStore store;
    private final Hub hub;
    private final Thread thread = new Thread(this::loop, "rematch");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean asked = true;
    private boolean closed;

    /** Begins at once with what a hub before did not finish. */
    public Rematching(ModelStore models, Hub hub) {
        this.models = models;
        this.store = hub.store();
        this.hub = hub;
        thread.setDaemon(true);
        thread.start();
    }

    /** Something was published. */
    public void wake() {
        lock.lock();
        try {
            asked = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        long pause = 0;
        while (await(pause)) {
            try {
                pause = step() ? CALM_MILLIS : Long.MAX_VALUE;
            } catch (HubException e) {
                LOG.warn("bringing records under the present rules waits: {}", e.getMessage());
                pause = FAILED_MILLIS;
            } catch (RuntimeException e) { // the outermost loop of this thread
                LOG.error("bringing records under the present rules failed; it is tried again", e);
                pause = FAILED_MILLIS;
            }
        }
    }

    /** Whether there is more to do. */
    private boolean step() {
        if (!store.read(tx -> tx.records().pending(1)).isEmpty()) return true;
        var run = models.rematchPage();
        run.ifPresent(now -> {
            hub.systems().somethingStored();
            hub.events().publish("run.progress", now);
        });
        return run.isPresent();
    }

    /** Waits, at most until it is asked for again if there is nothing to do. Returns false when it is to end. */
    private boolean await(long millis) {
        lock.lock();
        try {
            if (millis == Long.MAX_VALUE) {
                while (!asked && !closed) changed.await();
            } else if (millis > 0 && !closed) {
                changed.await(millis, TimeUnit.MILLISECONDS);
            }
            asked = false;
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Ends after the page under way; what is left is done by the next hub. Second call does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
