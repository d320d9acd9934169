package io.kintsugi.core.match;

import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.Evidence;
import io.kintsugi.core.model.MatchDecision;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.policy.MatchRulesReader;
import io.kintsugi.core.policy.Merging.Mode;
import io.kintsugi.core.policy.ValueTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Consumer;

/**
 * Matches the records of one entity type: what is compared follows from the types of its attributes, what that is worth from the rules
 * of the policy. Immutable and safe for any number of threads. Answers depend on the two profiles alone, never on other data;
 * what too many hold is taken {@linkplain #without out of them} before.
 */
public final class Matcher {
    private static final int RULES = 7; // rises whenever a score can change while the documents do not

    private static final double CLAMP = 15; // bits of a pair of two clusters
    private static final double UNIT = 1 << 20; // sums in 2^-20 bit, exact in any order
    private static final int LOOKED_AT = 40; // records of a cluster

    private final EntityType type;
    private final MatchPolicy policy;
    private final String ruleSet;
    private final Standardiser standardiser;
    private final BlockKeys blockKeys;
    private final IdentifyingKeys identifyingKeys;
    private final Scorer scorer;

    /** @throws IllegalArgumentException if the policy is of another entity type, or its rules do not fit what is compared */
    public Matcher(EntityType type, MatchPolicy policy) {
        if (!policy.entityType().equals(type.name())) {
            throw new IllegalArgumentException(
                    "match policy of " + policy.entityType() + " does not fit the entity type " + type.name());
        }
        this.type = type;
        this.policy = policy;
        ruleSet = type.name() + " rules " + RULES + "." + policy.rules().version() + ", policy " + policy.version();
        standardiser = new Standardiser(type);
        blockKeys = new BlockKeys(type, standardiser, policy.rules());
        identifyingKeys = new IdentifyingKeys(type, standardiser);
        scorer = new Scorer(comparisons(type, standardiser), policy.rules(), relatedName(type.kind()));
    }

    private static List<Comparison> comparisons(EntityType type, Standardiser standardiser) {
        var comparisons = new ArrayList<Comparison>();
        var types = type.attributes().stream().map(a -> a.type()).toList();
        comparisons.add(new NameComparison());
        comparisons.add(new BirthComparison());
        comparisons.add(new AddressComparison());
        comparisons.add(new ContactComparison());
        comparisons.add(new OrganisationComparison(type.kind() == EntityType.Kind.PERSON));
        if (types.contains(AttributeType.TITLE)) comparisons.add(new TextComparison());
        if (types.contains(AttributeType.PERSON_LIST)) comparisons.add(new PeopleComparison());
        for (int i = 0; i < standardiser.slots().size(); i++) {
            comparisons.add(new SlotComparison(standardiser.slots().get(i), i));
        }
        for (int i = 0; i < standardiser.texts().size(); i++) {
            comparisons.add(new FreeTextComparison(standardiser.texts().get(i), i));
        }
        return comparisons;
    }

    private static String relatedName(EntityType.Kind kind) {
        return switch (kind) {
            case PERSON -> "household";
            case ORGANISATION -> "group";
            case ITEM -> "series";
        };
    }

    /** The shipped policy, version 0: the rules that fit the kind, and no system declared free of duplicates. */
    public static MatchPolicy defaults(EntityType type) {
        return new MatchPolicy(type.name(), 0, MatchRulesReader.shipped(type.kind()), Set.of());
    }

    /** The same matcher under another policy of its entity type. */
    public Matcher with(MatchPolicy other) {
        return new Matcher(type, other);
    }

    public MatchPolicy policy() {
        return policy;
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
        var profile = standardiser.profile(key, attributes);
        boolean skips = policy.merging()
                .skips(subject -> subject.equals(ValueTest.SYSTEM) ? key.system() : attributes.get(subject));
        return skips ? profile.skipping() : profile;
    }

    /** Keys that possible twins share, each beginning with the entity type. Empty if nothing in the record can identify anything. */
    public SortedSet<String> blockKeys(Profile p) {
        return blockKeys.of(p);
    }

    /**
     * Tells the same keys, without a text and a set of its own for each record.
     *
     * @param told called with each key at least once, in any order; what it is given is good until it returns
     */
    public void eachBlockKey(Profile p, Consumer<CharSequence> told) {
        blockKeys.each(p, told);
    }

