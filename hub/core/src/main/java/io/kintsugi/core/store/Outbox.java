package io.kintsugi.core.store;

import io.kintsugi.core.model.OutboundChange;
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
     * Says that something must go. A key that is settled, parked or held becomes due; one that is due stays as it is; one with an
     * open intent is marked dirty. Marking twice is the same as once.
     */
    void mark(Collection<Marker> markers);

    /**
     * Locks and returns changes of one system that are due, or whose sender went silent, oldest mark first.
     *
     * @param now changes are due up to this instant; leases that ended before it are given up
     */
    List<OutboundChange> due(String system, Instant now, int limit);

    /** Reads changes and locks them until the transaction ends. */
    Map<String, OutboundChange> lock(SortedSet<String> keys);

    /** Stores changes whole, new or not. */
    void save(Collection<OutboundChange> changes);

    /** Changes with an open intent on one of the records, and open creates of their systems. */
    List<OutboundChange> openFor(Collection<RecordKey> targets);

    Map<String, OutboundChange> find(Collection<String> keys);

    /** Changes of one golden, newest first. */
    List<OutboundChange> ofGolden(String goldenId);

    /** One page, newest first; null filters for all. */
    Page<OutboundChange> list(String system, OutboundState state, String cursor, int limit);

    /** By system and state. */
    List<Count> counts();

    /** Earliest instant at which a change of the system becomes due, or a lease ends. */
    Optional<Instant> nextDue(String system);

    /** @param target null for a create */
    record Marker(String goldenId, String system, String entityType, RecordKey target, Instant at) {
        public String key() {
            return target == null
                    ? OutboundChange.createKey(goldenId, system, entityType)
                    : OutboundChange.updateKey(target);
        }
    }

    record Count(String system, OutboundState state, long changes) {}
}
