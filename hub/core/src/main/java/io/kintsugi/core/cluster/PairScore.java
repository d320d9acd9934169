package io.kintsugi.core.cluster;

import io.kintsugi.core.model.RecordKey;

/** Scores a pair that no link scored. Symmetric, and the same at every call; called many times for large clusters. */
@FunctionalInterface
public interface PairScore {
    /** Evidence that both are the same thing, in bits; below 0 speaks against it. */
    double bits(RecordKey a, RecordKey b);
}
