package io.kintsugi.server.engine.resolution;

import io.kintsugi.core.model.Review;
import io.kintsugi.core.sync.Oscillation.Loop;
import io.kintsugi.server.engine.shared.StoredJson;
import java.time.Instant;
import java.util.List;

/**
 * What a review of kind {@code LOOP} is about.
 *
 * @param systems those that change the value back and forth
 * @param since when that began
 * @param until how long it is left alone
 */
record LoopFound(String attribute, List<String> systems, int changes, String since, String until) {
    static LoopFound of(Loop loop, Instant until) {
        return new LoopFound(
                loop.attribute(),
                List.copyOf(loop.systems()),
                loop.changes(),
                loop.since().toString(),
                until.toString());
    }

    String toJson() {
        return StoredJson.write(this);
    }

    static LoopFound parse(Review review) {
        return StoredJson.read(review.detail(), LoopFound.class, "review");
    }
}
