package io.kintsugi.core.store.memory;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Rows by key, in the order of the keys; each change can be undone. */
final class Table<K extends Comparable<? super K>, V> {
    private final NavigableMap<K, V> rows = new TreeMap<>();
    private final Ledger ledger;

    Table(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Null if there is none. */
    V get(K key) {
        ledger.requireOpen();
        return rows.get(key);
    }

    boolean has(K key) {
        return get(key) != null;
    }

    /** Live view, not to be changed. */
    NavigableMap<K, V> all() {
        ledger.requireOpen();
        return Collections.unmodifiableNavigableMap(rows);
    }

    /** Those that exist, in the order of the keys. */
    Map<K, V> find(Collection<K> keys) {
        ledger.requireOpen();
        var found = new LinkedHashMap<K, V>();
        for (var key : keys.size() < 2 ? keys : new TreeSet<>(keys)) {
            var row = rows.get(key);
            if (row != null) found.put(key, row);
        }
        return found;
    }

    /** What was there before; null if nothing was. */
    V put(K key, V row) {
        ledger.requireWriting();
        var before = rows.put(key, row);
        if (before != row) ledger.add(() -> restore(key, before));
        return before;
    }

    /** What was there; null if nothing was. */
    V remove(K key) {
        ledger.requireWriting();
        var before = rows.remove(key);
        if (before != null) ledger.add(() -> restore(key, before));
        return before;
    }

    private void restore(K key, V before) {
        if (before == null) rows.remove(key);
        else rows.put(key, before);
    }

    /** For tests of the store itself. */
    @Override
    public String toString() {
        return rows.toString();
    }
}
