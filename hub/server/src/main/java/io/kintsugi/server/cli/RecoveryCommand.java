package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.server.Plural;
import java.io.PrintWriter;
import java.util.ArrayList;
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

/** Says how far the recovery of a hub is, and shows its certificate. */
@Command(
        name = "recovery",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"Say how the last recovery from an outage went, or how far it is; its certificate.", ""},
        footer = {
            "",
            "Asks a hub that runs. Exit code 3 if the recovery is under way, or ended with something that is not equal or a "
                    + "system left out; a list of conflicts ends with 0.",
            "",
            "Examples:",
            "  kintsugi recovery",
            "  kintsugi recovery --json > certificate.json",
            "  kintsugi recovery run-01m8h293v8z6sp5crrq87fd93q",
            "  kintsugi recovery --conflicts --limit 0 --json > conflicts.json",
            "  kintsugi recovery --conflicts --system erp --attribute phone"
        })
public final class RecoveryCommand implements Callable<Integer> {
    private static final int USUAL = 50;
    private static final int PAGE = 500;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "An earlier recovery; the last one by default.")
    private String id;

    @Option(names = "--conflicts", description = "List the conflicts, all that the certificate counts, instead of it.")
    private boolean conflicts;

    @Option(names = "--type", paramLabel = "TYPE", description = "With --conflicts: of golden records of this type.")
    private String type;

    @Option(names = "--attribute", paramLabel = "NAME", description = "With --conflicts: only those of this attribute.")
    private String attribute;

    @Option(
            names = "--system",
            paramLabel = "ID",
            description = "With --conflicts: where it entered one of the values.")
    private String system;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "With --conflicts: how many to list, 0 for all; default " + USUAL + ".")
    private Integer limit;

    @Option(names = "--after", paramLabel = "CURSOR", description = "With --conflicts: go on where a list has ended.")
    private String after;

    @Mixin
    private RunningHub hub;

    @Override
    public Integer call() {
        boolean bare = type == null && attribute == null && system == null && limit == null && after == null;
        require(conflicts || bare, "--type, --attribute, --system, --limit and --after go with --conflicts");
        require(limit == null || limit >= 0, "--limit must not be below 0, not " + limit);
        var out = spec.commandLine().getOut();
        var client = hub.client();
        var run = id == null
                ? client.get("/runs?kind=recovery&limit=1").at("/items/0")
                : client.get("/runs/" + HubClient.part(id));
        if (run.isMissingNode()) {
            if (hub.json) RunningHub.print(out, JsonNodeFactory.instance.objectNode());
            else out.println("There was no outage: this hub has not had to recover.");
            out.flush();
            return ExitCode.OK;
        }
        if (!run.path("kind").asText().equals("recovery")) {
            throw new HubException(
                    HubErrorCode.BAD_REQUEST,
                    "run " + id + " is a " + RunningHub.text(run, "kind") + ", not a recovery");
        }
        if (conflicts)
            return list(out, client, "/runs/" + HubClient.part(run.path("id").asText()) + "/conflicts?");
        if (run.path("state").asText().equals("RUNNING")) return underWay(out, run);
        var certificate = client.get("/runs/" + HubClient.part(run.path("id").asText()) + "/certificate");
        if (hub.json) RunningHub.print(out, certificate);
        else tell(out, certificate);
        return well(certificate) ? ExitCode.OK : RunningHub.NOT_WELL;
    }

    private void require(boolean right, String otherwise) {
        if (!right) throw new ParameterException(spec.commandLine(), otherwise);
    }

    /** Asks for page after page, and shows each at once: there may be very many. */
    private int list(PrintWriter out, HubClient client, String path) {
        var query = new StringBuilder(path);
        if (type != null)
            query.append("entityType=").append(HubClient.part(type)).append('&');
        if (attribute != null)
            query.append("attribute=").append(HubClient.part(attribute)).append('&');
        if (system != null)
            query.append("system=").append(HubClient.part(system)).append('&');
        var items = JsonNodeFactory.instance.arrayNode();
        int most = limit == null ? USUAL : limit;
        int shown = 0;
        var cursor = after;
        do {
            int wanted = most == 0 ? PAGE : Math.min(PAGE, most - shown);
            var page =
                    client.get(query + "limit=" + wanted + (cursor == null ? "" : "&cursor=" + HubClient.part(cursor)));
            for (var conflict : page.path("items")) {
                shown++;
                if (hub.json) items.add(conflict);
                else line(out, conflict);
            }
            cursor = page.path("next").asText(null);
        } while (cursor != null && (most == 0 || shown < most));
        if (hub.json) {
            var answer = JsonNodeFactory.instance.objectNode();
            answer.set("items", items);
            if (cursor != null) answer.put("next", cursor);
            RunningHub.print(out, answer);
        } else {
            if (shown == 0) out.println("No conflict.");
            if (cursor != null) out.println("There are more; go on with --after " + CliText.printable(cursor));
            out.flush();
        }
        return ExitCode.OK;
    }

    private static void line(PrintWriter out, JsonNode conflict) {
        var candidates = new ArrayList<String>();
        for (var one : conflict.path("candidates")) {
            candidates.add(RunningHub.text(one, "record") + " \"" + RunningHub.text(one, "value") + "\"");
        }
        out.println("  " + RunningHub.text(conflict, "goldenId") + " " + RunningHub.text(conflict, "attribute") + ": "
                + String.join(" against ", candidates) + "; \"" + RunningHub.text(conflict, "value")
                + "\" stands, by " + RunningHub.text(conflict, "rule"));
    }

    private int underWay(PrintWriter out, JsonNode run) {
        if (hub.json) RunningHub.print(out, run);
        else {
            out.println("Recovery " + RunningHub.text(run, "id") + " is under way since "
                    + RunningHub.text(run, "startedAt") + "; rows read: "
                    + run.at("/counts/read").asLong());
            out.flush();
        }
        return RunningHub.NOT_WELL;
    }

    private static boolean well(JsonNode certificate) {
        for (var part : certificate.path("equality")) if (!part.path("equal").asBoolean()) return false;
        for (var part : certificate.path("systems")) if (part.hasNonNull("leftOut")) return false;
        return certificate.path("resolved").asBoolean();
    }

    private static void tell(PrintWriter out, JsonNode certificate) {
        out.println("Recovery " + RunningHub.text(certificate, "run") + ": " + RunningHub.text(certificate, "cause"));
        out.println("  begun " + RunningHub.text(certificate, "begun") + ", writing from "
                + RunningHub.text(certificate, "opened") + ", ended " + RunningHub.text(certificate, "ended"));
        for (var part : certificate.path("systems")) {
            out.printf(
                    Locale.ROOT,
                    "  %-20s %s; %s read, %,d deleted there, %s planned, %,d waiting, %,d parked, %,d held%n",
                    RunningHub.text(part, "system"),
                    part.hasNonNull("leftOut")
                            ? "LEFT OUT: " + RunningHub.text(part, "leftOut")
                            : "read up to " + RunningHub.text(part, "barrier"),
                    Plural.of(part.at("/read/read").asLong(), "row"),
                    part.path("deletes").asLong(),
                    Plural.of(part.path("planned").asLong(), "write"),
                    part.path("waiting").asLong(),
                    part.path("parked").asLong(),
                    part.path("held").asLong());
        }
        out.printf(
                Locale.ROOT,
                "Conflicts: %,d%n",
                certificate.path("conflictCount").asLong());
        for (var conflict : certificate.path("conflicts")) line(out, conflict);
        long more = certificate.path("conflictCount").asLong()
                - certificate.path("conflicts").size();
        if (more > 0) out.printf(Locale.ROOT, "  and %,d more; --conflicts lists all that are kept%n", more);
        for (var part : certificate.path("equality")) {
            out.printf(
                    Locale.ROOT,
                    "  %-20s %-12s %,9d %s, %s%n",
                    RunningHub.text(part, "system"),
                    RunningHub.text(part, "type"),
                    part.path("records").asLong(),
                    part.path("records").asLong() == 1 ? "record" : "records",
                    part.path("equal").asBoolean()
                            ? "equal, " + RunningHub.text(part, "holds")
                            : Plural.of(part.path("differing").asLong(), "value differs", "values differ"));
        }
        out.println(well(certificate) ? "All that took part are equal." : "Not all is equal; see above.");
        out.flush();
    }
}
