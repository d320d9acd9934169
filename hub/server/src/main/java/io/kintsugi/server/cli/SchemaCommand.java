package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists what changed about the fields of systems, and answers (SCH-1). */
@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "List what changed about fields of systems and waits for an answer, answer, or take answers back.",
            ""
        },
        footer = {
            "",
            "Asks a hub that runs. Only the field that changed stands still until it is answered. Exit code of the list: 3 if something waits.",
            "",
            "Examples:",
            "  kintsugi schema",
            "  kintsugi schema list --system crm --stream people",
            "  kintsugi schema rename 0a1b2c3d4e5f6071 --field town --try",
            "  kintsugi schema rename 0a1b2c3d4e5f6071 --field town",
            "  kintsugi schema map 1b2c3d4e5f60710a --attribute tier --type TEXT",
            "  kintsugi schema options 2c3d4e5f60710a1b --option gold=Gold",
            "  kintsugi schema fields crm",
            "  kintsugi schema map crm --stream people --field segment --attribute tier",
            "  kintsugi schema rollback crm --stream people --to 1"
        })
public final class SchemaCommand implements Callable<Integer> {
    /** What to do. */
    enum Action implements Actions.Action {
        LIST("--system", "--stream"),
        FIELDS("--stream"),
        MAP("--attribute", "--type", "--function", "--write", "--stream", "--field", "--try", "--limit"),
        RENAME("--field", "--try", "--limit"),
        CONSTANT("--value", "--try", "--limit"),
        OPTIONS("--option", "--try", "--limit"),
        AGREE("--try", "--limit"),
        DROP("--try", "--limit"),
        ROLLBACK("--stream", "--to", "--seen", "--try", "--limit");

        private final Set<String> options;

        Action(String... options) {
            this.options = Set.of(options);
        }

        @Override
        public Set<String> options() {
            return options;
        }

        @Override
        public String toString() {
            return word();
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
                    "list (default); map, rename, constant, options, agree or drop, which answer a change that the list names with it; "
                            + "fields or rollback, of a system.")
    private Action action;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ID|SYSTEM",
            description = "Of a change in the list; with fields, rollback and map --field, a system.")
    private String id;

    @Option(names = "--system", paramLabel = "ID", description = "With list: only of this system.")
    private String system;

    @Option(
            names = "--stream",
            paramLabel = "NAME",
            description = "With list and fields: only of this stream. With rollback and map --field: the stream.")
    private String stream;

    @Mixin
    private SchemaAnswerOptions answer;

    @Option(
            names = "--to",
            paramLabel = "N",
            description = "With rollback: version of the answers to go back to, as fields lists them.")
    private Long version;

    @Option(
            names = "--seen",
            paramLabel = "N",
            description = "With rollback: the version in force that you saw; refused if somebody answered meanwhile.")
    private Long seen;

