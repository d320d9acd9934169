package io.kintsugi.core.survivorship;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Chooses the values of a golden record. Depends only on the set of members: arrival order, repeated calls and the time of day never
 * change the answer (DA-2).
 *
 * <p>A value that the hub itself wrote is a copy. It never outranks an original, whatever the rank of the system that holds it:
 * otherwise a copy in the most trusted system would freeze the attribute.
 */
public final class Survivorship {
    private Survivorship() {}

    /**
     * One member's value.
     *
     * @param at when the system last changed it; null if unknown, which counts as oldest
     */
    public record Candidate(String value, RecordKey record, Instant at, boolean copied) {}

    /**
     * All values of each attribute, the surviving one first; empty values are no candidates, and members that are not live do not
     * count.
     *
     * @return sorted by attribute; an attribute without a value has no entry
     */
    public static SortedMap<String, List<Candidate>> candidates(
            Collection<SourceRecord> members, AuthorityPolicy authority) {
        var byAttribute = new TreeMap<String, List<Candidate>>();
        for (var member : members) {
            if (member.state() != RecordState.LIVE) continue;
            for (var attribute : member.attributes().keySet()) {
                var value = member.value(attribute);
                if (value == null) continue;
                var state = member.states().get(attribute);
                byAttribute
                        .computeIfAbsent(attribute, a -> new ArrayList<>(4))
                        .add(new Candidate(
                                value,
                                member.key(),
                                state == null ? member.sourceAt() : state.changedAt(),
                                state != null && state.copied()));
            }
        }
        byAttribute.forEach((attribute, candidates) -> candidates.sort(order(authority.rule(attribute))));
        return byAttribute;
    }

    private static Comparator<Candidate> order(AuthorityPolicy.Rule rule) {
        Comparator<Candidate> rank =
                Comparator.comparingInt(c -> rule.rank(c.record().system()));
        Comparator<Candidate> latest = Comparator.comparing(
                        Candidate::at, Comparator.nullsFirst(Comparator.<Instant>naturalOrder()))
                .reversed();
        var strategy =
                switch (rule.strategy()) {
                    case SYSTEM_RANK -> rank.thenComparing(latest);
                    case LATEST -> latest.thenComparing(rank);
                };
        return Comparator.comparing(Candidate::copied)
                .thenComparing(strategy)
                .thenComparing(Candidate::record); // total order: ties never flip
    }

    /**
     * Why a value survives, in words.
     *
     * @param candidates of one attribute, as {@link #candidates} orders them; not empty
     */
    public static String reasonSurvives(List<Candidate> candidates, AuthorityPolicy.Rule rule) {
        var winner = candidates.get(0);
        if (candidates.size() == 1) return "only value";
        var rival = candidates.stream()
                .filter(candidate -> !candidate.value().equals(winner.value()))
                .findFirst();
        if (rival.isEmpty()) return "all records agree";
        var second = rival.get();
        if (second.copied() && !winner.copied()) return "the original; what differs are copies the hub wrote";
        var system = winner.record().system();
        boolean trusted = rule.rank(system) < rule.rank(second.record().system());
        boolean newer = newer(winner, second);
        return switch (rule.strategy()) {
            case SYSTEM_RANK ->
                trusted
                        ? system + " ranks above " + second.record().system()
                        : newer ? "newest value of equally ranked systems" : "tie, decided by record key";
            case LATEST ->
                newer
                        ? "newest value"
                        : trusted
                                ? "as new as others, and " + system + " ranks above "
                                        + second.record().system()
                                : "tie, decided by record key";
        };
    }

    private static boolean newer(Candidate one, Candidate other) {
        return one.at() != null && (other.at() == null || other.at().isBefore(one.at()));
    }

    /** Why a candidate lost to the surviving one, in words. */
    public static String reasonLost(Candidate loser, Candidate winner, AuthorityPolicy.Rule rule) {
        if (loser.value().equals(winner.value())) return "same value";
        if (loser.copied() && !winner.copied()) return "a copy the hub wrote; an original is left";
        int rankLoser = rule.rank(loser.record().system());
        int rankWinner = rule.rank(winner.record().system());
        boolean older = newer(winner, loser);
        return switch (rule.strategy()) {
            case SYSTEM_RANK ->
                rankLoser > rankWinner
                        ? loser.record().system() + " ranks below "
                                + winner.record().system()
                        : older ? "older value of an equally ranked system" : "tie, decided by record key";
            case LATEST ->
                older
                        ? "older value"
                        : rankLoser > rankWinner
                                ? "as old, and " + loser.record().system() + " ranks below "
                                        + winner.record().system()
                                : "tie, decided by record key";
        };
    }
}
