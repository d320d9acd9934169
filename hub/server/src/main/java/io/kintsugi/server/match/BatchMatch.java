package io.kintsugi.server.match;

import io.kintsugi.core.cluster.Clusterer;
import io.kintsugi.core.match.Counted;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.match.Training;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
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
 * Matches many records at once in memory, with the same rules and the same clusters as one by one, or with weights learned from the
 * records first. Works on all processors; the answer depends neither on their number nor on the order of the records.
 */
public final class BatchMatch {
    private static final int CHUNK = 2_000;

    private static final int LEARNT_RECORDS = 50_000; // about as many are looked at to learn from

    /**
     * Keys of one kind that were held by too many records to be of use.
     *
     * @param kind what the keys are made of, without the values
     * @param records how many hold the commonest
     */
    public record DroppedKeys(String kind, int keys, int records) {}

    /**
     * What was learned before matching.
     *
     * @param counted how common the values are, and which are generic
     * @param matcher with the rules that were learned; fits profiles that {@code counted} weighed
     */
    public record Learned(Training.Outcome training, Counted counted, Matcher matcher) {
        /** Values that too many things share to say anything, commonest first. */
        public List<Counted.Generic> generic() {
            return counted.generic();
        }
    }

    /**
     * @param clusters every record in exactly one, ordered by smallest key
     * @param unkeyed records with nothing in them that could identify anything
     * @param compared pairs that were scored
     * @param links pairs at or above the automatic threshold
     * @param unsure records that a person should look at: those of pairs between the review and the automatic threshold, unless they
     *     came together through others or are of one source without duplicates
     * @param dropped by kind, most keys first
     * @param learned null if the given rules decided
     */
    public record Result(
            List<SortedSet<RecordKey>> clusters,
            int unkeyed,
            long compared,
            long links,
            int unsure,
            List<DroppedKeys> dropped,
            Learned learned) {}

    private final Matcher matcher;
    private final Profile[] profiles;
    private final Blocks blocks;
    private final Learned learned;

    private record Scored(int[] a, int[] b, double[] bits, int[] unsure, long compared) {}

    private BatchMatch(Matcher matcher, Profile[] profiles, Blocks blocks, Learned learned) {
        this.matcher = matcher;
        this.profiles = profiles;
        this.blocks = blocks;
        this.learned = learned;
    }

    /**
     * Matches by the rules of the matcher's policy, as they are.
     *
     * @param records with different keys, in any order
     * @param progress told the finished share of the work, between 0 and 1, from any thread
     */
    public static Result run(Matcher matcher, Collection<Profile> records, DoubleConsumer progress) {
        var profiles = inOrder(records);
        var blocks = new Blocks(matcher, profiles);
        progress.accept(0.2);
        return new BatchMatch(matcher, profiles, blocks, null).run(progress);
    }

    /**
     * Learns the weights of the rules from the records before it matches them: the prior from their number, how common values are,
     * and what agreement is worth. Few records learn little and are matched by nearly the rules given.
     *
     * @param records with different keys, in any order
     * @param progress told the finished share of the work, between 0 and 1, from any thread
     */
    public static Result learn(Matcher matcher, Collection<Profile> records, DoubleConsumer progress) {
        var profiles = inOrder(records);
        var policy = matcher.policy();
        var counting =
                matcher.with(policy.withRules(policy.rules().withFileKeys().forRecords(profiles.length)));
        var counted = new Counted(counting, Arrays.asList(profiles));
        IntStream.range(0, profiles.length).parallel().forEach(i -> profiles[i] = counted.weigh(profiles[i]));
        progress.accept(0.1);
        var blocks = new Blocks(counting, profiles);
        progress.accept(0.2);
        var training = Training.learn(counting, profiles, sample(blocks, profiles.length));
        progress.accept(0.3);
        var learned = new Learned(training, counted, matcher.with(policy.withRules(training.rules())));
        return new BatchMatch(learned.matcher(), profiles, blocks, learned).run(progress);
    }

    private static Profile[] inOrder(Collection<Profile> records) {
        return records.stream().sorted(Comparator.comparing(Profile::key)).toArray(Profile[]::new);
    }

    /** Candidate pairs of evenly spread records. */
    private static Training.Sample sample(Blocks blocks, int records) {
        int step = Math.max(1, records / LEARNT_RECORDS);
        var a = new int[1_024];
        var b = new int[1_024];
        int count = 0;
        for (int record = 0; record < records; record++) {
            if (Math.floorMod(record * 0x9E3779B9, step) != 0) continue;
            for (int other : blocks.candidates(record)) {
                if (count == a.length) {
                    a = Arrays.copyOf(a, count * 2);
                    b = Arrays.copyOf(b, count * 2);
                }
                a[count] = record;
                b[count++] = other;
            }
        }
        return new Training.Sample(Arrays.copyOf(a, count), Arrays.copyOf(b, count), step);
    }

    private Result run(DoubleConsumer progress) {
        int chunks = (profiles.length + CHUNK - 1) / CHUNK;
        var done = new AtomicInteger();
        var scored = IntStream.range(0, chunks)
                .parallel()
                .mapToObj(chunk -> {
                    var pairs = score(chunk * CHUNK, Math.min(profiles.length, (chunk + 1) * CHUNK));
                    progress.accept(0.3 + 0.5 * done.incrementAndGet() / chunks);
                    return pairs;
                })
                .toList();
        var clusters = cluster(scored);
        int unsure = unsure(scored, clusters);
        progress.accept(1);
        return new Result(
                clusters,
                blocks.unkeyed(),
                scored.stream().mapToLong(Scored::compared).sum(),
                scored.stream().mapToLong(s -> s.a().length).sum(),
                unsure,
                blocks.dropped().stream()
                        .map(d -> new DroppedKeys(d.kind(), d.keys(), d.records()))
                        .toList(),
                learned);
    }

    /** Scores every record of a range with the greater ones it shares a key with. */
    private Scored score(int from, int to) {
        var a = new int[64];
        var b = new int[64];
        var bits = new double[64];
        int count = 0;
        long compared = 0;
        var unsure = IntStream.builder(); // pair after pair
        double auto = matcher.policy().autoBits();
        for (int record = from; record < to; record++) {
            for (int other : blocks.candidates(record)) {
                compared++;
                double score = matcher.score(profiles[record], profiles[other]);
                if (score < auto) {
                    if (score >= matcher.policy().reviewBits())
                        unsure.add(record).add(other);
                    continue;
                }
                if (count == a.length) {
                    a = Arrays.copyOf(a, count * 2);
                    b = Arrays.copyOf(b, count * 2);
                    bits = Arrays.copyOf(bits, count * 2);
                }
                a[count] = record;
                b[count] = other;
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
                        && matcher.policy().duplicateFree().contains(system);
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
                matcher.policy().duplicateFree());
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
}
