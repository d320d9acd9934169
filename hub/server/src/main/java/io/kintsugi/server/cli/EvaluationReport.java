package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kintsugi.server.Plural;
import io.kintsugi.server.match.ApartPairs;
import io.kintsugi.server.match.BatchMatch;
import io.kintsugi.server.match.Calibration;
import io.kintsugi.server.match.Evaluation;
import io.kintsugi.server.match.Evaluation.Measure;
import io.kintsugi.server.match.Judged;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How well a run did, for people and for machines.
 *
 * @param apart null if nobody named pairs that must be apart
 */
record EvaluationReport(
        Path in,
        Path truth,
        String ruleSet,
        Evaluation evaluation,
        Judged judged,
        Calibration calibration,
        ApartPairs.Kept apart,
        BatchMatch.Result result,
        LearnedText learned,
        RunCost cost) {
    private static final int LISTED = 5;

    void print(PrintWriter out) {
        say(out, "%s judged by %s", Plural.of(evaluation.records(), "record"), truth);
        say(out, "%-10s %9s %9s %9s", "", "precision", "recall", "F1");
        line(out, "pairs", evaluation.pairs());
        line(out, "B-cubed", evaluation.bCubed());
        line(out, "clusters", evaluation.clusters());
        say(
                out,
                "%-10s %,d found, %,d true, %,d both",
                "pairs",
                evaluation.foundPairs(),
                evaluation.truePairs(),
                evaluation.bothPairs());
        say(out, "%-10s %,d found, %,d true", "clusters", evaluation.foundClusters(), evaluation.trueClusters());
        say(out, "%-10s %,d found, %,d true", "largest", evaluation.largestFound(), evaluation.largestTrue());
        say(
                out,
                "%-10s %s for a person to look at, %.2f %%",
                "review",
                Plural.of(result.unsure(), "record"),
                100 * reviewShare());
        if (apart != null) {
            say(
                    out,
                    "%-10s %,d of %,d pairs kept apart, %.2f %%",
                    "apart",
                    apart.apart(),
                    apart.pairs(),
                    100 * apart.share());
        }
        say(out, "%-10s %s", "cost", cost);
        out.println();
        say(out, "%-18s %9s %9s %9s", "pairs scored at", "pairs", "expected", "true");
        for (var bin : calibration.bins()) {
            say(
                    out,
                    "%-18s %,9d %8.2f%% %8.2f%%",
                    String.format(Locale.ROOT, "%.2f–%.2f %%", 100 * bin.from(), 100 * bin.to()),
                    bin.pairs(),
                    100 * bin.expectedShare(),
                    100 * bin.share());
        }
        out.flush();
    }

    /** Says which records could not be judged. */
    void printGaps(PrintWriter err) {
        int unknown = judged.unknown().size();
        if (unknown > 0) {
            say(
                    err,
                    "%s of %s without a record here, counted as found alone: %s%s",
                    Plural.of(unknown, "id"),
                    truth,
                    judged.unknown().stream()
                            .limit(LISTED)
                            .map(CliText::printable)
                            .collect(Collectors.joining(", ")),
                    unknown > LISTED ? ", …" : "");
        }
        if (apart != null && apart.unknown() > 0) {
            say(
                    err,
                    "%,d of the pairs that must be apart left out: an id is that of no record, or of several",
                    apart.unknown());
        }
        if (judged.unjudged() > 0) {
            say(
                    err,
                    "%s not in %s; no figure counts them",
                    Plural.of(judged.unjudged(), "record is", "records are"),
                    truth);
        }
    }

    /** Writes the whole file or leaves what was there. */
    void write(Path file) throws IOException {
        var json = JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsBytes(figures());
        WholeFile.write(file, half -> {
            try (half) {
                half.write(json);
                half.write('\n');
            }
            return null;
        });
    }

    private double reviewShare() {
        return (double) result.unsure() / cost.records();
    }

    private Map<String, Object> figures() {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("file", in.toString());
        figures.put("truth", truth.toString());
        figures.put("rules", ruleSet);
        figures.put("records", cost.records());
        figures.put("judged", evaluation.records());
        figures.put("unknownIds", judged.unknown().size());
        figures.put("notJudged", judged.unjudged());
        var pairs = measure(evaluation.pairs());
        pairs.put("found", evaluation.foundPairs());
        pairs.put("true", evaluation.truePairs());
        pairs.put("both", evaluation.bothPairs());
        figures.put("pairs", pairs);
        figures.put("bCubed", measure(evaluation.bCubed()));
        var clusters = measure(evaluation.clusters());
        clusters.put("found", evaluation.foundClusters());
        clusters.put("true", evaluation.trueClusters());
        clusters.put("largestFound", evaluation.largestFound());
        clusters.put("largestTrue", evaluation.largestTrue());
        figures.put("clusters", clusters);
        if (apart != null) {
            figures.put("apart", Map.of("pairs", apart.pairs(), "kept", apart.apart(), "share", apart.share()));
        }
        var agreement = result.agreement();
        if (agreement.labels() > 0) {
            figures.put(
                    "labels",
                    Map.of(
                            "same", agreement.same(),
                            "different", agreement.different(),
                            "agreeing", agreement.agreeing(),
                            "unsure", agreement.unsure()));
        }
        figures.put("reviewRecords", result.unsure());
        figures.put("reviewShare", reviewShare());
        figures.put(
                "calibration",
                calibration.bins().stream().map(EvaluationReport::bin).toList());
        figures.put("comparedPairs", result.compared());
        figures.put(
                "droppedKeys",
                result.dropped().stream()
                        .map(d -> Map.of("kind", d.kind(), "keys", d.keys(), "records", d.records()))
                        .toList());
        figures.put("largeClusters", result.alarms().large());
        figures.put("bridgedClusters", result.alarms().bridged());
        figures.put("learned", learned == null ? null : learned.figures());
        figures.put("seconds", cost.seconds());
        figures.put("recordsPerSecond", cost.recordsPerSecond());
        figures.put("peakHeapBytes", cost.heap());
        figures.put(
                "peakResidentBytes",
                cost.resident().isPresent() ? cost.resident().getAsLong() : null);
        return figures;
    }

    private static Map<String, Object> bin(Calibration.Bin bin) {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("from", bin.from());
        figures.put("to", bin.to());
        figures.put("pairs", bin.pairs());
        figures.put("expected", bin.expectedShare());
        figures.put("true", bin.share());
        return figures;
    }

    private static Map<String, Object> measure(Measure measure) {
        var figures = new LinkedHashMap<String, Object>();
        figures.put("precision", measure.precision());
        figures.put("recall", measure.recall());
        figures.put("f1", measure.f1());
        return figures;
    }

    private static void line(PrintWriter out, String what, Measure measure) {
        say(out, "%-10s %9.4f %9.4f %9.4f", what, measure.precision(), measure.recall(), measure.f1());
    }

    private static void say(PrintWriter out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }
}
