package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kintsugi.server.Plural;
import java.util.ArrayList;
import java.util.List;
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

/** Lists the merges of a hub and takes one back. */
@Command(
        name = "merges",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"List merges of golden records, newest first, or take one back.", ""},
        footer = {
            "",
            "Asks a hub that runs.",
            "",
            "Examples:",
            "  kintsugi merges",
            "  kintsugi merges --limit 5 --json",
            "  kintsugi merges undo m-01m8d6f3gnceyq765bb0an2ggy",
            "  kintsugi merges undo --tree m-01m8d6f3gnceyq765bb0an2ggy"
        })
public final class MergesCommand implements Callable<Integer> {
    private static final int MOST = 500;

    /** What to do. */
    enum Action {
        LIST,
        UNDO
    }

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ACTION",
            defaultValue = "list",
            description = "list (default) or undo.")
    private Action action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "Of a merge in the list.")
    private String id;

    @Mixin
    private RunningHub hub;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "Merges to list, 1 to " + MOST + "; default ${DEFAULT-VALUE}.")
    private int limit;

    @Option(
            names = "--tree",
            description = "With undo: also each merge that made the absorbed golden records what they were.")
    private boolean tree;

    @Override
    public Integer call() {
        if (tree && action == Action.LIST) {
            throw new ParameterException(spec.commandLine(), "--tree goes with undo ID");
        }
        if (limit < 1 || limit > MOST) {
            throw new ParameterException(spec.commandLine(), "--limit must be from 1 to " + MOST + ", not " + limit);
        }
        if ((action == Action.LIST) != (id == null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    action == Action.LIST
                            ? "a list takes no id; to take it back, say undo " + id
                            : "say which: undo ID, with an id of the list");
        }
        return action == Action.LIST ? list() : undo();
    }

    private int list() {
        var out = spec.commandLine().getOut();
        var page = hub.client().get("/merges?limit=" + limit);
        if (hub.json) RunningHub.print(out, page.path("items"));
        else {
            if (page.path("items").isEmpty()) out.println("Nothing was merged yet.");
            for (var merge : page.path("items")) {
                List<String> absorbed = new ArrayList<>();
                merge.path("absorbed").forEach(one -> absorbed.add(CliText.printable(one.asText())));
                out.println(RunningHub.text(merge, "id") + "  " + RunningHub.text(merge, "at") + "  "
                        + RunningHub.text(merge, "type") + "  " + String.join(", ", absorbed) + " into "
                        + RunningHub.text(merge, "survivor") + ", by "
                        + RunningHub.text(merge, "origin").toLowerCase(Locale.ROOT) + " " + RunningHub.text(merge, "by")
                        + (merge.hasNonNull("undoneAt") ? ", undone " + RunningHub.text(merge, "undoneAt") : ""));
                if (merge.has("unmerge")) out.println("    " + unmerge(merge.path("unmerge")));
            }
            if (page.hasNonNull("next")) out.println("There are more; --limit lists up to " + MOST + ".");
            out.flush();
        }
        return ExitCode.OK;
    }

    /** How far it can be taken back (MRG-5). */
    static String unmerge(JsonNode of) {
        var systems = new ArrayList<String>();
        for (var step : of.path("systems")) {
            List<String> limits = new ArrayList<>();
            step.path("limits").forEach(limit -> limits.add(CliText.printable(limit.asText())));
            if (!limits.isEmpty()) systems.add(RunningHub.text(step, "system") + ": " + String.join("; ", limits));
        }
        return switch (of.path("reversibility").asText()) {
            case "FULL" -> "an undo gives all of it back";
            case "PARTIAL" -> "an undo gives most of it back; " + String.join(", ", systems);
            default ->
                systems.isEmpty()
                        ? "cannot be undone: nothing of one side is there any more"
                        : "an undo does not take back everything; " + String.join(", ", systems);
        };
    }

    private int undo() {
        var out = spec.commandLine().getOut();
        var client = hub.client();
        var path = "/merges/" + HubClient.part(id) + "/unmerge";
        var how = tree ? JsonNodeFactory.instance.objectNode().put("mode", "TREE") : null;
        var preview = client.post(path + "/preview", how);
        var undone = client.post(path, how, preview.path("revision").asLong());
        if (hub.json) RunningHub.print(out, undone);
        else {
            out.println("Undone: "
                    + Plural.of(
                            preview.path("results").size(),
                            "golden record stands for itself again; ",
                            "golden records stand for themselves again; ")
                    + Plural.of(
                            preview.path("writes").size(), "write to systems follows.", "writes to systems follow."));
            out.flush();
        }
        return ExitCode.OK;
    }
}
