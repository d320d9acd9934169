package io.kintsugi.server.api;

import io.kintsugi.core.store.Page;
import java.util.List;
import java.util.function.Function;

/**
 * A part of a list.
 *
 * @param next cursor of the next page; null on the last one
 */
record PageView<T>(List<T> items, String next) {
    static <S, T> PageView<T> of(Page<S> page, Function<S, T> view) {
        return new PageView<>(page.items().stream().map(view).toList(), page.next());
    }
}
