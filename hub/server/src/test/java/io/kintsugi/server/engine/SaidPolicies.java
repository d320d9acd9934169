package io.kintsugi.server.engine;

import io.kintsugi.core.model.Deletion.DeletionState;
import io.kintsugi.core.store.Deletions;
import io.kintsugi.core.store.HubTransaction;
import io.kintsugi.core.store.Page;
import io.kintsugi.core.store.Reviews;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Everything that was decided says under which versions of the policies (GOV-1). */
final class SaidPolicies {
    private static final int PAGE = 500;

    private SaidPolicies() {}

    /** Events that do not say so; a deletion of which nothing was decided yet needs not. */
    static List<String> missing(HubTransaction tx) {
        var missing = new ArrayList<String>();
        for (var change : tx.goldens().feed(0, Integer.MAX_VALUE)) {
            if (change.policies() == null) missing.add("change " + change.sequence() + " " + change.cause());
        }
        for (var merge : all(cursor -> tx.merges().list(cursor, PAGE))) {
            if (merge.policies() == null) missing.add("merge " + merge.id());
        }
        var reviews = new Reviews.Filter(null, null, null, null, null, "openedAt");
        for (var review : all(cursor -> tx.reviews().list(reviews, cursor, PAGE))) {
            if (review.policies() == null) missing.add("review " + review.id() + " " + review.kind());
        }
        var deletions = new Deletions.Filter(null, null, null, null, null);
        for (var deletion : all(cursor -> tx.deletions().list(deletions, cursor, PAGE))) {
            boolean decided = deletion.state() != DeletionState.SEEN && deletion.state() != DeletionState.CANCELLED;
            if (decided && deletion.policies() == null) missing.add("deletion " + deletion.id());
        }
        return missing;
    }

    private static <T> List<T> all(Function<String, Page<T>> list) {
        var all = new ArrayList<T>();
        String cursor = null;
        do {
            var page = list.apply(cursor);
            all.addAll(page.items());
            cursor = page.next();
        } while (cursor != null);
        return all;
    }
}
