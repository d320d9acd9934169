package io.kintsugi.server.cli;

import io.kintsugi.core.match.Counted.Generic;
import io.kintsugi.core.policy.MatchRules;
import io.kintsugi.server.Plural;
import io.kintsugi.server.match.BatchMatch.Learned;
import io.kintsugi.server.match.Moved;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a run learned from its file before it matched: a few lines for people, everything for machines. */
final class LearnedText {
    private static final int MOVED = 3; // weights that are named
    private static final double LITTLE = 1; // bits that are not worth a word
    private static final int LISTED = 5;
    private static final int WIDEST = 40;

    private final Learned learned;
    private final MatchRules given;

    /** @param given the rules that were started from */
    LearnedText(Learned learned, MatchRules given) {
        this.learned = learned;
        this.given = given;
    }

    void print(PrintWriter err) {
        var training = learned.training();
        var rules = training.rules();
        say(
                err,
                "learned from %s and %s in %s%s: %.2f duplicates and %.2f relatives a record",
                Plural.of(training.randomPairs(), "random pair"),
                Plural.of(training.patterns(), "pattern"),
                Plural.of(training.rounds().size(), "round"),
                training.settled() ? "" : " without coming to rest",
                rules.duplicates(),
                rules.relatives());
        var moved = Moved.between(given, rules, LITTLE).stream()
                .limit(MOVED)
                .map(m -> String.format(
                        Locale.ROOT, "%s %s %+.1f to %+.1f bits", m.comparison(), m.level(), m.before(), m.after()))
                .collect(Collectors.joining("; "));
        if (!moved.isEmpty()) err.println("most changed: " + moved);
        var generic = learned.generic();
        if (generic.isEmpty()) return;
        say(
                err,
                "%s shared by too many to say anything: %s%s",
                Plural.of(generic.size(), "value"),
                generic.stream().limit(LISTED).map(LearnedText::text).collect(Collectors.joining(", ")),
                generic.size() > LISTED ? ", …" : "");
    }

    private static String text(Generic value) {
        return String.format(
                Locale.ROOT,
                "%s %s of %s",
                value.what(),
                CliText.cell(value.value(), WIDEST),
                Plural.of(value.records(), "record"));
    }

    /** For JSON. Holds the values that are generic. */
    Map<String, Object> figures() {
        var training = learned.training();
        var rules = training.rules();
        var figures = new LinkedHashMap<String, Object>();
        figures.put("randomPairs", training.randomPairs());
        figures.put("patterns", training.patterns());
        figures.put("settled", training.settled());
        figures.put(
                "rounds",
                training.rounds().stream()
                        .map(r -> Map.of("same", r.same(), "related", r.related(), "change", r.change()))
                        .toList());
        figures.put("priorBits", rules.priorBits());
        figures.put("duplicatesPerRecord", rules.duplicates());
        figures.put("relativesPerRecord", rules.relatives());
        var comparisons = new LinkedHashMap<String, Object>();
        rules.comparisons().forEach((name, comparison) -> {
            var levels = new LinkedHashMap<String, Object>();
            for (var level : comparison.levels()) {
                var before = Moved.before(given, name, level.name());
                var values = new LinkedHashMap<String, Object>();
                values.put("m", level.m());
                values.put("u", level.u());
                values.put("bits", level.bits());
                values.put("givenBits", before == null ? null : before.bits());
                levels.put(level.name(), values);
            }
            comparisons.put(name, levels);
        });
        figures.put("comparisons", comparisons);
        figures.put(
                "genericValues",
                learned.generic().stream()
                        .map(g -> Map.of("what", g.what(), "value", g.value(), "records", g.records()))
                        .toList());
        return figures;
    }

    private static void say(PrintWriter err, String format, Object... values) {
        err.println(String.format(Locale.ROOT, format, values));
    }
}
