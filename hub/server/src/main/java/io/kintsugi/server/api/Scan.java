package io.kintsugi.server.api;

import io.kintsugi.core.store.Page;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Filters a list that the store cannot filter: reads on until a page holds a match or enough was read for one request. So a page may
 * be short, or even empty, while there is a next one; nothing is left out.
 */
record Scan(String cursor, int limit) {
    private static final int MOST_PAGES = 20;

    /** @param list gives a page of the unfiltered list after a cursor, of at most so many items */
    <T> Page<T> matching(BiFunction<String, Integer, Page<T>> list, Predicate<T> wanted) {
        return selecting(list, page -> page.stream().filter(wanted).toList());
    }

    /** @param wanted those of a page that match, in their order; asked once for each page that is read */
    <T> Page<T> selecting(BiFunction<String, Integer, Page<T>> list, UnaryOperator<List<T>> wanted) {
        var from = cursor;
        for (int pages = 1; ; pages++) {
            var page = list.apply(from, limit);
            var matches = wanted.apply(page.items());
            if (!matches.isEmpty() || page.next() == null || pages == MOST_PAGES) {
                return new Page<>(matches, page.next());
            }
            from = page.next();
        }
    }
}
