package io.kintsugi.core.store;

import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Questions for stewards. */
public interface Reviews {
    /** Stores reviews whole, new or not. The records and goldens they name need not exist: a row that cannot be mapped is none yet. */
    void save(Collection<Review> reviews);

    Map<String, Review> find(Collection<String> ids);

    /** Reads one review and locks it until the transaction ends. */
    Optional<Review> lock(String id);

    /** Open reviews that are about one of the records, each once, in no order. */
    List<Review> openOf(Collection<RecordKey> records);

    /** One page, by the filter's order. */
    Page<Review> list(Filter filter, String cursor, int limit);

    /** Whether a review of the kind is open. Costs the same however many are. */
    boolean anyOpen(Kind kind);

    /** How many reviews of the kind are open about an entity type. */
    long countOpen(Kind kind, String entityType);

    /** Open reviews by kind, sorted; no entry for none. */
    Map<Kind, Long> openCounts();

    /**
     * @param kind null for all that ask somebody
     * @param state null for all
     * @param entityType null for all
     * @param system only reviews with a record of this system; null for all
     * @param minimumScore in bits; null for all
     * @param sort {@code score} (highest first), {@code openedAt} (oldest first) or {@code teach} (nearest to the middle first); ties
     *     go by id, smallest first
     * @param middles middle score by entity type, for {@code teach}; that of a type without an entry is 0
     */
    record Filter(
            Kind kind,
            ReviewState state,
            String entityType,
            String system,
            Double minimumScore,
            String sort,
            Map<String, Double> middles) {
        private static final List<String> SORTS = List.of("score", "openedAt", "teach");

        public Filter(
                Kind kind, ReviewState state, String entityType, String system, Double minimumScore, String sort) {
            this(kind, state, entityType, system, minimumScore, sort, Map.of());
        }

        /** How far a review is from the middle: the nearer, the more its answer teaches. */
        public double doubt(Review review) {
            return Math.abs(review.score() - middles.getOrDefault(String.valueOf(review.entityType()), 0.0));
        }

        /** The kinds that fit. */
        public List<Kind> kinds() {
            return kind != null
                    ? List.of(kind)
                    : Arrays.stream(Kind.values()).filter(Kind::asks).toList();
        }

        public Filter {
            middles = Map.copyOf(middles);
            if (!SORTS.contains(sort)) {
                throw new HubException(
                        HubErrorCode.BAD_REQUEST,
                        "reviews cannot be sorted by \"" + sort + "\"; choose one of " + SORTS);
            }
        }
    }
}
