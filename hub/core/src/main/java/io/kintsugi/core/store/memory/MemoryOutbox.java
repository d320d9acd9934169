package io.kintsugi.core.store.memory;

import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Outbox;
import io.kintsugi.core.store.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;

final class MemoryOutbox implements Outbox {
    private static final Pages<OutboundChange> NEWEST_FIRST =
            Pages.newestFirst(OutboundChange::markedAt, OutboundChange::key);
    private static final Pages<OutboundChange> FIRST_SENT_FIRST = Pages.newestFirst(
                    (OutboundChange change) -> change.intent().sentAt(), OutboundChange::key)
            .turned();
    private static final Comparator<Count> COUNT_ORDER =
            Comparator.comparing(Count::system).thenComparing(Count::state);

    /** Place of a change in the queue of its system. */
    private record Turn(Instant at, String key) implements Comparable<Turn> {
        private static final Comparator<Turn> ORDER =
                Comparator.comparing(Turn::at).thenComparing(Turn::key);

        static Turn of(OutboundChange change) {
            return new Turn(change.attentionAt(), change.key());
        }

        @Override
        public int compareTo(Turn other) {
            return ORDER.compare(this, other);
        }
    }

    private final Ledger ledger;
    private final Table<String, OutboundChange> rows;
    private final Index<String, String> ofGolden;
    /** Changes that time alone can make due, by system. */
    private final Index<String, Turn> queues;
    /** Keys of changes with an open intent, by system. */
    private final Index<String, String> open;

    private final Predicate<String> inQuestion;

    /** @param inQuestion whether an open review about goldens names a record of a golden */
    MemoryOutbox(Ledger ledger, Predicate<String> inQuestion) {
        this.inQuestion = inQuestion;
        this.ledger = ledger;
        rows = new Table<>(ledger);
        ofGolden = new Index<>(ledger);
        queues = new Index<>(ledger);
        open = new Index<>(ledger);
    }

    @Override
    public void mark(Collection<Marker> markers) {
        ledger.requireWriting();
        for (var marker : markers) put(marked(rows.get(marker.key()), marker));
    }

    private static OutboundChange marked(OutboundChange c, Marker m) {
        if (c == null) {
            return new OutboundChange(
                    m.key(),
                    m.goldenId(),
                    m.system(),
                    m.entityType(),
                    m.target(),
                    OutboundState.DUE,
                    false,
                    m.at(),
                    m.at(),
                    0,
                    null,
                    null,
                    null,
                    m.at(),
                    m.cause());
        }
        boolean waits = c.state() == OutboundState.DUE;
        boolean awaited = c.open();
        var cause = waits || awaited ? c.cause().or(m.cause()) : m.cause();
        boolean same = c.goldenId().equals(m.goldenId()) && cause == c.cause();
        if ((waits || (awaited && c.dirty())) && same) return c;
        return new OutboundChange(
                c.key(),
                m.goldenId(),
                c.system(),
                c.entityType(),
                awaited || waits ? c.target() : m.target(),
                awaited ? c.state() : OutboundState.DUE,
                awaited || (waits && c.dirty()),
                waits || awaited ? c.markedAt() : m.at(),
                waits || awaited ? c.dueAt() : m.at(),
                waits || awaited ? c.attempts() : 0,
                awaited ? c.leaseUntil() : null,
                c.intent(),
                c.problem(),
                m.at(),
                cause);
    }

    private void put(OutboundChange change) {
        var before = rows.put(change.key(), change);
        if (before != null) {
            ofGolden.remove(before.goldenId(), before.key());
            if (before.attentionAt() != null) queues.remove(before.system(), Turn.of(before));
            open.remove(before.system(), before.key());
        }
        ofGolden.add(change.goldenId(), change.key());
        if (change.attentionAt() != null) queues.add(change.system(), Turn.of(change));
        if (change.open()) open.add(change.system(), change.key());
    }

    @Override
    public List<OutboundChange> due(String system, Instant now, boolean creates, int limit) {
        return due(system, change -> true, now, creates, limit);
    }

    @Override
    public List<OutboundChange> due(String system, Cause cause, Instant now, boolean creates, int limit) {
        return due(system, change -> change.cause() == cause, now, creates, limit);
    }

    private List<OutboundChange> due(
            String system, Predicate<OutboundChange> wanted, Instant now, boolean creates, int limit) {
        ledger.requireWriting();
        return queues.of(system).stream()
                .takeWhile(turn -> !turn.at().isAfter(now))
                .map(turn -> rows.get(turn.key()))
                .filter(wanted)
                .filter(change -> creates || change.open() || change.target() != null)
                .limit(limit)
                .toList();
    }

    @Override
    public Map<String, OutboundChange> lock(SortedSet<String> keys) {
        ledger.requireWriting();
        return rows.find(keys);
    }

