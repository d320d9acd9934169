package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
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

/** Erases things for good, and shows how far that is (DEL-11). */
@Command(
        name = "erasures",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Erase a golden record for good, in its systems and in the hub, or show how far erasures are.",
            ""
        },
        footer = {
            "",
            "Asks a hub that runs. An erasure cannot be undone: \"plan\" says what it would do, and \"begin\" wants --yes. The reason is kept for"
                    + " ever, so give a case number.",
            "Exit code of list and show: 3 while something is still to be done.",
            "",
            "Examples:",
            "  kintsugi erasures",
            "  kintsugi erasures plan g-01m8d6f3gnceyq765bb0an2ggy",
            "  kintsugi erasures begin g-01m8d6f3gnceyq765bb0an2ggy \\",
            "      --reason \"case 2026-17\" --yes",
            "  kintsugi erasures show e-01m8d6f3gnceyq765bb0an2ggy",
            "  kintsugi erasures gone e-01m8d6f3gnceyq765bb0an2ggy crm 4711",
            "  kintsugi erasures evidence e-01m8d6f3gnceyq765bb0an2ggy > evidence.json",
            "  kintsugi erasures lift e-01m8d6f3gnceyq765bb0an2ggy \\",
            "      --reason \"case 2027-3\" --yes"
        })
public final class ErasuresCommand implements Callable<Integer> {
    /** What to do. */
    enum Action {
        LIST,
        PLAN,
        BEGIN,
        SHOW,
        HAND,
        GONE,
        EVIDENCE,
        LIFT;

        boolean isOfRecord() {
            return this == HAND || this == GONE;
        }

