package io.kintsugi.server.match;

import io.kintsugi.core.model.RecordKey;

/**
 * Two records that somebody judged.
 *
 * @param a the one with the smaller key
 * @param same whether they are the same thing
 */
public record LabelledPair(RecordKey a, RecordKey b, boolean same) {
    public LabelledPair {
        if (a.compareTo(b) >= 0) throw new IllegalArgumentException("a is not before b: " + a + ", " + b);
    }

    /** One of two different records, in any order. */
    static LabelledPair of(RecordKey one, RecordKey other, boolean same) {
        return one.compareTo(other) < 0 ? new LabelledPair(one, other, same) : new LabelledPair(other, one, same);
    }
}
