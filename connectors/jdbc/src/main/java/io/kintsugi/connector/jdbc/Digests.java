package io.kintsugi.connector.jdbc;

import java.util.Arrays;

/** A digest by the id of a row, in 16 bytes a row. Filled, then sorted, then asked. Not thread-safe. */
final class Digests {
    private long[] ids = new long[1024];
    private long[] digests = new long[1024];
    private int size;

    void put(String id, long digest) {
        if (size == ids.length) {
            ids = Arrays.copyOf(ids, size * 2);
            digests = Arrays.copyOf(digests, size * 2);
        }
        ids[size] = Projection.digest(id);
        digests[size++] = digest;
    }

    int size() {
        return size;
    }

    /** Heap sort in place: two arrays in step, without a third. */
    void sort() {
        for (int root = size / 2 - 1; root >= 0; root--) sink(root, size);
        for (int end = size - 1; end > 0; end--) {
            swap(0, end);
            sink(0, end);
        }
    }

    /** Null if no row had this id. Call {@link #sort} first. */
    Long get(String id) {
        int index = Arrays.binarySearch(ids, 0, size, Projection.digest(id));
        return index < 0 ? null : digests[index];
    }

    private void sink(int root, int end) {
        int parent = root;
        while (true) {
            int child = 2 * parent + 1;
            if (child >= end) return;
            if (child + 1 < end && ids[child + 1] > ids[child]) child++;
            if (ids[child] <= ids[parent]) return;
            swap(parent, child);
            parent = child;
        }
    }

    private void swap(int a, int b) {
        long id = ids[a];
        ids[a] = ids[b];
        ids[b] = id;
        long digest = digests[a];
        digests[a] = digests[b];
        digests[b] = digest;
    }
}
