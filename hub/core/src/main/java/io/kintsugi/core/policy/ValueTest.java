package io.kintsugi.core.policy;

import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One condition of an authority policy: what some value must be. Compares to the letter and nothing else, so that a policy can neither
 * fail nor run for long.
 *
 * @param subject name of an attribute, or {@link #SYSTEM}
 * @param values only for {@link Kind#ONE_OF} and {@link Kind#NONE_OF}; then not empty
 */
public record ValueTest(String subject, Kind kind, List<String> values) {
    /** Subject that stands for the system of a record; no attribute can have this name. */
    public static final String SYSTEM = "system";

    /** What is asked of the value. */
    public enum Kind {
        ONE_OF,
        /** Anything else, also nothing. */
        NONE_OF,
        BLANK,
        FILLED
    }

    public ValueTest {
        values = List.copyOf(values);
        boolean named = kind == Kind.ONE_OF || kind == Kind.NONE_OF;
        if (named == values.isEmpty()) {
            throw new IllegalArgumentException("a condition on " + subject + " needs values, or blank");
        }
    }

    /** @param valueOf value of a subject; null or empty text for none */
    public boolean holds(UnaryOperator<String> valueOf) {
        var value = valueOf.apply(subject);
        boolean blank = value == null || value.isEmpty();
        return switch (kind) {
            case ONE_OF -> !blank && values.contains(value);
            case NONE_OF -> blank || !values.contains(value);
            case BLANK -> blank;
            case FILLED -> !blank;
        };
    }

    static boolean all(List<ValueTest> tests, UnaryOperator<String> valueOf) {
        return tests.stream().allMatch(test -> test.holds(valueOf));
    }
}
