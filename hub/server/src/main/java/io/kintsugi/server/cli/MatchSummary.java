package io.kintsugi.server.cli;

import io.kintsugi.server.Plural;
import io.kintsugi.server.match.Alarms;
import io.kintsugi.server.match.BatchMatch;
import io.kintsugi.server.match.FileRecords;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.SortedSet;
import java.util.stream.Collectors;

/**
 * What a run of the match command did, for people.
 *
 * @param learned null if the rules were taken as they are
 */
record MatchSummary(FileRecords records, BatchMatch.Result result, LearnedText learned, RunCost cost) {
    private static final int LISTED = 3;

    void print(PrintWriter err) {
        int largest = result.clusters().stream().mapToInt(SortedSet::size).max().orElse(0);
        long several = result.clusters().stream().filter(c -> c.size() > 1).count();
        say(
                err,
                "%s, %s, %s; %s several records, the largest %,d",
                Plural.of(records.rows(), "row"),
                Plural.of(records.keys().size(), "record"),
                Plural.of(result.clusters().size(), "cluster"),
                Plural.of(several, "of them holds", "of them hold"),
                largest);
        say(
                err,
                "%s compared, %s; %s for a person to look at",
                Plural.of(result.compared(), "pair"),
                Plural.of(result.links(), "link"),
                Plural.of(result.unsure(), "record"));
        if (result.unkeyed() > 0) {
            say(
                    err,
                    "%s nothing that could identify anything and %s alone%s",
                    Plural.of(result.unkeyed(), "record holds", "records hold"),
                    result.unkeyed() == 1 ? "stays" : "stay",
                    result.agreement().same() > 0 ? " unless a label says otherwise" : "");
        }
        for (var dropped : result.dropped()) {
            say(
                    err,
                    "%s of the kind %s %s too common to compare by; the commonest has %s",
                    Plural.of(dropped.keys(), "key"),
                    dropped.kind(),
                    dropped.keys() == 1 ? "is" : "are",
                    Plural.of(dropped.records(), "record"));
        }
        if (learned == null) err.println("the rules were taken as they are; nothing was learned from the file");
        else learned.print(err);
        labels(err);
        alarms(err);
        err.println(cost);
    }

    private void labels(PrintWriter err) {
        var agreement = result.agreement();
        if (agreement.labels() == 0) return;
        say(
                err,
                "%s, %,d the same and %,d different, and the clusters are as they say; by themselves the rules decide "
                        + "%,d so, ask about %,d and decide %,d otherwise",
                Plural.of(agreement.labels(), "label"),
                agreement.same(),
                agreement.different(),
                agreement.agreeing(),
                agreement.unsure(),
                agreement.contrary());
    }

    private void alarms(PrintWriter err) {
        var alarms = result.alarms();
        if (alarms.worst().isEmpty()) return;
        var names = new RecordNames(records);
        say(
                err,
                "%s more than %d records; %s into parts without one of their records. Look first at %s",
                Plural.of(alarms.large(), "cluster holds", "clusters hold"),
                Alarms.LARGE,
                Plural.of(alarms.bridged(), "falls", "fall"),
                alarms.worst().stream()
                        .limit(LISTED)
                        .map(alarm -> String.format(
                                Locale.ROOT,
                                "%s (%,d records)",
                                CliText.printable(names.of(alarm.cluster())),
                                alarm.shape().records()))
                        .collect(Collectors.joining(", ")));
    }

    private static void say(PrintWriter err, String format, Object... values) {
        err.println(String.format(Locale.ROOT, format, values));
    }
}
