package io.kintsugi.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Pictures: a line per link, {@code score} lines for pairs no link scored, {@code against} lines for those of them that contradict each
 * other; pairs without a line score -6.
 */
class ClustererTest {
    private static final double UNSEEN = -6;

    @Test
    @DisplayName(
            "ID-2: of pairs that are equally good the one with the smallest keys joins first, however many there are")
    void tiesGoByKey() {
        assertClusters("""
                crm:1 --match 4-- crm:2
                crm:2 --match 4-- crm:3
                crm:3 --match 4-- crm:4
                crm:4 --match 4-- crm:5
                crm:5 --match 4-- crm:6
                crm:6 --match 4-- crm:7""", "crm:1 crm:2 | crm:3 crm:4 | crm:5 crm:6 | crm:7");
    }

    @Test
    void recordsWithoutLinksStayAlone() {
        assertClusters("crm:1 --score 12-- erp:1", "crm:1 | erp:1");
    }

    @Test
    void aChainOfStrongLinksIsOneClusterWhenItsEndsAgree() {
        assertClusters("""
                crm:1 --match 9-- erp:1
                erp:1 --match 8-- web:1
                crm:1 --score 5-- web:1""", "crm:1 erp:1 web:1");
    }

    @Test
    @DisplayName("who may be either of two namesakes is neither, until something tells them apart")
    void betweenTwoThatContradictEachOtherNobodyGuesses() {
        assertClusters("""
                crm:senior --match 8-- web:1
                crm:junior --match 8-- web:1
                crm:senior --against -2-- crm:junior""", "crm:junior | crm:senior | web:1");
        assertClusters("""
                crm:senior --match 8-- web:1
                crm:junior --match 4-- web:1
                crm:senior --against -6-- crm:junior""", "crm:junior | crm:senior web:1");
    }

    @Test
    void namesakesThatNobodyTellsApartAreOneEvenBetweenTwoOthers() {
        assertClusters("""
                crm:senior --match 8-- web:1
                crm:senior --match 8-- web:2
                crm:junior --match 8-- web:1
                crm:junior --match 8-- web:2
                web:1 --match 9-- web:2
                crm:senior --against -5-- crm:junior""", "crm:junior | crm:senior | web:1 web:2");
    }

    @Test
    void whatJoinsMeanwhileMaySettleWhomSomebodyIs() {
        assertClusters("""
                crm:senior --match 6-- web:1
                crm:junior --match 6-- web:1
                crm:senior --match 5-- erp:1
                crm:senior --against -3-- crm:junior
                erp:1 --score 12-- web:1
                erp:1 --against -9-- crm:junior""", "crm:junior | crm:senior erp:1 web:1");
    }

    @Test
    void aBridgeBetweenTwoGroupsThatContradictEachOtherDoesNotJoinThem() {
        assertClusters("""
                crm:1 --match 12-- erp:1
                web:1 --match 12-- web:2
                erp:1 --match 4-- web:1
                crm:1 --score -9-- web:1
                crm:1 --score -9-- web:2
                erp:1 --score -2-- web:2""", "crm:1 erp:1 | web:1 web:2");
    }

    @Test
    void oneVeryBadPairCannotOutweighMoreThanFifteenBits() {
        assertClusters("""
                crm:1 --match 14-- erp:1
                erp:1 --match 15-- web:1
                crm:1 --score -400-- web:1""", "crm:1 | erp:1 web:1");
        assertClusters("""
                crm:1 --match 14-- erp:1
                crm:1 --match 14-- erp:2
                erp:1 --match 14-- erp:2
                erp:1 --match 15-- web:1
                erp:2 --match 15-- web:1
                crm:1 --score -400-- web:1""", "crm:1 erp:1 erp:2 web:1");
    }

    @Test
    void aReviewJoinsNothingByItselfButCountsInTheMean() {
        assertClusters("crm:1 --review 3-- erp:1", "crm:1 | erp:1");
        assertClusters("""
                crm:1 --match 9-- erp:1
                erp:1 --match 8-- web:1
                crm:1 --review -1-- web:1""", "crm:1 erp:1 web:1");
    }

