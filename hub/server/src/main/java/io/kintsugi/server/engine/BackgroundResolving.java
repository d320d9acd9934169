package io.kintsugi.server.engine;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.sync.Absorb.Observation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Resolves the records of a load while the next ones are read, two batches at once. A batch is made of records that share no block
 * key with the one that runs, so that neither waits for the other's claims; the claims in the store guard what this cannot see. Who
 * brings records faster than they are resolved waits. For one caller.
 */
final class BackgroundResolving implements AutoCloseable {
    private static final int WORKERS = 2;
    private static final int BATCH = 500;
    /** A smaller batch beside another one costs more than to wait for that. */
    private static final int LEAST = BATCH / 4;

    private static final int WINDOW = 4000;

    private final Resolver resolver;
    private final List<Thread> workers = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    /** Block keys of the batches that run. */
    private final Set<String> busy = new HashSet<>();

    private int running;
    private long resolved;
    private boolean closed;
    private RuntimeException failure;

    private record Waiting(RecordKey record, Set<String> blockKeys) {}

    BackgroundResolving(Resolver resolver) {
        this.resolver = resolver;
        for (int i = 0; i < WORKERS; i++) {
            var worker = new Thread(this::work, "resolve-" + i);
            worker.setDaemon(true);
            workers.add(worker);
            worker.start();
        }
    }

    /** Takes records that are stored and wait, when there is room, and throws what went wrong with earlier ones. */
    void resolve(Collection<Observation> stored) {
        var more = new ArrayList<Waiting>();
        for (var record : stored) {
            more.add(new Waiting(record.key(), resolver.blockKeys(record.key(), record.attributes())));
        }
        lock.lock();
        try {
            while (waiting.size() >= WINDOW && failure == null) await();
            requireSound();
            waiting.addAll(more);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for everything that was brought, then resolves whatever else waits, also from before. */
    void finish() {
        lock.lock();
        try {
            while ((running > 0 || !waiting.isEmpty()) && failure == null) await();
            requireSound();
        } finally {
            lock.unlock();
        }
        for (int count = resolver.resolvePending(BATCH); count > 0; count = resolver.resolvePending(BATCH)) {
            count(count);
        }
    }

    long resolved() {
        lock.lock();
        try {
            return resolved;
        } finally {
            lock.unlock();
        }
    }

    private void count(int records) {
        lock.lock();
        try {
            resolved += records;
        } finally {
            lock.unlock();
        }
    }

    private void await() {
        try {
            changed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubException(
                    HubErrorCode.UNAVAILABLE, "the load was interrupted; the next one goes on where it was", e);
        }
    }

    private void requireSound() {
        if (failure != null) throw failure;
    }

    private void work() {
        for (var batch = take(); !batch.isEmpty(); batch = take()) {
            try {
                count(resolver.resolve(batch.stream().map(Waiting::record).toList()));
                release(batch, null);
            } catch (RuntimeException e) { // the outermost loop of this thread; the caller is told
                release(batch, e);
            }
        }
    }

    /** The next batch; empty when there will be none. */
    private List<Waiting> take() {
        lock.lock();
        try {
            while (!closed && failure == null) {
                var batch = strangers();
                if (running == 0 ? !batch.isEmpty() : batch.size() >= LEAST) {
                    waiting.removeAll(Set.copyOf(batch));
                    batch.forEach(record -> busy.addAll(record.blockKeys()));
                    running++;
                    return batch;
                }
                await();
            }
            return List.of();
        } finally {
            lock.unlock();
        }
    }

    /** Those who waited longest among all that no running batch can concern. */
    private List<Waiting> strangers() {
        var batch = new ArrayList<Waiting>();
        for (var record : waiting) {
            if (batch.size() == BATCH) break;
            if (Collections.disjoint(record.blockKeys(), busy)) batch.add(record);
        }
        return batch;
    }

    private void release(List<Waiting> batch, RuntimeException fault) {
        lock.lock();
        try {
            running--;
            batch.forEach(record -> busy.removeAll(record.blockKeys()));
            if (failure == null) failure = fault;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the batches that are being resolved and drops the others; they wait in the store. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            for (var worker : workers) worker.join(TimeUnit.MINUTES.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
