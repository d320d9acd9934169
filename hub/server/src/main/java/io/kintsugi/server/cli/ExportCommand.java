package io.kintsugi.server.cli;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.server.Plural;
import io.kintsugi.server.Wiring;
import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the golden records of one entity type, in the order of their ids. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Write the golden records of the hub as CSV or JSONL.", ""},
        footer = {
            "",
            "Values are written as they are, so that another system can read them. "
                    + "A spreadsheet runs values that begin with =, +, - or @ as formulas: "
                    + "use --spreadsheet-safe for files that people will open in one. It changes such values.",
            "",
            "Examples:",
            "  kintsugi export --out contacts.csv",
            "  kintsugi export --entity account --format jsonl --provenance --out accounts.jsonl"
        })
public final class ExportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--entity",
            paramLabel = "TYPE",
            defaultValue = "contact",
            description = "Entity type; default ${DEFAULT-VALUE}.")
    private String entity;

    enum Format {
        csv,
        jsonl
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "csv",
            description = "csv or jsonl; default ${DEFAULT-VALUE}.")
    private Format format;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "File to write, whole or not at all; the standard output by default.")
    private Path out;

    @Option(
            names = "--provenance",
            description = "For every value the record that it comes from, in columns ATTRIBUTE_from.")
    private boolean provenance;

    @Option(names = "--spreadsheet-safe", description = "CSV: put ' before values that a spreadsheet would run.")
    private boolean spreadsheetSafe;

    @Mixin
    private HubOptions hub;

    @Override
    public Integer call() throws IOException {
        var settings = hub.settings(Map.of());
        if (settings.neo4jUri() == null && !Files.isDirectory(settings.data().resolve("neo4j"))) {
            throw new HubException(
                    HubErrorCode.NOT_FOUND,
                    "there is no hub in " + settings.data().toAbsolutePath() + "; name its folder with --data");
        }
        try (var wiring = Wiring.open(settings)) {
            var type = wiring.hub().model().get().entityType(entity);
            var export = new GoldenExport(wiring.hub().store(), type, provenance, spreadsheetSafe);
            long count;
            if (out == null) {
                // not System.out, which keeps quiet about a full disk or a closed pipe; the process ends with it, so it
                // stays open
                var writer = writer(new FileOutputStream(FileDescriptor.out));
                count = export.write(format, writer);
                writer.flush();
            } else {
                count = WholeFile.write(out, half -> {
                    try (var writer = writer(half)) {
                        return export.write(format, writer);
                    }
                });
            }
            spec.commandLine().getErr().println(Plural.of(count, "golden record") + " of " + entity);
        }
        return 0;
    }

    private static Writer writer(OutputStream to) {
        return new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8));
    }
}
