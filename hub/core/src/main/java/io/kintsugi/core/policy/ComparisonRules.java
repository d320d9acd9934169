package io.kintsugi.core.policy;

import java.util.HashSet;
import java.util.List;

/**
 * The weights of one comparison. A pair at none of the levels, for example because a value is missing, is no evidence.
 *
 * @param name as the matcher calls it, for example {@code familyName}
 * @param levels best first; at least one, names unique, and no kind of share sums to more than 1
 */
public record ComparisonRules(String name, List<Level> levels) {
    private static final double ROUNDING = 1.0005;

    public ComparisonRules {
        levels = List.copyOf(levels);
        if (levels.isEmpty()) throw new IllegalArgumentException("comparison " + name + " has no levels");
        var names = new HashSet<String>();
        for (var level : levels) {
            if (!names.add(level.name())) {
                throw new IllegalArgumentException("comparison " + name + " has the level " + level.name() + " twice");
            }
        }
        sum(name, "m", levels.stream().mapToDouble(Level::m).sum());
        sum(name, "u", levels.stream().mapToDouble(Level::u).sum());
        sum(name, "related", levels.stream().mapToDouble(Level::related).sum());
    }

    private static void sum(String name, String what, double sum) {
        if (sum > ROUNDING) {
            throw new IllegalArgumentException(
                    "comparison " + name + ": the " + what + " of its levels sum to " + sum + ", which is more than 1");
        }
    }

    /** Position of a level; -1 if there is none of that name. */
    public int indexOf(String level) {
        for (int i = 0; i < levels.size(); i++) if (levels.get(i).name().equals(level)) return i;
        return -1;
    }
}
