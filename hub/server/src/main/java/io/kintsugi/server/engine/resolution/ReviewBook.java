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
import io.kintsugi.core.store.Goldens.Member;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.shared.LiveModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Keeps the open questions of a scope equal to what the links say: one review for each two goldens that a link says may be, or should
 * be, one, and that no steward has told apart, and one for each record that fits several (ID-6). The review is named after its strongest
 * pair of records, or after the record, so asking again is the same review, and a question that went away is closed.
 */
final class ReviewBook {

    private final HubTransaction tx;
    private final LiveModel.Rules rules;
    private final Instant now;

    ReviewBook(HubTransaction tx, LiveModel.Rules rules, Instant now) {
        this.tx = tx;
        this.rules = rules;
        this.now = now;
    }

    /** Two goldens, the smaller id first. */
    record Two(String first, String second) {
        static Two of(String a, String b) {
            return a.compareTo(b) < 0 ? new Two(a, b) : new Two(b, a);
        }

        List<String> goldens() {
            return List.of(first, second);
        }
    }

    /**
     * @param opened number of reviews that are open now and were not before
     * @param released records of the scope that a question is about no more; what it held back for their goldens may go
     */
    record Outcome(int opened, Set<RecordKey> released) {}

    /**
     * @param known records of the scope that a review may be about already
     * @param held goldens that rules would merge and the brake keeps apart
     */
    Outcome update(
            ResolutionPlan plan,
            Map<RecordKey, SourceRecord> scope,
            Collection<RecordKey> known,
            Collection<Link> links,
            Set<Two> held) {
        var goldenOf = new HashMap<RecordKey, String>();
        plan.members().forEach((id, members) -> members.forEach(member -> goldenOf.put(member.key(), id)));
        var outside = new TreeSet<RecordKey>();
        for (var link : links) {
            if (!question(link) && !tellsApart(link)) continue;
            boolean merge = SystemMerges.isQuestion(link); // names a record that is gone
            if (merge || !scope.containsKey(link.a())) outside.add(link.a());
            if (merge || !scope.containsKey(link.b())) outside.add(link.b());
        }
        if (!outside.isEmpty()) goldenOf.putAll(tx.goldens().goldenOf(outside));
        var strongest = strongest(links, goldenOf);
        var contests = Contests.take(plan, strongest);
        var involved = new TreeSet<String>();
        strongest.keySet().forEach(two -> involved.addAll(two.goldens()));
        contests.forEach(contest -> involved.addAll(contest.goldens()));
        var recordsOf = recordsOf(plan, involved);
        var asked = new ArrayList<Review>();
        strongest.forEach((two, link) -> asked.add(review(two, link, recordsOf, held.contains(two))));
        for (var contest : contests) asked.add(contest.review(rules, links, recordsOf, now));
        var open = new TreeMap<String, Review>();
        for (var review : tx.reviews().openOf(known)) {
            if (review.kind().isAboutGoldens()) open.put(review.id(), review);
        }
        var before = tx.reviews().find(asked.stream().map(Review::id).toList());
        var save = new ArrayList<Review>();
        int opened = 0;
        for (var review : asked) {
            var former = before.get(review.id());
            open.remove(review.id());
            if (former == null || former.state() != ReviewState.OPEN)
                opened += review.kind().asks() ? 1 : 0;
            else if (sameQuestion(former, review)) continue;
            save.add(former == null ? review : next(former, review));
        }
        var released = new TreeSet<RecordKey>();
        for (var stale : open.values()) {
            save.add(stale.closed(ReviewState.OBSOLETE, "rules", "the question no longer arises", now));
            released.addAll(stale.records());
        }
        tx.reviews().save(save);
        var elsewhere = new TreeSet<>(released);
        elsewhere.removeAll(scope.keySet());
        tx.records().markPending(elsewhere); // their goldens are not claimed here
        released.retainAll(scope.keySet());
        return new Outcome(opened, released);
    }

    /** Live records of the goldens in question, also of those outside the scope, so that a review does not depend on who asks. */
    private Map<String, List<RecordKey>> recordsOf(ResolutionPlan plan, Set<String> goldens) {
        var records = new HashMap<String, List<RecordKey>>();
        plan.members()
                .forEach((id, members) ->
                        records.put(id, members.stream().map(SourceRecord::key).toList()));
        var outside = new TreeSet<>(goldens);
        outside.removeAll(records.keySet());
        if (outside.isEmpty()) return records;
        tx.goldens()
                .members(outside)
                .forEach((id, members) -> records.put(
                        id,
                        members.stream()
                                .map(Member::record)
                                .filter(record -> record.state().counts())
                                .map(SourceRecord::key)
                                .toList()));
        return records;
    }

    private static boolean question(Link link) {
        boolean byRules = link.active() && link.origin() == Origin.RULE && link.decision() != Decision.NO_MATCH;
        return byRules || SystemMerges.isQuestion(link);
    }

