package io.kintsugi.graph;

import io.kintsugi.core.model.Decision;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.Page;
import io.kintsugi.core.store.Reviews;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.neo4j.driver.Record;
import org.neo4j.driver.Value;

final class GraphReviews implements Reviews {
    private final GraphQueries queries;

    GraphReviews(GraphQueries queries) {
        this.queries = queries;
    }

    @Override
    public void save(Collection<Review> reviews) {
        var rows = reviews.stream()
                .sorted(Comparator.comparing(Review::id))
                .map(review -> Map.of(
                        "id",
                        review.id(),
                        "records",
                        RecordNodes.keys(review.records()),
                        "properties",
                        properties(review)))
                .toList();
        queries.list(Cypher.SAVE_REVIEWS, "rows", rows);
        queries.list(Cypher.TIE_REVIEWS, "rows", rows);
    }

    private static Map<String, Object> properties(Review review) {
        var properties = new HashMap<String, Object>();
        properties.put("id", review.id());
        properties.put("kind", review.kind().name());
        properties.put("state", review.state().name());
        properties.put("type", review.entityType());
        properties.put("goldens", review.goldens());
        properties.put("records", RecordNodes.keys(review.records()));
        properties.put("score", review.score());
        properties.put("reason", review.reason());
        properties.put("detail", review.detail());
        properties.put("revision", review.revision());
        properties.put("openedAt", Times.stored(review.openedAt()));
        properties.put("decidedAt", Times.stored(review.decidedAt()));
        properties.put("decidedBy", review.decidedBy());
        properties.put(
                "decision", review.decision() == null ? null : review.decision().name());
        properties.put("note", review.note());
        properties.put("policies", review.policies());
        return properties;
    }

    private static Review review(Record row) {
        Value properties = row.get("properties");
        return new Review(
                properties.get("id").asString(),
                Kind.valueOf(properties.get("kind").asString()),
                ReviewState.valueOf(properties.get("state").asString()),
                properties.get("type").asString(null),
                properties.get("goldens").asList(Value::asString),
                RecordNodes.parsed(properties.get("records")),
                properties.get("score").asDouble(),
                properties.get("reason").asString(null),
                properties.get("detail").asString(null),
                properties.get("revision").asLong(),
                Times.instant(properties.get("openedAt")),
                Times.instant(properties.get("decidedAt")),
                properties.get("decidedBy").asString(null),
                properties.get("decision").isNull()
                        ? null
                        : Decision.valueOf(properties.get("decision").asString()),
                properties.get("note").asString(null),
                properties.get("policies").asString(null));
    }

    @Override
    public Map<String, Review> find(Collection<String> ids) {
        var found = new LinkedHashMap<String, Review>();
        for (var row : queries.list(Cypher.FIND_REVIEWS, "ids", ids)) {
            var review = review(row);
            found.put(review.id(), review);
        }
        return found;
    }

    @Override
    public Optional<Review> lock(String id) {
        return queries.list(Cypher.LOCK_REVIEW, Map.of("id", id)).stream()
                .map(GraphReviews::review)
                .findFirst();
    }

    @Override
    public List<Review> openOf(Collection<RecordKey> records) {
        var found = new LinkedHashMap<String, Review>(); // a review can be in two batches
        for (var row : queries.list(Cypher.FIND_OPEN_REVIEWS, "keys", RecordNodes.keys(records))) {
            var review = review(row);
            found.put(review.id(), review);
        }
        return new ArrayList<>(found.values());
    }

    @Override
    public Page<Review> list(Filter filter, String cursor, int limit) {
        var after = cursor == null ? null : PageCursor.parse(cursor);
        var parameters = new HashMap<String, Object>();
        parameters.put("kinds", names(filter.kinds().toArray(Enum<?>[]::new)));
        parameters.put("states", names(filter.state() == null ? ReviewState.values() : new Enum<?>[] {filter.state()}));
        parameters.put("type", filter.entityType());
        parameters.put("prefix", filter.system() == null ? null : filter.system() + ":");
        parameters.put("minimumScore", filter.minimumScore());
        parameters.put("afterId", after == null ? null : after.id());
        parameters.put("limit", (long) limit + 1);
        Cypher query;
        switch (filter.sort()) {
            case "score" -> {
                query = Cypher.LIST_REVIEWS_BY_SCORE;
                parameters.put("afterScore", after == null ? null : after.sortAsNumber());
            }
            case "teach" -> {
                query = Cypher.LIST_REVIEWS_BY_DOUBT;
                parameters.put("middles", filter.middles());
                parameters.put("afterDoubt", after == null ? null : after.sortAsNumber());
            }
            default -> {
                query = Cypher.LIST_REVIEWS_BY_AGE;
                parameters.put("afterAt", after == null ? null : Times.stored(after.sortAsInstant()));
            }
        }
        var found = queries.list(query, parameters).stream()
                .map(GraphReviews::review)
                .toList();
        return PageCursor.cut(found, limit, last -> place(filter, last));
    }

    private static PageCursor place(Filter filter, Review last) {
        return switch (filter.sort()) {
            case "score" -> new PageCursor(Double.toString(last.score()), last.id());
            case "teach" -> new PageCursor(Double.toString(filter.doubt(last)), last.id());
            default -> PageCursor.of(last.openedAt(), last.id());
        };
    }

    private static List<String> names(Enum<?>... values) {
        return Arrays.stream(values).map(Enum::name).toList();
    }

    @Override
    public boolean anyOpen(Kind kind) {
        return !queries.list(Cypher.FIND_ANY_OPEN_REVIEW, Map.of("kind", kind.name()))
                .isEmpty();
    }

    @Override
    public long countOpen(Kind kind, String entityType) {
        return queries.list(Cypher.COUNT_OPEN_REVIEWS_OF_TYPE, Map.of("kind", kind.name(), "type", entityType))
                .get(0)
                .get("reviews")
                .asLong();
    }

    @Override
    public Map<Kind, Long> openCounts() {
        var counts = new TreeMap<Kind, Long>();
        for (var row : queries.list(Cypher.COUNT_OPEN_REVIEWS, Map.of())) {
            counts.put(
                    Kind.valueOf(row.get("kind").asString()), row.get("reviews").asLong());
        }
        return counts;
    }
}
