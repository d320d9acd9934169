package io.kintsugi.core.match;

import java.util.List;

/**
 * Compares one aspect of two profiles. Symmetric up to left and right, without state, and free of weights: it says which level holds,
 * the rules say what that is worth.
 */
interface Comparison {
    /**
     * What one comparison reports.
     *
     * @param name for people
     * @param rules name of its weights in the document of rules
     * @param levels it can find, by position
     * @param bounded whether the rarity of what both have bounds the weight, as for texts, rather than replaces {@code u}, as for names
     */
    record Aspect(String name, String rules, List<String> levels, boolean bounded) {
        static Aspect of(String name, String... levels) {
            return new Aspect(name, name, List.of(levels), false);
        }

        static Aspect bounded(String name, String rules, List<String> levels) {
            return new Aspect(name, rules, levels, true);
        }
    }

    /** In the order in which {@link #compare} reports them. */
    List<Aspect> aspects();

    /**
     * Reports a level for each aspect that both profiles have something to say about.
     *
     * @param at position of the first aspect
     */
    void compare(Profile a, Profile b, Found found, int at);
}
