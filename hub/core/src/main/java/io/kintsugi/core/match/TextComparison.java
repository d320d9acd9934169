package io.kintsugi.core.match;

/** Compares titles, names of organisations, mailboxes and lists of people. */
final class TextComparison {
    private static final double EVEN = 0.45; // share of common words that speaks neither way

    private TextComparison() {}

    static double titleBits(Title a, Title b) {
        double exact = Math.min(13, 5 + 2 * Math.min(a.total(), b.total()));
        double likeness = likeness(a, b);
        return likeness >= EVEN ? exact * (likeness - EVEN) / (1 - EVEN) : 8 * (likeness - EVEN) / EVEN;
    }

    static double organisationBits(OrganisationName a, OrganisationName b) {
        double bits = titleBits(a.base(), b.base());
        var one = a.base().compact();
        var other = b.base().compact();
        if (bits < 8 && one.length() > 4 && other.length() > 4) {
            double likeness = Similarity.oneEdit(one, other) ? 0.96 : Similarity.jaroWinkler(one, other);
            if (likeness >= 0.9) bits = Math.max(bits, 8 - 50 * (1 - likeness));
        }
        if (!a.legalForm().isEmpty() && !b.legalForm().isEmpty())
            bits += a.legalForm().equals(b.legalForm()) ? 0.5 : -1.5;
        return bits;
    }

    static double emailBits(Email a, Email b) {
        boolean sameDomain = a.domain().equals(b.domain());
        if (a.local().equals(b.local())) {
            if (a.role()) return sameDomain ? 1.5 : 0;
            return sameDomain ? 13 : a.local().length() > 4 ? 5 : 1;
        }
        if (!sameDomain) return -0.7;
        if (a.local().length() > 4 && b.local().length() > 4 && Similarity.oneEdit(a.local(), b.local())) return 7;
        return a.free() ? -0.7 : 2;
    }

    /** People of the first list that the second one has too: same family name, and given names that do not contradict. */
    static int commonPeople(PersonName[] a, PersonName[] b) {
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
        return sameFamily
                        && (a.given().isEmpty()
                                || b.given().isEmpty()
                                || a.given().charAt(0) == b.given().charAt(0))
                || family.equals(b.given()) && other.equals(a.given());
    }

    private static double likeness(Title a, Title b) {
        double likeness = a.similarity(b);
        return likeness > 0.75 ? likeness : Math.max(likeness, 0.75 * a.containment(b));
    }
}
