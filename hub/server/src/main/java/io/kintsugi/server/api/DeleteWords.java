package io.kintsugi.server.api;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.policy.DeletePolicy.Brake;
import io.kintsugi.core.policy.DeletePolicy.Conflict;
import io.kintsugi.core.policy.DeletePolicy.Rule;
import io.kintsugi.server.Plural;
import io.kintsugi.server.engine.shared.HubModel;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.Locale;

/** Says in plain words what a delete policy does. */
final class DeleteWords {
    private final HubModel model;
    private final String one;

    DeleteWords(HubModel model, String entityType) {
        this.model = model;
        this.one = ("aeiou".indexOf(entityType.charAt(0)) < 0 ? "a " : "an ") + entityType;
    }

    /** The entity type with its article. */
    String one() {
        return one;
    }

    String label(String system) {
        return model.system(system).map(config -> config.label()).orElse(system);
    }

    /** What follows in one system when another deletes. */
    String cell(String from, String to, Rule rule) {
        boolean hub = from.equals(Deletion.HUB);
        var when = hub
                ? "When a person deletes " + one + " in the hub, "
                : "When " + label(from) + " deletes " + one + ", ";
        var text =
                new StringBuilder(when).append(label(to)).append(' ').append(does(from, rule.action(), rule.grace()));
        if (rule.joined() != rule.action()) {
            text.append(" if the hub had created it there; else ")
                    .append(rule.joined() == Action.REVIEW ? "" : "its record ")
                    .append(joined(from, rule.joined(), rule.action() == Action.FLAG ? rule.grace() : Duration.ZERO));
        }
        text.append('.');
        if (rule.action() == Action.PROPAGATE || rule.joined() == Action.PROPAGATE) {
            text.append(" If somebody edited the ")
                    .append(one.substring(one.indexOf(' ') + 1))
                    .append(" elsewhere meanwhile, ")
                    .append(
                            rule.conflict() == Conflict.EDIT_WINS
                                    ? "a steward is asked first."
                                    : "it is deleted all the same.");
        }
        return text.toString();
    }

    private String does(String from, Action action, Duration grace) {
        return switch (action) {
            case PROPAGATE -> "deletes it too" + after(grace);
            case DISCONNECT ->
                "keeps its record, which leaves the golden record" + after(grace) + " until it is changed there";
            case SEVER ->
                "keeps its record, which leaves the golden record" + after(grace) + " until a steward takes it back";
            case RECREATE ->
                from.equals(Deletion.HUB) ? "keeps it" : "keeps it, and " + label(from) + " is given it again";
            case FLAG -> "keeps it, and people see that it was deleted";
            case REVIEW -> "keeps it until a steward has decided";
        };
    }

    private String joined(String from, Action action, Duration grace) {
        return switch (action) {
            case PROPAGATE -> "is deleted" + after(grace);
            case DISCONNECT -> "stays as it is and leaves the golden record until it is changed there";
            case SEVER -> "stays as it is and leaves the golden record until a steward takes it back";
            case RECREATE -> from.equals(Deletion.HUB) ? "stays" : "stays, and " + label(from) + " is given it again";
            case FLAG -> "stays, and people see that it was deleted";
            case REVIEW -> "a steward decides";
        };
    }

    private static String after(Duration grace) {
        return grace.isZero() ? "" : " after " + time(grace);
    }

    String brake(Brake brake) {
        if (brake.count() == 0 && brake.percent() == 0) return "No delete is sent until a person has seen it.";
        var share = brake.percent() == 0
                ? ""
                : ", and more than "
                        + new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT))
                                .format(brake.percent())
                        + " % of its records,";
        return "If more than " + Plural.of(brake.count(), "delete") + " for one system" + share + " come within "
                + time(brake.window()) + ", none of them is sent until a person has seen the list.";
    }

    /** A span of time in its largest whole unit. */
    static String time(Duration span) {
        long seconds = span.toSeconds();
        if (seconds % 86_400 == 0) return Plural.of(seconds / 86_400, "day");
        if (seconds % 3_600 == 0) return Plural.of(seconds / 3_600, "hour");
        if (seconds % 60 == 0) return Plural.of(seconds / 60, "minute");
        return Plural.of(seconds, "second");
    }
}
