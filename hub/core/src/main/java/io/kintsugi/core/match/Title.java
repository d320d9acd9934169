package io.kintsugi.core.match;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A title or other text as a bag of words.
 *
 * @param words distinct, sorted
 * @param weights of the words, rarer ones more; parallel to them
 * @param total sum of the weights
 * @param compact all words in their order without blanks
 * @param mostBits what agreement on the whole text is worth at most; infinite unless others are known to have it too
 * @param base bits an agreement is worth even before its words are counted
 */
record Title(String[] words, double[] weights, double total, String compact, double mostBits, double base) {
    private static final int MOST_WORDS = 60;
    private static final double UNCOUNTED = 5; // bits of any agreement, while nobody has counted the words
    private static final double DEPENDENT = 0.7; // words of a text come together, so they tell less than each alone
    private static final Set<String> STOP = Text.setOf(
            "the a an of and in on for to with by at from or is are as its s der die das und le la les de "
                    + "des du et el los las y i il un une",
            " ");

    /** @return null if no word is left */
    static Title of(String raw) {
        var folded = Text.meaningful(Models.joined(raw));
        return folded.isEmpty() ? null : of(Arrays.asList(Text.words(folded)));
    }

    static Title of(List<String> inOrder) {
        var words = inOrder.stream().limit(MOST_WORDS).distinct().sorted().toArray(String[]::new);
        return weighed(words, String.join("", inOrder), word -> 2 * weight(word), Double.POSITIVE_INFINITY, UNCOUNTED);
    }

    /**
     * The same text with weights that were counted.
     *
     * @param bits of one word
     * @param wholeBits what the whole text is worth at most
     */
    Title counted(ToDoubleFunction<String> bits, double wholeBits) {
        return weighed(
                words,
                compact,
                word -> (STOP.contains(word) ? 0.15 : 1) * DEPENDENT * bits.applyAsDouble(word),
                wholeBits,
                0);
    }

    private static Title weighed(
            String[] words, String compact, ToDoubleFunction<String> weight, double mostBits, double base) {
        var weights = new double[words.length];
        double total = 0;
        for (int i = 0; i < words.length; i++) {
            weights[i] = Math.max(0.05, weight.applyAsDouble(words[i]));
            total += weights[i];
        }
        return new Title(words, weights, total, compact, mostBits, base);
    }

    /** Long words and numbers tell more than short ones; a stand-in where nobody has counted them. */
    private static double weight(String word) {
        if (STOP.contains(word)) return 0.15;
        if (Text.isNumber(word)) return 1.2;
        return Math.min(word.length(), 10) / 5.0;
    }

    /** Its words that tell most, sorted; none of those that every text has. */
    String[] rarest(int most) {
        return IntStream.range(0, words.length)
                .boxed()
                .filter(i -> weight(words[i]) > 0.5)
                .sorted(Comparator.comparingDouble((Integer i) -> -weights[i])
                        .thenComparing(i -> -words[i].length())
                        .thenComparing(i -> words[i]))
                .limit(most)
                .map(i -> words[i])
                .sorted()
                .toArray(String[]::new);
    }

    boolean has(String word) {
        return Arrays.binarySearch(words, word) >= 0;
    }

    /** What agreement on the words both have can be worth at most, in bits. */
    double commonBits(Title other) {
        double common = base;
        for (int i = 0, j = 0; i < words.length && j < other.words.length; ) {
            int order = words[i].compareTo(other.words[j]);
            if (order == 0) common += Math.min(weights[i], other.weights[j]);
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
        return compact.equals(other.compact) ? Math.min(common, Math.min(mostBits, other.mostBits)) : common;
    }

    /** Share of the weight both have in common, between 0 and 1; words one edit apart count nearly as equal. */
    double similarity(Title other) {
        if (compact.equals(other.compact)) return 1;
        double common = 0;
        double all = total + other.total;
        int j = 0;
        long usedHere = 0;
        long usedThere = 0;
        for (int i = 0; i < words.length && j < other.words.length; ) {
            int order = words[i].compareTo(other.words[j]);
            if (order == 0) {
                common += weights[i] + other.weights[j];
                usedHere |= 1L << i;
                usedThere |= 1L << j;
            }
            if (order <= 0) i++;
            if (order >= 0) j++;
        }
        for (int i = 0; i < words.length; i++) {
            if ((usedHere >>> i & 1) != 0 || words[i].length() < 4) continue;
            for (int k = 0; k < other.words.length; k++) {
                if ((usedThere >>> k & 1) == 0 && alike(words[i], other.words[k])) {
                    double less = Math.min(weights[i], other.weights[k]); // a slip is rarer than its word
                    all -= weights[i] + other.weights[k] - 2 * less;
                    common += 0.85 * 2 * less;
                    usedHere |= 1L << i;
                    usedThere |= 1L << k;
                    break;
                }
            }
        }
        return Math.min(0.999, common / all);
    }

    /** Share of the lighter one's weight that the other has too. */
    double containment(Title other) {
        return Math.min(1, similarity(other) * (total + other.total) / 2 / Math.min(total, other.total));
    }

    private static boolean alike(String a, String b) {
        if (b.length() < 4 || Text.isNumber(a) || Text.isNumber(b)) return false;
        if (a.length() > 4 && b.length() > 4 && Similarity.oneEdit(a, b)) return true;
        return a.startsWith(b) || b.startsWith(a);
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
