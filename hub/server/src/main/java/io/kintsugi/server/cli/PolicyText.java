package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.server.Plural;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Policies, and what a draft of one would change, as text for people. */
final class PolicyText {
    private PolicyText() {}

    /** Which version is in force. */
    static void inForce(String kind, JsonNode policy, PrintWriter out) {
        long version = policy.path("version").asLong();
        var versions = policy.path("versions");
        out.printf(
                Locale.ROOT,
                "%-10s %-16s %s%n",
                kind,
                RunningHub.text(policy, "type"),
                versions.isEmpty()
                        ? "version " + version + ", nothing was published"
                        : published(versions.get(0), true)
                                + (versions.size() == 1
                                        ? ""
                                        : "; older ones: policies list " + kind + " "
                                                + RunningHub.text(policy, "type")));
    }

    /** Every version that the hub tells, the one in force first. */
    static void versions(String kind, JsonNode policy, PrintWriter out) {
        var versions = policy.path("versions");
        if (versions.isEmpty()) inForce(kind, policy, out);
        for (int i = 0; i < versions.size(); i++) {
            out.println(published(versions.get(i), i == 0));
        }
        if (!versions.isEmpty()) {
            long oldest = versions.get(versions.size() - 1).path("version").asLong();
            out.println(
                    oldest > 1
                            ? "versions before " + oldest + " can be shown and rolled back to as well"
                            : "version 0, what held before anything was published");
        }
        warnings(policy.path("warnings"), out);
    }

    private static String published(JsonNode version, boolean inForce) {
        return "version " + version.path("version").asLong() + (inForce ? " (in force), " : ", ") + "published "
                + RunningHub.text(version, "at") + " by " + RunningHub.text(version, "by");
    }

    private static void warnings(JsonNode warnings, PrintWriter out) {
        for (var warning : warnings) out.println("LOOK AT THIS: " + CliText.printable(warning.asText()));
    }

    /** @param limit how many values, and how many writes, are listed */
    static void authority(JsonNode found, int limit, PrintWriter out) {
        warnings(found.path("warnings"), out);
        long values = found.path("values").asLong();
        long goldens = found.path("goldens").asLong();
        out.println(
                values == 0
                        ? "No value of " + Plural.of(goldens, "golden record") + " would be another."
                        : String.format(
                                        Locale.ROOT,
                                        "%,d",
                                        found.path("changedGoldens").asLong()) + " of "
                                + Plural.of(goldens, "golden record") + " would change: "
                                + Plural.of(values, "value would be another.", "values would be others."));
        long sources = found.path("sources").asLong();
        if (sources > 0)
            out.println(Plural.of(sources, "value stays and comes", "values stay and come") + " from another record.");
        writes(found, out);
        list("Values:", found.path("changes"), found.path("values").asLong(), limit, out, PolicyText::value);
        list("Writes:", found.path("writeSample"), found.path("writes").asLong(), limit, out, PolicyText::write);
    }

    private static void writes(JsonNode found, PrintWriter out) {
        var systems = new ArrayList<String>();
        found.path("writesBySystem")
                .properties()
                .forEach(one -> systems.add(CliText.printable(one.getKey())
                        + String.format(Locale.ROOT, " %,d", one.getValue().asLong())));
        long writes = found.path("writes").asLong();
        out.println(
                writes == 0
                        ? "No write to a system follows."
                        : Plural.of(writes, "write to systems follows", "writes to systems follow") + ": "
                                + String.join(", ", systems) + ".");
        long dropped = found.path("dropped").asLong();
        if (dropped > 0)
            out.println(
                    Plural.of(dropped, "write that is to go out now does not", "writes that are to go out now do not")
                            + ".");
    }

    private interface Line {
        String of(JsonNode one);
    }

    private static void list(String title, JsonNode some, long all, int limit, PrintWriter out, Line line) {
        if (some.isEmpty() || limit == 0) return;
        out.println(title);
        for (var one : some) out.println("  " + line.of(one));
        long more = all - some.size();
        if (more > 0) out.printf(Locale.ROOT, "  and %,d more; --limit lists up to %d%n", more, PoliciesCommand.MOST);
    }

    private static String value(JsonNode change) {
        return RunningHub.text(change, "golden") + "  " + RunningHub.text(change, "label") + "  "
                + RunningHub.text(change, "attribute") + " " + side(change, "before") + " -> " + side(change, "after");
    }

    private static String side(JsonNode change, String side) {
        return change.hasNonNull(side)
                ? "\"" + RunningHub.text(change, side) + "\" of " + RunningHub.text(change, side + "From")
                : "none";
    }

    private static String write(JsonNode sample) {
        var write = sample.path("write");
        List<String> values = new ArrayList<>();
        write.path("values")
                .properties()
                .forEach(one -> values.add(CliText.printable(one.getKey()) + " \""
                        + CliText.printable(one.getValue().asText()) + "\""));
        return RunningHub.words(write, "kind") + " "
                + (write.hasNonNull("target")
                        ? RunningHub.text(write, "target")
                        : "in " + RunningHub.text(write, "system"))
                + ", " + RunningHub.text(sample, "label") + ": " + String.join(", ", values)
                + (write.path("waits").asBoolean() ? "; waits for an open question" : "");
    }

    /**
     * What a draft of a delete policy would do, and what it would have done lately.
     *
     * @param now the policy in force
     */
    static void deletes(JsonNode now, JsonNode preview, PrintWriter out) {
        warnings(preview.path("warnings"), out);
        Set<String> said = new HashSet<>();
        now.path("matrix").forEach(cell -> said.add(cell.path("says").asText()));
        said.add(now.path("brake").path("says").asText());
        List<String> others = new ArrayList<>();
        for (var cell : preview.path("matrix")) others.add(cell.path("says").asText());
        others.add(preview.path("brake").path("says").asText());
        others.removeIf(said::contains);
        out.println(
                others.isEmpty()
                        ? "It says the same as the policy in force."
                        : "What it says that the policy in force does not say:");
        others.forEach(one -> out.println("  " + CliText.printable(one)));
        var replay = preview.path("replay");
        long deletions = replay.path("deletions").asLong();
        out.println((deletions == 0
                        ? "Nothing was deleted"
                        : Plural.of(deletions, "thing was deleted", "things were deleted"))
                + " since " + RunningHub.text(replay, "since")
                + (deletions == 0
                        ? "."
                        : ", with " + Plural.of(replay.path("steps").asLong(), "record")
                                + " in other systems"
                                + (replay.path("complete").asBoolean()
                                        ? "."
                                        : "; there were more, these are the newest.")));
        for (var change : replay.path("changes")) {
            out.println("  " + RunningHub.text(change, "from") + " -> " + RunningHub.text(change, "to") + ": "
                    + Plural.of(change.path("steps").asLong(), "record") + " " + RunningHub.words(change, "after")
                    + " instead of " + RunningHub.words(change, "before"));
        }
        if (deletions > 0 && replay.path("changes").isEmpty()) out.println("  all of it would have gone the same way");
        for (var trip : replay.path("brakes")) {
            out.println("  the brake of " + RunningHub.text(trip, "system") + " would have stopped at "
                    + RunningHub.text(trip, "at") + ": "
                    + Plural.of(trip.path("deletes").asLong(), "delete")
                    + ", and it lets " + trip.path("limit").asLong() + " through");
        }
    }
}