    private static boolean tellsApart(Link link) {
        return link.active() && link.decision() == Decision.NO_MATCH;
    }

    private static Map<Two, Link> strongest(Collection<Link> links, Map<RecordKey, String> goldenOf) {
        var apart = new HashMap<Two, Instant>();
        for (var link : links) {
            if (!tellsApart(link)) continue;
            var a = goldenOf.get(link.a());
            var b = goldenOf.get(link.b());
            if (a == null || b == null || a.equals(b)) continue;
            apart.merge(Two.of(a, b), link.at(), (x, y) -> x.isAfter(y) ? x : y);
        }
        var strongest = new HashMap<Two, Link>();
        for (var link : links) {
            if (!question(link)) continue;
            var a = goldenOf.get(link.a());
            var b = goldenOf.get(link.b());
            if (a == null || b == null || a.equals(b)) continue;
            var toldApart = apart.get(Two.of(a, b));
            // what a system did after a steward had spoken is news to the steward
            boolean answered = toldApart != null && !(SystemMerges.isQuestion(link) && toldApart.isBefore(link.at()));
            if (answered) continue;
            strongest.merge(Two.of(a, b), link, ReviewBook::stronger);
        }
        return strongest;
    }

    static Link stronger(Link x, Link y) {
        if (SystemMerges.isQuestion(x) != SystemMerges.isQuestion(y)) return SystemMerges.isQuestion(x) ? x : y;
        if (reports(x) != reports(y)) return reports(x) ? y : x;
        int byScore = Double.compare(x.score(), y.score());
        if (byScore != 0) return byScore > 0 ? x : y;
        int byEnds = x.a().equals(y.a()) ? x.b().compareTo(y.b()) : x.a().compareTo(y.a());
        return byEnds <= 0 ? x : y;
    }

    private static boolean reports(Link link) {
        return link.decision() == Decision.REPORT;
    }

    private static String idOf(Link link) {
        return "rv-"
                + ContentHash.of(Map.of("a", link.a().toString(), "b", link.b().toString()));
    }

    private Review review(Two goldens, Link link, Map<String, List<RecordKey>> recordsOf, boolean held) {
        SortedSet<RecordKey> records = new TreeSet<>(List.of(link.a(), link.b()));
        for (var id : goldens.goldens()) {
            for (var record : recordsOf.getOrDefault(id, List.of())) {
                if (records.size() < Review.MOST_RECORDS) records.add(record);
            }
        }
        int all = goldens.goldens().stream()
                .mapToInt(id -> recordsOf.getOrDefault(id, List.of()).size())
                .sum();
        return new Review(
                idOf(link),
                switch (link.decision()) {
                    case MATCH -> held ? Kind.HELD_MERGE : Kind.DISPUTED;
                    case REPORT -> Kind.WOULD_MERGE;
                    case REVIEW, NO_MATCH -> Kind.CANDIDATE;
                },
                ReviewState.OPEN,
                rules.type().name(),
                goldens.goldens(),
                List.copyOf(records),
                link.score(),
                held
                        ? link.a() + " and " + link.b()
                                + " match and would be merged; the brake on merges holds it back"
                        : reason(link, all),
                Question.open(link.a(), link.b(), null).toJson(),
                1,
                now,
                null,
                null,
                null,
                null,
                rules.policies());
    }

    /** @param all records of both goldens */
    private String reason(Link link, int all) {
        var pair = link.a() + " and " + link.b();
        if (SystemMerges.isQuestion(link))
            return pair + " were merged in " + link.by() + "; are their golden records one?";
        int most = rules.matching().merging().maxClusterSize();
        return switch (link.decision()) {
            case MATCH ->
                all > most
                        ? pair + " match, but their golden records would be one of " + all
                                + " records, and rules make none of more than " + most + " (maxClusterSize)"
                        : pair + " match, but the rest of their golden records speaks against it";
            case REPORT -> pair + " match and would be merged; the match rules only report";
            case REVIEW, NO_MATCH ->
                link.score() >= rules.matching().autoBits()
                        ? pair + " match; the match rules ask before they merge"
                        : pair + " may be the same";
        };
    }

    /** A question that was asked before, as it is now. */
    private static Review next(Review before, Review now) {
        return new Review(
                now.id(),
                now.kind(),
                now.state(),
                now.entityType(),
                now.goldens(),
                now.records(),
                now.score(),
                now.reason(),
                now.detail(),
                before.revision() + 1,
                before.state() == ReviewState.OPEN ? before.openedAt() : now.openedAt(),
                null,
                null,
                null,
                null,
                now.policies());
    }

    private static boolean sameQuestion(Review before, Review after) {
        return before.kind() == after.kind()
                && before.goldens().equals(after.goldens())
                && before.records().equals(after.records())
                && before.score() == after.score()
                && before.reason().equals(after.reason());
    }
}