    @Test
    void recordsThatKnowNothingOfAContradictionDoNotBridgeIt() {
        assertClusters("""
                crm:1 --match 12-- crm:2
                erp:1 --match 12-- erp:2
                crm:1 --against -8-- erp:1
                crm:2 --match 3-- erp:1
                crm:1 --match 3-- erp:2
                crm:2 --match 6-- erp:2""", "crm:1 crm:2 | erp:1 erp:2");
    }

    @Test
    void whatOutweighsAContradictionClearlyStillJoins() {
        assertClusters("""
                crm:1 --match 12-- crm:2
                erp:1 --match 12-- erp:2
                crm:1 --against -2-- erp:1
                crm:2 --match 5-- erp:1
                crm:1 --match 5-- erp:2
                crm:2 --match 9-- erp:2""", "crm:1 crm:2 erp:1 erp:2");
    }

    @Test
    @DisplayName("Whatever outweighs it, what is never the same is not; but a person may say so")
    void nothingOutweighsNever() {
        assertClusters("""
                jr:1 --match 15-- one:1
                one:1 --match 12-- sr:1
                jr:1 --match 15-- two:1
                two:1 --match 12-- sr:1
                one:1 --match 15-- two:1
                jr:1 --never -15-- sr:1""", "jr:1 one:1 two:1 | sr:1");
        assertClusters("""
                jr:1 --never -15-- sr:1
                jr:1 --steward yes-- sr:1""", "jr:1 sr:1");
    }

    @Test
    void asMuchAgainstAsForJoinsNothing() {
        assertClusters("""
                crm:1 --match 14-- crm:2
                crm:1 --match 9-- erp:1
                crm:2 --score -9-- erp:1""", "crm:1 crm:2 | erp:1");
    }

    @Test
    void aStewardsMatchJoinsWhatTheRulesWouldNot() {
        assertClusters("""
                crm:1 --steward yes-- erp:1
                crm:1 --score -12-- erp:1""", "crm:1 erp:1");
    }

    @Test
    void aStewardsNoMatchSplitsAndEachSideKeepsItsOwn() {
        assertClusters("""
                crm:1 --match 12-- erp:1
                erp:1 --match 9-- web:1
                crm:1 --match 9-- web:1
                crm:1 --steward no-- web:1""", "crm:1 erp:1 | web:1");
    }

    @Test
    void aNoMatchWinsOverAMatchThatWouldBreakIt() {
        assertClusters("""
                crm:1 --steward yes-- erp:1
                erp:1 --steward yes-- web:1
                crm:1 --steward no-- web:1""", "crm:1 erp:1 | web:1");
    }

    @Test
    void aMergeInsideASourceJoinsItsRecords() {
        assertClusters("crm:1 --source yes-- crm:2", "crm:1 crm:2");
    }

    @Test
    void aDuplicateFreeSystemGivesEachClusterItsBestRecord() {
        assertThat(cluster("""
                        crm:1 --match 9-- erp:1
                        crm:1 --match 7-- erp:2
                        crm:2 --match 8-- erp:1
                        crm:2 --match 6-- erp:2""", Set.of("crm", "erp"))).isEqualTo("crm:1 erp:1 | crm:2 erp:2");
    }

    @Test
    void onlyAStewardPutsTwoRecordsOfADuplicateFreeSystemTogether() {
        assertThat(cluster("crm:1 --source yes-- crm:2", Set.of("crm"))).isEqualTo("crm:1 | crm:2");
        assertThat(cluster("crm:1 --steward yes-- crm:2", Set.of("crm"))).isEqualTo("crm:1 crm:2");
    }

    @Test
    void linksThatLeadOutOfTheRecordsOrWereTakenBackAreIgnored() {
        var a = key("crm:1");
        var b = key("erp:1");
        var away = link(a, key("web:9"), Origin.RULE, Decision.MATCH, 9);
        var back = link(a, b, Origin.RULE, Decision.MATCH, 9).retracted(Instant.EPOCH, "anna");
        var clusters = Clusterer.cluster(
                new TreeSet<>(Set.of(a, b)),
                List.of(away, back),
                PairScore.of((x, y) -> 9.0, (x, y) -> false, (x, y) -> false),
                Set.of(),
                Integer.MAX_VALUE);
        assertThat(text(clusters)).isEqualTo("crm:1 | erp:1");
    }

