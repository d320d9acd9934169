package io.kintsugi.server.engine.deletion;

import io.kintsugi.core.lifecycle.DeletePlan;
import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.DeletePolicy;
import io.kintsugi.core.store.Deletions.Filter;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the deletions of the last days would have led to under a draft of a delete policy, beside what the published one says of them.
 * Reads only. What was edited meanwhile is not known any more, so a delete that an edit would have stopped counts as a delete.
 */
public final class DeletionReplay {
    private static final Duration SPAN = Duration.ofDays(30);
    private static final int PAGE = 500;
    private static final int MOST = 20_000;

    private final HubStore store;
    private final DeletePolicy published;
    private final DeletePolicy draft;
    private final Instant now;
    private final Instant since;

    public DeletionReplay(HubStore store, DeletePolicy published, DeletePolicy draft, Instant now) {
        this.store = store;
        this.published = published;
        this.draft = draft;
        this.now = now;
        this.since = now.minus(SPAN);
    }

    /**
     * What would have been.
     *
     * @param complete false if there were so many that only the newest were looked at
     * @param steps records of other systems that the deletions were about
     * @param now steps by action under the published policy; {@code then} under the draft
     * @param changes where the two differ, most steps first
     * @param brakes systems whose brake would have tripped
     */
    public record Result(
            Instant since,
            boolean complete,
            long deletions,
            long steps,
            Map<Action, Long> now,
            Map<Action, Long> then,
            List<Change> changes,
            List<Trip> brakes) {}

    /** Steps of two systems that would have been another action. */
    public record Change(String from, String to, Action before, Action after, long steps) {}

    /**
     * A brake that would have tripped.
     *
     * @param deletes most deletes within one window
     * @param at when that window began
     */
    public record Trip(String system, long deletes, long limit, Instant at) {}

    private record Kind(String from, String to, Action before, Action after) {}

    /** Reads the deletions of the last days and decides each once more under both policies. */
    public Result run() {
        var seen = new Seen();
        var filter = new Filter(draft.entityType(), null, null, null, null);
        String cursor = null;
        do {
            var from = cursor;
            cursor = store.read(tx -> {
                var page = tx.deletions().list(filter, from, PAGE);
                var late = page.items().stream()
                        .filter(deletion -> !deletion.seenAt().isBefore(since))
                        .toList();
                look(tx, late, seen);
                return late.size() < page.items().size() ? null : page.next();
            });
        } while (cursor != null && seen.deletions < MOST);
        return seen.result(cursor == null, store.read(this::live));
    }

    private Map<String, Long> live(HubTransaction tx) {
        return tx.records().counts().stream()
                .filter(count -> count.entityType().equals(draft.entityType()) && count.state() == RecordState.LIVE)
                .collect(Collectors.toMap(count -> count.system(), count -> count.records(), Long::sum));
    }

    private void look(HubTransaction tx, List<Deletion> deletions, Seen seen) {
        var targets = deletions.stream()
                .flatMap(deletion -> deletion.steps().stream())
                .map(Step::target)
                .filter(Objects::nonNull)
                .toList();
        var records = tx.records().find(targets);
        for (var deletion : deletions) {
            seen.deletions++;
            for (var step : deletion.steps()) {
                if (step.system().equals(deletion.from())) continue; // its own record, created again
                seen.step(deletion, step, provisioned(step, records));
            }
        }
    }

    /** A record that was deleted for it and is created again was one that the hub deletes, so it is taken for its own. */
    private static boolean provisioned(Step step, Map<RecordKey, SourceRecord> records) {
        var record = step.target() == null ? null : records.get(step.target());
        return record == null || record.provisioned();
    }

    /** What was counted so far. */
    private final class Seen {
        private long deletions;
        private long steps;
        private final Map<Action, Long> before = new EnumMap<>(Action.class);
        private final Map<Action, Long> after = new EnumMap<>(Action.class);
        private final Map<Kind, Long> kinds = new TreeMap<>(Comparator.comparing(Kind::from)
                .thenComparing(Kind::to)
                .thenComparing(Kind::before)
                .thenComparing(Kind::after));
        private final Map<String, List<Instant>> deletes = new TreeMap<>();

        void step(Deletion deletion, Step step, boolean provisioned) {
            boolean elsewhere =
                    step.action() == Action.FLAG && step.why() != null; // the origin had another record of it
            var rule = draft.rule(deletion.from(), step.system());
            var old = elsewhere ? Action.FLAG : action(published.rule(deletion.from(), step.system()), provisioned);
            var action = elsewhere ? Action.FLAG : action(rule, provisioned);
            steps++;
            before.merge(old, 1L, Long::sum);
            after.merge(action, 1L, Long::sum);
            if (old != action) kinds.merge(new Kind(deletion.from(), step.system(), old, action), 1L, Long::sum);
            if (action == Action.PROPAGATE) {
                var grace = rule.grace().compareTo(DeletePlan.SETTLING) > 0 ? rule.grace() : DeletePlan.SETTLING;
                var due = deletion.seenAt().plus(grace);
                if (!due.isAfter(now))
                    deletes.computeIfAbsent(step.system(), system -> new ArrayList<>())
                            .add(due);
            }
        }

        private Action action(DeletePolicy.Rule rule, boolean provisioned) {
            return provisioned ? rule.action() : rule.joined();
        }

        Result result(boolean complete, Map<String, Long> live) {
            var changes = kinds.entrySet().stream()
                    .map(entry -> new Change(
                            entry.getKey().from(),
                            entry.getKey().to(),
                            entry.getKey().before(),
                            entry.getKey().after(),
                            entry.getValue()))
                    .sorted(Comparator.comparingLong(change -> -change.steps()))
                    .toList();
            var trips = new ArrayList<Trip>();
            deletes.forEach((system, times) -> {
                var trip = busiest(system, times, draft.brake().limit(live.getOrDefault(system, 0L)));
                if (trip.deletes() > trip.limit()) trips.add(trip);
            });
            return new Result(since, complete, deletions, steps, before, after, changes, trips);
        }

        private Trip busiest(String system, List<Instant> times, long limit) {
            times.sort(Comparator.naturalOrder());
            int most = 0;
            var at = times.get(0);
            for (int first = 0, last = 0; last < times.size(); last++) {
                while (!times.get(first).plus(draft.brake().window()).isAfter(times.get(last))) first++;
                if (last - first + 1 > most) {
                    most = last - first + 1;
                    at = times.get(first);
                }
            }
            return new Trip(system, most, limit, at);
        }
    }
}
