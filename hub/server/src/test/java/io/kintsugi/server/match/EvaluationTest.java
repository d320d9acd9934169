package io.kintsugi.server.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.kintsugi.server.match.Evaluation.Measure;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvaluationTest {
    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void isWhatCountingEveryPairGives(long seed) {
        var random = new Random(seed);
        int records = 1 + random.nextInt(120);
        var found = labels(random, records);
        var truth = labels(random, records);
        assertSame(Evaluation.of(found, truth), naive(found, truth));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void dependsNeitherOnTheOrderOfRecordsNorOnTheNumbersOfClusters(long seed) {
        var random = new Random(seed);
        int records = 2 + random.nextInt(300);
        var found = labels(random, records);
        var truth = labels(random, records);
        var turnedFound = new int[records];
        var turnedTruth = new int[records];
        int factor = 2 * random.nextInt(1 << 20) + 1; // odd, so different labels stay different
        for (int i = 0, at = random.nextInt(records); i < records; i++, at = (at + 1) % records) {
            turnedFound[records - 1 - i] = found[at] * factor;
            turnedTruth[records - 1 - i] = ~truth[at] * factor;
        }
        assertThat(Evaluation.of(turnedFound, turnedTruth)).isEqualTo(Evaluation.of(found, truth));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsFoundAndWhatIsTrueAreMirrored(long seed) {
        var random = new Random(seed);
        var found = labels(random, 50);
        var truth = labels(random, 50);
        var one = Evaluation.of(found, truth);
        var other = Evaluation.of(truth, found);
        assertThat(one.pairs()).isEqualTo(turned(other.pairs()));
        assertThat(one.bCubed()).isEqualTo(turned(other.bCubed()));
        assertThat(one.clusters()).isEqualTo(turned(other.clusters()));
    }

    @Test
    void theTruthItselfIsPerfect() {
        var labels = new int[] {3, 3, 1, 7, 7, 7};
        var evaluation = Evaluation.of(labels, labels);
        assertThat(evaluation.pairs()).isEqualTo(new Measure(1, 1));
        assertThat(evaluation.bCubed()).isEqualTo(new Measure(1, 1));
        assertThat(evaluation.clusters()).isEqualTo(new Measure(1, 1));
        assertThat(evaluation.pairs().f1()).isEqualTo(1);
        assertThat(evaluation.largestFound()).isEqualTo(3);
    }

    @Test
    void nothingFoundHasNoPairsAndTheBestPrecisionOfRecords() {
        var evaluation = Evaluation.of(new int[] {0, 1, 2, 3}, new int[] {0, 0, 0, 1});
        assertThat(evaluation.pairs()).isEqualTo(new Measure(0, 0));
        assertThat(evaluation.pairs().f1()).isZero();
        assertThat(evaluation.bCubed().precision()).isEqualTo(1);
        assertThat(evaluation.bCubed().recall()).isEqualTo(0.5);
        assertThat(evaluation.clusters()).isEqualTo(new Measure(0.25, 0.5));
    }

    @Test
    void oneClusterOfAllMissesNothing() {
        var evaluation = Evaluation.of(new int[] {5, 5, 5, 5}, new int[] {0, 0, 0, 1});
        assertThat(evaluation.pairs()).isEqualTo(new Measure(0.5, 1));
        assertThat(evaluation.bCubed().recall()).isEqualTo(1);
        assertThat(evaluation.clusters()).isEqualTo(new Measure(0, 0));
        assertThat(evaluation.largestFound()).isEqualTo(4);
        assertThat(evaluation.largestTrue()).isEqualTo(3);
    }

    @Test
    @Timeout(20)
    void aMillionRecordsInOneClusterCostNoPairs() {
        var all = new int[1_000_000];
        var pairs = IntStream.range(0, all.length).map(i -> i / 2).toArray();
        assertThat(Evaluation.of(all, pairs).foundPairs()).isEqualTo(499_999_500_000L);
    }

    @Test
    void refusesWhatIsNoClustering() {
        assertThatThrownBy(() -> Evaluation.of(new int[0], new int[0])).hasMessageContaining("no records");
        assertThatThrownBy(() -> Evaluation.of(new int[2], new int[3])).hasMessageContaining("2 records");
    }

    private static Measure turned(Measure measure) {
        return new Measure(measure.recall(), measure.precision());
    }

    /** From one cluster of all to all alone, negative numbers too. */
    private static int[] labels(Random random, int records) {
        int clusters = 1 + random.nextInt(records);
        return random.ints(records, 0, clusters).map(label -> label * 7 - 20).toArray();
    }

    private static void assertSame(Evaluation is, Evaluation expected) {
        assertThat(is.pairs().precision()).isCloseTo(expected.pairs().precision(), within(1e-12));
        assertThat(is.pairs().recall()).isCloseTo(expected.pairs().recall(), within(1e-12));
        assertThat(is.bCubed().precision()).isCloseTo(expected.bCubed().precision(), within(1e-12));
        assertThat(is.bCubed().recall()).isCloseTo(expected.bCubed().recall(), within(1e-12));
        assertThat(is.clusters()).isEqualTo(expected.clusters());
        assertThat(new long[] {is.bothPairs(), is.foundPairs(), is.truePairs()})
                .containsExactly(expected.bothPairs(), expected.foundPairs(), expected.truePairs());
        assertThat(new int[] {is.foundClusters(), is.trueClusters(), is.largestFound(), is.largestTrue()})
                .containsExactly(
                        expected.foundClusters(),
                        expected.trueClusters(),
                        expected.largestFound(),
                        expected.largestTrue());
    }

    /** By the definitions, one pair and one record after the other. */
    private static Evaluation naive(int[] found, int[] truth) {
        int n = found.length;
        long both = 0;
        long foundPairs = 0;
        long truePairs = 0;
        double precision = 0;
        double recall = 0;
        for (int a = 0; a < n; a++) {
            int common = 0;
            int withFound = 0;
            int withTruth = 0;
            for (int b = 0; b < n; b++) {
                if (found[a] == found[b]) withFound++;
                if (truth[a] == truth[b]) withTruth++;
                if (found[a] == found[b] && truth[a] == truth[b]) common++;
                if (b <= a) continue;
                if (found[a] == found[b]) foundPairs++;
                if (truth[a] == truth[b]) truePairs++;
                if (found[a] == found[b] && truth[a] == truth[b]) both++;
            }
            precision += (double) common / withFound / n;
            recall += (double) common / withTruth / n;
        }
        var foundSets = sets(found);
        var trueSets = sets(truth);
        var exact = new HashSet<>(foundSets);
        exact.retainAll(trueSets);
        return new Evaluation(
                n,
                new Measure(
                        foundPairs == 0 ? 0 : (double) both / foundPairs,
                        truePairs == 0 ? 0 : (double) both / truePairs),
                new Measure(precision, recall),
                new Measure((double) exact.size() / foundSets.size(), (double) exact.size() / trueSets.size()),
                both,
                foundPairs,
                truePairs,
                foundSets.size(),
                trueSets.size(),
                foundSets.stream().mapToInt(Set::size).max().orElseThrow(),
                trueSets.stream().mapToInt(Set::size).max().orElseThrow());
    }

    private static Set<Set<Integer>> sets(int[] labels) {
        return Arrays.stream(labels)
                .distinct()
                .mapToObj(label -> IntStream.range(0, labels.length)
                        .filter(i -> labels[i] == label)
                        .boxed()
                        .collect(Collectors.toSet()))
                .collect(Collectors.toSet());
    }
}
