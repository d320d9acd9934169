package io.kintsugi.core.match;

import io.kintsugi.core.match.NameComparison.Level;
import io.kintsugi.core.model.Attribute;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.Evidence;
import java.util.List;
import java.util.Locale;

/**
 * Sums the weights of all comparisons of a pair. Facts that come together, such as the name, street and phone of a household, are
 * one group that is worth less than its parts.
 */
final class Scorer {
    private static final double BEYOND_CAP = 0.15; // what evidence above a cap still counts

    private static final double MOST_BEYOND = 1.8; // with it a household still stays below the automatic threshold
    private static final int GENERATION = 15; // years
    private static final double NAMESAKE = 4; // what a given name is worth where parents and children may share it

    private final Weights weights;
    private final boolean organisations;
    private final boolean persons;
    private final SlotComparison[] slots;

    Scorer(EntityType type, Weights weights, List<Attribute> slots) {
        this.weights = weights;
        organisations = type.kind() == EntityType.Kind.ORGANISATION;
        persons = type.kind() == EntityType.Kind.PERSON;
        this.slots = slots.stream().map(SlotComparison::of).toArray(SlotComparison[]::new);
    }

    /**
     * @param a the one with the smaller key
     * @param trail takes the evidence that sums to the result; null if nobody asks
     */
    double score(Profile a, Profile b, List<Evidence> trail) {
        double total = weights.prior();
        if (trail != null) trail.add(new Evidence("prior", null, null, "before comparing", total));

        PersonName nameA = null;
        PersonName nameB = null;
        var given = Level.MISSING;
        var family = Level.MISSING;
        boolean swapped = false;
        double givenBits = 0;
        double familyBits = 0;
        double best = Double.NEGATIVE_INFINITY;
        for (var one : a.names) {
            for (var other : b.names) {
                var g = NameComparison.given(one, other);
                var f = NameComparison.family(one, other);
                double gBits = NameComparison.givenBits(g, one, other);
                double fBits = NameComparison.familyBits(f, one, other);
                boolean cross = false;
                if (gBits + fBits < 0) {
                    var gf = NameComparison.givenWithFamily(one, other);
                    var fg = NameComparison.givenWithFamily(other, one);
                    double bits = NameComparison.swappedBits(gf, fg, one, other);
                    if (bits > gBits + fBits) {
                        cross = true;
                        g = gf.agrees() ? fg : gf;
                        f = gf.agrees() ? gf : fg;
                        gBits = bits / 2;
                        fBits = bits / 2;
                    }
                }
                if (gBits + fBits > best) {
                    best = gBits + fBits;
                    nameA = one;
                    nameB = other;
                    given = g;
                    family = f;
                    givenBits = gBits;
                    familyBits = fBits;
                    swapped = cross;
                }
            }
        }

        boolean relative = given == Level.DIFFERENT && (family.agrees() || family == Level.MISSING);
        double place = familyBits;
        if (nameA != null) {
            double middleBits = NameComparison.middleBits(nameA, nameB);
            double suffixBits = suffix(nameA, nameB);
            total += givenBits + middleBits + suffixBits;
            if (trail != null) {
                var how = swapped ? "swapped" : null;
                add(trail, "givenName", nameA.given(), nameB.given(), how != null ? how : given.text, givenBits);
                add(trail, "familyName", nameA.family(), nameB.family(), how != null ? how : family.text, familyBits);
                add(trail, "middleName", nameA.middle(), nameB.middle(), agreement(middleBits), middleBits);
                add(trail, "nameSuffix", nameA.suffix(), nameB.suffix(), agreement(suffixBits), suffixBits);
            }
        }
        place += address(a, b, trail);
        place += phone(a, b, trail);
        total += place;
        if (place > weights.placeCap()) {
            double counted = weights.placeCap() + Math.min(MOST_BEYOND, (place - weights.placeCap()) * BEYOND_CAP);
            double excess = counted - place;
            total += excess;
            if (trail != null) {
                add(trail, organisations ? "office" : "household", null, null, "one fact told several times", excess);
            }
        }
        // who has a name is a person, and the organisation beside it an employer
        total += organisation(a, b, persons && (a.names.length > 0 || b.names.length > 0), trail);
        double birthBits = birth(a, b, relative, trail);
        total += birthBits;
        if (givenBits > NAMESAKE && birthBits < 0 && family.agrees() && aGenerationApart(a.births, b.births)) {
            total += NAMESAKE - givenBits;
            add(trail, "namesake", null, null, "parents and children share names", NAMESAKE - givenBits);
        }
        if (a.gender != 0 && b.gender != 0) {
            double bits = a.gender == b.gender ? 0.7 : -4;
            total += bits;
            add(trail, "gender", String.valueOf(a.gender), String.valueOf(b.gender), agreement(bits), bits);
        }
        total += email(a, b, relative, trail);
        if (organisations) total += domain(a, b, trail);
        total += title(a, b, trail);
        total += people(a, b, trail);
        for (int i = 0; i < slots.length; i++) {
            if (a.slots[i] == null || b.slots[i] == null) continue;
            double bits = slots[i].bits(a.slots[i], b.slots[i]);
            total += bits;
            add(trail, slots[i].name(), a.slots[i], b.slots[i], agreement(bits), bits);
        }
        return total;
    }

    private static boolean aGenerationApart(int[] a, int[] b) {
        return Math.abs(Day.year(a[0]) - Day.year(b[0])) >= GENERATION;
    }

