package io.kintsugi.core.store;

import io.kintsugi.core.model.OutboundChange;
import io.kintsugi.core.model.OutboundChange.Cause;
import io.kintsugi.core.model.OutboundChange.OutboundState;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;

/** What must be written to systems. */
public interface Outbox {
    /**
     * Says that something must go. A new key is due at the instant of the mark. A key that is settled, parked or held becomes due at
     * that instant, with the target of the mark and all its attempts, and keeps its intent and problem; one that is due keeps its place, its attempts and its
     * {@code dueAt}, so a mark never cuts a wait short; one with an open intent is marked dirty and stays open. One that is due or open keeps the more urgent of its cause and that of the mark; one that rested takes the latter. In every case the change is from then on for
     * the golden of the mark, because a record may have moved. Marking twice is the same as once. Goldens and records need not
     * exist.
     */
    void mark(Collection<Marker> markers);

    /**
     * Locks and returns changes of one system whose {@link OutboundChange#attentionAt()} has come, the earliest first.
     *
     * @param now instants up to and including this one have come
     * @param creates false leaves out creates that wait to be sent, so that they do not stand before everything else
     */
    List<OutboundChange> due(String system, Instant now, boolean creates, int limit);

    /** Like {@link #due(String, Instant, boolean, int)}, of one cause only. */
    List<OutboundChange> due(String system, Cause cause, Instant now, boolean creates, int limit);

    /** Reads the changes that exist and locks them until the transaction ends. */
    Map<String, OutboundChange> lock(SortedSet<String> keys);

    /** Stores changes whole, new or not. Goldens and records need not exist. */
    void save(Collection<OutboundChange> changes);

    /**
     * Changes with an open intent on one of the records, or of a merge into one, and open creates (no target yet) of their systems; in
     * no order.
     */
    List<OutboundChange> openFor(Collection<RecordKey> targets);

    /** Creates of one system with an open intent; in no order. */
    List<OutboundChange> openCreates(String system);

    Map<String, OutboundChange> find(Collection<String> keys);

    /** Changes of one golden, newest mark first. */
    List<OutboundChange> ofGolden(String goldenId);

    /** One page, newest mark first; null filters for all. */
    Page<OutboundChange> list(String system, OutboundState state, String cursor, int limit);

    /** Like {@link #list}, the other way round. */
    Page<OutboundChange> listOldestFirst(String system, OutboundState state, String cursor, int limit);

    /** By system and state, sorted so; no entry for none. */
    List<Count> counts();

    /**
     * Changes with an open intent that was sent before an instant, by system, sorted so; no entry for none. Costs by what is open.
     */
    List<Overdue> overdue(Instant sentBefore);

    /** One page of those, first sent first; null for all systems. */
    Page<OutboundChange> listOverdue(String system, Instant sentBefore, String cursor, int limit);

    /** Number of creates of a system that are due, now or later. */
    long dueCreates(String system);

    /** How many of them are for a golden with a record that an open review about goldens names. Costs by the open reviews. */
    long dueCreatesInQuestion(String system);

    /** What is due in a system, now or later, or under way, by cause; no entry for none. */
    Map<Cause, Long> waiting(String system);

    /** Earliest instant at which {@link #due} returns a change of the system, as things are; empty if none will be. */
    Optional<Instant> nextDue(String system);

    /** @param target null for a create */
    record Marker(String goldenId, String system, String entityType, RecordKey target, Instant at, Cause cause) {
        /** Of an edit. */
        public Marker(String goldenId, String system, String entityType, RecordKey target, Instant at) {
            this(goldenId, system, entityType, target, at, Cause.EDIT);
        }

        public String key() {
            return target == null
                    ? OutboundChange.createKey(goldenId, system, entityType)
                    : OutboundChange.updateKey(target);
        }
    }

    record Count(String system, OutboundState state, long changes) {}

    /**
     * How many writes to a system have no known outcome for too long.
     *
     * @param oldestSentAt when the first of them was sent
     */
    record Overdue(String system, long changes, Instant oldestSentAt) {}
}
