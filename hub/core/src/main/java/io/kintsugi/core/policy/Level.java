package io.kintsugi.core.policy;

/**
 * One outcome of a comparison and how often it occurs. Its match weight is log2(m/u).
 *
 * @param name as the comparison calls it, for example {@code exact}
 * @param m share of pairs of the same thing at this level, above 0
 * @param u share of unrelated pairs at this level, above 0
 * @param related share of pairs that are different but belong together, such as members of a household, at this level
 * @param frequency how far the rarity of the common value replaces {@code u}: 0 not at all, 1 wholly
 */
public record Level(String name, double m, double u, double related, double frequency) {
    public Level {
        share(name, "m", m);
        share(name, "u", u);
        share(name, "related", related);
        if (!(frequency >= 0 && frequency <= 1)) {
            throw new IllegalArgumentException(
                    "level " + name + ": frequency must be between 0 and 1, not " + frequency);
        }
    }

    private static void share(String level, String what, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    "level " + level + ": " + what + " must be above 0 and at most 1, not " + value);
        }
    }

    /** Match weight in bits, before any adjustment for frequency. */
    public double bits() {
        return log2(m / u);
    }

    /** How much likelier the level is among related pairs than among unrelated ones, in bits. */
    public double relatedBits() {
        return log2(related / u);
    }

    /** The same level with other shares. */
    public Level with(double newM, double newU, double newRelated) {
        return new Level(name, newM, newU, newRelated, frequency);
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }
}
