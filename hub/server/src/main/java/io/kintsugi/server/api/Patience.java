package io.kintsugi.server.api;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Waits for work that may have to wait for locks, for so long and no longer. Work that was given up goes on to its end, on one of few
 * threads; while all of them wait, no more is begun. Thread-safe.
 */
final class Patience {
    private static final int MOST_AT_ONCE = 4;

    private final Duration longest;
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, MOST_AT_ONCE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
                var thread = new Thread(work, "patience");
                thread.setDaemon(true);
                return thread;
            });

    Patience(Duration longest) {
        this.longest = longest;
    }

    /** @return empty if the result is not there in time; whatever the work throws in time is thrown */
    <T> Optional<T> await(Supplier<T> work) {
        try {
            return Optional.of(threads.submit(work::get).get(longest.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | RejectedExecutionException e) {
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) throw failure;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubException(HubErrorCode.UNAVAILABLE, "the hub is stopping; try again later", e);
        }
    }
}
