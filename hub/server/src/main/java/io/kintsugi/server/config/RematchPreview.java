package io.kintsugi.server.config;

import io.kintsugi.core.cluster.PairScore;
import io.kintsugi.core.lifecycle.ResolutionPlanner;
import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.match.Profile;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.EntityType;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Link.LinkState;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.policy.AuthorityPolicy;
import io.kintsugi.core.policy.MatchPolicy;
import io.kintsugi.core.store.HubStore;
import java.time.Instant;
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
import java.util.function.LongConsumer;

/**
 * What a draft of match rules would make of the records that are stored: which merges would be no more, and which there would be
 * (MRG-9). Reads page by page and decides in memory, with the code that decides when the draft is published; writes nothing. What
 * stewards and systems said holds. Verdicts that only a deleted record ties together are not followed.
 */
public final class RematchPreview {
    private static final int PAGE = 1_000;
    /** A record takes about 4 kB here. */
    private static final long MOST_RECORDS = 300_000;

    private final HubStore store;
    private final EntityType type;
    private final MatchPolicy draft;
    private final int samples;
    private final Matcher matcher;
    private final ResolutionPlanner planner;

    /** @param samples how many merges of each kind are named at most */
    public RematchPreview(HubStore store, EntityType type, MatchPolicy draft, AuthorityPolicy authority, int samples) {
        this.store = store;
        this.type = type;
        this.draft = draft;
        this.samples = samples;
        matcher = new Matcher(type, draft);
        planner = new ResolutionPlanner(type, draft, authority, null);
    }

    /**
     * What would change.
     *
     * @param records live records of the type
     * @param goldensBefore goldens that hold them now
     * @param goldensAfter goldens that would
     * @param vanishing how many goldens would come apart
     * @param appearing how many times several goldens would become one
     * @param asked how many pairs of those goldens a person would be asked about
     * @param reported how many would only be listed as what would be merged
     * @param apart some of those that would come apart, by golden id
     * @param together some of those that would become one, by the first of their ids
     */
    public record Result(
            long records,
            long goldensBefore,
            long goldensAfter,
            long vanishing,
            long appearing,
            long asked,
            long reported,
            List<Apart> apart,
            List<Together> together) {}

    /** A golden that would come apart. */
    public record Apart(String golden, String label, List<List<RecordKey>> parts) {}

    /** Goldens that would become one. */
    public record Together(List<String> goldens, List<String> labels, List<RecordKey> records) {}

    private record Pair(RecordKey a, RecordKey b) {}

    /** The records in memory. */
    private static final class Held {
        final List<Profile> profiles = new ArrayList<>();
        final Map<RecordKey, Integer> places = new HashMap<>();
        final Map<RecordKey, String> goldenOf = new HashMap<>();
        final Map<String, List<Integer>> blocks = new HashMap<>();
        final Map<String, Integer> others = new HashMap<>();
        final List<Link> said = new ArrayList<>();
        final List<Pair> asked = new ArrayList<>();
        final List<Pair> reported = new ArrayList<>();

        Profile profile(RecordKey record) {
            return profiles.get(places.get(record));
        }

        /** Whether more hold a key than the draft allows. */
        boolean isGeneric(Matcher matcher, String key) {
            return blocks.get(key).size() + others.getOrDefault(key, 0) > matcher.holdersOf(key);
        }

        /** What too many hold is no evidence (ID-10). */
        void leaveOutGeneric(Matcher matcher) {
            var generic = new HashSet<String>();
            for (var key : blocks.keySet()) if (isGeneric(matcher, key)) generic.add(key);
            profiles.replaceAll(profile -> matcher.without(profile, generic));
        }
    }

    /** How many records there are to look at. */
    public long total() {
        return store.read(tx -> tx.records().counts().stream()
                .filter(count -> count.entityType().equals(type.name()) && count.state() == RecordState.LIVE)
                .mapToLong(count -> count.records())
                .sum());
    }

