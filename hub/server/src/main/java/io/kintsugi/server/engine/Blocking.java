package io.kintsugi.server.engine;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Blocks;
import io.kintsugi.core.store.HubTransaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Steps 4 to 6: claims the block keys of a batch and finds the pairs worth deciding. Used once. */
final class Blocking {
    private final HubTransaction tx;
    private final LiveModel.Rules rules;
    private final Profiles profiles;
    private final Map<RecordKey, SortedSet<String>> keys = new TreeMap<>();

    Blocking(HubTransaction tx, LiveModel.Rules rules, Profiles profiles) {
        this.tx = tx;
        this.rules = rules;
        this.profiles = profiles;
    }

    /** A pair that scored high enough for a link when it was read; {@code recordA} and {@code recordB} are what was read then. */
    record Pair(RecordKey a, RecordKey b, String key, double score, SourceRecord recordA, SourceRecord recordB) {}

    /** Block keys of each dirty record; empty for one that has none or is deleted. */
    Map<RecordKey, SortedSet<String>> keys() {
        return keys;
    }

    List<Pair> pairs(Map<RecordKey, SourceRecord> records, SortedSet<RecordKey> dirty) {
        var all = new TreeSet<String>();
        for (var key : dirty) {
            var record = records.get(key);
            var own = record.state() == RecordState.DELETED
                    ? new TreeSet<String>()
                    : rules.matcher().blockKeys(profiles.of(record));
            keys.put(key, own);
            all.addAll(own);
        }
        var claimed = tx.blocks().claim(all);
        tx.blocks().assign(keys);
        stopGenericKeys(claimed, dirty);
        return score(tx.blocks().candidates(keyed()), records);
    }

    private List<RecordKey> keyed() {
        return keys.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * A key held by too many records stops blocking. Its earlier holders are resolved again, because a pair that only this key
     * brought together would otherwise stay linked or not depending on who came first (ID-2).
     */
    private void stopGenericKeys(Map<String, Blocks.BlockKey> claimed, SortedSet<RecordKey> dirty) {
        int limit = rules.matching().maxBlock();
        var added = new HashMap<String, Integer>();
        keys.values().forEach(own -> own.forEach(key -> added.merge(key, 1, Integer::sum)));
        var suspects = new TreeSet<String>();
        claimed.forEach((value, key) -> {
            if (!key.generic() && key.records() + added.getOrDefault(value, 0) > limit) suspects.add(value);
        });
        if (suspects.isEmpty()) return;
        var generic = new ArrayList<String>();
        tx.blocks().claim(suspects).forEach((value, key) -> { // exact sizes, now that the batch is in
            if (key.records() > limit) generic.add(value);
        });
        for (var key : generic) {
            var holders = new ArrayList<>(tx.blocks().holders(key, limit + dirty.size()));
            holders.removeAll(dirty);
            tx.records().markPending(holders);
        }
        tx.blocks().markGeneric(generic);
    }

    private List<Pair> score(Collection<Blocks.Candidate> candidates, Map<RecordKey, SourceRecord> records) {
        var others = new HashSet<RecordKey>();
        for (var candidate : candidates) if (!records.containsKey(candidate.other())) others.add(candidate.other());
        var read = tx.records().find(others);
        var pairs = new LinkedHashMap<List<RecordKey>, Pair>();
        for (var candidate : candidates) {
            boolean ordered = candidate.record().compareTo(candidate.other()) < 0;
            var a = ordered ? candidate.record() : candidate.other();
            var b = ordered ? candidate.other() : candidate.record();
            var id = List.of(a, b);
            if (pairs.containsKey(id)) continue;
            var recordA = records.getOrDefault(a, read.get(a));
            var recordB = records.getOrDefault(b, read.get(b));
            if (recordA == null || recordB == null) continue;
            double score = rules.matcher().score(profiles.of(recordA), profiles.of(recordB));
            if (score >= rules.matching().reviewBits()) {
                pairs.put(id, new Pair(a, b, candidate.key(), score, recordA, recordB));
            }
        }
        return List.copyOf(pairs.values());
    }
}