    @Override
    public void save(Collection<OutboundChange> changes) {
        ledger.requireWriting();
        changes.forEach(this::put);
    }

    @Override
    public List<OutboundChange> openFor(Collection<RecordKey> targets) {
        var asked = new HashSet<>(targets);
        var systems =
                targets.stream().map(RecordKey::system).distinct().sorted().toList();
        var found = new ArrayList<OutboundChange>();
        for (var system : systems) {
            for (var key : open.of(system)) {
                var change = rows.get(key);
                boolean joins = change.intent() != null
                        && change.intent().into() != null
                        && asked.contains(change.intent().into());
                if (change.target() == null || asked.contains(change.target()) || joins) found.add(change);
            }
        }
        return found;
    }

    @Override
    public List<OutboundChange> openCreates(String system) {
        return rows.find(open.of(system)).values().stream()
                .filter(change -> change.target() == null)
                .toList();
    }

    @Override
    public Map<String, OutboundChange> find(Collection<String> keys) {
        return rows.find(keys);
    }

    @Override
    public List<OutboundChange> ofGolden(String goldenId) {
        return rows.find(ofGolden.of(goldenId)).values().stream()
                .sorted(NEWEST_FIRST.order())
                .toList();
    }

    @Override
    public Page<OutboundChange> list(String system, OutboundState state, String cursor, int limit) {
        return NEWEST_FIRST.cut(of(system, state), cursor, limit);
    }

    @Override
    public Page<OutboundChange> listOldestFirst(String system, OutboundState state, String cursor, int limit) {
        return NEWEST_FIRST.turned().cut(of(system, state), cursor, limit);
    }

    private List<OutboundChange> of(String system, OutboundState state) {
        return rows.all().values().stream()
                .filter(change -> (system == null || system.equals(change.system()))
                        && (state == null || state == change.state()))
                .toList();
    }

    @Override
    public List<Count> counts() {
        var counts = new TreeMap<Count, Long>(COUNT_ORDER);
        for (var change : rows.all().values()) {
            counts.merge(new Count(change.system(), change.state(), 0), 1L, Long::sum);
        }
        var list = new ArrayList<Count>();
        counts.forEach((count, n) -> list.add(new Count(count.system(), count.state(), n)));
        return list;
    }

    @Override
    public List<Overdue> overdue(Instant sentBefore) {
        return open.keys().stream()
                .flatMap(system -> overdue(system, sentBefore).stream()
                        .map(change -> change.intent().sentAt())
                        .min(Comparator.naturalOrder())
                        .map(oldest ->
                                new Overdue(system, overdue(system, sentBefore).size(), oldest))
                        .stream())
                .toList();
    }

    @Override
    public Page<OutboundChange> listOverdue(String system, Instant sentBefore, String cursor, int limit) {
        var systems = system == null ? open.keys() : List.of(system);
        return FIRST_SENT_FIRST.cut(
                systems.stream()
                        .flatMap(each -> overdue(each, sentBefore).stream())
                        .toList(),
                cursor,
                limit);
    }

    private List<OutboundChange> overdue(String system, Instant sentBefore) {
        return rows.find(open.of(system)).values().stream()
                .filter(change -> change.intent().sentAt().isBefore(sentBefore))
                .toList();
    }

    @Override
    public long dueCreates(String system) {
        return of(system, OutboundState.DUE).stream()
                .filter(change -> change.target() == null)
                .count();
    }

    @Override
    public long dueCreatesInQuestion(String system) {
        return of(system, OutboundState.DUE).stream()
                .filter(change -> change.target() == null && inQuestion.test(change.goldenId()))
                .count();
    }

    @Override
    public Map<Cause, Long> waiting(String system) {
        var waiting = new EnumMap<Cause, Long>(Cause.class);
        for (var change : rows.all().values()) {
            boolean waits = change.state() == OutboundState.DUE || change.open();
            if (waits && change.system().equals(system)) waiting.merge(change.cause(), 1L, Long::sum);
        }
        return waiting;
    }

    @Override
    public Optional<Instant> nextDue(String system) {
        return queues.of(system).stream().map(Turn::at).findFirst();
    }

    /** Forgets changes; how many there were. */
    long remove(Predicate<OutboundChange> gone) {
        var found = rows.all().values().stream().filter(gone).toList();
        for (var change : found) {
            rows.remove(change.key());
            ofGolden.remove(change.goldenId(), change.key());
            if (change.attentionAt() != null) queues.remove(change.system(), Turn.of(change));
            open.remove(change.system(), change.key());
        }
        return found.size();
    }

    @Override
    public String toString() {
        return "outbox " + rows + ofGolden + queues + open;
    }
}