    @Test
    void aThousandMutualTwinsAreOneClusterInSeconds() {
        var keys = new TreeSet<RecordKey>();
        for (int i = 0; i < 1_000; i++) keys.add(new RecordKey("crm", "contact", "c" + i));
        var list = List.copyOf(keys);
        var links = new ArrayList<Link>();
        for (int i = 0; i < list.size(); i++) {
            for (int j = i + 1; j < Math.min(list.size(), i + 100); j++) {
                links.add(link(list.get(i), list.get(j), Origin.RULE, Decision.MATCH, 20));
            }
        }
        var asked = new int[1];
        var clusters = Clusterer.cluster(
                keys,
                links,
                PairScore.of(
                        (a, b) -> {
                            asked[0]++;
                            return 20.0;
                        },
                        (a, b) -> false,
                        (a, b) -> false),
                Set.of(),
                Integer.MAX_VALUE);
        assertThat(clusters).hasSize(1);
        assertThat(asked[0]).as("no pair is scored twice").isLessThan(1_000 * 999 / 2);
    }

    private static void assertClusters(String picture, String expected) {
        assertThat(cluster(picture, Set.of())).isEqualTo(expected);
    }

    private static String cluster(String picture, Set<String> duplicateFree) {
        var records = new TreeSet<RecordKey>();
        var links = new ArrayList<Link>();
        Map<Set<RecordKey>, Double> scores = new HashMap<>();
        var against = new HashSet<Set<RecordKey>>();
        var never = new HashSet<Set<RecordKey>>();
        for (var line : picture.split("\n")) {
            var words = line.strip().split(" ");
            var ends = new TreeSet<>(Set.of(key(words[0]), key(words[3])));
            records.addAll(ends);
            var value = words[2].substring(0, words[2].length() - 2);
            switch (words[1]) {
                case "--score" -> scores.put(ends, Double.valueOf(value));
                case "--against" -> {
                    scores.put(ends, Double.valueOf(value));
                    against.add(ends);
                }
                case "--never" -> {
                    scores.put(ends, Double.valueOf(value));
                    never.add(ends);
                }
                case "--match" ->
                    links.add(link(ends.first(), ends.last(), Origin.RULE, Decision.MATCH, Double.parseDouble(value)));
                case "--review" ->
                    links.add(link(ends.first(), ends.last(), Origin.RULE, Decision.REVIEW, Double.parseDouble(value)));
                case "--source" -> links.add(link(ends.first(), ends.last(), Origin.SOURCE, Decision.MATCH, 0));
                case "--steward" ->
                    links.add(link(
                            ends.first(),
                            ends.last(),
                            Origin.STEWARD,
                            value.equals("yes") ? Decision.MATCH : Decision.NO_MATCH,
                            0));
                default -> throw new IllegalArgumentException(line);
            }
        }
        var score = PairScore.of(
                (a, b) -> scores.getOrDefault(Set.of(a, b), UNSEEN),
                (a, b) -> against.contains(Set.of(a, b)) || never.contains(Set.of(a, b)),
                (a, b) -> never.contains(Set.of(a, b)));
        return text(Clusterer.cluster(records, links, score, duplicateFree, Integer.MAX_VALUE));
    }

    static Link link(RecordKey a, RecordKey b, Origin origin, Decision decision, double bits) {
        return new Link(a, b, origin, decision, LinkState.ACTIVE, bits, List.of(), null, "test", Instant.EPOCH);
    }

    private static RecordKey key(String text) {
        var parts = text.split(":");
        return new RecordKey(parts[0], "contact", parts[1]);
    }

    private static String text(List<SortedSet<RecordKey>> clusters) {
        return clusters.stream()
                .map(cluster -> cluster.stream()
                        .map(key -> key.system() + ":" + key.externalId())
                        .collect(Collectors.joining(" ")))
                .collect(Collectors.joining(" | "));
    }
}
