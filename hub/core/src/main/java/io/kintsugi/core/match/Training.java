package io.kintsugi.core.match;

import io.kintsugi.core.match.Comparison.Aspect;
import io.kintsugi.core.policy.ComparisonRules;
import io.kintsugi.core.policy.Level;
import io.kintsugi.core.policy.MatchRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Learns weights from data, without labels or with some. {@code u} comes from random pairs; {@code m} and the rates of the
 * same and of related pairs come from expectation maximisation over the distinct patterns of the candidate pairs, with the given
 * rules as Dirichlet pseudo-counts, so that small data stay with them and large data teach their own (Winkler 1988 and 2000 for EM in
 * record linkage). Pairs that no block key brought together count as unrelated. A pair that somebody judged counts as what they said
 * it is, and as one pair like any other: people are asked about pairs for what can be seen of them, so that this leaves nothing askew
 * (Nigam et al. 2000 for EM with some labels). Deterministic, and independent of the order of the records and of the labels.
 */
public final class Training {
    private static final int RANDOM_PAIRS = 200_000;
    private static final double PSEUDO_RANDOM = 20_000; // pairs the given u weigh
    private static final double PSEUDO_MATCHES = 100; // pairs the given m weigh
    private static final double PSEUDO_RECORDS = 200; // records the given rates weigh
    private static final double LEAST_RATE = 1e-6;
    private static final int MOST_ROUNDS = 40;
    private static final double SETTLED = 0.002;
    private static final double BIN = 2; // bits of rarity that one pattern lumps together
    private static final double SEEN = 10; // observations that outweigh the given weight of a level
    private static final double MOST_UP = 5; // bits that a weight may rise over the given one
    private static final double MOST_DOWN = 4;
    private static final double STRONG = -3; // a weight that speaks strongly against a match
    private static final double DOUBT = 40; // such a weight may lose a bit per doubling of the matches over these
    /** Kinds of columns whose meaning nobody knows. */
    private static final Set<String> UNRECOGNISED = Set.of("category", "text", "number", "date");

    private static final double PSEUDO_UNRECOGNISED = 300; // matches their given m weigh

    /**
     * Candidate pairs to learn from.
     *
     * @param a positions in the profiles
     * @param b parallel to {@code a}
     * @param each how many pairs one stands for
     */
    public record Sample(int[] a, int[] b, double each) {}

    /**
     * A pair that somebody judged, each once.
     *
     * @param a position in the profiles, before {@code b}
     * @param same whether it is a match
     */
    public record Label(int a, int b, boolean same) {}

    /** One round: how many pairs are taken for the same and for related, and the largest change of a share. */
    public record Round(double same, double related, double change) {}

    /**
     * @param rules learned
     * @param randomPairs pairs {@code u} was counted on
     * @param patterns distinct patterns among the candidates
     * @param settled whether the rounds ended by themselves
     */
    public record Outcome(MatchRules rules, int randomPairs, int patterns, boolean settled, List<Round> rounds) {}

    private record Pattern(int[] levels, double rarity, double[] count) {
        /** Before any other of other levels or rarity, or after it. */
        static final Comparator<Pattern> BY_LEVELS =
                Comparator.comparing(Pattern::levels, Arrays::compare).thenComparingDouble(Pattern::rarity);

        @Override
        public boolean equals(Object other) {
            return other instanceof Pattern p && rarity == p.rarity && Arrays.equals(levels, p.levels);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(levels) * 31 + Double.hashCode(rarity);
        }
    }

    private final Matcher matcher;
    private final Scorer scorer;
    private final List<Aspect> aspects;
    private final MatchRules given;
    private final List<List<Level>> levels = new ArrayList<>();
    private final double records;
    private final double pairs; // all that could be the same

    private Training(Matcher matcher, int records, double pairs) {
        this.matcher = matcher;
        scorer = matcher.scorer();
        aspects = scorer.aspects();
        given = matcher.policy().rules();
        this.records = records;
        this.pairs = pairs;
        for (var aspect : aspects) {
            var rules = given.comparison(Scorer.rulesOf(aspect, given)).orElseThrow();
            levels.add(aspect.levels().stream()
                    .map(name -> rules.levels().get(rules.indexOf(name)))
                    .toList());
        }
    }

