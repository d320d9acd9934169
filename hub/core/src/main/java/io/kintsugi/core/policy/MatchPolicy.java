package io.kintsugi.core.policy;

import java.util.Set;

/**
 * How records of one entity type are matched.
 *
 * @param version of the document it was published with
 * @param autoBits a pair scored at least so is the same without asking
 * @param reviewBits a pair scored at least so is shown to a steward
 * @param duplicateFree systems that hold each thing at most once, so two of their records are never the same
 * @param maxBlock a block key held by more records is generic and stops blocking
 */
public record MatchPolicy(
        String entityType, long version, double autoBits, double reviewBits, Set<String> duplicateFree, int maxBlock) {
    public MatchPolicy {
        duplicateFree = Set.copyOf(duplicateFree);
        if (reviewBits > autoBits) {
            throw new IllegalArgumentException("match policy of " + entityType + ": review threshold " + reviewBits
                    + " is above auto threshold " + autoBits);
        }
        if (maxBlock < 2) throw new IllegalArgumentException("match policy of " + entityType + ": maxBlock below 2");
    }
}
