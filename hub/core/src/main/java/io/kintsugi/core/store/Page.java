package io.kintsugi.core.store;

import java.util.List;

/**
 * A part of a list.
 *
 * @param next opaque cursor of the next page; null on the last one. A cursor stays valid while the list changes: nothing that
 *     was there all the time, and kept its place in the order, is skipped or shown twice. A text that is no cursor is refused with
 *     {@code BAD_REQUEST}
 */
public record Page<T>(List<T> items, String next) {
    public Page {
        items = List.copyOf(items);
    }
}
