package io.kintsugi.core.match;

/** Compares the parts of two person names. */
final class NameComparison {
    /** What comparing two parts found; better ones first. */
    enum Level {
        EXACT("exact"),
        NICKNAME("nickname"),
        TYPO("one slip"),
        SIMILAR("similar"),
        PART("in part"),
        INITIAL("initial"),
        MIDDLE("middle name"),
        MISSING("missing"),
        DIFFERENT("different");

        final String text;

        Level(String text) {
            this.text = text;
        }

        boolean agrees() {
            return ordinal() <= PART.ordinal();
        }
    }

    private static final double SWAPPED = 2; // how rare it is that parts are entered the wrong way round

    private NameComparison() {}

    static Level given(PersonName a, PersonName b) {
        var one = a.given();
        var other = b.given();
        if (one.isEmpty() || other.isEmpty()) return Level.MISSING;
        if (one.length() == 1 || other.length() == 1) {
            if (one.charAt(0) == other.charAt(0)) return Level.INITIAL;
            return startsWith(a.middle(), other) || startsWith(b.middle(), one) ? Level.INITIAL : Level.DIFFERENT;
        }
        if (one.equals(other) || a.sameWholeGiven(b)) return Level.EXACT;
        if (shareForm(a.forms(), b.forms())) return Level.NICKNAME;
        if (Similarity.oneEdit(one, other)) return one.length() > 2 && other.length() > 2 ? Level.TYPO : Level.SIMILAR;
        int shorter = Math.min(one.length(), other.length());
        if (shorter >= 3 && (one.startsWith(other) || other.startsWith(one))) return Level.SIMILAR;
        if (one.equals(b.middle()) || other.equals(a.middle())) return Level.MIDDLE;
        return Similarity.jaroWinkler(one, other) >= 0.86 ? Level.SIMILAR : Level.DIFFERENT;
    }

    static double givenBits(Level level, PersonName a, PersonName b) {
        double exact = Math.max(a.givenBits(), b.givenBits());
        return switch (level) {
            case EXACT -> Math.min(a.givenBits(), b.givenBits());
            case NICKNAME -> Math.min(6, exact - 3);
            // two names that people have are rather two names than one with a slip
            case TYPO -> bothKnown(a, b) ? 1.5 : exact - 4;
            case SIMILAR -> bothKnown(a, b) ? -1 : 3;
            case INITIAL -> 2.5;
            case MIDDLE -> 2;
            case PART, MISSING -> 0;
            // a name nobody has may be a damaged one
            case DIFFERENT -> bothKnown(a, b) ? -7.5 : -5;
        };
    }

    static Level family(PersonName a, PersonName b) {
        return words(a.family(), a.familyWords(), b.family(), b.familyWords());
    }

    static double familyBits(Level level, PersonName a, PersonName b) {
        return bits(level, Math.min(a.familyBits(), b.familyBits()));
    }

    /** The given name of the first taken for a family name, and compared with that of the second. */
    static Level givenWithFamily(PersonName a, PersonName b) {
        return a.given().length() == 1 ? Level.MISSING : words(a.given(), Text.NONE, b.family(), b.familyWords());
    }

    /** Bits for names whose parts were entered the wrong way round; less than 0 unless a part agrees. */
    static double swappedBits(Level givenWithFamily, Level familyWithGiven, PersonName a, PersonName b) {
        if (!givenWithFamily.agrees() && !familyWithGiven.agrees()) return Double.NEGATIVE_INFINITY;
        return bits(givenWithFamily, a.givenBits()) + bits(familyWithGiven, b.givenBits()) - SWAPPED;
    }

    /** Bits for the middle names: initials count for their names. */
    static double middleBits(PersonName a, PersonName b) {
        var one = a.middle();
        var other = b.middle();
        if (one.isEmpty() || other.isEmpty()) return 0;
        if (one.equals(other)) return one.length() == 1 ? 2 : 4;
        if (one.charAt(0) != other.charAt(0)) return -2.5;
        return one.length() == 1 || other.length() == 1 || Similarity.jaroWinkler(one, other) > 0.86 ? 2 : -1.5;
    }

    private static Level words(String a, String[] wordsA, String b, String[] wordsB) {
        if (a.isEmpty() || b.isEmpty()) return Level.MISSING;
        if (a.equals(b)) return Level.EXACT;
        if (a.length() > 3 && b.length() > 3 && Similarity.oneEdit(a, b)) return Level.TYPO;
        if (wordsA.length > 1 || wordsB.length > 1) {
            for (var one : wordsA) {
                if (one.length() < 3) continue;
                for (var other : wordsB) if (one.equals(other)) return Level.PART;
            }
        }
        return Similarity.jaroWinkler(a, b) >= 0.88 ? Level.SIMILAR : Level.DIFFERENT;
    }

    private static double bits(Level level, double exact) {
        return switch (level) {
            case EXACT -> exact;
            case TYPO -> exact - 3;
            case SIMILAR -> exact - 6;
            case PART -> exact - 4;
            case NICKNAME, INITIAL, MIDDLE, MISSING -> 0;
            case DIFFERENT -> -5;
        };
    }

    private static boolean bothKnown(PersonName a, PersonName b) {
        return a.knownGiven() && b.knownGiven();
    }

    private static boolean shareForm(String[] a, String[] b) {
        for (var one : a) for (var other : b) if (one.equals(other)) return true;
        return false;
    }

    private static boolean startsWith(String middle, String initial) {
        return initial.length() == 1 && !middle.isEmpty() && middle.charAt(0) == initial.charAt(0);
    }
}
