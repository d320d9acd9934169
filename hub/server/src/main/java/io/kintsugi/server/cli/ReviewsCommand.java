package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kintsugi.core.model.Review.Kind;
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

/** Lists the questions that a hub asks stewards, shows one, and answers (MRG-7). */
@Command(
        name = "reviews",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {"List the questions for a person, show one with everything needed to decide it, or answer.", ""},
        footer = {
            "",
            "Asks a hub that runs. \"show\" names the answers that fit: match or no-match for duplicates, undo for what was decided; accept or "
                    + "reject for a change that a trusted system overrules; approve or refuse for merges held back; delete or keep for deletes; "
                    + "discard for a row that cannot be read. Exit code of the list: 3 if one of them waits for a person.",
            "",
            "Examples:",
            "  kintsugi reviews",
            "  kintsugi reviews --kind CANDIDATE --type contact --sort teach --limit 10",
            "  kintsugi reviews show rv-6df9ab5c",
            "  kintsugi reviews match rv-6df9ab5c --seen 1 --note \"called both\"",
            "  kintsugi reviews no-match rv-6df9ab5c",
            "  kintsugi reviews undo rv-6df9ab5c"
        })
public final class ReviewsCommand implements Callable<Integer> {
    private static final int MOST = 500;

    /** Which reviews are listed. */
    enum State {
        OPEN,
        DECIDED,
        OBSOLETE,
        ANY
    }

    /** What comes first. */
    enum Sort {
        SCORE("score"),
        OPENED("openedAt"),
        TEACH("teach");

        private final String name;

        Sort(String name) {
            this.name = name;
        }

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
            description =
                    "list (default), show, or an answer: match, no-match, undo, accept, reject, approve, refuse, delete, keep, discard.")
    private ReviewAction action;

    @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "Of a review in the list.")
    private String id;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "Only of this kind: ${COMPLETION-CANDIDATES}. Without it all that ask somebody.")
    private Kind kind;

    @Option(names = "--state", paramLabel = "STATE", description = "${COMPLETION-CANDIDATES}; OPEN if none is given.")
    private State state;

    @Option(names = "--type", paramLabel = "TYPE", description = "Only of this entity type.")
    private String type;

    @Option(names = "--system", paramLabel = "ID", description = "Only with a record of this system.")
    private String system;

    @Option(
            names = "--golden",
            paramLabel = "ID",
            description =
                    "With list: only open ones about this golden record. With match: the one that a record belongs to which fits several.")
    private String golden;

    @Option(names = "--min-score", paramLabel = "BITS", description = "Only with at least this score.")
    private Double minScore;

    @Option(
            names = "--sort",
            paramLabel = "ORDER",
            description = "score: likeliest first (default); opened: oldest first; teach: most doubtful first.")
    private Sort sort;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "Reviews to list, 1 to " + MOST + ", 0 for all; default ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--after", paramLabel = "CURSOR", description = "Goes on where a list ended; it said how.")
    private String after;

    @Option(
            names = "--seen",
            paramLabel = "REVISION",
            description =
                    "With an answer: the revision that show gave; refused if the question is another one meanwhile.")
    private Long seen;

    @Option(names = "--note", paramLabel = "TEXT", description = "With an answer: why.")
    private String note;

    @Mixin
    private RunningHub hub;

    @Override
    public Integer call() {
        Actions.check(spec, action, ReviewAction.values());
        boolean lists = action == ReviewAction.LIST;
        require(limit >= 0 && limit <= MOST, "--limit must be from 0 to " + MOST + ", not " + limit);
        require(limit > 0 || after == null, "--after goes with a --limit above 0");
        require(!lists || id == null, "a list takes no id; to see one, say show " + id);
        require(lists || id != null, "say which: " + action + " ID, with an id of the list");
        return lists ? list() : action.isAnswer() ? answer() : show();
    }

    private void require(boolean right, String otherwise) {
        if (!right) throw new ParameterException(spec.commandLine(), otherwise);
    }

    private String query() {
        var of = new StringBuilder("/reviews?state=").append(state == null ? State.OPEN : state);
        if (sort != null) add(of, "sort", sort.name);
        if (kind != null) add(of, "kind", kind.name());
        if (type != null) add(of, "type", type);
        if (system != null) add(of, "system", system);
        if (golden != null) add(of, "golden", golden);
        if (minScore != null) add(of, "minScore", minScore.toString());
        return of.toString();
    }

    private static void add(StringBuilder to, String name, String value) {
        to.append('&').append(name).append('=').append(HubClient.part(value));
    }

    private int list() {
        var out = spec.commandLine().getOut();
        var client = hub.client();
        JsonNode items;
        String next = null;
        if (limit == 0) items = client.all(query());
        else {
            var page =
                    client.get(query() + "&limit=" + limit + (after == null ? "" : "&cursor=" + HubClient.part(after)));
            items = page.path("items");
            next = page.path("next").asText(null);
        }
        if (hub.json) RunningHub.print(out, items);
        else tell(items, next, out);
        for (var review : items) if (waits(review)) return RunningHub.NOT_WELL;
        return ExitCode.OK;
    }

    private void tell(JsonNode items, String next, PrintWriter out) {
        if (items.isEmpty()) out.println(after == null ? "No such review." : "No more reviews.");
        var text = new ReviewText(out);
        items.forEach(text::line);
        if (next != null)
            out.println("There are more: --limit 0 lists all, --after " + CliText.printable(next) + " the next ones.");
        out.flush();
    }

    private static boolean waits(JsonNode review) {
        if (!review.path("state").asText().equals("OPEN")) return false;
        for (var kind : Kind.values())
            if (kind.name().equals(review.path("kind").asText())) return kind.asks();
        return true;
    }

    private String path() {
        return "/reviews/" + HubClient.part(id);
    }

    private int show() {
        var out = spec.commandLine().getOut();
        var detail = hub.client().get(path());
        if (hub.json) RunningHub.print(out, detail);
        else new ReviewText(out).detail(detail);
        out.flush();
        return ExitCode.OK;
    }

    private int answer() {
        var out = spec.commandLine().getOut();
        var client = hub.client();
        long revision = seen != null
                ? seen
                : client.get(path()).path("review").path("revision").asLong();
        var body = JsonNodeFactory.instance.objectNode();
        if (note != null) body.put("note", note);
        if (golden != null) body.put("golden", golden);
        if (action.isVerdict()) body.put("decision", action.name());
        var review = RunningHub.post(
                client, path() + action.path(), body.isEmpty() ? null : body, revision, "reviews show " + id);
        if (hub.json) RunningHub.print(out, review);
        else {
            out.println(action.done()
                    + (action.isVerdict()
                            ? " \"kintsugi reviews undo " + CliText.printable(id) + "\" takes it back."
                            : "")
                    + (action == ReviewAction.UNDO ? reopened(review) : ""));
            out.flush();
        }
        return ExitCode.OK;
    }

    private static String reopened(JsonNode review) {
        return review.path("state").asText().equals("OPEN")
                ? " The question is open again."
                : " The question does not arise any more.";
    }
}
