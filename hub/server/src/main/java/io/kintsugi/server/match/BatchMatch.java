package io.kintsugi.server.match;

import io.kintsugi.core.cluster.Clusterer;
import io.kintsugi.core.cluster.PairScore;
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
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
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
     * @param pairs those at or above the review threshold
     * @param unsure records that a person should look at, because two clusters may be one
     * @param alarms clusters that look like wrong merges
     * @param dropped by kind, most keys first
     * @param learned null if the given rules decided
     */
    public record Result(
            List<SortedSet<RecordKey>> clusters,
            int unkeyed,
            long compared,
            long links,
            ScoredPairs pairs,
            int unsure,
            Alarms alarms,
            List<DroppedKeys> dropped,
            Learned learned) {}

    /**
     * Who may be who, before anything is decided.
     *
     * @param pairs at or above the review threshold; positions are those of the records given
     * @param tooCommon block keys that are held by too many records to be of use
     */
    public record Candidates(ScoredPairs pairs, List<String> tooCommon) {}

    private final Matcher matcher;
    private final Profile[] profiles;
    private final Blocks blocks;
    private final Learned learned;

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
        return new BatchMatch(matcher, telling(matcher, profiles, blocks), blocks, null).run(progress);
    }

    /**
     * Finds the pairs that the rules of the matcher's policy link, or ask about.
     *
     * @param records with different keys, ordered by them
     * @param progress told the finished share of the work, between 0 and 1, from any thread
     */
    public static Candidates candidates(Matcher matcher, Profile[] records, DoubleConsumer progress) {
        var blocks = new Blocks(matcher, records);
        progress.accept(0.2);
        var match = new BatchMatch(matcher, telling(matcher, records, blocks), blocks, null);
        var keys = Arrays.stream(records).map(Profile::key).toArray(RecordKey[]::new);
        return new Candidates(
                match.pairs(keys, new LongAdder(), done -> progress.accept(0.2 + 0.8 * done)), blocks.tooCommon());
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
        var training = Training.learn(counting, profiles, sample(blocks, profiles.length), List.of());
        progress.accept(0.3);
        var learned = new Learned(training, counted, matcher.with(policy.withRules(training.rules())));
        return new BatchMatch(learned.matcher(), profiles, blocks, learned).run(progress);
    }

    /**
     * Learns the weights of rules for a hub, which knows nothing of how common single values are but what its name tables say.
     *
     * @param records at least two, with different keys, ordered by them
     * @param labels positions are those of the records
     */
    public static Training.Outcome teach(Matcher matcher, Profile[] records, Collection<Training.Label> labels) {
        var policy = matcher.policy();
        var expecting = matcher.with(policy.withRules(policy.rules().forRecords(records.length)));
        var blocks = new Blocks(expecting, records);
        var told = telling(expecting, records, blocks);
        return Training.learn(expecting, told, sample(blocks, records.length), labels);
    }

    /** The records as they are compared: without values that too many of them hold (ID-10). */
    private static Profile[] telling(Matcher matcher, Profile[] whole, Blocks blocks) {
        var generic = Set.copyOf(blocks.tooCommon());
        if (generic.isEmpty()) return whole;
        return Arrays.stream(whole)
                .parallel()
                .map(profile -> matcher.without(profile, generic))
                .toArray(Profile[]::new);
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
        var compared = new LongAdder();
        var keys = Arrays.stream(profiles).map(Profile::key).toArray(RecordKey[]::new);
        var pairs = pairs(keys, compared, done -> progress.accept(0.3 + 0.5 * done));
        var clusters = cluster(pairs);
        int unsure = questions(keys, clusters).records(pairs);
        progress.accept(1);
        double auto = matcher.policy().autoBits();
        return new Result(
                clusters,
                blocks.unkeyed(),
                compared.sum(),
                IntStream.range(0, pairs.size())
                        .filter(i -> pairs.bits(i) >= auto)
                        .count(),
                pairs,
                unsure,
                Alarms.of(clusters, pairs, auto),
                blocks.dropped().stream()
                        .map(d -> new DroppedKeys(d.kind(), d.keys(), d.records()))
                        .toList(),
                learned);
    }

    private ScoredPairs pairs(RecordKey[] keys, LongAdder compared, DoubleConsumer progress) {
        int chunks = (profiles.length + CHUNK - 1) / CHUNK;
        var near = blocks.neighbours();
        var done = new AtomicInteger();
        var found = new ScoredPairs[chunks];
        Shares.of(chunks, chunk -> {
            int to = Math.min(profiles.length, (chunk + 1) * CHUNK);
            found[chunk] = score(near, chunk * CHUNK, to, keys, compared);
            progress.accept((double) done.incrementAndGet() / chunks);
        });
        return ScoredPairs.inOrder(keys, List.of(found));
    }

    /** Scores every record of a range with the greater ones it shares a key with. */
    private ScoredPairs score(int[] records, int from, int to, RecordKey[] keys, LongAdder compared) {
        var found = new ScoredPairs.Builder();
        double review = matcher.policy().reviewBits();
        for (int i = from; i < to; i++) {
            int record = records[i];
            var candidates = blocks.candidates(record);
            compared.add(candidates.length);
            for (int other : candidates) {
                double score = matcher.scoreInOrder(profiles[record], profiles[other]);
                if (score >= review) found.add(record, other, score);
            }
        }
        return found.build(keys);
    }

    private Questions questions(RecordKey[] keys, List<SortedSet<RecordKey>> clusters) {
        var positions = new int[clusters.size()][];
        var clusterOf = new int[keys.length];
        IntStream.range(0, positions.length).parallel().forEach(i -> {
            positions[i] = clusters.get(i).stream()
                    .mapToInt(member -> Arrays.binarySearch(keys, member))
                    .toArray();
            for (int member : positions[i]) clusterOf[member] = i;
        });
        return new Questions(matcher, profiles, positions, clusterOf);
    }

    private List<SortedSet<RecordKey>> cluster(ScoredPairs pairs) {
        var parent = IntStream.range(0, profiles.length).toArray();
        var alone = new boolean[profiles.length];
        Arrays.fill(alone, true);
        var joins = new boolean[pairs.size()];
        IntStream.range(0, joins.length).parallel().forEach(i -> joins[i] = joins(pairs, i));
        for (int i = 0; i < joins.length; i++) {
            if (!joins[i]) continue;
            alone[pairs.a(i)] = false;
            alone[pairs.b(i)] = false;
            int a = root(parent, pairs.a(i));
            int b = root(parent, pairs.b(i));
            parent[Math.max(a, b)] = Math.min(a, b);
        }
        var links = new HashMap<Integer, List<Link>>();
        for (int i = 0; i < joins.length; i++) {
            if (!joins[i]) continue;
            links.computeIfAbsent(root(parent, pairs.a(i)), r -> new ArrayList<>())
                    .add(link(pairs.a(i), pairs.b(i), pairs.bits(i)));
        }
        var members = new HashMap<Integer, List<Integer>>();
        var clusters = new ArrayList<SortedSet<RecordKey>>();
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

    private boolean joins(ScoredPairs pairs, int i) {
        return matcher.decide(profiles[pairs.a(i)], profiles[pairs.b(i)], pairs.bits(i)) == Decision.MATCH;
    }

    private List<SortedSet<RecordKey>> split(List<Integer> component, List<Link> links) {
        Map<RecordKey, Profile> byKey = new HashMap<>();
        for (int i : component) byKey.put(profiles[i].key(), profiles[i]);
        return Clusterer.cluster(
                new TreeSet<>(byKey.keySet()),
                links,
                PairScore.of(
                        (a, b) -> matcher.score(byKey.get(a), byKey.get(b)),
                        (a, b) -> matcher.contradicts(byKey.get(a), byKey.get(b)),
                        (a, b) -> matcher.never(byKey.get(a), byKey.get(b))),
                matcher.policy().duplicateFree(),
                matcher.policy().merging().maxClusterSize());
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
