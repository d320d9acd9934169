package io.kintsugi.server.api;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Finds what somebody who mistyped a name may have meant. */
final class Nearest {
    private Nearest() {}

    /** The end of a sentence: "; did you mean …?", or the names there are. */
    static String hint(String wrong, Collection<String> known) {
        if (known.isEmpty()) return "; there are none here";
        var best = known.stream()
                .sorted()
                .min(Comparator.comparingInt(name -> distance(wrong, name)))
                .orElseThrow();
        return distance(wrong, best) <= Math.max(2, best.length() / 3)
                ? "; did you mean \"" + best + "\"?"
                : "; there are " + String.join(", ", List.copyOf(new TreeSet<>(known)));
    }

    /** Least number of letters to add, drop, or change, whatever their case. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                int change = diagonal + (same ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
