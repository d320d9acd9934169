package io.kintsugi.server.engine.shared;

import com.fasterxml.jackson.core.type.TypeReference;
import io.kintsugi.core.store.HubTransaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which runs keep the values that they found: the last ones, because those are values of customers. Stateless.
 *
 * @param name takes the place of a system in the checkpoint
 * @param most how many
 */
public record LastRuns(String name, int most) {
    /** The last one last; empty if nothing was ever saved. */
    public Optional<List<String>> find(HubTransaction tx, String of) {
        return tx.journal()
                .checkpoint(name, of)
                .map(text -> StoredJson.read(text, new TypeReference<List<String>>() {}, name));
    }

    /**
     * Keeps the last ones of these runs.
     *
     * @param runs the last one last
     * @return those that are too many, of which what they found is to be dropped
     */
    public List<String> save(HubTransaction tx, String of, List<String> runs, Instant now) {
        int from = Math.max(0, runs.size() - most);
        tx.journal().saveCheckpoint(name, of, StoredJson.write(new ArrayList<>(runs.subList(from, runs.size()))), now);
        return runs.subList(0, from);
    }
}
