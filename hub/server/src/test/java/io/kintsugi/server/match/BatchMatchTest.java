package io.kintsugi.server.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.cluster.Clusterer;
import io.kintsugi.core.cluster.PairScore;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BatchMatchTest {
    private static final EntityType PERSON = new EntityType(
            "person",
            EntityType.Kind.PERSON,
            List.of(
                    new Attribute("given", AttributeType.GIVEN_NAME, null),
                    new Attribute("family", AttributeType.FAMILY_NAME, null),
                    new Attribute("birth", AttributeType.BIRTH_DATE, null),
                    new Attribute("phone", AttributeType.PHONE, null)));
    private static final Matcher MATCHER = new Matcher(PERSON, Matcher.defaults(PERSON));

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("ID-2: the order of the records never changes the clusters")
    void clustersDoNotDependOnOrder(long seed) {
        var profiles = people(300, 7);
        var result = run(profiles, 200);
        assertPairsAreInOrder(result.pairs());
        var expected = result.clusters();
        assertThat(expected).hasSizeBetween(60, 280);
        Collections.shuffle(profiles, new Random(seed));
        assertThat(run(profiles, 200).clusters()).isEqualTo(expected);
    }

    private static void assertPairsAreInOrder(ScoredPairs pairs) {
        assertThat(pairs.size()).isPositive();
        for (int i = 0; i < pairs.size(); i++) {
            assertThat(pairs.first(i)).isLessThan(pairs.second(i));
            if (i == 0) continue;
            int order = pairs.first(i - 1).compareTo(pairs.first(i));
            assertThat(order == 0 ? pairs.second(i - 1).compareTo(pairs.second(i)) : order)
                    .isNegative();
        }
    }

    @Test
    @DisplayName("ID-2: the batch has the clusters that linking every pair with a common key has")
    void theBatchIsTheSameAsOneByOne() {
        var profiles = people(300, 11);
        var byKey = new TreeMap<RecordKey, Profile>();
        profiles.forEach(p -> byKey.put(p.key(), p));
        var links = new ArrayList<Link>();
        for (var a : byKey.values()) {
            for (var b : byKey.tailMap(a.key(), false).values()) {
                var shared = new TreeSet<>(MATCHER.blockKeys(a));
                shared.retainAll(MATCHER.blockKeys(b));
                var decision = MATCHER.compare(a, b);
                if (shared.isEmpty() || decision.decision() != Decision.MATCH) continue;
                links.add(new Link(
                        a.key(),
                        b.key(),
                        Origin.RULE,
                        Decision.MATCH,
                        LinkState.ACTIVE,
                        decision.score(),
                        decision.evidence(),
                        shared.first(),
                        decision.ruleSet(),
                        Instant.EPOCH));
            }
        }
        var score = PairScore.of(
                (x, y) -> MATCHER.score(byKey.get(x), byKey.get(y)),
                (x, y) -> MATCHER.contradicts(byKey.get(x), byKey.get(y)),
                (x, y) -> MATCHER.never(byKey.get(x), byKey.get(y)));
        var expected = Clusterer.cluster(new TreeSet<>(byKey.keySet()), links, score, Set.of(), Integer.MAX_VALUE);
        assertThat(run(profiles, 200).clusters()).isEqualTo(expected);
    }

    @Test
    void keysThatTooManyShareAreDroppedAndTold() {
        var profiles = new ArrayList<Profile>();
        for (int i = 0; i < 12; i++) {
            profiles.add(profile(
                    "r" + i, Map.of("given", "Zed", "family", "Fam" + (char) ('a' + i), "phone", "702-919-1300")));
        }
        var result = run(profiles, 10);
        assertThat(result.dropped()).containsExactly(new BatchMatch.DroppedKeys("phone", 1, 12));
        assertThat(result.clusters()).hasSize(12);
    }

    @Test
    @DisplayName("ID-5: records without a key stay alone and are counted")
    void recordsWithoutAKeyStayAlone() {
        var result = run(
                List.of(
                        profile("a", Map.of("given", "n/a")),
                        profile("b", Map.of("given", "n/a")),
                        profile("c", Map.of())),
                200);
        assertThat(result.unkeyed()).isEqualTo(3);
        assertThat(result.clusters()).hasSize(3);
    }

    @Test
    void aPersonIsAskedAboutPairsThatStayApartAndOnceForTwoClusters() {
        var profiles = people(300, 5);
        var result = run(profiles, 200);
        var clusterOf = new TreeMap<RecordKey, Integer>();
        for (int i = 0; i < result.clusters().size(); i++) {
            for (var key : result.clusters().get(i)) clusterOf.put(key, i);
        }
        var apart = new TreeSet<RecordKey>();
        for (var a : profiles) {
            for (var b : profiles) {
                boolean shared = MATCHER.blockKeys(a).stream().anyMatch(MATCHER.blockKeys(b)::contains);
                if (!shared || clusterOf.get(a.key()).equals(clusterOf.get(b.key()))) continue;
                if (MATCHER.compare(a, b).decision() != Decision.NO_MATCH) apart.add(a.key());
            }
        }
        assertThat(result.unsure()).isPositive().isLessThan(apart.size());
        var clean = MATCHER.with(Matcher.defaults(PERSON).withDuplicateFree(Set.of("crm")));
        assertThat(BatchMatch.run(clean, profiles, share -> {}).unsure()).isZero();
    }

    @Test
    void aRecordThatHasItsTwinInASourceWithoutDuplicatesIsNoQuestionToTheOthersThere() {
        var clean = MATCHER.with(Matcher.defaults(PERSON).withDuplicateFree(Set.of("crm", "erp")));
        var jane = Map.of("given", "Jane", "family", "Vandermeer", "birth", "1961-02-11", "phone", "7029193117");
        var janet = Map.of("given", "J", "family", "Vandermeer", "birth", "1961-11-02");
        var crm = profile("1", jane);
        var other = MATCHER.profile(new RecordKey("erp", "person", "2"), janet);
        assertThat(MATCHER.compare(crm, other).decision()).isNotEqualTo(Decision.NO_MATCH);
        var twin = MATCHER.profile(new RecordKey("erp", "person", "1"), jane);
        var result = BatchMatch.run(clean, List.of(crm, twin, other), share -> {});
        assertThat(result.clusters()).hasSize(2);
        assertThat(result.unsure()).isZero();
    }

    @Test
    void noRecordsAreNoClusters() {
        assertThat(run(List.of(), 200).clusters()).isEmpty();
    }

    private static BatchMatch.Result run(List<Profile> profiles, int maxBlock) {
        var shipped = Matcher.defaults(PERSON);
        return BatchMatch.run(
                MATCHER.with(shipped.withRules(shipped.rules().withKeyCap(maxBlock))), profiles, share -> {});
    }

    private static List<Profile> people(int count, long seed) {
        var random = new Random(seed);
        var given = List.of("Ann", "Anna", "Robert", "Bob", "Rob", "Maria", "Jo", "J");
        var family = List.of("Garrison", "Garisson", "Smith", "Smyth", "Lee", "Vandermeer");
        var profiles = new ArrayList<Profile>();
        for (int i = 0; i < count; i++) {
            var values = new TreeMap<String, String>();
            values.put("given", given.get(random.nextInt(given.size())));
            values.put("family", family.get(random.nextInt(family.size())));
            if (random.nextInt(4) > 0)
                values.put("birth", "19" + (60 + random.nextInt(3)) + "-0" + (1 + random.nextInt(3)) + "-11");
            if (random.nextInt(3) > 0) values.put("phone", "70291931" + (10 + random.nextInt(20)));
            profiles.add(profile("r" + i, values));
        }
        return profiles;
    }

    private static Profile profile(String id, Map<String, String> values) {
        return MATCHER.profile(new RecordKey("crm", "person", id), values);
    }
}
