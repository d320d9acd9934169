package io.kintsugi.core.match;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A title or other text as a bag of words.
 *
 * @param words distinct, sorted
 * @param weights of the words, longer ones more; parallel to them
 * @param total sum of the weights
 * @param compact all words in their order without blanks
 */
record Title(String[] words, double[] weights, double total, String compact) {
    private static final int MOST_WORDS = 60;
    private static final Set<String> STOP = Text.setOf(
            "the a an of and in on for to with by at from or is are as its s der die das und le la les de "
                    + "des du et el los las y i il un une",
            " ");

    /** @return null if no word is left */
    static Title of(String raw) {
        var folded = Text.meaningful(raw);
        return folded.isEmpty() ? null : of(Arrays.asList(Text.words(folded)));
    }

    static Title of(List<String> inOrder) {
        var words = inOrder.stream().limit(MOST_WORDS).distinct().sorted().toArray(String[]::new);
        var weights = new double[words.length];
        double total = 0;
        for (int i = 0; i < words.length; i++) {
            weights[i] = weight(words[i]);
            total += weights[i];
        }
        return new Title(words, weights, total, String.join("", inOrder));
    }

    /** Long words and numbers tell more than short ones; a stand-in for counting them, which would depend on the data seen. */
    static double weight(String word) {
        if (STOP.contains(word)) return 0.15;
        if (Text.isNumber(word)) return 1.2;
        return Math.min(word.length(), 10) / 5.0;
    }

    /** Share of the weight both have in common, between 0 and 1; words one edit apart count nearly as equal. */
    double similarity(Title other) {
        if (compact.equals(other.compact)) return 1;
        double common = 0;
        int j = 0;
        long usedHere = 0;
        long usedThere = 0;
        for (int i = 0; i < words.length && j < other.words.length; ) {
            int order = words[i].compareTo(other.words[j]);
            if (order == 0) {
                common += 2 * weights[i];
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
                    common += 0.85 * (weights[i] + other.weights[k]);
                    usedHere |= 1L << i;
                    usedThere |= 1L << k;
                    break;
                }
            }
        }
        return Math.min(0.999, common / (total + other.total));
    }

    /** Share of the lighter one's weight that the other has too. */
    double containment(Title other) {
        return Math.min(1, similarity(other) * (total + other.total) / 2 / Math.min(total, other.total));
    }

    private static boolean alike(String a, String b) {
        if (b.length() < 4) return false;
        if (a.length() > 4 && b.length() > 4 && Similarity.oneEdit(a, b)) return true;
        return a.startsWith(b) || b.startsWith(a);
    }

    @Override
    public String toString() {
        return String.join(" ", words);
    }
}
