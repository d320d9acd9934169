package io.kintsugi.core.model;

import java.time.Instant;
import java.util.Set;

/**
 * A source record resolves to a golden record.
 *
 * @param goldenId golden it belongs to
 * @param since when it joined
 * @param origin why
 * @param contributes attributes whose golden value it supplies
 */
public record Membership(RecordKey record, String goldenId, Instant since, Origin origin, Set<String> contributes) {
    public Membership {
        contributes = Set.copyOf(contributes);
    }
}
