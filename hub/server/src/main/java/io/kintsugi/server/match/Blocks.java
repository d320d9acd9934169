package io.kintsugi.server.match;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Which records of a batch share block keys. Made once, then read by any number of threads. */
final class Blocks {
    /**
     * Keys of one kind that were held by too many records to be of use.
     *
     * @param kind what the keys are made of, without the values
     * @param records how many hold the commonest
     */
    record Dropped(String kind, int keys, int records) {}

    private final Matcher matcher;
    private final Profile[] profiles;
    private final int[] holders; // records of one shared key after the other
    private final int[] starts; // of each shared key among the holders, and the end
    private final int[] shared; // shared keys of one record after the other
    private final int[] sharedStarts; // of each record among the shared keys, and the end
    private final List<Dropped> dropped;
    private final List<String> tooCommon = new ArrayList<>();
    private final int unkeyed;

    Blocks(Matcher matcher, Profile[] profiles) {
        this.matcher = matcher;
        this.profiles = profiles;
        var keys = IntStream.range(0, profiles.length)
                .parallel()
                .mapToObj(i -> hashes(profiles[i]))
                .toArray(long[][]::new);
        unkeyed = (int) Arrays.stream(keys).filter(k -> k.length == 0).count();
        int recordBits = 64 - Long.numberOfLeadingZeros(Math.max(1, profiles.length - 1));
        long recordMask = (1L << recordBits) - 1;
        // hash above, record below: one sort of plain numbers brings the holders of a key together
        var entries = new long[Arrays.stream(keys).mapToInt(k -> k.length).sum()];
        int next = 0;
        for (int i = 0; i < keys.length; i++) {
            for (long hash : keys[i]) entries[next++] = hash & ~recordMask | i;
        }
        Arrays.parallelSort(entries);
        var found = new int[entries.length];
        var ends = new int[entries.length / 2 + 1];
        int size = 0;
        int blocks = 0;
        var tooMany = new HashMap<String, Dropped>();
        int least = matcher.policy().rules().leastHolders();
        for (int start = 0, end; start < entries.length; start = end) {
            long hash = entries[start] & ~recordMask;
            end = start + 1;
            while (end < entries.length && (entries[end] & ~recordMask) == hash) end++;
            int count = end - start;
            if (count < 2) continue;
            if (count > least) {
                var key = keyOf(hash, recordMask, profiles[(int) (entries[start] & recordMask)]);
                if (count > matcher.holdersOf(key)) {
                    tooCommon.add(key);
                    var kind = key.split(":", 3)[1];
                    tooMany.merge(
                            kind,
                            new Dropped(kind, 1, count),
                            (a, b) -> new Dropped(kind, a.keys() + 1, Math.max(a.records(), b.records())));
                    continue;
                }
            }
            for (int i = start; i < end; i++) found[size++] = (int) (entries[i] & recordMask);
            ends[++blocks] = size;
        }
        holders = Arrays.copyOf(found, size);
        starts = Arrays.copyOf(ends, blocks + 1);
        sharedStarts = new int[profiles.length + 1];
        for (int holder : holders) sharedStarts[holder + 1]++;
        Arrays.parallelPrefix(sharedStarts, Integer::sum);
        shared = new int[size];
        fillShared();
        dropped = tooMany.values().stream()
                .sorted(Comparator.comparingInt(Dropped::keys).reversed().thenComparing(Dropped::kind))
                .toList();
    }

    private void fillShared() {
        var next = sharedStarts.clone();
        for (int block = 0; block < starts.length - 1; block++) {
            for (int i = starts[block]; i < starts[block + 1]; i++) shared[next[holders[i]]++] = block;
        }
    }

    private String keyOf(long hash, long recordMask, Profile holder) {
        for (var key : matcher.blockKeys(holder)) {
            if ((hash(key) & ~recordMask) == hash) return key;
        }
        throw new IllegalStateException("no block key of " + holder + " has the hash it was found by");
    }

    /** Records without a key. */
    int unkeyed() {
        return unkeyed;
    }

    /** Keys that are held by too many records to be of use. */
    List<String> tooCommon() {
        return tooCommon;
    }

    /** By kind, most keys first. */
    List<Dropped> dropped() {
        return dropped;
    }

    /**
     * All records, those of a large block one after the other. Who compares in this order meets the same records again before others
     * have driven them out of the processor's cache, which with a million records is where the time goes.
     */
    int[] neighbours() {
        var order = new long[profiles.length];
        Arrays.parallelSetAll(order, record -> (long) largestBlock(record) << 32 | record);
        Arrays.parallelSort(order);
        return Arrays.stream(order).mapToInt(entry -> (int) entry).toArray();
    }

    private int largestBlock(int record) {
        int largest = 0;
        int most = 0;
        for (int i = sharedStarts[record]; i < sharedStarts[record + 1]; i++) {
            int size = starts[shared[i] + 1] - starts[shared[i]];
            if (size > most) {
                largest = shared[i];
                most = size;
            }
        }
        return largest;
    }

    /** Records after this one that share a key with it, each once, in order. */
    int[] candidates(int record) {
        int size = 0;
        for (int i = sharedStarts[record]; i < sharedStarts[record + 1]; i++) {
            size += starts[shared[i] + 1] - starts[shared[i]];
        }
        var candidates = new int[size];
        size = 0;
        for (int i = sharedStarts[record]; i < sharedStarts[record + 1]; i++) {
            for (int j = starts[shared[i] + 1] - 1; holders[j] > record; j--) candidates[size++] = holders[j];
        }
        Arrays.sort(candidates, 0, size);
        int distinct = 0;
        for (int i = 0; i < size; i++) {
            if (i == 0 || candidates[i] != candidates[i - 1]) candidates[distinct++] = candidates[i];
        }
        return Arrays.copyOf(candidates, distinct);
    }

    private long[] hashes(Profile p) {
        var hashes = LongStream.builder();
        matcher.eachBlockKey(p, key -> hashes.add(hash(key)));
        var sorted = hashes.build().sorted().toArray();
        int distinct = 0;
        for (long hash : sorted) if (distinct == 0 || sorted[distinct - 1] != hash) sorted[distinct++] = hash;
        return Arrays.copyOf(sorted, distinct);
    }

    private static long hash(CharSequence key) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        hash = (hash ^ hash >>> 32) * 0x9e3779b97f4a7c15L;
        return hash ^ hash >>> 29;
    }
}
