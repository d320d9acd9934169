package io.kintsugi.server.engine;

import io.kintsugi.core.model.RecordKey;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Resolves batches of a load while the next ones are read. Who brings batches faster than they are resolved resolves one himself.
 * For one thread.
 */
final class BackgroundResolving implements AutoCloseable {
    private static final int BATCH = 1000;
    private final Resolver resolver;
    private final AtomicLong resolved = new AtomicLong();
    private final Deque<CompletableFuture<Void>> running = new ArrayDeque<>();
    private final ThreadPoolExecutor worker;

    BackgroundResolving(Resolver resolver) {
        this.resolver = resolver;
        worker = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(2),
                work -> new Thread(work, "resolve"),
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    /** Takes records to resolve, and throws what went wrong with earlier ones. */
    void resolve(List<RecordKey> keys) {
        for (int from = 0; from < keys.size(); from += BATCH) {
            var batch = keys.subList(from, Math.min(keys.size(), from + BATCH));
            running.add(CompletableFuture.runAsync(() -> count(resolver.resolve(batch)), worker));
        }
        while (!running.isEmpty() && running.peek().isDone()) await(running.poll());
    }

    /** Waits for everything that was brought, then resolves whatever else waits, also from before. */
    void finish() {
        while (!running.isEmpty()) await(running.poll());
        for (int count = resolver.resolvePending(BATCH); count > 0; count = resolver.resolvePending(BATCH))
            count(count);
    }

    long resolved() {
        return resolved.get();
    }

    private void count(int records) {
        resolved.addAndGet(records);
    }

    private static void await(CompletableFuture<Void> batch) {
        try {
            batch.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw e;
        }
    }

    /** Waits for the batch that is being resolved and drops the others; they wait in the store. */
    @Override
    public void close() {
        worker.getQueue().clear();
        worker.shutdown();
        try {
            worker.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