    /**
     * @param progress told how many records are read
     * @throws HubException with {@code NOT_POSSIBLE} if there are too many to be held in memory
     */
    public Result run(LongConsumer progress) {
        long total = total();
        if (total > MOST_RECORDS) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "a preview takes up to " + MOST_RECORDS + " records and there are " + total
                            + "; export them and try the rules with kintsugi match --rules");
        }
        var held = read(progress);
        held.leaveOutGeneric(matcher);
        var links = new ArrayList<>(held.said);
        links.addAll(matches(held));
        var keys = new TreeSet<>(held.places.keySet());
        var clusters = planner.clusters(
                keys,
                links,
                PairScore.of(
                        (a, b) -> matcher.score(held.profile(a), held.profile(b)),
                        (a, b) -> matcher.contradicts(held.profile(a), held.profile(b)),
                        (a, b) -> matcher.never(held.profile(a), held.profile(b))));
        links.stream()
                .filter(link -> link.origin() == Origin.RULE) // where the rest of the clusters speaks against it
                .forEach(link -> held.asked.add(new Pair(link.a(), link.b())));
        return compare(held, clusters);
    }

    private Held read(LongConsumer progress) {
        var held = new Held();
        for (var system : store.read(tx -> Rematch.systems(tx, type.name()))) {
            String cursor = null;
            do {
                var from = cursor;
                cursor = store.read(tx -> {
                    var page = tx.records().list(system, type.name(), from, PAGE);
                    var live = new ArrayList<SourceRecord>();
                    for (var record : page.items()) {
                        if (record.state() == RecordState.LIVE) live.add(record);
                        else if (record.state().resolves()) count(held, record);
                    }
                    var keys = live.stream().map(record -> record.key()).toList();
                    held.goldenOf.putAll(tx.goldens().goldenOf(keys));
                    for (var record : live) add(held, matcher.profile(record.key(), record.evidence()));
                    for (var link : tx.links().of(keys)) {
                        // each is met once by each end
                        if (link.active() && link.origin() != Origin.RULE && keys.contains(link.a()))
                            held.said.add(link);
                    }
                    return page.next();
                });
                progress.accept(held.profiles.size());
            } while (cursor != null);
        }
        return held;
    }

    /** One that is not looked at itself, and holds its keys like any other. */
    private void count(Held held, SourceRecord record) {
        var profile = matcher.profile(record.key(), record.evidence());
        for (var key : matcher.blockKeys(profile)) held.others.merge(key, 1, Integer::sum);
    }

    private void add(Held held, Profile profile) {
        int place = held.profiles.size();
        held.profiles.add(profile);
        held.places.put(profile.key(), place);
        for (var key : matcher.blockKeys(profile)) {
            held.blocks.computeIfAbsent(key, k -> new ArrayList<>(2)).add(place);
        }
    }

    /** The links that the draft would make. */
    private List<Link> matches(Held held) {
        var seen = new HashSet<Long>();
        var links = new ArrayList<Link>();
        held.blocks.forEach((key, places) -> {
            if (places.size() < 2 || held.isGeneric(matcher, key)) return;
            for (int i = 0; i < places.size(); i++) {
                for (int j = i + 1; j < places.size(); j++) {
                    int a = places.get(i);
                    int b = places.get(j);
                    if (!seen.add((long) Math.min(a, b) << 32 | Math.max(a, b))) continue;
                    var one = held.profiles.get(a);
                    var other = held.profiles.get(b);
                    double score = matcher.score(one, other);
                    switch (matcher.decide(one, other, score)) {
                        case MATCH -> links.add(link(held, a, b, score, key));
                        case REPORT -> held.reported.add(new Pair(one.key(), other.key()));
                        case REVIEW -> held.asked.add(new Pair(one.key(), other.key()));
                        case NO_MATCH -> {}
                    }
                }
            }
        });
        return links;
    }

    private Link link(Held held, int one, int other, double score, String key) {
        var a = held.profiles.get(one).key();
        var b = held.profiles.get(other).key();
        boolean ordered = a.compareTo(b) < 0;
        return new Link(
                ordered ? a : b,
                ordered ? b : a,
                Origin.RULE,
                Decision.MATCH,
                LinkState.ACTIVE,
                score,
                List.of(),
                key,
                matcher.ruleSet(),
                Instant.EPOCH);
    }

    private Result compare(Held held, List<SortedSet<RecordKey>> clusters) {
        var parts = new TreeMap<String, List<List<RecordKey>>>();
        var joins = new ArrayList<SortedSet<RecordKey>>();
        for (var cluster : clusters) {
            var byGolden = new LinkedHashMap<String, List<RecordKey>>();
            for (var record : cluster) {
                var golden = held.goldenOf.get(record);
                if (golden != null)
                    byGolden.computeIfAbsent(golden, g -> new ArrayList<>()).add(record);
            }
            byGolden.forEach((golden, records) ->
                    parts.computeIfAbsent(golden, g -> new ArrayList<>()).add(records));
            if (byGolden.size() > 1) joins.add(cluster);
        }
        var asked = pairs(held, clusters, held.asked);
        var reported = pairs(held, clusters, held.reported);
        reported.removeAll(asked);
        long before = parts.size();
        parts.values().removeIf(of -> of.size() == 1);
        var apart = parts.entrySet().stream().limit(samples).toList();
        var together = joins.stream().limit(samples).toList();
        var labels = labels(held, apart.stream().map(Map.Entry::getKey).toList(), together);
        return new Result(
                held.profiles.size(),
                before,
                clusters.size(),
                parts.size(),
                joins.size(),
                asked.size(),
                reported.size(),
                apart.stream()
                        .map(entry -> new Apart(entry.getKey(), labels.get(entry.getKey()), entry.getValue()))
                        .toList(),
                together.stream()
                        .map(cluster -> together(held, cluster, labels))
                        .toList());
    }

    /** The clusters that pairs lead from one to the other and that nobody has told apart, each two of them once. */
    private static Set<Pair> pairs(Held held, List<SortedSet<RecordKey>> clusters, List<Pair> pairs) {
        var clusterOf = new HashMap<RecordKey, RecordKey>(); // named by its smallest record
        for (var cluster : clusters) for (var record : cluster) clusterOf.put(record, cluster.first());
        var found = new HashSet<Pair>();
        for (var pair : pairs) {
            var two = two(clusterOf, pair.a(), pair.b());
            if (!two.a().equals(two.b())) found.add(two);
        }
        for (var link : held.said) {
            boolean known = clusterOf.containsKey(link.a()) && clusterOf.containsKey(link.b());
            if (known && link.decision() == Decision.NO_MATCH) found.remove(two(clusterOf, link.a(), link.b()));
        }
        return found;
    }

    private static Pair two(Map<RecordKey, RecordKey> clusterOf, RecordKey one, RecordKey other) {
        var a = clusterOf.get(one);
        var b = clusterOf.get(other);
        return a.compareTo(b) < 0 ? new Pair(a, b) : new Pair(b, a);
    }

    private static Together together(Held held, SortedSet<RecordKey> cluster, Map<String, String> labels) {
        var goldens = List.copyOf(goldens(held, cluster));
        return new Together(
                goldens, goldens.stream().map(id -> labels.getOrDefault(id, id)).toList(), List.copyOf(cluster));
    }

    private static Set<String> goldens(Held held, SortedSet<RecordKey> cluster) {
        var goldens = new TreeSet<String>();
        for (var record : cluster) if (held.goldenOf.containsKey(record)) goldens.add(held.goldenOf.get(record));
        return goldens;
    }

    private Map<String, String> labels(Held held, List<String> apart, List<SortedSet<RecordKey>> together) {
        var ids = new TreeSet<>(apart);
        together.forEach(cluster -> ids.addAll(goldens(held, cluster)));
        var labels = new HashMap<String, String>();
        store.read(tx -> tx.goldens().find(ids)).forEach((id, golden) -> labels.put(id, golden.label()));
        return labels;
    }
}
