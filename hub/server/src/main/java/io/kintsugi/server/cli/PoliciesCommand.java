package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
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

/** Shows the policies of a hub, what a draft of one would change, publishes it and goes back. */
@Command(
        name = "policies",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "List, show, try and publish which system is trusted (authority) and what a delete does elsewhere (deletes), or go back.",
            ""
        },
        footer = {
            "",
            "Asks a hub that runs. A draft is a file as \"show\" prints it, YAML or JSON. Without --yes, publish and rollback only say what "
                    + "would change. What stands in the configuration file of the hub is published again when it starts: change it there too.",
            "",
            "Examples:",
            "  kintsugi policies",
            "  kintsugi policies list authority contact",
            "  kintsugi policies show authority contact > authority.yaml",
            "  kintsugi policies preview authority contact authority.yaml",
            "  kintsugi policies publish authority contact authority.yaml --yes",
            "  kintsugi policies rollback deletes contact 2"
        })
public final class PoliciesCommand implements Callable<Integer> {
    /** How many samples of a kind the hub gives. */
    static final int MOST = 500;

    private static final int USUAL = 20;
    private static final long LOOK_EVERY_MILLIS = 200;

    /** What to do. */
    enum Action implements Actions.Action {
        LIST,
        SHOW,
        PREVIEW("--limit"),
        PUBLISH("--limit", "--yes", "--seen"),
        ROLLBACK("--limit", "--yes", "--seen");

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

        boolean takesFile() {
            return this == PREVIEW || this == PUBLISH;
        }
    }

