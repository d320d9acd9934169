package io.kintsugi.server.api;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.GoldenRecord;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.HubTransaction;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * A review in a list.
 *
 * @param held how many merges an open question of the brake holds back now; null for any other
 */
record ReviewView(
        String id,
        Kind kind,
        ReviewState state,
        String type,
        String label,
        List<String> goldens,
        List<RecordKey> records,
        List<String> systems,
        double score,
        double probability,
        String reason,
        Long held,
        long revision,
        Instant openedAt,
        Instant decidedAt,
        String decidedBy,
        Decision decision,
        String note,
        String policies) {
    /** Views of reviews, named after their goldens, which are read in one go. */
    static List<ReviewView> of(HubTransaction tx, Collection<Review> reviews) {
        var ids = new TreeSet<String>();
        reviews.forEach(review -> ids.addAll(review.goldens()));
        var goldens = tx.goldens().find(ids);
        return reviews.stream()
                .map(review -> {
                    var label = review.goldens().stream()
                            .map(goldens::get)
                            .filter(Objects::nonNull)
                            .findFirst()
                            .map(GoldenRecord::label)
                            .orElseGet(() -> unnamed(review));
                    return of(review, label, held(tx, review));
                })
                .toList();
    }

    /** A row is named as its system does; of which it is, the view says besides. */
    private static String unnamed(Review review) {
        if (review.records().isEmpty()) return review.id();
        var record = review.records().get(0);
        return review.kind() == Kind.UNMAPPABLE ? record.externalId() : record.toString();
    }

    private static Long held(HubTransaction tx, Review review) {
        return review.kind() == Kind.MERGE_BRAKE && review.state() == ReviewState.OPEN
                ? tx.reviews().countOpen(Kind.HELD_MERGE, review.entityType())
                : null;
    }

    private static ReviewView of(Review review, String label, Long held) {
        return new ReviewView(
                review.id(),
                review.kind(),
                review.state(),
                review.entityType(),
                label,
                review.goldens(),
                review.records(),
                review.records().stream()
                        .map(RecordKey::system)
                        .distinct()
                        .sorted()
                        .toList(),
                review.score(),
                LinkView.probability(review.score()),
                review.reason(),
                held,
                review.revision(),
                review.openedAt(),
                review.decidedAt(),
                review.decidedBy(),
                review.decision(),
                review.note(),
                review.policies());
    }
}
