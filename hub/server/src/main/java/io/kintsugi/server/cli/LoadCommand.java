package io.kintsugi.server.cli;

import io.kintsugi.connector.spi.ConnectorException;
import io.kintsugi.connector.spi.Query;
import io.kintsugi.connector.spi.SnapshotSource;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.policy.SystemConfig;
import io.kintsugi.server.Plural;
import io.kintsugi.server.Wiring;
import io.kintsugi.server.config.ModelStore;
import io.kintsugi.server.config.Settings;
import io.kintsugi.server.engine.load.Loader.Job;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Brings the rows of a file or of a table into the hub, as records of a system. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Bring the rows of a CSV or JSONL file, or of a database table, into the hub and resolve them.",
            ""
        },
        footer = {
            "",
            "Columns are recognised by name and content; the mapping is printed first. "
                    + "Rows that cannot be read are listed and kept as reviews.",
            "",
            "A load that was stopped, however, goes on where it was when it is started again; "
                    + "loading the same rows twice changes nothing. A load adds and updates, and never deletes.",
            "",
            "20,000 rows or more are loaded all at once if the hub holds no record yet and runs its graph itself: much faster, "
                    + "and kept as a whole or not at all, so a load that was stopped begins again. It takes 4 kB of heap a row "
                    + "(java -Xmx4500m for a million); where something is in its way, the load says so and goes page by page.",
            "",
            "A source becomes the system of its name; one whose name is no id of a system gets an id that ends with a hash. "
                    + "The system is then known to the hub without a connector. "
                    + "To keep a system in step, put it into kintsugi.yaml instead.",
            "",
            "Examples:",
            "  kintsugi load people.csv --system crm --kind person",
            "  kintsugi load people.csv --kind person --source-column source \\",
            "      --duplicate-free all",
            "  kintsugi load orgs.jsonl --system erp --kind organisation \\",
            "      --map firm=name --map note=ignore",
            "  KINTSUGI_JDBC_PASSWORD=... kintsugi load --jdbc jdbc:postgresql://db/shop \\",
            "      --jdbc-user reader --table customers --system shop --kind person"
        })
public final class LoadCommand implements Callable<Integer> {
    private static final String PASSWORD = "KINTSUGI_JDBC_PASSWORD";

