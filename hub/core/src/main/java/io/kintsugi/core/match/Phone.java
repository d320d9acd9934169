package io.kintsugi.core.match;

import com.google.i18n.phonenumbers.NumberParseException;
import com.google.i18n.phonenumbers.PhoneNumberUtil;

/** A phone number as its national digits. Numbers without a country code are taken as they are, as their country is not known. */
final class Phone {
    private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();
    private static final int LOCAL = 7;

    private Phone() {}

    /** @return digits without country code, trunk prefix and extension; empty if that leaves fewer than 6 or only filler */
    static String digits(String raw) {
        if (raw == null || raw.isBlank()) return "";
        var text = Text.latin(Text.cut(raw)).trim();
        text = text.substring(0, extension(text));
        var digits = text.startsWith("+") ? national(text) : Text.digits(text);
        if (digits.length() == 11 && digits.charAt(0) == '1') digits = digits.substring(1);
        int zeros = 0;
        while (zeros < digits.length() && digits.charAt(zeros) == '0') zeros++;
        digits = digits.substring(zeros);
        if (digits.length() > 15 || digits.length() < 6) return "";
        return isFiller(digits) ? "" : digits;
    }

    private static String national(String text) {
        try {
            var number = NUMBERS.parse(text, null);
            return Long.toString(number.getNationalNumber());
        } catch (NumberParseException e) {
            return Text.digits(text); // numbers that no country has are still the same as themselves
        }
    }

    /** Where the extension begins, which needs a number before it ("Tel" has an e too); the end if there is none. */
    private static int extension(String text) {
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') digits++;
            if (digits > 5 && (c == 'x' || c == 'X' || c == 'e' || c == 'E' || c == '#')) return i;
        }
        return text.length();
    }

    private static boolean isFiller(String digits) {
        var last = local(digits);
        return Text.isFiller(last) || Text.isFiller(digits) || digits.endsWith("5550000");
    }

    /** The last 7 digits, which most ways of writing share. */
    static String local(String digits) {
        return digits.length() <= LOCAL ? digits : digits.substring(digits.length() - LOCAL);
    }

    /** 2 if one is the other with more in front, 1 if only the last 7 digits agree, else 0. */
    static int agreement(String a, String b) {
        if (a.endsWith(b) || b.endsWith(a)) return a.length() >= LOCAL && b.length() >= LOCAL || a.equals(b) ? 2 : 0;
        return a.length() >= LOCAL
                        && b.length() >= LOCAL
                        && a.regionMatches(a.length() - LOCAL, b, b.length() - LOCAL, LOCAL)
                ? 1
                : 0;
    }
}
