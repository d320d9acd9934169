package io.kintsugi.server.match;

import io.kintsugi.core.policy.Level;
import io.kintsugi.core.policy.MatchRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A weight that learning moved.
 *
 * @param comparison as the rules name it
 * @param before bits that the level said for a match, or against it
 * @param after bits that it says now
 */
public record Moved(String comparison, String level, double before, double after) {
    /** The weights of learned rules that moved by so many bits at least, the most moved first. A level of one attribute begins as that of its kind. */
    public static List<Moved> between(MatchRules given, MatchRules learned, double least) {
        var moved = new ArrayList<Moved>();
        learned.comparisons().forEach((name, comparison) -> {
            for (var level : comparison.levels()) {
                var before = before(given, name, level.name());
                if (before == null) continue;
                var move = new Moved(name, level.name(), before.bits(), level.bits());
                if (move.by() >= least) moved.add(move);
            }
        });
        moved.sort(Comparator.comparingDouble(Moved::by)
                .reversed()
                .thenComparing(Moved::comparison)
                .thenComparing(Moved::level));
        return moved;
    }

    private double by() {
        return Math.abs(after - before);
    }

    /** What a level was before it was learned; null if the given rules have none such. */
    public static Level before(MatchRules given, String comparison, String level) {
        var rules = given.comparison(comparison)
                .or(() -> given.comparison(comparison.split("\\.")[0]))
                .orElse(null);
        return rules == null || rules.indexOf(level) < 0 ? null : rules.levels().get(rules.indexOf(level));
    }
}
