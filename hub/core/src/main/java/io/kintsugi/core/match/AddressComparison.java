package io.kintsugi.core.match;

/** Compares two addresses; the house number compares exactly, streets and places allow for slips. */
final class AddressComparison {
    private AddressComparison() {}

    static double bits(Address a, Address b) {
        double street = 0;
        boolean sameStreet = false;
        if (a.hasStreet() && b.hasStreet()) {
            double likeness = likeness(a.street(), b.street());
            if (likeness < 0.9 && !(a.extra().isEmpty() && b.extra().isEmpty())) { // lines may be swapped
                likeness =
                        Math.max(likeness, Math.max(likeness(a.street(), b.extra()), likeness(a.extra(), b.street())));
            }
            sameStreet = likeness >= 0.9;
            street = likeness == 1 ? 6.5 : sameStreet ? 5 : likeness >= 0.8 ? 1 : -2;
        }
        return street + number(a, b, sameStreet) + extra(a, b) + place(a, b, sameStreet);
    }

    private static double number(Address a, Address b, boolean sameStreet) {
        if (a.number().isEmpty() || b.number().isEmpty()) return 0;
        if (a.number().equals(b.number())) {
            double unit =
                    a.unit().isEmpty() || b.unit().isEmpty() ? 0 : a.unit().equals(b.unit()) ? 1 : -2;
            return sameStreet ? 4.5 + unit : 2.5;
        }
        return !sameStreet ? 0 : a.number().length() > 1 && Similarity.oneEdit(a.number(), b.number()) ? 1 : -2;
    }

    private static double extra(Address a, Address b) {
        if (a.extra().isEmpty() || b.extra().isEmpty()) return 0;
        return likeness(a.extra(), b.extra()) >= 0.9 ? 4 : 0;
    }

    private static double place(Address a, Address b, boolean sameStreet) {
        double bits = 0;
        boolean sameCode = false;
        if (!a.postcode().isEmpty() && !b.postcode().isEmpty()) {
            sameCode = a.postcode().equals(b.postcode());
            bits += sameCode ? 6 : Similarity.oneEdit(a.postcode(), b.postcode()) ? 2 : -0.5;
        }
        if (!a.city().isEmpty() && !b.city().isEmpty()) {
            double likeness = likeness(a.city(), b.city());
            if (likeness >= 0.88) bits += sameCode ? 1 : 3;
            else if (!sameCode) bits -= sameStreet ? 0.5 : 1;
        } else if (a.rest().length > 0 || b.rest().length > 0) {
            if (mentions(a, b) || mentions(b, a) || shareWords(a.rest(), b.rest())) bits += 2;
        }
        if (!a.region().isEmpty() && !b.region().isEmpty()) bits += a.region().equals(b.region()) ? 0.5 : -0.7;
        return bits;
    }

    private static double likeness(String a, String b) {
        return a.equals(b)
                ? 1
                : Similarity.oneEdit(a, b) && Math.min(a.length(), b.length()) > 3
                        ? 0.95
                        : Similarity.jaroWinkler(a, b);
    }

    /** The words after a one-line street hold the city of the other. */
    private static boolean mentions(Address whole, Address parts) {
        if (parts.city().isEmpty()) return false;
        for (int i = 0; i < whole.rest().length; i++) {
            int at = 0;
            for (int j = i; j < whole.rest().length && parts.city().startsWith(whole.rest()[j], at); j++) {
                at += whole.rest()[j].length();
                if (at == parts.city().length()) return true;
            }
        }
        return false;
    }

    private static boolean shareWords(String[] a, String[] b) {
        for (var one : a) {
            if (one.length() < 4) continue;
            for (var other : b) if (one.equals(other)) return true;
        }
        return false;
    }
}
