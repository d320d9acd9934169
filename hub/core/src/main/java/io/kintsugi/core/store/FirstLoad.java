package io.kintsugi.core.store;

import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Fills a store that holds no record yet, all at once: far faster than transactions, and durable only as a whole. Write everything,
 * {@link #open} it, write through the store what must be there too, and {@link #keep} it. Until then a crash, as {@link #close}, leaves
 * the store as it was before.
 */
public interface FirstLoad extends AutoCloseable {
    /**
     * Takes in a part that is connected to nothing outside itself: no golden, link, merge or review joins records of two parts. Within
     * it new things may be stored; what was written by another part is not seen, and the block keys that are generic have to be marked
     * before the first part that holds them. Called by any number of threads, once for each part.
     *
     * @throws IllegalStateException if the work does what only a store can do, such as changing what was stored before
     */
    <T> T write(Function<HubTransaction, T> work);

    /**
     * Makes everything that was written readable and writable in the store, whose users see nothing else of it than that it does not
     * answer for a while. Called once, after all writes.
     *
     * @param stages told what is being done, in a few words
     * @throws io.kintsugi.core.model.HubException if that fails; the store is as it was before
     */
    void open(Consumer<String> stages);

    /** What was written stays, whatever comes. Called once, after {@link #open}. */
    void keep();

    /** Gives up what was not kept. Second call does nothing. */
    @Override
    void close();
}
