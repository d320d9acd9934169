package io.kintsugi.server.engine.explain;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.store.Blocks.BlockKey;
import io.kintsugi.core.store.HubStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which merges a value had a part in that so many records hold that it stopped bringing them together (ID-10): those that came apart,
 * and those that other evidence still holds together. Reads only; thread-safe.
 */
public final class GenericKeys {
    private static final int MOST_RECORDS = 500;
    private final HubStore store;

    public GenericKeys(HubStore store) {
        this.store = store;
    }

    /**
     * @param records how many hold the key; the first 500 by key are looked at
     * @param apart by record
     * @param together goldens with several records that hold it, by id
     */
    public record Affected(String value, long records, boolean generic, List<Apart> apart, List<Together> together) {}

    /** A record that left a golden for another one, by no merge. */
    public record Apart(RecordKey record, String from, String golden, Instant at) {}

    /** Records that hold the key and are one. */
    public record Together(String golden, String label, List<RecordKey> records) {}

    /** Empty for a key that is not known. */
    public Optional<Affected> of(String value) {
        return store.read(tx -> {
            BlockKey key = tx.blocks().find(List.of(value)).get(value);
            if (key == null) return Optional.empty();
            var holders = tx.blocks().holders(value, MOST_RECORDS);
            var goldenOf = tx.goldens().goldenOf(holders);
            var byGolden = new TreeMap<String, List<RecordKey>>();
            var apart = new ArrayList<Apart>();
            var past = new Past(tx, Instant.MAX);
            for (var record : holders) {
                var golden = goldenOf.get(record);
                if (golden == null) continue;
                byGolden.computeIfAbsent(golden, g -> new ArrayList<>()).add(record);
                past.split(record, golden)
                        .ifPresent(move -> apart.add(new Apart(record, move.from(), golden, move.at())));
            }
            byGolden.values().removeIf(records -> records.size() < 2);
            var goldens = tx.goldens().find(new TreeSet<>(byGolden.keySet()));
            var together = new ArrayList<Together>();
            byGolden.forEach((id, records) ->
                    together.add(new Together(id, goldens.get(id).label(), List.copyOf(records))));
            return Optional.of(new Affected(value, key.records(), key.generic(), apart, together));
        });
    }
}
