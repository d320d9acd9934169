package io.kintsugi.core.match;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** A calendar day as the number yyyymmdd; month and day are 0 if unknown, and the whole is 0 if nothing is known. */
final class Day {
    /** How months begin in English, German, French, Spanish, Italian, Portuguese, Dutch and Scandinavian languages. */
    private static final List<Set<String>> MONTHS = Stream.of(
                    "jan ene gen",
                    "feb fev",
                    "mar mrt maa",
                    "apr avr abr",
                    "may mai mei mag maj",
                    "jun juin giu",
                    "jul juil lug",
                    "aug aou ago",
                    "sep set",
                    "oct okt ott out",
                    "nov",
                    "dec dez dic des")
            .map(starts -> Set.of(starts.split(" ")))
            .toList();

    private static final int PIVOT = 30; // two-digit years up to this are of the 21st century

    private Day() {}

    /**
     * Reads ISO dates, yyyymmdd, years alone, and day, month and year in any order a person would write. Where both are possible the
     * day comes first between full stops, as all write it who use them, and the month otherwise.
     *
     * @return 0 for anything else, and for placeholders such as 1900-01-01
     */
    static int of(String raw) {
        if (raw == null || raw.isBlank() || raw.length() > 40) return 0;
        var text = Text.latin(raw).trim().toLowerCase(Locale.ROOT);
        int time = text.indexOf('t') > 7 && text.charAt(4) == '-' ? text.indexOf('t') : text.indexOf(' ');
        if (time >= 8 && text.indexOf(':') > time) text = text.substring(0, time);
        var parts = new String[4];
        int count = 0;
        for (int i = 0; i < text.length(); ) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = c >= 'a' && c <= 'z';
            if (!digit && !letter) {
                i++;
                continue;
            }
            int start = i;
            while (i < text.length() && (digit ? isDigit(text.charAt(i)) : isLetter(text.charAt(i)))) i++;
            if (!digit && i - start < 3) continue; // st, nd, rd, th
            if (count == 4) return 0;
            parts[count++] = text.substring(start, i);
        }
        if (count == 1) return single(parts[0]);
        return count == 3 ? triple(parts, text.indexOf('.') >= 0) : 0;
    }

    private static int single(String digits) {
        if (!Text.isNumber(digits)) return 0;
        int number = digits.length() <= 8 ? Integer.parseInt(digits) : 0;
        if (digits.length() == 4) return valid(number, 0, 0, false);
        if (digits.length() != 8) return 0;
        return valid(number / 10_000, number / 100 % 100, number % 100, true);
    }

    private static int month(String name) {
        for (int i = 0; i < MONTHS.size(); i++) {
            var starts = MONTHS.get(i);
            if (starts.contains(name.substring(0, 3)) || name.length() > 3 && starts.contains(name.substring(0, 4)))
                return i + 1;
        }
        return 0;
    }

    private static int triple(String[] parts, boolean stops) {
        int month = 0;
        int named = -1;
        for (int i = 0; i < 3; i++) {
            if (!Text.isNumber(parts[i])) {
                if (named >= 0) return 0;
                named = i;
                month = month(parts[i]);
                if (month == 0) return 0;
            } else if (parts[i].length() > 4) {
                return 0;
            }
        }
        int first = named == 0 ? 0 : Integer.parseInt(parts[0]);
        int second = named == 1 ? 0 : Integer.parseInt(parts[1]);
        int third = named == 2 ? 0 : Integer.parseInt(parts[2]);
        if (named >= 0) {
            if (named == 2) return valid(year(parts[0], first), month, second, true);
            int day = named == 0 ? second : first;
            if (named == 1 && parts[0].length() == 4) return valid(first, month, third, true);
            return valid(year(parts[2], third), month, day, true);
        }
        if (parts[0].length() == 4) return valid(first, second, third, true);
        int year = year(parts[2], third);
        boolean dayFirst = first > 12 || stops && second <= 12;
        return dayFirst ? valid(year, second, first, true) : valid(year, first, second, true);
    }

    private static int year(String digits, int value) {
        return digits.length() == 4 ? value : value <= PIVOT ? 2000 + value : 1900 + value;
    }

    private static int valid(int year, int month, int day, boolean full) {
        if (year < 1000 || year > 2200 || year == 9999) return 0;
        if (full && (month < 1 || month > 99 || day < 1 || day > 99)) return valid(year, 0, 0, false);
        if (year == 1900 && month <= 1 && day <= 1 || year == 1970 && month == 1 && day == 1) return 0;
        if (month == 11 && day == 11 && year == 1111) return 0;
        return year * 10_000 + month * 100 + day;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return c >= 'a' && c <= 'z';
    }

    /** The number as an object that writes itself in ISO form. */
    static Object written(int day) {
        return new Object() {
            @Override
            public String toString() {
                return text(day);
            }
        };
    }

    static int year(int day) {
        return day / 10_000;
    }

    static int month(int day) {
        return day / 100 % 100;
    }

    static int dayOfMonth(int day) {
        return day % 100;
    }

    /** Whether both are full dates that differ in one digit, or in two neighbouring digits exchanged. */
    static boolean oneSlip(int a, int b) {
        int differences = 0;
        int first = -1;
        int second = -1;
        int x = a;
        int y = b;
        for (int i = 0; i < 8; i++, x /= 10, y /= 10) {
            if (x % 10 == y % 10) continue;
            differences++;
            if (first < 0) first = i;
            else second = i;
        }
        if (differences == 1) return true;
        if (differences != 2 || second != first + 1) return false;
        int unit = (int) Math.pow(10, first);
        return a / unit % 10 == b / (unit * 10) % 10 && a / (unit * 10) % 10 == b / unit % 10;
    }

    /** ISO form, shorter if month or day are unknown. */
    static String text(int day) {
        if (month(day) == 0) return Integer.toString(year(day));
        return year(day)
                + (month(day) < 10 ? "-0" : "-")
                + month(day)
                + (dayOfMonth(day) < 10 ? "-0" : "-")
                + dayOfMonth(day); // a year has four digits (valid)
    }
}
