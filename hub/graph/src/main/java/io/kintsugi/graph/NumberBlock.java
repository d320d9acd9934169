package io.kintsugi.graph;

import java.util.function.IntToLongFunction;

/**
 * Numbers of a hub-wide sequence, fetched in blocks and in transactions of their own, so that writers who need some do not wait
 * for one another. What is left of a block when the hub stops is never given. Thread-safe.
 */
final class NumberBlock {
    /** More than a batch of goldens needs. */
    private static final int SIZE = 100_000;

    private final IntToLongFunction fetch;
    private long next = 1;
    private long end = 1;

    /** @param fetch takes so many numbers from the graph and returns the first */
    NumberBlock(IntToLongFunction fetch) {
        this.fetch = fetch;
    }

    /** The first of {@code count} numbers in a row. */
    synchronized long take(int count) {
        if (end - next < count || end == 1) {
            int size = Math.max(SIZE, count);
            next = fetch.applyAsLong(size);
            end = next + size;
        }
        long first = next;
        next += count;
        return first;
    }
}
