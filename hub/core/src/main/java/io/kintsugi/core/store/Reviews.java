package io.kintsugi.core.store;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Questions for stewards. */
public interface Reviews {
    /** Stores reviews whole, new or not. */
    void save(Collection<Review> reviews);

    Map<String, Review> find(Collection<String> ids);

    /** Reads one review and locks it until the transaction ends. */
    Optional<Review> lock(String id);

    /** Open reviews that are about one of the records. */
    List<Review> openOf(Collection<RecordKey> records);

    /** One page, by the filter's order. */
    Page<Review> list(Filter filter, String cursor, int limit);

    /** Open reviews by kind. */
    Map<Kind, Long> openCounts();

    /**
     * @param kind null for all
     * @param state null for all
     * @param entityType null for all
     * @param system only reviews with a record of this system; null for all
     * @param minimumScore in bits; null for all
     * @param sort {@code score} (highest first) or {@code openedAt} (oldest first)
     */
    record Filter(Kind kind, ReviewState state, String entityType, String system, Double minimumScore, String sort) {}
}
