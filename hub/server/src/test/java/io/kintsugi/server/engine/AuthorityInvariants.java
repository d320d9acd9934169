package io.kintsugi.server.engine;

import io.kintsugi.core.model.AttributeState;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy.NullPolicy;
import io.kintsugi.core.policy.AuthorityPolicy.Strategy;
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.server.engine.resolution.LoopBreaker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** What must hold at rest of where a value comes from. */
final class AuthorityInvariants {
    private final History history;

    AuthorityInvariants(History history) {
        this.history = history;
    }

    /** The value is the one the authority chooses among what people wrote and what still stands; times are those of the edits. */
    void check(GoldenRecord golden, String field, List<Member> members) {
        // what a record said that the hub merged into another counts, though it is not there any more
        if (members.stream()
                .anyMatch(member -> member.record().state().counts()
                        && member.record().state().gone())) return;
        if (Gifts.holds(golden, field)) return;
        var rule = history.model().authority().get("contact").rule(field);
        var candidates = new ArrayList<SourceRecord>();
        for (var member : members) {
            var record = member.record();
            if (record.state() != RecordState.LIVE) continue;
            if (new Invariants(history).isToBeDeletedByHand(record.key())) return; // and so has no say any more
            var row = history.systems
                    .get(record.key().system())
                    .rows()
                    .get(record.key().externalId());
            if (row == null) return; // not noticed yet, so what it said counts
            var cell = row.cells().get(field);
            if (cell != null && cell.byHub()) continue;
            var state = record.states().get(field);
            boolean blank = cell == null || cell.value() == null;
            if (blank && !competes(rule.nulls(), state)) continue;
            if (state != null && state.copied()) return; // told apart wrongly, which is another violation
            candidates.add(record);
            if (cell == null || blank && state == null)
                continue; // nobody saw it filled, so nobody knows since when it is empty
            var at = changedAt(record, field);
            var nature = history.systems.get(record.key().system()).nature();
            long stamp = nature.stamp().toMillis();
            var place = record.key().system() + " " + record.key().externalId();
            boolean back = history.broughtBack.containsKey(place) || history.undeleted.contains(place);
            var read = history.hub.readAfter(record.key().system(), cell.at().plus(nature.visibilityLag()));
            boolean filled = isSurvivor(record.key()); // what a merge brought along is read with the merge
            var latest = read == null || back || filled || read.isAfter(row.changedAt()) ? row.changedAt() : read;
            // one that was filled and emptied again while nobody looked has been empty since before
            boolean again = history.automations.insistsOn(record.key().system(), field);
            boolean early =
                    at != null && !blank && !again && at.isBefore(cell.at().minusMillis(stamp));
            boolean possible = at != null && !early && !at.isAfter(latest);
            if (!possible) {
                history.violate(
                        "TIME", record.key() + " " + field + " was edited at " + cell.at() + ", the hub says " + at);
            }
        }
        if (candidates.isEmpty()) return;
        var has = Objects.requireNonNullElse(golden.value(field), "");
        if (LoopBreaker.resting(golden).contains(field)) return;
        var youngest = Comparator.comparing(
                (SourceRecord r) -> changedAt(r, field),
                Comparator.nullsLast(Comparator.<Instant>naturalOrder().reversed()));
        candidates.sort(
                rule.strategy() == Strategy.SYSTEM_RANK
                        ? Comparator.comparing(
                                        (SourceRecord r) -> rule.rank(r.key().system()))
                                .thenComparing(youngest)
                        : youngest);
        var first = candidates.get(0);
        boolean tie = candidates.stream()
                .skip(1)
                .anyMatch(other -> Objects.equals(changedAt(other, field), changedAt(first, field)));
        if (!tie && !has.equals(Objects.requireNonNullElse(first.value(field), ""))) {
            history.violate(
                    "AUTHORITY",
                    "golden " + golden.id() + " " + field + " = " + golden.value(field) + ", by " + rule
                            + " it should be " + first.value(field) + " of " + first.key());
        }
    }

    /** Whether an empty value has a say. */
    private static boolean competes(NullPolicy nulls, AttributeState state) {
        return switch (nulls) {
            case IGNORE_NULL -> false;
            case NULL_WINS_IF_AUTHORITY -> true;
            case EXPLICIT_CLEAR_ONLY -> state != null;
        };
    }

    private static Instant changedAt(SourceRecord record, String field) {
        var state = record.states().get(field);
        if (state != null) return state.changedAt();
        return record.value(field) == null ? null : record.sourceAt();
    }

    private boolean isSurvivor(RecordKey record) {
        var system = history.systems.get(record.system());
        return system.mergedAway().stream()
                .anyMatch(loser -> record.externalId().equals(system.survivorOf(loser)));
    }
}
