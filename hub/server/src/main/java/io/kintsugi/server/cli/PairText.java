package io.kintsugi.server.cli;

import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.MatchDecision;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.server.Plural;
import io.kintsugi.server.match.Column;
import io.kintsugi.server.match.LabelledPair;
import io.kintsugi.server.match.SharedKeys;
import io.kintsugi.server.match.SharedKeys.SharedKey;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** Tells people why two records of a file are together or not. */
final class PairText {
    private static final int WIDEST = 34;
    private static final int MOST_STEPS = 200; // records of a cluster among which a way is looked for

    private final MatchRun run;
    private final RecordNames names;
    private final Profile a;
    private final Profile b;
    private final MatchDecision decision;
    private final List<SharedKey> keys;
    private final PrintWriter out;
    private final List<String[]> table = new ArrayList<>();

    PairText(MatchRun run, Profile a, Profile b, PrintWriter out) {
        this.run = run;
        this.a = a;
        this.b = b;
        this.out = out;
        names = new RecordNames(run.records());
        decision = run.matcher().compare(a, b);
        keys = SharedKeys.of(run.matcher(), run.profiles(), List.of(List.of(a, b)))
                .between(a, b);
    }

    /** The two as the file has them. */
    void values(List<Column> columns, List<String> rowA, List<String> rowB) {
        row("", name(a.key()), name(b.key()), "");
        for (var column : columns) {
            var left = rowA.get(column.index());
            var right = rowB.get(column.index());
            boolean shown = column.role() == Column.Role.SOURCE || column.role() == Column.Role.ATTRIBUTE;
            if (!shown || left.isBlank() && right.isBlank()) continue;
            row(column.header(), left, right, "");
        }
        table();
        out.println();
    }

    /** What was compared, in standard form. */
    void evidence() {
        row("bits", "", "", "");
        boolean turned = a.key().compareTo(b.key()) > 0;
        for (var evidence : decision.evidence()) {
            var left = turned ? evidence.right() : evidence.left();
            var right = turned ? evidence.left() : evidence.right();
            row(
                    String.format(Locale.ROOT, "%+8.2f  %s", evidence.bits(), evidence.name()),
                    left == null ? "" : left,
                    right == null ? "" : right,
                    evidence.level());
        }
        table();
        say(
                "%+8.2f  in all, a probability of %.4f; the same from %+.1f, for a person to look at from %+.1f",
                decision.score(),
                decision.probability(),
                run.policy().autoBits(),
                run.policy().reviewBits());
        out.println();
    }

    /** What brought them together. */
    void keys() {
        if (keys.isEmpty()) {
            say("No key in common: they were never compared.");
            return;
        }
        for (var key : keys) {
            say(
                    "Key in common: %s, of %s%s",
                    CliText.cell(key.key().substring(key.key().indexOf(':') + 1), 2 * WIDEST),
                    Plural.of(key.holders(), "record"),
                    key.holders() > run.matcher().holdersOf(key.key())
                            ? "; too many, so it compares nobody (at most "
                                    + run.matcher().holdersOf(key.key()) + ")"
                            : "");
        }
    }

    /** Where they ended, and why. */
    void outcome() {
        var clusterA = cluster(a.key());
        var clusterB = cluster(b.key());
        if (clusterA == clusterB) {
            say("Together, in a cluster of %,d.", clusterA.size());
            if (label(a.key(), b.key()) != null) say("A label says that they are the same.");
            else if (!linked()) say("Not by their own score but through others: %s", way(clusterA));
            return;
        }
        say("Apart, in clusters of %,d and %,d.", clusterA.size(), clusterB.size());
        var system = a.key().system();
        var label = labelBetween(clusterA, clusterB);
        if (label != null) {
            say("Why not: a label says that %s and %s are different.", name(label.a()), name(label.b()));
        } else if (system.equals(b.key().system())
                && run.policy().duplicateFree().contains(system)) {
            say("Both are of %s, which was declared free of duplicates.", RecordNames.source(a.key()));
        } else if (!compared()) {
            say("Why not: they were never compared, because they have no key in common that is rare enough.");
        } else if (decision.decision() == Decision.MATCH) {
            say(
                    "Why not: the records they are with do not fit, or a source among them is declared free of duplicates.");
            worst(clusterA, clusterB);
        } else {
            say(
                    "Why not: %.2f bits are missing%s.",
                    run.policy().autoBits() - decision.score(),
                    decision.decision() == Decision.REVIEW ? "; a person should look" : "");
        }
    }

