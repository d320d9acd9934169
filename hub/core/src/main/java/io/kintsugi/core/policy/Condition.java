package io.kintsugi.core.policy;

import java.util.List;
import java.util.Map;

/**
 * A deterministic rule beside the weights: where all its comparisons are at one of the levels named, the score is raised or lowered
 * to a bound.
 *
 * @param name for people, for example {@code other generation}
 * @param when levels by comparison; all must hold
 * @param bits what the score is at least ({@link Effect#CERTAIN}) or at most ({@link Effect#VETO})
 * @param mode what becomes of pairs for which it holds and that are the same; null for what the entity type says. Never with
 *     {@link Effect#VETO}
 */
public record Condition(String name, Effect effect, Map<String, List<String>> when, double bits, Merging.Mode mode) {
    /** What a rule does. */
    public enum Effect {
        /** The score is at least {@link Condition#bits}. */
        CERTAIN,
        /** The score is at most {@link Condition#bits}, whatever else holds. */
        VETO
    }

    public Condition {
        if (when.isEmpty()) throw new IllegalArgumentException("rule " + name + " has no condition");
        if (mode != null && effect == Effect.VETO) {
            throw new IllegalArgumentException("rule " + name + " forbids merges, so no mode fits it");
        }
        when = Map.copyOf(when);
    }
}
