package io.kintsugi.core.match;

import java.util.List;

/** Compares lists of people. */
final class PeopleComparison implements Comparison {
    @Override
    public List<Aspect> aspects() {
        return List.of(Aspect.of("people", "all", "all of fewer", "most", "some", "none"));
    }

    @Override
    public void compare(Profile a, Profile b, Found found, int at) {
        if (a.people.length == 0 || b.people.length == 0) return;
        int common = common(a.people, b.people);
        int fewer = Math.min(a.people.length, b.people.length);
        int level = common == fewer
                ? a.people.length == b.people.length ? 0 : 1
                : common * 2 >= fewer && common > 0 ? 2 : common > 0 ? 3 : 4;
        found.set(at, level, a.people.length + " people", b.people.length + " people, " + common + " in common");
    }

    /** People of the first list that the second one has too: same family name, and given names that do not contradict. */
    static int common(PersonName[] a, PersonName[] b) {
        int common = 0;
        long used = 0;
        for (var one : a) {
            for (int j = 0; j < b.length; j++) {
                if ((used >>> j & 1) == 0 && samePerson(one, b[j])) {
                    used |= 1L << j;
                    common++;
                    break;
                }
            }
        }
        return common;
    }

    private static boolean samePerson(PersonName a, PersonName b) {
        var family = a.family();
        var other = b.family();
        boolean sameFamily = family.equals(other) || family.length() > 4 && Similarity.oneEdit(family, other);
        if (sameFamily) {
            return a.given().isEmpty()
                    || b.given().isEmpty()
                    || a.given().charAt(0) == b.given().charAt(0);
        }
        return family.equals(b.given()) && (other.equals(a.given()) || initialOf(other, a.given()))
                || other.equals(a.given()) && initialOf(family, b.given())
                || family.length() > 3 && hasWord(other, b.middle(), family)
                || other.length() > 3 && hasWord(family, a.middle(), other);
    }

    private static boolean initialOf(String a, String b) {
        return !a.isEmpty() && !b.isEmpty() && (a.length() == 1 || b.length() == 1) && a.charAt(0) == b.charAt(0);
    }

    /** A last name may be the middle one of the other: "Rafael Camps" is "Rafael Camps Paré". */
    private static boolean hasWord(String family, String middle, String word) {
        return !family.isEmpty() && !middle.isEmpty() && (middle.equals(word) || middle.endsWith(" " + word));
    }
}
