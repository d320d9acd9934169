package io.kintsugi.core.policy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that decides whether two records are the same thing, as one document: the prior, the comparisons with their levels,
 * deterministic rules, block keys and thresholds. The model is Fellegi and Sunter's with a third class beside the same and the
 * unrelated: pairs that are <em>related</em>, such as a household, which share some values without being the same.
 *
 * @param version of the document; rises with every change
 * @param records for how many the prior holds, where nobody counts
 * @param duplicates pairs of the same thing expected per record
 * @param relatives pairs of related things expected per record
 * @param autoBits a pair scored at least so is the same without asking
 * @param reviewBits a pair scored at least so is shown to a steward
 * @param comparisons by name, in the order of the document
 * @param keys by name, in the order of the document
 * @param fileKeys further ones for files that are matched as a whole, with low caps; in a hub that grows they would stop one by one,
 *     each time with all its records resolved again
 * @param conditions in the order they are applied
 */
public record MatchRules(
        int version,
        long records,
        double duplicates,
        double relatives,
        double autoBits,
        double reviewBits,
        Map<String, ComparisonRules> comparisons,
        Map<String, KeyRule> keys,
        Map<String, KeyRule> fileKeys,
        List<Condition> conditions) {
    private static final int FEWEST = 1_000;

    public MatchRules {
        if (records < 2) throw new IllegalArgumentException("prior: records must be at least 2, not " + records);
        if (!(duplicates > 0)) throw new IllegalArgumentException("prior: duplicates must be above 0");
        if (!(relatives >= 0)) throw new IllegalArgumentException("prior: relatives must not be below 0");
        if (reviewBits > autoBits) {
            throw new IllegalArgumentException("thresholds: review " + reviewBits + " is above auto " + autoBits);
        }
        comparisons = Collections.unmodifiableMap(new LinkedHashMap<>(comparisons));
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
        fileKeys = Collections.unmodifiableMap(new LinkedHashMap<>(fileKeys));
        conditions = List.copyOf(conditions);
    }

    public Optional<ComparisonRules> comparison(String name) {
        return Optional.ofNullable(comparisons.get(name));
    }

    /** Log2 of the odds that two records taken at random are the same. */
    public double priorBits() {
        return log2(2 * duplicates / records);
    }

    /** Log2 of the odds that two records taken at random are related; negative infinity if nothing is. */
    public double relatedPriorBits() {
        return log2(2 * relatives / records);
    }

    /** The same rules for another number of records. Few records are a sample of more things that could be meant. */
    public MatchRules forRecords(long number) {
        return new MatchRules(
                version,
                Math.max(FEWEST, number),
                duplicates,
                relatives,
                autoBits,
                reviewBits,
                comparisons,
                keys,
                fileKeys,
                conditions);
    }

    /** The same rules with other rates and some comparisons replaced or added. */
    public MatchRules learned(double newDuplicates, double newRelatives, Map<String, ComparisonRules> learned) {
        var all = new LinkedHashMap<>(comparisons);
        all.putAll(learned);
        return new MatchRules(
                version, records, newDuplicates, newRelatives, autoBits, reviewBits, all, keys, fileKeys, conditions);
    }

    /** The same rules with other thresholds. */
    public MatchRules withThresholds(double auto, double review) {
        return new MatchRules(
                version, records, duplicates, relatives, auto, review, comparisons, keys, fileKeys, conditions);
    }

    /** The same rules, and no block key of any kind shared by more than {@code most} records. */
    public MatchRules withKeyCap(int most) {
        var capped = new LinkedHashMap<String, KeyRule>();
        keys.forEach((name, key) -> capped.put(name, new KeyRule(name, Math.min(key.cap(), most))));
        return new MatchRules(
                version,
                records,
                duplicates,
                relatives,
                autoBits,
                reviewBits,
                comparisons,
                capped,
                fileKeys,
                conditions);
    }

    /** The same rules with the keys for whole files among the others. */
    public MatchRules withFileKeys() {
        var all = new LinkedHashMap<>(keys);
        all.putAll(fileKeys);
        return new MatchRules(
                version, records, duplicates, relatives, autoBits, reviewBits, comparisons, all, fileKeys, conditions);
    }

    /** The largest cap of any kind of key. */
    public int mostHolders() {
        return keys.values().stream().mapToInt(KeyRule::cap).max().orElse(2);
    }

    /** The smallest cap of any kind of key that is not switched off. */
    public int leastHolders() {
        return keys.values().stream()
                .mapToInt(KeyRule::cap)
                .filter(cap -> cap > 0)
                .min()
                .orElse(2);
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }
}
