package io.kintsugi.core.store.memory;

import io.kintsugi.core.model.GoldenState;
import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Merges;
import io.kintsugi.core.store.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

final class MemoryMerges implements Merges {
    private static final Pages<MergeEvent> NEWEST_FIRST = Pages.newestFirst(MergeEvent::at, MergeEvent::id);
    private static final Pages<Former> NEWEST_FORMER_FIRST = Pages.newestFirst(Former::mergedAt, Former::goldenId);

    private static final int DEEPEST = 50;

    private final Ledger ledger;
    private final MemoryGoldens goldens;
    private final Table<String, MergeEvent> rows;
    private final Index<String, String> ofGolden;
    private final Index<RecordKey, String> givers;

    MemoryMerges(Ledger ledger, MemoryRecords records, MemoryGoldens goldens) {
        this.ledger = ledger;
        this.goldens = goldens;
        rows = new Table<>(ledger);
        ofGolden = new Index<>(ledger);
        givers = new Index<>(ledger);
        records.tiedBy(record -> !givers.of(record).isEmpty());
    }

    @Override
    public void save(Collection<MergeEvent> events) {
        ledger.requireWriting();
        events.forEach(this::save);
    }

    private void save(MergeEvent event) {
        var before = rows.put(event.id(), event);
        if (before != null) {
            ofGolden.remove(before.survivor(), event.id());
            before.absorbed().forEach(id -> ofGolden.remove(id, event.id()));
        }
        goldens.require(event.survivor(), "a merge event");
        ofGolden.add(event.survivor(), event.id());
        for (var id : event.absorbed()) {
            goldens.require(id, "a merge event");
            ofGolden.add(id, event.id());
        }
        for (var move : event.moved()) givers.add(move.record(), move.from());
    }

    @Override
    public Optional<MergeEvent> find(String id) {
        return Optional.ofNullable(rows.get(id));
    }

    @Override
    public List<MergeEvent> ofGolden(String goldenId) {
        return rows.find(ofGolden.of(goldenId)).values().stream()
                .sorted(NEWEST_FIRST.order())
                .toList();
    }

    @Override
    public List<Former> formerGoldens(Collection<RecordKey> records) {
        var ids = new TreeSet<String>();
        for (var record : records) ids.addAll(givers.of(record));
        var found = new ArrayList<Former>();
        for (var id : ids) {
            if (goldens.require(id, "a merge event").state() != GoldenState.RETIRED) continue;
            var given = new TreeSet<RecordKey>();
            Instant newest = null;
            for (var event : ofGolden(id)) {
                for (var move : event.moved()) {
                    if (!move.from().equals(id)) continue;
                    given.add(move.record());
                    if (newest == null) newest = event.at();
                }
            }
            found.add(new Former(id, given, newest));
        }
        found.sort(NEWEST_FORMER_FIRST.order());
        return found;
    }

    @Override
    public List<MergeEvent> thatMoved(RecordKey record) {
        return rows.all().values().stream()
                .filter(event -> event.undoneAt() == null)
                .filter(event ->
                        event.moved().stream().anyMatch(move -> move.record().equals(record)))
                .sorted(NEWEST_FIRST.order().reversed())
                .toList();
    }

    @Override
    public List<MergeEvent> lineage(String goldenId) {
        var found = new TreeMap<String, MergeEvent>();
        var from = new TreeSet<>(List.of(goldenId));
        for (int step = 0; step < DEEPEST && !from.isEmpty(); step++) {
            var next = new TreeSet<String>();
            for (var id : from) {
                for (var event : ofGolden(id)) {
                    if (event.undoneAt() != null || !event.survivor().equals(id)) continue;
                    found.put(event.id(), event);
                    next.addAll(event.absorbed());
                }
            }
            from = next;
        }
        return found.values().stream().sorted(NEWEST_FIRST.order()).toList();
    }

    @Override
    public Page<MergeEvent> list(String cursor, int limit) {
        return NEWEST_FIRST.cut(rows.all().values(), cursor, limit);
    }

    @Override
    public Page<MergeEvent> listOldestFirst(String cursor, int limit) {
        return NEWEST_FIRST.turned().cut(rows.all().values(), cursor, limit);
    }

    /** Forgets every event that names one of the goldens or records; how many there were. */
    long remove(Set<String> ids, Set<RecordKey> records) {
        var gone = rows.all().values().stream()
                .filter(event -> ids.contains(event.survivor())
                        || event.absorbed().stream().anyMatch(ids::contains)
                        || event.moved().stream()
                                .anyMatch(move -> ids.contains(move.from()) || records.contains(move.record())))
                .toList();
        for (var event : gone) {
            rows.remove(event.id());
            ofGolden.remove(event.survivor(), event.id());
            event.absorbed().forEach(id -> ofGolden.remove(id, event.id()));
        }
        for (var event : gone) {
            for (var move : event.moved()) {
                boolean still = rows.all().values().stream()
                        .anyMatch(other -> other.moved().contains(move));
                if (!still) givers.remove(move.record(), move.from());
            }
        }
        return gone.size();
    }

    @Override
    public String toString() {
        return "merges " + rows + ofGolden + givers;
    }
}
