package io.kintsugi.server.match;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether scores mean what they say: of pairs that were given a probability, how many are true. Counts compared pairs from the review
 * threshold on whose truth is known.
 *
 * @param bins lowest first; those without pairs are left out
 */
public record Calibration(List<Bin> bins) {
    private static final double[] BOUNDS = {0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 0.9999, 1};

    /**
     * @param from least probability, as a share
     * @param to below this one; the last bin holds 1 too
     * @param expected sum of the probabilities
     * @param right pairs that are the same thing
     */
    public record Bin(double from, double to, int pairs, double expected, int right) {
        /** Share that is true. */
        public double share() {
            return (double) right / pairs;
        }

        /** Share that would be true if the scores were right. */
        public double expectedShare() {
            return expected / pairs;
        }
    }

    static Calibration of(ScoredPairs pairs, Judged judged) {
        int size = BOUNDS.length - 1;
        var counts = new int[size];
        var expected = new double[size];
        var right = new int[size];
        for (int i = 0; i < pairs.size(); i++) {
            var same = judged.same(pairs.first(i), pairs.second(i));
            if (same.isEmpty()) continue;
            double probability = 1 / (1 + Math.pow(2, -pairs.bits(i)));
            int bin = size - 1;
            while (bin > 0 && probability < BOUNDS[bin]) bin--;
            counts[bin]++;
            expected[bin] += probability;
            if (same.get()) right[bin]++;
        }
        var bins = new ArrayList<Bin>();
        for (int i = 0; i < size; i++) {
            if (counts[i] > 0) bins.add(new Bin(BOUNDS[i], BOUNDS[i + 1], counts[i], expected[i], right[i]));
        }
        return new Calibration(List.copyOf(bins));
    }
}
