package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.server.Plural;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Schemas of systems and what changed about them, as text for people. */
final class SchemaText {
    private SchemaText() {}

    /** @param changes of one stream after the other */
    static void changes(Iterable<JsonNode> changes, PrintWriter out) {
        var last = "";
        for (var change : changes) {
            var stream = RunningHub.text(change, "system") + " " + RunningHub.text(change, "stream") + " ("
                    + RunningHub.text(change, "type") + ")";
            if (!stream.equals(last)) out.println(stream);
            last = stream;
            change(change, out);
        }
    }

    private static void change(JsonNode change, PrintWriter out) {
        out.println("  " + RunningHub.text(change, "id") + "  " + RunningHub.words(change, "kind") + "  "
                + RunningHub.text(change, "field")
                + (change.hasNonNull("since") ? "  since " + RunningHub.text(change, "since") : ""));
        out.println("    " + RunningHub.text(change, "says"));
        for (var candidate : change.path("candidates")) {
            out.println("    it may go on as " + RunningHub.text(candidate, "field")
                    + (candidate.hasNonNull("compared")
                            ? ": " + candidate.path("same").asLong() + " of "
                                    + Plural.of(candidate.path("compared").asLong(), "record holds", "records hold")
                                    + " the same"
                            : ": the system says it is the same field"));
        }
        if (!change.path("unknown").isEmpty()) out.println("    the system takes: " + texts(change.path("options")));
        List<String> answers = new ArrayList<>();
        change.path("answers")
                .forEach(one ->
                        answers.add(answer(one.asText(), change.path("kind").asText())));
        out.println("    answers: " + String.join(", ", answers));
    }

    private static String texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(one -> texts.add(CliText.printable(one.asText())));
        return texts.isEmpty() ? "nothing" : String.join(", ", texts);
    }

    private static String answer(String answer, String kind) {
        return switch (answer) {
            case "MAP" -> "map --attribute NAME";
            case "RENAME" -> "rename --field NAME";
            case "CONSTANT" -> "constant --value TEXT";
            case "OPTIONS" -> "options --option VALUE=OPTION";
            case "DROP" -> "drop (stop mapping it)";
            case "AGREE" -> "agree (" + agreed(kind) + ")";
            default -> CliText.printable(answer.toLowerCase(Locale.ROOT));
        };
    }

    private static String agreed(String kind) {
        return switch (kind) {
            case "NEW" -> "leave it unmapped";
            case "RETYPED" -> "it is right so, go on";
            case "NEW_REQUIRED" -> "send creates all the same";
            case "WRITABLE_LOST" -> "only read it from now on";
            default -> "I have seen it";
        };
    }

    /** Every field of a stream, where it stands, and what was answered. */
    static void stream(String system, JsonNode stream, PrintWriter out) {
        out.println(CliText.printable(system) + " " + RunningHub.text(stream, "stream") + " ("
                + RunningHub.text(stream, "type") + ")");
        if (stream.path("fields").isEmpty()) out.println("  the system has not told its fields yet");
        for (var field : stream.path("fields")) {
            out.printf(
                    Locale.ROOT,
                    "  %-24s %-12s %-13s %s%n",
                    RunningHub.text(field, "name"),
                    RunningHub.words(field, "valueType"),
                    RunningHub.words(field, "state"),
                    (field.hasNonNull("attribute") ? RunningHub.text(field, "attribute") : "")
                            + (field.path("required").asBoolean() ? " (required)" : ""));
        }
        var versions = stream.path("versions");
        if (versions.isEmpty()) out.println("  nothing was answered yet");
        for (int i = 0; i < versions.size(); i++) out.println("  " + version(versions.get(i), i == 0));
    }

    private static String version(JsonNode version, boolean inForce) {
        return "version " + version.path("version").asLong() + (inForce ? " (in force), " : ", ")
                + RunningHub.text(version, "at") + " by " + RunningHub.text(version, "by") + ": "
                + RunningHub.text(version, "says");
    }

    /** What is in force of a stream after an answer. */
    static String latest(JsonNode schema, String stream) {
        for (var one : schema.path("streams")) {
            if (one.path("stream").asText().equals(stream)
                    && !one.path("versions").isEmpty())
                return version(one.path("versions").get(0), true);
        }
        return "nothing was answered";
    }
}
