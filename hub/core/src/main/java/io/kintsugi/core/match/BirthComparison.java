package io.kintsugi.core.match;

/** Compares two birth dates as {@link Day} numbers. */
final class BirthComparison {
    private BirthComparison() {}

    static double bits(int a, int b) {
        boolean fullA = Day.month(a) != 0;
        boolean fullB = Day.month(b) != 0;
        if (!fullA || !fullB) {
            int apart = Math.abs(Day.year(a) - Day.year(b));
            return apart == 0 ? 5 : apart == 1 ? 0 : -4;
        }
        if (a == b) return 12;
        boolean sameYear = Day.year(a) == Day.year(b);
        if (sameYear && Day.month(a) == Day.dayOfMonth(b) && Day.dayOfMonth(a) == Day.month(b)) return 9;
        if (Day.oneSlip(a, b)) return 6;
        int same = (sameYear ? 1 : 0)
                + (Day.month(a) == Day.month(b) ? 1 : 0)
                + (Day.dayOfMonth(a) == Day.dayOfMonth(b) ? 1 : 0);
        return same == 2 ? 0 : same == 1 ? -6 : -8;
    }
}
