package io.kintsugi.core.match;

import com.ibm.icu.text.Normalizer2;
import com.ibm.icu.text.Transliterator;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.text.StringEscapeUtils;

/** Brings text of any script to lower-case ASCII words, so that spelling alone makes no difference. */
final class Text {
    /** Nothing longer is compared; what follows is cut off. */
    static final int LONGEST = 400;

    private static final Transliterator TO_ASCII = Transliterator.getInstance("Any-Latin; Latin-ASCII; Lower");
    private static final Normalizer2 NFKC = Normalizer2.getNFKCInstance();
    private static final Set<String> PLACEHOLDERS = setOf(
            "n a,na,none,null,nil,unknown,unk,undefined,not available,not applicable,not provided,not known,"
                    + "not specified,no name,noname,test,tester,testing,test test,dummy,tbd,tba,todo,x,xx,xxx,xxxx,"
                    + "xxxxx,asdf,asd,qwerty,abc,foo,bar,default,sample,anonymous,blank,empty,missing,no,other,various,"
                    + "first name,last name,no email,noemail",
            ",");

    private Text() {}

    /**
     * Folded to ASCII lower case, every run of other characters one blank, apostrophes gone. Empty for null and for text without
     * letters or digits. Never fails: broken surrogates and control characters count as blanks.
     */
    static String fold(String raw) {
        if (raw == null || raw.isEmpty()) return "";
        var text = visible(raw);
        if (!isAscii(text)) {
            text = TO_ASCII.transliterate(NFKC.normalize(text));
        } else if (text.indexOf('&') >= 0 && text.indexOf(';') > 0) {
            text = StringEscapeUtils.unescapeHtml4(text);
            if (!isAscii(text)) text = TO_ASCII.transliterate(NFKC.normalize(text));
        }
        int end = Math.min(text.length(), LONGEST);
        var folded = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded.append((char) (c + 32));
            } else if (c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
                folded.append(c);
            } else if (c != '\'' && c != '`' && !folded.isEmpty() && folded.charAt(folded.length() - 1) != ' ') {
                folded.append(' ');
            }
        }
        if (!folded.isEmpty() && folded.charAt(folded.length() - 1) == ' ') folded.setLength(folded.length() - 1);
        return folded.toString();
    }

    /** {@link #fold}ed, and empty if it only stands for a missing value, such as "n/a". */
    static String meaningful(String raw) {
        var folded = fold(raw);
        return isPlaceholder(folded) ? "" : folded;
    }

    /** Whether folded text stands for a missing value. */
    static boolean isPlaceholder(String folded) {
        return folded.length() <= 16 && PLACEHOLDERS.contains(folded);
    }

    /** Words of folded text; none if it is empty. */
    static String[] words(String folded) {
        return folded.isEmpty() ? NONE : folded.split(" ");
    }

    static final String[] NONE = {};

    /** Letters and digits of folded text without the blanks. */
    static String compact(String folded) {
        return folded.indexOf(' ') < 0 ? folded : folded.replace(" ", "");
    }

    /** Cut, without characters that have no width or shape, and with an ordinary blank for every kind of space. */
    static String visible(String raw) {
        var text = cut(raw);
        if (isAscii(text)) return text;
        var visible = new StringBuilder(text.length());
        text.codePoints()
                .filter(c -> Character.getType(c) != Character.FORMAT)
                .forEach(c -> visible.appendCodePoint(Character.isSpaceChar(c) ? ' ' : c));
        return visible.toString();
    }

    static String digits(String raw) {
        var digits = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c >= '0' && c <= '9') digits.append(c);
        }
        return digits.toString();
    }

    /** One character repeated, or digits counting up or down: no number anybody really has. */
    static boolean isFiller(String compact) {
        if (compact.length() < 3) return compact.chars().allMatch(c -> c == '0');
        int step = compact.charAt(1) - compact.charAt(0);
        if (step < -1 || step > 1) return false;
        for (int i = 2; i < compact.length(); i++) {
            int next = compact.charAt(i) - compact.charAt(i - 1);
            if (next != step && !(step == 1 && next == '0' - '9')) return false;
        }
        return step == 0 || compact.length() >= 6;
    }

    static boolean isNumber(String word) {
        for (int i = 0; i < word.length(); i++) if (word.charAt(i) < '0' || word.charAt(i) > '9') return false;
        return !word.isEmpty();
    }

    /** @return {@code values} without empty ones and repeats, in order; shares {@link #NONE} if nothing is left */
    static String[] distinct(String[] values) {
        if (values.length < 2) return values.length == 0 || values[0] == null || values[0].isEmpty() ? NONE : values;
        var kept = Arrays.stream(values)
                .filter(v -> v != null && !v.isEmpty())
                .distinct()
                .toArray(String[]::new);
        return kept.length == 0 ? NONE : kept;
    }

    /** Parts of a list of names, separated by semicolons; if there are none, by commas, "&amp;" and "and". */
    static String[] people(String list) {
        var text = list.length() > LONGEST * 5 ? list.substring(0, LONGEST * 5) : list;
        if (text.indexOf('&') >= 0) text = StringEscapeUtils.unescapeHtml4(text);
        if (text.indexOf(';') >= 0) return text.split(";");
        return text.split(",|&| and | AND ");
    }

    static Set<String> setOf(String list, String separator) {
        return Set.of(list.split(separator));
    }

    /** Reads "key=value key=value"; an underscore in a key is a blank. */
    static Map<String, String> mapOf(String pairs) {
        return Arrays.stream(pairs.split(" "))
                .map(pair -> pair.split("="))
                .collect(Collectors.toUnmodifiableMap(pair -> pair[0].replace('_', ' '), pair -> pair[1]));
    }

    static String cut(String raw) {
        if (raw.length() <= LONGEST) return raw;
        return raw.substring(0, Character.isHighSurrogate(raw.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST);
    }

    /** The same text in Latin letters without accents and with the digits 0 to 9; what stands between them stays. */
    static String latin(String raw) {
        if (isAscii(raw)) return raw;
        var text = new StringBuilder(raw.length());
        NFKC.normalize(cut(raw)).codePoints().forEach(c -> {
            if (Character.isDigit(c)) text.append(Character.digit(c, 10));
            else text.appendCodePoint(c);
        });
        return TO_ASCII.transliterate(text.toString());
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) if (text.charAt(i) >= 128) return false;
        return true;
    }
}
