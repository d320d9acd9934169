package io.kintsugi.core.match;

import java.util.List;

/** Compares person names; of several names of a record those that fit best count. */
final class NameComparison implements Comparison {
    private static final List<String> GIVEN =
            List.of("exact", "nickname", "slip", "similar", "alike", "initial", "middle", "other", "different");
    private static final int EXACT = 0;
    private static final int NICKNAME = 1;
    private static final int SLIP = 2;
    private static final int SIMILAR = 3;
    /** Two names that people have are rather two names than one with a slip. */
    private static final int ALIKE = 4;

    private static final int INITIAL = 5;
    private static final int MIDDLE = 6;
    private static final int OTHER = 7;
    /** A name nobody has may be a damaged one. */
    private static final int DIFFERENT = 8;

    private static final List<String> FAMILY = List.of("exact", "slip", "similar", "part", "different");
    private static final int FAMILY_SLIP = 1;
    private static final int FAMILY_SIMILAR = 2;
    private static final int FAMILY_PART = 3;
    private static final int FAMILY_DIFFERENT = 4;

    /** How well two names fit, only to choose among several; the rules weigh the levels. */
    private static final double[] GIVEN_FIT = {8, 5, 6, 3, 0, 2.5, 2, -7, -5};

    private static final double[] FAMILY_FIT = {10, 7, 4, 6, -5};

    @Override
    public List<Aspect> aspects() {
        return List.of(
                new Aspect("givenName", "givenName", GIVEN, false),
                new Aspect("familyName", "familyName", FAMILY, false),
                Aspect.of("middleName", "exact", "initial", "different"),
                Aspect.of("nameSuffix", "same", "different"),
                Aspect.of("nameOrder", "swapped"));
    }

    @Override
    public void compare(Profile a, Profile b, Found found, int at) {
        PersonName nameA = null;
        PersonName nameB = null;
        boolean swapped = false;
        int given = Found.NONE;
        int family = Found.NONE;
        double best = Double.NEGATIVE_INFINITY;
        for (var one : a.names) {
            for (var other : b.names) {
                int g = given(one, other);
                int f = family(one, other);
                double fit = fit(g, f);
                boolean cross = false;
                if (fit < 0) {
                    int gf = crossed(one, other);
                    int fg = crossed(other, one);
                    if (agrees(gf) || agrees(fg)) {
                        double crossFit = fit(Found.NONE, gf) + fit(Found.NONE, fg) - 2;
                        if (crossFit > fit) {
                            cross = true;
                            fit = crossFit;
                            g = gf == Found.NONE
                                    ? Found.NONE
                                    : gf == 0
                                            ? EXACT
                                            : gf == FAMILY_SLIP ? SLIP : gf == FAMILY_DIFFERENT ? DIFFERENT : SIMILAR;
                            f = fg;
                        }
                    }
                }
                if (fit > best) {
                    best = fit;
                    nameA = one;
                    nameB = other;
                    given = g;
                    family = f;
                    swapped = cross;
                }
            }
        }
        if (nameA == null) return;
        if (given != Found.NONE) {
            double rarity = Math.min(nameA.givenBits(), swapped ? nameB.familyBits() : nameB.givenBits());
            found.set(at, given, rarity, nameA.given(), swapped ? nameB.family() : nameB.given());
        }
        if (family != Found.NONE) {
            double rarity = Math.min(nameA.familyBits(), swapped ? nameB.givenBits() : nameB.familyBits());
            found.set(at + 1, family, rarity, nameA.family(), swapped ? nameB.given() : nameB.family());
        }
        middle(nameA, nameB, found, at + 2);
        suffix(nameA, nameB, found, at + 3);
        if (swapped) found.set(at + 4, 0, nameA, nameB);
    }

    private static double fit(int given, int family) {
        return (given == Found.NONE ? 0 : GIVEN_FIT[given]) + (family == Found.NONE ? 0 : FAMILY_FIT[family]);
    }

    private static boolean agrees(int family) {
        return family >= 0 && family != FAMILY_DIFFERENT;
    }

