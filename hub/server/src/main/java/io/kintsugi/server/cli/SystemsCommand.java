package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.server.Plural;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the systems of a hub, and answers whether one that is new may be written to. */
@Command(
        name = "systems",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"List the systems and how they are, or say whether a new one may be written to.", ""},
        footer = {
            "",
            "Asks a hub that runs. Only a system with \"firstSync: approve\" in its configuration waits for approval; an approval is for "
                    + "good. Exit code of the list: 3 if one waits, or if it is not known for more than 15 minutes what became of a write.",
            "",
            "Examples:",
            "  kintsugi systems",
            "  kintsugi systems approve crm",
            "  kintsugi systems refuse crm"
        })
public final class SystemsCommand implements Callable<Integer> {
    /** What to do. */
    enum Action {
        LIST,
        APPROVE,
        REFUSE
    }

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ACTION",
            defaultValue = "list",
            description = "list (default), approve or refuse.")
    private Action action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "SYSTEM", description = "The system, such as crm.")
    private String system;

    @Mixin
    private RunningHub hub;

    @Override
    public Integer call() {
        boolean list = action == Action.LIST;
        if (list != (system == null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    list
                            ? "a list takes no system; to answer, say approve " + system + " or refuse " + system
                            : "say which: " + action.name().toLowerCase(Locale.ROOT) + " SYSTEM, as in the list");
        }
        return list ? list() : answer();
    }

    private int list() {
        var out = spec.commandLine().getOut();
        var systems = hub.client().all("/systems");
        boolean waits = false;
        for (var one : systems) waits |= waits(one) || one.has("overdue");
        if (hub.json) RunningHub.print(out, systems);
        else {
            if (systems.isEmpty()) out.println("No system is connected.");
            for (var one : systems) {
                out.printf(
                        Locale.ROOT,
                        "%-20s %s%n",
                        RunningHub.text(one, "id"),
                        RunningHub.text(one, "state").toLowerCase(Locale.ROOT));
                if (one.hasNonNull("problem")) out.println("    " + RunningHub.text(one, "problem"));
                if (one.has("overdue")) out.println("    " + overdue(one.path("overdue")));
                if (standsOff(one)) out.println("    " + told(one.path("firstSync")));
            }
            out.flush();
        }
        return waits ? RunningHub.NOT_WELL : ExitCode.OK;
    }

    private static String overdue(JsonNode overdue) {
        return "outcome not known of " + Plural.of(overdue.path("changes").asLong(), "write") + ", the oldest sent "
                + overdue.path("oldestSentAt").asText();
    }

    private static boolean waits(JsonNode system) {
        return system.at("/firstSync/answer").asText().equals("WAITING");
    }

    private static boolean standsOff(JsonNode system) {
        return waits(system) || system.at("/firstSync/answer").asText().equals("REFUSED");
    }

    private static String told(JsonNode firstSync) {
        long waits = firstSync.path("waits").asLong();
        return String.format(
                Locale.ROOT,
                "first sync %s: %,d to create, up to %,d to change%s",
                firstSync.path("answer").asText().equals("REFUSED") ? "refused" : "waits for approval",
                firstSync.path("creates").asLong(),
                firstSync.path("updates").asLong(),
                waits == 0 ? "" : ", " + Plural.of(waits, "create waits", "creates wait") + " for a question");
    }

    private int answer() {
        var out = spec.commandLine().getOut();
        boolean approve = action == Action.APPROVE;
        var path = "/systems/" + HubClient.part(system) + "/first-sync/" + (approve ? "approve" : "refuse");
        var answered = hub.client().post(path, null);
        if (hub.json) RunningHub.print(out, answered);
        else {
            out.println(
                    approve
                            ? "Approved: what waits is written now."
                            : "Refused: nothing is written to it. It can still be approved.");
            out.flush();
        }
        return ExitCode.OK;
    }
}
