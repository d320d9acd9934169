package io.kintsugi.server.cli;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.server.match.CsvRows;
import io.kintsugi.server.match.LabelFile;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What the match command is told about single pairs. */
final class LabelOptions {
    @Option(
            names = "--labels",
            paramLabel = "LABELS.csv",
            description =
                    "Pairs id1,id2,match of a file that somebody judged: they hold whatever the rules say, and the weights "
                            + "are learned from them too.")
    private Path labels;

    /**
     * The files that will be read, which can be.
     *
     * @throws HubException if they cannot
     */
    List<Path> readable() {
        if (labels == null) return List.of();
        FileChecks.readable(labels, "--labels");
        return List.of(labels);
    }

    /** Empty if nobody named pairs. */
    Optional<LabelFile> read(Charset encoding) {
        if (labels == null) return Optional.empty();
        try (var rows = new CsvRows(Files.newInputStream(labels), encoding)) {
            return Optional.of(LabelFile.read(labels.getFileName().toString(), rows));
        } catch (IOException e) {
            throw new HubException(HubErrorCode.UNPROCESSABLE, "cannot read " + labels + ": " + e.getMessage(), e);
        }
    }
}