    private static int given(PersonName a, PersonName b) {
        var one = a.given();
        var other = b.given();
        if (one.isEmpty() || other.isEmpty()) return Found.NONE;
        if (one.length() == 1 || other.length() == 1) {
            if (one.charAt(0) == other.charAt(0)) return INITIAL;
            return startsWith(a.middle(), other) || startsWith(b.middle(), one) || shortForm(one, other)
                    ? INITIAL
                    : OTHER;
        }
        if (one.equals(other) || a.sameWholeGiven(b)) return EXACT;
        if (shareForm(a.forms(), b.forms())) return NICKNAME;
        boolean known = a.knownGiven() && b.knownGiven();
        if (Similarity.oneEdit(one, other)) {
            return known ? ALIKE : one.length() > 2 && other.length() > 2 ? SLIP : SIMILAR;
        }
        int shorter = Math.min(one.length(), other.length());
        if (shorter >= 3 && (one.startsWith(other) || other.startsWith(one))) return known ? ALIKE : SIMILAR;
        if (one.equals(b.middle()) || other.equals(a.middle())) return MIDDLE;
        if (Similarity.reaches(0.86, one, other)) return known ? ALIKE : SIMILAR;
        boolean near = shorter > 4 && Similarity.edits(one, other, 2) <= 2 || Sound.sameConsonants(one, other);
        if (near) return known ? ALIKE : SIMILAR;
        return known ? OTHER : DIFFERENT;
    }

    private static int family(PersonName a, PersonName b) {
        return words(a.family(), a.familyWords(), b.family(), b.familyWords());
    }

    /** The given name of the first taken for a family name, and compared with that of the second. */
    private static int crossed(PersonName a, PersonName b) {
        return a.given().length() == 1 ? Found.NONE : words(a.given(), Text.NONE, b.family(), b.familyWords());
    }

    private static int words(String a, String[] wordsA, String b, String[] wordsB) {
        if (a.isEmpty() || b.isEmpty()) return Found.NONE;
        if (a.equals(b)) return EXACT;
        if (a.length() == 1 || b.length() == 1) return a.charAt(0) == b.charAt(0) ? Found.NONE : FAMILY_DIFFERENT;
        if (a.length() > 3 && b.length() > 3 && Similarity.oneEdit(a, b)) return FAMILY_SLIP;
        if (wordsA.length > 1 || wordsB.length > 1) {
            for (var one : wordsA) {
                if (one.length() < 3) continue;
                for (var other : wordsB) if (one.equals(other)) return FAMILY_PART;
            }
        }
        boolean similar = Similarity.reaches(0.88, a, b)
                || Math.min(a.length(), b.length()) > 4 && Similarity.edits(a, b, 2) <= 2
                || Sound.sameConsonants(a, b);
        return similar ? FAMILY_SIMILAR : FAMILY_DIFFERENT;
    }

    /** Initials count for their names. */
    private static void middle(PersonName a, PersonName b, Found found, int at) {
        var one = a.middle();
        var other = b.middle();
        if (one.isEmpty() || other.isEmpty()) return;
        int level;
        if (one.equals(other)) level = one.length() == 1 ? 1 : 0;
        else if (one.charAt(0) != other.charAt(0)) level = 2;
        else level = one.length() == 1 || other.length() == 1 || Similarity.jaroWinkler(one, other) > 0.86 ? 1 : 2;
        found.set(at, level, one, other);
    }

    private static void suffix(PersonName a, PersonName b, Found found, int at) {
        var one = generation(a, b);
        var other = generation(b, a);
        if (one.isEmpty() || other.isEmpty()) return;
        boolean second = one.equals("jr") && other.equals("2") || one.equals("2") && other.equals("jr");
        if (!second) found.set(at, one.equals(other) ? 0 : 1, one, other);
    }

    /** A last "I" is an initial, but beside a "II" it is the first of that name. */
    private static String generation(PersonName name, PersonName beside) {
        if (!name.suffix().isEmpty()) return name.suffix();
        boolean counted =
                !beside.suffix().isEmpty() && Character.isDigit(beside.suffix().charAt(0));
        return counted && name.middle().equals("i") ? "1" : "";
    }

    /** "B" may be Bob, who is Robert. */
    private static boolean shortForm(String one, String other) {
        return one.length() == 1 ? NameTable.mayBegin(other, one.charAt(0)) : NameTable.mayBegin(one, other.charAt(0));
    }

    private static boolean shareForm(String[] a, String[] b) {
        if (a.length == 1 && b.length == 1) return false; // the names themselves, which differ
        for (var one : a) for (var other : b) if (one.equals(other)) return true;
        return false;
    }

    private static boolean startsWith(String middle, String initial) {
        return initial.length() == 1 && !middle.isEmpty() && middle.charAt(0) == initial.charAt(0);
    }
}
