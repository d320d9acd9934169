package io.kintsugi.core.sync;

import io.kintsugi.core.model.AttributeType;
import java.util.Locale;

/**
 * Whether two values of an attribute say the same, so that nothing needs to be written. Loose only where formats carry no meaning:
 * the case of e-mail addresses, and of phone numbers the punctuation, the trunk prefix and a country code that only one side gives. Everything else is exact, or a person's edit
 * of a letter's case would be lost.
 */
public final class Equivalence {
    private Equivalence() {}

    /** @param type null for an attribute the model does not know; null values and empty texts are the same */
    public static boolean same(AttributeType type, String a, String b) {
        var left = a == null ? "" : a;
        var right = b == null ? "" : b;
        if (left.equals(right)) return true;
        if (type == null || left.isEmpty() || right.isEmpty()) return false;
        return switch (type) {
            case EMAIL, DOMAIN -> left.strip().equalsIgnoreCase(right.strip());
            case PHONE -> samePhone(left, right);
            default -> false;
        };
    }

    /**
     * Whether a value is what systems commonly make of another: cut off, in another case, with other spaces or punctuation. Says
     * nothing about whose it is; enough only where little else can be. Never of a reference: another id is another record, however
     * like it looks.
     *
     * @param type null for an attribute the model does not know
     * @param held not null; empty is nobody's image
     */
    public static boolean looksLikeImage(AttributeType type, String sent, String held) {
        if (type == AttributeType.REFERENCE) return false;
        var kept = lettersAndDigits(held);
        return !kept.isEmpty() && lettersAndDigits(sent).startsWith(kept);
    }

    private static String lettersAndDigits(String text) {
        var out = new StringBuilder(text.length());
        text.toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .forEach(out::appendCodePoint);
        return out.toString();
    }

    private static boolean samePhone(String a, String b) {
        var left = digits(a);
        var right = digits(b);
        if (left.isEmpty() || left.equals(right)) return !left.isEmpty();
        boolean international = international(a);
        if (international == international(b)) return false; // an area code is part of the number
        var longer = international ? left : right;
        var shorter = international ? right : left;
        return shorter.length() >= 7 && longer.endsWith(shorter) && longer.length() - shorter.length() <= 3;
    }

    private static boolean international(String number) {
        var text = number.strip();
        return text.startsWith("+") || text.startsWith("00");
    }

    private static String digits(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            int digit = Character.digit(text.charAt(i), 10);
            if (digit >= 0) out.append((char) ('0' + digit));
        }
        int zeros = 0; // trunk prefix
        while (zeros < out.length() && out.charAt(zeros) == '0') zeros++;
        return out.substring(zeros);
    }
}
