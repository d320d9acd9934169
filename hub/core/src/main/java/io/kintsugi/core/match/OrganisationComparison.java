package io.kintsugi.core.match;

import java.util.List;

/** Compares names of organisations, their legal forms apart. Beside a person's name an organisation is an employer. */
final class OrganisationComparison implements Comparison {
    private static final double[] LIKENESS = {1, 0.9, 0.8, 0.65, 0.5};
    private static final List<String> NAME = List.of("exact", "0.90", "0.80", "0.65", "0.50", "different");

    private final boolean persons;

    /** @param persons whether the records are of persons */
    OrganisationComparison(boolean persons) {
        this.persons = persons;
    }

    @Override
    public List<Aspect> aspects() {
        return List.of(
                Aspect.bounded("organisationName", "organisationName", NAME),
                Aspect.of("legalForm", "same", "different"),
                Aspect.of("employer", "same", "similar", "different"));
    }

    @Override
    public void compare(Profile a, Profile b, Found found, int at) {
        OrganisationName left = null;
        OrganisationName right = null;
        double best = -1;
        for (var one : a.organisations) {
            for (var other : b.organisations) {
                double likeness = likeness(one, other);
                if (likeness > best) {
                    best = likeness;
                    left = one;
                    right = other;
                }
            }
        }
        if (left == null) return;
        if (persons && (a.names.length > 0 || b.names.length > 0)) {
            found.set(at + 2, best >= 0.9 ? 0 : best >= 0.65 ? 1 : 2, left, right);
            return;
        }
        found.set(at, TextComparison.level(LIKENESS, best), left.base().commonBits(right.base()), left, right);
        if (!left.legalForm().isEmpty() && !right.legalForm().isEmpty()) {
            found.set(at + 1, left.legalForm().equals(right.legalForm()) ? 0 : 1, left.legalForm(), right.legalForm());
        }
    }

    static double likeness(OrganisationName a, OrganisationName b) {
        double likeness = TextComparison.likeness(a.base(), b.base());
        var one = a.base().compact();
        var other = b.base().compact();
        if (likeness < 1 && one.length() > 4 && other.length() > 4) {
            if (one.equals(other)) return 1;
            if (Similarity.oneEdit(one, other)) return Math.max(likeness, 0.95);
            double jaroWinkler = Similarity.jaroWinkler(one, other);
            if (jaroWinkler >= 0.9) likeness = Math.max(likeness, 2 * jaroWinkler - 1);
        }
        return likeness;
    }
}
