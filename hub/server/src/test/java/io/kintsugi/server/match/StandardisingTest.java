package io.kintsugi.server.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.AttributeType;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.RecordKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandardisingTest {
    private static final EntityType PERSON = new EntityType(
            "person", EntityType.Kind.PERSON, List.of(new Attribute("name", AttributeType.FULL_NAME, null)));
    private static final Matcher MATCHER = new Matcher(PERSON, Matcher.defaults(PERSON));

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void recordsKeepTheirOrderWhoeverStandardisesThem(long seed) {
        var random = new Random(seed);
        var keys = new ArrayList<RecordKey>();
        var profiles = new ArrayList<Profile>();
        var standard = new Standardising(MATCHER, profiles);
        for (int batch = 0; batch < 40; batch++) {
            var records = new ArrayList<Map.Entry<RecordKey, Map<String, String>>>();
            for (int i = random.nextInt(60); i > 0; i--) {
                var key = new RecordKey("crm", "person", "r" + random.nextInt(1000) + "." + keys.size());
                keys.add(key);
                records.add(Map.entry(key, Map.of("name", "Ann Lee")));
            }
            standard.add(records);
        }
        standard.finish();
        assertThat(profiles).extracting(Profile::key).containsExactlyElementsOf(keys);
    }

    @Test
    void whatFailsElsewhereFailsHere() {
        var standard = new Standardising(MATCHER, new ArrayList<>());
        var broken = new ArrayList<Map.Entry<RecordKey, Map<String, String>>>();
        broken.add(null);
        assertThatThrownBy(() -> {
                    standard.add(broken);
                    standard.finish();
                })
                .isInstanceOf(NullPointerException.class);
    }
}
