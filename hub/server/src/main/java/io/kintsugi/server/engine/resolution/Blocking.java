package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.Blocks.BlockKey;
import io.kintsugi.core.store.Blocks.Holder;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.shared.LiveModel;
import io.kintsugi.server.engine.shared.Memory;
import io.kintsugi.server.engine.shared.Profiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Steps 4 to 6: claims the block keys of a batch and finds the pairs worth deciding. Used once. */
final class Blocking {
    private final HubTransaction tx;
    private final LiveModel.Rules rules;
    private final Profiles profiles;
    private final Memory memory;
    private final Map<RecordKey, SortedSet<String>> keys = new TreeMap<>();
    /** Keys that too many records hold from now on, with all that held them before. */
    private final Map<String, Set<RecordKey>> stopped = new TreeMap<>();

    Blocking(HubTransaction tx, LiveModel.Rules rules, Profiles profiles, Memory memory) {
        this.tx = tx;
        this.rules = rules;
        this.profiles = profiles;
        this.memory = memory;
    }

    /** A pair that scored high enough for a link when it was read; {@code formA} and {@code formB} are what was read then. */
    record Pair(RecordKey a, RecordKey b, String key, double score, Profile formA, Profile formB) {}

    /** Two records that share a key, the smaller first. */
    private record Two(RecordKey a, RecordKey b) {
        static Two of(RecordKey x, RecordKey y) {
            return x.compareTo(y) < 0 ? new Two(x, y) : new Two(y, x);
        }
    }

    /** Block keys of each dirty record; empty for one that has none or is deleted. */
    Map<RecordKey, SortedSet<String>> keys() {
        return keys;
    }

    /** Claims the keys of the dirty records and finds who shares one, over keys that are not generic. */
    List<Pair> pairs(Map<RecordKey, SourceRecord> records, SortedSet<RecordKey> dirty) {
        var owners = new TreeMap<String, Set<RecordKey>>();
        for (var key : dirty) {
            var record = records.get(key);
            var own = !record.state().resolves()
                    ? new TreeSet<String>()
                    : rules.matcher().blockKeys(profiles.of(record));
            keys.put(key, own);
            own.forEach(
                    value -> owners.computeIfAbsent(value, v -> new TreeSet<>()).add(key));
        }
        owners.keySet().removeIf(memory.generic()::contains); // they never block again, so nobody has to wait for them
        var claimed = tx.blocks()
                .claim(new TreeSet<>(owners.keySet()), rules.matching().maxBlock());
        var others = new HashMap<RecordKey, Holder>();
        var shared = new LinkedHashMap<Two, String>(); // by the smallest key they share
        owners.forEach((value, own) -> {
            var block = claimed.get(value);
            if (block.generic()) memory.generic().add(value);
            else if (!tooMany(block, own)) meet(block, own, others, shared);
        });
        return score(shared, records, forms(others));
    }

    /** A key that the batch would give to too many stops, whatever the order in which they came (ID-2). */
    private boolean tooMany(BlockKey block, Set<RecordKey> own) {
        var all = new HashSet<>(own);
        for (var holder : block.holders()) {
            if (!keys.containsKey(holder.record()))
                all.add(holder.record()); // the others hold it only if it is still theirs
        }
        int limit = rules.matcher().holdersOf(block.value());
        if (all.size() <= limit && block.records() <= limit) return false;
        var before = new TreeSet<RecordKey>();
        block.holders().forEach(holder -> before.add(holder.record()));
        stopped.put(block.value(), before);
        return true;
    }

    private void meet(BlockKey block, Set<RecordKey> own, Map<RecordKey, Holder> others, Map<Two, String> shared) {
        var mine = List.copyOf(own);
        for (int i = 0; i < mine.size(); i++) {
            for (int j = i + 1; j < mine.size(); j++) {
                shared.putIfAbsent(Two.of(mine.get(i), mine.get(j)), block.value());
            }
        }
        for (var holder : block.holders()) {
            if (!holder.state().resolves() || keys.containsKey(holder.record())) continue;
            others.put(holder.record(), holder);
            for (var record : mine) shared.putIfAbsent(Two.of(record, holder.record()), block.value());
        }
    }

    /** Standard forms of records outside the batch; those seen lately are not read again. */
    private Map<RecordKey, Profile> forms(Map<RecordKey, Holder> others) {
        var forms = new HashMap<RecordKey, Profile>();
        var unknown = new ArrayList<RecordKey>();
        others.forEach((key, holder) -> {
            var form = memory.profiles().find(rules.matcher(), key, holder.hash());
            if (form == null) unknown.add(key);
            else forms.put(key, form);
        });
        tx.records().find(unknown).forEach((key, record) -> forms.put(key, profiles.of(record)));
        return forms;
    }

    private List<Pair> score(
            Map<Two, String> shared, Map<RecordKey, SourceRecord> records, Map<RecordKey, Profile> forms) {
        records.forEach((key, record) -> forms.put(key, profiles.of(record)));
        var pairs = new ArrayList<Pair>();
        shared.forEach((two, key) -> {
            var a = forms.get(two.a());
            var b = forms.get(two.b());
            if (a == null || b == null) return;
            double score = rules.matcher().score(a, b);
            if (score >= rules.matching().reviewBits()) pairs.add(new Pair(two.a(), two.b(), key, score, a, b));
        });
        return pairs;
    }

    /**
     * Records that held a key which stops blocking. They are resolved again, because a pair that only this key brought together
     * would otherwise stay linked or not depending on who came first (ID-2).
     */
    SortedSet<RecordKey> released() {
        var released = new TreeSet<RecordKey>();
        stopped.forEach((key, holders) ->
                released.addAll(holders.isEmpty() ? tx.blocks().holders(key, Integer.MAX_VALUE) : holders));
        released.removeAll(keys.keySet());
        return released;
    }

    /** Gives the dirty records their keys. The records are locked by now, those {@link #released} too. */
    void assign(SortedSet<RecordKey> dirty, SortedSet<RecordKey> released) {
        keys.keySet().retainAll(dirty);
        tx.blocks().assign(keys);
        tx.records().markPending(released);
        tx.blocks().markGeneric(stopped.keySet());
    }
}
