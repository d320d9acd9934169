package io.kintsugi.core.match;

/** Symmetric similarities of folded words that allocate nothing. */
final class Similarity {
    private static final int LONGEST = 64; // one bit per character

    private Similarity() {}

    /** Jaro–Winkler between 0 and 1 over the first 64 characters; 1 only for equal text. */
    static double jaroWinkler(String one, String other) {
        if (one.equals(other)) return 1;
        boolean inOrder = one.length() < other.length() || one.length() == other.length() && one.compareTo(other) < 0;
        var a = inOrder ? one : other;
        var b = inOrder ? other : one;
        int lengthA = Math.min(a.length(), LONGEST);
        int lengthB = Math.min(b.length(), LONGEST);
        if (lengthA == 0) return 0;
        int window = Math.max(0, lengthB / 2 - 1);
        long usedA = 0;
        long usedB = 0;
        int common = 0;
        for (int i = 0; i < lengthA; i++) {
            char c = a.charAt(i);
            int end = Math.min(lengthB - 1, i + window);
            for (int j = Math.max(0, i - window); j <= end; j++) {
                if (b.charAt(j) == c && (usedB >>> j & 1) == 0) {
                    usedA |= 1L << i;
                    usedB |= 1L << j;
                    common++;
                    break;
                }
            }
        }
        if (common == 0) return 0;
        int swapped = 0;
        long rest = usedB;
        for (int i = 0; i < lengthA; i++) {
            if ((usedA >>> i & 1) == 0) continue;
            if (a.charAt(i) != b.charAt(Long.numberOfTrailingZeros(rest))) swapped++;
            rest &= rest - 1;
        }
        double jaro = ((double) common / lengthA + (double) common / lengthB + (common - swapped / 2.0) / common) / 3;
        return Math.min(0.999, boosted(jaro, a, b));
    }

    /** Winkler's: words that begin alike are more alike. */
    private static double boosted(double jaro, String a, String b) {
        int most = Math.min(4, Math.min(a.length(), b.length()));
        int prefix = 0;
        while (prefix < most && a.charAt(prefix) == b.charAt(prefix)) prefix++;
        return jaro + prefix * 0.1 * (1 - jaro);
    }

    /**
     * Whether {@link #jaroWinkler} is at least {@code least}. Quicker than asking it where the two have few letters in common, as most
     * words have.
     */
    static boolean reaches(double least, String a, String b) {
        long missingA = letters(a) & ~letters(b);
        long missingB = letters(b) & ~letters(a);
        int lengthA = Math.min(a.length(), LONGEST);
        int lengthB = Math.min(b.length(), LONGEST);
        double common = Math.min(lengthA - Long.bitCount(missingA), lengthB - Long.bitCount(missingB));
        if (common <= 0) return least <= 0 || a.equals(b);
        double jaro = (common / lengthA + common / lengthB + 1) / 3;
        return boosted(jaro, a, b) >= least && jaroWinkler(a, b) >= least;
    }

    /** Which characters a word has; some share a bit. */
    private static long letters(String word) {
        long letters = 0;
        for (int i = Math.min(word.length(), LONGEST) - 1; i >= 0; i--) letters |= 1L << word.charAt(i);
        return letters;
    }

    /** Whether one insertion, deletion, replacement or exchange of neighbours makes them equal. Also true if they are equal. */
    static boolean oneEdit(String a, String b) {
        int shorter = Math.min(a.length(), b.length());
        int difference = a.length() - b.length();
        if (difference < -1 || difference > 1) return false;
        int head = 0;
        while (head < shorter && a.charAt(head) == b.charAt(head)) head++;
        int tail = 0;
        while (tail < shorter - head && a.charAt(a.length() - 1 - tail) == b.charAt(b.length() - 1 - tail)) tail++;
        int restA = a.length() - head - tail;
        int restB = b.length() - head - tail;
        if (restA <= 1 && restB <= 1) return true;
        return restA == 2 && restB == 2 && a.charAt(head) == b.charAt(head + 1) && a.charAt(head + 1) == b.charAt(head);
    }

    /**
     * How many insertions, deletions, replacements and exchanges of neighbours make them equal (optimal string alignment).
     *
     * @return more than {@code most} if it is more; how many more is not told
     */
    static int edits(String a, String b, int most) {
        int lengthA = Math.min(a.length(), LONGEST);
        int lengthB = Math.min(b.length(), LONGEST);
        if (Math.abs(lengthA - lengthB) > most) return most + 1;
        long lettersA = letters(a);
        long lettersB = letters(b);
        // an edit takes at most one letter from either
        if (Math.max(Long.bitCount(lettersA & ~lettersB), Long.bitCount(lettersB & ~lettersA)) > most) return most + 1;
        var before = new int[lengthB + 1];
        var last = new int[lengthB + 1];
        var row = new int[lengthB + 1];
        for (int j = 0; j <= lengthB; j++) last[j] = j;
        for (int i = 1; i <= lengthA; i++) {
            row[0] = i;
            int least = i;
            for (int j = 1; j <= lengthB; j++) {
                int edits = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                edits = Math.min(edits, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    edits = Math.min(edits, before[j - 2] + 1);
                }
                row[j] = edits;
                least = Math.min(least, edits);
            }
            if (least > most) return most + 1;
            var spare = before;
            before = last;
            last = row;
            row = spare;
        }
        return last[lengthB];
    }
}