    @Option(
            names = "--try",
            description =
                    "Only say what an answer or a rollback would lead to, value by value; nothing is stored or sent.")
    private boolean tries;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "With --try: changes to list, 0 for all; default ${DEFAULT-VALUE}.")
    private int limit;

    @Mixin
    private RunningHub hub;

    @Override
    public Integer call() throws InterruptedException {
        Actions.check(spec, action, Action.values());
        require(limit >= 0, "--limit must not be below 0, not " + limit);
        if (action == Action.LIST) {
            require(id == null, "a list takes no id; its answers do, such as agree " + id);
            return list();
        }
        boolean ofSystem = action == Action.FIELDS || action == Action.ROLLBACK || stream != null;
        require(id != null, "say which: " + action + (ofSystem ? " SYSTEM" : " ID, with an id of the list"));
        switch (action) {
            case MAP -> {
                require(answer.attribute != null, "map needs --attribute, which the field is read into");
                require(
                        (stream == null) == (answer.field == null),
                        "to map a field that nobody asked about, give --stream and --field, and the system instead of an id");
                require(stream == null || !tries, "--try goes with the answer to a change, not with map --field");
            }
            case RENAME -> require(answer.field != null, "rename needs --field, what the field is called now");
            case CONSTANT -> require(answer.value != null, "constant needs --value, what every new record gets");
            case OPTIONS ->
                require(
                        !answer.options.isEmpty(),
                        "options needs --option VALUE=OPTION for each value that the list names");
            case ROLLBACK ->
                require(stream != null && version != null, "rollback needs --stream and --to, as fields lists them");
            default -> {
                // needs nothing more
            }
        }
        return switch (action) {
            case FIELDS -> fields();
            case ROLLBACK -> rollback();
            default -> stream != null ? mapField() : answer();
        };
    }

    private void require(boolean right, String otherwise) {
        if (!right) throw new ParameterException(spec.commandLine(), otherwise);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private int list() {
        var client = hub.client();
        var changes = JsonNodeFactory.instance.arrayNode();
        for (var change : client.all("/schema-changes" + (system == null ? "" : "?system=" + HubClient.part(system)))) {
            if (stream == null || change.path("stream").asText().equals(stream)) changes.add(change);
        }
        if (changes.isEmpty() && system != null) streams(client, system); // that there is such a one
        if (hub.json) RunningHub.print(out(), changes);
        else if (changes.isEmpty()) out().println("No change of a schema waits for an answer.");
        else SchemaText.changes(changes, out());
        out().flush();
        return changes.isEmpty() ? ExitCode.OK : RunningHub.NOT_WELL;
    }

    /** The streams that were asked for, as they are. */
    private ArrayNode streams(HubClient client, String of) {
        var found = JsonNodeFactory.instance.arrayNode();
        List<String> names = new ArrayList<>();
        for (var one : client.get(path(of)).path("streams")) {
            names.add(CliText.printable(one.path("stream").asText()));
            if (stream == null || one.path("stream").asText().equals(stream)) found.add(one);
        }
        if (!found.isEmpty() || stream == null) return found;
        throw new HubException(
                HubErrorCode.NOT_FOUND,
                "system " + of + " has no stream \"" + stream + "\" that is mapped; it has "
                        + String.join(", ", names));
    }

    private static String path(String system) {
        return "/systems/" + HubClient.part(system) + "/schema";
    }

    private int fields() {
        var streams = streams(hub.client(), id);
        if (hub.json) RunningHub.print(out(), streams);
        else streams.forEach(one -> SchemaText.stream(id, one, out()));
        out().flush();
        return ExitCode.OK;
    }

    private int answer() throws InterruptedException {
        var client = hub.client();
        var path = "/schema-changes/" + HubClient.part(id);
        var change = client.get(path);
        var said = answer.json().put("answer", action.name());
        if (tries) {
            var asked = RemotePlan.asked("ANSWER").put("change", id);
            asked.set("answer", said);
            return tried(client, asked);
        }
        return done(client.post(path + "/answer", said), change.path("stream").asText());
    }

    private int mapField() {
        return done(hub.client().post(path(id) + "/fields", answer.json().put("stream", stream)), stream);
    }

    private int rollback() throws InterruptedException {
        var client = hub.client();
        long inForce =
                seen != null ? seen : streams(client, id).get(0).path("version").asLong();
        var back = JsonNodeFactory.instance.objectNode().put("stream", stream).put("version", version);
        if (tries) {
            var asked = RemotePlan.asked("ROLLBACK").put("system", id).put("seen", inForce);
            return tried(client, asked.setAll(back));
        }
        return done(RunningHub.post(client, path(id) + "/rollback", back, inForce, "schema fields " + id), stream);
    }

    private int done(JsonNode schema, String of) {
        if (hub.json) RunningHub.print(out(), schema);
        else out().println("Done. Of " + CliText.printable(of) + ": " + SchemaText.latest(schema, of));
        out().flush();
        return ExitCode.OK;
    }

    private int tried(HubClient client, JsonNode asked) throws InterruptedException {
        var report = new RemotePlan(client)
                .run(asked, ProgressLine.ofDryRun(spec.commandLine().getErr()));
        if (hub.json) RunningHub.print(out(), RemotePlan.json(report));
        else PlanText.write(report, limit, out());
        return ExitCode.OK;
    }
}
