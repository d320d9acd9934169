package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.server.Plural;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** What a hub says of why things are as they are, as text for people. */
final class ExplanationText {
    private static final int WIDTH = 28;
    private static final String INDENT = "    ";

    private final PrintWriter out;

    ExplanationText(PrintWriter out) {
        this.out = out;
    }

    /** Why two records are one, or are not: both side by side, the steps of the score, and all else that decides. */
    void pair(JsonNode why) {
        out.println(RunningHub.text(why.path("conclusion"), "text"));
        out.println();
        values(why);
        steps(why);
        for (var key : why.path("keys")) {
            out.println("Key in common: " + RunningHub.text(key, "value") + ", of "
                    + Plural.of(key.path("records").asLong(), "record")
                    + (key.path("generic").asBoolean() ? "; too many, so it brings nobody together" : ""));
        }
        if (why.path("keys").isEmpty()) out.println("No key in common: the rules never compare them.");
        for (var assertion : why.path("assertions")) {
            out.println("Beside the score: " + RunningHub.text(assertion, "text")
                    + (assertion.hasNonNull("by") ? ", by " + RunningHub.text(assertion, "by") : "")
                    + (assertion.hasNonNull("at") ? ", " + RunningHub.text(assertion, "at") : ""));
        }
    }

    /** What differs bears a star. */
    private void values(JsonNode why) {
        var a = why.hasNonNull("then") ? why.path("then").path("a") : why.path("a");
        var b = why.hasNonNull("then") ? why.path("then").path("b") : why.path("b");
        out.println("  " + pad("", 18) + "  " + pad(head(why, "a"), WIDTH) + "  " + head(why, "b"));
        var attributes = new TreeSet<String>();
        for (var side : List.of(a, b)) side.path("attributes").fieldNames().forEachRemaining(attributes::add);
        for (var attribute : attributes) {
            var left = a.path("attributes").path(attribute).asText();
            var right = b.path("attributes").path(attribute).asText();
            out.println((left.equals(right) ? "  " : "* ") + pad(attribute, 18) + "  " + pad(shown(left), WIDTH) + "  "
                    + CliText.cell(shown(right), WIDTH));
        }
        out.println();
    }

    private static String head(JsonNode why, String side) {
        var known = why.path("then").path(side).path("known");
        return RunningHub.text(why.path(side), "key")
                + (known.isBoolean() && !known.asBoolean() ? " (not known then)" : "");
    }

    private static String shown(String value) {
        return value.isEmpty() ? "-" : value;
    }

    private void steps(JsonNode why) {
        if (!why.hasNonNull("computed")) return;
        for (var step : why.path("comparisons")) {
            out.println(
                    (String.format(Locale.ROOT, "%+8.2f  ", step.path("bits").asDouble())
                                    + pad(step.path("name").asText(), 16) + "  "
                                    + pad(step.path("level").asText(), 24) + "  "
                                    + both(step))
                            .stripTrailing());
        }
        var computed = why.path("computed");
        var thresholds = why.path("thresholds");
        out.println(String.format(
                Locale.ROOT,
                "%+8.2f  in all, a probability of %.4f; the same from %+.1f, for a person to look at from %+.1f",
                computed.path("score").asDouble(),
                computed.path("probability").asDouble(),
                thresholds.path("autoBits").asDouble(),
                thresholds.path("reviewBits").asDouble()));
        out.println("          by " + RunningHub.text(computed, "ruleSet"));
        out.println();
    }

    private static String both(JsonNode step) {
        if (!step.hasNonNull("left") && !step.hasNonNull("right")) return "";
        var left = CliText.cell(shown(step.path("left").asText()), WIDTH);
        var right = CliText.cell(shown(step.path("right").asText()), WIDTH);
        return left.equals(right) ? left : left + " | " + right;
    }

    /** How a golden record came to be, oldest first; what was merged into it is set in. */
    void story(JsonNode story) {
        out.println(RunningHub.text(story, "goldenId") + "  " + RunningHub.text(story, "label"));
        int omitted = story.path("omitted").asInt();
        if (omitted > 0) out.println(INDENT + Plural.of(omitted, "older step") + " not told");
        steps(story, INDENT);
    }

    private void steps(JsonNode story, String indent) {
        for (var step : story.path("steps")) {
            var says = new ArrayList<String>();
            says.add(RunningHub.words(step, "cause"));
            if (!step.path("joined").isEmpty()) says.add("with " + list(step.path("joined")));
            if (!step.path("left").isEmpty()) says.add("without " + list(step.path("left")));
            if (!step.hasNonNull("merge") && step.hasNonNull("because"))
                says.add("because of " + because(step.path("because")));
            if (step.hasNonNull("merge"))
                says.add("by merge " + RunningHub.text(step.path("merge"), "id") + " of "
                        + RunningHub.text(step.path("merge"), "by"));
            out.println(indent + RunningHub.text(step, "at") + "  " + String.join(", ", says));
            for (var absorbed : step.path("absorbed")) {
                out.println(indent + INDENT + RunningHub.text(absorbed, "goldenId") + "  "
                        + RunningHub.text(absorbed, "label"));
                steps(absorbed, indent + INDENT + INDENT);
            }
        }
    }

    private static String because(JsonNode link) {
        return RunningHub.text(link, "a") + " and " + RunningHub.text(link, "b")
                + (link.path("origin").asText().equals("RULE")
                        ? String.format(
                                Locale.ROOT, " (%.1f bits)", link.path("score").asDouble())
                        : "")
                + ", by " + RunningHub.text(link, "by");
    }

    private static String list(JsonNode keys) {
        List<String> names = new ArrayList<>();
        keys.forEach(key -> names.add(CliText.printable(key.asText())));
        return String.join(", ", names);
    }

    /** Which record gives a value, by which rule, and the merges that brought it here. */
    void value(JsonNode way) {
        out.println(RunningHub.text(way, "attribute") + " of " + RunningHub.text(way, "goldenId") + ": "
                + RunningHub.text(way, "value"));
        out.println(INDENT
                + (way.hasNonNull("record") ? "from " + RunningHub.text(way, "record") : "given by a steward")
                + (way.hasNonNull("sourceAt") ? ", said " + RunningHub.text(way, "sourceAt") : "") + "; by the rule "
                + RunningHub.text(way, "rule") + " of authority version "
                + way.path("policyVersion").asLong());
        if (way.path("merges").isEmpty()) out.println(INDENT + "No merge moved it here.");
        for (var merge : way.path("merges")) {
            out.println(INDENT + RunningHub.text(merge, "at") + "  merge " + RunningHub.text(merge, "id") + ", by "
                    + RunningHub.text(merge, "by")
                    + (merge.hasNonNull("undoneAt") ? ", undone " + RunningHub.text(merge, "undoneAt") : ""));
        }
    }

    private static String pad(String text, int width) {
        var cell = CliText.cell(text, width);
        return cell + " ".repeat(Math.max(0, width - cell.codePointCount(0, cell.length())));
    }
}
