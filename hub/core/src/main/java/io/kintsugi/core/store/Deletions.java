package io.kintsugi.core.store;

import io.kintsugi.core.model.Deletion;
import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.model.Deletion.StepState;
import io.kintsugi.core.model.RecordKey;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/** What became of deleted records. */
public interface Deletions {
    /** Stores deletions whole, new or not. Goldens and records need not exist. */
    void save(Collection<Deletion> deletions);

    Map<String, Deletion> find(Collection<String> ids);

    /** Reads the deletions that exist and locks them until the transaction ends. */
    Map<String, Deletion> lock(SortedSet<String> ids);

    /** Deletions that are SEEN or OPEN and have one of the records as origin or as target of a step; each once, by id. */
    List<Deletion> openOf(Collection<RecordKey> records);

    /** Deletions that are SEEN or OPEN and were resolved as parts of one of the goldens; each once, by id. */
    List<Deletion> openOfGoldens(Collection<String> goldenIds);

    /** Deletions that were resolved as part of the golden, newest first. */
    List<Deletion> ofGolden(String goldenId);

    /** Ids of deletions with a step whose time has come, the earliest first. */
    List<String> due(Instant now, int limit);

    /** Number of deletions with a step that would delete in the system and is held, or waits and its time has come. */
    long waiting(String system, String entityType, Instant now);

    /** Number of deletions that were sent to the system at or after an instant without a person's approval. */
    long sent(String system, String entityType, Instant since);

    /** One page, newest first. */
    Page<Deletion> list(Filter filter, String cursor, int limit);

    /** Like {@link #list}, the other way round. */
    Page<Deletion> listOldestFirst(Filter filter, String cursor, int limit);

    /**
     * @param from system that deleted; null for all
     * @param to system of a step; null for all
     * @param state null for all
     * @param step deletions that have a step in this state, of {@code to} if that is given; null for all
     */
    record Filter(String entityType, String from, String to, DeletionState state, StepState step) {
        public static final Filter ALL = new Filter(null, null, null, null, null);

        /** Whether the list shows a deletion. */
        public boolean shows(Deletion deletion) {
            boolean steps = to == null && step == null
                    || deletion.steps().stream()
                            .anyMatch(one ->
                                    (to == null || one.system().equals(to)) && (step == null || one.state() == step));
            return steps
                    && (entityType == null || entityType.equals(deletion.entityType()))
                    && (from == null || from.equals(deletion.from()))
                    && (state == null || state == deletion.state());
        }
    }
}