    private static double suffix(PersonName a, PersonName b) {
        if (a.suffix().isEmpty() || b.suffix().isEmpty()) return 0;
        if (a.suffix().equals(b.suffix())) return 2;
        boolean second = a.suffix().equals("jr") && b.suffix().equals("2")
                || a.suffix().equals("2") && b.suffix().equals("jr");
        return second ? 0 : -12;
    }

    private static double address(Profile a, Profile b, List<Evidence> trail) {
        double best = Double.NEGATIVE_INFINITY;
        Address left = null;
        Address right = null;
        for (var one : a.addresses) {
            for (var other : b.addresses) {
                double bits = AddressComparison.bits(one, other);
                if (bits > best) {
                    best = bits;
                    left = one;
                    right = other;
                }
            }
        }
        if (left == null) return 0;
        if (trail != null) add(trail, "address", left.toString(), right.toString(), agreement(best), best);
        return best;
    }

    private static double phone(Profile a, Profile b, List<Evidence> trail) {
        double best = Double.NEGATIVE_INFINITY;
        String left = null;
        String right = null;
        for (var one : a.phones) {
            for (var other : b.phones) {
                int agreement = Phone.agreement(one, other);
                double bits = agreement == 2
                        ? 11
                        : agreement == 1 ? 7 : one.length() > 6 && Similarity.oneEdit(one, other) ? 5 : -0.7;
                if (bits > best) {
                    best = bits;
                    left = one;
                    right = other;
                }
            }
        }
        if (left == null) return 0;
        add(trail, "phone", left, right, agreement(best), best);
        return best;
    }

    private static double organisation(Profile a, Profile b, boolean employer, List<Evidence> trail) {
        double best = Double.NEGATIVE_INFINITY;
        OrganisationName left = null;
        OrganisationName right = null;
        for (var one : a.organisations) {
            for (var other : b.organisations) {
                double bits = TextComparison.organisationBits(one, other);
                if (bits > best) {
                    best = bits;
                    left = one;
                    right = other;
                }
            }
        }
        if (left == null) return 0;
        if (employer) best = Math.max(-0.5, Math.min(4, best / 3)); // many work for one
        if (trail != null) add(trail, "organisationName", left.toString(), right.toString(), agreement(best), best);
        return best;
    }

    private static double birth(Profile a, Profile b, boolean relative, List<Evidence> trail) {
        double best = Double.NEGATIVE_INFINITY;
        int left = 0;
        int right = 0;
        for (int one : a.births) {
            for (int other : b.births) {
                double bits = BirthComparison.bits(one, other);
                if (bits > best) {
                    best = bits;
                    left = one;
                    right = other;
                }
            }
        }
        if (left == 0) return 0;
        // brothers and sisters can be twins
        if (relative && best > 8) best = 8;
        if (trail != null) add(trail, "birthDate", Day.text(left), Day.text(right), agreement(best), best);
        return best;
    }

    private static double email(Profile a, Profile b, boolean relative, List<Evidence> trail) {
        double best = Double.NEGATIVE_INFINITY;
        Email left = null;
        Email right = null;
        for (var one : a.emails) {
            for (var other : b.emails) {
                double bits = TextComparison.emailBits(one, other);
                if (bits > best) {
                    best = bits;
                    left = one;
                    right = other;
                }
            }
        }
        if (left == null) return 0;
        // families share mailboxes
        if (relative && best > 3) best = 3;
        if (trail != null) add(trail, "email", left.toString(), right.toString(), agreement(best), best);
        return best;
    }

    private static double domain(Profile a, Profile b, List<Evidence> trail) {
        if (a.domains.length == 0 || b.domains.length == 0) return 0;
        for (var one : a.domains) {
            for (var other : b.domains) {
                if (one.equals(other)) {
                    add(trail, "domain", one, other, "exact", 9);
                    return 9;
                }
            }
        }
        add(trail, "domain", a.domains[0], b.domains[0], "different", -1.5);
        return -1.5;
    }

    private static double title(Profile a, Profile b, List<Evidence> trail) {
        double best = Double.NEGATIVE_INFINITY;
        Title left = null;
        Title right = null;
        for (var one : a.titles) {
            for (var other : b.titles) {
                double bits = TextComparison.titleBits(one, other);
                if (bits > best) {
                    best = bits;
                    left = one;
                    right = other;
                }
            }
        }
        if (left == null) return 0;
        if (trail != null) {
            var level = String.format(Locale.ROOT, "similar %.2f", left.similarity(right));
            add(trail, "title", left.toString(), right.toString(), level, best);
        }
        return best;
    }

    private static double people(Profile a, Profile b, List<Evidence> trail) {
        if (a.people.length == 0 || b.people.length == 0) return 0;
        int common = TextComparison.commonPeople(a.people, b.people);
        int fewer = Math.min(a.people.length, b.people.length);
        double bits = common == fewer ? Math.min(8, 4 + 2 * common) : common * 2 >= fewer ? 3 : common > 0 ? 0 : -6;
        if (trail != null) {
            var level = common + " of " + fewer + " in common";
            add(trail, "people", a.people.length + " people", b.people.length + " people", level, bits);
        }
        return bits;
    }

    private static String agreement(double bits) {
        return bits >= 6 ? "same" : bits > 0 ? "similar" : bits == 0 ? "no evidence" : "different";
    }

    private static void add(List<Evidence> trail, String name, String left, String right, String level, double bits) {
        if (trail == null || bits == 0) return;
        trail.add(new Evidence(name, emptyIsNull(left), emptyIsNull(right), level, bits));
    }

    private static String emptyIsNull(String text) {
        return text == null || text.isEmpty() ? null : text;
    }
}
