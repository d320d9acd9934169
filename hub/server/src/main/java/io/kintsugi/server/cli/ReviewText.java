package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.server.Plural;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;

/** Questions for stewards, as text for people. */
final class ReviewText {
    private static final int WIDTH = 28;
    private static final int MOST_PAIRS = 3;

    private final PrintWriter out;

    ReviewText(PrintWriter out) {
        this.out = out;
    }

    /** One review of a list. */
    void line(JsonNode review) {
        out.println(RunningHub.text(review, "id") + "  " + RunningHub.words(review, "kind")
                + (open(review) ? "" : ", " + RunningHub.words(review, "state"))
                + (isScored(review) ? ", " + bits(review.path("score").asDouble()) : "") + "  "
                + RunningHub.text(review, "openedAt") + "  " + RunningHub.text(review, "type") + "  "
                + RunningHub.text(review, "label"));
        out.println("    " + RunningHub.text(review, "reason"));
    }

    private static boolean open(JsonNode review) {
        return review.path("state").asText().equals("OPEN");
    }

    private static boolean isScored(JsonNode review) {
        return ReviewAction.MATCH.isAbout(review);
    }

    private static String bits(double score) {
        return String.format(Locale.ROOT, "%.1f bits", score);
    }

    /** All that is needed to decide one, and how. */
    void detail(JsonNode detail) {
        var review = detail.path("review");
        line(review);
        if (!open(review)) decided(review);
        if (isScored(review)) score(review, detail.path("thresholds"));
        sides(detail);
        if (isScored(review)) pairs(detail.path("pairs"));
        if (detail.hasNonNull("preview")) merge(detail.path("preview"));
        if (detail.hasNonNull("previewProblem")) out.println(RunningHub.text(detail, "previewProblem"));
        if (detail.hasNonNull("deletion")) deletion(detail.path("deletion"));
        if (review.hasNonNull("held"))
            out.println("Held back now: " + Plural.of(review.path("held").asLong(), "pair")
                    + "; \"kintsugi reviews --kind HELD_MERGE --type " + RunningHub.text(review, "type")
                    + "\" lists them.");
        if (!isScored(review) && detail.hasNonNull("detail")) raw(detail.path("detail"));
        choices(review, detail.path("contested"));
    }

    private void decided(JsonNode review) {
        out.println("    "
                + (review.hasNonNull("decision") ? RunningHub.words(review, "decision") + ", " : "")
                + (review.hasNonNull("decidedBy") ? "by " + RunningHub.text(review, "decidedBy") + ", " : "")
                + RunningHub.text(review, "decidedAt")
                + (review.hasNonNull("note") ? ": " + RunningHub.text(review, "note") : ""));
    }

    private void score(JsonNode review, JsonNode thresholds) {
        out.printf(
                Locale.ROOT,
                "    the same with a probability of %.0f %%",
                Math.floor(100 * review.path("probability").asDouble()));
        if (thresholds.isObject())
            out.print("; asked from " + bits(thresholds.path("reviewBits").asDouble())
                    + ", merged without a question from "
                    + bits(thresholds.path("autoBits").asDouble()));
        out.println();
    }

    /** The golden records beside each other; what differs bears a star. */
    private void sides(JsonNode detail) {
        var goldens = detail.path("goldens");
        if (goldens.isEmpty()) return;
        var attributes = new TreeSet<String>();
        char side = 'A';
        for (var golden : goldens) {
            List<String> records = new ArrayList<>();
            golden.path("records").forEach(one -> records.add(CliText.printable(one.asText())));
            out.println(side++ + "  " + RunningHub.text(golden, "id") + "  " + RunningHub.text(golden, "label") + ": "
                    + String.join(", ", records));
            golden.path("attributes").fieldNames().forEachRemaining(attributes::add);
        }
        for (var attribute : attributes) {
            var values = new TreeSet<String>();
            var line = new StringBuilder();
            for (var golden : goldens) {
                var value = golden.path("attributes").path(attribute).asText();
                values.add(value);
                line.append("  ").append(pad(value.isEmpty() ? "-" : CliText.cell(value, WIDTH)));
            }
            out.println((values.size() > 1 ? "* " : "  ")
                    + String.format(Locale.ROOT, "%-18s", CliText.cell(attribute, 18))
                    + line.toString().stripTrailing());
        }
    }

