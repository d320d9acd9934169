package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.model.ContentHash;
import io.kintsugi.core.model.RecordKey;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.store.HubTransaction;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Records that could not be resolved: out of the way until they change, and a question to a person until they are resolved. */
final class SetAside {
    private SetAside() {}

    static void put(HubTransaction tx, RecordKey key, String fault, String policies, Instant now) {
        tx.records().clearPending(List.of(key));
        tx.reviews()
                .save(List.of(new Review(
                        idOf(key),
                        Review.Kind.UNMAPPABLE,
                        Review.ReviewState.OPEN,
                        key.entityType(),
                        List.of(),
                        List.of(key),
                        0,
                        key + " cannot be resolved: " + fault + "; see the log of the hub",
                        null,
                        now.toEpochMilli(),
                        now,
                        null,
                        null,
                        null,
                        null,
                        policies)));
    }

    /** Closes the questions about records that are resolved now. */
    static void resolved(HubTransaction tx, Collection<RecordKey> keys, Instant now) {
        if (!tx.reviews().anyOpen(Review.Kind.UNMAPPABLE)) return;
        var open = tx.reviews().find(keys.stream().map(SetAside::idOf).toList()).values().stream()
                .filter(review -> review.state() == Review.ReviewState.OPEN)
                .map(review -> review.closed(Review.ReviewState.OBSOLETE, "rules", "the record is resolved now", now))
                .toList();
        if (!open.isEmpty()) tx.reviews().save(open);
    }

    private static String idOf(RecordKey key) {
        return "rv-" + ContentHash.of(Map.of("setAside", key.toString()));
    }
}
