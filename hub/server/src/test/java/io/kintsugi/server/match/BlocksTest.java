package io.kintsugi.server.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.RecordKey;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BlocksTest {
    private static final int CAP = 9;
    private static final EntityType PERSON = new EntityType(
            "person",
            EntityType.Kind.PERSON,
            List.of(
                    new Attribute("given", AttributeType.GIVEN_NAME, null),
                    new Attribute("family", AttributeType.FAMILY_NAME, null),
                    new Attribute("phone", AttributeType.PHONE, null)));

    static LongStream seeds() {
        return LongStream.range(0, 10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("ID-5: candidates are all who share a key that not too many hold, each once")
    void candidatesShareAKey(long seed) {
        var shipped = Matcher.defaults(PERSON);
        var matcher = new Matcher(PERSON, shipped.withRules(shipped.rules().withKeyCap(CAP)));
        var profiles = people(matcher, 150, new Random(seed));
        var keys = IntStream.range(0, profiles.length)
                .mapToObj(i -> matcher.blockKeys(profiles[i]))
                .toList();
        var holders = new HashMap<String, Integer>();
        keys.forEach(own -> own.forEach(key -> holders.merge(key, 1, Integer::sum)));
        var blocks = new Blocks(matcher, profiles);
        for (int record = 0; record < profiles.length; record++) {
            var mine = keys.get(record);
            var expected = IntStream.range(record + 1, profiles.length)
                    .filter(other -> share(mine, keys.get(other), holders))
                    .toArray();
            assertThat(blocks.candidates(record)).as("of record %d", record).isEqualTo(expected);
        }
        assertThat(blocks.neighbours())
                .containsExactlyInAnyOrder(IntStream.range(0, profiles.length).toArray());
    }

    private static boolean share(SortedSet<String> one, SortedSet<String> other, Map<String, Integer> holders) {
        return !Collections.disjoint(
                one.stream().filter(key -> holders.get(key) <= CAP).toList(), Set.copyOf(other));
    }

    private static Profile[] people(Matcher matcher, int count, Random random) {
        var given = List.of("Ann", "Anna", "Robert", "Bob", "Maria", "Jo", "J", "n/a");
        var profiles = new Profile[count];
        for (int i = 0; i < count; i++) {
            var values = new TreeMap<String, String>();
            values.put("given", given.get(random.nextInt(given.size())));
            if (random.nextInt(5) > 0) values.put("family", "Fam" + (char) ('a' + random.nextInt(20)) + "son");
            if (random.nextInt(3) > 0) values.put("phone", "70291931" + (10 + random.nextInt(40)));
            profiles[i] = matcher.profile(new RecordKey("crm", "person", String.format("r%03d", i)), values);
        }
        return profiles;
    }
}
