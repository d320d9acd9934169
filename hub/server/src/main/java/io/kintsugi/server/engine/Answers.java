package io.kintsugi.server.engine;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Origin;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.RecordState;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.server.engine.Resolver.Occasion;
import io.kintsugi.server.engine.Resolver.Occasion.PairKey;
import io.kintsugi.server.engine.Stewardship.Decided;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
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

    Decided<Review> decide(String reviewId, long expectedRevision, Decision decision, String note) {
        var review = lock(reviewId, expectedRevision);
        if (review.state() != ReviewState.OPEN) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "review " + reviewId + " is " + review.state()
                            + (review.decidedBy() == null ? "" : " by " + review.decidedBy()) + "; reload it");
        }
        var question = Question.parse(review.detail());
        var verdicts = new Verdicts(tx, by, now);
        var sides = sides(question);
        var all = new TreeSet<RecordKey>();
        sides.forEach(all::addAll);
        var pairs = decision == Decision.MATCH ? verdicts.same(all) : verdicts.different(sides);
        save(decided(review, question, decision, pairs, null, note));
        var links = decision == Decision.MATCH ? pairs : List.<PairKey>of();
        var outcome = resolver.resolve(tx, all, new Occasion(Origin.STEWARD, Set.of(), by, note, links));
        var after = tx.reviews().find(List.of(reviewId)).get(reviewId);
        if (!outcome.absorptions().isEmpty()) {
            var survivor = outcome.absorptions().get(0).survivor();
            var event = tx.merges().ofGolden(survivor).get(0);
            after = decided(review, question, decision, pairs, event.id(), note);
            save(after);
        }
        return new Decided<>(after, outcome);
    }

    Decided<Review> undo(String reviewId, long expectedRevision) {
        var review = lock(reviewId, expectedRevision);
        if (review.state() != ReviewState.DECIDED) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE,
                    "review " + reviewId + " is " + review.state() + "; there is nothing to undo");
        }
        var question = Question.parse(review.detail());
        var pairs = question.links().stream()
                .map(pair -> new PairKey(RecordKey.parse(pair.get(0)), RecordKey.parse(pair.get(1))))
                .toList();
        new Verdicts(tx, by, now).retract(pairs, review.decision());
        if (question.merge() != null) {
            tx.merges().find(question.merge()).ifPresent(event -> tx.merges().save(List.of(event.undone(now, by))));
        }
        save(reopened(review, question));
        var outcome = resolver.resolve(
                tx, ends(pairs, question), new Occasion(Origin.STEWARD, Set.of(), by, null, List.of()));
        return new Decided<>(tx.reviews().find(List.of(reviewId)).get(reviewId), outcome);
    }

    /** The live records of the two goldens that the question is about. */
    private List<TreeSet<RecordKey>> sides(Question question) {
        var goldenOf = tx.goldens().goldenOf(List.of(question.keyA(), question.keyB()));
        var sides = new ArrayList<TreeSet<RecordKey>>();
        for (var key : List.of(question.keyA(), question.keyB())) {
            var side = new TreeSet<RecordKey>(Set.of(key));
            var golden = goldenOf.get(key);
            if (golden != null) side.addAll(live(tx, golden));
            sides.add(side);
        }
        if (sides.get(0).equals(sides.get(1))) { // joined meanwhile: only the pair itself can be told apart
            return List.of(new TreeSet<>(Set.of(question.keyA())), new TreeSet<>(Set.of(question.keyB())));
        }
        return sides;
    }

    static TreeSet<RecordKey> live(HubTransaction tx, String goldenId) {
        var keys = new TreeSet<RecordKey>();
        for (var member : tx.goldens().members(List.of(goldenId)).getOrDefault(goldenId, List.of())) {
            if (member.record().state() == RecordState.LIVE)
                keys.add(member.record().key());
        }
        return keys;
    }

    private static TreeSet<RecordKey> ends(List<PairKey> pairs, Question question) {
        var ends = new TreeSet<RecordKey>(List.of(question.keyA(), question.keyB()));
        pairs.forEach(pair -> {
            ends.add(pair.a());
            ends.add(pair.b());
        });
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
        if (review.kind() != Kind.CANDIDATE && review.kind() != Kind.DISPUTED) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE, "review " + id + " is no question about two golden records");
        }
        return review;
    }

    private void save(Review review) {
        tx.reviews().save(List.of(review));
    }

    private Review decided(
            Review review, Question question, Decision decision, List<PairKey> pairs, String merge, String note) {
        var links = pairs.stream()
                .map(pair -> List.of(pair.a().toString(), pair.b().toString()))
                .toList();
        return new Review(
                review.id(),
                review.kind(),
                ReviewState.DECIDED,
                review.entityType(),
                review.goldens(),
                review.records(),
                review.score(),
                review.reason(),
                new Question(question.a(), question.b(), links, merge).toJson(),
                review.revision() + 1,
                review.openedAt(),
                now,
                by,
                decision,
                note);
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
                new Question(question.a(), question.b(), List.of(), null).toJson(),
                review.revision() + 1,
                now,
                null,
                null,
                null,
                null);
    }
}
