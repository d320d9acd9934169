package io.kintsugi.server.cli;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.server.match.BatchMatch;
import io.kintsugi.server.match.Column;
import io.kintsugi.server.match.Column.Role;
import io.kintsugi.server.match.ColumnChoices;
import io.kintsugi.server.match.ColumnRecogniser;
import io.kintsugi.server.match.CsvRows;
import io.kintsugi.server.match.CsvRows.Row;
import io.kintsugi.server.match.FileRecords;
import io.kintsugi.server.match.LabelledPair;
import io.kintsugi.server.match.RecordIds;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Finds the duplicates in a file; needs no hub. Exit codes: 0 done, 1 failed, 2 the command makes no sense.
 */
@Command(
        name = "match",
        mixinStandardHelpOptions = true,
        description =
                "Find the records of a CSV file that are the same thing, and write id,cluster, or one row for each thing, "
                        + "say how good that is, or why.",
        footer = {
            "",
            "Columns are recognised by their names and values and can be told with --map. "
                    + "Rows with faults are listed and matched with what can be read of them. "
                    + "Where records of two sources have the same id, the output has a third column, source, "
                    + "and a cluster is named SOURCE:ID.",
            "",
            "The values of --golden are those that a hub gives to a golden record by its shipped policy, as the file has them: "
                    + "of several, as no row says when it changed, the one of the first source and id in the order of text that "
                    + "has any. Columns that are ignored are left out, as are ids and sources.",
            "",
            "Examples:",
            "  kintsugi match people.csv --kind person --out clusters.csv",
            "  kintsugi match people.csv --kind person --source-column source \\",
            "      --duplicate-free all --out clusters.csv",
            "  kintsugi match people.csv --kind person --golden persons.csv",
            "  kintsugi match people.csv --kind person --evaluate truth.csv --mistakes 10",
            "  kintsugi match people.csv --kind person --why 17 42",
            "  kintsugi match people.csv --kind person --labels judged.csv --out clusters.csv",
            "  kintsugi match people.csv --kind person --rules draft.yaml --evaluate truth.csv",
            "  kintsugi match firms.csv --kind organisation --map firm=organisation-name \\",
            "      --map note=ignore --out clusters.csv"
        })
