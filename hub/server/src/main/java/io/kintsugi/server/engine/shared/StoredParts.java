package io.kintsugi.server.engine.shared;

import com.fasterxml.jackson.core.type.TypeReference;
import io.kintsugi.core.store.HubTransaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Long lists that the journal keeps beside runs, in parts counted from 0, so that none has to be in memory whole. What is dropped
 * leaves empty parts. Stateless.
 *
 * @param name takes the place of a system in the checkpoint
 */
public record StoredParts<T>(String name, TypeReference<List<T>> type) {
    /** So many items are a part. */
    public static final int SIZE = 100;

    private static final String NONE = "[]";

    /** One part of the list of a run; empty if it was never saved. */
    public Optional<List<T>> find(HubTransaction tx, String runId, int part) {
        return tx.journal().checkpoint(name, key(runId, part)).map(text -> StoredJson.read(text, type, name));
    }

    /** Keeps a part in the place of what it was before. Without gaps: the first that is not there ends the list. */
    public void save(HubTransaction tx, String runId, int part, List<T> items, Instant now) {
        tx.journal().saveCheckpoint(name, key(runId, part), StoredJson.write(items), now);
    }

    /** Empties the parts from one on. */
    public void drop(HubTransaction tx, String runId, int from, Instant now) {
        for (int part = from; ; part++) {
            var text = tx.journal().checkpoint(name, key(runId, part));
            if (text.isEmpty()) return;
            if (!text.get().equals(NONE)) tx.journal().saveCheckpoint(name, key(runId, part), NONE, now);
        }
    }

    /** Takes items out of all parts of a run. */
    public void forget(HubTransaction tx, String runId, Predicate<T> gone, Instant now) {
        for (int part = 0; ; part++) {
            var items = find(tx, runId, part);
            if (items.isEmpty()) return;
            var kept = items.get().stream().filter(gone.negate()).toList();
            if (kept.size() < items.get().size()) save(tx, runId, part, kept, now);
        }
    }

    private static String key(String runId, int part) {
        return runId + "/" + part;
    }
}
