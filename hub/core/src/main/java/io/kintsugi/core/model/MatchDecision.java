package io.kintsugi.core.model;

import java.util.List;

/**
 * The answer for one pair, with its reasons.
 *
 * @param score sum of the bits of the evidence, the prior included; at 0 both answers are equally likely
 * @param evidence sums to the score
 * @param ruleSet name and version of the rules that decided
 */
public record MatchDecision(Decision decision, double score, List<Evidence> evidence, String ruleSet) {
    public MatchDecision {
        evidence = List.copyOf(evidence);
    }

    /** Probability of a match that the score stands for, between 0 and 1. */
    public double probability() {
        return 1 / (1 + Math.pow(2, -score));
    }
}