    private static String pad(String cell) {
        return cell + " ".repeat(Math.max(0, WIDTH - cell.codePointCount(0, cell.length())));
    }

    private void pairs(JsonNode pairs) {
        int shown = 0;
        for (var pair : pairs) {
            if (shown++ == MOST_PAIRS) break;
            var computed = pair.path("computed");
            out.println("Why " + RunningHub.text(pair, "a") + " and " + RunningHub.text(pair, "b") + ", "
                    + bits(computed.path("score").asDouble()) + ":");
            for (var one : computed.path("evidence")) {
                out.printf(
                        Locale.ROOT,
                        "  %+6.1f  %s: %s%n",
                        one.path("bits").asDouble(),
                        RunningHub.text(one, "name"),
                        RunningHub.text(one, "level"));
            }
        }
        if (pairs.size() > MOST_PAIRS)
            out.println("and " + Plural.of(pairs.size() - MOST_PAIRS, "more pair") + "; --json has them");
    }

    private void merge(JsonNode preview) {
        List<String> retired = new ArrayList<>();
        preview.path("retired").forEach(one -> retired.add(CliText.printable(one.asText())));
        var writes = new TreeMap<String, Integer>();
        preview.path("writes").forEach(one -> writes.merge(RunningHub.text(one, "system"), 1, Integer::sum));
        List<String> bySystem = new ArrayList<>();
        writes.forEach((system, count) -> bySystem.add(system + " " + count));
        out.println("If they are the same: " + String.join(", ", retired) + " becomes part of "
                + RunningHub.text(preview.path("result"), "id") + ", "
                + Plural.of(preview.path("writes").size(), "write to systems follows", "writes to systems follow")
                + (bySystem.isEmpty() ? "" : " (" + String.join(", ", bySystem) + ")") + "; "
                + MergesCommand.unmerge(preview) + ".");
    }

    private void deletion(JsonNode question) {
        if (question.hasNonNull("system"))
            out.println("The brake of " + RunningHub.text(question, "system") + " holds back "
                    + Plural.of(question.path("waiting").asLong(), "delete") + ".");
        var deletion = question.path("deletion");
        for (var step : deletion.path("steps")) {
            out.println("  " + RunningHub.text(step, "system") + " " + RunningHub.text(step, "target") + "  "
                    + RunningHub.words(step, "action") + ", " + RunningHub.words(step, "state")
                    + (step.hasNonNull("why") ? ": " + RunningHub.text(step, "why") : ""));
        }
    }

    private void raw(JsonNode detail) {
        var text = detail.isTextual() ? detail.asText() : detail.toPrettyString();
        out.println("What it is about:");
        text.lines().forEach(line -> out.println("  " + CliText.printable(line)));
    }

    private void choices(JsonNode review, JsonNode contested) {
        var fitting = Arrays.stream(ReviewAction.values())
                .filter(action -> action.fits(review))
                .toList();
        if (fitting.isEmpty()) {
            if (open(review)) out.println(elsewhere(review));
            return;
        }
        out.println("Answers:");
        for (var action : fitting) {
            if (action == ReviewAction.MATCH && contested.isObject()) {
                for (var candidate : contested.path("candidates")) {
                    choice(
                            review,
                            "match " + RunningHub.text(review, "id") + " --golden "
                                    + RunningHub.text(candidate, "golden"),
                            "it belongs to " + RunningHub.text(candidate, "label") + ", "
                                    + bits(candidate.path("score").asDouble()));
                }
            } else {
                var says =
                        action == ReviewAction.NO_MATCH && contested.isObject() ? "it belongs to none" : action.says();
                choice(review, action + " " + RunningHub.text(review, "id"), says);
            }
        }
    }

    private void choice(JsonNode review, String words, String says) {
        out.println("  kintsugi reviews " + words + " --seen "
                + review.path("revision").asLong());
        out.println("      " + says);
    }

    private static String elsewhere(JsonNode review) {
        return switch (review.path("kind").asText()) {
            case "LOOP" ->
                "Find out what changes it there, and stop one of them; or give the value that counts, on the page of the golden record.";
            case "PARKED" -> "\"kintsugi writes\" lists it and tries it again.";
            default -> "This is not answered by the command line.";
        };
    }
}
