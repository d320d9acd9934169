package io.kintsugi.core.store.memory;

import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Values by key, both in order; each change can be undone. */
final class Index<K extends Comparable<? super K>, V extends Comparable<? super V>> {
    private final TreeMap<K, TreeSet<V>> entries = new TreeMap<>();
    private final Ledger ledger;

    Index(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Live view, not to be changed; copy it before changing the index. */
    NavigableSet<V> of(K key) {
        ledger.requireOpen();
        var values = entries.get(key);
        return values == null ? Collections.emptyNavigableSet() : Collections.unmodifiableNavigableSet(values);
    }

    /** Keys that have values, sorted. */
    List<K> keys() {
        ledger.requireOpen();
        return List.copyOf(entries.keySet());
    }

    void add(K key, V value) {
        ledger.requireWriting();
        if (insert(key, value)) ledger.add(() -> delete(key, value));
    }

    void remove(K key, V value) {
        ledger.requireWriting();
        if (delete(key, value)) ledger.add(() -> insert(key, value));
    }

    private boolean insert(K key, V value) {
        return entries.computeIfAbsent(key, k -> new TreeSet<>()).add(value);
    }

    private boolean delete(K key, V value) {
        var values = entries.get(key);
        if (values == null || !values.remove(value)) return false;
        if (values.isEmpty()) entries.remove(key);
        return true;
    }

    /** For tests of the store itself. */
    @Override
    public String toString() {
        return entries.toString();
    }
}
