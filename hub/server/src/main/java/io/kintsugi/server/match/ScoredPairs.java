package io.kintsugi.server.match;

import io.kintsugi.core.model.RecordKey;
import java.util.Arrays;
import java.util.List;

/** Pairs that were compared and came near enough to a match to matter, as positions among the records in the order of their keys. */
public final class ScoredPairs {
    private final RecordKey[] keys;
    private final int[] a;
    private final int[] b;
    private final double[] bits;

    ScoredPairs(RecordKey[] keys, int[] a, int[] b, double[] bits) {
        this.keys = keys;
        this.a = a;
        this.b = b;
        this.bits = bits;
    }

    /**
     * Puts parts together, ordered by first and second record.
     *
     * @param parts the pairs of one first record are in one part, one after the other and in order
     */
    static ScoredPairs inOrder(RecordKey[] keys, List<ScoredPairs> parts) {
        var starts = new int[keys.length + 1]; // of the pairs of each first record
        for (var part : parts) for (int first : part.a) starts[first + 1]++;
        Arrays.parallelPrefix(starts, Integer::sum);
        int size = starts[keys.length];
        var all = new ScoredPairs(keys, new int[size], new int[size], new double[size]);
        for (var part : parts) {
            for (int i = 0; i < part.size(); i++) {
                int at = starts[part.a[i]]++;
                all.a[at] = part.a[i];
                all.b[at] = part.b[i];
                all.bits[at] = part.bits[i];
            }
        }
        return all;
    }

    public int size() {
        return bits.length;
    }

    public double bits(int pair) {
        return bits[pair];
    }

    /** The record with the smaller key. */
    public RecordKey first(int pair) {
        return keys[a[pair]];
    }

    public RecordKey second(int pair) {
        return keys[b[pair]];
    }

    /** Position of {@link #first}. */
    public int a(int pair) {
        return a[pair];
    }

    /** Position of {@link #second}. */
    public int b(int pair) {
        return b[pair];
    }

    /** Grows while pairs are found. */
    static final class Builder {
        private int[] a = new int[64];
        private int[] b = new int[64];
        private double[] bits = new double[64];
        private int size;

        void add(int first, int second, double score) {
            if (size == a.length) {
                a = Arrays.copyOf(a, size * 2);
                b = Arrays.copyOf(b, size * 2);
                bits = Arrays.copyOf(bits, size * 2);
            }
            a[size] = first;
            b[size] = second;
            bits[size++] = score;
        }

        ScoredPairs build(RecordKey[] keys) {
            return new ScoredPairs(keys, Arrays.copyOf(a, size), Arrays.copyOf(b, size), Arrays.copyOf(bits, size));
        }
    }
}
