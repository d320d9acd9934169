package io.kintsugi.core.cluster;

import io.kintsugi.core.model.RecordKey;
import java.util.function.BiPredicate;
import java.util.function.ToDoubleBiFunction;

/** Scores a pair that no link scored. Symmetric, and the same at every call; called many times for large clusters. */
public interface PairScore {
    /** Evidence that both are the same thing, in bits; below 0 speaks against it. */
    double bits(RecordKey a, RecordKey b);

    /** Whether something that is known of both speaks strongly against it, whatever else they share. Symmetric. */
    boolean contradicts(RecordKey a, RecordKey b);

    /** Whether rules put both into one cluster under no circumstances. Symmetric. */
    boolean never(RecordKey a, RecordKey b);

    /** One of functions that are all symmetric. */
    static PairScore of(
            ToDoubleBiFunction<RecordKey, RecordKey> bits,
            BiPredicate<RecordKey, RecordKey> contradicts,
            BiPredicate<RecordKey, RecordKey> never) {
        return new PairScore() {
            @Override
            public double bits(RecordKey a, RecordKey b) {
                return bits.applyAsDouble(a, b);
            }

            @Override
            public boolean contradicts(RecordKey a, RecordKey b) {
                return contradicts.test(a, b);
            }

            @Override
            public boolean never(RecordKey a, RecordKey b) {
                return never.test(a, b);
            }
        };
    }
}
