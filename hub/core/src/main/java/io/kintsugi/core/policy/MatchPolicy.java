package io.kintsugi.core.policy;

import java.util.Set;

/**
 * How records of one entity type are matched.
 *
 * @param version of the document it was published with
 * @param rules what decides about pairs
 * @param duplicateFree systems that hold each thing at most once, so two of their records are never the same
 * @param merging what becomes of pairs that the rules take for the same
 */
public record MatchPolicy(
        String entityType, long version, MatchRules rules, Set<String> duplicateFree, Merging merging) {
    /** One that merges without asking. */
    public MatchPolicy(String entityType, long version, MatchRules rules, Set<String> duplicateFree) {
        this(entityType, version, rules, duplicateFree, Merging.AUTO);
    }

    public MatchPolicy {
        duplicateFree = Set.copyOf(duplicateFree);
    }

    /** A pair scored at least so is the same without asking. */
    public double autoBits() {
        return rules.autoBits();
    }

    /** A pair scored at least so is shown to a steward. */
    public double reviewBits() {
        return rules.reviewBits();
    }

    /** A block key of any kind held by more records is generic and stops blocking. */
    public int maxBlock() {
        return rules.mostHolders();
    }

    /** The same policy with other rules. */
    public MatchPolicy withRules(MatchRules other) {
        return new MatchPolicy(entityType, version, other, duplicateFree, merging);
    }

    /** The same policy with other systems declared free of duplicates. */
    public MatchPolicy withDuplicateFree(Set<String> systems) {
        return new MatchPolicy(entityType, version, rules, systems, merging);
    }
}
