package io.kintsugi.server.cli;

import io.kintsugi.server.Wiring;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
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
            "Values are written as they are, so that another system can read them. A spreadsheet runs values that begin with =, +, -",
            "or @ as formulas: use --spreadsheet-safe for files that people will open in one. It changes such values.",
            "",
            "Examples:",
            "  kintsugi export --out contacts.csv",
            "  kintsugi export --entity account --format jsonl --provenance > accounts.jsonl"
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
        try (var wiring = Wiring.open(settings)) {
            var type = wiring.hub().model().get().entityType(entity);
            var export = new GoldenExport(wiring.hub().store(), type, provenance, spreadsheetSafe);
            long count;
            if (out == null) {
                try (var writer = writer(new Unclosed(System.out))) {
                    count = export.write(format, writer);
                }
            } else {
                count = toFile(export);
            }
            spec.commandLine().getErr().printf(Locale.ROOT, "%,d golden records of %s%n", count, entity);
        }
        return 0;
    }

    private long toFile(GoldenExport export) throws IOException {
        var half = Files.createTempFile(out.toAbsolutePath().getParent(), ".export", ".part");
        try {
            long count;
            try (var writer = writer(Files.newOutputStream(half))) {
                count = export.write(format, writer);
            }
            Files.move(half, out, StandardCopyOption.REPLACE_EXISTING);
            return count;
        } finally {
            Files.deleteIfExists(half);
        }
    }

    private static Writer writer(OutputStream to) {
        return new OutputStreamWriter(to, StandardCharsets.UTF_8);
    }

    /** The standard output, which others may still need. */
    private static final class Unclosed extends FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