    /**
     * The block keys of e-mail addresses, phone numbers, domains and identifiers: each stands for one value, which says nothing any more
     * once too many hold it.
     */
    public SortedSet<String> valueKeys(Profile p) {
        return blockKeys.ofValues(p);
    }

    /**
     * The record as it is compared where some values say nothing (ID-10): neither for nor against.
     *
     * @param generic block keys that too many hold; only {@link #valueKeys} among them count
     * @return the same object if it has none of them
     */
    public Profile without(Profile p, Set<String> generic) {
        return blockKeys.without(p, generic);
    }

    /**
     * Texts by which a thing is known again without doubt: two records that share one are of the same thing, or share what only a
     * household shares and the name too. Fewer than {@link #blockKeys}, and the same under every policy. Empty if nothing is as sure.
     */
    public SortedSet<String> identifiers(Profile p) {
        return identifyingKeys.of(p);
    }

    /** How many records may hold a block key before it stops bringing records together; 0 for keys of no known kind. */
    public int holdersOf(String blockKey) {
        return blockKeys.cap(blockKey);
    }

    /** Evidence that both are the same thing, in bits, the prior included. Symmetric. */
    public double score(Profile a, Profile b) {
        return a.key.compareTo(b.key) <= 0 ? scorer.score(a, b, null) : scorer.score(b, a, null);
    }

    /**
     * The same {@link #score} of two in the order of their keys. For who compares millions and knows the order: to look it up costs as
     * much as some comparisons.
     *
     * @param a the one with the smaller key
     */
    public double scoreInOrder(Profile a, Profile b) {
        return scorer.score(a, b, null);
    }

    /** Whether a fact that both have speaks strongly against their being one thing, whatever else holds. Symmetric. */
    public boolean contradicts(Profile a, Profile b) {
        return a.key.compareTo(b.key) <= 0 ? scorer.contradicts(a, b) : scorer.contradicts(b, a);
    }

    /** Whether a rule says that only a person or a system brings two together. Symmetric. */
    public boolean never(Profile a, Profile b) {
        return a.key.compareTo(b.key) <= 0 ? scorer.never(a, b) : scorer.never(b, a);
    }

    /**
     * Whether what two clusters hold leaves open that they are one: the mean score over all pairs across them, each of at most 15 bits
     * either way, is what makes a pair a question. One pair that may be the same is no question where the other records say that it is
     * not, nor where two of them are {@linkplain #never never} the same. Symmetric.
     *
     * @param one its records in the order of their keys; of many the first 40 are looked at
     * @return true if one of them is empty
     */
    public boolean leavesOpen(List<Profile> one, List<Profile> other) {
        long sum = 0;
        long pairs = 0;
        for (var a : one.subList(0, Math.min(LOOKED_AT, one.size()))) {
            for (var b : other.subList(0, Math.min(LOOKED_AT, other.size()))) {
                if (never(a, b)) return false;
                sum += Math.round(Math.max(-CLAMP, Math.min(CLAMP, score(a, b))) * UNIT);
                pairs++;
            }
        }
        return pairs == 0 || sum / UNIT / pairs >= policy.reviewBits();
    }

    /** The same {@link #score} with its evidence, and what the policy makes of it. Symmetric. */
    public MatchDecision compare(Profile a, Profile b) {
        var evidence = new ArrayList<Evidence>();
        double score = a.key.compareTo(b.key) <= 0 ? scorer.score(a, b, evidence) : scorer.score(b, a, evidence);
        return new MatchDecision(decide(a, b, score), score, evidence, ruleSet);
    }

    /**
     * What the policy makes of a score, without its evidence. Symmetric.
     *
     * @param score as {@link #score} gives it for these two
     */
    public Decision decide(Profile a, Profile b, double score) {
        if (score < policy.reviewBits() || a.skipped || b.skipped) return Decision.NO_MATCH;
        var usual = policy.merging().mode();
        if (score < policy.autoBits()) return usual == Mode.REPORT ? Decision.NO_MATCH : Decision.REVIEW;
        var own = a.key.compareTo(b.key) <= 0 ? scorer.mode(a, b) : scorer.mode(b, a);
        return switch (own.orElse(usual)) {
            case AUTO -> Decision.MATCH;
            case REVIEW -> Decision.REVIEW;
            case REPORT -> Decision.REPORT;
        };
    }

    Scorer scorer() {
        return scorer;
    }

    Standardiser standardiser() {
        return standardiser;
    }
}
