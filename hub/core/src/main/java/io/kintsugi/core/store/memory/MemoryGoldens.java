package io.kintsugi.core.store.memory;

import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.GoldenRevision;
import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.Membership;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Goldens;
import io.kintsugi.core.store.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

final class MemoryGoldens implements Goldens {
    private final Ledger ledger;
    private final MemoryRecords records;
    private final Table<String, GoldenRecord> rows;
    private final Table<RecordKey, Membership> memberships;
    private final Index<String, RecordKey> members;
    private final Table<Long, GoldenRevision> feed;
    private final Index<String, Long> histories;
    private final Table<String, Long> sequences;

    MemoryGoldens(Ledger ledger, MemoryRecords records) {
        this.ledger = ledger;
        this.records = records;
        rows = new Table<>(ledger);
        memberships = new Table<>(ledger);
        records.tiedBy(memberships::has);
        members = new Index<>(ledger);
        feed = new Table<>(ledger);
        histories = new Index<>(ledger);
        sequences = new Table<>(ledger);
    }

    /** @throws IllegalStateException if the golden is not stored */
    GoldenRecord require(String id, String who) {
        var golden = rows.get(id);
        if (golden == null) throw new IllegalStateException(who + " names the golden " + id + ", which is not stored");
        return golden;
    }

    @Override
    public void claim(SortedSet<String> ids) {
        ledger.requireWriting();
    }

    @Override
    public Map<String, GoldenRecord> find(Collection<String> ids) {
        return rows.find(ids);
    }

    @Override
    public List<String> due(Instant now, int limit) {
        return rows.all().values().stream()
                .filter(golden -> golden.dueAt() != null && !golden.dueAt().isAfter(now))
                .sorted(Comparator.comparing(GoldenRecord::dueAt).thenComparing(GoldenRecord::id))
                .map(GoldenRecord::id)
                .limit(limit)
                .toList();
    }

    @Override
    public Map<String, String> currentIds(Collection<String> ids) {
        var found = new LinkedHashMap<String, String>();
        for (var id : ids) {
            var current = id;
            var golden = rows.get(current);
            while (golden != null && golden.state() == GoldenState.RETIRED) {
                current = golden.redirectsTo();
                golden = rows.get(current);
            }
            found.put(id, current);
        }
        return found;
    }

    @Override
    public Map<RecordKey, String> goldenOf(Collection<RecordKey> asked) {
        var found = new LinkedHashMap<RecordKey, String>();
        memberships.find(asked).forEach((record, membership) -> found.put(record, membership.goldenId()));
        return found;
    }

    @Override
    public Map<String, List<Member>> members(Collection<String> goldenIds) {
        var found = new LinkedHashMap<String, List<Member>>();
        for (var id : new TreeSet<>(goldenIds)) {
            var list = new ArrayList<Member>();
            for (var record : members.of(id)) list.add(new Member(memberships.get(record), records.get(record)));
            found.put(id, list);
        }
        return found;
    }

    @Override
    public void save(Collection<GoldenRecord> goldens, List<GoldenRevision> revisions) {
        ledger.requireWriting();
        for (var golden : goldens) rows.put(golden.id(), golden);
        for (var r : revisions) {
            require(r.goldenId(), "a revision");
            long sequence = next("feed", 1);
            feed.put(
                    sequence,
                    new GoldenRevision(
                            r.goldenId(),
                            r.entityType(),
                            sequence,
                            r.revision(),
                            r.at(),
                            r.cause(),
                            r.changed(),
                            r.joined(),
                            r.left(),
                            r.counterpart(),
                            r.policies()));
            histories.add(r.goldenId(), sequence);
        }
    }

    private long next(String sequence, int count) {
        var last = sequences.get(sequence);
        long first = last == null ? 1 : last + 1;
        if (count > 0) sequences.put(sequence, first + count - 1);
        return first;
    }

    @Override
    public void assign(Collection<Membership> assigned) {
        ledger.requireWriting();
        for (var membership : assigned) {
            records.require(membership.record(), "a membership");
            require(membership.goldenId(), "a membership");
            take(membership.record());
            memberships.put(membership.record(), membership);
            members.add(membership.goldenId(), membership.record());
        }
    }

    private void take(RecordKey record) {
        var before = memberships.remove(record);
        if (before != null) members.remove(before.goldenId(), record);
    }

    @Override
    public long reserveVersions(int count) {
        ledger.requireWriting();
        return next("versions", count);
    }

    @Override
    public Page<GoldenRecord> list(Filter filter, String cursor, int limit) {
        var words = filter.text() == null ? new TreeSet<String>() : Goldens.words(filter.text());
        var found = rows.all().values().stream()
                .filter(golden -> fits(golden, filter) && words.stream().allMatch(word -> holds(golden, word)))
                .toList();
        return new Pages<GoldenRecord>(golden -> sortText(golden, filter.sort()), GoldenRecord::id, filter.descending())
                .cut(found, cursor, limit);
    }

    private boolean fits(GoldenRecord golden, Filter filter) {
        NavigableSet<RecordKey> held = members.of(golden.id());
        return (filter.entityType() == null || filter.entityType().equals(golden.entityType()))
                && (filter.state() == null || filter.state() == golden.state())
                && held.size() >= filter.minimumRecords()
                && (filter.system() == null
                        || held.stream().anyMatch(key -> key.system().equals(filter.system())))
                && filter.equal().entrySet().stream()
                        .allMatch(wanted -> wanted.getValue().equals(golden.value(wanted.getKey())));
    }

    private static boolean holds(GoldenRecord golden, String prefix) {
        return golden.values().values().stream().anyMatch(value -> Goldens.words(value.value()).tailSet(prefix).stream()
                .limit(1)
                .anyMatch(word -> word.startsWith(prefix)));
    }

    private static String sortText(GoldenRecord golden, String sort) {
        return switch (sort) {
            case "updatedAt" -> Pages.text(golden.updatedAt());
            case "createdAt" -> Pages.text(golden.createdAt());
            case "label" -> golden.label().toLowerCase(Locale.ROOT);
            default -> "";
        };
    }

    @Override
    public Map<String, Long> counts() {
        var counts = new TreeMap<String, Long>();
        for (var golden : rows.all().values()) {
            if (golden.state() == GoldenState.ACTIVE) counts.merge(golden.entityType(), 1L, Long::sum);
        }
        return counts;
    }

    @Override
    public List<GoldenRevision> history(String id, int limit) {
        return histories.of(id).descendingSet().stream()
                .limit(limit)
                .map(feed::get)
                .toList();
    }

    @Override
    public List<GoldenRevision> feed(long after, int limit) {
        return feed.all().tailMap(after, false).values().stream().limit(limit).toList();
    }

    @Override
    public long feedEnd() {
        var all = feed.all();
        return all.isEmpty() ? 0 : all.lastKey();
    }

    Collection<GoldenRecord> all() {
        return rows.all().values();
    }

    /** Takes records out of their goldens. */
    void unseat(Collection<RecordKey> keys) {
        keys.forEach(this::take);
    }

    /** Takes what {@code gone} says out of the history of a golden; how much that was. */
    long forget(String id, Predicate<GoldenRevision> gone) {
        long count = 0;
        for (var place : new ArrayList<>(histories.of(id))) {
            if (!gone.test(feed.get(place))) continue;
            feed.remove(place);
            histories.remove(id, place);
            count++;
        }
        return count;
    }

    @Override
    public String toString() {
        return "goldens " + rows + memberships + members + feed + histories + sequences;
    }
}
