package io.kintsugi.core.match;

import java.util.Arrays;

/**
 * What the comparisons of one pair found: a level each, or none. Used by one thread for one pair.
 */
final class Found {
    static final int NONE = -1;
    /** Where nobody knows how rare a value is. */
    static final double UNKNOWN = Double.NaN;

    final int[] levels;
    final double[] rarity; // of the common value in bits; UNKNOWN if it does not count
    final Object[] left; // standardised values; null where there is no level, and all if nobody asked
    final Object[] right;

    /** @param values whether anybody will ask what was compared */
    Found(int comparisons, boolean values) {
        levels = new int[comparisons];
        Arrays.fill(levels, NONE);
        rarity = new double[comparisons];
        left = values ? new Object[comparisons] : null;
        right = values ? new Object[comparisons] : null;
    }

    void set(int comparison, int level, double valueRarity, Object a, Object b) {
        levels[comparison] = level;
        rarity[comparison] = valueRarity;
        if (left == null) return;
        left[comparison] = a;
        right[comparison] = b;
    }

    void set(int comparison, int level, Object a, Object b) {
        set(comparison, level, UNKNOWN, a, b);
    }
}
