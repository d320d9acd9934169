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
                    + "system left out.",
            "",
            "Examples:",
            "  kintsugi recovery",
            "  kintsugi recovery --json > certificate.json",
            "  kintsugi recovery run-01m8h293v8z6sp5crrq87fd93q"
        })
public final class RecoveryCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "RUN", description = "An earlier recovery; the last one by default.")
    private String id;

    @Mixin
    private RunningHub hub;

    @Override
    public Integer call() {
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
        if (run.path("state").asText().equals("RUNNING")) return underWay(out, run);
        var certificate = client.get("/runs/" + HubClient.part(run.path("id").asText()) + "/certificate");
        if (hub.json) RunningHub.print(out, certificate);
        else tell(out, certificate);
        return well(certificate) ? ExitCode.OK : RunningHub.NOT_WELL;
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
        for (var conflict : certificate.path("conflicts")) {
            var candidates = new ArrayList<String>();
            for (var one : conflict.path("candidates")) {
                candidates.add(RunningHub.text(one, "record") + " \"" + RunningHub.text(one, "value") + "\"");
            }
            out.println("  " + RunningHub.text(conflict, "goldenId") + " " + RunningHub.text(conflict, "attribute")
                    + ": " + String.join(" against ", candidates) + "; \"" + RunningHub.text(conflict, "value")
                    + "\" stands, by " + RunningHub.text(conflict, "rule"));
        }
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
