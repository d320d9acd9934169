package io.kintsugi.core.survivorship;

import static io.kintsugi.core.survivorship.Ranking.newer;

import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.survivorship.Survivorship.Candidate;
import java.time.Instant;
import java.util.List;

/** Says in words why one value comes before another. */
final class Reasons {
    private final Rule rule;
    private final Ranking ranking;
    private final Instant now;

    Reasons(Rule rule, Ranking ranking, Instant now) {
        this.rule = rule;
        this.ranking = ranking;
        this.now = now;
    }

    /** @param candidates in order, the surviving one first; not empty */
    String survives(List<Candidate> candidates) {
        var winner = candidates.get(0);
        if (candidates.size() == 1) return "only value";
        var rival = candidates.stream()
                .filter(candidate -> !candidate.value().equals(winner.value()))
                .findFirst();
        if (rival.isEmpty()) return "all records agree";
        var second = rival.get();
        if (second.copied() && !winner.copied()) return "the original; what differs are copies the hub wrote";
        var decisive = ranking.decisive(winner, second, now);
        if (decisive.isPresent()) return wins(decisive.get(), winner, second);
        boolean newer = newer(winner, second);
        boolean trusted = ranks(winner, second);
        return switch (rule.strategy()) {
            case SYSTEM_RANK -> newer ? "newest value of equally ranked systems" : "tie, decided by record key";
            case LATEST ->
                trusted
                        ? "as new as others, and " + system(winner) + " ranks above " + system(second)
                        : "tie, decided by record key";
            default ->
                trusted
                        ? "tie, and " + system(winner) + " ranks above " + system(second)
                        : newer ? "tie, and the newer value" : "tie, decided by record key";
        };
    }

    private String wins(Strategy strategy, Candidate winner, Candidate second) {
        return switch (strategy) {
            case SYSTEM_RANK, UNION, SUM, STEWARD_ONLY -> system(winner) + " ranks above " + system(second);
            case LATEST -> "newest value";
            case OLDEST -> "oldest value";
            case MOST_FREQUENT -> "held by most records";
            case LONGEST -> "longest value";
            case SHORTEST -> "shortest value";
            case MIN -> "smallest value";
            case MAX -> "largest value";
            case TRUST ->
                "trusted with " + ranking.points(winner, now) + " points, the next with " + ranking.points(second, now);
            case MOST_COMPLETE_RECORD -> "from the most complete record";
            case SAME_RECORD_AS -> "from the same record as " + rule.sameRecordAs();
        };
    }

    String lost(Candidate loser, Candidate winner) {
        if (loser.value().equals(winner.value())) return "same value";
        if (loser.copied() && !winner.copied()) return "a copy the hub wrote; an original is left";
        var decisive = ranking.decisive(winner, loser, now);
        if (decisive.isPresent()) return loses(decisive.get(), loser, winner);
        boolean older = newer(winner, loser);
        boolean below = ranks(winner, loser);
        return switch (rule.strategy()) {
            case SYSTEM_RANK -> older ? "older value of an equally ranked system" : "tie, decided by record key";
            case LATEST ->
                below
                        ? "as old, and " + system(loser) + " ranks below " + system(winner)
                        : "tie, decided by record key";
            default ->
                below
                        ? "tie, and " + system(loser) + " ranks below " + system(winner)
                        : older ? "tie, and the older value" : "tie, decided by record key";
        };
    }

    private String loses(Strategy strategy, Candidate loser, Candidate winner) {
        return switch (strategy) {
            case SYSTEM_RANK, UNION, SUM, STEWARD_ONLY -> system(loser) + " ranks below " + system(winner);
            case LATEST -> "older value";
            case OLDEST -> "newer value";
            case MOST_FREQUENT -> "held by fewer records";
            case LONGEST -> "shorter value";
            case SHORTEST -> "longer value";
            case MIN -> "larger value";
            case MAX -> "smaller value";
            case TRUST -> "trusted with " + ranking.points(loser, now) + " points, less than the surviving value";
            case MOST_COMPLETE_RECORD -> "from a less complete record";
            case SAME_RECORD_AS -> "not from the same record as " + rule.sameRecordAs();
        };
    }

    private boolean ranks(Candidate above, Candidate below) {
        return rule.rank(system(above)) < rule.rank(system(below));
    }

    private static String system(Candidate candidate) {
        return candidate.record().system();
    }
}
