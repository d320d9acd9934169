package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks a hub to compare a system with what it believes and wants, and says what came out. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Compare what a system holds with what the hub wants it to hold. Writes nothing there.", ""},
        footer = {
            "",
            "Asks a hub that runs. Exit code 3 if not all is in step.",
            "",
            "Examples:",
            "  kintsugi audit crm",
            "  kintsugi audit crm --heal --limit 0",
            "  kintsugi audit crm --json --hub http://127.0.0.1:8080"
        })
public final class AuditCommand implements Callable<Integer> {
    private static final long LOOK_EVERY_MILLIS = 200;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SYSTEM", description = "The system, such as crm.")
    private String system;

    @Mixin
    private RunningHub hub;

    @Option(names = "--heal", description = "Take in what the hub missed, and write what it forgot.")
    private boolean heal;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "Findings to list, 0 for all; default ${DEFAULT-VALUE}.")
    private int limit;

    @Override
    public Integer call() throws InterruptedException {
        if (limit < 0) throw new ParameterException(spec.commandLine(), "--limit must not be below 0, not " + limit);
        var out = spec.commandLine().getOut();
        var client = hub.client();
        var asked = JsonNodeFactory.instance.objectNode().put("heal", heal);
        var run = client.post("/systems/" + HubClient.part(system) + "/audits", asked)
                .path("id")
                .asText();
        var path = "/runs/" + run + "/audit";
        var audit = client.get(path);
        while (audit.at("/run/state").asText().equals("RUNNING")) {
            Thread.sleep(LOOK_EVERY_MILLIS);
            audit = client.get(path);
        }
        var findings = client.all("/runs/" + run + "/findings");
        if (hub.json) {
            var all = JsonNodeFactory.instance.objectNode();
            all.set("audit", audit);
            all.set("findings", findings);
            RunningHub.print(out, all);
        } else {
            tell(out, audit, findings);
        }
        var state = audit.at("/run/state").asText();
        if (!state.equals("DONE")) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "the audit of " + system + " is not done but " + state.toLowerCase(Locale.ROOT) + ": "
                            + RunningHub.text(audit.path("run"), "problem"));
        }
        return audit.path("inStep").asDouble() < 1 ? RunningHub.NOT_WELL : ExitCode.OK;
    }

    private void tell(PrintWriter out, JsonNode audit, JsonNode findings) {
        for (var stream : audit.path("streams")) {
            long rows = 0;
            for (var count : stream.path("rows")) rows += count.asLong();
            var problem = stream.path("problem").asText("");
            out.printf(
                    Locale.ROOT,
                    "%-20s %-12s %,9d rows%s%n",
                    RunningHub.text(stream, "stream"),
                    RunningHub.text(stream, "type"),
                    rows,
                    problem.isEmpty() ? "" : ", not compared: " + CliText.printable(problem));
            stream.path("rows").properties().forEach(row -> {
                if (row.getValue().asLong() > 0)
                    out.printf(
                            Locale.ROOT,
                            "  %,9d %s%n",
                            row.getValue().asLong(),
                            row.getKey().toLowerCase(Locale.ROOT).replace('_', ' '));
            });
        }
        double share = Math.floor(1000 * audit.path("inStep").asDouble()) / 10; // never 100 % of what is not
        out.printf(Locale.ROOT, "%s is %.1f %% in step.%n", system, share);
        int shown = 0;
        for (var finding : findings) {
            if (limit > 0 && shown == limit) break;
            shown++;
            out.println("  " + RunningHub.text(finding, "record") + " " + RunningHub.text(finding, "attribute") + ": "
                    + RunningHub.text(finding, "reason") + " (there \"" + RunningHub.text(finding, "there")
                    + "\", should be \"" + RunningHub.text(finding, "should") + "\")");
        }
        long more = audit.path("findings").asLong() - shown;
        if (more > 0) out.printf(Locale.ROOT, "  and %,d more%s%n", more, limit > 0 ? "; --limit 0 lists them" : "");
        out.flush();
    }
}
