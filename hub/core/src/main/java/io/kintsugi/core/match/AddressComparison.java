package io.kintsugi.core.match;

import java.util.List;

/** Compares addresses; the house number compares exactly, streets and places allow for slips. */
final class AddressComparison implements Comparison {
    private static final List<String> STREET = List.of(
            "same", "similar", "other unit", "number slip", "street", "other number", "alike", "number", "different");
    private static final List<String> PLACE = List.of(
            "code and city",
            "code",
            "near code and city",
            "city",
            "near code",
            "city, other code",
            "mentioned",
            "region",
            "different",
            "elsewhere");
    /** How well two addresses fit, only to choose among several. */
    private static final double[] STREET_FIT = {11, 9.5, 8, 7, 6, 4.5, 1, 0.5, -2};

    private static final double ALIKE = 0.8;

    private static final double[] PLACE_FIT = {7, 6, 5, 3, 2, 2.5, 2, 0.5, -1.5, -2.5};

    @Override
    public List<Aspect> aspects() {
        return List.of(
                new Aspect("street", "street", STREET, false),
                Aspect.of("building", "same", "different"),
                new Aspect("place", "place", PLACE, false));
    }

    @Override
    public void compare(Profile a, Profile b, Found found, int at) {
        double best = Double.NEGATIVE_INFINITY;
        for (var one : a.addresses) {
            for (var other : b.addresses) {
                boolean crossed = crossed(one, other);
                int street = street(one, other, crossed);
                int building = building(one, other);
                int place = place(one, other);
                double fit = (street < 0 ? 0 : STREET_FIT[street])
                        + (building == 0 ? 4 : 0)
                        + (place < 0 ? 0 : PLACE_FIT[place]);
                if (fit <= best) continue;
                best = fit;
                found.set(at, street, one, other);
                found.set(at + 1, building, one.extra(), other.extra());
                found.set(at + 2, place, one, other);
            }
        }
    }

    /** Lines may be swapped. */
    private static boolean crossed(Address a, Address b) {
        return !(a.extra().isEmpty() && b.extra().isEmpty())
                && likeness(a.street(), b.street()) < 0.9
                && Math.max(likeness(a.street(), b.extra()), likeness(a.extra(), b.street())) >= 0.9;
    }

    private static int street(Address a, Address b, boolean crossed) {
        boolean streets = a.hasStreet() && b.hasStreet();
        boolean numbers = !a.number().isEmpty() && !b.number().isEmpty();
        boolean sameNumber = numbers && a.number().equals(b.number());
        if (!streets && !crossed) return sameNumber ? 7 : Found.NONE;
        double likeness = crossed ? 0.95 : likeness(a.street(), b.street());
        if (likeness < 0.9) return likeness >= ALIKE ? 6 : sameNumber ? 7 : 8;
        if (!numbers) return 4;
        if (sameNumber) {
            if (!a.unit().isEmpty() && !b.unit().isEmpty() && !a.unit().equals(b.unit())) return 2;
            return likeness == 1 ? 0 : 1;
        }
        return a.number().length() > 1 && Similarity.oneEdit(a.number(), b.number()) ? 3 : 5;
    }

    private static int building(Address a, Address b) {
        if (a.extra().isEmpty() || b.extra().isEmpty()) return Found.NONE;
        return likeness(a.extra(), b.extra()) >= 0.9 ? 0 : 1;
    }

    private static int place(Address a, Address b) {
        boolean codes = !a.postcode().isEmpty() && !b.postcode().isEmpty();
        boolean cities = !a.city().isEmpty() && !b.city().isEmpty();
        boolean sameCode = codes && a.postcode().equals(b.postcode());
        boolean nearCode = codes && !sameCode && Similarity.oneEdit(a.postcode(), b.postcode());
        boolean sameCity = cities && likeness(a.city(), b.city()) >= 0.88;
        boolean mentioned = !cities
                && (a.rest().length > 0 || b.rest().length > 0)
                && (mentions(a, b) || mentions(b, a) || shareWords(a.rest(), b.rest()));
        if (sameCode) return sameCity || mentioned ? 0 : 1;
        if (sameCity) return nearCode ? 2 : codes ? 5 : 3;
        if (nearCode) return 4;
        if (mentioned) return 6;
        boolean regions = !a.region().isEmpty() && !b.region().isEmpty();
        if (regions && !a.region().equals(b.region())) return 9;
        if (codes || cities) return 8;
        return regions ? 7 : Found.NONE;
    }

    /** Of little likeness it is only told that there is little. */
    private static double likeness(String a, String b) {
        if (a.isEmpty() || b.isEmpty()) return 0;
        if (a.equals(b)) return 1;
        if (Math.min(a.length(), b.length()) > 3 && Similarity.oneEdit(a, b)) return 0.95;
        return Similarity.reaches(ALIKE, a, b) ? Similarity.jaroWinkler(a, b) : 0;
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
