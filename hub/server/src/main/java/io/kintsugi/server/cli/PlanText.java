package io.kintsugi.server.cli;

import io.kintsugi.server.Plural;
import io.kintsugi.server.engine.dryrun.DryChange;
import io.kintsugi.server.engine.dryrun.DryChange.Kind;
import io.kintsugi.server.engine.dryrun.DryReport;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a dry run found, as text for people. */
final class PlanText {
    private PlanText() {}

    /** @param limit how many changes are listed; 0 for all */
    static void write(DryReport report, int limit, PrintWriter out) {
        for (var warning : report.warnings()) out.println("LOOK AT THIS: " + warning.text());
        if (!report.warnings().isEmpty()) out.println();
        if (report.systems().isEmpty()) out.println("Nothing would be written to any system.");
        else {
            out.printf(
                    Locale.ROOT,
                    "%-20s %9s %9s %9s %9s %9s%n",
                    "system",
                    "create",
                    "undelete",
                    "change",
                    "delete",
                    "wait");
            new TreeMap<>(report.systems())
                    .forEach((system, kinds) -> out.printf(
                            Locale.ROOT,
                            "%-20s %,9d %,9d %,9d %,9d %,9d%n",
                            system,
                            kinds.getOrDefault(Kind.CREATE, 0L),
                            kinds.getOrDefault(Kind.UNDELETE, 0L),
                            kinds.getOrDefault(Kind.UPDATE, 0L),
                            kinds.getOrDefault(Kind.DELETE, 0L),
                            kinds.getOrDefault(Kind.HELD, 0L)));
        }
        var goldens = report.goldens();
        out.printf(
                Locale.ROOT,
                "Golden records: %,d new, %,d with other values, %,d gone; %s, %s, %s for a person.%n",
                goldens.added(),
                goldens.changed(),
                goldens.retired(),
                Plural.of(report.hub().getOrDefault(Kind.MERGE, 0L), "merge"),
                Plural.of(report.hub().getOrDefault(Kind.SPLIT, 0L), "split"),
                Plural.of(report.hub().getOrDefault(Kind.QUESTION, 0L), "question"));
        for (var stream : report.streams()) {
            out.printf(
                    Locale.ROOT,
                    "%s.%s: %s, %s what other systems hold, %,d nobody else holds, %s, %,d without a key, %,d unreadable%n",
                    stream.system(),
                    stream.stream(),
                    Plural.of(stream.rows(), "row"),
                    Plural.of(stream.linked(), "joins", "join"),
                    stream.alone(),
                    Plural.of(stream.twins(), "twin"),
                    stream.blank(),
                    stream.unreadable());
        }
        if (report.underWay() > 0) {
            out.println(Plural.of(report.underWay(), "write more goes", "writes more go")
                    + " out anyway, whatever the configuration.");
        }
        changes(report, limit, out);
        out.println();
        out.println("Nothing was changed.");
        out.flush();
    }

    private static void changes(DryReport report, int limit, PrintWriter out) {
        var changes = report.changes();
        int shown = limit == 0 ? changes.size() : Math.min(limit, changes.size());
        if (shown > 0) out.println();
        for (var change : changes.subList(0, shown)) out.println(line(change));
        long more = changes.size() - shown + report.more();
        if (more > 0)
            out.printf(Locale.ROOT, "and %,d more%s%n", more, shown < changes.size() ? "; --limit 0 lists them" : "");
    }

    private static String line(DryChange change) {
        var where = change.record() != null ? change.record() : change.system() != null ? change.system() : "hub";
        var line = new StringBuilder(String.format(Locale.ROOT, "%-8s %s, %s", change.kind(), where, change.label()));
        if (!change.values().isEmpty()) {
            line.append(change.values().stream()
                    .map(value -> value.attribute() + " "
                            + (change.kind() == Kind.UPDATE || change.kind() == Kind.UNDELETE
                                    ? quoted(value.from()) + " -> "
                                    : "")
                            + quoted(value.to()))
                    .collect(Collectors.joining(", ", ": ", "")));
        }
        if (change.why() != null) line.append(": ").append(change.why());
        return line.toString();
    }

    private static String quoted(String value) {
        return value == null ? "nothing" : "\"" + value.replaceAll("\\p{Cntrl}", " ") + "\"";
    }
}
