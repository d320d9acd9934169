package io.kintsugi.core.sync;

import io.kintsugi.core.model.AttributeType;

/**
 * Whether two values of an attribute say the same, so that nothing needs to be written. Loose only where formats carry no meaning:
 * the case of e-mail addresses and the punctuation and country code of phone numbers. Everything else is exact, or a person's edit
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

    private static boolean samePhone(String a, String b) {
        var left = digits(a);
        var right = digits(b);
        if (left.length() < 7 || right.length() < 7) return left.equals(right) && !left.isEmpty();
        var longer = left.length() >= right.length() ? left : right;
        var shorter = left.length() >= right.length() ? right : left;
        return longer.endsWith(shorter) && longer.length() - shorter.length() <= 3;
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
