package io.kintsugi.server.match;

import java.util.Arrays;
import java.util.TreeMap;

/**
 * How well clusters that were found agree with the true ones. Depends only on which records are together, never on their order or on
 * how clusters are numbered. Counts by contingency table, so a cluster of any size costs no more than its records.
 *
 * <p>Where nothing was found, or nothing is to be found, a precision or recall is 0, not undefined.
 *
 * @param records how many were judged
 * @param pairs of records in one cluster
 * @param bCubed means over the records of how much of a record's cluster belongs there and how much of it is there (Bagga and
 *     Baldwin 1998)
 * @param clusters that have exactly the members of a true one, records alone included
 * @param bothPairs pairs that are together in both
 * @param largestFound records in it
 */
public record Evaluation(
        int records,
        Measure pairs,
        Measure bCubed,
        Measure clusters,
        long bothPairs,
        long foundPairs,
        long truePairs,
        int foundClusters,
        int trueClusters,
        int largestFound,
        int largestTrue) {

    /** Precision is the share of what was found that is true, recall the share of what is true that was found. */
    public record Measure(double precision, double recall) {
        /** Their harmonic mean; 0 if both are. */
        public double f1() {
            return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
        }
    }

    /**
     * @param found the cluster of each record, by any number
     * @param truth the true cluster of each record, by any number
     * @throws IllegalArgumentException if there are no records or the arrays differ in length
     */
    public static Evaluation of(int[] found, int[] truth) {
        if (found.length == 0) throw new IllegalArgumentException("no records to evaluate");
        if (found.length != truth.length) {
            throw new IllegalArgumentException(
                    found.length + " records were clustered, but the truth has " + truth.length);
        }
        var foundOf = dense(found);
        var truthOf = dense(truth);
        var foundSizes = sizes(foundOf);
        var trueSizes = sizes(truthOf);
        var cells = new long[found.length]; // sorted, the records of one cell stand together
        for (int i = 0; i < cells.length; i++) cells[i] = (long) foundOf[i] << 32 | truthOf[i];
        Arrays.parallelSort(cells);

        long both = 0;
        int exact = 0;
        var squaresByFound = new Squares();
        var squaresByTruth = new Squares();
        for (int start = 0, end; start < cells.length; start = end) {
            end = start + 1;
            while (end < cells.length && cells[end] == cells[start]) end++;
            int size = end - start;
            int foundSize = foundSizes[(int) (cells[start] >>> 32)];
            int trueSize = trueSizes[(int) cells[start]];
            both += pairs(size);
            if (size == foundSize && size == trueSize) exact++;
            squaresByFound.add(foundSize, size);
            squaresByTruth.add(trueSize, size);
        }
        long foundPairs = Arrays.stream(foundSizes).mapToLong(Evaluation::pairs).sum();
        long truePairs = Arrays.stream(trueSizes).mapToLong(Evaluation::pairs).sum();
        return new Evaluation(
                found.length,
                new Measure(share(both, foundPairs), share(both, truePairs)),
                new Measure(squaresByFound.mean(found.length), squaresByTruth.mean(found.length)),
                new Measure(share(exact, foundSizes.length), share(exact, trueSizes.length)),
                both,
                foundPairs,
                truePairs,
                foundSizes.length,
                trueSizes.length,
                Arrays.stream(foundSizes).max().orElseThrow(),
                Arrays.stream(trueSizes).max().orElseThrow());
    }

    static long pairs(int size) {
        return (long) size * (size - 1) / 2;
    }

    private static double share(long part, long whole) {
        return whole == 0 ? 0 : (double) part / whole;
    }

    /** The same clusters, numbered from 0 without gaps. */
    private static int[] dense(int[] labels) {
        var sorted = labels.clone();
        Arrays.parallelSort(sorted);
        int count = 1;
        for (int i = 1; i < sorted.length; i++) if (sorted[i] != sorted[i - 1]) sorted[count++] = sorted[i];
        var dense = new int[labels.length];
        for (int i = 0; i < dense.length; i++) dense[i] = Arrays.binarySearch(sorted, 0, count, labels[i]);
        return dense;
    }

    private static int[] sizes(int[] dense) {
        var sizes = new int[Arrays.stream(dense).max().orElseThrow() + 1];
        for (int label : dense) sizes[label]++;
        return sizes;
    }

    /** Adds up squares of cells over sizes of clusters; whole numbers first, so that the order of cells changes no digit. */
    private static final class Squares {
        private final TreeMap<Integer, Long> bySize = new TreeMap<>();

        void add(int clusterSize, int cell) {
            bySize.merge(clusterSize, (long) cell * cell, Long::sum);
        }

        double mean(int records) {
            double sum = 0;
            for (var entry : bySize.entrySet()) sum += (double) entry.getValue() / entry.getKey();
            return sum / records;
        }
    }
}
