package io.kintsugi.core.store;

import io.kintsugi.core.model.MergeEvent;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Merge events: lineage between goldens. */
public interface Merges {
    /** Stores events whole, new or not. Their goldens and records exist. */
    void save(Collection<MergeEvent> events);

    Optional<MergeEvent> find(String id);

    /** Events in which a golden survived or was absorbed, newest first. */
    List<MergeEvent> ofGolden(String goldenId);

    /**
     * Goldens, retired now, that gave away one of these records in a merge, standing or undone; each once, with all records it gave
     * away in any of them and the instant of the newest, newest first. A part that is split off takes its former id back from here.
     */
    List<Former> formerGoldens(Collection<RecordKey> records);

    /** Standing events that moved a record, oldest first: the way it came to the golden it is in now. */
    List<MergeEvent> thatMoved(RecordKey record);

    /**
     * Standing events that made a golden what it is, those that made the goldens it absorbed included, newest first. Absorptions one
     * in the other are followed 50 deep.
     */
    List<MergeEvent> lineage(String goldenId);

    /** One page of events, newest first. */
    Page<MergeEvent> list(String cursor, int limit);

    /** Like {@link #list}, the other way round. */
    Page<MergeEvent> listOldestFirst(String cursor, int limit);

    record Former(String goldenId, Set<RecordKey> records, Instant mergedAt) {
        public Former {
            records = Set.copyOf(records);
        }
    }
}
