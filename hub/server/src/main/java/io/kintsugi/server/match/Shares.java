package io.kintsugi.server.match;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Shares tasks among all processors: each takes the next one when it has done its last. A parallel stream gives each a part of them
 * beforehand, and most wait at the end where the first tasks are larger than the last.
 */
public final class Shares {
    private Shares() {}

    /**
     * Does every task once and returns when all are done.
     *
     * @param task called with the numbers from 0, by any thread; what one throws comes out here, and tasks that were not begun are left
     */
    public static void of(int tasks, IntConsumer task) {
        var next = new AtomicInteger();
        IntStream.range(0, Runtime.getRuntime().availableProcessors())
                .parallel()
                .forEach(worker -> {
                    try {
                        for (int i = next.getAndIncrement(); i < tasks; i = next.getAndIncrement()) task.accept(i);
                    } catch (RuntimeException | Error e) {
                        next.set(tasks);
                        throw e;
                    }
                });
    }
}
