package io.kintsugi.server.match;

import io.kintsugi.core.cluster.Clusterer;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.policy.MatchPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/**
 * Matches many records at once in memory, with the same rules and the same clusters as one by one. Works on all processors; the
 * answer depends neither on their number nor on the order of the records.
 */
public final class BatchMatch {
    private static final int CHUNK = 2_000;

    /**
     * Keys of one kind that were held by too many records to be of use.
     *
     * @param kind what the keys are made of, without the values
     * @param records how many hold the commonest
     */
    public record DroppedKeys(String kind, int keys, int records) {}

    /**
     * @param clusters every record in exactly one, ordered by smallest key
     * @param unkeyed records with nothing in them that could identify anything
     * @param compared pairs that were scored
     * @param links pairs at or above the automatic threshold
     * @param unsure records that a person should look at: those of pairs between the review and the automatic threshold, unless they
     *     came together through others or are of one source without duplicates
     * @param dropped by kind, most keys first
     */
    public record Result(
            List<SortedSet<RecordKey>> clusters,
            int unkeyed,
            long compared,
            long links,
            int unsure,
            List<DroppedKeys> dropped) {}

    private final Matcher matcher;
    private final MatchPolicy policy;
    private final Profile[] profiles;
    private int[][] blocks; // records by shared key
    private int[][] blocksOf; // shared keys by record

    private record Scored(int[] a, int[] b, double[] bits, int[] unsure, long compared) {}

    private BatchMatch(Matcher matcher, MatchPolicy policy, Collection<Profile> records) {
        this.matcher = matcher;
        this.policy = policy;
        profiles = records.stream().sorted(Comparator.comparing(Profile::key)).toArray(Profile[]::new);
    }

    /**
     * @param records with different keys, in any order
     * @param progress told the finished share of the work, between 0 and 1, from any thread
     */
    public static Result run(
            Matcher matcher, MatchPolicy policy, Collection<Profile> records, DoubleConsumer progress) {
        return new BatchMatch(matcher, policy, records).run(progress);
    }

    private Result run(DoubleConsumer progress) {
        var keys = IntStream.range(0, profiles.length)
                .parallel()
                .mapToObj(i -> hashes(matcher.blockKeys(profiles[i])))
                .toArray(long[][]::new);
        int unkeyed = (int) Arrays.stream(keys).filter(k -> k.length == 0).count();
        var dropped = index(keys);
        keys = null;
        progress.accept(0.2);

        int chunks = (profiles.length + CHUNK - 1) / CHUNK;
        var done = new AtomicInteger();
        var scored = IntStream.range(0, chunks)
                .parallel()
                .mapToObj(chunk -> {
                    var pairs = score(chunk * CHUNK, Math.min(profiles.length, (chunk + 1) * CHUNK));
                    progress.accept(0.2 + 0.6 * done.incrementAndGet() / chunks);
                    return pairs;
                })
                .toList();
        var clusters = cluster(scored);
        int unsure = unsure(scored, clusters);
        progress.accept(1);
        return new Result(
                clusters,
                unkeyed,
                scored.stream().mapToLong(Scored::compared).sum(),
                scored.stream().mapToLong(s -> s.a().length).sum(),
                unsure,
                dropped);
    }

    /** Blocks the records by their keys; what too many share is left out and told. */
    private List<DroppedKeys> index(long[][] keys) {
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
        var sizes = new int[profiles.length];
        var dropped = new HashMap<String, DroppedKeys>();
        for (int start = 0, end; start < entries.length; start = end) {
            long hash = entries[start] & ~recordMask;
            end = start + 1;
            while (end < entries.length && (entries[end] & ~recordMask) == hash) end++;
            if (end - start < 2) continue;
            if (end - start > policy.maxBlock()) {
                var kind = kindOf(hash, recordMask, profiles[(int) (entries[start] & recordMask)]);
                dropped.merge(
                        kind,
                        new DroppedKeys(kind, 1, end - start),
                        (a, b) -> new DroppedKeys(kind, a.keys() + 1, Math.max(a.records(), b.records())));
                continue;
            }
            var block = new int[end - start];
            for (int i = 0; i < block.length; i++) {
                block[i] = (int) (entries[start + i] & recordMask);
                sizes[block[i]]++;
            }
            found.add(block);
        }
        blocks = found.toArray(int[][]::new);
        blocksOf = new int[profiles.length][];
        for (int i = 0; i < sizes.length; i++) blocksOf[i] = new int[sizes[i]];
        for (int block = blocks.length - 1; block >= 0; block--) {
            for (int record : blocks[block]) blocksOf[record][--sizes[record]] = block;
        }
        return dropped.values().stream()
                .sorted(Comparator.comparingInt(DroppedKeys::keys).reversed().thenComparing(DroppedKeys::kind))
                .toList();
    }

    private String kindOf(long hash, long recordMask, Profile holder) {
        for (var key : matcher.blockKeys(holder)) {
            if ((hash(key) & ~recordMask) == hash) return key.split(":", 3)[1];
        }
        throw new IllegalStateException("no block key of " + holder + " has the hash it was found by");
    }