        boolean isForGood() {
            return this == BEGIN || this == LIFT;
        }
    }

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ACTION",
            defaultValue = "list",
            description =
                    "list (default); plan or begin, of a golden record; show, evidence or lift, of an erasure; hand, to leave a record to"
                            + " a person so that the hub need not wait, or gone, to say that it is gone from its system.")
    private Action action;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ID",
            description = "Of a golden record, or of an erasure in the list.")
    private String id;

    @Parameters(index = "2", arity = "0..1", paramLabel = "SYSTEM", description = "With hand and gone.")
    private String system;

    @Parameters(
            index = "3",
            arity = "0..1",
            paramLabel = "RECORD",
            description = "With hand and gone: id of the record there, or its hash, as shown.")
    private String record;

    @Option(names = "--reason", paramLabel = "TEXT", description = "With begin and lift; must not name the person.")
    private String reason;

    @Option(names = "--yes", description = "With begin and lift: do it. Without it they say what they would do.")
    private boolean yes;

    @Mixin
    private RunningHub hub;

    @Override
    public Integer call() {
        require(action == Action.LIST || id != null, "say which: " + word() + " ID");
        require(action != Action.LIST || id == null, "a list takes no id; to see one, say show " + id);
        require(
                action.isOfRecord() == (record != null),
                action.isOfRecord() ? word() + " ID SYSTEM RECORD" : word() + " takes an id only");
        require(action.isForGood() || reason == null && !yes, "--reason and --yes go with begin and lift");
        require(!action.isForGood() || reason != null, word() + " needs --reason, such as a case number");
        return switch (action) {
            case LIST -> list();
            case PLAN -> plan();
            case BEGIN -> yes ? begin() : plan();
            case SHOW -> show(erasure());
            case HAND -> show(answered("/by-hand"));
            case GONE -> show(answered("/gone"));
            case EVIDENCE -> evidence();
            case LIFT -> lift();
        };
    }

    private String word() {
        return action.name().toLowerCase(Locale.ROOT);
    }

    private void require(boolean right, String otherwise) {
        if (!right) throw new ParameterException(spec.commandLine(), otherwise);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private int list() {
        var erasures = hub.client().all("/erasures");
        if (hub.json) RunningHub.print(out(), erasures);
        else if (erasures.isEmpty()) out().println("Nothing was erased yet.");
        else erasures.forEach(this::line);
        out().flush();
        for (var erasure : erasures) if (!isDone(erasure)) return RunningHub.NOT_WELL;
        return ExitCode.OK;
    }

    private static boolean isDone(JsonNode erasure) {
        return erasure.path("state").asText().equals("DONE");
    }

    private void line(JsonNode erasure) {
        int open = 0;
        for (var step : erasure.path("steps")) if (isOpen(step)) open++;
        out().println(RunningHub.text(erasure, "id") + "  " + RunningHub.text(erasure, "askedAt") + "  "
                + RunningHub.text(erasure, "type") + "  " + RunningHub.text(erasure, "golden") + ", "
                + RunningHub.text(erasure, "state").toLowerCase(Locale.ROOT)
                + (open == 0 ? "" : ", " + open + (open == 1 ? " record" : " records") + " to see to"));
        out().println("    " + RunningHub.text(erasure, "reason") + ", by " + RunningHub.text(erasure, "by")
                + (erasure.hasNonNull("lifted") ? "; lifted" : ""));
    }

    private static boolean isOpen(JsonNode step) {
        var state = step.path("state").asText();
        return !state.equals("CONFIRMED") && !state.equals("ATTESTED");
    }

    private int plan() {
        var plan = hub.client().post("/goldens/" + HubClient.part(id) + "/erase/preview", null);
        if (hub.json) RunningHub.print(out(), plan);
        else {
            out().println("Would be erased for good:");
            plan.at("/erasure/steps").forEach(this::step);
            var counts = new ArrayList<String>();
            for (var kind : plan.path("removed").properties()) {
                var words = kind.getKey().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
                counts.add(kind.getValue().asLong() + " " + CliText.printable(words));
            }
            out().println("The hub forgets: " + String.join(", ", counts) + ".");
            long referring = plan.path("referring").asLong();
            if (referring > 0) out().println("Golden records that refer to it, and stay: " + referring + ".");
            if (action == Action.BEGIN) out().println("Nothing was done yet; to begin, add --yes.");
            out().flush();
        }
        return ExitCode.OK;
    }

    private void step(JsonNode step) {
        var name = step.hasNonNull("recordId") ? "recordId" : "record";
        out().println("  " + RunningHub.text(step, "system") + " " + RunningHub.text(step, name) + "  "
                + RunningHub.text(step, "means").toLowerCase(Locale.ROOT).replace('_', ' ') + ", "
                + RunningHub.text(step, "state").toLowerCase(Locale.ROOT).replace('_', ' ')
                + (step.hasNonNull("why") ? ": " + RunningHub.text(step, "why") : ""));
    }

    private int begin() {
        var client = hub.client();
        var path = "/goldens/" + HubClient.part(id);
        long revision = client.get(path).path("revision").asLong();
        var erasure = client.post(path + "/erase", because(), revision);
        if (!hub.json) out().println("Begun as " + RunningHub.text(erasure, "id") + ".");
        return show(erasure);
    }

    private JsonNode because() {
        return JsonNodeFactory.instance.objectNode().put("reason", reason);
    }

    private String path() {
        return "/erasures/" + HubClient.part(id);
    }

    private JsonNode erasure() {
        return hub.client().get(path());
    }

    private int show(JsonNode erasure) {
        if (hub.json) RunningHub.print(out(), erasure);
        else {
            line(erasure);
            erasure.path("steps").forEach(this::step);
            out().flush();
        }
        return isDone(erasure) ? ExitCode.OK : RunningHub.NOT_WELL;
    }

    private JsonNode answered(String how) {
        var erasure = erasure();
        for (var step : erasure.path("steps")) {
            boolean named = step.path("recordId").asText().equals(record)
                    || step.path("record").asText().equals(record);
            if (!named || !step.path("system").asText().equals(system)) continue;
            var hash = HubClient.part(step.path("record").asText());
            return hub.client()
                    .post(
                            path() + "/records/" + hash + how,
                            null,
                            erasure.path("revision").asLong());
        }
        throw new HubException(
                HubErrorCode.NOT_FOUND,
                "erasure " + id + " has no record " + record + " in " + system + "; see show " + id);
    }

    private int evidence() {
        RunningHub.print(out(), hub.client().get(path() + "/evidence"));
        return ExitCode.OK;
    }

    private int lift() {
        var erasure = erasure();
        if (!yes) {
            out().println(
                            "What was erased as " + CliText.printable(id)
                                    + " would be stored again wherever it is still there. Nothing was done yet; to let it come back, add --yes.");
            out().flush();
            return ExitCode.OK;
        }
        var lifted = hub.client()
                .post(path() + "/lift", because(), erasure.path("revision").asLong());
        if (hub.json) RunningHub.print(out(), lifted);
        else {
            out().println("Lifted: what is there in systems is stored when it is next read.");
            out().flush();
        }
        return ExitCode.OK;
    }
}
