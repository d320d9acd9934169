package io.kintsugi.server.cli;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.server.match.ApartPairs;
import io.kintsugi.server.match.CsvRows;
import io.kintsugi.server.match.Truth;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What the match command is told about the truth. */
final class EvaluationOptions {
    @Option(
            names = "--evaluate",
            paramLabel = "TRUTH.csv",
            description = "Print how well the clusters agree with those of a file id,cluster or pairs id1,id2.")
    private Path truth;

    @Option(
            names = "--report",
            paramLabel = "FILE.json",
            description = "With --evaluate: the same figures for machines.")
    private Path report;

    @Option(
            names = "--mistakes",
            paramLabel = "N",
            defaultValue = "0",
            description = "With --evaluate: list the N worst wrong merges and the N worst splits.")
    private int mistakes;

    @Option(
            names = "--apart",
            paramLabel = "PAIRS.csv",
            description = "With --evaluate: print how many of the pairs id1,id2 of a file are kept apart.")
    private Path apart;

    /**
     * The files that will be read, which can be.
     *
     * @throws HubException if they cannot, or the options make no sense
     */
    List<Path> readable() {
        if (truth == null) {
            if (report != null) throw senseless("--report needs --evaluate TRUTH.csv");
            if (mistakes != 0) throw senseless("--mistakes needs --evaluate TRUTH.csv");
            if (apart != null) throw senseless("--apart needs --evaluate TRUTH.csv");
            return List.of();
        }
        if (mistakes < 0) throw senseless("--mistakes is a number from 0 on, not " + mistakes);
        FileChecks.readable(truth, "--evaluate");
        if (apart != null) FileChecks.readable(apart, "--apart");
        return Stream.of(truth, apart).filter(Objects::nonNull).toList();
    }

    /** Where the report goes; null if nobody wants it. */
    Path report() {
        return report;
    }

    boolean wanted() {
        return truth != null;
    }

    /** Empty if nobody wants to evaluate. */
    Optional<Truth> read(Charset encoding) {
        if (truth == null) return Optional.empty();
        try (var rows = new CsvRows(Files.newInputStream(truth), encoding)) {
            return Optional.of(Truth.read(truth.getFileName().toString(), rows));
        } catch (IOException e) {
            throw new HubException(HubErrorCode.UNPROCESSABLE, "cannot read " + truth + ": " + e.getMessage(), e);
        }
    }

    /** Empty if nobody named pairs that must be apart. */
    Optional<ApartPairs> readApart(Charset encoding) {
        if (apart == null) return Optional.empty();
        try (var rows = new CsvRows(Files.newInputStream(apart), encoding)) {
            return Optional.of(ApartPairs.read(apart.getFileName().toString(), rows));
        } catch (IOException e) {
            throw new HubException(HubErrorCode.UNPROCESSABLE, "cannot read " + apart + ": " + e.getMessage(), e);
        }
    }

    /**
     * Prints what was asked for, and writes the report.
     *
     * @param apartOrNull pairs that must not be together
     */
    void print(
            Path in,
            Truth known,
            ApartPairs apartOrNull,
            MatchRun run,
            LearnedText learned,
            RunCost cost,
            CommandLine line) {
        var judged = known.judge(run.ids(), run.result().clusters());
        var figures = new EvaluationReport(
                in,
                truth,
                run.matcher().ruleSet(),
                judged.evaluation(),
                judged,
                judged.calibration(run.result().pairs()),
                apartOrNull == null
                        ? null
                        : apartOrNull.judge(run.ids(), run.result().clusters()),
                run.result(),
                learned,
                cost);
        known.remarks().forEach(line.getErr()::println);
        figures.printGaps(line.getErr());
        figures.print(line.getOut());
        if (mistakes > 0) new MistakeText(run, line.getOut()).print(judged, mistakes);
        if (report == null) return;
        try {
            figures.write(report);
        } catch (IOException e) {
            throw new HubException(HubErrorCode.UNPROCESSABLE, "cannot write " + report + ": " + e.getMessage(), e);
        }
    }

    private static HubException senseless(String why) {
        return new HubException(HubErrorCode.BAD_REQUEST, why);
    }
}
