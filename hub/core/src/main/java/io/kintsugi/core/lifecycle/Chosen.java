package io.kintsugi.core.lifecycle;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision.ValueChange;
import io.kintsugi.core.model.GoldenValue;
import io.kintsugi.core.model.Referents;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.model.StewardValue;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.survivorship.Survivors;
import io.kintsugi.core.survivorship.Survivorship;
import io.kintsugi.core.survivorship.Survivorship.Candidate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * The values of a golden as they are chosen now.
 *
 * @param given what stewards gave, with those that ended marked so
 * @param dueAt when time alone chooses anew; null if it never does
 */
record Chosen(Map<String, GoldenValue> values, List<StewardValue> given, Instant dueAt) {
    /**
     * @param before values until now: what stays the same keeps its version
     * @param referents what references of the members, of values until now and of what stewards gave lead to
     * @param nextVersion gives the version of a value that changes
     */
    static Chosen of(
            List<SourceRecord> members,
            AuthorityPolicy authority,
            List<StewardValue> given,
            Map<String, GoldenValue> before,
            Referents referents,
            LongSupplier nextVersion,
            Instant now) {
        var survivors = Survivorship.survive(
                members.stream().map(referents::inGoldenTerms).toList(),
                authority,
                given.stream().map(referents::current).toList(),
                now);
        var values = new HashMap<String, GoldenValue>();
        survivors.choices().forEach((attribute, choice) -> {
            if (choice.value() == null) return;
            var prior = before.get(attribute);
            var winner = choice.winner();
            var steward = choice.steward();
            // with no original left the last value goes on, not what some system made of it
            boolean last = prior != null
                    && prior.from() != null
                    && steward == null
                    && winner != null
                    && winner.copied()
                    && !superseded(prior, winner, attribute, members);
            var text = referents.current(attribute, last ? prior.value() : choice.value());
            boolean same = prior != null && prior.value().equals(text);
            values.put(
                    attribute,
                    new GoldenValue(
                            text,
                            same ? prior.version() : nextVersion.getAsLong(),
                            winner == null ? null : winner.record(),
                            steward != null ? steward.at() : winner == null ? null : winner.at(),
                            choice.decidedBy(),
                            authority.version()));
        });
        return new Chosen(values, known(survivors, values), survivors.nextChange());
    }

    /**
     * Whether the copy that is left goes before the last value: it stands for a newer one, and so was another golden's, or the value
     * turned out to be what the system had made of it.
     */
    private static boolean superseded(GoldenValue prior, Candidate copy, String attribute, List<SourceRecord> members) {
        return members.stream()
                .filter(member -> member.key().equals(copy.record()))
                .anyMatch(member -> {
                    var state = member.states().get(attribute);
                    boolean newer = state != null && state.base() > prior.version();
                    boolean form = !prior.value().equals(copy.value())
                            && prior.value().equals(member.attributes().get(attribute));
                    return newer || form;
                });
    }

    /** What stewards gave, knowing the versions under which it is there. */
    private static List<StewardValue> known(Survivors survivors, Map<String, GoldenValue> values) {
        return survivors.stewardValues().stream()
                .map(given -> {
                    var choice = survivors.choices().get(given.attribute());
                    var value = values.get(given.attribute());
                    boolean there = choice != null && value != null && given.equals(choice.steward());
                    return there ? given.known(value.version()) : given;
                })
                .toList();
    }

    /** A golden with this. */
    GoldenRecord in(GoldenRecord golden) {
        return new GoldenRecord(
                golden.id(),
                golden.entityType(),
                golden.state(),
                golden.revision(),
                values,
                golden.redirectsTo(),
                golden.createdAt(),
                golden.updatedAt(),
                given,
                dueAt);
    }

    /** Whether a golden has exactly this. */
    boolean sameAs(GoldenRecord golden) {
        return golden.values().equals(values)
                && golden.stewardValues().equals(given)
                && Objects.equals(golden.dueAt(), dueAt);
    }

    /** What reads differently; no value and the decision that there is none read the same. */
    List<ValueChange> changesFrom(Map<String, GoldenValue> before) {
        var changes = new ArrayList<ValueChange>();
        var attributes = new TreeSet<>(before.keySet());
        attributes.addAll(values.keySet());
        for (var attribute : attributes) {
            var old = text(before.get(attribute));
            var value = values.get(attribute);
            if (Objects.equals(old, text(value))) continue;
            changes.add(new ValueChange(attribute, old, text(value), value == null ? null : value.from()));
        }
        return changes;
    }

    private static String text(GoldenValue value) {
        return value == null || value.value().isEmpty() ? null : value.value();
    }
}
