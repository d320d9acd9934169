package io.kintsugi.core.survivorship;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.model.StewardValue;
import io.kintsugi.core.model.StewardValue.Winner;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.NullPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.OnDisconnect;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.survivorship.Survivors.Choice;
import io.kintsugi.core.survivorship.Survivorship.Candidate;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** One choice of all values of one golden. Used once; what one attribute needs of another is chosen when it is asked for. */
final class Survival {
    private static final String BETWEEN = "\u001f"; // no value holds it

    private final List<SourceRecord> members;
    private final Map<RecordKey, SourceRecord> records = new HashMap<>();
    private final AuthorityPolicy policy;
    private final Stewards stewards;
    private final Instant now;
    private final Map<String, Unit> units = new HashMap<>();
    private final SortedMap<String, Choice> choices = new TreeMap<>();
    private Instant next;

    Survival(Collection<SourceRecord> all, AuthorityPolicy policy, List<StewardValue> given, Instant now) {
        this.members = all.stream()
                .filter(member -> member.state().counts())
                .sorted(Comparator.comparing(SourceRecord::key))
                .toList();
        members.forEach(member -> records.put(member.key(), member));
        this.policy = policy;
        this.now = now;
        this.stewards = new Stewards(given, members, now);
    }

    /** An attribute, or a group that takes one record. @param ordered its values or records, the surviving one first */
    private record Unit(Rule rule, Ranking ranking, List<Candidate> ordered, RecordKey lead) {
        RecordKey record() {
            return ordered.isEmpty() ? null : ordered.get(0).record();
        }
    }

    Survivors survive() {
        var attributes = new TreeSet<String>(stewards.attributes());
        members.forEach(member -> attributes.addAll(member.attributes().keySet()));
        attributes.forEach(this::choose);
        var some = new TreeMap<>(choices);
        some.values()
                .removeIf(
                        choice -> choice.value() == null && choice.candidates().isEmpty());
        soon(stewards.nextEnd());
        return new Survivors(some, stewards.after(), next);
    }

    Optional<Winner> withoutSteward(String attribute) {
        return Optional.ofNullable(spoken(attribute))
                .map(winner -> new Winner(winner.record(), winner.value(), winner.at()));
    }

    private void soon(Instant at) {
        if (at != null && (next == null || at.isBefore(next))) next = at;
    }

    private Choice choose(String attribute) {
        var known = choices.get(attribute);
        if (known != null) return known;
        var unit = unit(policy.unit(attribute));
        var candidates = candidates(attribute, unit);
        var steward = holding(attribute);
        var choice = steward != null
                ? new Choice(
                        shown(attribute, steward.value()), null, candidates, unit.rule(), Choice.STEWARD, steward, null)
                : choose(attribute, unit, candidates);
        choices.put(attribute, choice);
        return choice;
    }

    private StewardValue holding(String attribute) {
        return stewards.holding(attribute, () -> spoken(attribute)).orElse(null);
    }

    private Choice choose(String attribute, Unit unit, List<Candidate> candidates) {
        var rule = unit.rule();
        var first = candidates.isEmpty() ? null : candidates.get(0);
        boolean follows = rule.strategies().equals(List.of(Strategy.SAME_RECORD_AS));
        boolean grouped = policy.groups().containsKey(policy.unit(attribute));
        if (rule.strategy() == Strategy.STEWARD_ONLY) first = null;
        if (follows && first != null && !first.record().equals(unit.lead())) first = null;
        if (grouped && first != null && !first.record().equals(unit.record())) first = null;
        if (first == null) {
            var of = grouped ? records.get(unit.record()) : null;
            boolean cleared = of != null && "".equals(own(of, attribute, rule, false))
                    || members.stream().anyMatch(member -> recalled(member, attribute));
            var value = cleared && rule.strategy() != Strategy.STEWARD_ONLY ? shown(attribute, "") : null;
            return new Choice(value, null, candidates, rule, rule.strategy().name(), null, null);
        }
        var value = rule.gathers() ? gathered(rule, candidates) : first.value();
        boolean accepted = !grouped && unit.ranking().isAccepted(candidates, now);
        var decidedBy = accepted
                ? Choice.ACCEPTED
                : decisive(unit, candidates, value).orElse(rule.strategy()).name();
        var reasons = new Reasons(rule, unit.ranking(), now);
        return new Choice(shown(attribute, value), first, candidates, rule, decidedBy, null, reasons);
    }

