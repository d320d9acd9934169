package io.kintsugi.server.match;

import io.kintsugi.core.match.Counted;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.match.Training;
import io.kintsugi.core.model.RecordKey;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
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
     * @param tooCommon the keys themselves; where the given rules decided, the values that they are made of are no evidence
     * @param learned null if the given rules decided
     * @param labels pairs that somebody judged; the clusters are as they say
     * @param agreement what the rules by themselves say of these
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
            Set<String> tooCommon,
            Learned learned,
            List<LabelledPair> labels,
            Agreement agreement) {}

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
    private final List<LabelledPair> labels;
    private final List<Training.Label> judged; // the labels, by position

    private BatchMatch(
            Matcher matcher, Profile[] profiles, Blocks blocks, Learned learned, Collection<LabelledPair> labels) {
        this.matcher = matcher;
        this.profiles = profiles;
        this.blocks = blocks;
        this.learned = learned;
        this.labels = List.copyOf(labels);
        judged = positions(profiles, labels);
    }

    /** Matches as {@link #run(Matcher, Collection, Collection, DoubleConsumer)} does where nobody judged anything. */
    public static Result run(Matcher matcher, Collection<Profile> records, DoubleConsumer progress) {
        return run(matcher, records, List.of(), progress);
    }

    /**
     * Matches by the rules of the matcher's policy, as they are.
     *
     * @param records with different keys, in any order
     * @param labels different pairs of the records that can all be as they say, in any order; the rules overrule none (ID-4)
     * @param progress told the finished share of the work, between 0 and 1, from any thread
     * @throws IllegalArgumentException if a label names what is not among the records
     */
    public static Result run(
            Matcher matcher, Collection<Profile> records, Collection<LabelledPair> labels, DoubleConsumer progress) {
        var profiles = inOrder(records);
        var blocks = new Blocks(matcher, profiles);
        progress.accept(0.2);
        return new BatchMatch(matcher, telling(matcher, profiles, blocks), blocks, null, labels).run(progress);
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
        var match = new BatchMatch(matcher, telling(matcher, records, blocks), blocks, null, List.of());
        var keys = Arrays.stream(records).map(Profile::key).toArray(RecordKey[]::new);
        return new Candidates(
                match.pairs(keys, new LongAdder(), done -> progress.accept(0.2 + 0.8 * done)), blocks.tooCommon());
    }

    /**
     * Learns the weights of the rules from the records before it matches them: the prior from their number, how common values are,
     * and what agreement is worth. Few records learn little and are matched by nearly the rules given.
     *
     * @param records with different keys, in any order
     * @param labels different pairs of the records that can all be as they say, in any order; they teach, as the verdicts of a hub do
     *     (ID-11), and the rules overrule none (ID-4)
     * @param progress told the finished share of the work, between 0 and 1, from any thread
     * @throws IllegalArgumentException if a label names what is not among the records
     */
    public static Result learn(
            Matcher matcher, Collection<Profile> records, Collection<LabelledPair> labels, DoubleConsumer progress) {
        var profiles = inOrder(records);
        var policy = matcher.policy();
        var counting =
                matcher.with(policy.withRules(policy.rules().withFileKeys().forRecords(profiles.length)));
        var counted = new Counted(counting, Arrays.asList(profiles));
        IntStream.range(0, profiles.length).parallel().forEach(i -> profiles[i] = counted.weigh(profiles[i]));
        progress.accept(0.1);
        var blocks = new Blocks(counting, profiles);
        progress.accept(0.2);
        var training = Training.learn(counting, profiles, sample(blocks, profiles.length), positions(profiles, labels));
        progress.accept(0.3);
        var learned = new Learned(training, counted, matcher.with(policy.withRules(training.rules())));
        return new BatchMatch(learned.matcher(), profiles, blocks, learned, labels).run(progress);
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

    private static List<Training.Label> positions(Profile[] profiles, Collection<LabelledPair> labels) {
        if (labels.isEmpty()) return List.of();
        var keys = Arrays.stream(profiles).map(Profile::key).toArray(RecordKey[]::new);
        return labels.stream()
                .map(label -> new Training.Label(position(keys, label.a()), position(keys, label.b()), label.same()))
                .toList();
    }

    private static int position(RecordKey[] keys, RecordKey key) {
        int position = Arrays.binarySearch(keys, key);
        if (position < 0)
            throw new IllegalArgumentException("a label names " + key + ", which is not among the records");
        return position;
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
        var clusters = new BatchClusters(matcher, profiles, judged).of(pairs);
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
                Set.copyOf(blocks.tooCommon()),
                learned,
                labels,
                Agreement.of(matcher, profiles, judged));
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
        return new Questions(matcher, profiles, positions, clusterOf, judged);
    }
}
