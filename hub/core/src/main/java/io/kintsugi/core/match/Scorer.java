package io.kintsugi.core.match;

import io.kintsugi.core.match.Comparison.Aspect;
import io.kintsugi.core.model.Evidence;
import io.kintsugi.core.policy.Condition;
import io.kintsugi.core.policy.Condition.Effect;
import io.kintsugi.core.policy.Level;
import io.kintsugi.core.policy.MatchRules;
import io.kintsugi.core.policy.Merging.Mode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Adds up what the comparisons of a pair are worth under one set of rules: Fellegi and Sunter's match weights with a third class. A
 * pair is the same (λ), related (η) or neither, so its odds are λ·∏m / (∏u + η·∏r): facts that related things share anyway, such as
 * the name and address of a household, can together only say "same or related", which the last term takes off again.
 */
final class Scorer {
    private static final double STRONGLY_AGAINST = -5;

    private final Comparison[] comparisons;
    private final int[] firsts; // aspect, by comparison
    private final List<Aspect> aspects = new ArrayList<>();
    private final double[][] bits; // by aspect and level: log2(m/u)
    private final double[][] relatedBits; // log2(r/u)
    private final double[][] shares; // how far rarity replaces u
    private final double[] usual; // log2(u) of the first level, which rarity replaces
    private final double prior;
    private final double relatedPrior;
    private final String relatedName;
    private final List<Rule> conditions = new ArrayList<>();
    private final boolean modes; // whether a condition has one
    private final boolean nevers;

    /** A condition over positions: the levels that fulfil it, as bits, by aspect. */
    private record Rule(Condition condition, List<List<Test>> all) {
        boolean holds(int[] levels) {
            for (var any : all) if (any.stream().noneMatch(test -> test.holds(levels))) return false;
            return true;
        }
    }

    private record Test(int aspect, long levels) {
        boolean holds(int[] found) {
            return found[aspect] >= 0 && (levels >>> found[aspect] & 1) != 0;
        }
    }

    /**
     * @param relatedName what related things are called in the evidence
     * @throws IllegalArgumentException if the rules lack a level, or have one that no comparison finds
     */
    Scorer(List<Comparison> comparisons, MatchRules rules, String relatedName) {
        this.comparisons = comparisons.toArray(Comparison[]::new);
        this.relatedName = relatedName;
        firsts = new int[comparisons.size()];
        for (int i = 0; i < firsts.length; i++) {
            firsts[i] = aspects.size();
            aspects.addAll(comparisons.get(i).aspects());
        }
        int size = aspects.size();
        bits = new double[size][];
        relatedBits = new double[size][];
        shares = new double[size][];
        usual = new double[size];
        for (int i = 0; i < size; i++) {
            var levels = levels(aspects.get(i), rules);
            bits[i] = levels.stream().mapToDouble(Level::bits).toArray();
            relatedBits[i] = levels.stream().mapToDouble(Level::relatedBits).toArray();
            shares[i] = levels.stream().mapToDouble(Level::frequency).toArray();
            usual[i] = Math.log(levels.get(0).u()) / Math.log(2);
        }
        prior = rules.priorBits();
        relatedPrior = rules.relatedPriorBits();
        for (var condition : rules.conditions()) {
            var all = new ArrayList<List<Test>>();
            condition.when().forEach((name, levels) -> all.add(tests(condition, name, levels)));
            conditions.add(new Rule(condition, all));
        }
        modes = rules.conditions().stream().anyMatch(condition -> condition.mode() != null);
        nevers = rules.conditions().stream().anyMatch(condition -> condition.effect() == Effect.NEVER);
    }

    /** Name of the weights an aspect has: its own if the rules have some, else those of its kind. */
    static String rulesOf(Aspect aspect, MatchRules rules) {
        var own = aspect.rules() + "." + aspect.name();
        return rules.comparisons().containsKey(own) ? own : aspect.rules();
    }

    private static List<Level> levels(Aspect aspect, MatchRules rules) {
        var own = rules.comparison(rulesOf(aspect, rules))
                .orElseThrow(() -> new IllegalArgumentException("the match rules have no comparison \"" + aspect.rules()
                        + "\", which " + aspect.name() + " needs"));
        if (own.levels().size() != aspect.levels().size()) {
            throw new IllegalArgumentException(
                    "comparison " + own.name() + " must have exactly the levels " + String.join(", ", aspect.levels()));
        }
        return aspect.levels().stream()
                .map(name -> {
                    int at = own.indexOf(name);
                    if (at < 0) {
                        throw new IllegalArgumentException(
                                "comparison " + own.name() + " lacks the level \"" + name + "\"");
                    }
                    return own.levels().get(at);
                })
                .toList();
    }

