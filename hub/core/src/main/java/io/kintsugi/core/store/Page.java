package io.kintsugi.core.store;

import java.util.List;

/**
 * A part of a list.
 *
 * @param next opaque cursor of the next page; null on the last one. A cursor stays valid while the list changes: nothing that was
 *     there all the time is skipped or shown twice
 */
public record Page<T>(List<T> items, String next) {
    public Page {
        items = List.copyOf(items);
    }
}