public final class MatchCommand implements Callable<Integer> {
    private static final int SAMPLE = 2_000;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "IN.csv", description = "The file. Its first line names the columns.")
    private Path in;

    @Option(
            names = "--out",
            paramLabel = "OUT.csv",
            description = "Where id,cluster goes. Needed unless another result is asked for.")
    private Path out;

    @Option(
            names = "--golden",
            paramLabel = "GOLDEN.csv",
            description =
                    "Where one row for each cluster goes: cluster, how many records it has, and of each column the "
                            + "value that stands for all of them.")
    private Path golden;

    @Option(
            names = "--kind",
            required = true,
            paramLabel = "KIND",
            description = "What the records are: person, organisation or item.")
    private String kind;

    @Option(
            names = "--map",
            paramLabel = "COLUMN=MEANING",
            description = "What a column holds, such as given-name, birth-date or ignore. Repeatable.")
    private Map<String, String> map = new LinkedHashMap<>();

    @Option(names = "--id-column", paramLabel = "COLUMN", description = "The column that tells records apart.")
    private String idColumn;

    @Option(
            names = "--source-column",
            paramLabel = "COLUMN",
            description = "The column that names each record's system.")
    private String sourceColumn;

    @Option(
            names = "--duplicate-free",
            split = ",",
            paramLabel = "SOURCE",
            description = "Sources that hold each thing at most once, or all.")
    private Set<String> duplicateFree = new TreeSet<>();

    @Option(
            names = "--rules",
            paramLabel = "RULES.yaml",
            description = "Match by these rules as they are, as a hub would that has published them; "
                    + "by default the weights of the shipped rules are learned from the file.")
    private Path rulesFile;

    @Option(
            names = "--rules-out",
            paramLabel = "RULES.yaml",
            description = "Where the learned rules go, as a hub takes them.")
    private Path rulesOut;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            defaultValue = "UTF-8",
            description = "Encoding of the file; default ${DEFAULT-VALUE}.")
    private Charset encoding;

    @Option(
            names = "--why",
            arity = "2",
            paramLabel = "ID1 ID2",
            hideParamSyntax = true,
            description = "Print why two records are together or not. Name a record SOURCE:ID where sources share ids.")
    private List<String> why = List.of();

    @Mixin
    private LabelOptions labelling;

    @Mixin
    private EvaluationOptions evaluation;

    /**
     * Matches the file. Writes files whole or not at all. Figures and explanations go to the output, everything else for people to the
     * error stream.
     */
    @Override
    public Integer call() {
        var err = spec.commandLine().getErr();
        try {
            match(err);
            return 0;
        } catch (HubException e) {
            err.println("kintsugi match: " + e.getMessage());
            return e.code() == HubErrorCode.BAD_REQUEST ? 2 : 1;
        } catch (OutOfMemoryError e) {
            err.println("kintsugi match: " + in + " needs more memory; give Java more with -Xmx");
            return 1;
        } finally {
            err.flush();
        }
    }

    private void match(PrintWriter err) {
        long start = System.nanoTime();
        var entityKind = entityKind();
        checkFiles();
        var labels = labelling.read(encoding);
        var truth = evaluation.read(encoding);
        var apart = evaluation.readApart(encoding);
        var faults = new RowFaults(err);
        try (var rows = new CsvRows(Files.newInputStream(in), encoding);
                var progress = new ProgressLine(err, System.console() != null)) {
            checkHeader(rows.header());
            var sample = sample(rows);
            var columns = columns(entityKind, rows.header(), sample);
            explain(err, columns);
            var type = comparable(entityKind, columns);
            var rules = rulesFile == null ? Matcher.defaults(type) : RulesFile.read(rulesFile, type, err);
            var matcher = new Matcher(type, rules);
            var goldens = golden == null ? null : new GoldenFile(type, kept(columns));
            long size = Math.max(1, Files.size(in));
            var records = FileRecords.read(
                    sample,
                    rows,
                    columns,
                    matcher,
                    faults,
                    goldens == null ? (key, fields) -> {} : goldens::take,
                    line -> progress.show("reading", (double) rows.bytesRead() / size));
            if (records.keys().isEmpty()) throw refused("no row of " + in + " has an id; nothing to match");
            var ruling = matcher.with(policy(rules, columns, records));
            var judged =
                    labels.isEmpty() ? List.<LabelledPair>of() : labels.get().find(new RecordIds(records.keys()));
            var question = why.isEmpty() ? null : new PairQuestion(records, why.get(0), why.get(1));
            var result = rulesFile == null
                    ? BatchMatch.learn(ruling, records.profiles(), judged, share -> progress.show("matching", share))
                    : BatchMatch.run(ruling, records.profiles(), judged, share -> progress.show("matching", share));
            if (goldens != null) {
                write(
                        golden,
                        () -> goldens.write(
                                golden, records, result.clusters(), share -> progress.show("choosing", share)));
            }
            progress.clear();
            if (out != null) write(out, () -> ClusterFile.write(out, records, result.clusters()));
            if (rulesOut != null) {
                write(
                        rulesOut,
                        () -> RulesFile.write(
                                rulesOut, result.learned().training().rules(), in.toString()));
            }
            faults.summarise();
            var cost = RunCost.since(start, records.keys().size());
            var learned = rulesFile == null
                    ? new LearnedText(result.learned(), ruling.policy().rules())
                    : null;
            var run = MatchRun.of(ruling, records, result);
            new MatchSummary(records, result, learned, cost).print(err);
            if (truth.isPresent()) {
                evaluation.print(in, truth.get(), apart.orElse(null), run, learned, cost, spec.commandLine());
            }
            if (question != null)
                question.answer(run, columns, in, encoding, spec.commandLine().getOut());
        } catch (IOException e) {
            throw refused("cannot read " + in + ": " + e.getMessage());
        }
    }

    /** The first rows, by which columns are understood; they are read once, because the file may be a pipe. */
    private List<Row> sample(CsvRows rows) throws IOException {
        var sample = new ArrayList<Row>();
        for (var row = rows.next(); row != null; row = sample.size() < SAMPLE ? rows.next() : null) sample.add(row);
        if (sample.isEmpty()) throw refused(in + " has a header and no rows");
        return sample;
    }

    private static EntityType comparable(EntityType.Kind entityKind, List<Column> columns) {
        var type = FileRecords.typeOf(entityKind, columns);
        if (type.attributes().isEmpty()) {
            throw senseless("no column can be compared; say what they hold with --map COLUMN=MEANING");
        }
        return type;
    }

    private EntityType.Kind entityKind() {
        return switch (kind.toLowerCase(Locale.ROOT)) {
            case "person" -> EntityType.Kind.PERSON;
            case "organisation", "organization" -> EntityType.Kind.ORGANISATION;
            case "item" -> EntityType.Kind.ITEM;
            default -> throw senseless("--kind is person, organisation or item, not \"" + kind + "\"");
        };
    }

    private void checkFiles() {
        if (out == null && golden == null && !evaluation.wanted() && why.isEmpty() && rulesOut == null) {
            throw senseless("say what you want: --out OUT.csv, --golden GOLDEN.csv, --evaluate TRUTH.csv, "
                    + "--why ID1 ID2 or --rules-out FILE");
        }
        if (rulesFile != null && rulesOut != null) {
            throw senseless(
                    "--rules are taken as they are, so there is nothing learned for --rules-out; leave one out");
        }
        if (rulesFile != null) FileChecks.readableAs(rulesFile, "a file with match rules");
        if (why.size() > 2) throw senseless("--why is about one pair; give it once");
        FileChecks.readable(in, "IN.csv");
        if (!why.isEmpty() && !Files.isRegularFile(in)) {
            throw senseless("--why reads the file twice, which " + in + " does not allow; name a file");
        }
        var used = new ArrayList<>(List.of(in));
        if (rulesFile != null) used.add(rulesFile);
        used.addAll(labelling.readable());
        used.addAll(evaluation.readable());
        var written = new LinkedHashMap<String, Path>();
        written.put("--out", out);
        written.put("--golden", golden);
        written.put("--rules-out", rulesOut);
        written.put("--report", evaluation.report());
        written.forEach((option, file) -> {
            if (file == null) return;
            FileChecks.writable(file, option, used);
            used.add(file);
        });
    }

    private static void checkHeader(List<String> header) {
        var seen = new HashMap<String, Integer>();
        for (int i = 0; i < header.size(); i++) {
            if (header.get(i).isEmpty()) continue;
            var first = seen.putIfAbsent(header.get(i), i);
            if (first != null) {
                throw refused("line 1: columns " + (first + 1) + " and " + (i + 1) + " are both named \""
                        + header.get(i) + "\"; rename one");
            }
        }
    }

    private List<Column> columns(EntityType.Kind entityKind, List<String> header, List<Row> sample) {
        var choices = new LinkedHashMap<String, String>();
        map.forEach((column, meaning) -> choices.put(column, meaning.toLowerCase(Locale.ROOT)));
        if (idColumn != null) choices.put(idColumn, "id");
        if (sourceColumn != null) choices.put(sourceColumn, "source");
        var recognised = new ColumnRecogniser(entityKind)
                .recognise(header, sample.stream().map(Row::fields).toList());
        try {
            return new ColumnChoices(choices).applyTo(recognised);
        } catch (IllegalArgumentException e) {
            throw senseless(e.getMessage());
        }
    }

    private static void explain(PrintWriter err, List<Column> columns) {
        int width = columns.stream().mapToInt(c -> c.header().length()).max().orElse(0);
        err.println("Columns (change with --map COLUMN=MEANING):");
        for (var column : columns) {
            var use = column.role() == Role.ATTRIBUTE
                    ? column.type().name()
                    : column.role().name();
            err.printf(
                    "  %-" + Math.max(1, Math.min(40, width)) + "s  %-18s %s%n",
                    column.header(),
                    use.toLowerCase(Locale.ROOT).replace('_', '-'),
                    column.reason());
        }
        if (columns.stream().noneMatch(c -> c.role() == Role.ID)) {
            err.println("No column is an id; the number of each row's line is taken.");
        }
        err.flush();
    }

    private MatchPolicy policy(MatchPolicy rules, List<Column> columns, FileRecords records) {
        var systems = rules.duplicateFree().stream()
                .map(FileRecords::systemOf)
                .filter(records.systems()::contains)
                .collect(Collectors.toCollection(TreeSet::new));
        if (duplicateFree.isEmpty()) return rules.withDuplicateFree(systems);
        if (columns.stream().noneMatch(c -> c.role() == Role.SOURCE)) {
            throw senseless("--duplicate-free needs to know each record's source; name it with --source-column");
        }
        for (var source : duplicateFree) {
            if (source.equals("all")) {
                systems.addAll(records.systems());
            } else if (records.systems().contains(FileRecords.systemOf(source))) {
                systems.add(FileRecords.systemOf(source));
            } else {
                throw senseless("--duplicate-free names " + source + ", but the sources are "
                        + records.systems().stream().map(FileRecords::sourceOf).collect(Collectors.joining(", ")));
            }
        }
        return rules.withDuplicateFree(systems);
    }

    /** Columns with values: named, and not said to be ignored, though they may tell no two records apart. */
    private List<Column> kept(List<Column> columns) {
        return columns.stream()
                .filter(c -> c.role() == Role.ATTRIBUTE || c.role() == Role.UNUSED)
                .filter(c -> !c.header().isBlank() && !"ignore".equalsIgnoreCase(map.get(c.header())))
                .toList();
    }

    private interface Writing {
        void write() throws IOException;
    }

    private static void write(Path file, Writing writing) {
        try {
            writing.write();
        } catch (IOException | UncheckedIOException e) {
            throw refused("cannot write " + file + ": " + e.getMessage());
        }
    }

    private static HubException senseless(String why) {
        return new HubException(HubErrorCode.BAD_REQUEST, why);
    }

    private static HubException refused(String why) {
        return new HubException(HubErrorCode.UNPROCESSABLE, why);
    }
}
