package io.kintsugi.server.cli;

import io.kintsugi.server.match.Alarms;
import io.kintsugi.server.match.BatchMatch;
import io.kintsugi.server.match.FileRecords;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** What a run of the match command did, for people. */
record MatchSummary(FileRecords records, BatchMatch.Result result, LearnedText learned, RunCost cost) {
    private static final int LISTED = 3;

    void print(PrintWriter err) {
        int largest = result.clusters().stream().mapToInt(SortedSet::size).max().orElse(0);
        long several = result.clusters().stream().filter(c -> c.size() > 1).count();
        say(
                err,
                "%,d rows, %,d records, %,d clusters; %,d of them hold several records, the largest %,d",
                records.rows(),
                records.keys().size(),
                result.clusters().size(),
                several,
                largest);
        say(
                err,
                "%,d pairs compared, %,d links; %,d records for a person to look at",
                result.compared(),
                result.links(),
                result.unsure());
        if (result.unkeyed() > 0) {
            say(err, "%,d records hold nothing that could identify anything and stay alone", result.unkeyed());
        }
        for (var dropped : result.dropped()) {
            say(
                    err,
                    "%,d keys of the kind %s are too common to compare by; the commonest has %,d records",
                    dropped.keys(),
                    dropped.kind(),
                    dropped.records());
        }
        learned.print(err);
        alarms(err);
        err.println(cost);
    }

    private void alarms(PrintWriter err) {
        var alarms = result.alarms();
        if (alarms.worst().isEmpty()) return;
        var names = new RecordNames(records);
        say(
                err,
                "%,d clusters hold more than %d records; %,d fall into parts without one of their records. Look first at %s",
                alarms.large(),
                Alarms.LARGE,
                alarms.bridged(),
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
