package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.server.Plural;
import java.io.PrintWriter;
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

/** Lists writes to systems, those first that wait for a person, and tries them again (SYN-5, SYN-7). */
@Command(
        name = "writes",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"List writes to systems that wait for a person, with the reason, or try them again.", ""},
        footer = {
            "",
            "Asks a hub that runs. Mend the cause before a retry: what is still refused is parked again.",
            "Exit code: 3 if a listed write is parked, or its outcome is not known for too long; with retry, if one could not be tried again.",
            "",
            "Examples:",
            "  kintsugi writes",
            "  kintsugi writes --system erp --state held",
            "  kintsugi writes --overdue",
            "  kintsugi writes retry \"record|erp:contact:4711\"",
            "  kintsugi writes retry --all --system erp"
        })
public final class WritesCommand implements Callable<Integer> {
    private static final int MOST = 500;

    /** What to do. */
    enum Action {
        LIST,
        RETRY
    }

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ACTION",
            defaultValue = "list",
            description = "list (default) or retry.")
    private Action action;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY", description = "With retry: keys of the list.")
    private List<String> keys = List.of();

    @Option(names = "--system", paramLabel = "ID", description = "Only writes to this system.")
    private String system;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "With list: ${COMPLETION-CANDIDATES}; PARKED if none is given.")
    private OutboundState state;

    @Option(names = "--overdue", description = "With list: only writes whose outcome is not known for too long.")
    private boolean overdue;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "Writes to list, 1 to " + MOST + "; default ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--all", description = "With retry: all that are parked now.")
    private boolean all;

    @Mixin
    private RunningHub hub;

    @Override
    public Integer call() {
        boolean lists = action == Action.LIST;
        require(!lists || keys.isEmpty(), "a list takes no key; to try it again, say retry " + String.join(" ", keys));
        require(!lists || !all, "--all goes with retry");
        require(lists || state == null && !overdue, "--state and --overdue go with list");
        require(lists || all == keys.isEmpty(), "say which: retry KEY, with a key of the list, or retry --all");
        require(lists || keys.isEmpty() || system == null, "a key names its system; --system goes with --all");
        require(limit >= 1 && limit <= MOST, "--limit must be from 1 to " + MOST + ", not " + limit);
        return lists ? list() : retry();
    }

    private void require(boolean right, String otherwise) {
        if (!right) throw new ParameterException(spec.commandLine(), otherwise);
    }

    private String query() {
        var of = new StringBuilder("/outbound?");
        if (overdue) of.append("overdue=true");
        else of.append("state=").append(state == null ? OutboundState.PARKED : state);
        if (overdue && state != null) of.append("&state=").append(state);
        if (system != null) of.append("&system=").append(HubClient.part(system));
        return of.toString();
    }

    private int list() {
        var out = spec.commandLine().getOut();
        var page = hub.client().get(query() + "&limit=" + limit);
        var items = page.path("items");
        if (hub.json) RunningHub.print(out, items);
        else {
            if (items.isEmpty()) out.println("No such write.");
            items.forEach(write -> line(out, write));
            if (page.hasNonNull("next")) out.println("There are more; --limit lists up to " + MOST + ".");
            out.flush();
        }
        boolean waits = overdue || state == null || state == OutboundState.PARKED;
        return waits && !items.isEmpty() ? RunningHub.NOT_WELL : ExitCode.OK;
    }

    private static void line(PrintWriter out, JsonNode write) {
        out.println(RunningHub.text(write, "key") + "  "
                + RunningHub.text(write, "state").toLowerCase(Locale.ROOT) + "  " + RunningHub.text(write, "label")
                + "  " + RunningHub.text(write, "updatedAt"));
        if (write.hasNonNull("problem")) out.println("    " + RunningHub.text(write, "problem"));
    }

    /** One that was tried again, or parked no more, meanwhile holds up no other. */
    private int retry() {
        var out = spec.commandLine().getOut();
        var client = hub.client();
        var asked = new ArrayList<>(keys);
        if (all)
            client.all(query()).forEach(write -> asked.add(write.path("key").asText()));
        var due = JsonNodeFactory.instance.arrayNode();
        int refused = 0;
        for (var key : asked) {
            try {
                due.add(client.post("/outbound/" + HubClient.part(key) + "/retry", null));
            } catch (HubException e) {
                if (!all && asked.size() == 1) throw e;
                refused++;
                spec.commandLine().getErr().println(CliText.printable(key) + ": " + e.getMessage());
            }
        }
        if (hub.json) RunningHub.print(out, due);
        else out.println(Plural.of(due.size(), "write is tried again.", "writes are tried again."));
        out.flush();
        return refused > 0 ? RunningHub.NOT_WELL : ExitCode.OK;
    }
}
