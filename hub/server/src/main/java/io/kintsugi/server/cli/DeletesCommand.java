package io.kintsugi.server.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the deletes that a hub asks about, and answers. */
@Command(
        name = "deletes",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"List the deletes that wait for a person, or answer one of these questions.", ""},
        footer = {
            "",
            "Asks a hub that runs. The answer to a brake is for all deletes that it holds. Exit code of the list: 3 if something waits.",
            "",
            "Examples:",
            "  kintsugi deletes",
            "  kintsugi deletes approve rv-6df9ab5c",
            "  kintsugi deletes refuse rv-6df9ab5c"
        })
public final class DeletesCommand implements Callable<Integer> {
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

    @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "Of a question in the list.")
    private String id;

    @Mixin
    private RunningHub hub;

    @Override
    public Integer call() {
        boolean list = action == Action.LIST;
        if (list != (id == null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    list
                            ? "a list takes no id; to answer, say approve " + id + " or refuse " + id
                            : "say which: " + action.name().toLowerCase(Locale.ROOT) + " ID, with an id of the list");
        }
        return list ? list() : answer();
    }

    private int list() {
        var out = spec.commandLine().getOut();
        var reviews = hub.client().all("/reviews?kind=DELETED");
        if (hub.json) RunningHub.print(out, reviews);
        else {
            if (reviews.isEmpty()) out.println("No delete waits for a person.");
            for (var review : reviews) {
                out.println(RunningHub.text(review, "id") + "  " + RunningHub.text(review, "openedAt") + "  "
                        + RunningHub.text(review, "label"));
                out.println("    " + RunningHub.text(review, "reason"));
            }
            out.flush();
        }
        return reviews.isEmpty() ? ExitCode.OK : RunningHub.NOT_WELL;
    }

    private int answer() {
        var out = spec.commandLine().getOut();
        var client = hub.client();
        var path = "/reviews/" + HubClient.part(id);
        var review = client.get(path).path("review");
        var answered = client.post(
                path + (action == Action.APPROVE ? "/delete" : "/keep"),
                null,
                review.path("revision").asLong());
        if (hub.json) RunningHub.print(out, answered);
        else {
            out.println(
                    action == Action.APPROVE
                            ? "Approved: what it asked about is deleted."
                            : "Refused: what it asked about stays.");
            out.flush();
        }
        return ExitCode.OK;
    }
}
