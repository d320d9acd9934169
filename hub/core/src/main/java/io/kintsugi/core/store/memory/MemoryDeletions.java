package io.kintsugi.core.store.memory;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.Action;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.Deletion.Step;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

final class MemoryDeletions implements Deletions {
    private static final Pages<Deletion> NEWEST_FIRST = Pages.newestFirst(Deletion::seenAt, Deletion::id);
    private static final String ALL = "all";

    /** Place of a deletion in the queue. */
    private record Turn(Instant at, String id) implements Comparable<Turn> {
        @Override
        public int compareTo(Turn other) {
            int first = at.compareTo(other.at);
            return first != 0 ? first : id.compareTo(other.id);
        }
    }

    private final Ledger ledger;
    private final Table<String, Deletion> rows;
    private final Index<RecordKey, String> open;
    private final Index<String, Turn> queue;

    MemoryDeletions(Ledger ledger) {
        this.ledger = ledger;
        rows = new Table<>(ledger);
        open = new Index<>(ledger);
        queue = new Index<>(ledger);
    }

    @Override
    public void save(Collection<Deletion> deletions) {
        ledger.requireWriting();
        for (var deletion : deletions) {
            var before = rows.put(deletion.id(), deletion);
            if (before != null) {
                records(before).forEach(record -> open.remove(record, before.id()));
                if (before.dueAt() != null) queue.remove(ALL, new Turn(before.dueAt(), before.id()));
            }
            if (isOpen(deletion)) records(deletion).forEach(record -> open.add(record, deletion.id()));
            if (deletion.dueAt() != null) queue.add(ALL, new Turn(deletion.dueAt(), deletion.id()));
        }
    }

    private static boolean isOpen(Deletion deletion) {
        return deletion.state() == DeletionState.SEEN || deletion.state() == DeletionState.OPEN;
    }

    private static SortedSet<RecordKey> records(Deletion deletion) {
        var records = new TreeSet<RecordKey>();
        if (deletion.origin() != null) records.add(deletion.origin());
        deletion.steps().stream().map(Step::target).filter(Objects::nonNull).forEach(records::add);
        return records;
    }

    @Override
    public Map<String, Deletion> find(Collection<String> ids) {
        return rows.find(ids);
    }

    @Override
    public Map<String, Deletion> lock(SortedSet<String> ids) {
        ledger.requireWriting();
        return rows.find(ids);
    }

    @Override
    public List<Deletion> openOf(Collection<RecordKey> records) {
        var ids = new TreeSet<String>();
        for (var record : records) ids.addAll(open.of(record));
        return new ArrayList<>(rows.find(ids).values());
    }

    @Override
    public List<Deletion> openOfGoldens(Collection<String> goldenIds) {
        return rows.all().values().stream()
                .filter(deletion -> isOpen(deletion) && goldenIds.contains(String.valueOf(deletion.goldenId())))
                .toList();
    }

    @Override
    public List<Deletion> ofGolden(String goldenId) {
        return rows.all().values().stream()
                .filter(deletion -> goldenId.equals(deletion.goldenId()))
                .sorted(NEWEST_FIRST.order())
                .toList();
    }

    @Override
    public List<String> due(Instant now, int limit) {
        return queue.of(ALL).stream()
                .takeWhile(turn -> !turn.at().isAfter(now))
                .limit(limit)
                .map(Turn::id)
                .toList();
    }

    @Override
    public long waiting(String system, String entityType, Instant now) {
        return count(
                entityType,
                step -> step.system().equals(system)
                        && step.action() == Action.PROPAGATE
                        && (step.state() == StepState.HELD
                                || step.state() == StepState.WAITING
                                        && !step.dueAt().isAfter(now)));
    }

    @Override
    public long sent(String system, String entityType, Instant since) {
        return count(
                entityType,
                step -> step.system().equals(system)
                        && (step.state() == StepState.SENT || step.state() == StepState.DONE)
                        && step.action() == Action.PROPAGATE
                        && step.approvedBy() == null
                        && !step.at().isBefore(since));
    }

    private long count(String entityType, Predicate<Step> wanted) {
        return rows.all().values().stream()
                .filter(deletion -> deletion.entityType().equals(entityType))
                .filter(deletion -> deletion.steps().stream().anyMatch(wanted))
                .count();
    }

    @Override
    public Page<Deletion> list(Filter filter, String cursor, int limit) {
        return NEWEST_FIRST.cut(shown(filter), cursor, limit);
    }

    @Override
    public Page<Deletion> listOldestFirst(Filter filter, String cursor, int limit) {
        return NEWEST_FIRST.turned().cut(shown(filter), cursor, limit);
    }

    private List<Deletion> shown(Filter filter) {
        return rows.all().values().stream().filter(filter::shows).toList();
    }

    /** Forgets deletions that name one of the goldens or records; how many there were. */
    long remove(Collection<String> goldens, Collection<RecordKey> named) {
        var found = rows.all().values().stream()
                .filter(deletion -> deletion.goldenId() != null && goldens.contains(deletion.goldenId())
                        || records(deletion).stream().anyMatch(named::contains))
                .toList();
        for (var deletion : found) {
            rows.remove(deletion.id());
            records(deletion).forEach(record -> open.remove(record, deletion.id()));
            if (deletion.dueAt() != null) queue.remove(ALL, new Turn(deletion.dueAt(), deletion.id()));
        }
        return found.size();
    }

    @Override
    public String toString() {
        return "deletions " + rows + open + queue;
    }
}