    /**
     * Learns from profiles in the order of their keys.
     *
     * @param candidates pairs that share a block key
     * @param labels pairs that were judged, in any order, whether or not they share one
     */
    public static Outcome learn(Matcher matcher, Profile[] profiles, Sample candidates, Collection<Label> labels) {
        var systems = new HashMap<String, Long>();
        for (var p : profiles) systems.merge(p.key().system(), 1L, Long::sum);
        double pairs = profiles.length * (profiles.length - 1.0) / 2;
        for (var system : matcher.policy().duplicateFree()) {
            double own = systems.getOrDefault(system, 0L);
            pairs -= own * (own - 1) / 2;
        }
        return new Training(matcher, profiles.length, Math.max(1, pairs)).learn(profiles, candidates, labels);
    }

    private Outcome learn(Profile[] profiles, Sample candidates, Collection<Label> labels) {
        var random = randomPairs(profiles);
        var patterns = patterns(profiles, candidates, labels);
        double total = patterns.stream().mapToDouble(p -> p.count()[0]).sum();
        var judgedSame = zeros(); // in the measure of the sample, as what is counted there
        double countJudged = 0;
        for (var label : labels) {
            if (!label.same()) continue;
            var found = scorer.compare(profiles[label.a()], profiles[label.b()]);
            count(judgedSame, found.levels, 1 / candidates.each());
            countJudged += 1 / candidates.each();
        }
        double[][] base = givenShares(random.u());
        double[][] m = copy(base);
        double same = given.duplicates() * records;
        double kin = given.relatives() * records;
        var rounds = new ArrayList<Round>();
        boolean settled = false;
        double[][] u = random.u();
        double[][] related = related(m, u);
        var sumM = zeros();
        for (int round = 0; round < MOST_ROUNDS && !settled && total + countJudged > 0; round++) {
            sumM = copy(judgedSame);
            var ratios = logRatios(m, u);
            var relatedRatios = logRatios(related, u);
            double countSame = countJudged;
            double countKin = 0;
            for (var pattern : patterns) {
                double rarity = pattern.rarity() * Math.log(2);
                double forSame = Math.log(same / pairs) + rarity;
                double forKin = Math.log(kin / pairs) + rarity;
                for (int i = 0; i < m.length; i++) {
                    int level = pattern.levels()[i];
                    if (level < 0) continue;
                    forSame += ratios[i][level];
                    forKin += relatedRatios[i][level];
                }
                double most = Math.max(0, Math.max(forSame, forKin));
                double eSame = Math.exp(forSame - most);
                double eKin = Math.exp(forKin - most);
                double all = eSame + eKin + Math.exp(-most);
                double pSame = pattern.count()[0] * eSame / all;
                countSame += pSame;
                countKin += pattern.count()[0] * eKin / all;
                count(sumM, pattern.levels(), pSame);
            }
            double change = update(m, sumM, base, this::matches);
            related = related(m, u);
            double weight = records / (records + PSEUDO_RECORDS);
            double nextSame = weight * countSame * candidates.each() + (1 - weight) * given.duplicates() * records;
            double nextKin = weight * countKin * candidates.each() + (1 - weight) * given.relatives() * records;
            change = Math.max(change, Math.abs(nextSame - same) / Math.max(same, 1));
            same = nextSame;
            kin = nextKin;
            rounds.add(new Round(same, kin, change));
            settled = change < SETTLED;
        }
        guard(m, u, sumM, random.counts(), same);
        related = related(m, u);
        return new Outcome(
                rules(m, u, related, same, kin), random.pairs(), patterns.size(), settled, List.copyOf(rounds));
    }

    /**
     * The given {@code m}. Of columns nobody recognised the given weights are kept instead, whatever their values: until it is learned
     * otherwise, that two records agree there says as little as that they do not.
     */
    private double[][] givenShares(double[][] u) {
        var shares = shares(Level::m);
        for (int i = 0; i < shares.length; i++) {
            if (!UNRECOGNISED.contains(aspects.get(i).rules())) continue;
            double before = Arrays.stream(shares[i]).sum();
            for (int level = 0; level < shares[i].length; level++) {
                shares[i][level] *= u[i][level] / levels.get(i).get(level).u();
            }
            double after = Arrays.stream(shares[i]).sum();
            for (int level = 0; level < shares[i].length; level++) shares[i][level] *= before / after;
        }
        return shares;
    }

