package io.kintsugi.connector.simulated;

import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What a simulated system does to those who use it, above all through its interface. Immutable.
 *
 * @param index longest time until look-ups by a key and the feed show a change, because both ask an index; zero if there is none
 * @param allowance how many calls it answers; null for all
 * @param options which values fields take, that do not take any; nobody else can enter another one there either, and that there are such
 *     fields is not described
 * @param terse whether the answer about a merged id only names the record that it went into, and does not bring that along
 */
public record Vices(Duration index, Allowance allowance, Map<String, Predicate<String>> options, boolean terse) {
    /** None. */
    public static final Vices NONE = new Vices(Duration.ZERO, null, Map.of(), false);

    public Vices {
        options = Map.copyOf(options);
    }

    /**
     * More calls than these in any window are refused, with the time after which it is worth trying again.
     *
     * @param declared whether it says so before it is asked too much
     */
    public record Allowance(int calls, Duration window, boolean declared) {}

    /** The same with an index. */
    public Vices searching(Duration lag) {
        return new Vices(lag, allowance, options, terse);
    }

    /** The same with an allowance. */
    public Vices allowing(Allowance most) {
        return new Vices(index, most, options, terse);
    }

    /** The same with fields that take certain values only. */
    public Vices choosing(Map<String, Predicate<String>> some) {
        return new Vices(index, allowance, some, terse);
    }

    /** The same, which says no more than the name of what a record was merged into. */
    public Vices naming() {
        return new Vices(index, allowance, options, true);
    }

    /** Whether a field takes a value; each is taken as empty. */
    public boolean takes(String field, String value) {
        var choice = options.get(field);
        return choice == null || value == null || choice.test(value.strip());
    }
}
