package io.kintsugi.core.store;

import java.util.function.Function;

/** The memory of the hub. Thread-safe. */
public interface HubStore extends AutoCloseable {
    /**
     * Runs work in one transaction: all of it is stored, or nothing. The work may be run more than once (after a deadlock or a lost
     * connection), so it must have no effect outside the transaction.
     *
     * @throws io.kintsugi.core.model.HubException with {@code UNAVAILABLE} if the store does not answer; what the work throws ends
     *     the transaction without effect and comes out unchanged
     */
    <T> T write(Function<HubTransaction, T> work);

    /**
     * Runs work that only reads. Reads are read-committed: two of them may see different states.
     *
     * @throws IllegalStateException if the work changes, locks or claims something; nothing of it is stored
     * @throws io.kintsugi.core.model.HubException with {@code UNAVAILABLE} if the store does not answer
     */
    <T> T read(Function<HubTransaction, T> work);

    /** Second call does nothing. Work that comes after it is refused with {@code UNAVAILABLE}. */
    @Override
    void close();
}
