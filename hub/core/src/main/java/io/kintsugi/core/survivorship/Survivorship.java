package io.kintsugi.core.survivorship;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.model.StewardValue;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.ValueTest;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Chooses the values of a golden record. Depends only on the set of members, on what stewards gave, and where trust decays or a
 * steward's value ends on a given instant: arrival order, repeated calls and the time of day never change the answer (DA-2).
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
     * @param members in whatever state; those that are not live do not count
     * @param given what stewards gave the golden
     * @param now no later call for the same golden has an earlier one
     */
    public static Survivors survive(
            Collection<SourceRecord> members, AuthorityPolicy authority, List<StewardValue> given, Instant now) {
        return new Survival(members, authority, given, now).survive();
    }

    /**
     * What would survive for an attribute of what the systems say by themselves, without any steward; empty if nothing would.
     *
     * @param given what stewards gave the golden until now
     */
    public static Optional<StewardValue.Winner> withoutSteward(
            Collection<SourceRecord> members,
            AuthorityPolicy authority,
            List<StewardValue> given,
            String attribute,
            Instant now) {
        return new Survival(members, authority, given, now).withoutSteward(attribute);
    }

    /** What conditions ask a record: its values, and its system. */
    static UnaryOperator<String> subjects(SourceRecord record) {
        return name -> name.equals(ValueTest.SYSTEM) ? record.key().system() : record.value(name);
    }
}
