package io.kintsugi.server.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.RecordKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Matching where somebody judged some of the pairs. */
class LabelledMatchTest {
    private static final EntityType PERSON = new EntityType(
            "person",
            EntityType.Kind.PERSON,
            List.of(
                    new Attribute("given", AttributeType.GIVEN_NAME, null),
                    new Attribute("family", AttributeType.FAMILY_NAME, null),
                    new Attribute("birth", AttributeType.BIRTH_DATE, null),
                    new Attribute("phone", AttributeType.PHONE, null)));
    private static final Matcher MATCHER = new Matcher(PERSON, Matcher.defaults(PERSON));
    private static final Map<String, String> JANE =
            Map.of("given", "Jane", "family", "Vandermeer", "birth", "1961-02-11", "phone", "7029193117");
    private static final Map<String, String> OTHER =
            Map.of("given", "Robert", "family", "Garrison", "birth", "1980-07-01", "phone", "7025550142");

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("ID-4: no cluster breaks a label, with given rules or learned ones, in any order")
    void noClusterBreaksALabel(long seed) {
        var random = new Random(seed);
        var profiles = people(150, random);
        var labels = labels(profiles, 60, random);
        var matcher =
                MATCHER.with(Matcher.defaults(PERSON).withDuplicateFree(seed % 2 == 0 ? Set.of("crm") : Set.of()));
        var given = BatchMatch.run(matcher, profiles, labels, share -> {});
        var learned = BatchMatch.learn(matcher, profiles, labels, share -> {});
        assertHeld(labels, given);
        assertHeld(labels, learned);
        assertThat(given.agreement().contrary())
                .as("labels that change something")
                .isPositive();
        Collections.shuffle(profiles, random);
        Collections.shuffle(labels, random);
        assertThat(BatchMatch.run(matcher, profiles, labels, share -> {}).clusters())
                .isEqualTo(given.clusters());
        assertThat(BatchMatch.learn(matcher, profiles, labels, share -> {}).clusters())
                .isEqualTo(learned.clusters());
    }

    @Test
    @DisplayName("ID-4: what rules would never join is one where somebody said so")
    void aLabelJoinsWhateverTheRulesSay() {
        var shipped = Matcher.defaults(PERSON).withDuplicateFree(Set.of("crm"));
        var matcher = MATCHER.with(shipped);
        var profiles = List.of(profile("1", JANE), profile("2", OTHER), profile("3", Map.of()));
        var labels = List.of(pair("1", "2", true), pair("2", "3", true));
        var result = BatchMatch.run(matcher, profiles, labels, share -> {});
        assertThat(result.clusters()).hasSize(1);
        assertThat(result.agreement()).isEqualTo(new Agreement(2, 0, 0, 0));
    }