    /** Matches that the given {@code m} weighs. */
    private double matches(Aspect aspect) {
        return UNRECOGNISED.contains(aspect.rules()) ? PSEUDO_UNRECOGNISED : PSEUDO_MATCHES;
    }

    private static void count(double[][] counts, int[] levels, double weight) {
        for (int i = 0; i < counts.length; i++) if (levels[i] >= 0) counts[i][levels[i]] += weight;
    }

    private static double[][] copy(double[][] shares) {
        return Arrays.stream(shares).map(double[]::clone).toArray(double[][]::new);
    }

    private record Random(double[][] u, double[][] counts, int pairs) {}

    private Random randomPairs(Profile[] profiles) {
        int wanted = (int) Math.min(RANDOM_PAIRS, pairs / 2);
        var counts = zeros();
        int drawn = 0;
        var found = IntStream.range(0, wanted)
                .parallel()
                .mapToObj(i -> randomPair(profiles, i))
                .toList();
        for (var levels : found) {
            if (levels == null) continue;
            drawn++;
            count(counts, levels, 1);
        }
        var u = shares(Level::u);
        update(u, counts, shares(Level::u), aspect -> PSEUDO_RANDOM);
        return new Random(u, counts, drawn);
    }

    /** Null if the pair cannot be, or likely is, the same. */
    private int[] randomPair(Profile[] profiles, int number) {
        int a = (int) Math.floorMod(mix(2L * number), (long) profiles.length);
        int b = (int) Math.floorMod(mix(2L * number + 1), (long) profiles.length);
        if (a == b) return null;
        var one = profiles[Math.min(a, b)];
        var other = profiles[Math.max(a, b)];
        if (neverSame(one, other)) return null;
        var found = scorer.compare(one, other);
        return scorer.score(found) > 0 ? null : found.levels;
    }

    private boolean neverSame(Profile a, Profile b) {
        var system = a.key().system();
        return system.equals(b.key().system())
                && matcher.policy().duplicateFree().contains(system);
    }

