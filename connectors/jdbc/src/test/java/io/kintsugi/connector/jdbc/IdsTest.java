package io.kintsugi.connector.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class IdsTest {
    @Test
    void theIdOfOneColumnIsItsText() {
        assertThat(Ids.join(List.of("a|b\\c"))).isEqualTo("a|b\\c");
        assertThat(Ids.split("a|b\\c", 1)).containsExactly("a|b\\c");
    }

    @Test
    void severalColumnsAreJoinedAndEscaped() {
        assertThat(Ids.join(List.of("a|b", "7"))).isEqualTo("a\\|b|7");
        assertThat(Ids.split("a\\|b|7", 2)).containsExactly("a|b", "7");
    }

    @Test
    void anIdWithAnotherNumberOfPartsIsNone() {
        assertThat(Ids.split("a|b|c", 2)).isNull();
        assertThat(Ids.split("a", 2)).isNull();
        assertThat(Ids.split("a|b\\", 2)).isNull();
    }

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everyKeyComesBackAndNoTwoKeysShareAnId(long seed) {
        Random random = new Random(seed);
        Map<String, List<String>> byId = new HashMap<>();
        for (int i = 0; i < 50; i++) {
            List<String> key = new ArrayList<>();
            for (int part = 0; part < 2; part++) {
                StringBuilder text = new StringBuilder();
                for (int length = random.nextInt(4); length > 0; length--)
                    text.append("|\\a".charAt(random.nextInt(3)));
                key.add(text.toString());
            }
            String id = Ids.join(key);
            assertThat(Ids.split(id, 2)).isEqualTo(key);
            assertThat(byId.getOrDefault(id, key)).isEqualTo(key);
            byId.put(id, key);
        }
    }
}