    /** The strategy that told the first value from the next other one; empty if there is none. */
    private Optional<Strategy> decisive(Unit unit, List<Candidate> candidates, String value) {
        for (var rival : candidates) {
            if (!rival.value().equals(value)) return unit.ranking().decisive(candidates.get(0), rival, now);
        }
        return Optional.empty();
    }

    /** That there is no value is worth saying only where a record holds one, which is to be cleared. */
    private String shown(String attribute, String value) {
        if (!value.isEmpty()) return value;
        return members.stream().anyMatch(member -> member.value(attribute) != null) ? "" : null;
    }

    /** Values of one attribute in the order of its unit. */
    private List<Candidate> candidates(String attribute, Unit unit) {
        if (!policy.groups().containsKey(policy.unit(attribute))) return unit.ordered();
        var values = new ArrayList<Candidate>();
        for (var whole : unit.ordered()) {
            var member = records.get(whole.record());
            var value = own(member, attribute, unit.rule(), false);
            if (value == null || value.isEmpty()) continue;
            values.add(new Candidate(value, whole.record(), changedAt(member, attribute), copied(member, attribute)));
        }
        return values;
    }

    private Unit unit(String name) {
        var known = units.get(name);
        if (known != null) return known;
        if (stewards.any())
            policy.groups().getOrDefault(name, List.of(name)).forEach(this::holding); // what ends is recalled
        var rule = rule(name);
        var unit = unit(name, rule, rule.gathers() || rule.onDisconnect() == OnDisconnect.RECALL);
        units.put(name, unit);
        soon(unit.ranking().nextChange(unit.ordered(), now));
        return unit;
    }

    private Rule rule(String name) {
        return policy.rule(name, other -> choose(other).value());
    }

    private Unit unit(String name, Rule rule, boolean spoken) {
        var attributes = policy.groups().getOrDefault(name, List.of(name));
        var candidates = new ArrayList<Candidate>();
        for (var member : members) {
            if (!rule.only().isEmpty() && !rule.admits(Survivorship.subjects(member))) continue;
            var candidate = attributes.size() == 1 && attributes.contains(name)
                    ? candidate(member, name, rule, spoken)
                    : whole(member, attributes, rule, spoken);
            if (candidate != null) candidates.add(candidate);
        }
        var lead = rule.sameRecordAs() == null
                ? null
                : unit(policy.unit(rule.sameRecordAs())).record();
        var ranking = new Ranking(rule, candidates, records, lead);
        return new Unit(rule, ranking, ranking.order(candidates, now), lead);
    }

    /** What would survive of what the systems say by themselves, wherever the hub wrote over it. */
    private Candidate spoken(String attribute) {
        var name = policy.unit(attribute);
        var rule = rule(name);
        var unit = unit(name, rule, true);
        soon(unit.ranking().nextChange(unit.ordered(), now));
        if (unit.ordered().isEmpty()) return null;
        var member = records.get(unit.record());
        var own = own(member, attribute, rule, true);
        if (own == null) return null;
        boolean copied = copied(member, attribute);
        return new Candidate(own, member.key(), copied ? null : changedAt(member, attribute), copied);
    }

    private Candidate candidate(SourceRecord member, String attribute, Rule rule, boolean spoken) {
        var value = own(member, attribute, rule, spoken);
        if (value == null) return null;
        boolean copied = copied(member, attribute);
        boolean instead = copied && !value.equals(held(member, attribute));
        if (value.isEmpty() && (copied || !emptyCompetes(member, attribute, rule.nulls()))) return null;
        if (recalled(member, attribute)) {
            return new Candidate(
                    value, member.key(), member.states().get(attribute).originalAt(), false);
        }
        return new Candidate(
                value, member.key(), instead ? null : changedAt(member, attribute), copied && !instead && !spoken);
    }

