package io.kintsugi.server;

import io.kintsugi.server.cli.AuditCommand;
import io.kintsugi.server.cli.BenchCommand;
import io.kintsugi.server.cli.DeletesCommand;
import io.kintsugi.server.cli.DoctorCommand;
import io.kintsugi.server.cli.ErasuresCommand;
import io.kintsugi.server.cli.ExplainCommand;
import io.kintsugi.server.cli.ExportCommand;
import io.kintsugi.server.cli.Failures;
import io.kintsugi.server.cli.LoadCommand;
import io.kintsugi.server.cli.MatchCommand;
import io.kintsugi.server.cli.MergesCommand;
import io.kintsugi.server.cli.PlanCommand;
import io.kintsugi.server.cli.PoliciesCommand;
import io.kintsugi.server.cli.RecoveryCommand;
import io.kintsugi.server.cli.ReviewsCommand;
import io.kintsugi.server.cli.SchemaCommand;
import io.kintsugi.server.cli.ServeCommand;
import io.kintsugi.server.cli.SystemsCommand;
import io.kintsugi.server.cli.WritesCommand;
import io.kintsugi.server.demo.DemoCommand;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The executable: finds the command, runs it, and ends the process with 0 (done), 1 (failed), 2 (the command makes no sense)
 * or what the command says more. */
@Command(
        name = "kintsugi",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "",
            "Joins the records of many systems into golden records, keeps where every value came from, and keeps the systems in step.",
            ""
        },
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "First steps:",
            "  kintsugi demo                            three small systems to play with, in the browser",
            "  kintsugi demo --story                    what an outage of 36 hours does, and how it is mended",
            "  kintsugi match people.csv --kind person --out clusters.csv",
            "                                           duplicates of one file, without a hub",
            "  kintsugi load people.csv --system crm --kind person",
            "  kintsugi serve                           look at what was loaded, in the browser",
            "  kintsugi export --out golden.csv",
            "",
            "\"kintsugi COMMAND --help\" explains a command. Exit code: 0 done, 1 failed, 2 the command makes no sense, "
                    + "3 done, and not all is well or something waits for a person (systems, audit, reviews, deletes, erasures, writes, "
                    + "schema, recovery)."
        })
public final class Main {
    @Option(
            names = "--debug",
            scope = CommandLine.ScopeType.INHERIT,
            description = "Say more in the log, and show where a failure came from.")
    private boolean debug;

    private Main() {}

    /** Runs the command and ends the process. */
    public static void main(String[] args) {
        System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
    }

    /** Runs a command without ending the process. Returns the exit code. */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        var main = new Main();
        var line = new CommandLine(main)
                .addSubcommand("serve", new ServeCommand())
                .addSubcommand("demo", new DemoCommand())
                .addSubcommand("match", new MatchCommand())
                .addSubcommand("load", new LoadCommand())
                .addSubcommand("export", new ExportCommand())
                .addSubcommand("plan", new PlanCommand())
                .addSubcommand("systems", new SystemsCommand())
                .addSubcommand("audit", new AuditCommand())
                .addSubcommand("reviews", new ReviewsCommand())
                .addSubcommand("deletes", new DeletesCommand())
                .addSubcommand("erasures", new ErasuresCommand())
                .addSubcommand("merges", new MergesCommand())
                .addSubcommand("explain", new ExplainCommand())
                .addSubcommand("writes", new WritesCommand())
                .addSubcommand("policies", new PoliciesCommand())
                .addSubcommand("schema", new SchemaCommand())
                .addSubcommand("recovery", new RecoveryCommand())
                .addSubcommand("bench", new BenchCommand())
                .addSubcommand("doctor", new DoctorCommand())
                .registerConverter(int.class, Main::whole)
                .registerConverter(Integer.class, Main::whole)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler(Failures::usage);
        line.setExecutionExceptionHandler((failure, at, parsed) -> Failures.report(failure, at, main.debug))
                .setExecutionStrategy(parsed -> {
                    // the log reads it when it is first used, which is later
                    if (main.debug) System.setProperty("kintsugi.log", "DEBUG");
                    if (!parsed.hasSubcommand() && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) {
                        line.usage(err);
                        return CommandLine.ExitCode.USAGE;
                    }
                    return new CommandLine.RunLast().execute(parsed);
                });
        return line.execute(args);
    }

    private static int whole(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new CommandLine.TypeConversionException("'" + text + "' is not a whole number");
        }
    }

    /** Version of the build and of Java. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Main.class.getPackage().getImplementationVersion();
            return new String[] {
                "kintsugi " + (version == null ? "(built by hand)" : version), "Java " + Runtime.version()
            };
        }
    }
}
