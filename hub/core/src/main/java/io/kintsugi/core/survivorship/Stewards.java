package io.kintsugi.core.survivorship;

import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.model.StewardValue;
import io.kintsugi.core.model.StewardValue.Winner;
import io.kintsugi.core.survivorship.Survivorship.Candidate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** What stewards gave one golden: which of it still holds, and what is left of the rest. */
final class Stewards {
    /** A write that was under way when a value ended has arrived by then. */
    private static final Duration KEPT = Duration.ofDays(30);

    private final List<StewardValue> values;
    private final List<SourceRecord> members;
    private final Instant now;

    Stewards(List<StewardValue> given, List<SourceRecord> members, Instant now) {
        this.values = new ArrayList<>(given);
        values.sort(Comparator.comparing(StewardValue::at)
                .reversed()
                .thenComparing(StewardValue::golden)
                .thenComparing(StewardValue::attribute));
        this.members = members;
        this.now = now;
    }

    boolean any() {
        return !values.isEmpty();
    }

    Set<String> attributes() {
        var attributes = new TreeSet<String>();
        for (var value : values) attributes.add(value.attribute());
        return attributes;
    }

    /** Whether a copy of this version in a system stands for a value that has ended. */
    boolean recalls(String attribute, long version) {
        return values.stream()
                .anyMatch(value -> !value.holds()
                        && value.attribute().equals(attribute)
                        && value.versions().contains(version));
    }

    /** The newest value that holds, once those that end now are marked. */
    Optional<StewardValue> holding(String attribute, Supplier<Candidate> spoken) {
        for (int i = 0; i < values.size(); i++) {
            var value = values.get(i);
            if (!value.holds() || !value.attribute().equals(attribute)) continue;
            if (!ends(value, spoken)) return Optional.of(value);
            values.set(i, value.ended(now));
        }
        return Optional.empty();
    }

    private boolean ends(StewardValue value, Supplier<Candidate> spoken) {
        return switch (value.lifeCycle()) {
            case FOREVER -> false;
            case UNTIL_DATE -> !now.isBefore(value.until());
            case UNTIL_ANY_RELOAD -> members.stream().anyMatch(member -> reloaded(member, value.at()));
            case WHILE_SOURCE_BLANK -> {
                var said = spoken.get();
                yield said != null && !said.value().isEmpty();
            }
            case UNTIL_WINNER_CHANGES -> changed(value.winner(), spoken.get());
        };
    }

    /** A record that the hub itself created says nothing until somebody edits it. */
    private static boolean reloaded(SourceRecord member, Instant since) {
        boolean edited = member.states().values().stream().anyMatch(state -> !state.copied());
        return member.observedAt().isAfter(since) && (!member.provisioned() || edited);
    }

    private static boolean changed(Winner before, Candidate now) {
        if (before == null || now == null) return now != null || before != null;
        boolean other = !before.record().equals(now.record()) || !before.value().equals(now.value());
        return other || !now.copied() && !Objects.equals(before.at(), now.at()); // said again
    }

    Instant nextEnd() {
        return values.stream()
                .filter(value -> value.holds() && value.until() != null)
                .map(StewardValue::until)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Ended ones are kept while a system may hold a copy of them. */
    List<StewardValue> after() {
        return values.stream()
                .filter(value -> value.holds()
                        || value.endedAt().plus(KEPT).isAfter(now)
                        || members.stream().anyMatch(member -> holdsCopy(member, value)))
                .toList();
    }

    private static boolean holdsCopy(SourceRecord member, StewardValue value) {
        var state = member.states().get(value.attribute());
        return state != null && state.copied() && value.versions().contains(state.base());
    }
}
