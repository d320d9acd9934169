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
import java.util.Collection;
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
    /** Keys that have or may get too many holders: these are counted once it is sure which records are in the batch. */
    private final Map<String, Crowd> crowds = new TreeMap<>();

    Blocking(HubTransaction tx, LiveModel.Rules rules, Profiles profiles, Memory memory) {
        this.tx = tx;
        this.rules = rules;
        this.profiles = profiles;
        this.memory = memory;
    }

    /**
     * A key and what the batch has to do with it.
     *
     * @param used whether the batch was compared with who holds it
     * @param own records of the batch that are to hold it
     * @param lost how many records of the batch hold it and are to hold it no more
     */
    private record Crowd(BlockKey block, boolean used, Set<RecordKey> own, int lost) {
        /** Whether it can turn out to be generic, or not any more, against what it was. */
        boolean mayTurn(int limit) {
            return !block.generic() || block.records() - lost <= limit;
        }
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

    /**
     * Claims the keys that the dirty records get and those they had, and finds who shares one that is not generic.
     *
     * @param known those of the dirty records that may have keys
     */
    List<Pair> pairs(Map<RecordKey, SourceRecord> records, SortedSet<RecordKey> dirty, Collection<RecordKey> known) {
        var owners = new TreeMap<String, Set<RecordKey>>();
        for (var key : dirty) {
            var record = records.get(key);
            var own = !record.state().resolves()
                    ? new TreeSet<String>()
                    : rules.matcher().blockKeys(profiles.whole(record));
            keys.put(key, own);
            own.forEach(
                    value -> owners.computeIfAbsent(value, v -> new TreeSet<>()).add(key));
        }
        var lost = new TreeMap<String, Integer>();
        tx.blocks().of(known).forEach((key, had) -> {
            for (var value : had) if (!keys.get(key).contains(value)) lost.merge(value, 1, Integer::sum);
        });
        var claims = new TreeSet<>(owners.keySet());
        claims.addAll(lost.keySet());
        var claimed = tx.blocks().claim(claims, rules.matching().maxBlock());
        var others = new HashMap<RecordKey, Holder>();
        var shared = new LinkedHashMap<Two, String>(); // by the smallest key they share
        owners.forEach((value, own) -> {
            var block = claimed.get(value);
            boolean used = !memory.generic().contains(value) && brings(block, own, lost.getOrDefault(value, 0));
            profiles.standing(value, !used);
            if (used) meet(block, own, others, shared);
        });
        lost.forEach((value, count) -> {
            var block = claimed.get(value);
            if (block.generic()) crowds.putIfAbsent(value, new Crowd(block, false, Set.of(), count));
        });
        return score(shared, records, forms(others));
    }

    /** Whether a key brings records together: it must not be held by too many once the batch has it, whatever came first (ID-2). */
    private boolean brings(BlockKey block, Set<RecordKey> own, int lost) {
        int limit = rules.matcher().holdersOf(block.value());
        if (!block.generic() && block.records() + own.size() <= limit) return true;
        boolean used = !block.generic() && named(block);
        if (used) {
            var all = new HashSet<>(own);
            var stay = new HashSet<>(own); // of the batch only those that are to hold it
            for (var holder : block.holders()) {
                all.add(holder.record());
                if (!keys.containsKey(holder.record())) stay.add(holder.record());
            }
            if (all.size() <= limit) return true;
            used = stay.size() <= limit;
        }
        crowds.put(block.value(), new Crowd(block, used, own, lost));
        return used;
    }

    private static boolean named(BlockKey block) {
        return block.holders().size() == block.records();
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

    /** Standard forms, with all values, of records outside the batch; those seen lately are not read again. */
    private Map<RecordKey, Profile> forms(Map<RecordKey, Holder> others) {
        var forms = new HashMap<RecordKey, Profile>();
        var unknown = new ArrayList<RecordKey>();
        others.forEach((key, holder) -> {
            var form = memory.profiles().find(rules.matcher(), key, holder.hash());
            if (form == null) unknown.add(key);
            else forms.put(key, form);
        });
        tx.records().find(unknown).forEach((key, record) -> forms.put(key, profiles.whole(record)));
        return forms;
    }

    private List<Pair> score(
            Map<Two, String> shared, Map<RecordKey, SourceRecord> records, Map<RecordKey, Profile> forms) {
        records.forEach((key, record) -> forms.put(key, profiles.whole(record)));
        if (!shared.isEmpty()) profiles.learn(tx, forms.values());
        forms.replaceAll((key, whole) -> profiles.telling(whole));
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

    /** Records outside the batch that may have to be resolved again, because a key of theirs is held by too many now, or no more. */
    SortedSet<RecordKey> touched() {
        var touched = new TreeSet<RecordKey>();
        crowds.forEach((value, crowd) -> {
            if (crowd.mayTurn(rules.matcher().holdersOf(value))) touched.addAll(holders(crowd.block()));
        });
        touched.removeAll(keys.keySet());
        return touched;
    }

    private Collection<RecordKey> holders(BlockKey block) {
        if (!named(block)) return tx.blocks().holders(block.value(), Integer.MAX_VALUE);
        return block.holders().stream().map(Holder::record).toList();
    }

    /**
     * Gives the dirty records their keys and counts who holds those that many hold. The records are locked by now, those
     * {@link #touched} too.
     *
     * @return records that are to be resolved again: holders of a key that is generic from now on, or is no more, because links by that
     *     key would otherwise depend on who came first (ID-2)
     */
    SortedSet<RecordKey> assign(SortedSet<RecordKey> dirty) {
        keys.keySet().retainAll(dirty);
        tx.blocks().assign(keys);
        var again = new TreeSet<RecordKey>();
        var stopped = new TreeSet<String>();
        var freed = new TreeSet<String>();
        tx.blocks().find(crowds.keySet()).forEach((value, now) -> {
            var crowd = crowds.get(value);
            boolean generic = now.records() > rules.matcher().holdersOf(value);
            if (generic != crowd.block().generic()) {
                (generic ? stopped : freed).add(value);
                for (var holder : holders(crowd.block())) if (!dirty.contains(holder)) again.add(holder);
            }
            if (generic != crowd.used()) return;
            for (var record : crowd.own()) if (dirty.contains(record)) again.add(record);
        });
        tx.blocks().markGeneric(stopped);
        tx.blocks().unmarkGeneric(freed);
        return again;
    }
}
