package io.kintsugi.server.engine.stewardship;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.resolution.Question;
import io.kintsugi.server.engine.resolution.Resolver;
import io.kintsugi.server.engine.resolution.Resolver.Occasion;
import io.kintsugi.server.engine.resolution.Resolver.Occasion.PairKey;
import io.kintsugi.server.engine.resolution.Resolver.Outcome;
import io.kintsugi.server.engine.resolution.Verdicts;
import io.kintsugi.server.engine.stewardship.Stewardship.Decided;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Answers of one steward to questions about two goldens, and taking them back, in one transaction. */
final class Answers {
    private final HubTransaction tx;
    private final Resolver resolver;
    private final String by;
    private final Instant now;

    Answers(HubTransaction tx, Resolver resolver, String by, Instant now) {
        this.tx = tx;
        this.resolver = resolver;
        this.by = by;
        this.now = now;
    }

    /** @param golden which of the goldens that a contested record fits; null for a question about two */
    Decided<Review> decide(String reviewId, long expectedRevision, Decision decision, String golden, String note) {
        var review = lock(reviewId, expectedRevision);
        if (review.state() != ReviewState.OPEN) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "review " + reviewId + " is " + review.state()
                            + (review.decidedBy() == null ? "" : " by " + review.decidedBy()) + "; reload it");
        }
        var question = Question.parse(review.detail());
        var said = question.contested() == null
                ? saidOfTwo(sides(question), decision)
                : saidOfContested(question.contested(), decision, golden);
        save(decided(review, question.answered(said.pairs(), said.apart(), null), decision, note));
        var links = decision == Decision.MATCH ? said.pairs() : List.<PairKey>of();
        var outcome = resolver.resolve(tx, said.records(), new Occasion(Origin.STEWARD, Set.of(), by, note, links));
        var after = tx.reviews().find(List.of(reviewId)).get(reviewId);
        var about = question.contested() == null
                ? question.keyA()
                : RecordKey.parse(question.contested().record());
        var survivor = tx.goldens().goldenOf(List.of(about)).get(about);
        boolean made = outcome.absorptions().stream()
                .anyMatch(one -> one.survivor().equals(survivor)); // rules may make others one at the same time
        if (decision == Decision.MATCH && made) {
            var event = tx.merges().ofGolden(survivor).get(0);
            after = decided(review, question.answered(said.pairs(), said.apart(), event.id()), decision, note);
            save(after);
        }
        return new Decided<>(after, outcome);
    }

    /** What an answer wrote. */
    private record Said(TreeSet<RecordKey> records, List<PairKey> pairs, List<PairKey> apart) {}

    private Said saidOfTwo(List<TreeSet<RecordKey>> sides, Decision decision) {
        var all = new TreeSet<RecordKey>();
        sides.forEach(all::addAll);
        var verdicts = new Verdicts(tx, by, now);
        var pairs = decision == Decision.MATCH ? verdicts.same(all) : verdicts.different(sides);
        return new Said(all, pairs, List.of());
    }

    /** It belongs to one of the goldens it fits and so to no other, or to none of them. */
    private Said saidOfContested(Question.Contest contest, Decision decision, String golden) {
        var own = side(RecordKey.parse(contest.record()));
        var sides = new TreeMap<String, TreeSet<RecordKey>>();
        var goldenOf = tx.goldens().goldenOf(contest.candidateKeys());
        for (var key : contest.candidateKeys()) {
            if (goldenOf.containsKey(key) && !own.contains(key)) sides.put(goldenOf.get(key), side(key));
        }
        if (decision == Decision.MATCH && (golden == null || !sides.containsKey(golden))) {
            throw new HubException(
                    HubErrorCode.BAD_REQUEST,
                    "the record fits several golden records; name in golden the one it belongs to: " + sides.keySet());
        }
        var verdicts = new Verdicts(tx, by, now);
        var all = new TreeSet<>(own);
        var pairs = new ArrayList<PairKey>();
        var apart = new ArrayList<PairKey>();
        sides.forEach((id, side) -> {
            all.addAll(side);
            boolean chosen = decision == Decision.MATCH && id.equals(golden);
            if (!chosen) (decision == Decision.MATCH ? apart : pairs).addAll(verdicts.different(List.of(own, side)));
        });
        if (decision == Decision.MATCH) {
            var together = new TreeSet<>(own);
            together.addAll(sides.get(golden));
            pairs.addAll(verdicts.same(together));
        }
        return new Said(all, pairs, apart);
    }

    Decided<Review> undo(String reviewId, long expectedRevision) {
        var review = lock(reviewId, expectedRevision);
        if (review.state() != ReviewState.DECIDED) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "review " + reviewId + " is " + review.state() + "; there is nothing to undo");
        }
        var question = Question.parse(review.detail());
        var verdicts = new Verdicts(tx, by, now);
        verdicts.retract(question.wrote(), review.decision());
        verdicts.retract(question.wroteApart(), Decision.NO_MATCH);
        save(reopened(review, question));
        var apart = question.merge() == null
                ? Outcome.NOTHING
                : new Unmerging(tx, resolver, by, now).withdraw(question.merge());
        var occasion = new Occasion(Origin.STEWARD, Set.of(), by, null, List.of());
        var outcome = Resolver.join(List.of(apart, resolver.resolve(tx, ends(question), occasion)));
        return new Decided<>(tx.reviews().find(List.of(reviewId)).get(reviewId), outcome);
    }

    /** The live records of the golden of a record, and itself. */
    private TreeSet<RecordKey> side(RecordKey record) {
        var side = new TreeSet<RecordKey>(Set.of(record));
        var golden = tx.goldens().goldenOf(List.of(record)).get(record);
        if (golden != null) side.addAll(live(tx, golden));
        return side;
    }

    /** The live records of the two goldens that the question is about. */
    private List<TreeSet<RecordKey>> sides(Question question) {
        var sides = List.of(side(question.keyA()), side(question.keyB()));
        if (sides.get(0).equals(sides.get(1))) { // joined meanwhile: only the pair itself can be told apart
            return List.of(new TreeSet<>(Set.of(question.keyA())), new TreeSet<>(Set.of(question.keyB())));
        }
        return sides;
    }

    static TreeSet<RecordKey> live(HubTransaction tx, String goldenId) {
        var keys = new TreeSet<RecordKey>();
        for (var member : tx.goldens().members(List.of(goldenId)).getOrDefault(goldenId, List.of())) {
            if (member.record().state().counts()) keys.add(member.record().key());
        }
        return keys;
    }

    private static TreeSet<RecordKey> ends(Question question) {
        var ends = new TreeSet<RecordKey>(List.of(question.keyA(), question.keyB()));
        for (var pairs : List.of(question.wrote(), question.wroteApart())) {
            pairs.forEach(pair -> {
                ends.add(pair.a());
                ends.add(pair.b());
            });
        }
        return ends;
    }

    /** Reads a question and locks it. Other kinds of review keep no {@link Question}, so nothing can be said about them here. */
    private Review lock(String id, long expectedRevision) {
        var review = tx.reviews()
                .lock(id)
                .orElseThrow(() -> new HubException(HubErrorCode.NOT_FOUND, "there is no review " + id));
        if (review.revision() != expectedRevision) {
            throw new HubException(
                    HubErrorCode.REVISION_CONFLICT,
                    "review " + id + " is at revision " + review.revision() + ", you sent " + expectedRevision
                            + "; reload and retry");
        }
        if (!review.kind().isAboutGoldens()) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE, "review " + id + " is no question about two golden records");
        }
        return review;
    }

    private void save(Review review) {
        tx.reviews().save(List.of(review));
    }

    private Review decided(Review review, Question question, Decision decision, String note) {
        return new Review(
                review.id(),
                review.kind(),
                ReviewState.DECIDED,
                review.entityType(),
                review.goldens(),
                review.records(),
                review.score(),
                review.reason(),
                question.toJson(),
                review.revision() + 1,
                review.openedAt(),
                now,
                by,
                decision,
                note,
                review.policies());
    }

    private Review reopened(Review review, Question question) {
        return new Review(
                review.id(),
                review.kind(),
                ReviewState.OPEN,
                review.entityType(),
                review.goldens(),
                review.records(),
                review.score(),
                review.reason(),
                question.open().toJson(),
                review.revision() + 1,
                now,
                null,
                null,
                null,
                null,
                review.policies());
    }
}
