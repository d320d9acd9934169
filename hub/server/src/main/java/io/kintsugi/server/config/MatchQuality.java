package io.kintsugi.server.config;

import io.kintsugi.core.match.Matcher;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.server.engine.resolution.ContestedRecord;
import io.kintsugi.server.engine.shared.ProfileCache;
import io.kintsugi.server.engine.shared.Profiles;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * How well match rules agree with what the stewards of this hub said (ID-11). A label is a standing verdict on a pair of records that a
 * question or a merge was about. Stewards are asked about doubtful pairs, so the figures are those of the hard cases.
 */
public final class MatchQuality {
    private static final int MOST_LABELS = 5_000;
    private static final int PAGE = 500;

    private final List<Label> labels;
    private final Map<RecordKey, SourceRecord> records;

    /** What stewards say of a pair of records, the smaller key first. */
    public record Label(RecordKey a, RecordKey b, boolean same) {}

    private MatchQuality(List<Label> labels, Map<RecordKey, SourceRecord> records) {
        this.labels = labels;
        this.records = records;
    }

    /**
     * The figures of one set of rules.
     *
     * @param labelled pairs that stewards judged
     * @param same how many of them they found to be the same
     * @param matched how many the rules take for the same without asking
     * @param right how many of these are
     * @param asked how many the rules ask a person about
     * @param precision share of {@code matched} that is right; null if the rules match none
     * @param recall share of {@code same} that the rules match; null if none is the same
     */
    public record Figures(
            long labelled, long same, long matched, long right, long asked, Double precision, Double recall) {}

    /** Reads the labels of one entity type, some thousands at most. */
    public static MatchQuality of(HubTransaction tx, String entityType) {
        var asked = new HashMap<Pair, Boolean>();
        String cursor = null;
        do {
            var page = tx.reviews()
                    .list(
                            new Reviews.Filter(null, ReviewState.DECIDED, entityType, null, null, "openedAt"),
                            cursor,
                            PAGE);
            for (var review : page.items()) {
                var pair = ContestedRecord.pair(review);
                boolean ofTwo = ContestedRecord.of(review).isEmpty();
                pair.ifPresent(keys -> asked.put(
                        new Pair(keys.get(0), keys.get(1)), ofTwo ? review.decision() == Decision.MATCH : null));
            }
            cursor = page.next();
        } while (cursor != null && asked.size() < MOST_LABELS);
        cursor = null;
        do {
            var page = tx.merges().list(cursor, PAGE);
            for (var merge : page.items()) {
                if (merge.origin() != Origin.STEWARD || !merge.entityType().equals(entityType)) continue;
                merge.links().forEach(link -> asked.putIfAbsent(new Pair(link.a(), link.b()), null));
            }
            cursor = page.next();
        } while (cursor != null && asked.size() < 2 * MOST_LABELS);
        return judged(tx, asked);
    }

    private record Pair(RecordKey a, RecordKey b) {}

    /**
     * What stands about the pairs: the verdict on the pair itself before the answer to the question, which may have tied it through a
     * third record.
     *
     * @param asked what the question was answered with; null if only a verdict on the pair counts
     */
    private static MatchQuality judged(HubTransaction tx, Map<Pair, Boolean> asked) {
        var ends = new TreeSet<RecordKey>();
        for (var pair : asked.keySet()) {
            ends.add(pair.a());
            ends.add(pair.b());
        }
        for (var link : tx.links().of(ends)) {
            var pair = new Pair(link.a(), link.b());
            if (link.origin() == Origin.STEWARD && link.active() && asked.containsKey(pair)) {
                asked.put(pair, link.decision() == Decision.MATCH);
            }
        }
        var labels = new ArrayList<Label>();
        asked.forEach((pair, same) -> {
            if (same != null) labels.add(new Label(pair.a(), pair.b(), same));
        });
        labels.sort(Comparator.comparing(Label::a).thenComparing(Label::b));
        return new MatchQuality(List.copyOf(labels), tx.records().find(ends));
    }

    /** In the order of their keys, each pair once. */
    public List<Label> labels() {
        return labels;
    }

    /** The figures of rules, also of such as were never published. What is generic in the hub now is no evidence (ID-10). */
    public Figures measure(HubTransaction tx, Matcher matcher) {
        var profiles = new Profiles(matcher, new ProfileCache());
        profiles.learn(tx, records.values().stream().map(profiles::whole).toList());
        long same = 0;
        long matched = 0;
        long right = 0;
        long asked = 0;
        for (var label : labels) {
            var a = records.get(label.a());
            var b = records.get(label.b());
            if (a == null || b == null) continue;
            var found = matcher.compare(profiles.of(a), profiles.of(b));
            if (label.same()) same++;
            boolean merges = found.decision() != Decision.NO_MATCH
                    && found.score() >= matcher.policy().autoBits(); // in whatever mode
            if (found.decision() == Decision.REVIEW && !merges) asked++;
            if (!merges) continue;
            matched++;
            if (label.same()) right++;
        }
        return new Figures(
                labels.size(),
                same,
                matched,
                right,
                asked,
                matched == 0 ? null : (double) right / matched,
                same == 0 ? null : (double) right / same);
    }
}