    private static boolean emptyCompetes(SourceRecord member, String attribute, NullPolicy nulls) {
        return switch (nulls) {
            case IGNORE_NULL -> false;
            case NULL_WINS_IF_AUTHORITY -> true;
            case EXPLICIT_CLEAR_ONLY -> member.states().containsKey(attribute);
        };
    }

    /**
     * What counts as a member's value; null if it is unknown. Where the hub wrote a value that has ended, or is not to be kept, it is
     * what the system itself had said.
     */
    private String own(SourceRecord member, String attribute, Rule rule, boolean spoken) {
        var state = member.states().get(attribute);
        boolean recall = spoken || rule.onDisconnect() == OnDisconnect.RECALL;
        if (state != null
                && state.copied()
                && (recall || state.recalled() || stewards.recalls(attribute, state.base()))) {
            return said(state.original());
        }
        return held(member, attribute);
    }

    /** What a member's value counts as, which is not the form that its system gave it; null if it is unknown. */
    private static String held(SourceRecord member, String attribute) {
        var held = member.attributes().get(attribute);
        var state = member.states().get(attribute);
        return said(state == null ? held : state.standsFor(held));
    }

    /** Blanks say no more than nothing does. */
    private static String said(String value) {
        return value != null && value.isBlank() ? "" : value;
    }

    /**
     * The values of a group in one record as one value. It is the system's own as soon as the system changed one of them after the
     * hub wrote there.
     */
    private Candidate whole(SourceRecord member, List<String> attributes, Rule rule, boolean spoken) {
        var values = new ArrayList<String>();
        Instant newest = null;
        Instant newestCopy = null;
        boolean copies = false;
        boolean filled = false;
        for (var attribute : attributes) {
            var value = own(member, attribute, rule, spoken);
            values.add(value == null ? "" : value);
            if (value == null || value.isEmpty()) continue;
            filled = true;
            var at = changedAt(member, attribute);
            if (at != null && (newest == null || at.isAfter(newest))) newest = at;
            boolean copied = !spoken && copied(member, attribute) && value.equals(held(member, attribute));
            copies |= copied;
            if (copied && at != null && (newestCopy == null || at.isAfter(newestCopy))) newestCopy = at;
        }
        if (!filled) return null;
        return new Candidate(
                String.join(BETWEEN, values), member.key(), newest, copies && !edited(member, attributes, newestCopy));
    }

    private static boolean edited(SourceRecord member, List<String> attributes, Instant copiedAt) {
        return attributes.stream().anyMatch(attribute -> {
            var state = member.states().get(attribute);
            if (state == null || state.copied()) return false;
            boolean later = copiedAt != null
                    && state.changedAt() != null
                    && state.changedAt().isAfter(copiedAt);
            return state.base() > 0 || later;
        });
    }

    private static boolean copied(SourceRecord member, String attribute) {
        var state = member.states().get(attribute);
        return state != null && state.copied();
    }

    private static boolean recalled(SourceRecord member, String attribute) {
        var state = member.states().get(attribute);
        return state != null && state.recalled();
    }

    /** An empty value that was never changed has no time of its own. */
    private static Instant changedAt(SourceRecord member, String attribute) {
        var state = member.states().get(attribute);
        if (state != null) return state.changedAt();
        return member.value(attribute) == null ? null : member.sourceAt();
    }

    private static String gathered(Rule rule, List<Candidate> candidates) {
        if (rule.strategy() == Strategy.SUM) {
            return candidates.stream()
                    .map(candidate -> Ranking.number(candidate.value()))
                    .filter(number -> number != null)
                    .reduce(BigDecimal::add)
                    .map(sum ->
                            sum.signum() == 0 ? "0" : sum.stripTrailingZeros().toPlainString())
                    .orElse(candidates.get(0).value());
        }
        Set<String> values = new LinkedHashSet<>();
        for (var candidate : candidates) {
            for (var value : candidate.value().split(";")) if (!value.isBlank()) values.add(value.strip());
        }
        return String.join(
                "; ", new ArrayList<>(new HashSet<>(values)).stream().sorted().toList());
    }
}
