package io.kintsugi.server.engine.stewardship;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.HubStore;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Reviews;
import io.kintsugi.server.engine.resolution.ContestedRecord;
import io.kintsugi.server.engine.shared.HubEvents;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What people say about all that the brake on merges holds back of one entity type. Thread-safe. */
public final class BrakeAnswers {
    private static final int PAGE = 200;

    private final HubStore store;
    private final Stewardship stewardship;
    private final Clock clock;
    private final HubEvents events;

    public BrakeAnswers(HubStore store, Stewardship stewardship, Clock clock, HubEvents events) {
        this.store = store;
        this.stewardship = stewardship;
        this.clock = clock;
        this.events = events;
    }

    /**
     * Approves: what is held back is resolved once more and merged, and for an hour the brake lets merges through. Or refuses: each
     * two goldens that are held back get a verdict that they are not the same, which can be taken back one by one. A refusal that is
     * interrupted leaves the question open and is asked for again.
     *
     * @return the closed question
     * @throws HubException {@code NOT_FOUND}; {@code REVISION_CONFLICT}; {@code NOT_POSSIBLE} if it is no open question of this brake
     */
    public Review answer(String reviewId, long revision, boolean approves, String note, String by) {
        var type = store.read(tx -> open(tx.reviews().find(List.of(reviewId)).get(reviewId), reviewId, revision))
                .entityType();
        if (!approves) refuse(type, note, by);
        var closed = store.write(tx -> {
            var review = open(tx.reviews().lock(reviewId).orElse(null), reviewId, revision);
            if (approves) release(tx, type);
            var now = clock.instant();
            var decided = new Review(
                    review.id(),
                    review.kind(),
                    ReviewState.DECIDED,
                    type,
                    review.goldens(),
                    review.records(),
                    review.score(),
                    review.reason(),
                    review.detail(),
                    review.revision() + 1,
                    review.openedAt(),
                    now,
                    by,
                    approves ? Decision.MATCH : Decision.NO_MATCH,
                    note,
                    review.policies());
            tx.reviews().save(List.of(decided));
            return decided;
        });
        events.publish("review.changed", Map.of("decided", 1));
        return closed;
    }

    private static Review open(Review review, String id, long revision) {
        if (review == null) throw new HubException(HubErrorCode.NOT_FOUND, "there is no review " + id);
        if (review.revision() != revision) {
            throw new HubException(
                    HubErrorCode.REVISION_CONFLICT,
                    "review " + id + " is at revision " + review.revision() + ", you sent " + revision
                            + "; reload and retry");
        }
        if (review.kind() != Kind.MERGE_BRAKE || review.state() != ReviewState.OPEN) {
            throw new HubException(
                    HubErrorCode.NOT_POSSIBLE, "review " + id + " is no open question about merges that are held back");
        }
        return review;
    }

    private static List<Review> held(HubTransaction tx, String type) {
        var filter = new Reviews.Filter(Kind.HELD_MERGE, ReviewState.OPEN, type, null, null, "openedAt");
        var all = new ArrayList<Review>();
        String cursor = null;
        do {
            var page = tx.reviews().list(filter, cursor, PAGE);
            all.addAll(page.items());
            cursor = page.next();
        } while (cursor != null);
        return all;
    }

    private static void release(HubTransaction tx, String type) {
        var pairs = new TreeSet<RecordKey>();
        held(tx, type).forEach(review -> ContestedRecord.pair(review).ifPresent(pairs::addAll));
        tx.records().markPending(pairs);
    }

    private void refuse(String type, String note, String by) {
        for (var review : store.read(tx -> held(tx, type))) {
            var still =
                    store.read(tx -> tx.reviews().find(List.of(review.id()))).get(review.id());
            if (still.state() != ReviewState.OPEN || still.kind() != Kind.HELD_MERGE) continue;
            stewardship.decide(still.id(), still.revision(), Decision.NO_MATCH, note, by);
        }
    }
}
