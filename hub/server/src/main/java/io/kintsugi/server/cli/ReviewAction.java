package io.kintsugi.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import java.util.EnumSet;
import java.util.Set;

/** What can be done with reviews: two ways of looking, and the answers that fit a kind of question. */
enum ReviewAction implements Actions.Action {
    LIST(Set.of("--kind", "--state", "--type", "--system", "--golden", "--min-score", "--sort", "--limit", "--after")),
    SHOW(Set.of()),
    MATCH("/decision", "they are the same: merge them", "Decided: they are the same.", aboutGoldens()),
    NO_MATCH("/decision", "they are not the same", "Decided: they are not the same.", aboutGoldens()),
    UNDO("/undo", "take the decision back", "Taken back.", aboutGoldens()),
    ACCEPT(
            "/accept",
            "let the system have its way",
            "Accepted: its value holds until the trusted system changes its own.",
            EnumSet.of(Kind.PROPOSED)),
    REJECT(
            "/reject",
            "write the surviving value over it",
            "Rejected: the surviving value is written over it.",
            EnumSet.of(Kind.PROPOSED)),
    APPROVE(
            "/approve",
            "let all merges through that are held back",
            "Approved: what was held back is merged.",
            EnumSet.of(Kind.MERGE_BRAKE)),
    REFUSE(
            "/refuse",
            "none of what is held back is the same",
            "Refused: what was held back is not the same.",
            EnumSet.of(Kind.MERGE_BRAKE)),
    DELETE(
            "/delete",
            "delete what it asks about",
            "Approved: what it asked about is deleted.",
            EnumSet.of(Kind.DELETED)),
    KEEP("/keep", "keep what it asks about", "Refused: what it asked about stays.", EnumSet.of(Kind.DELETED)),
    DISCARD(
            "/discard",
            "do without the row, as long as its system does not send it again",
            "Discarded: the row is not taken in.",
            EnumSet.of(Kind.UNMAPPABLE));

    private final Set<String> options;
    private final String path;
    private final String says;
    private final String done;
    private final Set<Kind> kinds;

    ReviewAction(Set<String> options) {
        this.options = options;
        path = "";
        says = "";
        done = "";
        kinds = Set.of();
    }

    ReviewAction(String path, String says, String done, Set<Kind> kinds) {
        options = null;
        this.path = path;
        this.says = says;
        this.done = done;
        this.kinds = kinds;
    }

    private static Set<Kind> aboutGoldens() {
        var kinds = EnumSet.noneOf(Kind.class);
        for (var kind : Kind.values()) if (kind.isAboutGoldens()) kinds.add(kind);
        return kinds;
    }

    @Override
    public Set<String> options() {
        return switch (this) {
            case LIST, SHOW -> options;
            case MATCH -> Set.of("--seen", "--note", "--golden");
            case UNDO -> Set.of("--seen");
            default -> Set.of("--seen", "--note");
        };
    }

    /** Whether it says that golden records are one, or are not. */
    boolean isVerdict() {
        return this == MATCH || this == NO_MATCH;
    }

    boolean isAnswer() {
        return !path.isEmpty();
    }

    /** Where the API takes it, behind the review. */
    String path() {
        return path;
    }

    /** What it means, before it is done. */
    String says() {
        return says;
    }

    /** What it meant, once it is done. */
    String done() {
        return done;
    }

    /** Whether the hub takes this answer to a review as it is. */
    boolean fits(JsonNode review) {
        var state = this == UNDO ? ReviewState.DECIDED : ReviewState.OPEN;
        return review.path("state").asText().equals(state.name()) && isAbout(review);
    }

    /** Whether it is an answer to reviews of that kind, in whatever state. */
    boolean isAbout(JsonNode review) {
        return kinds.stream()
                .anyMatch(kind -> kind.name().equals(review.path("kind").asText()));
    }

    @Override
    public String toString() {
        return word();
    }
}