    /** Scores every record of a range with the greater ones it shares a key with. */
    private Scored score(int from, int to) {
        var a = new int[64];
        var b = new int[64];
        var bits = new double[64];
        int count = 0;
        long compared = 0;
        var unsure = IntStream.builder(); // pair after pair
        var candidates = new int[256];
        for (int record = from; record < to; record++) {
            int size = 0;
            for (int block : blocksOf[record]) {
                for (int other : blocks[block]) {
                    if (other <= record) continue;
                    if (size == candidates.length) candidates = Arrays.copyOf(candidates, size * 2);
                    candidates[size++] = other;
                }
            }
            Arrays.sort(candidates, 0, size);
            for (int i = 0; i < size; i++) {
                if (i > 0 && candidates[i] == candidates[i - 1]) continue;
                compared++;
                double score = matcher.score(profiles[record], profiles[candidates[i]]);
                if (score < policy.autoBits()) {
                    if (score >= policy.reviewBits()) unsure.add(record).add(candidates[i]);
                    continue;
                }
                if (count == a.length) {
                    a = Arrays.copyOf(a, count * 2);
                    b = Arrays.copyOf(b, count * 2);
                    bits = Arrays.copyOf(bits, count * 2);
                }
                a[count] = record;
                b[count] = candidates[i];
                bits[count++] = score;
            }
        }
        return new Scored(
                Arrays.copyOf(a, count),
                Arrays.copyOf(b, count),
                Arrays.copyOf(bits, count),
                unsure.build().toArray(),
                compared);
    }

    private int unsure(List<Scored> scored, List<SortedSet<RecordKey>> clusters) {
        var keys = Arrays.stream(profiles).map(Profile::key).toArray(RecordKey[]::new);
        var clusterOf = IntStream.range(-keys.length, 0).toArray(); // who is alone has a number of its own
        for (int i = 0; i < clusters.size(); i++) {
            if (clusters.get(i).size() == 1) continue;
            for (var member : clusters.get(i)) clusterOf[Arrays.binarySearch(keys, member)] = i;
        }
        var found = new BitSet(keys.length);
        for (var part : scored) {
            for (int i = 0; i < part.unsure().length; i += 2) {
                int a = part.unsure()[i];
                int b = part.unsure()[i + 1];
                var system = keys[a].system();
                boolean never = system.equals(keys[b].system())
                        && policy.duplicateFree().contains(system);
                if (never || clusterOf[a] == clusterOf[b]) continue;
                found.set(a);
                found.set(b);
            }
        }
        return found.cardinality();
    }

    private List<SortedSet<RecordKey>> cluster(List<Scored> scored) {
        var parent = IntStream.range(0, profiles.length).toArray();
        for (var part : scored) {
            for (int i = 0; i < part.a().length; i++) {
                int a = root(parent, part.a()[i]);
                int b = root(parent, part.b()[i]);
                parent[Math.max(a, b)] = Math.min(a, b);
            }
        }
        var members = new HashMap<Integer, List<Integer>>();
        var clusters = new ArrayList<SortedSet<RecordKey>>();
        var alone = new boolean[profiles.length];
        Arrays.fill(alone, true);
        var links = new HashMap<Integer, List<Link>>();
        for (var part : scored) {
            for (int i = 0; i < part.a().length; i++) {
                alone[part.a()[i]] = false;
                alone[part.b()[i]] = false;
                links.computeIfAbsent(root(parent, part.a()[i]), r -> new ArrayList<>())
                        .add(link(part.a()[i], part.b()[i], part.bits()[i]));
            }
        }
        for (int i = 0; i < profiles.length; i++) {
            if (alone[i]) clusters.add(new TreeSet<>(Set.of(profiles[i].key())));
            else
                members.computeIfAbsent(root(parent, i), r -> new ArrayList<>()).add(i);
        }
        members.entrySet().parallelStream()
                .map(component -> split(component.getValue(), links.get(component.getKey())))
                .toList()
                .forEach(clusters::addAll);
        clusters.sort(Comparator.comparing(SortedSet::first));
        return clusters;
    }

    private List<SortedSet<RecordKey>> split(List<Integer> component, List<Link> links) {
        Map<RecordKey, Profile> byKey = new HashMap<>();
        for (int i : component) byKey.put(profiles[i].key(), profiles[i]);
        return Clusterer.cluster(
                new TreeSet<>(byKey.keySet()),
                links,
                (a, b) -> matcher.score(byKey.get(a), byKey.get(b)),
                policy.duplicateFree());
    }

    private Link link(int a, int b, double bits) {
        return new Link(
                profiles[a].key(),
                profiles[b].key(),
                Origin.RULE,
                Decision.MATCH,
                LinkState.ACTIVE,
                bits,
                List.of(),
                null,
                matcher.ruleSet(),
                Instant.EPOCH);
    }

    private static int root(int[] parent, int i) {
        while (parent[i] != i) {
            parent[i] = parent[parent[i]];
            i = parent[i];
        }
        return i;
    }

    private static long[] hashes(SortedSet<String> keys) {
        return keys.stream().mapToLong(BatchMatch::hash).toArray();
    }

    private static long hash(String key) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        hash = (hash ^ hash >>> 32) * 0x9e3779b97f4a7c15L;
        return hash ^ hash >>> 29;
    }
}
