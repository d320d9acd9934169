package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.lifecycle.ResolutionPlan;
import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.Link;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.model.SourceRecord;
import io.kintsugi.server.engine.resolution.Question.Contest;
import io.kintsugi.server.engine.resolution.Question.Verdict;
import io.kintsugi.server.engine.resolution.ReviewBook.Two;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The questions about records that fit several goldens (ID-6): one for each golden of such records, with all its candidates. */
final class Contests {
    private static final Comparator<Link> NEWEST =
            Comparator.comparing(Link::at).thenComparing(Link::a).thenComparing(Link::b);

    private Contests() {}

    /**
     * One golden that fits several others.
     *
     * @param record its smallest live record, which names the question
     * @param candidates ids of the goldens it fits, sorted
     * @param strongest link between it and one of these
     */
    record OfGolden(String golden, RecordKey record, List<String> candidates, Link strongest) {
        List<String> goldens() {
            var all = new TreeSet<>(candidates);
            all.add(golden);
            return List.copyOf(all);
        }

        Review review(
                LiveModel.Rules rules, Collection<Link> links, Map<String, List<RecordKey>> recordsOf, Instant now) {
            var records = new TreeSet<RecordKey>(List.of(record));
            var first = new ArrayList<RecordKey>();
            for (var id : candidates) first.add(recordsOf.get(id).get(0));
            records.addAll(first);
            for (var id : goldens()) {
                for (var key : recordsOf.getOrDefault(id, List.of())) {
                    if (records.size() < Review.MOST_RECORDS) records.add(key);
                }
            }
            var verdict = verdict(links, recordsOf);
            return new Review(
                    "rv-" + ContentHash.of(Map.of("contested", record.toString())),
                    Kind.DISPUTED,
                    ReviewState.OPEN,
                    rules.type().name(),
                    goldens(),
                    List.copyOf(records),
                    strongest.score(),
                    reason(first, verdict),
                    Question.open(
                                    strongest.a(),
                                    strongest.b(),
                                    new Contest(
                                            record.toString(),
                                            first.stream()
                                                    .map(RecordKey::toString)
                                                    .toList(),
                                            verdict))
                            .toJson(),
                    1,
                    now,
                    null,
                    null,
                    null,
                    null,
                    rules.policies());
        }

        private String reason(List<RecordKey> first, Verdict verdict) {
            if (verdict != null) {
                return record + " matches both " + verdict.a() + " and " + verdict.b() + ", and " + verdict.by()
                        + " said that these are not the same";
            }
            return record + " fits several golden records, those of "
                    + String.join(
                            " and ", first.stream().map(RecordKey::toString).toList()) + "; it changed none of them";
        }

        /** The newest word of a steward that tells two of the candidates apart. */
        private Verdict verdict(Collection<Link> links, Map<String, List<RecordKey>> recordsOf) {
            var candidateOf = new HashMap<RecordKey, String>();
            for (var id : candidates) recordsOf.get(id).forEach(key -> candidateOf.put(key, id));
            return links.stream()
                    .filter(link -> link.active() && link.origin() == Origin.STEWARD)
                    .filter(link -> link.decision() == Decision.NO_MATCH)
                    .filter(link -> candidateOf.containsKey(link.a()) && candidateOf.containsKey(link.b()))
                    .filter(link -> !candidateOf.get(link.a()).equals(candidateOf.get(link.b())))
                    .max(NEWEST)
                    .map(link -> new Verdict(
                            link.a().toString(),
                            link.b().toString(),
                            link.by(),
                            link.at().toString()))
                    .orElse(null);
        }
    }

    /**
     * Takes the questions that are about contested goldens out of those about two.
     *
     * @param strongest strongest link of each two goldens that are asked about; loses those between a contested golden and its
     *     candidates
     */
    static List<OfGolden> take(ResolutionPlan plan, Map<Two, Link> strongest) {
        var found = new ArrayList<OfGolden>();
        plan.contested().forEach((golden, fits) -> {
            var asked = fits.stream()
                    .filter(id -> strongest.containsKey(Two.of(golden, id)))
                    .toList();
            if (asked.size() < 2) return; // a steward has told it apart from the others
            var link = asked.stream()
                    .map(id -> strongest.get(Two.of(golden, id)))
                    .reduce(ReviewBook::stronger)
                    .orElseThrow();
            var record = plan.members().get(golden).stream()
                    .map(SourceRecord::key)
                    .min(RecordKey::compareTo)
                    .orElseThrow();
            found.add(new OfGolden(golden, record, asked, link));
        });
        for (var contest : found) {
            for (var id : contest.candidates()) strongest.remove(Two.of(contest.golden(), id));
        }
        return found;
    }
}
