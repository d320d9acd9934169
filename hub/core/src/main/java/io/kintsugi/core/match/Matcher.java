package io.kintsugi.core.match;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.Evidence;
import io.kintsugi.core.model.MatchDecision;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.MatchPolicy;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/**
 * The match rules of one entity type: what is compared follows from the types of its attributes, the weights from its kind. Immutable
 * and safe for any number of threads. Answers depend on the two records alone, never on other data.
 */
public final class Matcher {
    private static final int RULES = 2; // rises whenever a score can change
    private static final int MOST_HOLDERS = 200;

    private final MatchPolicy policy;
    private final String ruleSet;
    private final Standardiser standardiser;
    private final BlockKeys blockKeys;
    private final Scorer scorer;

    /** @throws IllegalArgumentException if the policy is of another entity type */
    public Matcher(EntityType type, MatchPolicy policy) {
        if (!policy.entityType().equals(type.name())) {
            throw new IllegalArgumentException(
                    "match policy of " + policy.entityType() + " does not fit the entity type " + type.name());
        }
        this.policy = policy;
        ruleSet = type.name() + " rules " + RULES + ", policy " + policy.version();
        standardiser = new Standardiser(type);
        blockKeys = new BlockKeys(type, standardiser.slots());
        scorer = new Scorer(type, Weights.of(type.kind()), standardiser.slots());
    }

    /** The shipped policy, version 0: thresholds that fit the kind, and no system declared free of duplicates. */
    public static MatchPolicy defaults(EntityType type) {
        var weights = Weights.of(type.kind());
        return new MatchPolicy(type.name(), 0, weights.autoBits(), weights.reviewBits(), Set.of(), MOST_HOLDERS);
    }

    /** Name and version of the rules; another text whenever a score or a decision can differ. */
    public String ruleSet() {
        return ruleSet;
    }

    /**
     * Brings a record into standard form once, to be compared often. Values of any length and content are taken; what cannot be read
     * counts as missing.
     *
     * @param attributes canonical values; unknown attributes are ignored
     */
    public Profile profile(RecordKey key, Map<String, String> attributes) {
        return standardiser.profile(key, attributes);
    }

    /** Keys that possible twins share, each beginning with the entity type. Empty if nothing in the record can identify anything. */
    public SortedSet<String> blockKeys(Profile p) {
        return blockKeys.of(p);
    }

    /** Evidence that both are the same thing, in bits, the prior included. Symmetric. */
    public double score(Profile a, Profile b) {
        return a.key.compareTo(b.key) <= 0 ? scorer.score(a, b, null) : scorer.score(b, a, null);
    }

    /** The same {@link #score} with its evidence, and what the policy makes of it. Symmetric. */
    public MatchDecision compare(Profile a, Profile b) {
        var evidence = new ArrayList<Evidence>();
        double score = a.key.compareTo(b.key) <= 0 ? scorer.score(a, b, evidence) : scorer.score(b, a, evidence);
        var decision = score >= policy.autoBits()
                ? Decision.MATCH
                : score >= policy.reviewBits() ? Decision.REVIEW : Decision.NO_MATCH;
        return new MatchDecision(decision, score, evidence, ruleSet);
    }
}