    /** The same number for the same position always, as if by chance (SplitMix64). */
    private static long mix(long position) {
        long z = (position + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }

    /** Of the candidates that nobody judged. */
    private List<Pattern> patterns(Profile[] profiles, Sample candidates, Collection<Label> labels) {
        var judged = labels.stream().map(label -> pair(label.a(), label.b())).collect(Collectors.toSet());
        Map<Pattern, Pattern> patterns = new HashMap<>();
        int chunk = 4_096;
        for (int from = 0; from < candidates.a().length; from += chunk) {
            int start = from;
            int end = Math.min(candidates.a().length, from + chunk);
            var found = IntStream.range(start, end)
                    .parallel()
                    .mapToObj(i -> {
                        int a = candidates.a()[i];
                        int b = candidates.b()[i];
                        if (!judged.isEmpty() && judged.contains(pair(a, b))) return null;
                        var one = profiles[a];
                        var other = profiles[b];
                        return neverSame(one, other) ? null : pattern(scorer.compare(one, other));
                    })
                    .toList();
            for (var pattern : found) {
                if (pattern == null) continue;
                patterns.computeIfAbsent(pattern, own -> own).count()[0]++;
            }
        }
        return patterns.values().stream().sorted(Pattern.BY_LEVELS).toList();
    }

    private static long pair(int a, int b) {
        return (long) Math.min(a, b) << 32 | Math.max(a, b);
    }

    private Pattern pattern(Found found) {
        double rarity = 0;
        for (int i = 0; i < found.levels.length; i++) {
            if (found.levels[i] >= 0) rarity += scorer.adjustment(found, i);
        }
        return new Pattern(found.levels, Math.round(rarity / BIN) * BIN, new double[1]);
    }

    /** Shares from counts and pseudo-counts; returns the largest change. */
    private double update(double[][] shares, double[][] counts, double[][] base, ToDoubleFunction<Aspect> pseudoOf) {
        double change = 0;
        for (int i = 0; i < shares.length; i++) {
            double pseudo = pseudoOf.applyAsDouble(aspects.get(i));
            double sum = Arrays.stream(counts[i]).sum();
            double sumBase = Arrays.stream(base[i]).sum();
            for (int level = 0; level < shares[i].length; level++) {
                double share = (counts[i][level] * sumBase + pseudo * base[i][level]) / (sum + pseudo);
                change = Math.max(change, Math.abs(share - shares[i][level]));
                shares[i][level] = share;
            }
        }
        return change;
    }

    /**
     * Keeps what was learned near what was given: a weight that few pairs speak about stays, no weight runs away, one that speaks
     * strongly against a match loses little where matches are few, as some of those may be none, and levels that a veto rests on stay
     * as they are.
     *
     * @param same matches that were found
     */
    private void guard(double[][] m, double[][] u, double[][] seenSame, double[][] seenRandom, double same) {
        double mostUpAgainst = Math.min(MOST_UP, log2(1 + same / DOUBT));
        for (int i = 0; i < m.length; i++) {
            for (int level = 0; level < m[i].length; level++) {
                double base = levels.get(i).get(level).bits();
                double seen = seenSame[i][level] + seenRandom[i][level];
                double change = log2(m[i][level] / u[i][level]) - base;
                change = Math.max(
                        -MOST_DOWN, Math.min(base < STRONG ? mostUpAgainst : MOST_UP, change * seen / (seen + SEEN)));
                boolean vetoes = vetoes(aspects.get(i), level);
                if (vetoes) u[i][level] = levels.get(i).get(level).u();
                m[i][level] = Math.min(1, u[i][level] * Math.pow(2, vetoes ? base : base + change));
            }
            double sum = Arrays.stream(m[i]).sum();
            if (sum > 1) for (int level = 0; level < m[i].length; level++) m[i][level] /= sum;
        }
    }

    private boolean vetoes(Aspect aspect, int level) {
        return given.conditions().stream()
                .anyMatch(c -> c.forbids()
                        && c.when()
                                .getOrDefault(aspect.rules(), List.of())
                                .contains(aspect.levels().get(level)));
    }

    private static double[][] logRatios(double[][] shares, double[][] of) {
        var ratios = new double[shares.length][];
        for (int i = 0; i < shares.length; i++) {
            ratios[i] = new double[shares[i].length];
            for (int j = 0; j < ratios[i].length; j++) ratios[i][j] = Math.log(shares[i][j] / of[i][j]);
        }
        return ratios;
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }

    /**
     * The related shares are not learned, as nothing but the given rules tells related pairs from the same ones with errors. They
     * move with what they stand near to: facts that a household shares are as often damaged as those of one person.
     */
    private double[][] related(double[][] m, double[][] u) {
        var related = shares(Level::related);
        for (int i = 0; i < related.length; i++) {
            double before = Arrays.stream(related[i]).sum();
            for (int level = 0; level < related[i].length; level++) {
                var base = levels.get(i).get(level);
                double like = base.bits() == 0 ? 0 : base.relatedBits() / base.bits();
                like = Math.max(0, Math.min(1, like));
                related[i][level] *=
                        Math.pow(m[i][level] / base.m(), like) * Math.pow(u[i][level] / base.u(), 1 - like);
            }
            double after = Arrays.stream(related[i]).sum();
            for (int level = 0; level < related[i].length; level++) related[i][level] *= before / after;
        }
        return related;
    }

    private MatchRules rules(double[][] m, double[][] u, double[][] related, double same, double kin) {
        Map<String, ComparisonRules> learned = new LinkedHashMap<>();
        for (int i = 0; i < aspects.size(); i++) {
            var aspect = aspects.get(i);
            var name = aspect.rules().equals(aspect.name()) ? aspect.rules() : aspect.rules() + "." + aspect.name();
            var own = new ArrayList<Level>();
            for (int level = 0; level < m[i].length; level++) {
                own.add(levels.get(i).get(level).with(m[i][level], u[i][level], related[i][level]));
            }
            learned.put(name, new ComparisonRules(name, own));
        }
        // rates per record: the prior counts all pairs, whatever was declared
        double perRecord = Math.max(0, records - 1) / 2 / pairs;
        return given.learned(Math.max(LEAST_RATE, same * perRecord), kin * perRecord, learned)
                .forRecords((long) records);
    }

    private double[][] shares(ToDoubleFunction<Level> share) {
        return levels.stream()
                .map(list -> list.stream().mapToDouble(share).toArray())
                .toArray(double[][]::new);
    }

    private double[][] zeros() {
        return levels.stream().map(list -> new double[list.size()]).toArray(double[][]::new);
    }
}
