package io.kintsugi.core.policy;

import io.kintsugi.core.model.StewardValue.LifeCycle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Which system is trusted for which attribute of one entity type, and what the hub does about values that are not.
 *
 * @param version of the document it was published with
 * @param defaultRule for what has no rule of its own
 * @param rules by attribute or group: the first whose condition holds counts, else the default rule
 * @param groups attributes that always come from one record, by name; no attribute is in two
 */
public record AuthorityPolicy(
        String entityType,
        long version,
        Rule defaultRule,
        Map<String, List<Rule>> rules,
        Map<String, List<String>> groups) {

    /** How one of several values is chosen. */
    public enum Strategy {
        /** The system that comes first in the ranking. */
        SYSTEM_RANK,
        /** The value that changed last in its system. */
        LATEST,
        OLDEST,
        /** The value that most records hold. */
        MOST_FREQUENT,
        LONGEST,
        SHORTEST,
        /** The smallest number; of what is no number, the first in the order of text. */
        MIN,
        MAX,
        /** The value with the most points now. */
        TRUST,
        /** The record that says most by itself. */
        MOST_COMPLETE_RECORD,
        /** The record that another attribute or group comes from. */
        SAME_RECORD_AS,
        /** All values, each once. Stands alone. */
        UNION,
        /** The sum of what the systems say by themselves. Stands alone. */
        SUM,
        /** No system: only what a steward says. Stands alone. */
        STEWARD_ONLY
    }

    /** What settles a tie that the strategies leave; the record key does so at last. */
    public enum TieBreak {
        SYSTEM_RANK,
        SOURCE_TIME,
        RECORD_ID
    }

    /** What an empty value of a system means. */
    public enum NullPolicy {
        IGNORE_NULL,
        /** It competes like any value. */
        NULL_WINS_IF_AUTHORITY,
        /** It competes if the hub saw the system clear it. */
        EXPLICIT_CLEAR_ONLY
    }

    /** What happens if a system changes a value which does not survive. */
    public enum OnForeignWrite {
        /** It survives until the trusted system changes its own. */
        ACCEPT,
        /** The surviving value is written over it. */
        REVERT,
        /** It is left there until a steward has decided. */
        PROPOSE,
        /** It is left there until the surviving value changes; people are told. */
        ALERT_ONLY
    }

    /** When a system is given the surviving value. */
    public enum WriteMode {
        ALWAYS,
        IF_BLANK,
        ON_CREATE_ONLY,
        NEVER
    }

    /** What becomes of a value whose record is gone, where only copies of it are left. */
    public enum OnDisconnect {
        KEEP_LAST_VALUE,
        /** What the other systems had themselves said survives in its place. */
        RECALL
    }

    /**
     * How the value of an attribute, or the record of a group, is chosen and kept.
     *
     * @param when conditions on other surviving values; empty for always
     * @param strategies the first that tells two values apart decides between them
     * @param sameRecordAs attribute or group for {@link Strategy#SAME_RECORD_AS}; null without it
     * @param ranking systems, most trusted first; those not named are trusted alike, less than all named ones
     * @param only conditions on the record of a value and its system; others have no say
     * @param trust by system; {@link #OTHERS} for those not named
     * @param override how long a steward's value holds if nothing else is said
     * @param writeTo by system; ALWAYS for those not named
     */
    public record Rule(
            List<ValueTest> when,
            List<Strategy> strategies,
            String sameRecordAs,
            List<String> ranking,
            List<ValueTest> only,
            Map<String, Trust> trust,
            NullPolicy nulls,
            List<TieBreak> tieBreak,
            OnForeignWrite onForeignWrite,
            LifeCycle override,
            Map<String, WriteMode> writeTo,
            OnDisconnect onDisconnect) {
        /** Key of the trust in systems that are not named. */
        public static final String OTHERS = "others";

        public static final List<TieBreak> TIE_BREAK = List.of(TieBreak.values());
        private static final Set<Strategy> ALONE = Set.of(Strategy.UNION, Strategy.SUM, Strategy.STEWARD_ONLY);

        public Rule {
            when = List.copyOf(when);
            strategies = List.copyOf(strategies);
            ranking = List.copyOf(ranking);
            only = List.copyOf(only);
            trust = Map.copyOf(trust);
            tieBreak = List.copyOf(tieBreak);
            writeTo = Map.copyOf(writeTo);
            if (strategies.isEmpty()) throw new IllegalArgumentException("names no strategy");
            if (strategies.size() > 1 && strategies.stream().anyMatch(ALONE::contains)) {
                throw new IllegalArgumentException("UNION, SUM and STEWARD_ONLY stand alone, not in a chain");
            }
            if (Set.copyOf(strategies).size() < strategies.size()
                    || Set.copyOf(ranking).size() < ranking.size()) {
                throw new IllegalArgumentException("names a strategy or a system of its ranking twice");
            }
            if (strategies.contains(Strategy.SAME_RECORD_AS) != (sameRecordAs != null)) {
                throw new IllegalArgumentException("SAME_RECORD_AS needs sameRecordAs, and the other way round");
            }
            if (strategies.contains(Strategy.TRUST) == trust.isEmpty()) {
                throw new IllegalArgumentException("TRUST needs trust, and the other way round");
            }
        }

        /** Of one strategy, with the defaults for all else. */
        public Rule(Strategy strategy, List<String> ranking) {
            this(
                    List.of(),
                    List.of(strategy),
                    null,
                    ranking,
                    List.of(),
                    Map.of(),
                    NullPolicy.IGNORE_NULL,
                    TIE_BREAK,
                    OnForeignWrite.REVERT,
                    LifeCycle.FOREVER,
                    Map.of(),
                    OnDisconnect.KEEP_LAST_VALUE);
        }

        /** The first strategy. */
        public Strategy strategy() {
            return strategies.get(0);
        }

        /** Smaller is more trusted. */
        public int rank(String system) {
            int index = ranking.indexOf(system);
            return index < 0 ? ranking.size() : index;
        }

        /** How far values of a system are trusted. */
        public Trust trustIn(String system) {
            return trust.getOrDefault(system, trust.getOrDefault(OTHERS, Trust.always(0)));
        }

        /** Whether all values together make the surviving one. */
        public boolean gathers() {
            return strategy() == Strategy.UNION || strategy() == Strategy.SUM;
        }

        /** Whether a record may have a say. */
        public boolean admits(UnaryOperator<String> record) {
            return ValueTest.all(only, record);
        }

        public WriteMode writeTo(String system) {
            return writeTo.getOrDefault(system, WriteMode.ALWAYS);
        }
    }

    public AuthorityPolicy {
        var lists = new HashMap<String, List<Rule>>();
        rules.forEach((name, list) -> lists.put(name, List.copyOf(list)));
        rules = Map.copyOf(lists);
        var grouped = new HashMap<String, List<String>>();
        groups.forEach((name, attributes) -> grouped.put(name, List.copyOf(attributes)));
        groups = Map.copyOf(grouped);
        if (!defaultRule.when().isEmpty()) throw new IllegalArgumentException("the default rule has no condition");
        if (defaultRule.strategies().contains(Strategy.SAME_RECORD_AS)) {
            throw new IllegalArgumentException("the default rule cannot follow one attribute");
        }
        var seen = new HashSet<String>();
        groups.forEach((name, attributes) -> attributes.forEach(attribute -> {
            if (!seen.add(attribute)) throw new IllegalArgumentException(attribute + " is in two groups");
        }));
        for (var name : rules.keySet()) follow(name, rules, groups, new ArrayList<>());
        for (var name : groups.keySet()) {
            if (rules.getOrDefault(name, List.of()).stream().anyMatch(Rule::gathers)) {
                throw new IllegalArgumentException("the group " + name + " takes one record, so it cannot gather");
            }
        }
    }

    /** Of one rule for each attribute. */
    public AuthorityPolicy(String entityType, long version, Rule defaultRule, Map<String, Rule> rules) {
        this(entityType, version, defaultRule, listed(rules), Map.of());
    }

    private static Map<String, List<Rule>> listed(Map<String, Rule> rules) {
        var lists = new HashMap<String, List<Rule>>();
        rules.forEach((attribute, rule) -> lists.put(attribute, List.of(rule)));
        return lists;
    }

    /** Refuses rules that need their own outcome: no value could be chosen first. */
    private static void follow(
            String name, Map<String, List<Rule>> rules, Map<String, List<String>> groups, List<String> way) {
        if (way.contains(name)) {
            var circle = new ArrayList<>(way.subList(way.indexOf(name), way.size()));
            circle.add(name);
            throw new IllegalArgumentException("goes in a circle: " + String.join(" needs ", circle));
        }
        way.add(name);
        for (var rule : rules.getOrDefault(name, List.of())) {
            if (rule.sameRecordAs() != null) follow(unit(rule.sameRecordAs(), groups), rules, groups, way);
            for (var test : rule.when()) follow(unit(test.subject(), groups), rules, groups, way);
        }
        way.remove(way.size() - 1);
    }

    private static String unit(String attribute, Map<String, List<String>> groups) {
        for (var group : groups.entrySet()) if (group.getValue().contains(attribute)) return group.getKey();
        return attribute;
    }

    /** Name under which an attribute is decided: its group, or itself. */
    public String unit(String attribute) {
        return unit(attribute, groups);
    }

    /**
     * The rule that counts for an attribute or a group.
     *
     * @param surviving surviving value of an attribute; null or empty for none
     */
    public Rule rule(String name, UnaryOperator<String> surviving) {
        for (var rule : rules.getOrDefault(unit(name), List.of())) {
            if (ValueTest.all(rule.when(), surviving)) return rule;
        }
        return defaultRule;
    }

    /** The rule that counts where nothing is known of other values. */
    public Rule rule(String name) {
        return rule(name, other -> null);
    }

    /** All rules, for who asks about any of them. */
    public List<Rule> all() {
        var all = new ArrayList<>(List.of(defaultRule));
        rules.values().forEach(all::addAll);
        return all;
    }
}