    /** Of policies. */
    enum Kind {
        AUTHORITY,
        DELETES;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ACTION",
            defaultValue = "list",
            description = "list (default), show, preview, publish or rollback.")
    private Action action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "KIND", description = "authority or deletes.")
    private Kind kind;

    @Parameters(index = "2", arity = "0..1", paramLabel = "TYPE", description = "The entity type, such as contact.")
    private String type;

    @Parameters(
            index = "3",
            arity = "0..1",
            paramLabel = "FILE|VERSION",
            description =
                    "With preview and publish: the draft. With rollback, and show if not the one in force: a version of the list.")
    private String what;

    @Mixin
    private RunningHub hub;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "Values and writes to list of what authority would change, 0 to " + MOST + "; default "
                    + USUAL + ".")
    private Integer limit;

    @Option(names = "--yes", description = "With publish and rollback: do it. Without it they say what would change.")
    private boolean yes;

    @Option(
            names = "--seen",
            paramLabel = "VERSION",
            description = "With --yes: the version in force that you saw; refused if somebody published meanwhile.")
    private Long seen;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Actions.check(spec, action, Action.values());
        require(limit == null || kind != Kind.DELETES, "--limit goes with authority");
        require(limit == null || limit >= 0 && limit <= MOST, "--limit must be from 0 to " + MOST + ", not " + limit);
        require(seen == null || yes, "--seen goes with --yes");
        if (action == Action.LIST) {
            require(
                    what == null,
                    "a list takes no file or version; to see one, say show " + kind + " " + type + " " + what);
            return list();
        }
        require(
                type != null,
                "say which: " + action + (kind == null ? " authority TYPE or deletes TYPE" : " " + kind + " TYPE"));
        require(
                what != null || action == Action.SHOW,
                "say which: " + action + " " + kind + " " + type + (action.takesFile() ? " FILE" : " VERSION"));
        if (action == Action.SHOW) return show();
        var draft = draft(action.takesFile() ? read(Path.of(what)) : body(stored(version())));
        try {
            return action == Action.PREVIEW ? preview(draft) : publish(draft);
        } catch (HubException e) {
            if (e.code() != HubErrorCode.UNPROCESSABLE) throw e;
            throw new HubException(
                    e.code(), (action.takesFile() ? what : "version " + what) + ": " + e.getMessage(), e);
        }
    }

    private void require(boolean right, String otherwise) {
        if (!right) throw new ParameterException(spec.commandLine(), otherwise);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private long version() {
        try {
            long version = Long.parseLong(what);
            if (version >= 0) return version;
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ParameterException(spec.commandLine(), "\"" + what + "\" is no version; give a number of the list");
    }

    private static String path(Kind kind, String type) {
        return "/" + kind + "/" + HubClient.part(type);
    }

    private String path() {
        return path(kind, type);
    }

    private int list() {
        var client = hub.client();
        if (type != null) {
            var policy = client.get(path());
            if (hub.json) RunningHub.print(out(), policy);
            else PolicyText.versions(kind.toString(), policy, out());
            out().flush();
            return ExitCode.OK;
        }
        var all = JsonNodeFactory.instance.objectNode();
        var types = client.all("/entity-types");
        for (var one : Kind.values()) {
            if (kind != null && kind != one) continue;
            var policies = all.putArray(one.toString());
            types.forEach(entity ->
                    policies.add(client.get(path(one, entity.path("name").asText()))));
            if (!hub.json) policies.forEach(policy -> PolicyText.inForce(one.toString(), policy, out()));
        }
        if (hub.json) RunningHub.print(out(), all);
        else if (types.isEmpty()) out().println("The hub has no entity type yet, so it has no policies.");
        out().flush();
        return ExitCode.OK;
    }

    private int show() {
        var policy = what == null ? hub.client().get(path()) : stored(version());
        if (hub.json) RunningHub.print(out(), policy);
        else {
            var body = body(policy);
            out().print(
                            body.isBlank()
                                    ? "# version " + policy.path("version").asLong()
                                            + ": nothing was published, the hub does as it does by itself\n"
                                    : body.endsWith("\n") ? body : body + "\n");
            out().flush();
        }
        return ExitCode.OK;
    }

    private static String body(JsonNode policy) {
        return policy.path("body").asText();
    }

    /** A version of the policy. The hub tells the last ones before an instant, so older ones are found step by step. */
    private JsonNode stored(long version) {
        var client = hub.client();
        var policy = client.get(path());
        if (version == 0) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("type", type)
                    .put("version", 0)
                    .put("body", "");
        }
        long at = policy.path("version").asLong();
        while (at != version) {
            JsonNode nearest = null;
            for (var one : policy.path("versions")) {
                long number = one.path("version").asLong();
                if (number >= version && number < at) nearest = one;
            }
            if (nearest == null) throw noVersion(version);
            policy = client.get(
                    path() + "?asOf=" + HubClient.part(nearest.path("at").asText()));
            if (policy.path("version").asLong() >= at) throw noVersion(version); // hidden by one of the same instant
            at = policy.path("version").asLong();
        }
        return policy;
    }

    private HubException noVersion(long version) {
        return new HubException(
                HubErrorCode.NOT_FOUND,
                "the " + kind + " policy of " + type + " has no version " + version + " that could be shown; \""
                        + list(kind, type) + "\" lists them");
    }

    private static String list(Kind kind, String type) {
        return "kintsugi policies list " + kind + " " + type;
    }

    private static ObjectNode draft(String yaml) {
        return JsonNodeFactory.instance.objectNode().put("body", yaml);
    }

    private static String read(Path file) throws IOException {
        if (Files.isDirectory(file))
            throw new HubException(HubErrorCode.BAD_REQUEST, file + " is a folder, not a file");
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new HubException(HubErrorCode.BAD_REQUEST, file + " is no text in UTF-8", e);
        }
    }

    private int preview(ObjectNode draft) throws InterruptedException {
        tell(hub.client().get(path()), found(draft));
        out().flush();
        return ExitCode.OK;
    }

    private void tell(JsonNode now, JsonNode found) {
        if (hub.json) RunningHub.print(out(), found);
        else if (kind == Kind.AUTHORITY) PolicyText.authority(found, samples(), out());
        else PolicyText.deletes(now, found, out());
    }

    private int samples() {
        return limit == null ? USUAL : limit;
    }

    /** What the draft would change. */
    private JsonNode found(ObjectNode draft) throws InterruptedException {
        var client = hub.client();
        if (kind == Kind.DELETES) return client.post(path() + "/preview", draft);
        var preview = client.post(path() + "/preview", draft.deepCopy().put("samples", samples()));
        try (var line = new ProgressLine(spec.commandLine().getErr(), System.console() != null)) {
            while (preview.path("state").asText().equals("RUNNING")) {
                line.show(
                        "reading",
                        preview.path("done").asDouble()
                                / Math.max(1, preview.path("total").asDouble()));
                Thread.sleep(LOOK_EVERY_MILLIS);
                preview = client.get("/authority/previews/"
                        + HubClient.part(preview.path("id").asText()));
            }
        }
        if (preview.path("state").asText().equals("DONE")) return preview.path("result");
        throw new HubException(HubErrorCode.NOT_POSSIBLE, "the preview failed: " + RunningHub.text(preview, "problem"));
    }

    private int publish(ObjectNode draft) throws InterruptedException {
        var client = hub.client();
        var now = client.get(path());
        long before = now.path("version").asLong();
        boolean stale = seen != null && seen != before; // the hub refuses it
        if (!yes || !hub.json && !stale) tell(now, found(draft));
        if (!yes) {
            if (!hub.json) out().println("Nothing was published yet; to do it, add --yes --seen " + before + ".");
            out().flush();
            return ExitCode.OK;
        }
        boolean back = action == Action.ROLLBACK;
        var policy = RunningHub.post(
                client,
                path() + (back ? "/rollback" : "/publish"),
                back ? JsonNodeFactory.instance.objectNode().put("version", version()) : draft,
                seen == null ? before : seen,
                "policies list " + kind + " " + type);
        if (hub.json) RunningHub.print(out(), policy);
        else {
            out().println("Published as version " + policy.path("version").asLong() + "."
                    + (kind == Kind.AUTHORITY ? " What is out of step is written in the background." : ""));
            out().flush();
        }
        return ExitCode.OK;
    }
}
