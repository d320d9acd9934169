package io.kintsugi.server.api;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.server.engine.resolution.ContestedRecord;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/**
 * A record that fits several goldens.
 *
 * @param golden its own
 * @param candidates those it fits, the likeliest first
 */
record ContestView(RecordKey record, String golden, List<CandidateView> candidates, ToldApart verdict) {
    /** @param score highest of a pair with one of its records */
    record CandidateView(String golden, String label, double score, double probability) {}

    record ToldApart(RecordKey a, RecordKey b, String by, Instant at) {}

    /** Null if it is no question about a record that fits several goldens. */
    static ContestView of(
            Review review, List<RecordView> records, List<GoldenView> goldens, List<ReviewResource.ScoredPair> pairs) {
        var contest = ContestedRecord.of(review);
        if (contest.isEmpty()) return null;
        var goldenOf = new HashMap<RecordKey, String>();
        records.forEach(record -> goldenOf.put(record.key(), record.goldenId()));
        var own = goldenOf.get(contest.get().record());
        var best = new HashMap<String, Double>();
        for (var pair : pairs) {
            var a = goldenOf.get(pair.a());
            var b = goldenOf.get(pair.b());
            if (Objects.equals(a, own))
                best.merge(String.valueOf(b), pair.computed().score(), Math::max);
            else if (Objects.equals(b, own))
                best.merge(String.valueOf(a), pair.computed().score(), Math::max);
        }
        var wanted = new HashSet<String>();
        contest.get().candidates().forEach(key -> wanted.add(String.valueOf(goldenOf.get(key))));
        var candidates = goldens.stream()
                .filter(golden -> wanted.contains(golden.id()) && !golden.id().equals(own))
                .map(golden -> {
                    double score = best.getOrDefault(golden.id(), review.score());
                    return new CandidateView(golden.id(), golden.label(), score, LinkView.probability(score));
                })
                .sorted(Comparator.comparingDouble((CandidateView candidate) -> -candidate.score())
                        .thenComparing(CandidateView::golden))
                .toList();
        var verdict = contest.get().verdict();
        return new ContestView(
                contest.get().record(),
                own,
                candidates,
                verdict == null ? null : new ToldApart(verdict.a(), verdict.b(), verdict.by(), verdict.at()));
    }
}
