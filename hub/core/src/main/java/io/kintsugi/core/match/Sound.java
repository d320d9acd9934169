package io.kintsugi.core.match;

/** American Soundex of folded words, so that most misspellings of a name share a key. */
final class Sound {
    private static final String CODES = "01230120022455012623010202"; // of a to z; 0 says nothing

    private static final int SILENT = "aeiouyhw".chars().map(c -> 1 << c - 'a').reduce(0, (a, b) -> a | b);

    private Sound() {}

    /** @return letter and three digits; empty for empty text */
    static String of(String word) {
        if (word.isEmpty()) return "";
        var code = new StringBuilder(4).append(word.charAt(0));
        char last = code(word.charAt(0));
        for (int i = 1; i < word.length() && code.length() < 4; i++) {
            char c = word.charAt(i);
            char digit = code(c);
            if (digit != '0' && digit != last) code.append(digit);
            if (c != 'h' && c != 'w') last = digit;
        }
        while (code.length() < 4) code.append('0');
        return code.toString();
    }

    /**
     * Whether two words have the same consonants in the same order, so that only vowels and their spelling differ, as they do between
     * transcriptions: "siddiqui" and "sdyqy".
     */
    static boolean sameConsonants(String one, String other) {
        var a = one.indexOf('x') < 0 ? one : one.replace("x", "ks");
        var b = other.indexOf('x') < 0 ? other : other.replace("x", "ks");
        int i = 0;
        int j = 0;
        char last = 0;
        int common = 0;
        while (true) {
            while (i < a.length() && isSilent(a.charAt(i), last)) i++;
            while (j < b.length() && isSilent(b.charAt(j), last)) j++;
            if (i == a.length() || j == b.length()) return i == a.length() && j == b.length() && common > 1;
            char c = like(a.charAt(i++));
            if (c != like(b.charAt(j++))) return false;
            last = c;
            common++;
        }
    }

    private static boolean isSilent(char c, char last) {
        return c >= 'a' && c <= 'z' && (SILENT >>> c - 'a' & 1) != 0 || like(c) == last;
    }

    private static char like(char c) {
        return c == 'c' || c == 'q' ? 'k' : c == 'z' ? 's' : c;
    }

    private static char code(char c) {
        return c >= 'a' && c <= 'z' ? CODES.charAt(c - 'a') : '0';
    }
}
