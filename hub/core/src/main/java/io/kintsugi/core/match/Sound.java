package io.kintsugi.core.match;

/** American Soundex of folded words, so that most misspellings of a name share a key. */
final class Sound {
    private static final String CODES = "01230120022455012623010202"; // of a to z; 0 says nothing

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

    private static char code(char c) {
        return c >= 'a' && c <= 'z' ? CODES.charAt(c - 'a') : '0';
    }
}
