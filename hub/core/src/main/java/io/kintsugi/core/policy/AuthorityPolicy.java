package io.kintsugi.core.policy;

import java.util.List;
import java.util.Map;

/**
 * Which system is trusted for which attribute of one entity type.
 *
 * @param version of the document it was published with
 * @param defaultRule for attributes without a rule of their own
 * @param rules by attribute
 */
public record AuthorityPolicy(String entityType, long version, Rule defaultRule, Map<String, Rule> rules) {
    /** How one of several values is chosen; where it decides nothing, the other strategy does, then the record key. */
    public enum Strategy {
        /** The system that comes first in the ranking. */
        SYSTEM_RANK,
        /** The value that changed last in its system. */
        LATEST
    }

    /**
     * How the value of an attribute is chosen.
     *
     * @param ranking systems, most trusted first; those not named are trusted alike, less than all named ones
     */
    public record Rule(Strategy strategy, List<String> ranking) {
        public Rule {
            ranking = List.copyOf(ranking);
        }

        /** Smaller is more trusted. */
        public int rank(String system) {
            int index = ranking.indexOf(system);
            return index < 0 ? ranking.size() : index;
        }
    }

    public AuthorityPolicy {
        rules = Map.copyOf(rules);
    }

    public Rule rule(String attribute) {
        return rules.getOrDefault(attribute, defaultRule);
    }
}
