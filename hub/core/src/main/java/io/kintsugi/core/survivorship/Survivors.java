package io.kintsugi.core.survivorship;

import io.kintsugi.core.model.StewardValue;
import io.kintsugi.core.policy.AuthorityPolicy.Rule;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.survivorship.Survivorship.Candidate;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/**
 * What survives of a set of records.
 *
 * @param choices by attribute, also of those that end up without a value
 * @param stewardValues what stewards gave, with those that ended marked so, the newest first
 * @param nextChange when time alone changes something; null if it never does
 */
public record Survivors(SortedMap<String, Choice> choices, List<StewardValue> stewardValues, Instant nextChange) {
    /**
     * How one attribute was decided.
     *
     * @param value null if nothing survives; empty text if it was decided that there is none
     * @param winner where it comes from, of several the first; null if it comes from a steward or from nowhere
     * @param candidates all values there are to choose from, the surviving one first if it is among them
     * @param decidedBy the strategy that told the winner from the next other value, {@link #STEWARD} or {@link #ACCEPTED}
     * @param steward what a steward said; null if that is not why
     * @param reasons says why in words, when it is asked
     */
    public record Choice(
            String value,
            Candidate winner,
            List<Candidate> candidates,
            Rule rule,
            String decidedBy,
            StewardValue steward,
            Reasons reasons) {
        public static final String STEWARD = "STEWARD";
        public static final String ACCEPTED = "ACCEPTED";

        /** Why the value survives, in words. */
        public String reasonSurvives() {
            if (steward != null) return "a steward said so";
            if (winner == null) return "nothing survives";
            if (rule.gathers()) return "all values together";
            if (decidedBy.equals(ACCEPTED)) return "changed after the trusted value, and such changes are accepted";
            return reasons.survives(candidates);
        }

        /** Why one of the candidates is not the surviving value, in words. */
        public String reasonLost(Candidate loser) {
            if (steward != null) return "a steward decided otherwise";
            if (rule.strategy() == Strategy.STEWARD_ONLY) return "only a steward may say it";
            if (winner == null) return "not from the record that the others come from";
            if (rule.gathers()) return "is part of it";
            if (decidedBy.equals(ACCEPTED)) return "older than a change that is accepted";
            return reasons.lost(loser, winner);
        }
    }
}
