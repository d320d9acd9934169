package io.kintsugi.server.match;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.IntStream;

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
    private final int[][] blocks; // records by shared key
    private final int[][] blocksOf; // shared keys by record
    private final List<Dropped> dropped;
    private final List<String> tooCommon = new ArrayList<>();
    private final int unkeyed;

    Blocks(Matcher matcher, Profile[] profiles) {
        this.matcher = matcher;
        this.profiles = profiles;
        var keys = IntStream.range(0, profiles.length)
                .parallel()
                .mapToObj(i -> hashes(matcher.blockKeys(profiles[i])))
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
        var found = new ArrayList<int[]>();
        var tooMany = new HashMap<String, Dropped>();
        int least = matcher.policy().rules().leastHolders();
        for (int start = 0, end; start < entries.length; start = end) {
            long hash = entries[start] & ~recordMask;
            end = start + 1;
            while (end < entries.length && (entries[end] & ~recordMask) == hash) end++;
            int holders = end - start;
            if (holders < 2) continue;
            if (holders > least) {
                var key = keyOf(hash, recordMask, profiles[(int) (entries[start] & recordMask)]);
                if (holders > matcher.holdersOf(key)) {
                    tooCommon.add(key);
                    var kind = key.split(":", 3)[1];
                    tooMany.merge(
                            kind,
                            new Dropped(kind, 1, holders),
                            (a, b) -> new Dropped(kind, a.keys() + 1, Math.max(a.records(), b.records())));
                    continue;
                }
            }
            var block = new int[holders];
            for (int i = 0; i < holders; i++) block[i] = (int) (entries[start + i] & recordMask);
            found.add(block);
        }
        blocks = found.toArray(int[][]::new);
        blocksOf = byRecord(blocks, profiles.length);
        dropped = tooMany.values().stream()
                .sorted(Comparator.comparingInt(Dropped::keys).reversed().thenComparing(Dropped::kind))
                .toList();
    }

    private static int[][] byRecord(int[][] blocks, int records) {
        var sizes = new int[records];
        for (var block : blocks) for (int record : block) sizes[record]++;
        var blocksOf = new int[records][];
        for (int i = 0; i < records; i++) blocksOf[i] = new int[sizes[i]];
        for (int block = blocks.length - 1; block >= 0; block--) {
            for (int record : blocks[block]) blocksOf[record][--sizes[record]] = block;
        }
        return blocksOf;
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

    /** Records after this one that share a key with it, each once, in order. */
    int[] candidates(int record) {
        int size = 0;
        for (int block : blocksOf[record]) size += blocks[block].length;
        var candidates = new int[size];
        size = 0;
        for (int block : blocksOf[record]) {
            for (int other : blocks[block]) if (other > record) candidates[size++] = other;
        }
        Arrays.sort(candidates, 0, size);
        int distinct = 0;
        for (int i = 0; i < size; i++) {
            if (i == 0 || candidates[i] != candidates[i - 1]) candidates[distinct++] = candidates[i];
        }
        return Arrays.copyOf(candidates, distinct);
    }

    private static long[] hashes(SortedSet<String> keys) {
        return keys.stream().mapToLong(Blocks::hash).toArray();
    }

    private static long hash(String key) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        hash = (hash ^ hash >>> 32) * 0x9e3779b97f4a7c15L;
        return hash ^ hash >>> 29;
    }
}
