package io.kintsugi.server.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.kintsugi.core.model.HubErrorCode;
import io.kintsugi.core.model.HubException;
import io.kintsugi.core.model.Review;
import io.kintsugi.core.sync.Oscillation.Loop;
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
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static LoopFound of(Loop loop, Instant until) {
        return new LoopFound(
                loop.attribute(),
                List.copyOf(loop.systems()),
                loop.changes(),
                loop.since().toString(),
                until.toString());
    }

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are JSON", e);
        }
    }

    static LoopFound parse(Review review) {
        try {
            return JSON.readValue(review.detail(), LoopFound.class);
        } catch (JsonProcessingException e) {
            throw new HubException(
                    HubErrorCode.INTERNAL, "a stored review cannot be read: " + e.getOriginalMessage(), e);
        }
    }
}
