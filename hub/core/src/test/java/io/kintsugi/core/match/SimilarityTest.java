package io.kintsugi.core.match;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.LongStream;
import org.apache.commons.text.similarity.JaroWinklerSimilarity;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SimilarityTest {
    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest
    @CsvSource({
        "smith,smith,true",
        "smith,smth,true",
        "smith,simth,true",
        "smith,smyth,true",
        "smith,smithe,true",
        "smith,msiht,false",
        "smith,jones,false",
        "ab,ba,true",
        "'',a,true",
        "'',ab,false",
        "abcd,badc,false"
    })
    void oneEditIsOneSlip(String a, String b, boolean expected) {
        assertThat(Similarity.oneEdit(a, b)).isEqualTo(expected);
        assertThat(Similarity.oneEdit(b, a)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void jaroWinklerIsSymmetricAndCloseToTheKnownOne(long seed) {
        var random = new Random(seed);
        var known = new JaroWinklerSimilarity();
        for (int i = 0; i < 200; i++) {
            var a = word(random);
            var b = word(random);
            double ours = Similarity.jaroWinkler(a, b);
            assertThat(Similarity.jaroWinkler(b, a)).isEqualTo(ours);
            if (!a.equals(b)) assertThat(ours).isBetween(0.0, 0.999);
            // the known one boosts only above 0.7, and greedy matches may differ by direction
            if (known.apply(a, b) > 0.8) assertThat(ours).isCloseTo(known.apply(a, b), within(0.12));
        }
    }

    @Test
    void longTextIsCutNotRefused() {
        assertThat(Similarity.jaroWinkler("a".repeat(10_000), "b" + "a".repeat(9_999)))
                .isBetween(0.9, 0.999);
    }

    private static Offset<Double> within(double value) {
        return Offset.offset(value);
    }

    private static String word(Random random) {
        var word = new StringBuilder();
        for (int i = random.nextInt(9); i >= 0; i--) word.append((char) ('a' + random.nextInt(4)));
        return word.toString();
    }
}
