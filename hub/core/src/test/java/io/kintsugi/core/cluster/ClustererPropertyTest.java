package io.kintsugi.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClustererPropertyTest {
    private static final Set<String> DUPLICATE_FREE = Set.of("erp");

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    /** Records, links of every kind, and a score for every pair that is not linked. */
    private record World(List<RecordKey> records, List<Link> links, Map<Set<RecordKey>, Double> scores) {
        static World of(long seed) {
            var random = new Random(seed);
            var records = new TreeSet<RecordKey>();
            int size = 2 + random.nextInt(14);
            for (int i = 0; i < size; i++) {
                records.add(new RecordKey(List.of("crm", "erp", "web").get(random.nextInt(3)), "contact", "c" + i));
            }
            var keys = List.copyOf(records);
            var links = new ArrayList<Link>();
            Map<Set<RecordKey>, Double> scores = new HashMap<>();
            for (int i = 0; i < size; i++) {
                for (int j = i + 1; j < size; j++) {
                    // few values, so that ties are common
                    double bits = random.nextInt(7) * 5 - 14;
                    scores.put(Set.of(keys.get(i), keys.get(j)), bits);
                    if (bits > 0 && random.nextInt(3) > 0) {
                        links.add(ClustererTest.link(keys.get(i), keys.get(j), Origin.RULE, Decision.MATCH, bits));
                    }
                    if (random.nextInt(12) == 0) {
                        var verdict = random.nextBoolean() ? Decision.MATCH : Decision.NO_MATCH;
                        links.add(ClustererTest.link(keys.get(i), keys.get(j), Origin.STEWARD, verdict, 0));
                    } else if (random.nextInt(20) == 0) {
                        links.add(ClustererTest.link(keys.get(i), keys.get(j), Origin.SOURCE, Decision.MATCH, 0));
                    }
                }
            }
            return new World(keys, links, scores);
        }

        /** Half of the worlds have rules that say so. */
        boolean never(RecordKey a, RecordKey b) {
            return records.size() % 2 == 0 && scores.get(Set.of(a, b)) < -10;
        }

        List<SortedSet<RecordKey>> clusters(List<Link> inOrder) {
            return clusters(inOrder, Integer.MAX_VALUE);
        }

        List<SortedSet<RecordKey>> clusters(List<Link> inOrder, int most) {
            return Clusterer.cluster(
                    new TreeSet<>(records),
                    inOrder,
                    PairScore.of(
                            (a, b) -> scores.get(Set.of(a, b)), (a, b) -> scores.get(Set.of(a, b)) < -5, this::never),
                    DUPLICATE_FREE,
                    most);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("ID-2: the order of the links never changes the clusters")
    void clustersDoNotDependOnOrder(long seed) {
        var world = World.of(seed);
        var expected = world.clusters(world.links());
        for (int shuffle = 0; shuffle < 20; shuffle++) {
            var links = new ArrayList<>(world.links());
            Collections.shuffle(links, new Random(seed * 100 + shuffle));
            assertThat(world.clusters(links)).isEqualTo(expected);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("MRG-1, ID-2: rules make no cluster of more records than the cap, in whatever order their links come")
    void rulesKeepToTheCap(long seed) {
        var world = World.of(seed);
        var links = new ArrayList<>(
                world.links().stream().filter(l -> l.origin() == Origin.RULE).toList());
        var clusters = world.clusters(links, 3);
        assertThat(clusters).allMatch(cluster -> cluster.size() <= 3);
        Collections.shuffle(links, new Random(seed));
        assertThat(world.clusters(links, 3)).isEqualTo(clusters);
        var all = new ArrayList<>(world.links());
        var withWords = world.clusters(all, 3);
        Collections.shuffle(all, new Random(seed));
        assertThat(world.clusters(all, 3)).isEqualTo(withWords);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyRecordIsInExactlyOneCluster(long seed) {
        var world = World.of(seed);
        var clusters = world.clusters(world.links());
        assertThat(clusters.stream().flatMap(SortedSet::stream)).containsExactlyInAnyOrderElementsOf(world.records());
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("ID-4: a steward's NO_MATCH is never broken")
    void noMatchIsNeverBroken(long seed) {
        var world = World.of(seed);
        var clusters = world.clusters(world.links());
        for (var link : world.links()) {
            if (link.decision() != Decision.NO_MATCH) continue;
            assertThat(clusters).noneMatch(c -> c.contains(link.a()) && c.contains(link.b()));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("ID-4: stewards' MATCHes hold where no NO_MATCH speaks against them")
    void matchHoldsUnlessContradicted(long seed) {
        var world = World.of(seed);
        var links = world.links().stream()
                .filter(l -> l.decision() == Decision.MATCH)
                .toList();
        var clusters = world.clusters(links);
        for (var link : links) {
            if (link.origin() != Origin.STEWARD) continue;
            assertThat(clusters).anyMatch(c -> c.contains(link.a()) && c.contains(link.b()));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aDuplicateFreeSystemHasOneRecordInAClusterUnlessStewardsJoinedSeveral(long seed) {
        var world = World.of(seed);
        var links =
                world.links().stream().filter(l -> l.origin() != Origin.STEWARD).toList();
        for (var cluster : world.clusters(links)) {
            assertThat(cluster.stream().filter(key -> DUPLICATE_FREE.contains(key.system())))
                    .hasSizeLessThan(2);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("ID-4: what rules never put together is in one cluster only where people or systems joined some of it")
    void whatIsNeverTheSameStaysApart(long seed) {
        var world = World.of(seed);
        var links =
                world.links().stream().filter(l -> l.origin() == Origin.RULE).toList();
        for (var cluster : world.clusters(links)) {
            for (var a : cluster) {
                assertThat(cluster.tailSet(a).stream().filter(b -> b != a)).noneMatch(b -> world.never(a, b));
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("ID-2: the clusters of a component depend on that component alone")
    void otherComponentsDoNotMatter(long seed) {
        var world = World.of(seed);
        var other = World.of(seed + 10_000);
        var rename = new HashMap<RecordKey, RecordKey>();
        other.records().forEach(k -> rename.put(k, new RecordKey(k.system(), "contact", "b" + k.externalId())));
        var records = new TreeSet<>(world.records());
        records.addAll(rename.values());
        var links = new ArrayList<>(world.links());
        for (var link : other.links()) {
            links.add(ClustererTest.link(
                    rename.get(link.a()), rename.get(link.b()), link.origin(), link.decision(), link.score()));
        }
        Map<Set<RecordKey>, Double> scores = new HashMap<>(world.scores());
        other.scores().forEach((pair, bits) -> {
            var renamed = new HashSet<RecordKey>();
            pair.forEach(key -> renamed.add(rename.get(key)));
            scores.put(renamed, bits);
        });
        var score = PairScore.of(
                (a, b) -> scores.getOrDefault(Set.of(a, b), 15.0),
                (a, b) -> scores.getOrDefault(Set.of(a, b), 15.0) < -5,
                (a, b) -> world.scores().containsKey(Set.of(a, b)) && world.never(a, b));
        var together = Clusterer.cluster(records, links, score, DUPLICATE_FREE, Integer.MAX_VALUE);
        assertThat(together).containsAll(world.clusters(world.links()));
    }
}
