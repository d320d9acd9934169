package io.kintsugi.core.survivorship;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy.OnForeignWrite;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.survivorship.Survivorship.Candidate;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Puts the values of one attribute in the order of one rule, the surviving one first. A total order: ties never flip. */
final class Ranking {
    private final Rule rule;
    private final Map<RecordKey, SourceRecord> records;
    private final RecordKey lead;
    private final Map<String, Integer> frequency;

    /** @param lead record that another attribute comes from; null for none */
    Ranking(Rule rule, List<Candidate> candidates, Map<RecordKey, SourceRecord> records, RecordKey lead) {
        this.rule = rule;
        this.records = records;
        this.lead = lead;
        frequency = rule.strategies().contains(Strategy.MOST_FREQUENT) ? new HashMap<>() : Map.of();
        if (rule.strategies().contains(Strategy.MOST_FREQUENT)) {
            for (var candidate : candidates) frequency.merge(candidate.value(), 1, Integer::sum);
        }
    }

    /** A new list, the surviving value first. */
    List<Candidate> order(List<Candidate> candidates, Instant now) {
        var ordered = new ArrayList<>(candidates);
        if (ordered.size() < 2) return ordered;
        ordered.sort((one, other) -> compare(one, other, now));
        accepted(ordered, now).ifPresent(foreign -> {
            ordered.remove(foreign);
            ordered.add(0, foreign);
        });
        return ordered;
    }

    /** A change made after the trusted value last changed, where the rule accepts such; of several the latest. */
    private Optional<Candidate> accepted(List<Candidate> ordered, Instant now) {
        if (rule.onForeignWrite() != OnForeignWrite.ACCEPT || rule.gathers() || ordered.isEmpty())
            return Optional.empty();
        var trusted = ordered.get(0);
        return ordered.stream()
                .filter(candidate -> !candidate.copied()
                        && newer(candidate, trusted)
                        && !candidate.value().equals(trusted.value()))
                .min((one, other) -> {
                    int by = byTime(other, one);
                    return by != 0 ? by : compare(one, other, now);
                });
    }

    boolean isAccepted(List<Candidate> ordered, Instant now) {
        return rule.onForeignWrite() == OnForeignWrite.ACCEPT
                && ordered.size() > 1
                && compare(ordered.get(0), ordered.get(1), now) > 0; // moved before what is trusted more
    }

    /**
     * When the first of the order becomes another, if only time passes; null if it never does. Points of trust are whole, so there
     * are few instants to look at.
     */
    Instant nextChange(List<Candidate> candidates, Instant now) {
        if (!rule.strategies().contains(Strategy.TRUST) || candidates.size() < 2) return null;
        var first = order(candidates, now).get(0);
        for (var at = nextLoss(candidates, now); at != null; at = nextLoss(candidates, at)) {
            if (!order(candidates, at).get(0).equals(first)) return at;
        }
        return null;
    }

    private Instant nextLoss(List<Candidate> candidates, Instant now) {
        return candidates.stream()
                .map(candidate -> rule.trustIn(candidate.record().system()).nextLoss(candidate.at(), now))
                .filter(at -> at != null)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    private int compare(Candidate one, Candidate other, Instant now) {
        if (one.copied() != other.copied()) return one.copied() ? 1 : -1; // a copy never outranks an original
        for (var strategy : rule.strategies()) {
            int by = compare(strategy, one, other, now);
            if (by != 0) return by;
        }
        for (var tie : rule.tieBreak()) {
            int by =
                    switch (tie) {
                        case SYSTEM_RANK -> byRank(one, other);
                        case SOURCE_TIME -> byTime(other, one);
                        case RECORD_ID -> one.record().compareTo(other.record());
                    };
            if (by != 0) return by;
        }
        return one.record().compareTo(other.record());
    }

    /** The strategy that tells two values apart; empty if none does. */
    Optional<Strategy> decisive(Candidate one, Candidate other, Instant now) {
        for (var strategy : rule.strategies()) {
            if (compare(strategy, one, other, now) != 0) return Optional.of(strategy);
        }
        return Optional.empty();
    }

    private int compare(Strategy strategy, Candidate one, Candidate other, Instant now) {
        return switch (strategy) {
            case SYSTEM_RANK, UNION, SUM, STEWARD_ONLY -> byRank(one, other);
            case LATEST -> byTime(other, one);
            case OLDEST -> byTime(one, other);
            case MOST_FREQUENT ->
                Integer.compare(frequency.getOrDefault(other.value(), 0), frequency.getOrDefault(one.value(), 0));
            case LONGEST -> Integer.compare(length(other), length(one));
            case SHORTEST -> emptyLast(one, other, Integer.compare(length(one), length(other)));
            case MIN -> emptyLast(one, other, bySize(one, other, 1));
            case MAX -> emptyLast(one, other, bySize(one, other, -1));
            case TRUST -> Integer.compare(points(other, now), points(one, now));
            case MOST_COMPLETE_RECORD -> Integer.compare(filled(other), filled(one));
            case SAME_RECORD_AS ->
                Boolean.compare(!one.record().equals(lead), !other.record().equals(lead));
        };
    }

    private int byRank(Candidate one, Candidate other) {
        return Integer.compare(
                rule.rank(one.record().system()), rule.rank(other.record().system()));
    }

    /** The older first; an unknown time counts as oldest. */
    private static int byTime(Candidate one, Candidate other) {
        if (one.at() == null || other.at() == null) return Boolean.compare(one.at() != null, other.at() != null);
        return one.at().compareTo(other.at());
    }

    private static int emptyLast(Candidate one, Candidate other, int filled) {
        int empty = Boolean.compare(one.value().isEmpty(), other.value().isEmpty());
        return empty != 0 ? empty : filled;
    }

    /** Numbers come before texts, whichever way they go. */
    private static int bySize(Candidate one, Candidate other, int way) {
        var left = number(one.value());
        var right = number(other.value());
        if (left != null && right != null) return way * left.compareTo(right);
        if (left != null || right != null) return left != null ? -1 : 1;
        return way * one.value().compareTo(other.value());
    }

    int points(Candidate candidate, Instant now) {
        return rule.trustIn(candidate.record().system()).points(candidate.at(), now, valueOf(candidate));
    }

    private UnaryOperator<String> valueOf(Candidate candidate) {
        var record = records.get(candidate.record());
        return record == null ? name -> null : Survivorship.subjects(record);
    }

    /** Null for what is no number; exponents are text, because few digits can name a number of any size. */
    static BigDecimal number(String text) {
        if (text.length() > 60 || !text.matches("[+-]?\\d+(\\.\\d+)?")) return null;
        return new BigDecimal(text);
    }

    private static int length(Candidate candidate) {
        return candidate.value().codePointCount(0, candidate.value().length());
    }

    /** How much a record says by itself. */
    private int filled(Candidate candidate) {
        var record = records.get(candidate.record());
        if (record == null) return 0;
        return (int) record.attributes().keySet().stream()
                .filter(attribute -> record.value(attribute) != null)
                .filter(attribute -> record.states().get(attribute) == null
                        || !record.states().get(attribute).copied())
                .count();
    }

    static boolean newer(Candidate one, Candidate other) {
        return one.at() != null && (other.at() == null || other.at().isBefore(one.at()));
    }
}
