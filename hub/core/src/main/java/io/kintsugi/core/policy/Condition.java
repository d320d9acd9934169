package io.kintsugi.core.policy;

import java.util.List;
import java.util.Map;

/**
 * A deterministic rule beside the weights: where all its comparisons are at one of the levels named, the score is raised or lowered
 * to a bound.
 *
 * @param name for people, for example {@code other generation}
 * @param when levels by comparison, such as {@code identifier}, or that of one attribute, such as {@code identifier.taxNumber}; all
 *     must hold
 * @param bits what the score is at least ({@link Effect#CERTAIN}) or at most (else)
 * @param mode what becomes of pairs for which it holds and that are the same; null for what the entity type says. Only with
 *     {@link Effect#CERTAIN}
 */
public record Condition(String name, Effect effect, Map<String, List<String>> when, double bits, Merging.Mode mode) {
    /** What a rule does. */
    public enum Effect {
        /** The score is at least {@link Condition#bits}. */
        CERTAIN,
        /** The score is at most {@link Condition#bits}, whatever else holds. Others may still bring the two together. */
        VETO,
        /** A veto, and no others bring the two together: only a person or a system does. */
        NEVER
    }

    /** What the score of two that are {@link Effect#NEVER never} the same is at most. */
    public static final double NEVER_BITS = -15;

    public Condition {
        if (when.isEmpty()) throw new IllegalArgumentException("rule " + name + " has no condition");
        if (mode != null && forbids(effect)) {
            throw new IllegalArgumentException("rule " + name + " forbids merges, so no mode fits it");
        }
        when = Map.copyOf(when);
    }

    /** Whether the rule speaks against a pair. */
    public boolean forbids() {
        return forbids(effect);
    }

    private static boolean forbids(Effect effect) {
        return effect != Effect.CERTAIN;
    }
}
