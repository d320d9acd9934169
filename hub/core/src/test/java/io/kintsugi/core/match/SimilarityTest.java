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

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatReachesALikenessHasIt(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            var a = i % 20 == 0 ? "" : word(random);
            var b = i % 30 == 0 ? "" : i % 3 == 0 ? slip(a, random) : word(random);
            double least = 0.7 + random.nextInt(31) / 100.0;
            assertThat(Similarity.reaches(least, a, b))
                    .as("%s and %s, %s", a, b, least)
                    .isEqualTo(Similarity.jaroWinkler(a, b) >= least);
            double own = Similarity.jaroWinkler(a, b);
            assertThat(Similarity.reaches(own, a, b)).as("%s and %s", a, b).isTrue();
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void editsAreCountedAsTheWholeTableCountsThem(long seed) {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            var a = word(random);
            var b = i % 2 == 0 ? slip(slip(slip(a, random), random), random) : word(random);
            int all = wholeTable(a, b);
            for (int most = 0; most < 4; most++) {
                int edits = Similarity.edits(a, b, most);
                if (all <= most) assertThat(edits).as("%s and %s", a, b).isEqualTo(all);
                else assertThat(edits).as("%s and %s", a, b).isGreaterThan(most);
            }
        }
    }

    private static int wholeTable(String a, String b) {
        var edits = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int replaced = edits[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                edits[i][j] = Math.min(replaced, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
                }
            }
        }
        return edits[a.length()][b.length()];
    }

    @Test
    void longTextIsCutNotRefused() {
        assertThat(Similarity.jaroWinkler("a".repeat(10_000), "b" + "a".repeat(9_999)))
                .isBetween(0.9, 0.999);
    }

    private static Offset<Double> within(double value) {
        return Offset.offset(value);
    }

    /** Without a letter, with one more, another, or two exchanged. */
    private static String slip(String word, Random random) {
        if (word.length() < 2) return word + "z";
        int at = random.nextInt(word.length() - 1);
        var rest = word.substring(at + 1);
        return word.substring(0, at)
                + switch (random.nextInt(4)) {
                    case 0 -> rest;
                    case 1 -> "k" + word.charAt(at) + rest;
                    case 2 -> "k" + rest;
                    default -> "" + rest.charAt(0) + word.charAt(at) + rest.substring(1);
                };
    }

    private static String word(Random random) {
        var word = new StringBuilder();
        for (int i = random.nextInt(9); i >= 0; i--) word.append((char) ('a' + random.nextInt(4)));
        return word.toString();
    }
}