    private boolean compared() {
        return keys.stream().anyMatch(key -> key.holders() <= run.matcher().holdersOf(key.key()));
    }

    private boolean linked() {
        return compared() && decision.decision() == Decision.MATCH;
    }

    private SortedSet<RecordKey> cluster(RecordKey key) {
        return run.result().clusters().stream()
                .filter(cluster -> cluster.contains(key))
                .findFirst()
                .orElseThrow();
    }

    /** What somebody said of two records; null if nothing. */
    private LabelledPair label(RecordKey one, RecordKey other) {
        return run.result().labels().stream()
                .filter(label -> label.a().equals(one) && label.b().equals(other)
                        || label.a().equals(other) && label.b().equals(one))
                .findFirst()
                .orElse(null);
    }

    /** One that tells two clusters apart, that of the two records themselves first; null if there is none. */
    private LabelledPair labelBetween(SortedSet<RecordKey> one, SortedSet<RecordKey> other) {
        var own = label(a.key(), b.key());
        if (own != null) return own;
        return run.result().labels().stream()
                .filter(label -> one.contains(label.a()) && other.contains(label.b())
                        || other.contains(label.a()) && one.contains(label.b()))
                .findFirst()
                .orElse(null);
    }

    /** The pair that speaks most against joining the clusters. */
    private void worst(SortedSet<RecordKey> one, SortedSet<RecordKey> other) {
        double least = Double.POSITIVE_INFINITY;
        RecordKey left = null;
        RecordKey right = null;
        for (var x : one.stream().limit(MOST_STEPS).toList()) {
            for (var y : other.stream().limit(MOST_STEPS).toList()) {
                double bits = run.matcher().score(run.profile(x), run.profile(y));
                if (bits < least) {
                    least = bits;
                    left = x;
                    right = y;
                }
            }
        }
        say("The pair that speaks most against it: %s %s, %+.2f bits", name(left), name(right), least);
    }

    /** A shortest way over pairs that score as the same, or that somebody said are. */
    private String way(SortedSet<RecordKey> cluster) {
        var members = new ArrayList<>(cluster.stream()
                .filter(key -> !key.equals(b.key()))
                .limit(MOST_STEPS)
                .map(run::profile)
                .toList());
        members.add(b);
        var from = new HashMap<RecordKey, Profile>();
        var queue = new ArrayDeque<>(List.of(a));
        from.put(a.key(), a);
        for (var at = queue.poll(); at != null; at = queue.poll()) {
            for (var next : members) {
                if (from.containsKey(next.key())) continue;
                if (at == a && next == b) continue;
                if (label(at.key(), next.key()) == null
                        && run.matcher().score(at, next) < run.policy().autoBits()) continue;
                from.put(next.key(), at);
                queue.add(next);
            }
        }
        if (!from.containsKey(b.key())) return "the cluster is too large to say which";
        var way = new ArrayList<String>();
        for (var at = b; at != a; at = from.get(at.key())) way.add(name(at.key()));
        way.add(name(a.key()));
        Collections.reverse(way);
        return way.stream().collect(Collectors.joining(" – "));
    }

    private String name(RecordKey key) {
        return CliText.printable(names.of(key));
    }

    private void row(String... cells) {
        table.add(Arrays.stream(cells).map(cell -> CliText.cell(cell, WIDEST)).toArray(String[]::new));
    }

    /** Prints the rows since the last time, as wide as they need. Counts code points, which is right for all but wide letters. */
    private void table() {
        var widths = new int[4];
        for (var row : table) {
            for (int i = 0; i < row.length; i++) widths[i] = Math.max(widths[i], length(row[i]) + 2);
        }
        for (var row : table) {
            var line = new StringBuilder();
            for (int i = 0; i < row.length; i++) line.append(row[i]).append(" ".repeat(widths[i] - length(row[i])));
            out.println(line.toString().stripTrailing());
        }
        table.clear();
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private void say(String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
