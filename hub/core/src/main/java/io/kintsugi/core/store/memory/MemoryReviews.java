package io.kintsugi.core.store.memory;

import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.model.Review.Kind;
import io.kintsugi.core.model.Review.ReviewState;
import io.kintsugi.core.store.Page;
import io.kintsugi.core.store.Reviews;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

final class MemoryReviews implements Reviews {
    private static final Pages<Review> BY_SCORE = new Pages<>(review -> Pages.text(-review.score()), Review::id, false);
    private static final Pages<Review> BY_AGE = new Pages<>(review -> Pages.text(review.openedAt()), Review::id, false);

    private final Ledger ledger;
    private final Table<String, Review> rows;
    private final Index<RecordKey, String> open;

    MemoryReviews(Ledger ledger) {
        this.ledger = ledger;
        rows = new Table<>(ledger);
        open = new Index<>(ledger);
    }

    @Override
    public void save(Collection<Review> reviews) {
        ledger.requireWriting();
        for (var review : reviews) {
            var before = rows.put(review.id(), review);
            if (before != null) before.records().forEach(record -> open.remove(record, review.id()));
            if (review.state() == ReviewState.OPEN) review.records().forEach(record -> open.add(record, review.id()));
        }
    }

    @Override
    public Map<String, Review> find(Collection<String> ids) {
        return rows.find(ids);
    }

    @Override
    public Optional<Review> lock(String id) {
        ledger.requireWriting();
        return Optional.ofNullable(rows.get(id));
    }

    @Override
    public List<Review> openOf(Collection<RecordKey> records) {
        var ids = new TreeSet<String>();
        for (var record : records) ids.addAll(open.of(record));
        return new ArrayList<>(rows.find(ids).values());
    }

    @Override
    public Page<Review> list(Filter filter, String cursor, int limit) {
        var found = rows.all().values().stream()
                .filter(review -> fits(review, filter))
                .toList();
        return switch (filter.sort()) {
            case "score" -> BY_SCORE.cut(found, cursor, limit);
            case "teach" ->
                new Pages<Review>(review -> Pages.text(filter.doubt(review)), Review::id, false)
                        .cut(found, cursor, limit);
            default -> BY_AGE.cut(found, cursor, limit);
        };
    }

    private static boolean fits(Review review, Filter filter) {
        return filter.kinds().contains(review.kind())
                && (filter.state() == null || filter.state() == review.state())
                && (filter.entityType() == null || filter.entityType().equals(review.entityType()))
                && (filter.minimumScore() == null || review.score() >= filter.minimumScore())
                && (filter.system() == null
                        || review.records().stream()
                                .anyMatch(key -> key.system().equals(filter.system())));
    }

    @Override
    public boolean anyOpen(Kind kind) {
        return openCounts().containsKey(kind);
    }

    @Override
    public long countOpen(Kind kind, String entityType) {
        return rows.all().values().stream()
                .filter(review -> review.state() == ReviewState.OPEN && review.kind() == kind)
                .filter(review -> review.entityType().equals(entityType))
                .count();
    }

    @Override
    public Map<Kind, Long> openCounts() {
        var counts = new EnumMap<Kind, Long>(Kind.class);
        for (var review : rows.all().values()) {
            if (review.state() == ReviewState.OPEN) counts.merge(review.kind(), 1L, Long::sum);
        }
        return counts;
    }

    /** Forgets reviews; how many there were. */
    long remove(Predicate<Review> gone) {
        var found = rows.all().values().stream().filter(gone).toList();
        for (var review : found) {
            rows.remove(review.id());
            review.records().forEach(record -> open.remove(record, review.id()));
        }
        return found.size();
    }

    @Override
    public String toString() {
        return "reviews " + rows + open;
    }
}