    /** What is typed for a setting of a connector. */
    private static final Map<String, String> OPTIONS = Map.of(
            "url", "--jdbc",
            "user", "--jdbc-user",
            "password", PASSWORD,
            "schema", "--schema",
            "encoding", "--encoding");

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "A .csv, .tsv, .txt, .jsonl or .ndjson file.")
    private Path file;

    @Option(
            names = "--jdbc",
            paramLabel = "URL",
            description = "A database instead: jdbc:postgresql:, jdbc:mariadb:, jdbc:mysql: or jdbc:sqlite:.")
    private String jdbc;

    @Option(names = "--table", paramLabel = "TABLE", description = "Table of the database.")
    private String table;

    @Option(names = "--schema", paramLabel = "SCHEMA", description = "Schema of the table, if not the account's own.")
    private String schema;

    @Option(
            names = "--jdbc-user",
            paramLabel = "USER",
            description = "Account; its password comes from " + PASSWORD + ".")
    private String jdbcUser;

    @Option(names = "--system", paramLabel = "ID", description = "System the rows belong to, such as crm.")
    private String system;

    @ArgGroup(multiplicity = "1")
    private What what;

    static final class What {
        @Option(names = "--kind", paramLabel = "KIND", description = "What a row is: person, organisation or item.")
        private String kind;

        @Option(
                names = "--entity",
                paramLabel = "TYPE",
                description = "Entity type of the hub, such as contact, instead of a kind.")
        private String entity;
    }

    @Option(
            names = "--map",
            paramLabel = "COLUMN=ATTRIBUTE",
            description = "What a column holds, such as firm=name or note=ignore. Repeatable.")
    private Map<String, String> map = new LinkedHashMap<>();

    @Option(names = "--id-column", paramLabel = "COLUMN", description = "Column that is different in every row.")
    private String idColumn;

    @Option(
            names = "--source-column",
            paramLabel = "COLUMN",
            description = "Column that names the system of each row; one system for each.")
    private String sourceColumn;

    @Option(
            names = "--duplicate-free",
            split = ",",
            paramLabel = "SOURCE",
            description = "Systems that hold each thing at most once, or all: two of their records are never the same.")
    private Set<String> duplicateFree = new TreeSet<>();

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description = "Encoding of the file; told by its content by default.")
    private String encoding;

    @Mixin
    private HubOptions hub;

    @Override
    public Integer call() throws IOException, ConnectorException {
        check();
        var out = spec.commandLine().getOut();
        var settings = hub.settings(Map.of());
        try {
            if (file != null) {
                var rows = new FileTable(file, encoding);
                var found = rows.look();
                load(settings, found, (id, mapping) -> rows.system(id, found, mapping.id(), mapping.source()), out);
            } else {
                var rows = new JdbcTable(jdbc, jdbcUser, System.getenv(PASSWORD), schema, table, idColumn);
                var found = rows.look(Wiring.connectors(settings));
                load(settings, found, (id, mapping) -> rows.system(id), out);
            }
        } catch (ConnectorException.Misconfigured e) {
            throw new HubException(HubErrorCode.BAD_REQUEST, typed(e), e);
        }
        return 0;
    }

    /** What a configuration file calls a setting is an option here. */
    private String typed(ConnectorException.Misconfigured problem) {
        if (problem.setting() == null) return problem.getMessage();
        var option =
                problem.setting().equals("streams." + table + ".id") ? "--id-column" : OPTIONS.get(problem.setting());
        return option == null ? problem.getMessage() : option + " " + problem.problem();
    }

    /** Says how the connector of the rows is set up, once it is known what the columns hold. */
    private interface Opening {
        SystemConfig system(String id, LoadMapping mapping);
    }

    private void check() {
        if ((file == null) == (jdbc == null)) throw wrong("name a file, or a database with --jdbc");
        if ((jdbc == null) != (table == null)) throw wrong("--jdbc and --table belong together");
        if (system == null && sourceColumn == null) {
            throw wrong("--system says which system the rows are of, --source-column which column does");
        }
        if (system != null && !system.equals(LoadedSystems.id(system))) {
            throw wrong("\"" + system + "\" is no id of a system; use lower-case letters, digits, - and _");
        }
        if (!duplicateFree.isEmpty()
                && sourceColumn == null
                && !duplicateFree.contains("all")
                && !duplicateFree.contains(system)) {
            throw wrong("--duplicate-free names " + String.join(", ", duplicateFree) + ", but the rows are all of "
                    + system);
        }
    }

    private ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    private String entity() {
        if (what.entity != null) return what.entity;
        return switch (what.kind.toLowerCase(Locale.ROOT)) {
            case "person" -> "contact";
            case "organisation", "organization" -> "account";
            case "item" -> "item";
            default -> throw wrong("--kind is person, organisation or item, not \"" + what.kind + "\"");
        };
    }

    private Map<String, String> said() {
        var said = new LinkedHashMap<>(map);
        if (idColumn != null) said.put(idColumn, "id");
        if (sourceColumn != null) said.put(sourceColumn, "source");
        return said;
    }

    private void load(Settings settings, Table table, Opening opening, PrintWriter out) throws ConnectorException {
        var entity = entity();
        if (isNew(settings))
            mapping(table, ModelStore.ofNew(settings.documents()).entityType(entity));
        try (var wiring = Wiring.open(settings)) {
            wiring.rematch();
            var mapping = mapping(table, wiring.hub().model().get().entityType(entity));
            mapping.print(out);
            var stream = mapping.stream(table.stream());
            var systems = new LoadedSystems(wiring, stream, mapping.source(), duplicateFree);
            var booked = system != null ? system : LoadedSystems.id(table.stream());
            var job = new Job(booked, table.place(), new Query(table.stream(), mapping.fields()), stream, row -> {
                var own = mapping.source() == null ? null : systems.of(row);
                return own != null ? own : system;
            });
            try (var connector = wiring.connectors().open(opening.system(booked, mapping))) {
                var rows = connector.facet(SnapshotSource.class).orElseThrow();
                rows.page(job.query(), null, 1); // what cannot be read must not change what the hub knows of the system
                if (system != null) systems.know(system, system);
                new LoadWay(wiring, job, out).load(rows, table.rows());
            }
            summarise(wiring, entity, out);
        }
    }

    /** Whether nothing is there yet: what makes no sense is refused before a graph is made for it. */
    private static boolean isNew(Settings settings) {
        return settings.neo4jUri() == null && !Files.exists(settings.data().resolve("neo4j"));
    }

    private LoadMapping mapping(Table table, EntityType type) {
        var mapping = LoadMapping.of(table, type, said());
        mapping.stream(table.stream()); // refuses one that fills nothing
        if (mapping.id() == null && jdbc == null) {
            throw new HubException(
                    HubErrorCode.BAD_REQUEST,
                    "no column of " + table.place() + " tells the rows apart; name one with --id-column, of "
                            + String.join(", ", table.header()));
        }
        return mapping;
    }

    private static void summarise(Wiring wiring, String entity, PrintWriter out) {
        wiring.hub().store().read(tx -> {
            out.printf(
                    Locale.ROOT,
                    "The hub holds %s of %s, %s, %s.%n",
                    Plural.of(tx.goldens().counts().getOrDefault(entity, 0L), "golden record"),
                    entity,
                    Plural.of(
                            tx.reviews().openCounts().values().stream()
                                    .mapToLong(n -> n)
                                    .sum(),
                            "open review"),
                    Plural.of(tx.blocks().generic(1_000_000).size(), "generic key"));
            return null;
        });
        out.flush();
    }
}
