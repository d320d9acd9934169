package io.kintsugi.core.match;

import java.util.List;

/** Compares birth dates as {@link Day} numbers, and genders. */
final class BirthComparison implements Comparison {
    private static final int GENERATION = 15; // years

    @Override
    public List<Aspect> aspects() {
        return List.of(
                Aspect.of(
                        "birthDate",
                        "exact",
                        "swapped",
                        "slip",
                        "year",
                        "two parts",
                        "next year",
                        "same year",
                        "one part",
                        "different",
                        "generation"),
                Aspect.of("gender", "same", "different"));
    }

    @Override
    public void compare(Profile a, Profile b, Found found, int at) {
        int best = Integer.MAX_VALUE;
        for (int one : a.births) {
            for (int other : b.births) {
                int level = level(one, other);
                if (level < best) {
                    best = level;
                    found.set(at, level, Day.written(one), Day.written(other));
                }
            }
        }
        if (a.gender != 0 && b.gender != 0) found.set(at + 1, a.gender == b.gender ? 0 : 1, a.gender, b.gender);
    }

    private static int level(int a, int b) {
        int years = Math.abs(Day.year(a) - Day.year(b));
        if (Day.month(a) == 0 || Day.month(b) == 0) {
            return years == 0 ? 3 : years == 1 ? 5 : years < GENERATION ? 8 : 9;
        }
        if (a == b) return 0;
        boolean swapped = Day.month(a) == Day.dayOfMonth(b) && Day.dayOfMonth(a) == Day.month(b);
        if (years == 0 && swapped) return 1;
        if (Day.oneSlip(a, b)) return 2;
        int same = (years == 0 ? 1 : 0)
                + (Day.month(a) == Day.month(b) ? 1 : 0)
                + (Day.dayOfMonth(a) == Day.dayOfMonth(b) ? 1 : 0);
        if (same == 2 || swapped && years == 1) return 4;
        if (years == 0) return 6;
        return years >= GENERATION ? 9 : same == 1 ? 7 : 8;
    }
}