    private List<Test> tests(Condition condition, String comparison, List<String> levels) {
        var tests = new ArrayList<Test>();
        for (int i = 0; i < aspects.size(); i++) {
            var rules = aspects.get(i).rules();
            if (!rules.equals(comparison) && !(rules + "." + aspects.get(i).name()).equals(comparison)) continue;
            long mask = 0;
            for (var level : levels) {
                int at = aspects.get(i).levels().indexOf(level);
                if (at >= 0) mask |= 1L << at;
            }
            tests.add(new Test(i, mask));
        }
        if (tests.isEmpty() && comparison.indexOf('.') >= 0) {
            throw new IllegalArgumentException("rule " + condition.name() + " is about " + comparison
                    + ", which is not compared; compared are "
                    + aspects.stream()
                            .map(aspect -> aspect.rules() + "." + aspect.name())
                            .toList());
        }
        return tests;
    }

    List<Aspect> aspects() {
        return aspects;
    }

    /** Compares without weighing, and without the values that were compared. */
    Found compare(Profile a, Profile b) {
        return compare(a, b, false);
    }

    private Found compare(Profile a, Profile b, boolean values) {
        var found = new Found(aspects.size(), values);
        for (int i = 0; i < firsts.length; i++) comparisons[i].compare(a, b, found, firsts[i]);
        return found;
    }

    /** Bits that rarity adds to or takes from the weight of one aspect. */
    double adjustment(Found found, int aspect) {
        double rarity = found.rarity[aspect];
        if (Double.isNaN(rarity)) return 0;
        int level = found.levels[aspect];
        if (aspects.get(aspect).bounded()) return Math.min(0, rarity - bits[aspect][level]);
        return shares[aspect][level] * (rarity + usual[aspect]);
    }

    /**
     * @param a the one with the smaller key
     * @param trail takes the evidence that sums to the result; null if nobody asks
     */
    double score(Profile a, Profile b, List<Evidence> trail) {
        return score(compare(a, b, trail != null), trail);
    }

    /** Whether one comparison alone speaks strongly against a pair, or a veto does. */
    boolean contradicts(Profile a, Profile b) {
        var found = compare(a, b);
        for (int i = 0; i < bits.length; i++) {
            int level = found.levels[i];
            if (level != Found.NONE && bits[i][level] + adjustment(found, i) <= STRONGLY_AGAINST) return true;
        }
        return conditions.stream().anyMatch(rule -> rule.condition().forbids() && rule.holds(found.levels));
    }

    /** Whether a rule says that two are never the same. */
    boolean never(Profile a, Profile b) {
        if (!nevers) return false;
        var found = compare(a, b);
        return conditions.stream()
                .anyMatch(rule -> rule.condition().effect() == Effect.NEVER && rule.holds(found.levels));
    }

    /** The most careful mode that a rule which holds for a pair says; empty if none says one. */
    Optional<Mode> mode(Profile a, Profile b) {
        if (!modes) return Optional.empty();
        var found = compare(a, b);
        return conditions.stream()
                .filter(rule -> rule.condition().mode() != null && rule.holds(found.levels))
                .map(rule -> rule.condition().mode())
                .max(Comparator.naturalOrder());
    }

    /** The score of what was found, without evidence. */
    double score(Found found) {
        return score(found, null);
    }

    private double score(Found found, List<Evidence> trail) {
        double total = prior;
        double related = relatedPrior;
        if (trail != null) trail.add(new Evidence("prior", null, null, "before comparing", prior));
        for (int i = 0; i < bits.length; i++) {
            int level = found.levels[i];
            if (level == Found.NONE) continue;
            double adjustment = adjustment(found, i);
            double own = bits[i][level] + adjustment;
            total += own;
            related += relatedBits[i][level] + adjustment;
            if (trail == null) continue;
            var aspect = aspects.get(i);
            trail.add(new Evidence(
                    aspect.name(),
                    text(found.left[i]),
                    text(found.right[i]),
                    aspect.levels().get(level),
                    own));
        }
        double explained = log2OnePlus(related);
        total -= explained;
        if (trail != null && explained > 0.05) {
            trail.add(new Evidence(relatedName, null, null, "what related ones share as well", -explained));
        } else if (trail != null && explained != 0) {
            trail.set(0, new Evidence("prior", null, null, "before comparing", prior - explained));
        }
        for (var rule : conditions) {
            var condition = rule.condition();
            boolean veto = condition.forbids();
            if (veto ? total <= condition.bits() : total >= condition.bits()) continue;
            if (!rule.holds(found.levels)) continue;
            double change = condition.bits() - total;
            total = condition.bits();
            if (trail != null) trail.add(new Evidence(condition.name(), null, null, veto ? "veto" : "certain", change));
        }
        return total;
    }

    /** log2(1 + 2^x), without overflow. */
    static double log2OnePlus(double x) {
        if (x > 50) return x;
        if (x < -50) return 0;
        return Math.log1p(Math.pow(2, x)) / Math.log(2);
    }

    private static String text(Object value) {
        var text = value == null ? "" : value.toString();
        return text.isEmpty() ? null : text;
    }
}