    @Test
    @DisplayName("ID-4: what somebody told apart stays apart however equal it is, and is no question any more")
    void aLabelKeepsApartAndNobodyIsAskedAgain() {
        var maybe = Map.of("given", "Jane", "family", "Smith", "phone", "7029193117"); // she may have married
        var profiles = List.of(profile("1", JANE), profile("2", JANE), profile("3", maybe));
        assertThat(MATCHER.compare(profiles.get(0), profiles.get(2)).decision()).isEqualTo(Decision.REVIEW);
        var none = BatchMatch.run(MATCHER, profiles, List.of(), share -> {});
        assertThat(none.clusters()).hasSize(2);
        assertThat(none.unsure()).isEqualTo(2);
        assertThat(none.agreement()).isEqualTo(new Agreement(0, 0, 0, 0));

        var one = BatchMatch.run(MATCHER, profiles, List.of(pair("1", "3", false)), share -> {});
        assertThat(one.clusters()).hasSize(2);
        assertThat(one.unsure()).isZero();
        assertThat(one.agreement()).isEqualTo(new Agreement(0, 1, 0, 1));

        var two = BatchMatch.run(MATCHER, profiles, List.of(pair("1", "2", false)), share -> {});
        assertThat(two.clusters()).hasSize(3);
        assertThat(two.agreement()).isEqualTo(new Agreement(0, 1, 0, 0));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("ID-11: labels of a file teach: what the pairs have that are the same speaks more for a match")
    void labelsTeach(long seed) {
        var profiles = people(150, new Random(seed));
        var moved = new ArrayList<LabelledPair>(); // pairs of one name and birth date with two phones
        for (var a : profiles) {
            for (var b : profiles) {
                if (a.key().compareTo(b.key()) >= 0 || moved.size() == 40) continue;
                var levels = new HashMap<String, String>();
                MATCHER.compare(a, b).evidence().forEach(e -> levels.put(e.name(), e.level()));
                if ("exact".equals(levels.get("familyName")) && "different".equals(levels.get("phone")))
                    moved.add(LabelledPair.of(a.key(), b.key(), true));
            }
        }
        assertThat(moved).hasSize(40);
        assertThat(phones(profiles, moved)).isGreaterThan(phones(profiles, List.of()) + 0.2);
    }

    @Test
    void aLabelOfWhatIsNotThereIsRefused() {
        assertThatThrownBy(() -> BatchMatch.run(
                        MATCHER, List.of(profile("1", JANE)), List.of(pair("1", "9", true)), share -> {}))
                .hasMessageContaining("not among the records");
        assertThatThrownBy(() -> new LabelledPair(key("1"), key("1"), true)).hasMessageContaining("not before");
    }

    /** What two phones say for a match, in bits. */
    private static double phones(List<Profile> profiles, List<LabelledPair> labels) {
        var learned = BatchMatch.learn(MATCHER, profiles, labels, share -> {}).learned();
        var rules = learned.training().rules().comparison("phone").orElseThrow();
        return rules.levels().get(rules.indexOf("different")).bits();
    }

    private static void assertHeld(List<LabelledPair> labels, BatchMatch.Result result) {
        var clusterOf = new TreeMap<RecordKey, Integer>();
        for (int i = 0; i < result.clusters().size(); i++) {
            for (var key : result.clusters().get(i)) {
                assertThat(clusterOf.put(key, i)).as("in one cluster only").isNull();
            }
        }
        for (var label : labels) {
            assertThat(clusterOf.get(label.a()).equals(clusterOf.get(label.b())))
                    .as(label.toString())
                    .isEqualTo(label.same());
        }
    }

    /** What somebody says who sees groups that have nothing to do with the records. */
    private static List<LabelledPair> labels(List<Profile> profiles, int count, Random random) {
        var groups = profiles.stream().map(p -> random.nextInt(40)).toList();
        var labels = new TreeMap<String, LabelledPair>();
        while (labels.size() < count) {
            int a = random.nextInt(profiles.size());
            int b = random.nextInt(profiles.size());
            boolean same = groups.get(a).equals(groups.get(b));
            if (a == b || !same && labels.size() < count / 2) continue;
            var label = LabelledPair.of(profiles.get(a).key(), profiles.get(b).key(), same);
            labels.put(label.a() + " " + label.b(), label);
        }
        return new ArrayList<>(labels.values());
    }

    private static List<Profile> people(int count, Random random) {
        var given = List.of("Ann", "Anna", "Robert", "Bob", "Maria", "Jo");
        var family = List.of("Garrison", "Garisson", "Smith", "Lee", "Vandermeer");
        var profiles = new ArrayList<Profile>();
        for (int i = 0; i < count; i++) {
            var values = new HashMap<String, String>();
            values.put("given", given.get(random.nextInt(given.size())));
            values.put("family", family.get(random.nextInt(family.size())));
            if (random.nextInt(4) > 0) values.put("birth", "196" + random.nextInt(3) + "-03-11");
            if (random.nextInt(3) > 0) values.put("phone", "70291931" + (10 + random.nextInt(20)));
            profiles.add(profile("r" + i, values));
        }
        return profiles;
    }

    private static Profile profile(String id, Map<String, String> values) {
        return MATCHER.profile(key(id), values);
    }

    private static LabelledPair pair(String a, String b, boolean same) {
        return new LabelledPair(key(a), key(b), same);
    }

    private static RecordKey key(String id) {
        return new RecordKey("crm", "person", id);
    }
}
