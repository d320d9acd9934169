package io.kintsugi.core.match;

import java.util.Arrays;

/**
 * What the comparisons of one pair found: a level each, or none. Used by one thread for one pair after another.
 */
final class Found {
    static final int NONE = -1;
    /** Where nobody knows how rare a value is. */
    static final double UNKNOWN = Double.NaN;

    final int[] levels;
    final double[] rarity; // of the common value in bits; UNKNOWN if it does not count
    final Object[] left; // standardised values; null where there is no level
    final Object[] right;

    Found(int comparisons) {
        levels = new int[comparisons];
        rarity = new double[comparisons];
        left = new Object[comparisons];
        right = new Object[comparisons];
    }

    void clear() {
        Arrays.fill(levels, NONE);
    }

    void set(int comparison, int level, double valueRarity, Object a, Object b) {
        levels[comparison] = level;
        rarity[comparison] = valueRarity;
        left[comparison] = a;
        right[comparison] = b;
    }

    void set(int comparison, int level, Object a, Object b) {
        set(comparison, level, UNKNOWN, a, b);
    }
}
